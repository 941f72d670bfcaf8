import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openEvmSource } from "@clew/chains";
import { type AssetId, addressOf, erc20Asset, nativeAsset, nftsIn, parseAmount, parseChainId } from "@clew/core";
import { Wallet } from "ethers";
import { afterEach, describe, expect, it } from "vitest";
import { readAnswers } from "../../packages/chains/src/evm/answers.js";
import { decodeBlock } from "../../packages/chains/src/evm/decode.js";
import { blockShape, receiptShape } from "../../packages/chains/src/evm/shapes.js";
import { realBlock } from "../../packages/chains/src/testing/real-block.js";
import { asParity, callsBehindLogs } from "../../packages/chains/src/testing/told-calls.js";
import { clew, clewAsync, scratch } from "../clew.js";
import { type RecordedNode, recordedChain, recordedEthereum } from "../recorded-node.js";
import { rollupBlock } from "./rollup-block.js";

/** A guard against a hang. */
const GUARD_MS = 600_000;
const TRIALS = new URL("../../fixtures/trials/", import.meta.url);

interface Told {
	readonly block: { number: string; transactions: Record<string, unknown>[] } & Record<string, unknown>;
	readonly receipts: Record<string, unknown>[];
}

/** The files of a trial, by the number that its folder begins with. */
function trial(number: string): Told & { readonly folder: string; readonly height: number } {
	const folder = new URL(`${readdirSync(TRIALS).find((name) => name.startsWith(`${number}-`))}/`, TRIALS).pathname;
	const read = (name: string) => {
		const file = readdirSync(folder).find((one) => one.startsWith(`${name}.json`)) ?? "";
		const bytes = readFileSync(join(folder, file));
		return JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
	};
	const block = read("block");
	return { folder, block, receipts: read("receipts"), height: Number(block.number) };
}

function answersOf(
	{ block, receipts }: { block: unknown; receipts: unknown },
	chain: string,
	more: { tracer?: "trace_block"; traces?: unknown } = {},
) {
	const height = Number((block as { number: string }).number).toString();
	return readAnswers("node", parseChainId(chain), {
		schema: "clew.answers/1",
		height,
		block,
		receipts,
		tracer: "none",
		traces: null,
		...more,
	});
}

let node: RecordedNode | undefined;
afterEach(() => {
	node?.close();
	node = undefined;
});

async function newCase(chain: string): Promise<string> {
	const file = join(scratch(), "a.clew");
	expect(await clewAsync(["case", "new", file, "--title", "t", "--chain", chain])).toMatchObject({ code: 0 });
	return file;
}

