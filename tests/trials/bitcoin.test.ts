import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import {
	type AccountId,
	accountId,
	type BlockHeader,
	type GraphStore,
	type Hash,
	parseChainId,
	type UtxoBlock,
	type UtxoChainSource,
	type UtxoRecord,
} from "@clew/core";
import { TEST_UTXO_CHAIN, testAddress, testTxid, testUtxo } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { DEFAULT_CLUSTER_OPTIONS, exploreCluster } from "@clew/tracer";
import { addWatch, deliverDue, deliverer, evaluateWatches, listAlerts, listDeliveries, type Watch } from "@clew/workers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mustClew, scratch } from "../clew.js";

const CHAIN = parseChainId("bitcoin");
const folder = scratch();
const GUARD_MS = 600_000;
beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cases = 0;
/** A case of mainnet with saved Esplora answers. */
function caseOf(file: string): string {
	const place = join(folder, `${cases++}.clew`);
	mustClew("case", "new", place, "--title", "trial", "--chain", "bitcoin");
	mustClew("import", "esplora", "--case", place, file);
	return place;
}
const fixture = (name: string) => `fixtures/trials/${name}.json`;
/** What `clew cluster --json` finds in the whole case: sizes of clusters of two or more. */
const clusters = (place: string, ...more: string[]): number[] =>
	JSON.parse(mustClew("cluster", "--case", place, "--json", ...more)).largest.map(({ size }: { size: number }) => size);
const shown = (place: string, txid: string) => JSON.parse(mustClew("show", txid, "--case", place, "--json"));
const named = (place: string, txid: string): string[] => shown(place, txid).patterns.map(({ name }: { name: string }) => name);

interface Spent {
	readonly script: string;
	readonly value: number;
	readonly scriptsig?: string;
	readonly witness?: readonly string[];
}
const p2wpkh = (n: number) => `0014${n.toString(16).padStart(40, "0")}`;
/** A transaction as Esplora would give it. */
function esplora(n: number, spends: readonly Spent[], pays: readonly (readonly [string, number])[], height = 880_001) {
	return {
		txid: n.toString(16).padStart(64, "0"),
		version: 2,
		locktime: 0,
		vin: spends.map(({ script, value, scriptsig, witness }, i) => ({
			txid: (n * 1_000 + i).toString(16).padStart(64, "f"),
			vout: 0,
			prevout: { scriptpubkey: script, value },
			is_coinbase: false,
			sequence: 4_294_967_293,
			...(scriptsig === undefined ? {} : { scriptsig }),
			...(witness === undefined ? {} : { witness }),
		})),
		vout: pays.map(([scriptpubkey, value]) => ({ scriptpubkey, value })),
		status: { confirmed: true, block_height: height, block_time: 1_740_880_001 },
	};
}
function saved(...transactions: readonly ReturnType<typeof esplora>[]): string {
	const file = join(folder, `${cases++}.json`);
	writeFileSync(file, JSON.stringify(transactions));
	return file;
}
const txidOf = (n: number) => n.toString(16).padStart(64, "0");
const key = `02${"11".repeat(32)}`;
const der = (hashType: string) => `3044${"02".repeat(68)}${hashType}`;

