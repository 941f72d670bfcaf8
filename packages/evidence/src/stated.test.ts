import { readFileSync } from "node:fs";
import { csvLine } from "@clew/core";
import { testAccount } from "@clew/core/testing";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { describe, expect, it } from "vitest";
import { rowTable } from "./freeze/row-table.js";
import { bitcoinBlock } from "./verify/bitcoin/block.js";
import { factsShape } from "./verify/bundle/facts.js";
import type { BitcoinProof, Edge, Trace } from "./verify/bundle/formats.js";
import { traceShape } from "./verify/bundle/trace-shape.js";
import { bytesOf, concat, fromHex, toHex } from "./verify/encoding/bytes.js";
import type { Request } from "./verify/packet/formats.js";
import { checkTable } from "./verify/packet/table.js";
import { doubleHash, written } from "./verify/proofs/headers.js";
import { checkEnvelope } from "./verify/signatures/dsse.js";
import { checkCoherence } from "./verify/trace/coherence.js";
import { checkConservation } from "./verify/trace/conservation.js";
import { checkStops } from "./verify/trace/stops.js";

/** What a check says failed. */
function failuresOf(check: (fail: (where: string, what: string) => void) => void): string {
	const failures: string[] = [];
	check((where, what) => void failures.push(`${where}: ${what}`));
	return failures.join("\n");
}

describe("a coinbase output", () => {
	const TXID = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9";
	const CHAIN = "bip122:000000000019d6689c085ae165831e93";
	/** Block 9 of the main chain, whose one transaction is its coinbase. */
	function blockNine(): BitcoinProof {
		const file = new Uint8Array(readFileSync(new URL("../../../fixtures/bitcoin/blocks-1-256.dat", import.meta.url)));
		for (let at = 0; at < file.length; ) {
			const size = new DataView(file.buffer, file.byteOffset + at + 4, 4).getUint32(0, true);
			const [header, raw] = [file.subarray(at + 8, at + 88), file.subarray(at + 89, at + 8 + size)];
			at += 8 + size;
			if (written(doubleHash(raw)) !== TXID) continue;
			const coinbase = { txid: TXID, index: 0, raw: toHex(raw), branch: [] };
			const hash = written(doubleHash(header));
			return {
				schema: "clew.proof.bitcoin/1",
				chain: CHAIN,
				height: "9",
				hash,
				header: toHex(header),
				coinbase,
				transactions: [coinbase],
			};
		}
		throw new Error("block 9 is not in the fixture");
	}

	it("stands at event 0 of its transaction: the input of a coinbase is no movement", () => {
		const edge = {
			txHash: TXID,
			outpoint: `${TXID}:0`,
			asset: `${CHAIN}/slip44:0`,
			from: `${CHAIN}:tx-${TXID}`,
			to: `${CHAIN}:12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S`,
			amount: "5000000000",
			kind: "output",
		} as Edge;
		expect(bitcoinBlock(blockNine(), new Map()).place(edge, undefined)).toMatchObject({ transaction: 0, index: 0 });
	});
});

describe("the reason of an end point", () => {
	const stops = (reason: string, parameters: Record<string, string>) =>
		failuresOf((fail) => {
			const leaves = [{ account: "eip155:1:0xa", labels: [], stop: { reason, detail: "" } }];
			checkStops({ chain: "eip155:1", leaves, parameters, coverage: { gaps: [] } } as unknown as Trace, fail);
		});
	it.each([
		["time-window", { until: "end of data" }, { until: "120" }],
		["dust", { dust: "none" }, { dust: "5 of x" }],
		["budget", { budgetBound: "no" }, { budgetBound: "yes" }],
	])("%s is refused where the trace's parameters rule it out", (reason, without, asked) => {
		expect(stops(reason, without)).toContain(`ends as ${reason}`);
		expect(stops(reason, {})).toContain(`ends as ${reason}`);
		expect(stops(reason, asked)).toBe("");
	});
	it("is one that there is", () => {
		expect(stops("seized", {})).toContain("a reason that there is not");
		expect(stops("constructor", {})).toContain("a reason that there is not");
		expect(stops("unspent", {})).toBe("");
	});
});

