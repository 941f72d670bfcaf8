import { describe, expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import { checkFollowed } from "./followed.js";

const id = (digits: string) => `eip155:1:0x${digits.padStart(40, "0")}`;
const [VICTIM, THIEF, DESK, CUSTOMER] = ["a1", "b1", "c1", "d1"].map(id) as [string, string, string, string];
const COIN = "eip155:1/slip44:60";
const row = (n: number, from: string, to: string, rest: object = {}) => ({
	...{ row: n, position: `${10 + n}.0.1`, from, to, kind: "native", asset: COIN, amount: "50", tainted: { fifo: "50" } },
	...{ time: "2026-01-01T00:00:00Z", ...rest },
});
const label = (rest: object = {}) => ({
	account: DESK,
	entity: "Kraken",
	name: "",
	category: "exchange",
	source: "s",
	retrievedAt: "",
	confidence: 90,
	...rest,
});
const seeds = [
	{ spec: "transfer:11.0.1", rows: [{ position: "11.0.1", account: THIEF, asset: COIN, amount: "50", seeded: { fifo: "50" } }] },
];

/** What is wrong with a trace in which the thief pays the desk, and the desk its customer. */
function wrongWith(known: object, parameters: object = {}, through = DESK, more: object = {}): string[] {
	const edges = [row(1, VICTIM, THIEF), row(2, THIEF, through, more), row(3, through, CUSTOMER)];
	const trace = { chain: "eip155:1", edges, seeds, leaves: [], parameters } as unknown as Trace;
	const found: string[] = [];
	checkFollowed(trace, known, (where, what) => found.push(`${where}: ${what}`));
	return found;
}

describe("where money is followed on", () => {
	it("is not through a service by a label that stood when money came, as strong as the trace asks for", () => {
		expect(wrongWith({})).toEqual([]);
		expect(wrongWith({ labels: [label()] })).toEqual([
			`trace.json edge 3: follows money on through ${DESK}, where it ends: it is labelled Kraken (exchange, confidence 90)`,
		]);
		expect(wrongWith({ labels: [label()] }, { minLabelConfidence: "100" })).toEqual([]);
		expect(wrongWith({ labels: [label({ confidence: 10 })] })).toEqual([]);
		expect(wrongWith({ labels: [label({ category: "phishing" })] })).toEqual([]);
		expect(wrongWith({ labels: [label({ validUntil: "2025-12-31" })] })).toEqual([]);
		expect(wrongWith({ labels: [label({ validUntil: "2026-12-31" })] })).toHaveLength(1);
		// When money came is not known: the label may have stood.
		expect(wrongWith({ labels: [label({ validUntil: "2025-12-31" })] }, {}, DESK, { time: "" })).toHaveLength(1);
	});

	it("is not through what was seen to be a service, above the score that the trace asks for", () => {
		const seen = (rest: object) => ({ detections: new Map([[DESK, [{ kind: "hot-wallet", tier: "structural", score: 80, ...rest }]]]) });
		expect(wrongWith(seen({}))).toEqual([
			`trace.json edge 3: follows money on through ${DESK}, where it ends: it was seen to be a hot-wallet`,
		]);
		for (const other of [{ kind: "peel-chain" }, { tier: "lead" }, { score: 59 }]) expect(wrongWith(seen(other))).toEqual([]);
		expect(wrongWith(seen({}), { minDetectionScore: "101" })).toEqual([]);
	});

	it("is not through nobody's address, nor a published bridge", () => {
		expect(wrongWith({}, {}, id("dead"))[0]).toContain("nobody has the key");
		expect(wrongWith({}, {}, id("0"))[0]).toContain("nobody has the key");
		expect(wrongWith({}, {}, "eip155:1:0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5")[0]).toContain("published contract of across");
	});

	it("is not behind the time window, out of dust, or through more accounts than the budget", () => {
		expect(wrongWith({}, { until: "12" })).toEqual(["trace.json edge 3: is in block 13, and the trace ends at block 12"]);
		expect(wrongWith({}, { until: "end of data" })).toEqual([]);
		expect(wrongWith({}, { dust: `51 of ${COIN}` })).toEqual([
			`trace.json edge 3: follows money on through ${DESK}, to which no more than dust came`,
		]);
		expect(wrongWith({}, { dust: `50 of ${COIN}` })).toEqual([]);
		expect(wrongWith({}, { maxAccounts: "1" })).toEqual(["trace.json: follows 2 accounts, and its budget is 1"]);
		expect(wrongWith({}, { maxAccounts: "2" })).toEqual([]);
	});

	it("is out of what one rule alone, or a range, calls more than dust", () => {
		const dust = { dust: `51 of ${COIN}` };
		expect(wrongWith({}, dust, DESK, { tainted: { fifo: "0", poison: "50" } })).toHaveLength(1);
		expect(wrongWith({}, dust, DESK, { tainted: { fifo: "0", poison: "51" } })).toEqual([]);
		expect(wrongWith({}, dust, DESK, { range: ["0", "51"] })).toEqual([]);
	});

	it("is through seeds whatever the budget is", () => {
		const found = (specs: readonly string[]) => {
			const failures: string[] = [];
			const row = (from: string, to: string, position: string) => ({
				from,
				to,
				position,
				kind: "native",
				asset: COIN,
				tainted: { fifo: "9" },
			});
			const edges = [row("v", "a", "1.0.1"), row("v", "b", "1.1.1"), row("a", "c", "2.0.1"), row("b", "c", "3.0.1")];
			const seeds = specs.map((spec) => ({ spec, rows: [] }));
			const trace = { chain: "eip155:1", edges, seeds, leaves: [], parameters: { maxAccounts: "1" } } as unknown as Trace;
			checkFollowed(trace, {}, (_, what) => failures.push(what));
			return failures;
		};
		expect(found(["account:a", "account:b"])).toEqual([]);
		expect(found(["tx:1", "tx:2"])).toEqual(["follows 2 accounts, and its budget is 1"]);
	});

	it("counts owners of outputs against the budget, not the transactions between them", () => {
		const CHAIN = "bip122:000000000019d6689c085ae165831e93";
		const [first, second, last] = ["bc1qfirst", "bc1qsecond", "bc1qlast"].map((address) => `${CHAIN}:${address}`) as [
			string,
			string,
			string,
		];
		const node = (n: number) => `${CHAIN}:tx-${String(n).repeat(64)}`;
		const coin = { asset: `${CHAIN}/slip44:0` };
		const edges = [
			row(1, node(1), first, { ...coin, kind: "output" }),
			row(2, first, node(2), { ...coin, kind: "spend" }),
			row(3, node(2), second, { ...coin, kind: "output" }),
			row(4, second, node(3), { ...coin, kind: "spend" }),
			row(5, node(3), `${CHAIN}:null`, { ...coin, kind: "fee" }),
			row(6, node(3), last, { ...coin, kind: "output" }),
		];
		const judged = (maxAccounts: string, labels: readonly object[] = []) => {
			const found: string[] = [];
			const trace = {
				chain: CHAIN,
				edges,
				seeds: [{ spec: "tx:1", rows: [] }],
				leaves: [],
				parameters: { maxAccounts },
			} as unknown as Trace;
			checkFollowed(trace, { labels } as never, (where, what) => found.push(`${where}: ${what}`));
			return found;
		};
		expect(judged("2")).toEqual([]);
		expect(judged("1")).toEqual(["trace.json: follows 2 accounts, and its budget is 1"]);
		expect(judged("2", [label({ account: second })])[0]).toContain(`edge 4: follows money on through ${second}, where it ends`);
	});

	it("takes no longer where an account got and paid many times", () => {
		const often = Array.from({ length: 20_000 }, (_, i) => row(2 * i + 2, THIEF, DESK));
		const edges = [row(1, VICTIM, THIEF), ...often.flatMap((edge) => [edge, row(edge.row + 1, DESK, THIEF)])];
		const found: string[] = [];
		checkFollowed({ chain: "eip155:1", edges, seeds, leaves: [], parameters: {} } as unknown as Trace, {}, (_, what) => found.push(what));
		expect(found).toEqual([]);
	});

	it("is through a service that was robbed itself, and to which stolen money comes back", () => {
		const edges = [row(1, DESK, THIEF), row(2, THIEF, DESK)];
		const trace = { chain: "eip155:1", edges, seeds, leaves: [], parameters: {} } as unknown as Trace;
		const found: string[] = [];
		checkFollowed(trace, { labels: [label()] }, (_, what) => found.push(what));
		expect(found).toEqual([]);
	});
});
