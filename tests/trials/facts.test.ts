import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatsOf, type ImportFamily, importFile, settleCoverage } from "@clew/chains";
import {
	type DecodedBlock,
	formatPosition,
	type GraphStore,
	nativeAsset,
	parseAccount,
	parseChainId,
	parseHash,
	startOf,
	type TraceResult,
	type TransferRecord,
} from "@clew/core";
import { createCase, openCase } from "@clew/graph-store";
import { afterAll, describe, expect, it } from "vitest";
import { tokenTransfers } from "../../packages/chains/src/evm/logs.js";
import { mustClew, scratch } from "../clew.js";

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const trial = (name: string, file = "") => join("fixtures/trials", name, file);
const LIMIT = 600_000;

let cases = 0;
const at = "2026-01-01T00:00:00Z";
const files = (path: string): string[] =>
	statSync(path).isDirectory()
		? readdirSync(path)
				.sort()
				.flatMap((name) => files(join(path, name)))
		: [path];
/** Imports files or folders, in this order. */
async function load(path: string, family: ImportFamily, ...imports: readonly string[]): Promise<void> {
	const store = await openCase(path);
	try {
		for (const name of imports.flatMap(files)) {
			const options = { chain: store.info.chain, formats: formatsOf(family, () => 18), skipBad: false, ignoreUnknown: true };
			await store.atomically(async (tx) => {
				const report = await importFile(tx, name, options);
				if (report !== undefined) await settleCoverage(tx, tx.info.chain, [report]);
			});
		}
	} finally {
		await store.close();
	}
}
/** A new case with these imports. */
async function caseOf(family: ImportFamily, ...imports: readonly string[]): Promise<string> {
	const path = join(folder, `${++cases}.clew`);
	await (await createCase(path, { title: "t", chain: parseChainId("eip155:1"), at })).close();
	await load(path, family, ...imports);
	return path;
}
const file = (name: string, text: string): string => {
	const path = join(folder, `${++cases}`, name);
	mkdirSync(join(path, ".."), { recursive: true });
	writeFileSync(path, text);
	return path;
};
const trace = (path: string, ...options: string[]): TraceResult =>
	JSON.parse(mustClew("trace", "--case", path, "--json", "--rule", "fifo,haircut", ...options));
const address = (byte: string) => `0x${byte.repeat(20)}`;
const account = (byte: string) => `eip155:1:${address(byte)}`;
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const ETHER = 10n ** 18n;
/** End points as reason, account and what fifo says. */
const ends = ({ leaves }: TraceResult) =>
	leaves.map(
		(leaf) =>
			`${leaf.stop.reason} ${leaf.account.slice(9)} ${Object.entries(leaf.amounts).map(([asset, by]) => `${by.fifo} ${asset.slice(9)}`)}`,
	);
async function reading<T>(path: string, work: (store: GraphStore) => Promise<T>): Promise<T> {
	const store = await openCase(path);
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}
/** Movements of an account, in order. */
const moves = (path: string, of: string): Promise<string[]> =>
	reading(path, async (store) =>
		(await store.ledger(parseAccount(of, store.info.chain), startOf(0), 1000)).map(
			(t) => `${formatPosition(t.position)} ${t.kind} ${t.from.slice(-4)}>${t.to.slice(-4)} ${t.amount}`,
		),
	);
const gapsOf = (path: string) => reading(path, (store) => store.blockGaps(store.info.chain));

const ETL_TX =
	"hash,block_number,transaction_index,from_address,to_address,value,gas,gas_price,input,receipt_gas_used,receipt_contract_address,receipt_status";
const etlTx = (
	n: number,
	height: number,
	from: string,
	to: string,
	value: bigint,
	rest: { used?: number; created?: string; status?: string } = {},
) => `${hash(n)},${height},0,${from},${to},${value},21000,1,0x,${rest.used ?? 21000},${rest.created ?? ""},${rest.status ?? ""}`;
const ETL_TRACE =
	"block_number,transaction_hash,transaction_index,from_address,to_address,value,trace_type,call_type,reward_type,trace_address,status";
const etlTrace = (
	n: number,
	height: number,
	from: string,
	to: string,
	value: bigint,
	rest: { type?: string; call?: string; path?: string; status?: string } = {},
) =>
	`${height},${n ? hash(n) : ""},${n ? 0 : ""},${from},${to},${value},${rest.type ?? "call"},${rest.call ?? (rest.type ? "" : "call")},,"${rest.path ?? "0"}",${rest.status ?? "1"}`;
