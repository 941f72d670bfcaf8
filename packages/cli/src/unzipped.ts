import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { ClewError, compareText, InputError, quote } from "@clew/core";
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from "yauzl";
import { type ListedFile, listFiles } from "./files.js";

/** Files of one archive, and bytes that they may unpack to together: a few kilobytes can hold petabytes. */
const MOST_FILES = 10_000;
const MOST_BYTES = 2 ** 31;
/** Letters of one name of a file system. */
const MOST_LETTERS = 200;
/** Names of files in one message. */
const LISTED = 3;
/** Bits of a Unix mode that say what a file is; those of a link. */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;
const ZIP_MAGIC = 0x504b;
const ARCHIVE = /\.(zip|rar|7z|tar)$/i;

/** A file of an archive that is taken out, and the name by which it is found there. */
interface Packed {
	readonly entry: Entry;
	readonly name: string;
}

/**
 * Lists files as {@link listFiles} does, those of zips in their place, for as long as `use` runs: they are unpacked into a folder of
 * their own, named after the archive, which is deleted afterwards. Names that lead elsewhere, links and archives inside archives are left
 * out and told to `note`. `shown` writes places in them as `ARCHIVE/NAME`, and so do errors of `use`. Throws InputError for an archive
 * that is encrypted, damaged, or too large.
 */
