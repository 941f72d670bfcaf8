import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { canonicalJson, type GraphStore, type OutputReader, parseChainId, sha256Hex } from "@clew/core";
import { memoryOutputs, outpointOf, randomUtxoWorld, TEST_UTXO_CHAIN, testBlocks } from "@clew/core/testing";
import { createCase } from "@clew/graph-store";
import { buildResult, defaultRequest, parseSeed, runTrace } from "@clew/tracer";
import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, clewAsync, mustClew, ROOT, scratch } from "./clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const BLOCKS = join(ROOT, "fixtures", "bitcoin", "blocks-1-256.dat");
const COINBASE_9 = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9";
const FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
const [PAYER, PAYEE] = ["12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"];
const newCase = (name: string, chain = "bitcoin") => {
	mustClew("case", "new", at(name), "--title", "Bitcoin's first blocks", "--chain", chain);
	return at(name);
};
const counts = (path: string) => JSON.parse(mustClew("status", "--case", path, "--json")).counts;

let file: string;
beforeAll(() => {
	file = newCase("btc.clew");
	mustClew("import", "blocks", BLOCKS, "--case", file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("blocks 1 to 255 of the main network", () => {
	it("are imported whole, once, packed or not", () => {
		expect(counts(file)).toMatchObject({ blocks: 255, transactions: 262, outputs: 267 });
		expect(mustClew("import", "blocks", `${BLOCKS}.bz2`, "--case", file)).toContain("0 transactions added, 262 known already");
		expect(counts(file)).toMatchObject({ blocks: 255, transactions: 262 });
	});

	it("hold five payments whose change came back: two change heuristics are right about them, fresh-address never, and none is a mix", () => {
		const show = (txid: string) => JSON.parse(mustClew("show", "--case", file, txid, "--json"));
		const payments = (show(FIRST_PAYMENT).peelChain.transactions as string[]).map(show);
		const said: Record<string, boolean[]> = {};
		for (const { change, inputs, outputs, patterns } of payments) {
			expect(patterns.filter(({ mixes }: { mixes: boolean }) => mixes)).toEqual([]);
			const payer = inputs[0].previous.account;
			const back = outputs.findIndex(({ account }: { account: string }) => account === payer);
			for (const { name, output } of change) said[name] = [...(said[name] ?? []), output === back];
		}
		const all = (right: boolean, count: number) => Array(count).fill(right);
		expect(said).toEqual({ "address-reuse": all(true, 5), "peeling-chain": all(true, 4), "fresh-address": all(false, 5) });
	});

	it("the 10 BTC of block 170 are traced from their coinbase, under every rule, to the satoshi", () => {
		const result = JSON.parse(mustClew("trace", "--case", file, "--seed", `outpoint:${COINBASE_9}:0`, "--rule", "all", "--json"));
		expect(result.rules).toEqual(["fifo", "lifo", "haircut", "poison", "tiho", "difo", "dilo"]);
		const paid = result.edges.find((e: { outpoint?: string; kind: string }) => e.outpoint === `${FIRST_PAYMENT}:0` && e.kind === "output");
		expect(paid).toMatchObject({ amount: "1000000000", tainted: { fifo: "1000000000", haircut: "1000000000" } });
		const ends = result.leaves.map((l: { account: string; agreed: string; stop: { reason: string } }) => [
			l.account.split(":")[2],
			l.agreed,
			l.stop.reason,
		]);
		expect(ends).toContainEqual([PAYEE, "1000000000", "unspent"]);
		expect(ends.reduce((sum: bigint, [, agreed]: [string, string]) => sum + BigInt(agreed), 0n)).toBe(5_000_000_000n);
	});

	it("its 40 BTC are recognised as change, and as a peel chain of five", () => {
		const tx = JSON.parse(mustClew("show", "--case", file, FIRST_PAYMENT, "--json"));
		const change = Object.fromEntries(tx.change.map((c: { name: string; output: number }) => [c.name, c.output]));
		expect(change).toMatchObject({ "address-reuse": 1, "peeling-chain": 1 });
		expect(tx.peelChain.transactions).toHaveLength(5);
		expect(mustClew("show", "--case", file, PAYER)).toContain("received 195 BTC, spent 177 BTC, holds 18 BTC by the data");
		expect(clew(["cluster", "--case", file, PAYER, "--why", PAYEE])).toMatchObject({
			code: 1,
			out: expect.stringContaining("not in one cluster"),
		});
	});

	it("a bundle verifies; an outpoint that was changed in it does not", () => {
		mustClew("trace", "--case", file, "--seed", `outpoint:${COINBASE_9}:0`);
		mustClew("export", "--case", file, "--trace", "last", "--out", at("bundle"));
		expect(clew(["verify", at("bundle")]).code).toBe(0);
		expect(readFileSync(join(at("bundle"), "report.html"), "utf8")).toContain(`${FIRST_PAYMENT}:0`);
		cpSync(at("bundle"), at("forged"), { recursive: true });
		const trace = JSON.parse(readFileSync(join(at("forged"), "trace.json"), "utf8"));
		const spend = trace.edges.find((e: { kind: string; row: number }) => e.kind === "spend" && e.row > 5);
		spend.outpoint = `${FIRST_PAYMENT}:0`;
		const { id: _, ...open } = trace;
		writeFileSync(join(at("forged"), "trace.json"), `${canonicalJson({ ...open, id: sha256Hex(canonicalJson(open)).slice(0, 16) })}\n`);
		const { code, out, err } = clew(["verify", at("forged")]);
		expect([code, out + err]).toEqual([1, expect.stringContaining("takes from output")]);
	});
});

describe("bad input gets a clear error and an unchanged case", () => {
	const bytes = readFileSync(BLOCKS);
	const refused = (name: string, content: Uint8Array | string, ...args: string[]) => {
		writeFileSync(at(name), content);
		const before = counts(file);
		const result = clew(["import", "blocks", at(name), "--case", file, ...args]);
		expect(counts(file)).toEqual(before);
		return result;
	};
	it("cut off, changed, of another network, of no known parent", () => {
		expect(refused("cut.dat", bytes.subarray(0, 30_000))).toMatchObject({
			code: 3,
			err: expect.stringMatching(/cut\.dat:\d+: the file is cut off/),
		});
		const changed = Buffer.from(bytes);
		changed[5_000] = (changed[5_000] as number) ^ 1;
		expect(refused("changed.dat", changed)).toMatchObject({
			code: 3,
			err: expect.stringMatching(/changed\.dat:\d+: the block /),
		});
		expect(refused("testnet.dat", Buffer.concat([Buffer.from("0b110907", "hex"), bytes.subarray(4)]))).toMatchObject({
			code: 3,
			err: expect.stringContaining("bitcoin-testnet3"),
		});
		const orphan = clew(["import", "blocks", join(ROOT, "fixtures", "bitcoin", "block-277647.dat.bz2"), "--case", file]);
		expect(orphan).toMatchObject({ code: 3, err: expect.stringContaining("--first-height 277647") });
	});
	it("wrong names on the command line", () => {
		expect(clew(["trace", "--case", file, "--seed", "account:bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"])).toMatchObject({
			code: 3,
			err: expect.stringContaining("an address of bitcoin-regtest"),
		});
		expect(clew(["trace", "--case", file, "--seed", `outpoint:${COINBASE_9}:0`, "--rule", "libr"])).toMatchObject({
			code: 2,
			err: expect.stringContaining("libr is no rule"),
		});
		expect(clew(["cluster", "--case", file, PAYER, "--heuristics", "magic"])).toMatchObject({
			code: 2,
			err: expect.stringContaining("no heuristic"),
		});
		expect(clew(["cluster", "--case", file, "--cut", PAYER])).toMatchObject({ code: 2, err: expect.stringContaining("needs a reason") });
		expect(clew(["path", "--case", file, "--from", PAYER, "--to", PAYEE])).toMatchObject({
			code: 2,
			err: expect.stringContaining("account chains only"),
		});
		const ethereum = newCase("eth.clew", "eip155:1");
		expect(clew(["import", "blocks", BLOCKS, "--case", ethereum])).toMatchObject({
			code: 2,
			err: expect.stringContaining("--chain bitcoin"),
		});
	});
	it("a block that stands alone says what it cannot know", () => {
		const alone = newCase("alone.clew");
		const { err } = clew([
			"import",
			"blocks",
			join(ROOT, "fixtures", "bitcoin", "block-277647.dat.bz2"),
			"--first-height",
			"277647",
			"--case",
			alone,
		]);
		expect(err).toContain("spend outputs that are not known");
		expect(counts(alone)).toMatchObject({ transactions: 213 });
	});
});

describe("other sources", () => {
	const script = (hash: string) => `76a914${hash.repeat(20)}88ac`;
	const esplora = (n: number, height: number, vin: unknown[], values: number[]) => ({
		txid: n.toString(16).padStart(64, "0"),
		version: 2,
		locktime: 0,
		vin,
		vout: values.map((value, i) => ({ scriptpubkey: script((10 * n + i).toString(16).padStart(2, "0")), value })),
		status: { confirmed: true, block_height: height, block_time: height * 600 },
	});
	const coinbase = { txid: "0".repeat(64), vout: 4_294_967_295, prevout: null, is_coinbase: true, sequence: 0 };
	const first = esplora(1, 100, [coinbase], [5_000_000_000]);
	const spends = { txid: first.txid, vout: 0, prevout: first.vout[0], is_coinbase: false, sequence: 4_294_967_293 };
	const second = esplora(2, 101, [spends], [3_000_000_000, 1_999_990_000]);

	it("Esplora: a saved answer, and an address page by page; its history then counts as fetched", async () => {
		const saved = newCase("saved.clew");
		writeFileSync(at("txs.json"), JSON.stringify([second, { ...first, status: { confirmed: false } }]));
		expect(mustClew("import", "esplora", at("txs.json"), "--case", saved)).toContain("1 transactions added");
		expect(JSON.parse(mustClew("show", "--case", saved, second.txid, "--json"))).toMatchObject({
			fee: "10000",
			inputs: [{ previous: { value: "5000000000" } }],
		});

		const address = JSON.parse(mustClew("show", "--case", saved, second.txid, "--json")).inputs[0].previous.account.split(":")[2];
		const filler = Array.from({ length: 25 }, (_, i) => esplora(100 + i, 50 + i, [coinbase], [5_000_000_000]));
		let tip = "8388608";
		const server = createServer((request, response) => {
			const path = request.url ?? "";
			const page =
				path === `/api/address/${address}/txs/chain`
					? filler
					: path.endsWith(`/txs/chain/${filler[24]?.txid}`)
						? [second, first]
						: path.endsWith(`/txs/chain/${first.txid}`)
							? []
							: undefined;
			response.statusCode = page || path.endsWith("height") ? 200 : 404;
			response.end(path.endsWith("/blocks/tip/height") ? tip : JSON.stringify(page ?? {}));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const fetched = newCase("fetched.clew");
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/address/${address}`;
		const beyond = await clewAsync(["import", "esplora", url, "--case", fetched]);
		expect([beyond.code !== 0, beyond.err]).toEqual([true, expect.stringMatching(/its tip cannot be: block 8388608 is above 8388607/)]);
		tip = "120";
		const { code, out, err } = await clewAsync(["import", "esplora", url, "--case", fetched]);
		server.close();
		expect([code, err, out]).toEqual([0, "", expect.stringContaining("27 transactions added")]);
		expect(mustClew("show", "--case", fetched, address)).toContain("this address, blocks 0 to 120");
	});

	it("Blockchair's dumps: outputs and inputs together make transactions; a lone or damaged one is refused", () => {
		const outputs = ["block_id,transaction_hash,index,time,value,script_hex,is_from_coinbase"];
		const inputs = [`${outputs[0]},spending_block_id,spending_transaction_hash,spending_index,spending_time,spending_sequence`];
		for (const [tx, isCoinbase] of [
			[first, 1],
			[second, 0],
		] as const)
			for (const [i, o] of tx.vout.entries())
				outputs.push(
					`${tx.status.block_height},${tx.txid},${i},2020-01-0${isCoinbase + 1} 00:00:00,${o.value},${o.scriptpubkey},${isCoinbase}`,
				);
		inputs.push(
			`100,${first.txid},0,2020-01-02 00:00:00,5000000000,${first.vout[0]?.scriptpubkey},1,101,${second.txid},0,2020-01-01 00:00:00,4294967293`,
		);
		writeFileSync(at("outputs.csv"), `${outputs.join("\n")}\n`);
		writeFileSync(at("inputs.tsv"), `${inputs.map((line) => line.replaceAll(",", "\t")).join("\n")}\n`);
		const dumps = newCase("dumps.clew");
		expect(clew(["import", "csv", at("outputs.csv"), "--case", dumps])).toMatchObject({
			code: 3,
			err: expect.stringContaining("no input of transaction"),
		});
		expect(mustClew("import", "csv", at("outputs.csv"), at("inputs.tsv"), "--case", dumps)).toContain("2 transactions added");
		expect(JSON.parse(mustClew("show", "--case", dumps, second.txid, "--json"))).toMatchObject({ fee: "10000" });
		writeFileSync(at("bad.csv"), `${outputs.join("\n").replace("5000000000", "5e9")}\n`);
		expect(clew(["import", "csv", at("bad.csv"), "--case", dumps])).toMatchObject({
			code: 3,
			err: expect.stringMatching(/bad\.csv:2: value/),
		});
	});
});

it("a trace is the same from a case file and from memory", async () => {
	const chain = parseChainId("bitcoin-regtest");
	const traced = async (source: Parameters<typeof runTrace>[1]["source"] & OutputReader, spec: string) => {
		const run = await runTrace({ ...defaultRequest(chain, [parseSeed(spec, chain)]), throughCoinJoins: true }, { source });
		return buildResult(run, source, { id: "c", title: "t", cutoff: 0, sources: [] });
	};
	let n = 0;
	await fc.assert(
		fc.asyncProperty(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 4, maxLength: 25 }), fc.nat(), async (steps, which) => {
			const { transactions, outputs } = randomUtxoWorld(steps);
			const spec = `outpoint:${outpointOf(outputs[which % outputs.length] as [number, number])}`;
			const store: GraphStore = await createCase(at(`same-${n++}.clew`), { title: "t", chain, at: "2026-01-01T00:00:00Z" });
			const source = { id: "test", kind: "file", name: "x", sha256: "", detail: "" } as const;
			const blocks = testBlocks(transactions);
			await store.putUtxoBlocks(TEST_UTXO_CHAIN, blocks, source, "imported");
			await store.putCoverage([{ chain, fromHeight: 0, toHeight: blocks.length, kinds: ["native"], source: "test", note: "" }]);
			const { assets: _a, edges: mine, ...stored } = await traced(store, spec);
			const { assets: _b, edges: theirs, ...remembered } = await traced(memoryOutputs(transactions), spec);
			const bare = (edges: typeof mine) => edges.map(({ time: _, ...edge }) => edge);
			expect(bare(mine)).toEqual(bare(theirs));
			expect(stored.leaves).toEqual(remembered.leaves);
			expect(stored.conservation).toEqual(remembered.conservation);
			await store.close();
		}),
		{ numRuns: 15 },
	);
});
