import { Refusal } from "../failure.js";
import { equal, textOf } from "./bytes.js";
import { crc32 } from "./crc32.js";
import { gatherFiles } from "./paths.js";

/** What a zip may hold at most; more is an attack, or no bundle. */
const LIMITS = { entries: 65_534, bytes: 2 ** 32, free: 2 ** 26, times: 100 } as const;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const DESCRIPTOR_BYTES = 16;
const STORED = 0;
const DEFLATED = 8;
const UTF8_FLAG = 0x0800;
const DESCRIPTOR_FLAG = 0x0008;
/** Bits 1 and 2 say how hard deflate tried: they change nothing for a reader. */
const KNOWN_FLAGS = UTF8_FLAG | DESCRIPTOR_FLAG | 0x0006;
const UNIX_TYPE = 0xf000;
const UNIX_FILE = 0x8000;
const UNIX_FOLDER = 0x4000;
/** Extra fields that change neither name nor content: times (0x5455, 0x5855, NTFS 0x000a), owner (0x7855, 0x7875). */
const HARMLESS_EXTRA = new Set([0x5455, 0x5855, 0x000a, 0x7855, 0x7875]);

/**
 * Unpacks a zip (APPNOTE 6.3) into memory. Readers differ in what they make of an odd zip, so only one of which no two readers can differ
 * is accepted: it begins with its first entry and ends with its end record, without a comment; entries lie side by side in the order of
 * the directory, without a byte between; each says the same in the directory, where it lies and behind its data; deflate ends where the
 * entry ends; lengths and CRCs are right; no links, no encryption, no 64-bit fields, no other name in an extra field; no path that leads
 * out, is named as a program, or differs from another only by case. More than 4 GiB in all, and more than
 * 64 MiB and 100 times the zip's own size, is refused. Throws Error.
 */
export async function unzip(zip: Uint8Array): Promise<Map<string, Uint8Array>> {
	const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
	const { count, start, end } = findDirectory(view);
	const entries = readDirectory(view, zip, count, start, end);
	const { files, add } = gatherFiles();
	const folders = new Set<string>();
	let reached = 0;
	for (const entry of entries) {
		if (entry.offset < reached) throw new Refusal("entries of the zip overlap, or lie in another order than the directory says");
		if (entry.offset > reached) throw new Refusal(`the zip has bytes in front of ${entry.name} that belong to no entry`);
		const { data, end: dataEnd } = locate(view, zip, entry, start);
		reached = dataEnd;
		if (entry.name.endsWith("/")) {
			if (entry.size !== 0 || entry.packed !== 0) throw new Refusal(`${entry.name} is a folder with content`);
			folders.add(entry.name.slice(0, -1).toLowerCase());
		} else add(entry.name, await unpack(data, entry));
	}
	if (reached !== start) throw new Refusal("the zip has bytes behind its last entry that belong to none");
	const names = [...files.keys()].map((name) => name.toLowerCase());
	for (const name of names) if (folders.has(name)) throw new Refusal(`${name} is a file and a folder`);
	for (const folder of folders)
		if (!names.some((name) => name.startsWith(`${folder}/`)))
			throw new Refusal(`${JSON.stringify(folder.slice(0, 80))}: is an empty folder, which belongs to no bundle`);
	return files;
}

interface Entry {
	readonly name: string;
	readonly nameBytes: Uint8Array;
	readonly flags: number;
	readonly method: number;
	readonly crc: number;
	readonly packed: number;
	readonly size: number;
	readonly offset: number;
	readonly next: number;
}

/** Where the directory stands. The end record is the last thing in the zip: a comment could hold a second one. */
function findDirectory(view: DataView): { count: number; start: number; end: number } {
	const end = view.byteLength - END_BYTES;
	if (end < 0) throw new Refusal("this is no zip");
	if (view.getUint32(end, true) !== END) {
		throw new Refusal("this is no zip, or it has a comment or other bytes behind its end, which readers take for different things");
	}
	const [disk, directoryDisk, here, count] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true)) as [number, number, number, number];
	const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
	if (view.getUint16(end + 20, true) !== 0) throw new Refusal("the zip has a comment that is not there");
	if (disk !== 0 || directoryDisk !== 0 || here !== count) throw new Refusal("the zip is one part of several");
	if (count > LIMITS.entries) throw new Refusal("the zip has too many entries");
	if (start + size !== end) throw new Refusal("the zip's directory is not where its end says: bytes were added, or two zips were joined");
	return { count, start, end };
}

/** Every entry of the directory, before anything is unpacked: a zip that says it holds too much costs nothing. */
function readDirectory(view: DataView, zip: Uint8Array, count: number, start: number, end: number): Entry[] {
	const entries: Entry[] = [];
	let [at, total] = [start, 0];
	for (let i = 0; i < count; i++) {
		const entry = readEntry(view, zip, at, end);
		at = entry.next;
		total += entry.size;
		if (total > LIMITS.bytes) throw new Refusal("the zip holds more than a bundle may");
		if (total > LIMITS.free + LIMITS.times * zip.length)
			throw new Refusal("the zip unpacks to more than 64 MiB and 100 times its own size");
		entries.push(entry);
	}
	if (at !== end) throw new Refusal("the zip's directory is longer than its entries");
	return entries;
}

