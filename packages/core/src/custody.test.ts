import { describe, expect, it } from "vitest";
import { canonicalJson, sha256Hex } from "./canonical.js";
import type { CustodyEntry } from "./claims.js";
import {
	CUSTODY_GENESIS,
	custodyLinks,
	custodyStatement,
	filesInWords,
	firstBroken,
	mustBeChained,
	nextCustodyEntry,
	statementInWords,
} from "./custody.js";

const at = (minute: number) => `2026-01-01T00:0${minute}:00Z`;
const log = (...minutes: readonly number[]): CustodyEntry[] => {
	const entries: CustodyEntry[] = [];
	for (const minute of minutes) entries.push(nextCustodyEntry(entries.at(-1), at(minute), "act", `detail ${minute}`));
	return entries;
};
const hashed = ({ hash: _, ...open }: CustodyEntry): CustodyEntry => ({ ...open, hash: sha256Hex(canonicalJson(open)) });
const faultsOf = (entries: readonly CustodyEntry[]) => custodyLinks(entries).map(({ faults }) => faults);
const entry = (entries: readonly CustodyEntry[], n: number) => entries[n] as CustodyEntry;

describe("a custody log", () => {
	it("counts from 1, begins with nothing before it, and names the hash before in each entry", () => {
		const [first, second, third] = log(0, 1, 1) as [CustodyEntry, CustodyEntry, CustodyEntry];
		expect([first.sequence, second.sequence, third.sequence]).toEqual([1, 2, 3]);
		expect([first.previous, second.previous, third.previous]).toEqual([CUSTODY_GENESIS, first.hash, second.hash]);
		expect(custodyLinks([first, second, third]).every(({ holds, warnings }) => holds && warnings.length === 0)).toBe(true);
		expect([custodyLinks([]), firstBroken([first])]).toEqual([[], undefined]);
		expect(() => mustBeChained([first, second, third])).not.toThrow();
	});

	it("tells which entry was changed, and that the next does not follow it", () => {
		const [first, second, third] = log(0, 1, 2) as [CustodyEntry, CustodyEntry, CustodyEntry];
		const content = "its content does not hash to its own hash";
		expect(faultsOf([first, { ...second, detail: "x" }, third])).toEqual([[], [content], []]);
		expect(faultsOf([first, hashed({ ...second, detail: "x" }), third])).toEqual([[], [], ["its previous is not the hash of entry 2"]]);
		expect(firstBroken([first, { ...second, detail: "x" }, third])?.sequence).toBe(2);
		expect(() => mustBeChained([first, { ...second, detail: "x" }, third])).toThrow(`the custody log was changed at entry 2: ${content}`);
	});

	it("tells what is missing, at its beginning too, and what does not follow", () => {
		const all = log(0, 1, 2, 3);
		const without = (...gone: readonly number[]) => faultsOf(all.filter(({ sequence }) => !gone.includes(sequence)));
		expect(without(2)[1]).toEqual(["entry 2 is missing", "its previous is not the hash of entry 1"]);
		expect(without(2, 3)[1]?.[0]).toBe("entries 2 to 3 are missing");
		expect(without(1)[0]).toEqual(["entry 1 is missing", "it is not the first: its previous is the hash of an entry that is not there"]);
		expect(faultsOf([entry(all, 0), entry(all, 1), entry(all, 1)])[2]?.[0]).toBe("its number does not follow 2");
	});

	it("warns of a time that runs back or cannot be read, which breaks nothing", () => {
		const back = log(1, 0, 0);
		expect(custodyLinks(back).map(({ warnings }) => warnings)).toEqual([[], ["its time is before that of entry 1"], []]);
		expect(custodyLinks([nextCustodyEntry(undefined, "some day", "act", "")])).toMatchObject([
			{ holds: true, warnings: ["its time cannot be read"] },
		]);
	});

	it("states who, why and with what only where it is stated", () => {
		expect(custodyStatement({ with: "t", by: null, why: undefined })).toEqual({ with: "t" });
		expect(custodyStatement({ by: "b", why: "w" })).toEqual({ by: "b", why: "w" });
		expect(Object.keys(nextCustodyEntry(undefined, at(0), "a", "d", { by: "b" }))).toEqual([
			"sequence",
			"at",
			"action",
			"detail",
			"by",
			"previous",
			"hash",
		]);
		expect(statementInWords({ with: "t", by: "b", why: "w" })).toBe("by b; why: w; with t");
		expect([statementInWords({ why: "w" }), statementInWords({ with: "t" }), statementInWords({})]).toEqual(["why: w", "with t", ""]);
	});

	it("names up to twenty files by their hashes, more by the hash of their list, one a line", () => {
		const files = Array.from({ length: 21 }, (_, n) => sha256Hex(String(n)));
		expect(filesInWords([])).toBe("no file");
		expect(filesInWords(["a", "b"])).toBe("sha256 a, b");
		expect(filesInWords(files.slice(1))).toBe(`sha256 ${files.slice(1).join(", ")}`);
		expect(filesInWords(files)).toBe(`sha256 of the list of their sha256 ${sha256Hex(`${files.join("\n")}\n`)}`);
	});
});
