import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "./encoding/bytes.js";
import { gatherFiles } from "./encoding/paths.js";
import { unzip } from "./encoding/zip.js";
import { Refusal } from "./failure.js";
import { isPage, partsOf, readShared } from "./shared/shared-file.js";

const MAX_FILE_BYTES = 1 << 30;
const MAX_FILES = 200_000;
/** Folders of a bundle, and the one that a bag keeps it in. */
const MAX_DEPTH = 4;

/** The files of a bundle on disk: a folder, a zip, or a page that was shared. Only regular files; links, devices and odd names are refused. Throws Error. */
export async function readBundle(path: string): Promise<Map<string, Uint8Array>> {
	const info = lstatSync(path, { throwIfNoEntry: false });
	if (info === undefined) throw new Refusal("there is no such folder or file");
	if (info.isFile()) {
		if (info.size > MAX_FILE_BYTES) throw new Refusal(`is larger than ${MAX_FILE_BYTES >> 20} MiB: unpack it, and give the folder`);
		const bytes = readFileSync(path);
		return isPage(bytes) ? (await readShared(partsOf(textOf(bytes)))).files : unzip(bytes);
	}
	if (!info.isDirectory()) throw new Refusal("is neither a folder nor a zip");
	const { files, add } = gatherFiles();
	const walk = (folder: string, prefix: string, depth: number): void => {
		const names = readdirSync(folder).sort();
		// No list of hashes can hold a folder: an empty one would be passed over without a word.
		if (names.length === 0 && prefix !== "") throw new Refusal(`${JSON.stringify(prefix)}: is an empty folder, which belongs to no bundle`);
		for (const name of names) {
			const [full, relative] = [join(folder, name), `${prefix}${name}`];
			const entry = lstatSync(full);
			if (entry.isDirectory() && depth < MAX_DEPTH) walk(full, `${relative}/`, depth + 1);
			else if (!entry.isFile())
				throw new Refusal(`${JSON.stringify(relative)}: is not a regular file (a link does not belong in a bundle)`);
			else if (entry.size > MAX_FILE_BYTES || files.size >= MAX_FILES)
				throw new Refusal(`${JSON.stringify(relative)}: too large, or one file too many`);
			else add(relative, readFileSync(full));
		}
	};
	walk(path, "", 1);
	return files;
}

/** The same for a zip in memory. Throws Error. */
export function unzipBundle(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
	return unzip(zip);
}
