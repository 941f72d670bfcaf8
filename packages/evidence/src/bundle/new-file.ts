import { rmSync, writeFileSync } from "node:fs";
import { InputError } from "@clew/core";

/** Writes a file that must not be there yet, whole or not at all. `hint` says why nothing is written over. Throws InputError (USAGE). */
export function writeNew(path: string, content: string | Uint8Array, hint: string, mode = 0o666): void {
	try {
		writeFileSync(path, content, { flag: "wx", mode });
	} catch (cause) {
		const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
		if (!exists) rmSync(path, { force: true });
		throw new InputError(exists ? `${path} exists already` : `${path} cannot be written`, {
			code: "USAGE",
			cause,
			...(exists ? { hint } : {}),
		});
	}
}
