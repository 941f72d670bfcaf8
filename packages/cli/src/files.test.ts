import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { listFiles } from "./files.js";

const folder = mkdtempSync(join(tmpdir(), "clew-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("files to import", () => {
	it("are files and those of folders, never a device or a pipe, which nobody may ever write to", () => {
		mkdirSync(join(folder, "in"));
		const [file, link] = ["in/a.csv", "link"].map((name) => join(folder, name)) as [string, string];
		writeFileSync(file, "x");
		symlinkSync(file, link);
		expect(listFiles(file)).toEqual([{ path: file, named: true }]);
		expect(listFiles(link)).toEqual([{ path: link, named: true }]);
		expect(listFiles(join(folder, "in"))).toEqual([{ path: file, named: false }]);
		expect(() => listFiles("/dev/null")).toThrow("is neither a file nor a folder");
		expect(() => listFiles(join(folder, "nothing"))).toThrow("does not exist");
	});
});
