import { BALANCES_COMPARED, type CustodyEntry, canonicalJson, nextCustodyEntry } from "@clew/core";
import { describe, expect, it } from "vitest";
import { checkCustody } from "./custody.js";

const AT = "2026-01-01T00:00:00Z";
const TRACE = "0123456789abcdef";

function strange(...actions: readonly string[]): string[] {
	const entries: CustodyEntry[] = [];
	for (const [action, detail] of [["case created", "A case (eip155:1)"], ["trace run", TRACE], ...actions.map((one) => [one, "x"])])
		entries.push(nextCustodyEntry(entries.at(-1), AT, action as string, detail as string));
	const files = new Map([["custody.jsonl", Buffer.from(entries.map((one) => `${canonicalJson(one)}\n`).join(""))]]);
	const found: string[] = [];
	const about = { trace: TRACE, case: { title: "A case", createdAt: AT } } as Parameters<typeof checkCustody>[1];
	const words = checkCustody(files, about, (where, why) => found.push(`${where}: ${why}`));
	expect(found).toEqual([]);
	return words.filter((text) => text.includes("actions"));
}

describe("a case's log", () => {
	it("names what Clew has not, and none of what it writes", () => {
		expect(strange("prices imported", BALANCES_COMPARED, "view marked", "view mark taken back")).toEqual([]);
		expect(strange("prices made up")).toEqual(['entries of custody.jsonl by actions that Clew has not (1), first line 3 "prices made up"']);
	});
});
