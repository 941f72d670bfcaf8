import { type Hash, type PartOfBlock, parseChainId, trustedAccountId } from "@clew/core";
import { afterEach, describe, expect, it } from "vitest";
import { fakeNode, type Handler } from "../testing/fake-node.js";
import { realBlock } from "../testing/real-block.js";
import { readAnswers } from "./answers.js";
import { decodeBlock } from "./decode.js";
import { openEvmSource } from "./open.js";
import { cutTo, readPart } from "./part.js";
import type { RpcReceipt } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const HEIGHT = 18_500_000;
const { block, receipts } = realBlock(HEIGHT);
const answers = { schema: "clew.answers/1", height: String(HEIGHT), block, receipts, tracer: "none", traces: null } as const;
const whole = decodeBlock(MAINNET, readAnswers("node", MAINNET, answers));
const lower = (text: string) => text.toLowerCase() as Hash;
/** A transaction with several logs, whose sender signed no other one of the block. */
const chosen = receipts.find(
	({ logs, transactionHash }) =>
		logs.length > 2 && block.transactions.filter(({ from }) => from === senderOf(transactionHash)).length === 1,
) as RpcReceipt;

function senderOf(hash: string): string | undefined {
	return block.transactions.find((tx) => tx.hash === hash)?.from;
}

describe("some transactions of a block", () => {
	let stop = async () => {};
	afterEach(() => stop());

	/** A node that tells receipts one by one, and its calls; final up to a height. */
	const open = async (final: number, change: (receipt: RpcReceipt) => unknown = (receipt) => receipt) => {
		const calls: string[] = [];
		const answer: Handler = (method, params) => {
			calls.push(method);
			if (method === "eth_chainId") return { result: "0x1" };
			if (method === "web3_clientVersion") return { result: "test" };
			if (method === "eth_getBlockByNumber")
				return { result: params[0] === "finalized" ? { ...block, number: `0x${final.toString(16)}` } : block };
			if (method !== "eth_getTransactionReceipt") return { error: { code: -32601, message: "method not found" } };
			return { result: change(receipts.find((one) => one.transactionHash === params[0]) as RpcReceipt) };
		};
		const node = await fakeNode(answer);
		const source = await openEvmSource(node.url, MAINNET, { attempts: 1 });
		stop = async () => {
			source.close();
			await node.close();
		};
		const asked = () => calls.filter((method) => method === "eth_getTransactionReceipt").length;
		return { source, asked };
	};
	const account = trustedAccountId(MAINNET, lower(senderOf(chosen.transactionHash) as string));
	const other = whole.transactions.find(({ hash, transfers }) => hash !== lower(chosen.transactionHash) && transfers.length > 2);

	it("are told as in the whole block, for one request a receipt", async () => {
		const { source, asked } = await open(HEIGHT);
		const part = (await source.partOf?.(HEIGHT, { account, hashes: [other?.hash as Hash] })) as PartOfBlock;
		const wanted = new Set([other?.hash, lower(chosen.transactionHash)]);
		const own = part.transactions.filter(({ hash }) => hash !== lower(block.hash));
		expect(own).toEqual(whole.transactions.filter(({ hash }) => wanted.has(hash)));
		expect(part.events).toEqual(whole.events?.filter(({ txHash }) => wanted.has(txHash)) ?? []);
		expect([own.length, asked(), part.of, part.kinds]).toEqual([2, 2, whole.header, ["native", "token"]]);
		// What the block pays is known of its withdrawals, by its header, and not of fees, which all receipts together tell.
		const ofBlock = part.transactions.filter(({ hash }) => hash === lower(block.hash)).flatMap(({ transfers }) => transfers);
		expect([new Set(ofBlock.map(({ kind }) => kind)), ofBlock.length]).toEqual([new Set(["withdrawal"]), block.withdrawals?.length]);
	});

	it("are not told apart from a block that is not final, or whose producer is asked about", async () => {
		const { source, asked } = await open(HEIGHT - 1);
		expect(await source.partOf?.(HEIGHT, { account, hashes: [] })).toBeUndefined();
		await stop();
		const final = await open(HEIGHT);
		const producer = trustedAccountId(MAINNET, lower(block.miner));
		expect(await final.source.partOf?.(HEIGHT, { account: producer, hashes: [] })).toBeUndefined();
		expect([asked(), final.asked()]).toEqual([0, 0]);
	});

	it.each<[string, (receipt: RpcReceipt) => unknown, RegExp]>([
		["of another transaction", () => ({ ...chosen, transactionHash: `0x${"1".repeat(64)}` }), /which the block does not hold/],
		["of another place", (one) => ({ ...one, transactionIndex: "0x0" }), /do not belong together/],
		["of another sender", (one) => ({ ...one, from: `0x${"4".repeat(40)}` }), /its receipt says 0x4444/],
		["that paid another price", (one) => ({ ...one, effectiveGasPrice: "0x1" }), /header and transaction give/],
		["that used more gas than its block", (one) => ({ ...one, gasUsed: "0xffffffffff" }), /gas of the/],
		["of another block", (one) => ({ ...one, blockHash: `0x${"5".repeat(64)}` }), /of another block/],
		["without one of its logs", (one) => ({ ...one, logs: one.logs.filter((_, i) => i !== 1) }), /log indices .* do not continue/],
	])("a receipt %s is caught", async (_, change, words) => {
		const { source } = await open(HEIGHT, change);
		await expect(source.partOf?.(HEIGHT, { account, hashes: [] })).rejects.toThrow(words);
	});

	it("kept answers are cut to them, and read alike", async () => {
		const { source } = await open(HEIGHT);
		const part = await source.partOf?.(HEIGHT, { account, hashes: [] });
		expect(readPart("bundle", MAINNET, cutTo(answers, new Set([lower(chosen.transactionHash)])))).toEqual(part);
		const [first, ...others] = block.transactions;
		const forged = { ...block, transactions: [{ ...first, value: "0x1" }, ...others] };
		expect(() => readPart("bundle", MAINNET, { ...cutTo(answers, new Set()), block: forged })).toThrow(/the hash of transaction 0/);
	});
});
