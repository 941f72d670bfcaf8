import {
	type CustodyEntry,
	canonicalJson,
	caseId,
	firstBroken,
	type Label,
	nextCustodyEntry,
	type Source,
	type TraceResult,
	traceId,
} from "@clew/core";
import { describe, expect, it } from "vitest";
import { mayHoldName } from "./bundle/leak-scan.js";
import { hiddenName, holdsName, holdsWord, replaceNames } from "./bundle/names.js";
import { redactionOf } from "./bundle/redact.js";
import { checkCreated, checkCustody } from "./verify/bundle/custody.js";
import { checkWithheld } from "./verify/bundle/withheld.js";
import { bytesOf } from "./verify/encoding/bytes.js";

/** What a check says failed. */
function failuresOf(check: (fail: (where: string, what: string) => void) => void): string {
	const failures: string[] = [];
	check((where, what) => void failures.push(`${where}: ${what}`));
	return failures.join("\n");
}

/** A log of these entries. */
function logOf(said: readonly (readonly [action: string, detail: string, at?: string])[]): CustodyEntry[] {
	const log: CustodyEntry[] = [];
	for (const [action, detail, at = "2026-01-02T00:00:00Z"] of said) log.push(nextCustodyEntry(log.at(-1), at, action, detail));
	return log;
}

describe("a name that is left after redaction", () => {
	const victim = { account: "eip155:1:0xa", category: "victim", entity: "Waldemar Quitzow", name: "", source: "desk" } as unknown as Label;
	it("is refused with the file and the detail of the case that it stands in", () => {
		const encoded = Buffer.from("Waldemar Quitzow").toString("base64");
		const redaction = redactionOf({ leaves: [] } as unknown as TraceResult, { labels: [victim], sources: [], createdAt: "" });
		const details = redaction.details({
			requester: "A",
			legalBasis: "",
			jurisdiction: encoded,
			handling: "Quitzow only",
		});
		expect(details.handling).not.toContain("Quitzow");
		const paper = Buffer.from(`in ${details.jurisdiction}`);
		expect(() => redaction.guard("report.html", paper)).toThrow(
			"report.html would hold the name of a victim: it is left in the case's jurisdiction",
		);
		redaction.details({ ...details, jurisdiction: "" });
		expect(() => redaction.guard("report.html", paper)).toThrow(/report\.html would hold the name of a victim$/);
	});
});

describe("a word of a victim's name that a list calls itself by", () => {
	const label = (account: string, category: string, entity: string, source: string) =>
		({ account, category, entity, name: entity, source }) as unknown as Label;
	const file = (id: string, name: string, publisher: string) =>
		({ id, kind: "file", name, sha256: "", detail: `labels: ${publisher}; licence: MIT` }) as Source;
	const packs = "GraphSense TagPacks (public)";
	it("stays where the list is published, and goes from free words; other lists' files keep their names", () => {
		const labels = [
			label("eip155:1:0xa", "victim", "Ann Public", "desk"),
			label("eip155:1:0xb", "exchange", "Kraken", packs),
			label("eip155:1:0xc", "exchange", "Kraken", "the public of tagpacks and Ann"),
		];
		const sources = [file("labels:starter-tagpacks:0", "tagpacks", packs), file("file:1", "ann.csv", "desk")];
		const redaction = redactionOf({ leaves: [] } as unknown as TraceResult, { labels, sources, createdAt: "" });
		expect(redaction.labels(labels).map(({ source }) => source)).toEqual(["withheld", packs, "the victim 1 of tagpacks and victim 1"]);
		expect(redaction.note("in tagpacks, not in ann.csv")).toBe("in tagpacks, not in withheld");
	});
});

