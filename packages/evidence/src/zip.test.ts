import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 as nodeCrc32 } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bundleName, unzipBundle, writeZip } from "./index.js";
import { crc32 } from "./verify/encoding/crc32.js";

const content = Buffer.from("hello");
const pack = (files: Record<string, Uint8Array>, level: 0 | 6 = 6) => Buffer.from(zipSync(files, { level }));
const LOCAL = Buffer.from("PK\u0003\u0004", "latin1");
const CENTRAL = Buffer.from("PK\u0001\u0002", "latin1");
const END = Buffer.from("PK\u0005\u0006", "latin1");

/** A zip with some bytes put in at a place, every offset behind it mended, so that only the bytes themselves are odd. */
function insert(zip: Buffer, at: number, bytes: Uint8Array, mend: "all" | "directory" | "nothing" = "all"): Buffer {
	const out = Buffer.concat([zip.subarray(0, at), bytes, zip.subarray(at)]);
	if (mend === "nothing") return out;
	const end = out.lastIndexOf(END);
	const start = out.readUInt32LE(end + 16);
	if (start >= at) out.writeUInt32LE(start + bytes.length, end + 16);
	if (mend === "directory") return out;
	for (let entry = out.indexOf(CENTRAL); entry >= 0 && entry < end; entry = out.indexOf(CENTRAL, entry + 4)) {
		const offset = out.readUInt32LE(entry + 42);
		if (offset >= at) out.writeUInt32LE(offset + bytes.length, entry + 42);
	}
	return out;
}