describe("outputs that are nobody's", { timeout: GUARD_MS }, () => {
	it("pay-to-anchor joins nobody, and is called what it is", () => {
		const place = caseOf(fixture("30-pay-to-anchor/p2a"));
		expect(clusters(place)).toEqual([]);
		expect(shown(place, txidOf(1)).inputs[0].previous.scriptType).toBe("anchor");
	});

	it("neither do an empty script, OP_TRUE, a hash lock, P2SH and P2WSH of OP_TRUE, or a future witness version", () => {
		const open = {
			empty: "",
			true: "51",
			hashLock: `a820${"ab".repeat(32)}87`,
			p2sh: "a914da1745e9b549bd0bfa1a569971c77eba30cd5a4b87",
			p2wsh: "00204ae81572f06e1b88fd5ced7a1a000945432e83e1551e6f721ee9c00b8cc33260",
			future: `5210${"cd".repeat(16)}`,
		};
		const transactions = Object.values(open).flatMap((script, i) =>
			[1, 2].map((n) =>
				esplora(
					10 * i + n,
					[
						{ script, value: 1_000 },
						{ script: p2wpkh(100 * i + n), value: 100_000 },
					],
					[[p2wpkh(5_000 + 10 * i + n), 99_000]],
				),
			),
		);
		const place = caseOf(saved(...transactions));
		expect(clusters(place)).toEqual([]);
		expect(Object.keys(open).map((_, i) => shown(place, txidOf(10 * i + 1)).inputs[0].previous.scriptType)).toEqual([
			...new Array<string>(5).fill("keyless"),
			"witness_unknown",
		]);
	});

	it("an anchor is nobody's change, whatever the heuristic", () => {
		const pays = [
			[p2wpkh(21), 60_000],
			["51024e73", 240],
			[p2wpkh(22), 38_000],
		] as const;
		const place = caseOf(
			saved(
				esplora(1, [{ script: p2wpkh(1), value: 100_000 }], pays),
				esplora(2, [{ script: p2wpkh(2), value: 100_000 }], [[p2wpkh(23), 60_000], pays[1], [p2wpkh(24), 38_000]]),
			),
		);
		for (const heuristic of ["optimal+!fresh-address", "fresh-address", "one-time", "power-of-ten", "optimal"])
			expect(clusters(place, "--heuristics", `co-spend,change:${heuristic}`), heuristic).toEqual([]);
	});

	it("an input that was spent without any signature joins nobody: its witness says so", () => {
		const preimage = "aa".repeat(32);
		const script = `a820${"ab".repeat(32)}87`;
		const p2wsh = `0020${"77".repeat(32)}`;
		const keyless = { script: p2wsh, value: 50_000, scriptsig: "", witness: [preimage, script] };
		const owned = (n: number) => ({ script: p2wpkh(n), value: 100_000, scriptsig: "", witness: [der("01"), key] });
		const place = caseOf(
			saved(esplora(1, [keyless, owned(1)], [[p2wpkh(11), 140_000]]), esplora(2, [keyless, owned(2)], [[p2wpkh(12), 140_000]])),
		);
		expect(clusters(place)).toEqual([]);
	});
});

describe("one owner or two", { timeout: GUARD_MS }, () => {
	it("a real Whirlpool tx0 is one user's: its inputs are joined, and it is called nothing else", () => {
		const place = caseOf(fixture("31-whirlpool-tx0/tx0"));
		const txid = "f6b1e2e5723c61bd14cafde0ff3090c15e382cf79f6e1fbd745e632711b17e30";
		expect(clusters(place)).toEqual([2]);
		expect(named(place, txid)).toEqual(["whirlpool-tx0"]);
	});

	it("a real sale of inscriptions has two parties", () => {
		const place = caseOf(fixture("32-two-party-sale/ordinal"));
		expect(clusters(place)).toEqual([]);
		expect(named(place, "fb46e6e58dffc0c39673b80ff1b40c47efdc83f3b2deaea660426c34977ced58")).toContain("two-party-sale");
	});

	it("where witnesses are known they decide: SIGHASH_ANYONECANPAY keeps apart, SIGHASH_ALL joins", () => {
		const schnorr = (hashType: string) => `${"5a".repeat(64)}${hashType}`;
		const p2tr = (n: number) => `5120${n.toString(16).padStart(64, "0")}`;
		const bought = { script: p2wpkh(1), value: 400_000, scriptsig: "", witness: [der("01"), key] };
		const sale = (witness: readonly string[], seller = p2tr(9)) => [{ script: seller, value: 330, scriptsig: "", witness }, bought];
		const pays = [
			[p2tr(9), 90_000],
			[p2wpkh(31), 300_000],
		] as const;
		const place = (witness: readonly string[]) => caseOf(saved(esplora(1, sale(witness), pays)));
		expect(clusters(place([schnorr("83")]))).toEqual([]);
		expect(clusters(place([schnorr("01")]))).toEqual([2]);
		expect(clusters(place([schnorr("")]))).toEqual([2]);
		expect(clusters(place([]))).toEqual([]);
	});
});