describe("a short name", () => {
	it.each([
		["Bae", ["Bae", "bae", "B\u00e4", "BA\u0308"], ["ba", "Ba", "bad", "xbae"]],
		["Doe", ["Doe", "D\u00f6", "D\u00f8", "D\u043e\u0435"], ["do", "Do", "does"]],
		["Roe", ["ROE", "r\u0153"], ["ro", "heroes"]],
		["Sue", ["sue", "S\u00fc"], ["su", "issues"]],
		["Haa", ["haa", "H\u00e5"], ["ha", "hat"]],
		["Djo", ["djo", "\u0110o"], ["do", "to do"]],
		["Foer", ["Foer", "F\u00f6r"], ["for", "before"]],
		["\u092e\u0940\u0930\u093e", ["\u092e\u0940\u0930\u093e"], ["\u092e"]],
	] as const)(
		"of as many letters as are looked for is found as it is written, not by what folding leaves of it: %s",
		(name, found, not) => {
			const alone = hiddenName(name, "victim 1");
			const whole = hiddenName(`Jonathan ${name}`, "victim 1");
			if (alone === undefined || whole === undefined) throw new Error("is not looked for");
			for (const text of found) {
				expect([text, holdsName(`of ${text}, said`, [alone])]).toEqual([text, true]);
				expect([text, holdsWord(`of ${text}, said`, [whole])]).toEqual([text, true]);
				expect(replaceNames(`of ${text}, said`, [alone], false)).toBe("of victim 1, said");
				expect(replaceNames(`of ${text}, said`, [whole], true)).toBe("of victim 1, said");
			}
			for (const text of not) {
				expect([text, holdsName(`of ${text}, said`, [alone])]).toEqual([text, false]);
				expect(replaceNames(`of ${text}, said`, [alone, whole], true)).toBe(`of ${text}, said`);
			}
		},
	);

	it("of fewer letters, or a word of the structure, is not looked for", () => {
		for (const name of ["Bo", "B\u00f6", "victim", "me"]) expect([name, hiddenName(name, "x")]).toEqual([name, undefined]);
		expect(holdsWord("of the bank", [hiddenName("The Bank of Doe", "victim 1") ?? []].flat())).toBe(false);
	});
});

describe("a name in a script without spaces", () => {
	it.each([
		[
			"\u7530\u4e2d\u592a\u90ce",
			["\u7530\u4e2d\u592a\u90ce\u3055\u3093\u306e\u88ab\u5bb3", "\u5bdb\u7530\u4e2d \u592a\u90ce\u6c0f"],
			["\u7530\u4e2d\u3055\u3093"],
		],
		[
			"\u7530\u4e2d\u3000\u592a\u90ce",
			["\u5148\u306e\u7530\u4e2d\u592a\u90ce\u3055\u3093", "\u592a\u90ce\u7530\u4e2d", "\u7530\u4e2d\u30fb\u592a\u90ce"],
			[],
		],
		["\u674e\u5c0f\u9f99", ["\u674e\u5c0f\u9f99\u7684\u94b1", "\u88ab\u5bb3\u4eba\u674e\u5c0f\u9f99"], ["\u5c0f\u9f99\u7684\u94b1"]],
		["\u674e\u660e", ["\u674e\u660e\u7684\u94b1", "\u674e \u660e", "of \u674e\u660e2"], ["\u674e\u6c0f", "\u660e"]],
		["\uff80\uff85\uff76", ["\u30bf\u30ca\u30ab\u3055\u3093", "\uff80\uff85\uff76\u3055\u3093"], ["\u30bf\u30ca"]],
		["\u30bf\u30ca\u30ab", ["\uff80\uff85\uff76\u69d8"], []],
		["\u674e Wei", ["\u539f\u674eWei\u7684\u94b1", "\u674e Wei"], ["\u674e Weil"]],
		["Bae", ["Bae\u3055\u3093", "\u88ab\u5bb3\u4ebaBae"], ["xbae"]],
		["\u0e2a\u0e21\u0e0a\u0e32\u0e22", ["\u0e04\u0e38\u0e13\u0e2a\u0e21\u0e0a\u0e32\u0e22\u0e04\u0e23\u0e31\u0e1a"], []],
		["\u0eaa\u0ebb\u0ea1\u0e8a\u0eb2\u0e8d", ["\u0e97\u0ec9\u0eb2\u0e99\u0eaa\u0ebb\u0ea1\u0e8a\u0eb2\u0e8d\u0ec1\u0e9a"], []],
		["\u179f\u17bb\u1781\u17b6", ["\u179b\u17c4\u1780\u179f\u17bb\u1781\u17b6\u1798\u17b6\u1793"], []],
		["\u1019\u1031\u102c\u1004\u103a", ["\u1026\u1038\u1019\u1031\u102c\u1004\u103a\u101e\u100a\u103a"], []],
		["\u0f56\u0f40\u0fb2\u0f0b\u0f64\u0f72\u0f66", ["\u0f66\u0f90\u0f74\u0f0b\u0f56\u0f40\u0fb2\u0f0b\u0f64\u0f72\u0f66\u0f42\u0f72"], []],
		["\ud5c8\uc900", ["\ud5c8\uc900\uc740", "\ud5c8 \uc900\uc758"], ["\ud5c8\uc90d"]],
	] as const)("is found where words run on, and with a gap: %s", (name, found, not) => {
		const hidden = hiddenName(name, "victim 1");
		if (hidden === undefined) throw new Error("is not looked for");
		for (const text of found) {
			expect([text, holdsName(text, [hidden])]).toEqual([text, true]);
			const left = replaceNames(text, [hidden], false);
			expect([text, left.includes("victim 1"), holdsName(left, [hidden])]).toEqual([text, true, false]);
		}
		for (const text of not) expect([text, holdsName(text, [hidden]), replaceNames(text, [hidden], true)]).toEqual([text, false, text]);
	});

	it("loses its telling words in free text, of Chinese characters from two on", () => {
		const hidden = hiddenName("\u6b27\u9633 Anna", "victim 1");
		if (hidden === undefined) throw new Error("is not looked for");
		expect(holdsWord("\u88ab\u5bb3\u4eba\u6b27\u9633\u5973\u58eb", [hidden])).toBe(true);
		expect(replaceNames("\u88ab\u5bb3\u4eba\u6b27\u9633\u5973\u58eb, Anna\u3055\u3093", [hidden], true)).toBe(
			"\u88ab\u5bb3\u4ebavictim 1\u5973\u58eb, victim 1\u3055\u3093",
		);
		const word = hiddenName("\u0e2a\u0e21\u0e0a\u0e32\u0e22 Anna", "victim 1");
		expect(holdsWord("\u0e04\u0e38\u0e13\u0e2a\u0e21\u0e0a\u0e32\u0e22\u0e04\u0e23\u0e31\u0e1a", [word ?? []].flat())).toBe(true);
	});

	it("is found encoded in a file", () => {
		const names = [hiddenName("\u674e\u5c0f\u9f99", "victim 1") ?? []].flat();
		const text = "\u88ab\u5bb3\u4eba\u674e\u5c0f\u9f99\u7684\u94b1";
		for (const bytes of [Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.from(Buffer.from(text).toString("base64"))])
			expect(mayHoldName(bytes, names)).toBe(true);
		expect(mayHoldName(Buffer.from("\u5c0f\u9f99\u7684\u94b1"), names)).toBe(false);
	});
});