describe("blocks of rollups and of Polygon", () => {
	it("a block of Zora since Isthmus is ingested, nothing of it unproven", { timeout: GUARD_MS }, async () => {
		const { block, receipts, height } = trial("20");
		const located = (method: string) => (method === "eth_getTransactionByHash" ? { blockNumber: block.number } : undefined);
		node = await recordedChain(7777777, new Map([[height, { block, receipts }]]), located);
		const file = await newCase("eip155:7777777");
		const done = await clewAsync(["ingest", "--case", file, "--rpc", node.url, "--from", `${height}`, "--to", `${height}`, "--json"]);
		expect(done).toMatchObject({ code: 0 });
		const { gaps, blocks } = JSON.parse(done.out);
		expect(blocks).toBe(1);
		expect(gaps.join()).not.toMatch(/root|type/);
		// The deposit that tells of the parent chain moves nothing, as far as the block and its receipts tell: no calls were traced.
		const [{ hash = "" } = {}] = block.transactions as { hash?: string }[];
		expect((await clewAsync(["show", hash, "--case", file])).out).toMatch(`stands in block ${height} and moved no amount`);
		expect((await clewAsync(["trace", "--seed", `tx:${hash}`, "--case", file])).err).toMatch(
			`stands in block ${height} and moved no amount`,
		);
		const followed = await clewAsync(["follow", hash, "--case", file, "--rpc", node.url]);
		expect([followed.code === 0, followed.err]).toEqual([false, expect.stringMatching(`stands in block ${height} and moved no amount`)]);
		const unknown = await clewAsync(["show", `0x${"9".repeat(64)}`, "--case", file]);
		expect([unknown.code === 0, unknown.err]).toEqual([false, expect.stringMatching(/is not in the case/)]);
	});

	it("the same block with another deposit, receipt or withdrawals is refused", () => {
		const edits: ((told: Told) => void)[] = [
			({ block }) => Object.assign(block.transactions[0] as object, { mint: "0x1" }),
			({ block }) => Object.assign(block.transactions[0] as object, { from: `0x${"1".repeat(40)}` }),
			({ receipts }) => Object.assign(receipts[0] as object, { depositNonce: "0x1" }),
			({ receipts }) => Object.assign(receipts[0] as object, { depositReceiptVersion: null }),
			({ block }) =>
				Object.assign(block, { withdrawals: [{ index: "0x0", validatorIndex: "0x0", address: `0x${"1".repeat(40)}`, amount: "0x1" }] }),
			({ block }) => Object.assign(block, { withdrawalsRoot: `0x${"1".repeat(64)}` }),
		];
		for (const edit of edits) {
			const told = trial("20");
			edit(told);
			expect(() => answersOf(told, "eip155:7777777")).toThrow(expect.objectContaining({ code: "NODE_LIED" }));
		}
		expect(() => answersOf(trial("20"), "eip155:1")).toThrow(/of type 0x7e, which eip155:1 does not have/);
	});

	it("a deposit's mint arrives at its sender before its value moves, also when it fails", () => {
		const { block, receipts } = trial("21");
		const read = (status: string) =>
			decodeBlock(parseChainId("eip155:10"), {
				block: blockShape.parse(block),
				receipts: receiptShape.array().parse(receipts.map((receipt) => ({ ...receipt, status }))),
				calls: undefined,
				gaps: [],
			}).transactions[0]?.transfers.map(({ kind, from, to, amount, eventIndex }) => ({
				kind,
				from: from.slice(-3),
				to: to.slice(-3),
				amount,
				eventIndex,
			}));
		const mint = { kind: "mint", from: "000", to: "aaa", amount: 10n ** 18n, eventIndex: 0 };
		expect(read("0x1")).toEqual([mint, { kind: "native", from: "aaa", to: "aaa", amount: 10n ** 18n, eventIndex: 1 }]);
		expect(read("0x0")).toEqual([mint]);
	});

	it("a block of Polygon with a state sync is read: its logs decoded, known as the node's word", () => {
		const told = trial("22");
		const read = answersOf(told, "eip155:137");
		expect(read.gaps).toContain("the state-sync transaction stands in no root of the block: what it moved is this node's word");
		expect(read.inRoots).toBe(told.block.transactions.length - 1);
		const deposit = {
			...(told.receipts.at(-1) as { logs: object[] }).logs[0],
			topics: [
				"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
				`0x${"0".repeat(64)}`,
				`0x${"0".repeat(24)}${"7".repeat(40)}`,
			],
			data: `0x${"5".padStart(64, "0")}`,
		};
		const arrived = [...told.receipts.slice(0, -1), { ...told.receipts.at(-1), logs: [deposit] }];
		const { transactions } = decodeBlock(parseChainId("eip155:137"), answersOf({ ...told, receipts: arrived }, "eip155:137"));
		expect(transactions.at(-1)?.transfers).toMatchObject([{ kind: "mint", amount: 5n }]);
	});

	it("only the block's own state sync, on a chain that has them, may stand outside the roots", () => {
		const told = trial("22");
		expect(() => answersOf(told, "eip155:56")).toThrow(expect.objectContaining({ code: "NODE_LIED" }));
		const other = (part: object) => {
			const hash = `0x${"9".repeat(64)}`;
			const transactions = [...told.block.transactions.slice(0, -1), { ...told.block.transactions.at(-1), hash, ...part }];
			return {
				block: { ...told.block, transactions },
				receipts: [...told.receipts.slice(0, -1), { ...told.receipts.at(-1), transactionHash: hash }],
			};
		};
		expect(() => answersOf(other({}), "eip155:137")).toThrow(expect.objectContaining({ code: "NODE_LIED" }));
		const [first, ...rest] = told.block.transactions;
		expect(() =>
			answersOf({ ...told, block: { ...told.block, transactions: [{ ...first, value: "0x1" }, ...rest] } }, "eip155:137"),
		).toThrow(/hash of transaction 0/);
	});

	it("a state sync that is told half is left out, with a gap that names it", () => {
		const told = trial("22");
		const half = answersOf({ ...told, receipts: told.receipts.slice(0, -1) }, "eip155:137");
		expect(half.block.transactions).toHaveLength(told.block.transactions.length - 1);
		expect(half.gaps.join()).toMatch(/state-sync transaction 0x[0-9a-f]{64} was told without its receipt/);
		const other = answersOf({ ...told, block: { ...told.block, transactions: told.block.transactions.slice(0, -1) } }, "eip155:137");
		expect(other.gaps.join()).toMatch(/was told without its place in the block/);
	});

	it("a state sync without traces leaves the traces of the others", () => {
		const told = trial("22");
		const block = blockShape.parse(told.block);
		// No call stands for what Bor itself logs in nearly every transaction.
		const traces = callsBehindLogs(parseChainId("eip155:137"), { block, receipts: receiptShape.array().parse(told.receipts) })
			.slice(0, -1)
			.flatMap((frame, i) => asParity(frame, block.transactions[i]?.hash ?? ""));
		const read = answersOf(told, "eip155:137", { tracer: "trace_block", traces });
		expect(read.calls?.size).toBe(told.block.transactions.length - 1);
		expect(read.gaps).toContain("internal transfers of the state-sync transaction not fetched: the node does not trace it");
	});

	it("transactions taken out of a block with deposits are missed", () => {
		expect(() => answersOf(trial("23"), "eip155:84531")).toThrow(/the transactions root is .*, but what the node sent gives/);
	});

	it("a type that is not known leaves a gap that names it, and proves what it can", () => {
		const { block, receipts } = realBlock(18500000);
		const strange = { ...block, transactions: block.transactions.map((tx, i) => (i === 2 ? { ...tx, type: "0x6f" } : tx)) };
		const gaps = (list: typeof receipts) => answersOf({ block: strange, receipts: list }, "eip155:1").gaps.join("; ");
		// The receipt keeps its type here, so the receipts root is recomputed.
		expect(gaps(receipts)).toMatch(/transactions root not recomputed.*type 0x6f is not known here/);
		expect(gaps(receipts)).not.toMatch(/receipts root/);
		expect(gaps(receipts.map((r, i) => (i === 2 ? { ...r, type: "0x6f" } : r)))).toMatch(
			/receipts root not recomputed: receipts of type 0x6f/,
		);
		const forged = { ...strange, transactions: strange.transactions.map((tx, i) => (i === 3 ? { ...tx, value: "0x7" } : tx)) };
		expect(() => answersOf({ block: forged, receipts }, "eip155:1")).toThrow(/hash of transaction 3/);
	});

	it("what a rollup takes for its data and its operator belongs to the fee; where it is not told, the fee is a lower bound", async () => {
		const chain = parseChainId("eip155:10");
		const told = await rollupBlock(10, 5, [], new Wallet(`0x${"5".repeat(64)}`), {
			to: `0x${"6".repeat(40)}`,
			value: 7n,
			nonce: 0,
			maxFeePerGas: 1000n,
			maxPriorityFeePerGas: 1000n,
		});
		const fees = (part: object) => {
			const receipts = told.receipts.map((r) => (r.type === "0x7e" ? r : { ...r, ...part }));
			const { transactions, gaps } = decodeBlock(chain, answersOf({ block: told.block, receipts }, chain));
			return {
				fee: transactions.at(-1)?.transfers.find(({ kind }) => kind === "fee")?.amount,
				bound: gaps.some((gap) => gap.includes("lower bounds")),
			};
		};
		const gas = 21_000n * 1000n;
		// Isthmus: gas times scalar in millionths, and the constant.
		expect(fees({})).toEqual({ fee: gas + 1000n + 21_000n + 5n, bound: false });
		// Jovian: gas times scalar times 100.
		expect(fees({ daFootprintGasScalar: "0x190", operatorFeeScalar: "0x2" })).toEqual({
			fee: gas + 1000n + 21_000n * 200n + 5n,
			bound: false,
		});
		expect(fees({ l1Fee: null })).toMatchObject({ bound: true });
	});

	it("a bundle proves deposits and what they mint, and says of a rollup's fee that it is the node's word", {
		timeout: GUARD_MS,
	}, async () => {
		const signer = new Wallet(`0x${"5".repeat(64)}`);
		const victim = `0x${"a".repeat(40)}`;
		const deposit = { from: victim, to: signer.address.toLowerCase(), mint: 10n ** 18n, value: 4n * 10n ** 17n };
		const transfer = { to: `0x${"6".repeat(40)}`, value: 10n ** 17n, nonce: 0, maxFeePerGas: 1000n, maxPriorityFeePerGas: 1000n };
		const height = 9;
		const told = await rollupBlock(10, height, [deposit], signer, transfer);
		node = await recordedChain(10, new Map([[height, told]]));
		const file = await newCase("eip155:10");
		const run = async (...args: string[]) => {
			const done = await clewAsync(args);
			expect(done, args.join(" ")).toMatchObject({ code: 0 });
			return done.out;
		};
		await run("ingest", "--case", file, "--rpc", node.url, "--from", `${height}`, "--to", `${height}`);
		const result = JSON.parse(await run("trace", "--case", file, "--seed", `account:${victim}`, "--json"));
		const bundle = join(scratch(), "bundle");
		await run("export", "--case", file, "--trace", "last", "--proofs", "--rpc", node.url, "--out", bundle);
		const rows = await run("verify", bundle, "--rows");
		const kinds = result.edges.map(({ kind }: { kind: string }) => kind);
		expect(kinds).toEqual(["mint", "native", "fee", "native"]);
		expect(rows.match(/recomputed down to the header/g)).toHaveLength(3);
		expect(rows.match(/arithmetic only/g)).toHaveLength(1);
		// A row that says that more was minted is found out.
		const proof = readFileSync(join(bundle, "proofs", readdirSync(join(bundle, "proofs"))[0] ?? ""), "utf8");
		expect(proof).toContain('"schema":"clew.proof.evm/1"');
	});
});