describe("an OP_RETURN hides no mix", { timeout: GUARD_MS }, () => {
	it("a JoinMarket and a Wasabi 2 round are recognised with one and without", () => {
		const place = caseOf(fixture("33-op-return-hides-mix/opret2"));
		const mixes = ["a1", "a2", "b1", "b2"].map((n) => [n, named(place, n.padStart(64, "0"))[0]]);
		expect(mixes).toEqual([
			["a1", "joinmarket"],
			["a2", "joinmarket"],
			["b1", "wasabi-2"],
			["b2", "wasabi-2"],
		]);
	});

	it("a small Wasabi 2 round ends a trace when the parameter says so, and the result states it", () => {
		const odd = (n: number, from: number) => Array.from({ length: n }, (_, i) => from + i * 7 + 1);
		const values = [...new Array(6).fill(16_384), ...new Array(5).fill(19_683), ...new Array(4).fill(50_000), ...odd(5, 7_000)];
		const inputs = odd(15, 40_000).map((value, i) => ({ script: p2wpkh(100 + i), value }));
		const round = esplora(
			2,
			inputs,
			values.map((value, i) => [p2wpkh(200 + i), value] as const),
		);
		const theft = esplora(1, [{ script: p2wpkh(99), value: 50_000 }], [[p2wpkh(100), 40_001]], 880_000);
		const spendsIt = { ...round, vin: round.vin.map((input, i) => (i === 0 ? { ...input, txid: theft.txid } : input)) };
		const place = caseOf(saved(theft, spendsIt));
		const trace = (...more: string[]) =>
			JSON.parse(mustClew("trace", "--case", place, "--seed", `outpoint:${txidOf(1)}:0`, "--json", ...more));
		const reasons = (result: { leaves: { stop: { reason: string } }[] }) => [...new Set(result.leaves.map((leaf) => leaf.stop.reason))];
		expect(reasons(trace())).not.toContain("mixer");
		const small = trace("--wasabi2-inputs", "10");
		expect(reasons(small)).toEqual(["mixer"]);
		expect(small.parameters.wasabi2Inputs).toBe("10");
	});
});