describe("a word of a name that is one of Clew's own, too", () => {
	const victim = { account: "eip155:1:0xa", category: "victim", entity: "Justin Case Etherscan", name: "", source: "" } as unknown as Label;
	const redaction = redactionOf(
		{ id: "", case: { id: "", title: "" }, assets: {}, leaves: [], coverage: { sources: [], gaps: [] } } as never,
		{
			labels: [victim],
			sources: [],
			createdAt: "",
		},
	);
	it("stays in the action of a log, and goes from its text and from an action that is not Clew's", () => {
		const log = redaction.custody(
			logOf([
				["case created", "The case of Mr Case"],
				["case closed", "x"],
			]),
		);
		expect(log.map(({ action, detail }) => [action, detail])).toEqual([
			["case created", "The victim 1 of Mr victim 1"],
			["victim 1 closed", "x"],
		]);
	});
	it("stays in the format of a file, and goes from the file's name", () => {
		const source = { id: "file:1", name: "etherscan-case.csv", sha256: "", detail: "etherscan txlist" } as never;
		expect(redaction.sources([source])).toEqual([{ id: "file:1", name: "victim 1-victim 1.csv", sha256: "", detail: "etherscan txlist" }]);
	});
});

describe("the log of a bundle without names", () => {
	const NAME = "Waldemar Quitzow";
	const TITLE = `The theft from ${NAME}`;
	const AT = "2026-01-02T00:00:00Z";
	const CHAIN = "eip155:1" as TraceResult["chain"];
	const victim = { account: "eip155:1:0xa", category: "victim", entity: NAME, name: NAME, source: "desk" } as unknown as Label;
	const hash = (n: number) => n.toString(16).repeat(64);
	const source = { id: "file:1", kind: "file", name: "a.csv", sha256: hash(1), detail: "etherscan txlist" } as unknown as Source;
	const list = { id: "file:2", kind: "file", name: "victims.csv", sha256: hash(2), detail: "labels: desk" } as unknown as Source;
	const open = {
		chain: CHAIN,
		case: { id: caseId({ title: TITLE, chain: CHAIN as never, at: AT }), title: TITLE },
		assets: {},
		leaves: [{ account: "eip155:1:0xa", labels: [{ ...victim, account: undefined }] }],
		coverage: { sources: [source, list], gaps: [] },
	} as unknown as TraceResult;
	const stored = { ...open, id: traceId(open) };
	const other = "0123456789abcdef";
	const redacted = (entries: readonly CustodyEntry[], labels = [victim]) => {
		const redaction = redactionOf(labels.length === 0 ? { ...stored, leaves: [] } : stored, {
			labels,
			sources: [source, list],
			createdAt: AT,
		});
		return { log: redaction.custody(entries), result: redaction.result(stored), redaction };
	};
	const entries = logOf([
		["case created", `${TITLE} (eip155:1)`],
		["files imported", `1 files, 2 new transfers; sha256 ${hash(1)}`],
		["labels imported", `1 labels, desk, sha256 ${hash(2)}`],
		["trace run", `${other}: tx:0x1`],
		["trace run", `${stored.id}: tx:0x${"1".repeat(64)}`],
		[
			"bundle exported",
			`trace ${stored.id} as a folder; manifest.json sha256 ${hash(3)}; not signed; names of victims withheld, the trace as ${other}`,
		],
		["requests written", `trace ${stored.id}: a; packet.json sha256 ${hash(4)}, ${hash(5)}`],
		["certification drafted", `law x, of trace ${stored.id}, not signed; manifest.json sha256 ${hash(3)}; the draft sha256 ${hash(6)}`],
		["case copied", `to case=${stored.case.id}: everything up to entry 8, sha256 ${hash(7)}`],
	]);

	it("names the trace, the case and no file by a hash over what held the name", () => {
		const { log, result, redaction } = redacted(entries);
		const text = JSON.stringify(log);
		for (const secret of [NAME, stored.id, other, stored.case.id, ...[2, 3, 4, 5, 6, 7].map(hash)]) expect(text).not.toContain(secret);
		expect(log.map(({ detail }) => detail)).toEqual([
			"The theft from victim 1 (eip155:1)",
			`1 files, 2 new transfers; sha256 ${hash(1)}`,
			"1 labels, desk, sha256 withheld",
			"withheld: tx:0x1",
			`${result.id}: tx:0x${"1".repeat(64)}`,
			`trace ${result.id} as a folder; manifest.json sha256 withheld; not signed; names of victims withheld, the trace as withheld`,
			`trace ${result.id}: a; packet.json sha256 withheld, withheld`,
			`law x, of trace ${result.id}, not signed; manifest.json sha256 withheld; the draft sha256 withheld`,
			`to case=${result.case.id}: everything up to entry 8, sha256 withheld`,
		]);
		expect(firstBroken(log)).toBeUndefined();
		expect(result.case).toEqual({
			id: caseId({ title: "The theft from victim 1", chain: CHAIN as never, at: AT }),
			title: "The theft from victim 1",
		});
		expect(redaction.info({ ...stored.case, chain: CHAIN as never, createdAt: AT }).id).toBe(result.case.id);
		expect(
			failuresOf((fail) =>
				checkCustody(
					new Map([["custody.jsonl", bytesOf(log.map((one) => `${canonicalJson(one)}\n`).join(""))]]),
					{ case: { id: "", title: result.case.title, chain: CHAIN, createdAt: AT }, trace: result.id },
					fail,
				),
			),
		).toBe("");
	});

	it("stays as it is where no victim is named", () => {
		expect(redacted(entries, []).log).toBe(entries);
	});
});

