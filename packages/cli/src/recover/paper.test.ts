import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { paperOf } from "./paper.js";

const folder = mkdtempSync(join(tmpdir(), "clew-paper-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
	const path = join(folder, name);
	writeFileSync(path, content, "latin1");
	return path;
}

describe("a document of the recovery ledger", () => {
	it("is kept as its hash, size and name, whatever the name would do to a terminal", () => {
		const sha256 = createHash("sha256").update("%PDF-1.7").digest("hex");
		expect(paperOf(file("le\u001btter.pdf", "%PDF-1.7"), "page 2")).toEqual({ sha256, bytes: 8, name: "le\u00b7tter.pdf", part: "page 2" });
	});

	it.each([
		["invoice.pdf", "MZ\x90\0", /Windows/],
		["invoice.pdf", "\x7fELF", /Linux/],
		["invoice.pdf", "\xcf\xfa\xed\xfe", /macOS/],
		["answer.txt", "#!/bin/sh", /script/],
		["answer.html", "<!doctype html><title>x</title><script>", /page with a script/],
		["answer.pdf.exe", "harmless", /what programs are called/],
		["empty.pdf", "", /is empty/],
	])("is refused where %s is no paper", (name, content, why) => {
		expect(() => paperOf(file(name, content), undefined)).toThrow(why);
	});

	it("is refused where it is absurdly large, before it is read, and where it is no file", () => {
		const path = file("huge.pdf", "%PDF");
		truncateSync(path, 2 ** 40);
		expect(() => paperOf(path, undefined)).toThrow(/1099511627776 bytes, and a document at most/);
		expect(() => paperOf(folder, undefined)).toThrow(/is no file/);
	});
});