describe("a mix keeps its name", { timeout: GUARD_MS }, () => {
	const ends = (place: string, seed: string) => {
		const { leaves, coverage } = JSON.parse(mustClew("trace", "--case", place, "--seed", seed, "--json"));
		return {
			stops: leaves.map(({ stop }: { stop: { reason: string } }) => stop.reason),
			gaps: coverage.gaps.filter(({ kind }: { kind: string }) => kind === "behaviour-only").map(({ text }: { text: string }) => text),
		};
	};

	it("a real Whirlpool mix of Ashigaru's pool joins nobody, and ends a trace", () => {
		const place = caseOf(fixture("56-whirlpool-ashigaru/mix"));
		expect(named(place, "5f0080e3f0acfde005b9c7149f12880be273eea01ca3a3b867f642ac9bf273cc")).toEqual(["whirlpool-mix", "equal-output"]);
		expect(clusters(place)).toEqual([]);
	});

	/** A theft whose output goes into a round with others, who are paid at the addresses of these numbers. */
	const round = (values: readonly (readonly [number, number])[], others: readonly number[]) => {
		const theft = esplora(1, [{ script: p2wpkh(99), value: 30_000_000 }], [[p2wpkh(100), 24_000_000]], 880_000);
		const inputs = [24_000_000, ...others].map((value, i) => ({ script: p2wpkh(100 + i), value }));
		const paid = esplora(
			2,
			inputs,
			values.map(([address, value]) => [p2wpkh(200 + address), value] as const),
		);
		return saved(theft, { ...paid, vin: paid.vin.map((input, i) => (i === 0 ? { ...input, txid: theft.txid } : input)) });
	};
	const taker = [10, 3_000_000] as const;
	const makers = [23_100_000, 23_101_000, 23_102_000, 23_103_000, 23_104_000];
	const equal = [0, 1, 2, 3, 4].map((address) => [address, 20_000_000] as const);
	it.each([
		["no address paid twice", [...equal, taker, [11, 3_001_000] as const]],
		["change at the address of a mixed output", [...equal, taker, [1, 3_001_000] as const]],
		["two mixed outputs at one address", [...equal, [4, 20_000_000] as const, taker]],
	])("%s: no join, and the trace ends there, as a pattern that nobody named", (_, values) => {
		const place = caseOf(round(values, makers));
		expect(named(place, txidOf(2))[0]).toBe("joinmarket");
		expect(clusters(place)).toEqual([]);
		const { stops, gaps } = ends(place, `outpoint:${txidOf(1)}:0`);
		expect(stops).toEqual(["mixer"]);
		expect(gaps).toEqual([
			expect.stringMatching(
				/^pattern alone: spent in what looks like a CoinJoin \(joinmarket v3, \d+ % .*; precision 0\.\d+ in simulated worlds\)/,
			),
		]);
	});
});

describe("Boltzmann lines", { timeout: GUARD_MS }, () => {
	it("keep the transaction's numbers, and say what 'certain' assumes", () => {
		const place = caseOf(fixture("34-boltzmann-outputs/boltz"));
		const txid = "c1".padStart(64, "0");
		const text = mustClew("show", txid, "--case", place);
		expect(text).toContain("certain if no party received more than 500 satoshi from the others");
		expect(text).toContain("input 0 to output 1, input 1 to output 4");
		const { links, certain } = shown(place, txid).boltzmann;
		expect(links).toHaveLength(5);
		expect(certain.links).toEqual([
			{ input: 0, output: 1 },
			{ input: 1, output: 4 },
		]);
	});
});

/** A chain of blocks in memory that may be told anew from a height on. */
class TestChain {
	readonly blocks: UtxoBlock[] = [];
	private told = 0;
	mine(records: readonly Omit<UtxoRecord, "height" | "txIndex">[] = [], time?: number): void {
		const height = this.blocks.length;
		const hash = testTxid(1_000_000 + this.told++);
		const parent = this.blocks[height - 1]?.header.hash ?? testTxid(0);
		const coinbase = testUtxo(500_000 + this.told, [height, 0], [], [[9_000 + height, 1n]]);
		this.blocks.push({
			header: { height, hash, parent, time: time ?? 1_000 * height },
			transactions: [coinbase, ...records.map((record, i) => ({ ...record, height, txIndex: i + 1 }))],
		});
	}
	drop(count: number): void {
		this.blocks.splice(this.blocks.length - count, count);
	}
	node(): UtxoChainSource {
		const head = (): BlockHeader => (this.blocks[this.blocks.length - 1] as UtxoBlock).header;
		const unused = () => {
			throw new Error("not asked here");
		};
		return {
			name: "test",
			ledger: "outputs" as const,
			chain: TEST_UTXO_CHAIN,
			head: async () => head(),
			block: async (height: number) => this.blocks[height] as UtxoBlock,
			previousOutputs: async () => new Map(),
			capabilities: async () => ({ client: "test" }),
			requests: () => 0,
			rawHeader: unused,
			evidence: unused,
			transaction: unused,
			spenderOf: unused,
			addressHistory: unused,
			close: () => {},
		};
	}
}

