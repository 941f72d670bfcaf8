import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compareText, InputError } from "@clew/core";

/** A file, and whether the user named it. */
export interface ListedFile {
	readonly path: string;
	readonly named: boolean;
}

/** Endings of what an import reads; zips are opened by `withUnzipped`. */
const READ_IN_FOLDERS = /\.((csv|tsv|json|jsonl|ndjson)(\.gz)?|zip)$/i;

/**
 * A file with whether it was named by the user or found in a folder; folders in name order, so that an import is repeatable. Of folders
 * CSV, JSON and zips alone, unless `every` is set. Throws InputError (USAGE) for what is neither, such as a pipe.
 */
export function listFiles(path: string, every = false): ListedFile[] {
	const info = statSync(path, { throwIfNoEntry: false });
	if (info === undefined) throw new InputError(`${path} does not exist`, { code: "USAGE" });
	if (info.isFile()) return [{ path, named: true }];
	// A file is read more than once: a pipe would wait for ever, and has no second beginning.
	if (!info.isDirectory())
		throw new InputError(`${path} is neither a file nor a folder`, {
			code: "USAGE",
			hint: "Write what comes out of a pipe to a file first.",
		});
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && (every || READ_IN_FOLDERS.test(entry.name)))
		.map((entry) => ({ path: join(entry.parentPath, entry.name), named: false }))
		.sort((a, b) => compareText(a.path, b.path));
}