describe("the source of a row", () => {
	const testEdge = {
		...{ position: "1.0.1", txHash: `0x${"1".repeat(64)}`, from: testAccount(1), to: testAccount(2) },
		...{ asset: "eip155:1/slip44:60", amount: "1", kind: "native" },
	};
	const sourced = (provenance: string, source: object) =>
		failuresOf((fail) =>
			checkCoherence(
				{
					chain: "eip155:1",
					edges: [{ ...testEdge, source: "s", provenance }],
					seeds: [],
					leaves: [],
					parameters: {},
					coverage: { sources: [{ id: "s", ...source }], gaps: [] },
				} as unknown as Trace,
				fail,
			),
		);
	it("is of the kind that its tier says, and no list of labels", () => {
		expect(sourced("imported", { kind: "file", detail: "etherscan" })).toBe("");
		expect(sourced("quorum", { kind: "node", detail: "geth" })).toBe("");
		expect(sourced("node", { kind: "file", detail: "etherscan" })).toContain("is known by node");
		expect(sourced("imported", { kind: "node", detail: "geth" })).toContain("is known by imported");
		expect(sourced("imported", { kind: "file", detail: "labels: desk" })).toContain("a list of labels");
	});
});

describe("the tables of what is conserved", () => {
	const sums = (n: string) => ({ seeded: n, convertedIn: "0", convertedOut: "0", held: n, stopped: "0", fees: "0" });
	const seeds = ["3", "4"].map((n) => ({
		spec: "tx:",
		seeded: { a: { fifo: n, libr: n } },
		rows: [{ asset: "a", seeded: { fifo: n, libr: n } }],
	}));
	const honest = {
		rules: ["fifo", "poison", "libr"],
		seeds,
		edges: [],
		leaves: [],
		conservation: { fifo: { a: sums("7") } },
		conservationByOrigin: ["3", "4"].map((n) => ({ fifo: { a: sums(n) }, libr: { a: sums(n) } })),
	};
	const judged = (change: object) => failuresOf((fail) => checkConservation({ ...honest, ...change } as unknown as Trace, fail));
	it.each<[string, object, string]>([
		["as they are made", {}, ""],
		["with a sum of claims", { conservation: { ...honest.conservation, libr: { a: sums("999") } } }, '"libr" conserves nothing'],
		["with poison", { conservation: { ...honest.conservation, poison: {} } }, '"poison" conserves nothing'],
		["without a rule", { conservation: {} }, "does not say what fifo conserves"],
		["with another sum over the seeds", { conservation: { fifo: { a: sums("8") } } }, "the seeds give seeded 7, the table says 8"],
		["with an asset that nothing moved", { conservation: { fifo: { a: sums("7"), b: sums("0") } } }, 'names "b"'],
		["of one seed alone", { conservationByOrigin: honest.conservationByOrigin.slice(1) }, "has 1 tables, where there are 2 seeds"],
		[
			"of a seed that says other sums than its rows",
			{ seeds: [seeds[0], { ...seeds[1], seeded: { a: { fifo: "5", libr: "4" } } }] },
			"its rows give other sums of a",
		],
	])("%s are judged", (_, change, why) => {
		if (why === "") expect(judged(change)).toBe("");
		else expect(judged(change)).toContain(why);
	});
});

describe("an envelope", () => {
	it("that one key signed twice names it once", () => {
		const secret = new Uint8Array(32).fill(7);
		const key = ed25519.getPublicKey(secret);
		const keyid = toHex(sha256(concat(fromHex("302a300506032b6570032100"), key)));
		const manifest = bytesOf("{}\n");
		const [payloadType, payload] = ["application/vnd.clew.bundle+json", Buffer.from(manifest).toString("base64")];
		const signed = concat(bytesOf(`DSSEv1 ${payloadType.length} ${payloadType} ${manifest.length} `), manifest);
		const one = { keyid, publicKey: toHex(key), sig: Buffer.from(ed25519.sign(signed, secret)).toString("base64") };
		expect(checkEnvelope({ payloadType, payload, signatures: [one, one] }, manifest)).toEqual([keyid]);
	});
});