describe("watches", { timeout: GUARD_MS }, () => {
	const at = (height: number) => new Date(1_000 * height * 1_000).toISOString();
	let store: GraphStore;
	let chain: TestChain;
	const pay = (n: number, spends: readonly (readonly [number, number])[], pays: readonly (readonly [number, bigint])[]) => {
		const { height: _, txIndex: __, ...rest } = testUtxo(n, [0, 0], spends, pays);
		return rest;
	};
	const watch = (subject: string, more: Partial<Watch> = {}) =>
		addWatch(store, { subject, on: ["any-inflow", "any-outflow"], notify: ["stdout"], note: "", createdAt: at(2), ...more });
	const run = (more: { since?: number; confirmations?: number } = {}) =>
		evaluateWatches(store, chain.node(), {
			signal: new AbortController().signal,
			confirmations: 6,
			concurrency: 1,
			batch: 10,
			amount: () => {
				throw new Error("no amounts here");
			},
			...more,
		});
	const heights = async () => (await listAlerts(store)).map(({ height, status }) => `${height} ${status}`);

	beforeEach(async () => {
		store = await createCase(join(folder, `${cases++}.clew`), { title: "t", chain: TEST_UTXO_CHAIN, at: at(0) });
		chain = new TestChain();
		chain.mine();
		chain.mine();
	});
	afterEach(() => store.close());

	/** A payment to address 1 out of the newest block's coinbase. */
	const paysWatched = (n: number) => {
		const coin = (chain.blocks[chain.blocks.length - 1] as UtxoBlock).transactions[0] as UtxoRecord;
		return { ...pay(n, [[0, 0]], [[1, 1n]]), inputs: [{ outpoint: { txid: coin.txid, vout: 0 }, sequence: 0 }] };
	};

	it("the first run looks from the moment of adding, by time with room for earlier ones or by the head of then, not from its own head", async () => {
		chain.mine([paysWatched(20)]);
		chain.mine([paysWatched(21)]);
		chain.mine([paysWatched(22)]);
		await watch(testAddress(1), { createdAt: at(3) });
		await run();
		// A block may bear a time of up to two hours before.
		expect(await heights()).toEqual(["2 seen", "3 seen", "4 seen"]);
		const other = await createCase(join(folder, `${cases++}.clew`), { title: "t", chain: TEST_UTXO_CHAIN, at: at(0) });
		await addWatch(other, { subject: testAddress(1), on: ["any-inflow"], notify: ["stdout"], note: "", createdAt: at(0), after: 3 });
		await store.close();
		store = other;
		await run();
		expect(await heights()).toEqual(["4 seen"]);
	});

	it("a reorganisation raises nothing of before the watch, moves what moved, and takes back what is gone, final or not", async () => {
		chain.mine([paysWatched(20)]);
		chain.mine();
		// Somebody else's watch: the case holds the blocks of before.
		await watch(testAddress(77), { createdAt: at(0) });
		await run();
		await watch(testAddress(1), { createdAt: at(9), after: 3 });
		chain.mine([paysWatched(21)]);
		const moves = paysWatched(22);
		chain.mine([moves]);
		await run();
		expect(await heights()).toEqual(["4 seen", "5 seen"]);
		const deliveries = (await listDeliveries(store)).length;
		// Blocks 2 to 5 go away; the payment of block 2 comes again in 2, that of 5 in 6, that of 4 never.
		const old = chain.blocks[2] as UtxoBlock;
		const coin4 = chain.blocks[4] as UtxoBlock;
		chain.drop(4);
		chain.mine(old.transactions.slice(1));
		chain.mine();
		const { hash: parent } = (chain.blocks[3] as UtxoBlock).header;
		chain.blocks.push({
			...coin4,
			header: { ...coin4.header, hash: testTxid(7), parent: parent as Hash },
			transactions: coin4.transactions.slice(0, 1),
		});
		chain.mine();
		chain.mine([moves]);
		await run();
		expect(await heights()).toEqual(["4 retracted", "6 seen"]);
		// One message more: what was taken back.
		expect(await listDeliveries(store)).toHaveLength(deliveries + 1);
	});

	it("a final alert whose block goes away is taken back", async () => {
		await watch(testAddress(1), { after: 1 });
		chain.mine([paysWatched(20)]);
		chain.mine();
		await run({ confirmations: 1 });
		expect(await heights()).toEqual(["2 final"]);
		chain.drop(2);
		for (let i = 0; i < 3; i++) chain.mine();
		await run({ confirmations: 1 });
		expect(await heights()).toEqual(["2 retracted"]);
	});

	it("adding a watch twice does not move its beginning; removing and adding it does", async () => {
		const first = await watch(testAddress(1), { after: 1 });
		const again = await watch(testAddress(1), { after: 5, note: "again" });
		expect(again).toEqual({ ...first, note: "again" });
		expect(again.after).toBe(1);
	});

	it("alerts about money name who spent it, not the transaction; several steps of a chain lose none", async () => {
		chain.mine([paysWatched(20)]);
		chain.mine([pay(21, [[20, 0]], [[2, 1n]])]);
		for (let i = 0; i < 210; i++) chain.mine();
		chain.mine([pay(22, [[21, 0]], [[3, 1n]])]);
		chain.mine([pay(23, [[22, 0]], [[4, 1n]])]);
		await addWatch(store, { subject: `outpoint:${testTxid(20)}:0`, on: ["taint"], notify: [], note: "", createdAt: at(0), after: 0 });
		await run();
		const alerts = await listAlerts(store);
		expect(alerts.map(({ from, to }) => [from, to])).toEqual([
			[testAddress(9_001), testAddress(1)],
			[testAddress(1), testAddress(2)],
			[testAddress(2), testAddress(3)],
			[testAddress(3), testAddress(4)],
		]);
	});
});

