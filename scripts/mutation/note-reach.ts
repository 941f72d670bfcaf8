import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { afterAll, expect } from "vitest";

const folder = process.env["CLEW_REACH"];
const test = relative(process.cwd(), expect.getState().testPath ?? "");
process.env["CLEW_REACH_TEST"] = test;

afterAll(() => {
	const reached = (globalThis as { clewReach?: Set<string> }).clewReach ?? new Set();
	if (folder) appendFileSync(`${folder}/${encodeURIComponent(test)}`, [...reached, ""].join("\n"));
});