const csv = (header: string, ...rows: string[]) => `${header}\n${rows.join("\n")}\n`;

describe("what one source says failed, failed", () => {
	it("its internal calls and token rows move nothing, in any order of import; only the fee stays", { timeout: LIMIT }, async () => {
		const failed = file("transactions.csv", csv(ETL_TX, etlTx(1, 5_000_000, address("a1"), address("b2"), 5n, { status: "0" })));
		const calls = file("traces.csv", csv(ETL_TRACE, etlTrace(1, 5_000_000, address("b2"), address("c3"), 5n)));
		const TOKENS = "token_address,from_address,to_address,value,transaction_hash,log_index,block_number";
		const tokens = file("tokens.csv", csv(TOKENS, `${address("d4")},${address("b2")},${address("c3")},7,${hash(1)},0,5000000`));
		for (const order of [
			[failed, calls, tokens],
			[calls, tokens, failed],
			[tokens, failed, calls],
		]) {
			const path = await caseOf("ethereum-etl", ...order);
			expect(await moves(path, address("a1"))).toEqual(["5000000.0.0 fee a1a1>0000 21000"]);
			expect(await moves(path, address("b2"))).toEqual([]);
			expect(await moves(path, address("c3"))).toEqual([]);
		}
	});

	it("succeeded against failed is a conflict", { timeout: LIMIT }, async () => {
		const row = (status: string) => file("t.csv", csv(ETL_TX, etlTx(1, 5_000_000, address("a1"), address("b2"), 5n, { status })));
		const path = await caseOf("ethereum-etl", row("1"));
		await expect(load(path, "ethereum-etl", row("0"))).rejects.toMatchObject({
			code: "CONFLICT",
			message: expect.stringMatching(/it succeeded and it failed/),
		});
	});

	it("without a status before Byzantium the trace of the call decides, in any order; without one it is a gap, also in the trace", {
		timeout: LIMIT,
	}, async () => {
		const silent = file("transactions.csv", csv(ETL_TX, etlTx(1, 4_000_000, address("a1"), address("b2"), 5n)));
		const root = (status: string) =>
			file("traces.csv", csv(ETL_TRACE, etlTrace(1, 4_000_000, address("a1"), address("b2"), 5n, { path: "", status })));
		for (const order of [
			[silent, root("0")],
			[root("0"), silent],
		]) {
			const path = await caseOf("ethereum-etl", ...order);
			expect(await moves(path, address("b2"))).toEqual([]);
			expect(await gapsOf(path)).toEqual([]);
		}
		const decided = await caseOf("ethereum-etl", silent, root("1"));
		expect(await moves(decided, address("b2"))).toEqual(["4000000.0.1 native a1a1>b2b2 5"]);
		expect(await gapsOf(decided)).toEqual([]);
		const open = await caseOf("ethereum-etl", silent);
		expect((await gapsOf(open)).map((g) => g.account)).toEqual([account("a1"), account("b2")]);
		const { coverage } = trace(open, "--seed", `account:${address("a1")}`, "--seed", `transfer:${hash(1)}:1`);
		expect(coverage.gaps.filter((g) => g.kind === "block-data").map((g) => g.text)).toContainEqual(
			expect.stringMatching(/whether a transaction succeeded/),
		);
		const spared = await caseOf(
			"ethereum-etl",
			file("t.csv", csv(ETL_TX, etlTx(1, 4_000_000, address("a1"), address("b2"), 5n, { used: 20000 }))),
		);
		expect(await gapsOf(spared)).toEqual([]);
	});

	it("delegatecall, staticcall and callcode move nothing from any file", { timeout: LIMIT }, async () => {
		const rows = ["delegatecall", "staticcall", "callcode"].map((call) =>
			etlTrace(1, 5_000_000, address("b2"), address("c3"), 5n, { call }),
		);
		const INTERNAL = "blockNumber,timeStamp,hash,from,to,value,contractAddress,type,isError";
		const api = ["delegatecall", "staticcall", "callcode"].map(
			(call) => `5000000,9,${hash(1)},${address("b2")},${address("c3")},5,,${call},0`,
		);
		expect(await moves(await caseOf("ethereum-etl", file("traces.csv", csv(ETL_TRACE, ...rows))), address("c3"))).toEqual([]);
		expect(await moves(await caseOf("etherscan", file("internal.csv", csv(INTERNAL, ...api))), address("c3"))).toEqual([]);
	});
});

