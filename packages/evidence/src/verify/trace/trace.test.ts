import { testAccount } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { type Loose, rowOf } from "../blocks.test-util.js";
import { checkFacts } from "../bundle/facts.js";
import type { Manifest, Trace } from "../bundle/formats.js";
import { checkCsv } from "../bundle/transfers-csv.js";
import { complaintsOf, failuresOf, jsonLine, smallBundle, smallTrace, textIn, under, withFile } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";
import { parseCsv } from "../encoding/csv.js";
import { checkArithmetic } from "./arithmetic.js";

let trace: Trace;
let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
	const told = await smallTrace();
	trace = JSON.parse(canonical(told)) as Trace;
	files = await smallBundle(told);
});
const COIN = "eip155:1/slip44:60";
const first = <T>([one]: readonly T[]): T => one as T;

const complaints = (edit?: (trace: Loose<Trace>) => unknown) => complaintsOf(trace, edit);

describe("a trace by itself", () => {
	it("says nothing that contradicts itself", () => {
		expect(complaints()).toEqual([]);
	});

	it.each<[string, string, (trace: Loose<Trace>) => unknown]>([
		["a rule that there is not", 'runs a rule that there is not: "guess"', (t) => t.rules.push("guess")],
		["a rule twice", "must name its rules, each once", (t) => (t.rules = ["fifo", "fifo"])],
		["no rule", "must name its rules, each once", (t) => (t.rules = [])],
		["no seed", "has 0 seeds", (t) => (t.seeds = [])],
		["more seeds than anybody names", "has 1001 seeds", (t) => (t.seeds = Array.from({ length: 1001 }, () => first(t.seeds)))],
		["an amount that lacks a rule", "edge 1: does not state an amount under each rule", (t) => (first(t.edges).tainted = { fifo: "6" })],
		["origins of one seed", "edge 1: does not state an amount for each seed", (t) => (first(t.edges).byOrigin = [under("6")])],
		["an end point twice", "leaf 3: is an end point that stands there already", (t) => t.leaves.push(first(t.leaves))],
		["poison that conserves", '"poison" conserves nothing, was not run, or is never added up', (t) => (t.conservation["poison"] = {})],
		["a what-if that it is not", "calls itself a what-if, and nothing narrowed it", (t) => (t.parameters["whatIf"] = "--fee coinbase")],
		[
			"a what-if in other words",
			"calls itself a what-if in other words than its parameters: --until: nothing after block 9",
			(t) => Object.assign(t.parameters, { until: "9", whatIf: "checked by a court" }),
		],
		...[
			["seedLimit", "1 ETH"],
			["seedAsset", "the stolen asset"],
			["seedSince", "-1"],
			["until", "2020-01-01"],
			["dust", "little"],
			["conversions", "some"],
			["minLabelConfidence", "sworn"],
		].map(([name = "", value = ""]): [string, string, (trace: Loose<Trace>) => unknown] => [
			`a parameter ${name} that there is not`,
			`its parameter ${name} is ${JSON.stringify(value)}, which there is not`,
			(t) => (t.parameters[name] = value),
		]),
		["fewer rules, unsaid", "is a what-if (fewer rules), and does not say so", (t) => (t.rules = ["fifo"])],
		["a narrowing, unsaid", "is a what-if (dust), and does not say so", (t) => (t.parameters["dust"] = "1")],
		[
			"a small budget, unsaid",
			"is a what-if (maxAccounts), and does not say so",
			(t) => Object.assign(t.parameters, { budgetBound: "yes", maxAccounts: "5" }),
		],
		["other decimals", `${COIN} has 18 decimals, not 8`, (t) => Object.assign(t.assets[COIN] ?? {}, { decimals: 8 })],
		["a row of no source", 'edge 1: is by "nobody", which is no source of the trace', (t) => (first(t.edges).source = "nobody")],
		[
			"an open end without a gap",
			"leaf 1: ends as unfetched, and no gap says what is missing there",
			(t) => (first(t.leaves).stop.reason = "unfetched"),
		],
		[
			"a budget without a gap",
			"leaf 1: ends as budget, and no gap says what is missing there",
			(t) => (first(t.leaves).stop.reason = "budget"),
		],
		["end points in another order", "leaf 2: stands behind an end point that it comes before", (t) => t.leaves.reverse()],
		["a row of another number", "edge 1: is numbered 4", (t) => (first(t.edges).row = 4)],
		["rows in another order", "edge 2: position 1.0.1 stands before 2.0.1", (t) => Object.assign(t.edges, [t.edges[1], t.edges[0]])],
		["a movement twice", "edge 2: stands on the same movement as edge 1", (t) => Object.assign(t.edges[1] ?? {}, { position: "1.0.1" })],
		["more taint than moved", "edge 1: fifo taints 11 of 10", (t) => (first(t.edges).tainted["fifo"] = "11")],
		["money that comes from nowhere", "unaccounted for at", (t) => (first(t.leaves).amounts[COIN] = under("5"))],
		[
			"another sum in its table",
			"the rows give seeded 10, the table says 9",
			(t) => Object.assign(t.conservation["fifo"]?.[COIN] ?? {}, { seeded: "9" }),
		],
		["a range without a gap", "edge 1: has a range of its own, and no gap says", (t) => (first(t.edges).range = ["0", "10"])],
		["a range that leaves out a rule", "edge 1: its range leaves out what a rule says", (t) => (first(t.edges).range = ["0", "1"])],
		["a range beyond what moved", "edge 1: its range goes to 11 of 10", (t) => (first(t.edges).range = ["0", "11"])],
		["an end point of two assets", "leaf 1: must name one asset", (t) => (first(t.leaves).amounts["x"] = under("0"))],
		["another agreed", "leaf 1: agreed is 6, not 5", (t) => (first(t.leaves).agreed = "5")],
		["another range", "leaf 1: agreed is 6, range is 6 to 6", (t) => (first(t.leaves).range = ["5", "6"])],
		[
			"a range of an end point that leaves out a rule",
			"leaf 1: its range leaves out 6 to 6, which the rules say",
			(t) => (first(t.leaves).range = ["7", "8"]),
		],
		["more than came", "leaf 1: holds up to 8, and no more than 6 came", (t) => (first(t.leaves).range = ["6", "8"])],
		[
			"origins that do not add up",
			"fifo: the origins give 9, the row says 10",
			(t) => (first(t.edges).byOrigin = [under("4"), under("5")]),
		],
		[
			"claims of origins that are no larger",
			"libr: the origins give 5, the row says 10",
			(t) => (first(t.edges).byOrigin = [under("4"), under("5")]),
		],
	])("with %s is refused", (_, message, edit) => {
		expect(complaints(edit)).toContainEqual(expect.stringContaining(message));
	});

	it("has outputs that are made once and spent once, whole, or lie at one end", () => {
		const OUT = `${"a".repeat(64)}:0`;
		const made = { kind: "output", amount: "5", outpoint: OUT, tainted: { fifo: "5" }, position: "1.0.1" };
		const spent = { ...made, kind: "spend", position: "2.0.0" };
		const end = { outpoint: OUT, amount: "5", tainted: { fifo: "5" } };
		const about = (edges: readonly object[], outpoints: readonly object[] = []) => {
			const found: string[] = [];
			const leaf = {
				account: "",
				labels: [],
				stop: { reason: "unspent", detail: "" },
				amounts: {},
				agreed: "0",
				range: ["0", "0"],
				outpoints,
			};
			const rows = edges.map((edge, i) => rowOf({ ...edge, row: i + 1 }));
			const open = { ...trace, rules: [], seeds: [], conservation: {}, edges: rows, leaves: [leaf] };
			checkArithmetic(open as unknown as Trace, (where, what) => found.push(`${where}: ${what}`));
			return found.filter((one) => one.includes("output"));
		};
		expect(about([made, spent])).toEqual([]);
		expect(about([made], [end])).toEqual([]);
		const other = `takes from output ${OUT} other than what was put there, or takes it twice`;
		expect(about([made, { ...spent, amount: "4" }])).toContain(`trace.json edge 2: ${other}`);
		expect(about([made, spent, { ...spent, position: "3.0.0" }])).toEqual([`trace.json edge 3: ${other}`]);
		expect(about([made, spent], [end])).toEqual([`trace.json leaf 1: ${other}`]);
		expect(about([made, { ...made, position: "1.0.2" }, spent])).toEqual([`trace.json edge 2: makes output ${OUT} a second time`]);
		expect(about([made])).toEqual([`trace.json: output ${OUT} is neither spent nor at a leaf`]);
	});
});

