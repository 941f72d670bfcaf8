import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Passage, Trace } from "../bundle/formats.js";
import { checkPassages } from "./passages.js";

const asset = `${TEST_CHAIN}/slip44:60`;
const HASH = `0x${"a".repeat(64)}`;
const side = (position: string, of = asset): Passage["paid"] => ({
	...{ position, txHash: HASH, from: testAccount(1), to: testAccount(2), asset: of, amount: "50" },
});
const paid = side("2.0.1");
const here: Passage = { key: "here", tier: "structural", paid, got: side("2.0.3"), into: { fifo: "5", libr: "5" } };
const away: Passage = { key: "away", tier: "structural", paid, got: side("7.0.1", "eip155:56/slip44:60"), into: { fifo: "5", libr: "5" } };
const marked = (position: string, passage: string | undefined, fifo = "5") => ({
	...{ position, txHash: HASH, account: testAccount(2), asset, amount: "50", seeded: { fifo, libr: fifo } },
	...(passage === undefined ? {} : { passage }),
});

/** What is found wrong where seeds mark these rows, and what is named. */
function judged(seeds: readonly (readonly ReturnType<typeof marked>[])[], passages: readonly Passage[] = [], more: object = {}) {
	const failures: string[] = [];
	const trace = {
		...{ chain: TEST_CHAIN, rules: ["fifo", "libr"], passages, edges: [side("2.0.1"), side("2.0.3")], parameters: {} },
		...{ seeds: seeds.map((rows) => ({ spec: `account:${testAccount(1)}`, rows })), ...more },
	} as unknown as Trace;
	const stated = checkPassages(trace, undefined, (where, what) => failures.push(`${where}: ${what}`));
	return { failures, arrived: stated.filter((words) => words.startsWith("what came over")) };
}

describe("what a seed marks of a passage", () => {
	it("is refused where no passage of the trace can have brought it", () => {
		const none = [
			"trace.json seed 1 at 3.0.1: marks what came out of passage across:1:1, and the trace has none that it can have come from",
		];
		expect(judged([[marked("3.0.1", "across:1:1")]]).failures).toEqual(none);
		expect(judged([[marked("3.0.1", "across:1:1")]], [here]).failures).toEqual(none);
		// What went to another chain went there before, and was tainted.
		const early = [{ ...away, paid: side("4.0.1") }];
		expect(judged([[marked("3.0.1", "across:1:1")]], early).failures).toContain(none[0]);
		expect(judged([[marked("3.0.1", "across:1:1")]], [{ ...away, into: { fifo: "0" } }]).failures).toEqual(none);
		const unsought = { parameters: { passages: "not looked for" } };
		expect(judged([[marked("3.0.1", "across:1:1")]], [], unsought).failures).toEqual(none);
	});

	it("is the far side that it names, of no more than came out", () => {
		expect(judged([[marked("2.0.3", "here")]], [here])).toEqual({ failures: [], arrived: [] });
		const other = ["trace.json seed 1 at 3.0.1: marks what came out of passage here, which comes out by no such movement"];
		expect(judged([[marked("3.0.1", "here")]], [here]).failures).toEqual(other);
		expect(judged([[marked("2.0.3", "here")]], [{ ...here, tier: "lead" }]).failures).toEqual([
			"trace.json seed 1 at 2.0.3: marks what came out of passage here, which comes out by no such movement",
			"trace.json passage 1: is a lead, and says where its money came out",
		]);
		expect(judged([[marked("3.0.1", "away")]], [away]).failures).toHaveLength(1);
		const more = (rule: string, n: number) => `trace.json: passage here: under ${rule} ${n} is marked of 5 that came out`;
		expect(judged([[marked("2.0.3", "here", "6")]], [here]).failures).toEqual([more("fifo", 6), more("libr", 6)]);
		// Units are added over seeds, claims are not.
		expect(judged([[marked("2.0.3", "here", "3")], [marked("2.0.3", "here", "4")]], [here]).failures).toEqual([more("fifo", 7)]);
	});

	it("is named where it came from another chain: back from there, or to the far side alone", () => {
		const arrived = [`what came over passages from elsewhere and is marked as stolen (1 movement, at most 5 of ${asset})`];
		expect(judged([[marked("3.0.1", "back")]], [away])).toEqual({ failures: [], arrived });
		const seeds = (...rows: ReturnType<typeof marked>[]) => ({ seeds: [{ spec: "passage:account:x", rows }] });
		expect(judged([], [], seeds(marked("3.0.1", "back")))).toEqual({ failures: [], arrived });
		expect(judged([], [], seeds(marked("3.0.1", undefined))).failures).toEqual([
			"trace.json seed 1 at 3.0.1: marks what came out of no passage, and stands on another chain",
		]);
		const mixed = { seeds: [...seeds(marked("3.0.1", "back")).seeds, { spec: "account:x", rows: [] }] };
		expect(judged([], [], mixed).failures).toEqual(["trace.json: has seeds of this chain and seeds of another one"]);
	});
});
