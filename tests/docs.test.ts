import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./clew.js";

/** Paths from the root of the project, in backquotes; what stands for a name (`NAME.ts`) or several files (`*`) is a place to be filled. */
const PATH = /`((?:packages|tests|scripts|docs|fixtures|examples)\/[^`\s:]+)`/g;
const OPEN = /NAME|\*|…/;
/** What a build makes. */
const MADE = "packages/evidence/dist/";

it.each(["ARCHITECTURE.md", "CONTRIBUTING.md", "docs/extending.md"])("%s names files that are there", (page) => {
	const named = [...readFileSync(join(ROOT, page), "utf8").matchAll(PATH)].map(([, path = ""]) => path);
	const given = named.filter((path) => !OPEN.test(path) && !path.startsWith(MADE));
	expect(given.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
	if (page !== "CONTRIBUTING.md") expect(given.length).toBeGreaterThan(5);
});