describe("the table of a bundle", () => {
	const table = (edit: (text: string) => string = (text) => text) => {
		const found: string[] = [];
		const known = trace.edges.map(() => ({ tier: "imported" }));
		checkCsv(edit(textIn(files, "transfers.csv")), trace, known, (where, what) => found.push(`${where}: ${what}`));
		return found;
	};
	/** Replaces the cell of a column in the first row. */
	const cell = (column: string, value: string) => (text: string) => {
		const [header = "", row = "", ...rest] = text.split("\r\n");
		const cells = row.split(",");
		cells[header.split(",").indexOf(column)] = value;
		return [header, cells.join(","), ...rest].join("\r\n");
	};

	it("says what the trace says", () => {
		expect(table()).toEqual([]);
	});

	it.each<[string, string, (text: string) => string]>([
		["an open quote", "transfers.csv: a quote is not closed", (text) => `${text}"`],
		["a last line that does not end", "the last line does not end", (text) => text.trimEnd()],
		["a line that ends otherwise", "expected a line end at byte", (text) => text.replace("\r\n", "\n")],
		["other columns", "transfers.csv: its columns are not row, chain,", (text) => text.replace("chain", "network")],
		["a row less", "transfers.csv: has 2 rows, trace.json has 3 edges", (text) => text.split("\r\n").toSpliced(1, 1).join("\r\n")],
		["a row more", "transfers.csv: has 4 rows, trace.json has 3 edges", (text) => `${text}${text.split("\r\n")[1]}\r\n`],
		["a cell more", "transfers.csv row 1: has", (text) => text.replace("\r\n1,", "\r\n1,1,")],
		["another sender", "row 1: column from is not", cell("from", testAccount(7).slice(9))],
		["another receiver", "row 1: column to is not", cell("to", testAccount(7).slice(9))],
		["another symbol", "row 1: column symbol is not that of trace.json", cell("symbol", "BTC")],
		["another amount", 'row 1: column amount_base_units says "11", trace.json "10"', cell("amount_base_units", "11")],
		["another way of being known", 'row 1: column known says "proven", trace.json "imported"', cell("known", "proven")],
	])("with %s is refused", (_, message, edit) => {
		expect(table(edit)).toContainEqual(expect.stringContaining(message));
	});

	it("is read as RFC 4180 says", () => {
		expect(parseCsv('a,"b ""c"""\r\n,\r\n')).toEqual([
			["a", 'b "c"'],
			["", ""],
		]);
		expect(() => parseCsv('"a"b\r\n')).toThrow("row 0: expected a line end at byte 3");
	});
});