describe("a zip", () => {
	it("that is whole is unpacked", async () => {
		const files = await unzipBundle(pack({ "manifest.json": content, "proofs/00001.jsonl": Buffer.alloc(5000, 65) }));
		expect([...files].map(([name, data]) => [name, data.length])).toEqual([
			["manifest.json", 5],
			["proofs/00001.jsonl", 5000],
		]);
	});

	it("that stores instead of packing is read, too", async () => {
		expect((await unzipBundle(pack({ a: content }, 0))).get("a")?.join()).toBe(content.join());
	});

	test.prop([fc.uint8Array({ maxLength: 2000 })])("has a CRC that Node's own computes", (bytes) => {
		expect(crc32(bytes)).toBe(typeof nodeCrc32 === "function" ? nodeCrc32(bytes) : crc32(bytes));
		expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
	});

	it.each([
		"../evil",
		"/etc/passwd",
		"a/../../b",
		"C:\\x",
		".hidden",
		"a/b/c/d/e",
		"a\u0000b",
		"a.",
		"a./b",
		"nul.txt",
		"x/COM1",
		"report.exe",
		"open.LNK",
		"verify.MJS",
		"x/verify.mjs",
		"a b",
	])("with the path %j is refused", async (path) => {
		await expect(unzipBundle(pack({ [path]: content }))).rejects.toThrow(
			/does not belong|no known alphabet|ends with a dot|device|program/,
		);
	});

	it("with the same name twice, or twice but for case, or as file and folder, is refused", async () => {
		const twice = pack({ aa: content, ab: content });
		for (let at = twice.indexOf("ab"); at >= 0; at = twice.indexOf("ab", at + 1)) twice.write("aa", at);
		await expect(unzipBundle(twice)).rejects.toThrow("aa is there twice");
		await expect(unzipBundle(pack({ aa: content, aA: content }))).rejects.toThrow("aA is there twice, once as aa");
		await expect(unzipBundle(pack({ "A/": new Uint8Array(0), a: content }, 0))).rejects.toThrow("is a file and a folder");
	});

	it("that unpacks to more than it says, or says less than it is, is refused", async () => {
		const bomb = pack({ bomb: Buffer.alloc(1 << 22) });
		for (const at of [bomb.indexOf(CENTRAL) + 24, 22]) bomb.writeUInt32LE(1000, at);
		await expect(unzipBundle(bomb)).rejects.toThrow("unpacks to more than the zip says");
	});

	it("whose entries share their bytes is refused", async () => {
		const shared = pack({ one: content, two: content });
		shared.writeUInt32LE(0, shared.lastIndexOf(CENTRAL) + 42);
		await expect(unzipBundle(shared)).rejects.toThrow(/overlap/);
	});

	it("with a link, cut off, or no zip at all is refused", async () => {
		const link = pack({ link: content });
		link.writeUInt8(3, link.indexOf(CENTRAL) + 5);
		link.writeUInt32LE(0o120777 * 65536, link.indexOf(CENTRAL) + 38);
		await expect(unzipBundle(link)).rejects.toThrow("link or a device");
		await expect(unzipBundle(pack({ a: Buffer.alloc(5000, 1) }).subarray(40))).rejects.toThrow();
		await expect(unzipBundle(Buffer.from("nothing of the kind"))).rejects.toThrow("no zip");
	});

	const two = () => pack({ one: content, two: Buffer.from("world") });
	const comment = (zip: Buffer, text: Uint8Array) => {
		zip.writeUInt16LE(text.length, zip.lastIndexOf(END) + 20);
		return Buffer.concat([zip, text]);
	};
	const poke = (zip: Buffer, at: number, value: number) => {
		zip.writeUInt8(zip.readUInt8(at) ^ value, at);
		return zip;
	};
	it.each<[string, () => Buffer]>([
		["a comment", () => comment(two(), Buffer.from("hi"))],
		["a second end inside of a comment", () => comment(two(), two().subarray(two().lastIndexOf(END)))],
		["a whole other zip inside of a comment", () => comment(two(), pack({ one: Buffer.from("other") }))],
		["another zip in front", () => Buffer.concat([pack({ one: Buffer.from("other") }), two()])],
		["another zip behind", () => Buffer.concat([two(), pack({ one: Buffer.from("other") })])],
		["bytes in front", () => insert(two(), 0, Buffer.from("#!/bin/sh\n"))],
		["bytes in front that no offset knows of", () => Buffer.concat([Buffer.from("MZ"), two()])],
		["bytes between entries", () => insert(two(), two().lastIndexOf(LOCAL), Buffer.from("hidden"))],
		["an entry that the directory hides", () => insert(two(), two().lastIndexOf(LOCAL), two().subarray(0, two().lastIndexOf(LOCAL)))],
		["bytes between the entries and the directory", () => insert(two(), two().indexOf(CENTRAL), Buffer.from("hidden"), "directory")],
		["bytes between the directory and its end", () => insert(two(), two().lastIndexOf(END), Buffer.from("hidden"), "nothing")],
		["bytes behind its end", () => Buffer.concat([two(), Buffer.from("\0")])],
		["a wrong CRC", () => poke(poke(two(), 14, 1), two().indexOf(CENTRAL) + 16, 1)],
		["a CRC that differs where the entry lies", () => poke(two(), 14, 1)],
		["a method that differs where the entry lies", () => poke(two(), 8, 8)],
		["a name that differs where the entry lies", () => poke(two(), 30, 1)],
		["a length that differs where the entry lies", () => poke(two(), 22, 1)],
		["encryption", () => poke(poke(two(), 6, 1), two().indexOf(CENTRAL) + 8, 1)],
		["more entries than it has", () => poke(poke(two(), two().lastIndexOf(END) + 8, 1), two().lastIndexOf(END) + 10, 1)],
		["fewer entries than it has", () => poke(poke(two(), two().lastIndexOf(END) + 8, 3), two().lastIndexOf(END) + 10, 3)],
		["another disk", () => poke(two(), two().lastIndexOf(END) + 4, 1)],
	])("with %s is refused", async (_, make) => {
		await expect(unzipBundle(make())).rejects.toThrow();
	});

	/** A zip of one entry with extra fields, and bytes behind the deflate stream where asked for. */
	const single = (options: { extra?: Buffer; centralExtra?: Buffer; behind?: Buffer }) => {
		const plain = pack({ one: content });
		const { extra = Buffer.alloc(0), centralExtra = extra, behind = Buffer.alloc(0) } = options;
		const central = plain.indexOf(CENTRAL);
		const local = Buffer.concat([plain.subarray(0, 33), extra, plain.subarray(33, central), behind]);
		local.writeUInt16LE(extra.length, 28);
		local.writeUInt32LE(local.readUInt32LE(18) + behind.length, 18);
		const end = plain.lastIndexOf(END);
		const directory = Buffer.concat([plain.subarray(central, end), centralExtra]);
		directory.writeUInt16LE(centralExtra.length, 30);
		directory.writeUInt32LE(directory.readUInt32LE(20) + behind.length, 20);
		const tail = Buffer.from(plain.subarray(end));
		tail.writeUInt32LE(directory.length, 12);
		tail.writeUInt32LE(local.length, 16);
		return Buffer.concat([local, directory, tail]);
	};

	it("with another name in a Unicode-path field, 64-bit lengths, damaged fields, or bytes behind a stream is refused", async () => {
		expect((await unzipBundle(single({}))).get("one")).toEqual(new Uint8Array(content));
		const times = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
		expect((await unzipBundle(single({ extra: times }))).size).toBe(1);
		const unicode = Buffer.concat([Buffer.from([0x75, 0x70, 8, 0, 1, 0, 0, 0, 0]), Buffer.from("two")]);
		for (const hostile of [
			{ extra: unicode },
			{ extra: Buffer.alloc(0), centralExtra: unicode },
			{ extra: unicode, centralExtra: Buffer.alloc(0) },
		])
			await expect(unzipBundle(single(hostile))).rejects.toThrow("extra field");
		await expect(unzipBundle(single({ extra: Buffer.from([1, 0, 0, 0]) }))).rejects.toThrow("extra field");
		await expect(unzipBundle(single({ extra: Buffer.from([0x55, 0x54, 9, 0, 1]) }))).rejects.toThrow("damaged extra field");
		await expect(unzipBundle(single({ behind: Buffer.from("junk") }))).rejects.toThrow(/bytes behind its end|cannot be unpacked/);
	});
});