describe("a custody log", () => {
	const ID = "a".repeat(16);
	const at = "2026-01-02T00:00:00Z";
	type Said = readonly [action: string, detail: string, at?: string];
	const checked = (said: readonly Said[], manifest: { redacted?: string }, fail: (where: string, what: string) => void) => {
		const files = new Map([
			[
				"custody.jsonl",
				bytesOf(
					logOf(said)
						.map((entry) => `${canonicalJson(entry)}\n`)
						.join(""),
				),
			],
		]);
		const about = { case: { id: "", title: "t", chain: "c", createdAt: at }, trace: ID, ...manifest };
		return checkCustody(files, about, fail);
	};
	const judged = (said: readonly Said[], manifest: { redacted?: string } = {}) => failuresOf((fail) => checked(said, manifest, fail));
	const wordsOf = (said: readonly Said[]) => checked(said, {}, () => {});
	const run: Said = ["trace run", `${ID}: tx:0x1`];
	it("begins when the case was created, where it says that it was", () => {
		expect(judged([["case created", "t (c)"], run])).toBe("");
		expect(judged([["case created", "t (c)", "2026-01-03T00:00:00Z"], run])).toContain("the case was created at 2026-01-03T00:00:00Z");
		expect(judged([["case imported", "t (c)"], run])).toBe(
			'custody.jsonl line 1: the log begins with "case imported", and every case\'s with "case created"',
		);
		expect(judged([run])).toContain('line 1: the log begins with "trace run"');
		// An earlier version took a name out of the action, too.
		expect(judged([["victim 1", "t (c)"], run], { redacted: "1 names of victims" })).toBe("");
		expect(judged([run], { redacted: "1 names of victims" })).toContain('line 1: the log begins with "trace run"');
	});

	it("has times of the calendar, and says which run back", () => {
		const early = "2026-01-01T00:00:00.5Z";
		const said: readonly Said[] = [
			["case created", "t (c)"],
			[run[0], run[1], early],
			["labels used", "x", "2026-01-03T00:00:00Z"],
		];
		expect(judged(said)).toBe("");
		const words = wordsOf(said);
		expect(words).toContain("when the case was created, and when the entries of its log were made");
		expect(words).toContain("times of custody.jsonl that run backwards (1), first at line 2");
		expect(wordsOf([["case created", "t (c)"], run])).not.toContainEqual(expect.stringContaining("run backwards"));
		for (const time of ["on 1 January 2019", "2026-02-30T00:00:00Z", "2026-01-02", "2026-01-02T00:00:00Z, before a notary"])
			expect(
				judged([
					["case created", "t (c)"],
					[run[0], run[1], time],
				]),
			).toBe(`custody.jsonl line 2: was made at ${JSON.stringify(time)}, which is no time as logs state it`);
		const spoken: string[] = [];
		checkCreated({ id: "", title: "", chain: "", createdAt: "2019, before a notary" }, (where, what) => spoken.push(`${where}: ${what}`));
		expect(spoken).toEqual(['manifest.json: its case was created at "2019, before a notary", which is no time as cases state it']);
	});

	it("says that the trace was run, or by its id from before where an earlier version took names out", () => {
		const other: Said = ["money followed", `${"b".repeat(16)}: tx:0x1`];
		const lacks = `custody.jsonl: no entry says that trace ${ID} was run`;
		for (const action of ["trace run", "trace run again", "money followed", "money followed again"])
			expect(
				judged([
					["case created", "t (c)"],
					[action, `${ID}: x`],
				]),
			).toBe("");
		expect(judged([])).toBe(lacks);
		expect(judged([["case created", "t (c)"]])).toBe(lacks);
		expect(judged([["case created", "t (c)"], other])).toBe(lacks);
		expect(
			judged([
				["case created", "t (c)"],
				["note", `${ID}: x`],
			]),
		).toBe(lacks);
		expect(judged([["case created", "t (c)"], other], { redacted: "1 names of victims" })).toBe("");
		expect(judged([["case created", "t (c)"]], { redacted: "1 names of victims" })).toBe(lacks);
	});
});