function readEntry(view: DataView, zip: Uint8Array, at: number, end: number): Entry {
	if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) throw new Refusal("the zip's directory is damaged");
	const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
	const [nameLength, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
	const next = at + CENTRAL_BYTES + nameLength + extra + comment;
	if (next > end) throw new Refusal("the zip's directory is damaged");
	const nameBytes = zip.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
	const name = nameOf(nameBytes, flags);
	if (comment !== 0) throw new Refusal(`${name} has a comment`);
	if (view.getUint16(at + 34, true) !== 0) throw new Refusal("the zip is one part of several");
	if (flags & ~KNOWN_FLAGS) throw new Refusal(`${name} is encrypted, or packed in a way that this verifier does not know`);
	if (method !== STORED && method !== DEFLATED) throw new Refusal(`${name} is packed by a method that this verifier does not know`);
	if (method === STORED && flags & DESCRIPTOR_FLAG) throw new Refusal(`${name} is stored without its length in front`);
	checkExtra(view, at + CENTRAL_BYTES + nameLength, extra, name);
	const unixType = (view.getUint32(at + 38, true) >>> 16) & UNIX_TYPE;
	if (unixType !== 0 && unixType !== (name.endsWith("/") ? UNIX_FOLDER : UNIX_FILE))
		throw new Refusal(`${name} is a link or a device, not a file`);
	const crc = view.getUint32(at + 16, true);
	return {
		name,
		nameBytes,
		flags,
		method,
		crc,
		packed: view.getUint32(at + 20, true),
		size: view.getUint32(at + 24, true),
		offset: view.getUint32(at + 42, true),
		next,
	};
}

/** A name that each reader spells alike. */
function nameOf(bytes: Uint8Array, flags: number): string {
	let name: string;
	try {
		name = textOf(bytes);
	} catch {
		throw new Refusal("the zip has a name in no known alphabet");
	}
	if ((flags & UTF8_FLAG) === 0 && /[^\x20-\x7e]/.test(name)) throw new Refusal("the zip has a name in no known alphabet");
	return name;
}

/** Extra fields end where they say, and none gives another name (0x7075) or another length (zip64). */
function checkExtra(view: DataView, from: number, length: number, name: string): void {
	let at = from;
	while (at + 4 <= from + length) {
		const id = view.getUint16(at, true);
		if (!HARMLESS_EXTRA.has(id))
			throw new Refusal(`${name} has an extra field (0x${id.toString(16).padStart(4, "0")}) that readers take for different things`);
		at += 4 + view.getUint16(at + 2, true);
	}
	if (at !== from + length) throw new Refusal(`${name} has a damaged extra field`);
}

/** The packed bytes of an entry; everything that stands with them says what the directory says. `limit` is where the directory begins. */
function locate(view: DataView, zip: Uint8Array, entry: Entry, limit: number): { data: Uint8Array; end: number } {
	const { name, offset, flags } = entry;
	if (offset + LOCAL_BYTES > limit || view.getUint32(offset, true) !== LOCAL) throw new Refusal(`${name} is not where the zip says`);
	const [nameLength, extra] = [view.getUint16(offset + 26, true), view.getUint16(offset + 28, true)];
	const start = offset + LOCAL_BYTES + nameLength + extra;
	if (start + entry.packed > limit) throw new Refusal(`${name} is cut off`);
	if (!equal(zip.subarray(offset + LOCAL_BYTES, offset + LOCAL_BYTES + nameLength), entry.nameBytes))
		throw new Refusal(`${name} has another name where it lies`);
	checkExtra(view, offset + LOCAL_BYTES + nameLength, extra, name);
	const described = (flags & DESCRIPTOR_FLAG) !== 0;
	const stated = [view.getUint16(offset + 6, true), view.getUint16(offset + 8, true), ...sums(view, offset + 14)];
	const expected = [flags, entry.method, ...(described ? [0, 0, 0] : [entry.crc, entry.packed, entry.size])];
	if (stated.some((value, i) => value !== expected[i]))
		throw new Refusal(`${name} says something else where it lies than in the directory`);
	const end = start + entry.packed;
	const data = zip.subarray(start, end);
	if (!described) return { data, end };
	if (end + DESCRIPTOR_BYTES > limit || view.getUint32(end, true) !== DESCRIPTOR)
		throw new Refusal(`${name} is not followed by its length`);
	const behind = sums(view, end + 4);
	if (behind[0] !== entry.crc || behind[1] !== entry.packed || behind[2] !== entry.size)
		throw new Refusal(`${name} says something else behind its data than in the directory`);
	return { data, end: end + DESCRIPTOR_BYTES };
}

/** CRC, packed length and length, as they stand in a row in all three places. */
function sums(view: DataView, at: number): [number, number, number] {
	return [view.getUint32(at, true), view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
}

async function unpack(data: Uint8Array, entry: Entry): Promise<Uint8Array> {
	const { name, method, size, crc } = entry;
	const content = method === STORED ? data : await inflate(data, name, size);
	if (content === undefined) throw new Refusal(`${name} cannot be unpacked`);
	if (content.length !== size) throw new Refusal(`${name} is not as long as the zip says`);
	if (crc32(content) !== crc) throw new Refusal(`${name} does not have the CRC that the zip says`);
	// Some inflaters pass over bytes behind the end of the stream. A stream that ends with its last byte cannot do without it.
	if (method === DEFLATED && (await inflate(data.subarray(0, -1), name, size)) !== undefined)
		throw new Refusal(`${name} has bytes behind its end that belong to nothing`);
	return content;
}

/** What a deflate stream holds, at most as much as stated; undefined when it is none, or does not end. */
async function inflate(data: Uint8Array, name: string, size: number): Promise<Uint8Array | undefined> {
	const out = new Uint8Array(size);
	let at = 0;
	const reader = new Blob([data as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
	for (;;) {
		let step: ReadableStreamReadResult<Uint8Array>;
		try {
			step = await reader.read();
		} catch {
			return undefined;
		}
		if (step.done) return out.subarray(0, at);
		if (at + step.value.length > size) {
			await reader.cancel().catch(() => {});
			throw new Refusal(`${name} unpacks to more than the zip says`);
		}
		out.set(step.value, at);
		at += step.value.length;
	}
}