describe("one refused block", () => {
	it("does not lose its neighbours: they are stored, it is named, and --skip-bad goes on", { timeout: GUARD_MS }, async () => {
		const { block, receipts, height } = trial("20");
		const bad = { block: { ...block, number: `0x${(height - 1).toString(16)}` }, receipts };
		node = await recordedChain(
			7777777,
			new Map([
				[height - 1, bad],
				[height, { block, receipts }],
			]),
		);
		const file = await newCase("eip155:7777777");
		const ingest = ["ingest", "--case", file, "--rpc", node.url, "--from", `${height - 1}`, "--to", `${height}`];
		const refused = await clewAsync(ingest);
		expect(refused.code).not.toBe(0);
		expect(refused.err).toMatch(new RegExp(`block ${height - 1}`));
		expect(refused.err).toMatch(/--skip-bad/);
		const status = async () => JSON.parse((await clewAsync(["status", "--case", file, "--json"])).out);
		expect(JSON.stringify(await status())).toContain(`"fromHeight":${height},"toHeight":${height}`);
		const done = await clewAsync([...ingest, "--skip-bad", "--json"]);
		expect(done).toMatchObject({ code: 0 });
		const report = JSON.parse(done.out);
		expect(report.refused).toEqual([height - 1]);
		expect(report.gaps.join()).toContain(`block ${height - 1} is not in the case`);
	});
});