describe("what was withheld", () => {
	const judged = (redacted: string | undefined, encrypted = false) =>
		failuresOf((fail) =>
			checkWithheld(
				{ ...(redacted === undefined ? {} : { redacted }), files: encrypted ? [{ path: "victims.age", bytes: "1", sha256: "" }] : [] },
				fail,
			),
		);
	const also = "; custody entries, titles and notes that named them are changed, and the log is chained anew; label files are left out";
	it("is said in one of the sentences that there are", async () => {
		expect(judged(undefined)).toBe("");
		for (const text of [
			"no label of the case names a victim: nothing was replaced",
			"2 names of victims are replaced and not in this bundle",
			`2 names of victims are replaced and not in this bundle${also}`,
			`12 names of victims are replaced and not in this bundle${also}; 3 imported files that held one are left out`,
		])
			expect([text, judged(text)]).toEqual([text, ""]);
		for (const text of [
			"names are withheld by order of a court",
			"",
			`2 names of victims are replaced and not in this bundle${also}; confirmed`,
		])
			expect(judged(text)).toContain("says of what was withheld what no bundle says");
	});

	it("goes along encrypted where it says so, and only there", () => {
		const said = `2 names of victims are replaced; victims.age holds them, encrypted${also}`;
		expect(judged(said, true)).toBe("");
		expect(judged(said)).toContain("says that victims.age holds the names, and does not list it");
		expect(judged(undefined, true)).toContain("lists victims.age, and does not say what it holds");
	});
});
