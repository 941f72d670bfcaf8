import { textOf } from "./bytes.js";

/** What a zip may hold at most; more is an attack, or no bundle. */
const LIMITS = { entries: 200_000, bytes: 2 ** 32 } as const;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const UTF8_FLAG = 0x0800;
const ENCRYPTED_FLAG = 1;
const UNIX_TYPE = 0xf000;
const UNIX_FILE = 0x8000;

/**
 * Unpacks a zip (APPNOTE 6.3) into memory. Refuses paths that lead out, doubled names, links, encryption, entries that overlap or are larger than they state,
 * and more than 4 GiB in all. Throws Error.
 */
export async function unzip(zip: Uint8Array, pathPattern: RegExp): Promise<Map<string, Uint8Array>> {
	const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
	const end = findEnd(view);
	const count = view.getUint16(end + 10, true);
	if (count > LIMITS.entries) throw new Error("the zip has too many entries");
	const files = new Map<string, Uint8Array>();
	let [at, total, reached] = [view.getUint32(end + 16, true), 0, 0];
	for (let i = 0; i < count; i++) {
		if (at + 46 > zip.length || view.getUint32(at, true) !== CENTRAL) throw new Error("the zip's directory is damaged");
		const entry = readEntry(view, zip, at);
		at = entry.next;
		if (entry.name.endsWith("/") && entry.size === 0) continue;
		if (!pathPattern.test(entry.name))
			throw new Error(`the zip has an entry with a path that does not belong in a bundle: ${JSON.stringify(entry.name.slice(0, 80))}`);
		if (files.has(entry.name)) throw new Error(`the zip has ${entry.name} twice`);
		total += entry.size;
		if (total > LIMITS.bytes) throw new Error("the zip holds more than a bundle may");
		// Entries in file order that do not overlap cannot be the same bytes many times.
		if (entry.offset < reached) throw new Error("entries of the zip overlap");
		const { data, end: dataEnd } = locate(view, zip, entry);
		reached = dataEnd;
		files.set(entry.name, await unpack(data, entry));
	}
	return files;
}

interface Entry {
	readonly name: string;
	readonly method: number;
	readonly packed: number;
	readonly size: number;
	readonly offset: number;
	readonly next: number;
}

function findEnd(view: DataView): number {
	for (let at = view.byteLength - END_BYTES; at >= Math.max(0, view.byteLength - END_BYTES - MAX_COMMENT); at--)
		if (view.getUint32(at, true) === END) return at;
	throw new Error("this is no zip");
}

function readEntry(view: DataView, zip: Uint8Array, at: number): Entry {
	const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
	const [nameLength, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
	const unixType = (view.getUint32(at + 38, true) >>> 16) & UNIX_TYPE;
	const name = textOf(zip.subarray(at + 46, at + 46 + nameLength));
	if (flags & ENCRYPTED_FLAG) throw new Error("the zip is encrypted");
	if ((flags & UTF8_FLAG) === 0 && /[^\x20-\x7e]/.test(name)) throw new Error("the zip has a name in no known alphabet");
	if (method !== STORED && method !== DEFLATED) throw new Error(`${name} is packed by a method that this verifier does not know`);
	const madeByUnix = view.getUint8(at + 5) === 3;
	if (madeByUnix && unixType !== 0 && unixType !== UNIX_FILE && !name.endsWith("/"))
		throw new Error(`${name} is a link or a device, not a file`);
	return {
		name,
		method,
		packed: view.getUint32(at + 20, true),
		size: view.getUint32(at + 24, true),
		offset: view.getUint32(at + 42, true),
		next: at + 46 + nameLength + extra + comment,
	};
}

function locate(view: DataView, zip: Uint8Array, entry: Entry): { data: Uint8Array; end: number } {
	const { offset } = entry;
	if (offset + 30 > zip.length || view.getUint32(offset, true) !== LOCAL) throw new Error(`${entry.name} is not where the zip says`);
	const nameLength = view.getUint16(offset + 26, true);
	const start = offset + 30 + nameLength + view.getUint16(offset + 28, true);
	if (textOf(zip.subarray(offset + 30, offset + 30 + nameLength)) !== entry.name)
		throw new Error(`${entry.name} has another name where it lies`);
	if (start + entry.packed > zip.length) throw new Error(`${entry.name} is cut off`);
	return { data: zip.subarray(start, start + entry.packed), end: start + entry.packed };
}

/** Unpacks at most as much as the entry states. */
async function unpack(data: Uint8Array, { name, method, size }: Entry): Promise<Uint8Array> {
	if (method === STORED) {
		if (data.length !== size) throw new Error(`${name} is not as long as the zip says`);
		return data;
	}
	const out = new Uint8Array(size);
	let at = 0;
	const reader = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
	try {
		for (let step = await reader.read(); !step.done; step = await reader.read()) {
			const chunk = step.value as Uint8Array;
			if (at + chunk.length > size) throw new Error(`${name} unpacks to more than the zip says`);
			out.set(chunk, at);
			at += chunk.length;
		}
	} catch (error) {
		throw error instanceof Error && error.message.startsWith(name) ? error : new Error(`${name} cannot be unpacked`);
	} finally {
		await reader.cancel().catch(() => {});
	}
	if (at !== size) throw new Error(`${name} is not as long as the zip says`);
	return out;
}
