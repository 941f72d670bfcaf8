import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32 } from "./crc32.js";
import { unzip } from "./zip.js";

const [STORED, DEFLATED] = [0, 8];
const [DESCRIBED, UTF8] = [0x0008, 0x0800];

/** An entry as its directory tells it; `local` is what it says otherwise where it lies. */
interface Made {
	readonly name?: string | Uint8Array;
	readonly text?: string;
	readonly method?: number;
	readonly flags?: number;
	readonly size?: number;
	readonly packed?: number;
	readonly crc?: number;
	readonly data?: Uint8Array;
	readonly nameLength?: number;
	readonly comment?: string;
	readonly disk?: number;
	readonly signature?: number;
	/** CRC, packed length and length behind the data, or bytes in their place. */
	readonly behind?: readonly number[] | Uint8Array;
}

const u16 = (...numbers: number[]) => Buffer.concat(numbers.map((n) => Buffer.from([n & 255, n >> 8])));
const u32 = (...numbers: number[]) => Buffer.from(Uint32Array.from(numbers).buffer);

/** A zip of these entries; `end` replaces numbers of its end record. */
function made(entries: readonly Made[], end: { count?: number; comment?: number } = {}): Buffer {
	const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
	let offset = 0;
	for (const entry of entries) {
		const { name = "a", text = "hello", method = DEFLATED, flags = 0, comment = "", disk = 0, signature = 0x04034b50, behind } = entry;
		const content = Buffer.from(text);
		const data = Buffer.from(entry.data ?? (method === STORED ? content : deflateRawSync(content)));
		const { size = content.length, packed = data.length, crc = crc32(content) } = entry;
		const bytes = Buffer.from(name);
		const after = behind === undefined ? [] : [Buffer.from(behind instanceof Uint8Array ? behind : u32(0x08074b50, ...behind))];
		const sums = (flags & DESCRIBED) === 0 ? [crc, packed, size] : [0, 0, 0];
		const local = Buffer.concat([u32(signature), u16(20, flags, method, 0, 0), u32(...sums), u16(bytes.length, 0), bytes, data, ...after]);
		const lengths = u16(entry.nameLength ?? bytes.length, 0, comment.length, disk, 0);
		centrals.push(
			Buffer.concat([
				u32(0x02014b50),
				u16(20, 20, flags, method, 0, 0),
				u32(crc, packed, size),
				lengths,
				u32(0, offset),
				bytes,
				Buffer.from(comment),
			]),
		);
		locals.push(local);
		offset += local.length;
	}
	const directory = Buffer.concat(centrals);
	const count = end.count ?? entries.length;
	return Buffer.concat([
		...locals,
		directory,
		u32(0x06054b50),
		u16(0, 0, count, count),
		u32(directory.length, offset),
		u16(end.comment ?? 0),
	]);
}

const hello = crc32(Buffer.from("hello"));
const packed = deflateRawSync("hello").length;

describe("a zip of one form", () => {
	it.each<[string, Made[]]>([
		["packed", [{}]],
		["stored", [{ method: STORED }]],
		["with its length behind it", [{ flags: DESCRIBED, behind: [hello, packed, 5] }]],
		["with a name in Unicode's alphabet", [{ flags: UTF8 }]],
		["in a folder that has an entry", [{ name: "b/", text: "", method: STORED }, { name: "b/a" }]],
	])("is read: %s", async (_, entries) => {
		expect([...(await unzip(made(entries))).values()].map((data) => Buffer.from(data).toString())).toEqual(["hello"]);
	});

	it.each<[string, RegExp, Made[], { count?: number; comment?: number }?]>([
		[
			"that says more than its own size may hold",
			/unpacks to more than 64 MiB and 100 times its own size/,
			[{ size: 2 ** 26 }, { name: "b", size: 2 ** 20 }],
		],
		["with a folder that has content", /b\/ is a folder with content/, [{ name: "b/" }]],
		["with an empty folder", /"b": is an empty folder, which belongs to no bundle/, [{}, { name: "b/", text: "", method: STORED }]],
		["with a comment that is not there", /has a comment that is not there/, [{}], { comment: 1 }],
		["with too many entries", /too many entries/, [{}], { count: 0xffff }],
		["with fewer entries than its directory", /directory is longer than its entries/, [{}, { name: "b" }], { count: 1 }],
		["with a name that leads out of its directory", /directory is damaged/, [{ nameLength: 2000 }]],
		["with a comment of an entry", /a has a comment/, [{ comment: "x" }]],
		["with an entry on another disk", /one part of several/, [{ disk: 1 }]],
		["with an entry that is encrypted", /a is encrypted, or packed in a way/, [{ flags: 1 }]],
		["packed by another method", /a is packed by a method/, [{ method: 9 }]],
		[
			"stored without its length in front",
			/a is stored without its length in front/,
			[{ method: STORED, flags: DESCRIBED, behind: [hello, 5, 5] }],
		],
		["with a name that is no text", /name in no known alphabet/, [{ name: Uint8Array.of(0xff), flags: UTF8 }]],
		["with a name in another alphabet, unsaid", /name in no known alphabet/, [{ name: "é" }]],
		["with an entry that does not begin", /a is not where the zip says/, [{ signature: 0x04034b51 }]],
		["with an entry that is cut off", /a is cut off/, [{ packed: 5000 }]],
		["without its length behind it", /a is not followed by its length/, [{ flags: DESCRIBED, behind: new Uint8Array(16) }]],
		["with nothing behind it", /a is not followed by its length/, [{ flags: DESCRIBED }]],
		["with another length behind it", /says something else behind its data/, [{ flags: DESCRIBED, behind: [hello, packed, 6] }]],
		["with another CRC behind it", /says something else behind its data/, [{ flags: DESCRIBED, behind: [1, packed, 5] }]],
		["that cannot be unpacked", /a cannot be unpacked/, [{ data: Uint8Array.of(0xff, 0xff, 0xff) }]],
		["that is stored shorter than it says", /a is not as long as the zip says/, [{ method: STORED, size: 6 }]],
		["that is packed shorter than it says", /a is not as long as the zip says/, [{ size: 6 }]],
		["that unpacks to more than it says", /a unpacks to more than the zip says/, [{ size: 4 }]],
		["of another CRC", /a does not have the CRC/, [{ crc: 1 }]],
	])("is refused %s", async (_, message, entries, end) => {
		await expect(unzip(made(entries, end))).rejects.toThrow(message);
	});
});