describe("what is accepted", () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-zip-"));
	const at = (name: string) => join(folder, name);
	const hashes = (entries: Iterable<[string, Uint8Array]>) =>
		[...entries].map(([name, data]) => `${name} ${createHash("sha256").update(data).digest("hex")}`).sort();
	const files: Record<string, Uint8Array> = {
		"manifest.json": content,
		"report.html": Buffer.alloc(70_000, "abc"),
		empty: Buffer.alloc(0),
	};
	for (const [name, data] of Object.entries(files)) writeFileSync(at(name), data);
	writeZip(folder, Object.keys(files), at("own.zip"));
	writeFileSync(at("own.py"), "");

	it("is what we write", async () => {
		expect(hashes(await unzipBundle(readFileSync(at("own.zip"))))).toEqual(hashes(Object.entries(files)));
	});

	const PYTHON =
		"import sys,zipfile,hashlib\nz=zipfile.ZipFile(sys.argv[1])\nfor n in z.namelist(): print(n, hashlib.sha256(z.read(n)).hexdigest())";
	const JAVA = `import java.io.*; import java.security.*; import java.util.*; import java.util.zip.*;
public class Unzip { static String hash(InputStream in) throws Exception { byte[] d = MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()); return HexFormat.of().formatHex(d); }
public static void main(String[] a) throws Exception {
if (a[1].equals("file")) try (ZipFile z = new ZipFile(a[0])) { for (var e : Collections.list(z.entries())) System.out.println(e.getName() + " " + hash(z.getInputStream(e))); }
else try (ZipInputStream z = new ZipInputStream(new FileInputStream(a[0]))) { for (ZipEntry e = z.getNextEntry(); e != null; e = z.getNextEntry()) System.out.println(e.getName() + " " + hash(z)); } } }`;
	writeFileSync(at("Unzip.java"), JAVA);
	const run = (command: string, args: string[]) => spawnSync(command, args, { encoding: "utf8", cwd: folder });
	const has = (command: string, ...args: string[]) => run(command, args).status === 0;
	const readers: [string, boolean, () => string[]][] = [
		["Python's zipfile", has("python3", "--version"), () => run("python3", ["-c", PYTHON, "own.zip"]).stdout.trim().split("\n")],
		["Java's ZipFile", has("java", "-version"), () => run("java", ["Unzip.java", "own.zip", "file"]).stdout.trim().split("\n")],
		["Java's ZipInputStream", has("java", "-version"), () => run("java", ["Unzip.java", "own.zip", "stream"]).stdout.trim().split("\n")],
		[
			"Info-ZIP",
			has("unzip", "-v"),
			() => {
				run("unzip", ["-q", "own.zip", "-d", "info"]);
				return hashes(readdirSync(at("info")).map((name) => [name, readFileSync(at(`info/${name}`))]));
			},
		],
	];
	for (const [name, there, read] of readers)
		it.skipIf(!there)(`is read by ${name} as the same bytes`, () => {
			expect(read().sort()).toEqual(hashes(Object.entries(files)));
		});

	it.skipIf(!has("zip", "-v"))("is also what Info-ZIP packs again", async () => {
		run("zip", ["-q", "-r", "again.zip", ...Object.keys(files)]);
		expect(hashes(await unzipBundle(readFileSync(at("again.zip"))))).toEqual(hashes(Object.entries(files)));
	});

	it.skipIf(!has("python3", "--version"))("is also what Python packs again", async () => {
		run("python3", [
			"-c",
			"import sys,zipfile\nz=zipfile.ZipFile('py.zip','w',zipfile.ZIP_DEFLATED)\nfor n in sys.argv[1:]: z.write(n)\nz.close()",
			...Object.keys(files),
		]);
		expect(hashes(await unzipBundle(readFileSync(at("py.zip"))))).toEqual(hashes(Object.entries(files)));
	});
});

it.each([
	["export.csv", "export.csv"],
	["my file (1).csv", "my_file__1_.csv"],
	["run.sh", "_run.sh.data"],
	["CON", "_CON.data"],
	["..", "__"],
	["a.", "a_"],
])("a file named %j stands in a bundle as %j", (name, expected) => {
	expect(bundleName(name)).toBe(expected);
});