describe("ids of NFTs", () => {
	const KITTIES = "0x06012c8cf97bead5deae237070f9587f8e7a266d";
	const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
	const word = (digits: string) => digits.padStart(64, "0");

	it("ERC-721 and ERC-1155 are counted at ingest, in status, and for the transaction that moved them", { timeout: GUARD_MS }, async () => {
		const real = realBlock(18500000);
		const chain = parseChainId("eip155:1");
		const decoded = decodeBlock(chain, { ...real, calls: undefined, gaps: [] });
		const moved = (hash: string) => nftsIn((decoded.events ?? []).filter(({ txHash }) => txHash === hash));
		const isAlone = (alone: boolean) =>
			decoded.transactions.find(({ hash, transfers }) => moved(hash).length > 0 && transfers.every(({ kind }) => kind === "fee") === alone)
				?.hash ?? "";
		const [only, also] = [isAlone(true), isAlone(false)];
		node = await recordedEthereum([18500000]);
		const file = await newCase("eip155:1");
		const height = ["--from", "18500000", "--to", "18500000"];
		const { err } = await clewAsync(["ingest", "--case", file, "--rpc", node.url, ...height]);
		expect(err).toMatch(/transfers of NFTs \(ERC-721, ERC-1155\) carry ids, not amounts: left out \(\d+ NFTs of \d+ contracts\)/);
		const ask = async (...args: string[]) => clewAsync([...args, "--case", file]);
		expect((await ask("status")).out).toMatch(/gap: blocks 18500000 to 18500000: transfers of NFTs .* carry ids, not amounts: left out/);
		const [first] = moved(only);
		const words = `NFTs (${first?.count} of contract ${first && addressOf(first.contract)}`;
		expect((await ask("show", only)).out).toContain(`transaction ${only} stands in block 18500000 and moved no amounts, but ${words}`);
		expect(JSON.parse((await ask("show", only, "--json")).out)).toMatchObject({ height: 18500000, nfts: moved(only) });
		const seeded = await ask("trace", "--seed", `tx:${only}`);
		expect(seeded.code).not.toBe(0);
		expect(seeded.err).toContain(`moved no amounts, but ${words}`);
		expect((await ask("show", also)).out).toContain("it also moved NFTs (");
		expect((await ask("trace", "--seed", `tx:${also}`)).err).toContain("and they are not followed");
	});

	it("CryptoKitties' logs without indexed ids are no amounts, and are named", () => {
		const { block, receipts } = realBlock(18500000);
		const kitty = { address: KITTIES, topics: [TRANSFER], data: `0x${word("a")}${word("b")}${word((554985).toString(16))}` };
		const changed = structuredClone(receipts);
		const [log] = changed.find((r) => r.logs.length > 0)?.logs ?? [];
		Object.assign(log as object, kitty);
		const decoded = decodeBlock(parseChainId("eip155:1"), { block, receipts: changed, calls: undefined, gaps: [] });
		expect(decoded.transactions.flatMap((tx) => tx.transfers).some(({ asset }) => asset.endsWith(KITTIES))).toBe(false);
		expect(decoded.gaps.join()).toContain(`erc20:${KITTIES} (CryptoKitties) are ids of NFTs`);
		expect(nftsIn(decoded.events ?? [])).toContainEqual({ contract: `eip155:1:${KITTIES}`, count: 1 });
	});

	/** What made-up contracts answer, by selector; undefined reverts. */
	const CONTRACTS: Record<string, Record<string, string>> = {
		"1": { "313ce567": word("12"), "01ffc9a7": word("1"), dd62ed3e: word("0"), "70a08231": word("0") },
		"2": { "01ffc9a7": word("1"), "70a08231": word("0") },
		"3": { "70a08231": word("0") },
		"4": { "70a08231": word("0"), dd62ed3e: word("0") },
		"5": {},
		"6": { "313ce567": word("0"), "01ffc9a7": word("1"), "70a08231": word("0") },
		"7": { "313ce567": word("0"), dd62ed3e: word("0"), "70a08231": word("0") },
	};

	it("a node is asked: ERC-165, or balances without decimals() and allowance(); who cannot tell is not called an NFT", {
		timeout: GUARD_MS,
	}, async () => {
		node = await recordedChain(1, new Map([[1, realBlock(18500000)]]), (method, [call]) => {
			const { to = "", data = "" } = (call ?? {}) as { to?: string; data?: string };
			const answer = CONTRACTS[to.slice(-1)]?.[data.slice(2, 10)];
			return method === "eth_call" && answer !== undefined ? `0x${answer}` : undefined;
		});
		const chain = parseChainId("eip155:1");
		const source = await openEvmSource(node.url, chain);
		const asset = (digit: string) => erc20Asset(chain, `0x${"c".repeat(39)}${digit}`);
		const found = (await source.nfts?.(Object.keys(CONTRACTS).map(asset))) ?? [];
		source.close();
		expect(found.map((one) => one.asset)).toEqual(["2", "3", "6"].map(asset));
	});

	it("a file that cannot tell says so, where it is imported and in the trace; later a file that can takes the ids out", {
		timeout: GUARD_MS,
	}, async () => {
		const { folder } = trialFolder("05");
		const file = await newCase("eip155:1");
		const imported = await clewAsync(["import", "ethereum-etl", join(folder, "token_transfers.csv"), "--case", file]);
		expect(imported).toMatchObject({ code: 0 });
		const contract = `0x${"d4".repeat(20)}`;
		expect(imported.err).toMatch(/does not tell amounts from ids of NFTs, and nothing in the case describes 0xd4d4/);
		const seed = ["trace", "--case", file, "--seed", "transfer:4400100.8192.16391", "--json"];
		const { coverage } = JSON.parse((await clewAsync(seed)).out);
		expect(coverage.gaps).toContainEqual(
			expect.objectContaining({ asset: `eip155:1/erc20:${contract}`, text: expect.stringContaining("may be ids of NFTs, not amounts") }),
		);
		const nfts = join(scratch(), "tokennfttx.json");
		const row = {
			blockNumber: "4400100",
			timeStamp: "1508131303",
			hash: `0x${"0".repeat(63)}2`,
			from: `0x${"99".repeat(20)}`,
			to: `0x${"a1".repeat(20)}`,
		};
		writeFileSync(
			nfts,
			JSON.stringify([{ ...row, contractAddress: contract, tokenID: "10", tokenName: "N", tokenSymbol: "N", tokenDecimal: "0" }]),
		);
		const told = await clewAsync(["import", "etherscan", nfts, "--case", file]);
		expect(told).toMatchObject({ code: 0 });
		expect(told.err).toMatch(/1 rows left out: numbers of eip155:1\/erc20:0xd4d4.* are ids of NFTs/);
		expect(told.err).toMatch(/4 transfers told as amounts before are ids of NFTs: taken out of the case/);
		expect((await clewAsync(seed)).code).not.toBe(0);
		// The other order of import: the rows do not come in.
		const again = await newCase("eip155:1");
		await clewAsync(["import", "etherscan", nfts, "--case", again]);
		const late = await clewAsync(["import", "ethereum-etl", join(folder, "token_transfers.csv"), "--case", again, "--json"]);
		expect(JSON.parse(late.out)).toMatchObject({ added: 0, reports: [{ nfts: { [`eip155:1/erc20:${contract}`]: 4 }, untold: [] }] });
	});

	it("the site's CSV of NFT transfers is read, counted and left out", { timeout: GUARD_MS }, async () => {
		const file = await newCase("eip155:1");
		const csv = join(scratch(), "nft.csv");
		const header = "Transaction Hash,Blockno,UnixTimestamp,DateTime (UTC),From,To,ContractAddress,TokenId,TokenName,TokenSymbol";
		writeFileSync(
			csv,
			`${header}\n0x${"1".repeat(64)},5000000,1517319693,2018-01-30 13:41:33,0x${"a".repeat(40)},0x${"b".repeat(40)},${KITTIES},554985,CryptoKitties,CK\n`,
		);
		const { code, err, out } = await clewAsync(["import", "etherscan", csv, "--case", file]);
		expect(code).toBe(0);
		expect(err).toMatch(/1 rows left out: numbers of eip155:1\/erc20:0x06012c.* \(CryptoKitties\) are ids of NFTs/);
		expect(out).toMatch(/0 transfers added/);
	});
});