describe("rows that belong to no transaction", () => {
	it("rewards of several blocks do not conflict, and are counted (trial 04)", { timeout: LIMIT }, async () => {
		const path = await caseOf("ethereum-etl", trial("04-etl-rewards-conflict", "traces.csv"));
		expect(await moves(path, address("a1"))).toEqual([
			`1500000.0.2 internal b2b2>a1a1 ${ETHER}`,
			`1500001.0.2 internal b2b2>a1a1 ${ETHER}`,
		]);
		expect(await moves(path, address("c3"))).toEqual([
			`1500000.16383.2 reward 0000>c3c3 ${5n * ETHER}`,
			`1500001.16383.2 reward 0000>c3c3 ${5n * ETHER}`,
		]);
		await load(path, "ethereum-etl", trial("04-etl-rewards-conflict", "traces.csv"));
		expect(await moves(path, address("c3"))).toHaveLength(2);
	});

	it("genesis balances and what the fork moved are counted, and named as what they are (trial 04)", { timeout: LIMIT }, async () => {
		const path = await caseOf("ethereum-etl", trial("04-etl-rewards-conflict", "genesis.csv"));
		expect(await moves(path, address("a1"))).toEqual([
			`0.16383.2 genesis 0000>a1a1 ${100n * ETHER}`,
			`1920000.16383.2 fork b2b2>a1a1 ${3n * ETHER}`,
			`1920001.0.2 internal a1a1>c3c3 ${ETHER}`,
		]);
	});

	it("a call without a transaction is refused by file and line", { timeout: LIMIT }, async () => {
		const path = await caseOf("ethereum-etl");
		const rows = file("traces.csv", csv(ETL_TRACE, etlTrace(0, 9, address("a1"), address("b2"), 1n)));
		await expect(load(path, "ethereum-etl", rows)).rejects.toThrow(/traces\.csv:2.*transaction_hash/);
	});
});

describe("value without a receiver", () => {
	it("left its sender, for nobody known: an end point and a gap that say so (trial 11)", { timeout: LIMIT }, async () => {
		const path = await caseOf("ethereum-etl", trial("11-creation-value-lost", "transactions.csv"));
		expect(await moves(path, address("a1"))).toContain(`4400001.0.1 native a1a1>nown ${3n * ETHER}`);
		expect(mustClew("show", "--case", path, address("a1"))).toContain("unknown receiver");
		const result = trace(path, "--seed", `transfer:${hash(1)}:1`, "--seed", `account:${address("a1")}`);
		expect(ends(result)).toContain(`unknown-receiver unknown ${3n * ETHER} slip44:60`);
		expect(result.coverage.gaps).toContainEqual(
			expect.objectContaining({
				kind: "block-data",
				account: account("a1"),
				fromHeight: "4400001",
				text: expect.stringMatching(/no source names/),
			}),
		);
	});

	it("a source that names the receiver replaces it, in any order; the site's rows and internal creations likewise", {
		timeout: LIMIT,
	}, async () => {
		const named = file("t.csv", csv(ETL_TX, etlTx(2, 4_400_001, address("a1"), "", 3n * ETHER, { created: address("c3"), status: "1" })));
		const nameless = file("u.csv", csv(ETL_TX, etlTx(2, 4_400_001, address("a1"), "", 3n * ETHER, { status: "1" })));
		const created = (to: string) =>
			file(
				"traces.csv",
				csv(
					ETL_TRACE,
					etlTrace(3, 4_400_002, address("a1"), to, 7n, { type: "create" }),
					etlTrace(3, 4_400_002, address("a1"), address("d4"), 7n, { path: "1" }),
				),
			);
		for (const order of [
			[named, nameless, created(""), created(address("e5"))],
			[created(address("e5")), created(""), nameless, named],
		]) {
			const path = await caseOf("ethereum-etl", ...order);
			expect((await moves(path, address("a1"))).filter((m) => !m.includes("fee"))).toEqual([
				`4400001.0.1 native a1a1>c3c3 ${3n * ETHER}`,
				"4400002.0.2 internal a1a1>e5e5 7",
				"4400002.0.3 internal a1a1>d4d4 7",
			]);
			expect(await gapsOf(path)).toEqual([]);
		}
		expect(await moves(await caseOf("ethereum-etl", created("")), address("a1"))).toEqual([
			"4400002.0.2 internal a1a1>nown 7",
			"4400002.0.3 internal a1a1>d4d4 7",
		]);
		const SITE =
			'"Transaction Hash","Blockno","UnixTimestamp","From","To","ContractAddress","Value_IN(ETH)","Value_OUT(ETH)","TxnFee(ETH)","Status","ErrCode"';
		const site = file("site.csv", csv(SITE, `"${hash(4)}","100","1","${address("a1")}","","","0","3","0","",""`));
		expect(await moves(await caseOf("etherscan", site), address("a1"))).toEqual([`100.8192.1 native a1a1>nown ${3n * ETHER}`]);
	});
});

