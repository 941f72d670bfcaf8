import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { InputError } from "@clew/core";
import { type Zippable, zipSync } from "fflate";
import { afterAll, describe, expect, it } from "vitest";
import { withUnzipped } from "./unzipped.js";

const folder = mkdtempSync(join(tmpdir(), "clew-unzipped-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (value: string) => new TextEncoder().encode(value);
let count = 0;
/** Writes an archive; `change` may damage its bytes. */
const archive = (files: Zippable, change = (bytes: Buffer): Buffer => bytes, name = "exports.zip") => {
	const path = join(folder, `${count++}`, name);
	mkdirSync(join(path, ".."));
	writeFileSync(path, change(Buffer.from(zipSync(files))));
	return path;
};
const notes: string[] = [];
/** What an import would be given: names as they are shown, and contents. */
const inside = async (paths: readonly string[], every = false) => {
	notes.length = 0;
	const seen: string[] = [];
	const given = await withUnzipped(
		paths,
		(note) => notes.push(note),
		async (files, shown) => {
			seen.push(...files.map(({ path }) => path));
			return files.map(({ path, named }) => [shown(path), named, readFileSync(path, "latin1")]);
		},
		{ every },
	);
	for (const path of seen) if (path.includes("clew-zip-")) expect(existsSync(path)).toBe(false);
	return given;
};
/** The place of a field in every entry of the central directory and, by another offset, in the files' own headers. */
const everywhere = (bytes: Buffer, central: number, local: number, write: (at: number) => void) => {
	for (let at = 0; at < bytes.length - 4; at++) {
		if (bytes.readUInt32LE(at) === 0x02014b50) write(at + central);
		if (bytes.readUInt32LE(at) === 0x04034b50) write(at + local);
	}
	return bytes;
};

describe("a zip of exports", () => {
	it("gives its files in the order of their names, and other files as they are", async () => {
		const plain = join(folder, "plain.csv");
		writeFileSync(plain, "p");
		const zip = archive({ "b/tokentx.json": text("2"), "a.csv": text("1"), "read me.txt": text("3"), "__MACOSX/._a.csv": text("4") });
		expect(await inside([zip, plain])).toEqual([
			["exports.zip/a.csv", false, "1"],
			["exports.zip/b/tokentx.json", false, "2"],
			[plain, true, "p"],
		]);
		expect(notes).toEqual([]);
	});

	it("is found in a folder, and by its first bytes where it was named", async () => {
		const zip = archive({ "a.csv": text("1") });
		expect(await inside([join(zip, "..")])).toEqual([["exports.zip/a.csv", false, "1"]]);
		const other = archive({ "a.csv": text("1") }, undefined, "download");
		expect(await inside([other])).toEqual([["download/a.csv", true, "1"]]);
		expect(await inside([join(other, "..")])).toEqual([]);
	});

	it("that was imported as it is, is there as well where every file is looked for", async () => {
		const zip = archive({ "a.txt": text("1") });
		expect((await inside([zip], true)).map(([path]) => basename(path as string))).toEqual(["exports.zip", "a.txt"]);
	});

	it("leaves out, and names, what leads elsewhere: parents, roots, drives, links, archives in archives", async () => {
		const zip = archive({
			"../up.csv": text("x"),
			"/root.csv": text("x"),
			"a/../../up.csv": text("x"),
			"C:evil.csv": text("x"),
			"inner.zip": text("x"),
			"link.csv": [text("/etc/passwd"), { os: 3, attrs: 0o120777 << 16 }],
			"good.csv": text("1"),
		});
		expect(await inside([zip])).toEqual([["exports.zip/good.csv", true, "1"]]);
		expect(notes.join()).toMatch(/6 entries left out: "\.\.\/up\.csv", whose name leads elsewhere; /);
	});

	const refused = async (path: string, message: RegExp) => {
		const error: unknown = await inside([path]).catch((one: unknown) => one);
		expect(error).toBeInstanceOf(InputError);
		expect((error as InputError).message).toMatch(message);
		expect((error as InputError).message).not.toMatch(/clew-zip-/);
	};

	it("is refused where it is encrypted, with what to do", async () => {
		const zip = archive({ "a.csv": text("1") }, (bytes) =>
			everywhere(bytes, 8, 6, (at) => bytes.writeUInt16LE(bytes.readUInt16LE(at) | 1, at)),
		);
		await refused(zip, /exports\.zip: "a\.csv" in it is encrypted/);
	});

	it.each([12, 14])("is refused where its files are compressed by method %i, with what is read", async (method) => {
		const zip = archive({ "a.csv": text("1") }, (bytes) => everywhere(bytes, 10, 8, (at) => bytes.writeUInt16LE(method, at)));
		await refused(zip, new RegExp(`"a\\.csv" in it is compressed in a way that is not read \\(method ${method}`));
	});

	it("is refused where it says of itself that it would fill a disk, and where it unpacks to more than it says", async () => {
		const claimed = (size: number) =>
			archive({ "a.csv": text("1".repeat(100_000)) }, (bytes) => everywhere(bytes, 24, 22, (at) => bytes.writeUInt32LE(size, at)));
		await refused(claimed(0xf0000000), /unpacks to 4026531840 bytes, more than 2147483648/);
		await refused(claimed(10), /is no zip that can be read/);
	});

	it("is refused where it is damaged, cut off, holds a name twice, or is a spreadsheet", async () => {
		const damaged = archive({ "a.csv": [text("hello"), { level: 0 }] }, (bytes) => {
			bytes[bytes.indexOf("hello")] = 0x48;
			return bytes;
		});
		await refused(damaged, /"a\.csv" in it is damaged: its checksum is another/);
		await refused(
			archive({ "a.csv": text("1") }, (bytes) => bytes.subarray(0, 40)),
			/is no zip that can be read/,
		);
		const twice = archive({ "a.csv": text("1"), "b.csv": text("2") }, (bytes) =>
			everywhere(bytes, 46, 30, (at) => bytes.write("a", at, "latin1")),
		);
		await refused(twice, /"a\.csv" is in it twice/);
		await refused(
			archive({ "[Content_Types].xml": text("<x/>"), "xl/a.xml": text("") }, undefined, "a.xlsx"),
			/a document or a spreadsheet/,
		);
	});

	it("errors about its files name them as they are called in it", async () => {
		const zip = archive({ "in/a.csv": text("1") });
		const read = withUnzipped(
			[zip],
			() => {},
			async ([file]) => {
				throw new InputError("is bad", { where: `${file?.path}:7`, hint: "Mend it." });
			},
		);
		await expect(read).rejects.toMatchObject({
			message: "exports.zip/in/a.csv:7: is bad",
			where: "exports.zip/in/a.csv:7",
			hint: "Mend it.",
		});
	});
});