describe("the facts of a bundle", () => {
	const [X, Y] = [testAccount(1), testAccount(2)];
	const source = { id: "s", kind: "file", name: "f", sha256: "1".repeat(64), detail: "" };
	const label = { entity: "Exchange", category: "exchange", name: "", source: "s", retrievedAt: "", confidence: 50 };
	const told = () => ({
		schema: "clew.facts/1",
		contracts: [],
		coverage: [],
		case: { id: "c", title: "t", chain: "eip155:1", createdAt: "" },
		sources: [source],
		labels: [{ account: X, ...label }],
		assets: [{ asset: COIN, symbol: "ETH", decimals: 18 }],
		openings: [{ account: X, asset: COIN, height: 0, amount: "0", source: "s" }],
	});
	const about = (edit: (facts: ReturnType<typeof told>) => unknown = () => {}, detail = "", gaps: readonly object[] = []) => {
		const facts = told();
		edit(facts);
		const found: string[] = [];
		const leaves = [{ account: X, labels: [{ ...label, tier: "attribution" }], stop: { detail } }];
		const traced = { leaves, assets: { [COIN]: { symbol: "ETH", decimals: 18 } }, coverage: { sources: [source], gaps } };
		const manifest = { case: told().case } as Manifest;
		const files = new Map([["facts.json", Buffer.from(jsonLine(facts))]]);
		checkFacts(files, traced as unknown as Trace, manifest, (where, what) => found.push(`${where}: ${what}`));
		return found;
	};

	it("hold what the trace says", () => {
		expect(about()).toEqual([]);
	});

	it("hold the label that money passed", () => {
		const ended = { account: Y, ...label, validUntil: "2020-01-01" };
		const passed = (entity: string, account = Y) => ({
			...{ kind: "label-validity", account },
			text: `a label of ${entity} (exchange, confidence 50; until 2020-01-01) stood here, and did not hold any more when money came at these heights: that label did not stop it`,
		});
		const held = (gap: object) => about((facts) => facts.labels.push(ended), "", [gap]);
		expect(held(passed("Exchange"))).toEqual([]);
		for (const [gap, account] of [
			[passed("John Doe, a thief"), Y],
			[passed("Exchange", X), X],
		] as const)
			expect(held(gap)).toEqual([`facts.json: ${account}: does not hold the label of which trace.json says that money passed it`]);
	});

	it("hold the detection by which an end point ends", () => {
		const detail = "behaviour alone: deposit-address of 0xab (heuristic version 2, score 90); nobody labelled it";
		const seen = { kind: "deposit-address", tier: "structural", version: 2, score: 90, counterpart: "eip155:1:0xab" };
		const withSeen = (change: object) => (facts: object) =>
			Object.assign(facts, { detections: [{ id: X, json: JSON.stringify([{ ...seen, ...change }]) }] });
		expect(about(withSeen({}), detail)).toEqual([]);
		const refused = [`facts.json: ${X}: holds no detection of "deposit-address" by which trace.json ends there`];
		expect(about(() => {}, detail)).toEqual(refused);
		for (const change of [{ kind: "hot-wallet" }, { tier: "lead" }, { score: 91 }, { version: 1 }, { counterpart: "eip155:1:0xcd" }])
			expect(about(withSeen(change), detail)).toEqual(refused);
		expect(about((facts) => Object.assign(facts, { detections: [{ id: X, json: "{" }] }), detail)).toEqual(refused);
	});

	it.each<[string, string, (facts: ReturnType<typeof told>) => unknown]>([
		["another case", "is of another case than manifest.json", (facts) => (facts.case.title = "another")],
		["no label", `${X}: does not hold the label "Exchange" that trace.json gives it`, (facts) => (facts.labels = [])],
		["a label of somebody else", `${X}: does not hold the label "Exchange"`, (facts) => (first(facts.labels).account = Y)],
		[
			"other decimals",
			`${COIN}: has 6 decimals and the symbol "ETH", which trace.json does not say`,
			(facts) => (first(facts.assets).decimals = 6),
		],
		[
			"an opening by nobody",
			`an opening balance of ${X} is by "nobody", which is no source of the case`,
			(facts) => (first(facts.openings).source = "nobody"),
		],
		[
			"another file for a source",
			'does not hold the source "s" as trace.json states it',
			(facts) => (facts.sources = [{ ...source, sha256: "2".repeat(64) }]),
		],
		[
			"an account in capitals",
			"which is no account of its chain",
			(facts) => Object.assign(first(facts.labels), { account: X.toUpperCase() }),
		],
		["an asset of no form", 'names "eip155:1/coin", which is no asset', (facts) => (first(facts.openings).asset = "eip155:1/coin")],
		["no sources", "$: lacks sources", (facts) => Object.assign(facts, { sources: undefined })],
	])("with %s are refused", (_, message, edit) => {
		expect(about(edit)).toContainEqual(expect.stringContaining(message));
	});

	it("are looked at where a bundle has them", async () => {
		expect(await failuresOf(withFile(files, "facts.json", "{}\n"))).toEqual([expect.stringMatching(/^facts.json: \$/)]);
	});
});