describe("wrapped coins in files", () => {
	it("a payment into the wrapped coin's contract mints as much to the payer, so the money is found where it went as WETH (trial 15)", {
		timeout: LIMIT,
	}, async () => {
		const path = await caseOf("etherscan", trial("15-weth-in-files"));
		const result = trace(path, "--seed", `transfer:${hash(1)}:1`);
		expect(ends(result).join("\n")).toMatch(new RegExp(`^unfetched ${address("c3")} \\d+ erc20:0xc02aaa39`));
		expect(result.leaves.map((leaf) => leaf.account)).not.toContain("eip155:1:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
	});

	const WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";
	const TXLIST = "blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,isError,input,contractAddress";
	const INTERNAL = "blockNumber,timeStamp,hash,from,to,value,contractAddress,type,isError";
	const withdrawn = (n: bigint, isError = 0) =>
		`100,9,${hash(1)},0,${address("a1")},${WETH},0,1,1,${isError},0x2e1a7d4d${n.toString(16).padStart(64, "0")},`;

	it("a withdrawal burns what was paid out, told by the payment, by the call, or by both; a failed one nothing", {
		timeout: LIMIT,
	}, async () => {
		const call = file("txlist.csv", csv(TXLIST, withdrawn(500n)));
		const payment = file("internal.csv", csv(INTERNAL, `100,9,${hash(1)},${WETH},${address("a1")},500,,call,0`));
		const both = ["100.0.0 fee a1a1>0000 1", "100.0.2 internal 6cc2>a1a1 500", "100.0.16384 burn a1a1>0000 500"];
		expect(await moves(await caseOf("etherscan", call), address("a1"))).toEqual(both);
		expect(await moves(await caseOf("etherscan", call, payment), address("a1"))).toEqual(both);
		expect(await moves(await caseOf("etherscan", payment, call), address("a1"))).toEqual(both);
		expect(await moves(await caseOf("etherscan", payment), address("a1"))).toEqual([
			"100.8192.2 internal 6cc2>a1a1 500",
			"100.8192.16384 burn a1a1>0000 500",
		]);
		expect(await moves(await caseOf("etherscan", file("txlist.csv", csv(TXLIST, withdrawn(500n, 1)))), address("a1"))).toEqual(
			both.slice(0, 1),
		);
	});

	it("a node's events and a file's payments are one: no doubles, in either order, and without traces the event tells both sides", {
		timeout: LIMIT,
	}, async () => {
		const chain = parseChainId("eip155:1");
		const [weth, holder] = [parseAccount(WETH, chain), parseAccount(address("a1"), chain)];
		const word = (digits: string) => digits.padStart(64, "0");
		const log = (event: string, amount: bigint, logIndex: string) => ({
			address: WETH,
			topics: [event, `0x${word(address("a1").slice(2))}`],
			data: `0x${word(amount.toString(16))}`,
			logIndex,
		});
		const deposit = log("0xe1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c", 700n, "0x0");
		const withdrawal = log("0x7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65", 500n, "0x1");
		const paid: TransferRecord = { kind: "native", from: holder, to: weth, asset: nativeAsset(chain), amount: 700n, eventIndex: 1 };
		const block: DecodedBlock = {
			header: { height: 100, hash: parseHash(hash(100), chain), parent: parseHash(hash(99), chain), time: 9 },
			transactions: [
				{
					hash: parseHash(hash(1), chain),
					height: 100,
					txIndex: 0,
					status: "succeeded",
					transfers: [paid, ...tokenTransfers([deposit, withdrawal], [paid], chain, false)],
				},
			],
			kinds: ["native", "token"],
			contracts: [],
			gaps: [],
			provenance: "node",
		};
		const node = { id: "node:x", kind: "node", name: "x", sha256: "", detail: "" } as const;
		const ingest = (path: string) => reading(path, (store) => store.putBlocks(chain, [block], node));
		const exports = [
			file("txlist.csv", csv(TXLIST, `100,9,${hash(1)},0,${address("a1")},${WETH},700,0,1,0,0xd0e30db0,`)),
			file("internal.csv", csv(INTERNAL, `100,9,${hash(1)},${WETH},${address("a1")},500,,call,0`)),
		];
		const expected = [
			"100.0.1 native a1a1>6cc2 700",
			"100.0.2 internal 6cc2>a1a1 500",
			"100.0.16384 mint 0000>a1a1 700",
			"100.0.16385 burn a1a1>0000 500",
		];
		const alone = await caseOf("etherscan");
		await ingest(alone);
		expect(await moves(alone, address("a1"))).toEqual(expected);
		await load(alone, "etherscan", ...exports);
		expect(await moves(alone, address("a1"))).toEqual(expected);
		const filesFirst = await caseOf("etherscan", ...exports);
		await ingest(filesFirst);
		expect(await moves(filesFirst, address("a1"))).toEqual(expected);
	});

	it("what a destroyed contract left to it mints nothing", { timeout: LIMIT }, async () => {
		const path = await caseOf("etherscan", file("internal.csv", csv(INTERNAL, `100,9,${hash(1)},${address("a1")},${WETH},500,,suicide,0`)));
		expect(await moves(path, address("a1"))).toEqual(["100.8192.2 internal a1a1>6cc2 500"]);
	});

	it("where the contract has other code, a payment without a told mint is a gap that says so", { timeout: LIMIT }, async () => {
		const path = join(folder, "arbitrum.clew");
		await (await createCase(path, { title: "t", chain: parseChainId("eip155:42161"), at })).close();
		const paid = `100,9,${hash(1)},0,${address("a1")},0x82af49447d8a07e3bd95bd0d56f35241523fbab1,500,1,1,0,0x,`;
		await load(path, "etherscan", file("txlist.csv", csv(TXLIST, paid)));
		expect(await gapsOf(path)).toEqual([
			expect.objectContaining({ account: `eip155:42161:${address("a1")}`, gap: expect.stringMatching(/wrapped/) }),
		]);
		const TOKENTX = "blockNumber,timeStamp,hash,transactionIndex,from,to,value,contractAddress,tokenSymbol,tokenDecimal";
		const minted = `100,9,${hash(1)},0,${address("00")},${address("a1")},500,0x82af49447d8a07e3bd95bd0d56f35241523fbab1,WETH,18`;
		await load(path, "etherscan", file("tokentx.csv", csv(TOKENTX, minted)));
		expect(await gapsOf(path)).toEqual([]);
	});
});

describe("places", () => {
	it("mint, payment and burn of one transaction stand in causal order: all of it is burned (trial 40)", { timeout: LIMIT }, async () => {
		const path = await caseOf("etherscan", trial("40-burn-in-one-transaction", "files"));
		const result = trace(path, "--seed", "account:0x06a3d66339341f66d73bd0507e08f83c4c6a3377");
		expect(ends(result)).toEqual([`burned ${address("00")} 100 erc20:0x136b262db13e13a0ecbdc5b85548daf2c5979ba4`]);
	});

	it("a row that moves nothing still tells the place, whichever file comes first (trial 41)", { timeout: LIMIT }, async () => {
		const files = ["internal", "normal", "token"].map((name) => trial("41-import-order-zero-row", `files/${name}`));
		const [a, b, c] = files as [string, string, string];
		const seed = ["--seed", "account:0xed0fe2baf82b35eba11b9791f89ce5450588814d"];
		const results: string[][] = [];
		for (const order of [
			[a, b, c],
			[b, a, c],
			[c, b, a],
		])
			results.push(ends(trace(await caseOf("etherscan", ...order), ...seed)));
		expect(results[0]).toEqual(["unspent 0xcf7afbd11b427d7c6dc290ecc91a69582592acd5 10 slip44:60"]);
		expect(new Set(results.map((r) => r.join())).size).toBe(1);
	});

	it("ties are by amount as a number: 2 before 10 (trial 47)", { timeout: LIMIT }, async () => {
		const path = await caseOf("etherscan", trial("47-amount-order-by-text", "files"));
		const amounts = (await moves(path, "0xcf7afbd11b427d7c6dc290ecc91a69582592acd5")).filter((m) => m.includes("internal"));
		expect(amounts.map((m) => m.split(" ").at(-1))).toEqual(["2", "10"]);
	});

	it("one transaction at two heights is a conflict across files, too", { timeout: LIMIT }, async () => {
		const height = (of: number) => file("t.csv", csv(ETL_TX, etlTx(1, of, address("a1"), address("b2"), 5n, { status: "1" })));
		const path = await caseOf("ethereum-etl", height(5_000_000));
		await expect(load(path, "ethereum-etl", height(5_000_001))).rejects.toMatchObject({
			code: "CONFLICT",
			message: expect.stringMatching(/block 5000000 and block 5000001/),
		});
	});
});
