import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const OWNER_ONLY = 0o600;

/** Writes a file that its owner alone may read, whole or not at all; its folder is made. */
export function writePrivately(path: string, text: string): void {
	mkdirSync(dirname(path), { recursive: true });
	const draft = `${path}.${process.pid}`;
	writeFileSync(draft, text, { mode: OWNER_ONLY });
	chmodSync(draft, OWNER_ONLY);
	renameSync(draft, path);
}
