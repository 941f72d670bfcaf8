import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./clew.js";

it("every fixture is as it was recorded, and every one is recorded", () => {
	const folder = join(ROOT, "fixtures");
	const listed = new Map(
		readFileSync(join(folder, "SHA256SUMS"), "utf8")
			.trim()
			.split("\n")
			.map((line) => [line.slice(66), line.slice(0, 64)]),
	);
	const found = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !["README.md", "SHA256SUMS"].includes(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));
	const hashes = new Map(
		found.map((path) => [relative(folder, path).split(sep).join("/"), createHash("sha256").update(readFileSync(path)).digest("hex")]),
	);
	expect(hashes).toEqual(listed);
});