describe("the table of a freeze request", () => {
	const row = (n: number, asset: string) => ({
		row: n,
		position: `${n}.0.0`,
		txHash: `0x${n}`,
		time: "",
		from: "eip155:1:0xa",
		to: "eip155:1:0xb",
		asset,
		amount: "1",
		tainted: {},
		provenance: "node",
	});
	const request = {
		rules: [],
		contracts: {},
		assets: { x: { symbol: "X", decimals: 0 }, y: { symbol: "Y", decimals: 0 } },
		points: [{ rows: [1, 3] }, { rows: [2] }],
		leads: [{ rows: [3] }],
		rows: [row(1, "x"), row(2, "y"), row(3, "x")],
	};
	const judged = (table: readonly (readonly string[])[]) =>
		failuresOf((fail) => checkTable(table.map((line) => csvLine(line)).join(""), request as unknown as Request, "t", fail));
	it("stands in order of time, each row once, whatever its end points; by end point in packets of earlier versions", () => {
		const table = rowTable(request as unknown as Parameters<typeof rowTable>[0]);
		expect(table.slice(1).map(([number]) => number)).toEqual(["1", "2", "3"]);
		expect(judged(table)).toBe("");
		const [head = [], one = [], two = [], three = []] = table;
		expect(judged([head, one, three, two, three])).toBe("");
		expect(judged([head, two, one, three])).toContain("column row");
	});
});

describe("a field that no version writes", () => {
	const sums = { seeded: "1", convertedIn: "0", convertedOut: "0", held: "1", stopped: "0", fees: "0" };
	const trace = () => ({
		schema: "clew.trace/1",
		id: "0".repeat(16),
		case: { id: "c", title: "t" },
		chain: "eip155:1",
		seeds: [{ spec: "tx:", seeded: {}, rows: [] }],
		rules: ["fifo"],
		parameters: { until: "end of data" },
		assets: {},
		edges: [],
		leaves: [{ account: "a", labels: [], stop: { reason: "unspent", detail: "" }, amounts: {}, agreed: "1", range: ["1", "1"] }],
		coverage: { cutoff: "0", sources: [], gaps: [{ kind: "block-data", text: "" }] },
		conservation: { fifo: { a: sums } },
	});
	type Loose = ReturnType<typeof trace>;
	it.each<[string, (trace: Loose) => object]>([
		["a trace", (one) => one],
		["its parameters", ({ parameters }) => parameters],
		["a leaf", ({ leaves: [leaf] }) => leaf ?? {}],
		["a stop", ({ leaves: [leaf] }) => leaf?.stop ?? {}],
		["a seed", ({ seeds: [seed] }) => seed ?? {}],
		["coverage", ({ coverage }) => coverage],
		["a gap", ({ coverage: { gaps } }) => gaps[0] ?? {}],
	])("is refused in %s", (_, part) => {
		const whole = trace();
		expect(traceShape(whole, "$")).toBeUndefined();
		Object.assign(part(whole), { approved: "by a court" });
		expect(traceShape(whole, "$")).toContain('has an unknown field "approved"');
	});
	it("is refused in facts, whose optional fields may be missing", () => {
		const facts = {
			schema: "clew.facts/1",
			case: { id: "c", title: "t", chain: "eip155:1", createdAt: "" },
			...{ sources: [], labels: [], contracts: [], assets: [], coverage: [], openings: [] },
		};
		expect(factsShape(facts, "$")).toBeUndefined();
		expect(factsShape({ ...facts, approved: "by a court" }, "$")).toContain('has an unknown field "approved"');
	});
});