export async function withUnzipped<T>(
	paths: readonly string[],
	note: (text: string) => void,
	use: (files: readonly ListedFile[], shown: (text: string) => string) => Promise<T>,
	{ every = false, list = (path: string): readonly ListedFile[] => listFiles(path, every) } = {},
): Promise<T> {
	let folder: string | undefined;
	const shown = (text: string) =>
		folder === undefined
			? text
			: text
					.split(`${folder}/`)
					.map((part, i) => (i === 0 ? part : part.replace(/^[0-9]+\//, "")))
					.join("");
	const tidy = () => folder !== undefined && rmSync(folder, { recursive: true, force: true });
	process.once("exit", tidy);
	try {
		const files: ListedFile[] = [];
		for (const file of paths.flatMap(list)) {
			const zip = isZip(file, every);
			// What was imported may be the archive itself, as a list of labels is.
			if (!zip || every) files.push(file);
			if (!zip) continue;
			folder ??= mkdtempSync(join(tmpdir(), "clew-zip-"));
			const inside = await unpack(file.path, join(folder, `${files.length}`, basename(file.path)), every, note);
			files.push(...inside.map((path) => ({ path, named: inside.length === 1 && file.named })));
		}
		return await use(files, shown);
	} catch (error) {
		throw folder === undefined || !(error instanceof InputError) ? error : asShown(error, shown);
	} finally {
		tidy();
		process.removeListener("exit", tidy);
	}
}

/** The error with the places of an archive's files as they are called in it. */
function asShown(error: InputError, shown: (text: string) => string): InputError {
	const { where, code, hint } = error;
	const bare = where === undefined ? error.message : error.message.slice(`${where}: `.length);
	const at = where === undefined ? {} : { where: shown(where) };
	return new InputError(shown(bare), { ...at, code, cause: error, ...(hint === undefined ? {} : { hint: shown(hint) }) });
}

/** True for a zip: by its first bytes, and by its name, too, but of a file that was named to be imported. */
function isZip({ path, named }: ListedFile, every: boolean): boolean {
	if ((!named || every) && !/\.zip$/i.test(path)) return false;
	const start = Buffer.alloc(4);
	let descriptor: number | undefined;
	try {
		descriptor = openSync(path, "r");
		if (readSync(descriptor, start, 0, start.length, 0) < start.length) return false;
	} catch {
		// Whoever reads it says why it cannot be read.
		return false;
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
	return start.readUInt16BE() === ZIP_MAGIC && (start[2] === 3 || start[2] === 5) && start[3] === (start[2] ?? 0) + 1;
}

async function unpack(path: string, target: string, every: boolean, note: (text: string) => void): Promise<readonly string[]> {
	const bad = (what: string, hint = "Unpack it, then import the folder.", cause?: unknown) =>
		new InputError(what, { where: path, hint, cause });
	let zip: ZipFile | undefined;
	try {
		zip = await openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
		if (zip.entryCount > MOST_FILES) throw bad(`the archive has ${zip.entryCount} files, more than ${MOST_FILES}`);
		const { packed, left } = await choose(zip, every, bad);
		if (left.length > 0)
			note(`${path}: ${left.length} entries left out: ${left.slice(0, LISTED).join("; ")}${left.length > LISTED ? "; ..." : ""}`);
		const total = packed.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
		if (total > MOST_BYTES) throw bad(`the archive unpacks to ${total} bytes, more than ${MOST_BYTES}`);
		const written: string[] = [];
		for (const one of packed) {
			const file = join(target, one.name);
			mkdirSync(dirname(file), { recursive: true });
			await write(zip, file, one, bad);
			written.push(file);
		}
		return written;
	} catch (cause) {
		if (cause instanceof ClewError) throw cause;
		throw bad("is no zip that can be read; it is damaged or cut off", "Get it again, or unpack it and import the folder.", cause);
	} finally {
		zip?.close();
	}
}

/** Files of an archive that an import may read, in the order of their names, and what is left out, with the reason. */
async function choose(zip: ZipFile, every: boolean, bad: (what: string, hint?: string) => InputError) {
	const packed = new Map<string, Packed>();
	const left: string[] = [];
	for await (const entry of zip.eachEntry()) {
		const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
		const shown = quote(name.slice(0, MOST_LETTERS));
		if (name === "[Content_Types].xml" || name === "mimetype")
			throw bad(
				"is a document or a spreadsheet, no archive of exports",
				"Save each of its sheets as CSV; a spreadsheet keeps 15 digits alone.",
			);
		if (name.endsWith("/") || /(^|\/)(__MACOSX\/|\._)/.test(name)) continue;
		if (!isInside(name)) left.push(`${shown}, whose name leads elsewhere`);
		else if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) left.push(`${shown}, a link`);
		else if (ARCHIVE.test(name)) left.push(`${shown}, an archive in the archive`);
		else if (every || READABLE.test(name)) {
			if (entry.isEncrypted()) throw bad(`${shown} in it is encrypted`, "Unpack it with its password, then import the folder.");
			if (!METHODS.has(entry.compressionMethod))
				throw bad(`${shown} in it is compressed in a way that is not read (method ${entry.compressionMethod}; Deflate, 8, is)`);
			if (packed.has(name)) throw bad(`${shown} is in it twice`);
			packed.set(name, { entry, name });
		}
	}
	return { packed: [...packed.values()].sort((a, b) => compareText(a.name, b.name)), left };
}

/** Ways of compressing that are read: none, and Deflate. */
const METHODS: ReadonlySet<number> = new Set([0, 8]);

/** Endings of what an import reads, as in folders. */
const READABLE = /\.(csv|tsv|json|jsonl|ndjson)(\.gz)?$/i;

/** True for a name that stays inside the folder it is unpacked into, on every system. */
function isInside(name: string): boolean {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: naming the control characters is the point.
	if (/[\u0000-\u001f:\\]/.test(name)) return false;
	return name.split("/").every((part) => part !== "" && part !== "." && part !== ".." && part.length <= MOST_LETTERS);
}

/** Writes one file as its archive declares it: as long, and with its checksum. */
async function write(zip: ZipFile, target: string, { entry, name }: Packed, bad: (what: string) => InputError): Promise<void> {
	const file = await open(target, "wx");
	let from: Readable | undefined;
	try {
		from = await zip.openReadStreamPromise(entry);
		// What goes wrong before the first piece is asked for is thrown when it is.
		from.on("error", () => {});
		let sum = 0;
		for await (const chunk of from as AsyncIterable<Buffer>) {
			sum = crc32(chunk, sum);
			await file.write(chunk);
		}
		if (sum !== entry.crc32) throw bad(`${quote(name)} in it is damaged: its checksum is another`);
	} finally {
		from?.destroy();
		await file.close();
	}
}
