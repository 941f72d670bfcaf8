import { describe, expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import { checkByLabel } from "../recompute/by-label.js";
import { LabelEnds } from "./label-ends.js";

type Leaf = Trace["leaves"][number];
const GUARD_MS = 60_000;
const labels = [
	{ entity: "Binance", category: "exchange", confidence: 70, validUntil: "2020-02-01" },
	{ entity: "Kraken", category: "exchange", confidence: 70, validFrom: "2020-02-01" },
];
const leaf = (entity: string, fifo: string, more: object = {}): Leaf =>
	({
		...{ account: "a", labels, amounts: { x: { fifo } }, agreed: fifo, range: [fifo, fifo] },
		stop: { reason: "service", detail: `labelled ${entity} (exchange, confidence 70)` },
		...more,
	}) as Leaf;
const edge = (position: string, time: string, more: object = {}) => ({ position, time, ...more });
const edges = [edge("1.0.1", "2020-01-01T00:00:00Z"), edge("2.0.1", "2020-03-01T00:00:00Z"), edge("3.0.1", "")];
const traceOf = (leaves: readonly Leaf[], more: object = {}) =>
	({ edges, leaves, parameters: {}, seeds: [{}], ...more }) as unknown as Trace;

describe("an end point at an address that changed hands", () => {
	const complaints = (leaves: readonly Leaf[], more: object = {}) => {
		const found: string[] = [];
		const trace = traceOf(leaves, more);
		new LabelEnds(trace).check(trace, (where, what) => found.push(`${where}: ${what}`));
		return found;
	};
	const came = (first: string, last = first) => ({ arrivals: { first, last, count: 1 } });
	const wrong = (position: string) =>
		`trace.json leaf 1: names a label that had ended, or another before it, when money came at ${position}`;

	it("names whose label stood when money came first and last", () => {
		expect(complaints([leaf("Binance", "1", came("1.0.1")), leaf("Kraken", "1", came("2.0.1"))])).toEqual([]);
		expect(complaints([leaf("Binance", "1", came("2.0.1"))])).toEqual([wrong("2.0.1")]);
		expect(complaints([leaf("Binance", "1", came("1.0.1", "2.0.1"))])).toEqual([wrong("2.0.1")]);
		expect(complaints([leaf("Kraken", "1", came("1.0.1"))])).toEqual([wrong("1.0.1")]);
		expect(complaints([leaf("Binance", "1", came("3.0.1"))])).toEqual([]);
		expect(complaints([leaf("Binance", "1")])).toEqual([]);
	});

	it("may name a label that is listed since later only where no other held", () => {
		expect(complaints([leaf("Kraken", "1", { ...came("1.0.1"), labels: labels.slice(1) })])).toEqual([]);
	});

	it("holds outputs that were made while its label stood", () => {
		const outpoint = `${"a".repeat(64)}:0`;
		const made = [edge("2.0.1", "2020-03-01T00:00:00Z", { kind: "output", outpoint })];
		expect(complaints([leaf("Binance", "1", { outpoints: [{ outpoint }] })], { edges: made })).toEqual([wrong("2.0.1")]);
		expect(complaints([leaf("Kraken", "1", { outpoints: [{ outpoint }] })], { edges: made })).toEqual([]);
	});
});

it("very many outputs at an address with very many labels are told in seconds", { timeout: GUARD_MS }, () => {
	const many = 3_000;
	const outpoints = Array.from({ length: many }, (_, i) => ({ outpoint: `${String(i).padStart(64, "0")}:0` }));
	const made = outpoints.map(({ outpoint }, i) => edge(`${i + 1}.0.1`, "2020-03-01T00:00:00Z", { kind: "output", outpoint }));
	const crowd = Array.from({ length: many }, (_, i) => ({ ...labels[0], entity: `e${i}` }));
	const [found, start] = [[] as string[], performance.now()];
	const trace = traceOf([leaf("e7", "1", { outpoints, labels: crowd })], { edges: made });
	new LabelEnds(trace).check(trace, (where) => found.push(where));
	expect(found).toEqual(["trace.json leaf 1"]);
	expect(performance.now() - start).toBeLessThan(GUARD_MS);
});

describe("end points of one address", () => {
	const differences = (binance: string, kraken: string, at: readonly string[]) => {
		const found: string[] = [];
		const trace = traceOf([leaf("Binance", binance), leaf("Kraken", kraken)]);
		const stopped = at.map((position) => ({ position, parts: [[{ of: 0, n: 5n }]] }));
		checkByLabel(trace, ["fifo"], new Map([["a x service", stopped]]), (what) => found.push(what));
		return found;
	};

	it("are each told what came while their label stood", () => {
		expect(differences("5", "5", ["1.0.1", "2.0.1"])).toEqual([]);
		expect(differences("3", "7", ["1.0.1", "2.0.1"])).toEqual([
			"end point a x service, labelled Binance (exchange, confidence 70): fifo gives 5, the trace says 3",
		]);
	});

	it("name a label that stood each time that something stopped there, where there is one alone, too", () => {
		const found: string[] = [];
		const stopped = ["1.0.1", "2.0.1", "1.0.1"].map((position) => ({ position, parts: [[{ of: 0, n: 5n }]] }));
		checkByLabel(traceOf([leaf("Binance", "15")]), ["fifo"], new Map([["a x service", stopped]]), (what) => found.push(what));
		expect(found).toEqual(["end point a x service: no label of it stood at 2.0.1"]);
	});

	it("may share what came when nobody knows", () => {
		expect(differences("1", "4", ["3.0.1"])).toEqual([]);
	});
});
