import { beforeAll, describe, expect, it } from "vitest";
import type { Loose } from "../blocks.test-util.js";
import type { Trace } from "../bundle/formats.js";
import { complaintsOf, smallTrace } from "../bundle.test-util.js";
import { canonical } from "../encoding/canonical.js";

let trace: Trace;
beforeAll(async () => {
	trace = JSON.parse(canonical(await smallTrace())) as Trace;
});
const first = <T>([one]: readonly T[]): T => one as T;
const complaints = (edit?: (trace: Loose<Trace>) => unknown) => complaintsOf(trace, edit);

/** The first end point ends at a service by a label, of which a forger changed fields, and not the end point's detail. */
function labelled(t: Loose<Trace>, change: object): void {
	const leaf = first(t.leaves);
	const label = { entity: "Binance", name: "", category: "exchange", source: "own", retrievedAt: "", confidence: 80, ...change };
	Object.assign(leaf, { labels: [label] });
	leaf.stop = { reason: "service", detail: `labelled Binance (exchange, confidence ${label.confidence})` };
}

const GIVEN_AWAY = { reason: "swap", detail: "given in an exchange; what came back is not traced" };

describe("an end point", () => {
	it("says nothing that its trace contradicts", () => {
		expect(complaints()).toEqual([]);
	});

	it.each<[string, string, (trace: Loose<Trace>) => unknown]>([
		[
			"an end that is called burned",
			"leaf 1: ends as burned, at an address that somebody may have the key of",
			(t) => (first(t.leaves).stop.reason = "burned"),
		],
		[
			"an unknown receiver that it names",
			"leaf 1: ends as unknown-receiver, and names who received it",
			(t) => (first(t.leaves).stop.reason = "unknown-receiver"),
		],
		...["service", "mixer", "bridge", "swap"].map((reason): [string, string, (trace: Loose<Trace>) => unknown] => [
			`a ${reason} without a label`,
			`leaf 1: ends as ${reason}, and no label that it states says so`,
			(t) => (first(t.leaves).stop = { reason, detail: "labelled Binance (exchange, confidence 80)" }),
		]),
		[
			"a service whose label is too weak",
			"leaf 1: ends as service, and no label that it states says so",
			(t) => labelled(t, { confidence: 19 }),
		],
		[
			"a service whose label is of another category",
			"leaf 1: ends as service, and no label that it states says so",
			(t) => labelled(t, { category: "victim" }),
		],
		[
			"a service whose detail names another",
			"leaf 1: ends as service, and its detail names no label that it states",
			(t) => labelled(t, { entity: "Upbit" }),
		],
		[
			"a bridge's contract that it is not",
			"leaf 1: ends as bridge, and no label that it states says so",
			(t) => (first(t.leaves).stop = { reason: "bridge", detail: "published contract of across" }),
		],
		[
			"a behaviour that no gap tells",
			"leaf 1: ends as service by behaviour alone, and no gap says so",
			(t) => (first(t.leaves).stop = { reason: "service", detail: "behaviour alone: hot-wallet" }),
		],
		[
			"an arrival where no row is",
			"leaf 1: says that money came at 5.1.1, where no row brings it any",
			(t) => Object.assign(first(t.leaves).arrivals ?? {}, { first: "5.1.1" }),
		],
		[
			"more arrivals than rows",
			"leaf 1: says that 99 movements brought its money from 2.0.1 to 2.0.1, and 1 rows name it",
			(t) => Object.assign(first(t.leaves).arrivals ?? {}, { count: 99 }),
		],
		[
			"one arrival at two places",
			"leaf 1: says that 1 movements brought its money from 2.0.0 to 2.0.1",
			(t) => Object.assign(first(t.leaves).arrivals ?? {}, { first: "2.0.0" }),
		],
		[
			"arrivals that run backwards",
			"leaf 1: says that money came first at 2.0.2 and last at 2.0.1",
			(t) => Object.assign(first(t.leaves).arrivals ?? {}, { first: "2.0.2" }),
		],
		[
			"money given in an exchange before any came",
			"leaf 1: says that it gave money in an exchange at 0.0.1, and no row brings it any before",
			(t) => Object.assign(first(t.leaves), { stop: GIVEN_AWAY, arrivals: { first: "0.0.1", last: "0.0.1", count: 1 } }),
		],
		["data that ends before its rows", "is in block 3, and the data ends at block 2", (t) => Object.assign(t.coverage, { cutoff: "2" })],
	])("with %s is refused", (_, message, edit) => {
		expect(complaints(edit)).toContainEqual(expect.stringContaining(message));
	});

	it("may end at services, bridges, mixers and nobody, for reasons that it states", () => {
		const ends = (stop: { reason: string; detail: string }, account?: string) =>
			complaints((t) => {
				const leaf = first(t.leaves);
				leaf.stop = stop;
				t.coverage.gaps.push({ kind: "behaviour-only", account: leaf.account, text: "" });
				if (account === undefined) return;
				for (const edge of t.edges) if (edge.to === leaf.account) edge.to = account;
				leaf.account = account;
			}).filter((one) => one.includes("ends as"));
		const address = (text: string) => `eip155:1:${text}`;
		expect(ends({ reason: "burned", detail: "" }, address(`0x${"0".repeat(40)}`))).toEqual([]);
		expect(ends({ reason: "burned", detail: "" }, address("0x000000000000000000000000000000000000dead"))).toEqual([]);
		expect(ends({ reason: "unknown-receiver", detail: "" }, address("unknown"))).toEqual([]);
		expect(ends({ reason: "service", detail: "behaviour alone: hot-wallet" })).toEqual([]);
		expect(ends({ reason: "mixer", detail: "pattern alone: a mix" })).toEqual([]);
		expect(ends(GIVEN_AWAY)).toEqual([]);
		const across = address("0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5");
		expect(ends({ reason: "bridge", detail: "published contract of across" }, across)).toEqual([]);
		const gas = "published EntryPoint 0.7 of ERC-4337: what it is paid is gas, or a deposit for gas that stays its owner's";
		const seventh = address("0x0000000071727de22e5e9d8baf0edac6f37da032");
		expect(ends({ reason: "entry-point", detail: gas }, seventh)).toEqual([]);
		const railgun = "eip155:1:0xfa7093cdd9ee6932b4eb2c9e1cde7ce00b1fa4b9";
		const pool = { reason: "mixer", detail: "published private pool of Railgun" };
		expect(ends(pool, railgun)).toEqual([]);
		expect(ends(pool, seventh)).not.toEqual([]);
		const wrong = ["trace.json leaf 1: ends as entry-point, and is no EntryPoint that is published, or another"];
		expect(ends({ reason: "entry-point", detail: gas.replace("0.7", "0.6") }, seventh)).toEqual(wrong);
		expect(ends({ reason: "entry-point", detail: gas })).toEqual(wrong);
		expect(complaints((t) => labelled(t, {})).filter((one) => one.includes("ends as"))).toEqual([]);
	});
});