describe("an interrupt with a webhook that hangs", { timeout: GUARD_MS }, () => {
	let server: Server;
	afterEach(() => {
		server.closeAllConnections();
		server.close();
	});
	it("ends what is under way at once, and counts no attempt", async () => {
		const arrived = new Promise<void>((resolve) => {
			server = createServer(() => resolve());
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as { port: number };
		const store = await createCase(join(folder, `${cases++}.clew`), { title: "t", chain: CHAIN, at: "2026-01-01T00:00:00Z" });
		const interrupt = new AbortController();
		const alert = {
			...{ schema: "clew.alert/1", id: "a", watch: "w", case: "c", rules: ["any-outflow"], status: "seen", revision: 1, chain: CHAIN },
			...{ subject: "s", from: "f", to: "t", direction: "out", asset: "x", amount: "1", kind: "output", txHash: "h", height: 1 },
			...{ blockHash: "b", time: 1, confirmations: 1, counterparty: "" },
		};
		const channel = `webhook:http://127.0.0.1:${port}/`;
		await store.putRecord("delivery", "d", JSON.stringify({ id: "d", channel, alert, attempts: 0, nextAt: 0, lastError: "" }));
		const deliver = deliverer({
			allowed: () => true,
			secret: undefined,
			facts: async () => ({ amount: "1", value: "no price" }),
			print: () => {},
			timeoutMs: GUARD_MS,
			seconds: () => 1,
			signal: interrupt.signal,
		});
		const under = deliverDue(store, deliver, 1, interrupt.signal);
		await arrived;
		interrupt.abort();
		expect(await under).toBe(0);
		expect(await listDeliveries(store)).toMatchObject([{ id: "d", attempts: 0, nextAt: 0 }]);
		await store.close();
	});
});

it("a cluster seen from an anchor is the anchor alone", async () => {
	const place = caseOf(fixture("30-pay-to-anchor/p2a"));
	const { openCase } = await import("@clew/graph-store");
	const store = await openCase(place);
	const anchor: AccountId = accountId(CHAIN, "bc1pfeessrawgf");
	expect((await exploreCluster(store, anchor, DEFAULT_CLUSTER_OPTIONS)).accounts).toEqual([anchor]);
	await store.close();
});