function trialFolder(number: string): { readonly folder: string } {
	return { folder: new URL(`${readdirSync(TRIALS).find((name) => name.startsWith(`${number}-`))}/`, TRIALS).pathname };
}

describe("units", () => {
	const coin = (chain: string): AssetId => nativeAsset(parseChainId(chain));

	it("an amount is in the coin of its chain, or refused", () => {
		expect(parseAmount("1.5ETH", coin("eip155:1"))).toBe(15n * 10n ** 17n);
		expect(parseAmount("1.5 pol", coin("eip155:137"))).toBe(15n * 10n ** 17n);
		expect(parseAmount("0.2BTC", coin("bitcoin"))).toBe(20_000_000n);
		expect(parseAmount("2native", coin("eip155:424242"))).toBe(2n * 10n ** 18n);
		expect(parseAmount("7", erc20Asset(parseChainId("eip155:1"), `0x${"a".repeat(40)}`))).toBe(7n);
		for (const [text, asset] of [
			["1.5BTC", coin("eip155:1")],
			["1ETH", coin("bitcoin")],
			["1ETH", coin("eip155:137")],
			["1BTC", coin("bitcoin-testnet4")],
			["1ETH", coin("eip155:424242")],
			["1ETH", erc20Asset(parseChainId("eip155:1"), `0x${"a".repeat(40)}`)],
		] as const)
			expect(() => parseAmount(text, asset), text).toThrow(expect.objectContaining({ code: "USAGE" }));
	});

	it("wrong units are usage errors in every command that takes an amount", { timeout: GUARD_MS }, async () => {
		const [ether, bitcoin] = [await newCase("eip155:1"), await newCase("bitcoin")];
		const account = `account:0x${"a".repeat(40)}`;
		const token = `0x${"b".repeat(40)}`;
		const refused: string[][] = [
			["trace", "--case", ether, "--seed", account, "--amount", "1.5BTC"],
			["trace", "--case", ether, "--seed", account, "--amount", "1.5ETH", "--asset", token],
			["trace", "--case", ether, "--seed", account, "--dust", "1BTC"],
			["trace", "--case", ether, "--seed", account, "--dust", `1ETH:${token}`],
			["trace", "--case", bitcoin, "--seed", "account:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "--amount", "1ETH"],
			["watch", "add", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "--case", bitcoin, "--on", ">10ETH"],
			["check", `0x${"a".repeat(40)}`, "--amount", "1BTC"],
			["check", `eip155:137:0x${"a".repeat(40)}`, "--amount", "1ETH"],
		];
		for (const args of refused) {
			const { code, err } = await clewAsync(args);
			expect(code, `${args.join(" ")}\n${err}`).toBe(2);
			expect(err, args.join(" ")).toMatch(/not an amount of this chain's coin|in base units/);
		}
	});

	it("a chain that cannot be followed is refused when the case is made, and wherever a chain is given", { timeout: GUARD_MS }, async () => {
		const folder = scratch();
		mkdirSync(join(folder, "x"));
		const file = await newCase("eip155:1");
		for (const chain of [
			"solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp",
			"tron:728126428",
			"eip155:abc",
			"bip122:00000000000000000000000000000000",
			"solana",
		]) {
			const made = clew(["case", "new", join(folder, "b.clew"), "--title", "t", "--chain", chain]);
			expect(made.code, chain).toBe(2);
			expect(made.err).toMatch(/no chain that can be followed/);
			expect(readdirSync(folder)).toEqual(["x"]);
			expect(clew(["status", "--case", file, "--chain", chain]).code).not.toBe(0);
			expect(clew(["trace", "--case", file, "--chain", chain, "--seed", `account:0x${"a".repeat(40)}`]).code).toBe(2);
			expect(clew(["check", `0x${"a".repeat(40)}`, "--chain", chain]).code).toBe(2);
		}
	});

	it("the coin of a chain that is in no table has no borrowed name", { timeout: GUARD_MS }, async () => {
		const height = 3;
		const signer = new Wallet(`0x${"5".repeat(64)}`);
		const transfer = { to: `0x${"6".repeat(40)}`, value: 10n ** 17n, nonce: 0, maxFeePerGas: 1000n, maxPriorityFeePerGas: 1000n };
		const told = await rollupBlock(424242, height, [], signer, transfer);
		node = await recordedChain(424242, new Map([[height, told]]));
		const file = await newCase("eip155:1");
		const args = ["--case", file, "--chain", "eip155:424242"];
		expect(await clewAsync(["ingest", ...args, "--rpc", node.url, "--from", "3", "--to", "3"])).toMatchObject({ code: 0 });
		const { out } = await clewAsync(["trace", ...args, "--seed", `tx:${told.block.transactions.at(-1)?.hash}`, "--amount", "1native"]);
		expect(out).toMatch(/native coin of eip155:424242/);
		expect(out).not.toMatch(/ETH/);
	});
});
