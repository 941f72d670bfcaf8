import { NFTS_LEFT_OUT, nftsIn, nftWords, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { decodeBlock } from "./decode.js";
import { eventsOf } from "./events.js";
import type { RpcBlock, RpcLog, RpcReceipt } from "./shapes.js";

const MAINNET = parseChainId("eip155:1");
const [TRANSFER, SINGLE, BATCH] = [
	"0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
	"0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
	"0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb",
];
const word = (digits: string) => digits.padStart(64, "0");
const topic = (digit: string) => `0x${word(digit.repeat(40))}`;

/** Events that one transaction with these logs tells of. */
function read(...logs: Pick<RpcLog, "topics" | "data">[]) {
	const { block } = realBlock(18500000);
	const told = logs.map((log, i) => ({ ...log, address: `0x${"c".repeat(40)}`, logIndex: `0x${i}` }));
	return eventsOf(MAINNET, { ...block, transactions: block.transactions.slice(0, 1) } as RpcBlock, [
		{ logs: told } as unknown as RpcReceipt,
	]);
}

describe("NFTs in logs", () => {
	it("of a real block are counted, each with its contract, receiver and place; amounts are none", () => {
		const { block, receipts } = realBlock(18500000);
		const decoded = decodeBlock(MAINNET, { block, receipts, calls: undefined, gaps: [] });
		const logs = receipts.flatMap((receipt) => receipt.logs);
		const nfts = logs.filter(({ topics }) => (topics[0] === TRANSFER && topics.length === 4) || topics[0] === SINGLE);
		expect(nfts.length).toBeGreaterThan(0);
		expect(logs.some(({ topics }) => topics[0] === BATCH)).toBe(false);
		const events = (decoded.events ?? []).filter(({ kind }) => kind === "nft-transfer");
		expect(events.map(({ position }) => position.eventIndex - 16_384)).toEqual(nfts.map(({ logIndex }) => Number(logIndex)));
		expect(nftsIn(events).reduce((sum, { count }) => sum + count, 0)).toBe(nfts.length);
		const places = new Set(decoded.transactions.flatMap((tx) => tx.transfers.map((t) => t.eventIndex)));
		expect(events.some(({ position }) => places.has(position.eventIndex))).toBe(false);
		expect(decoded.gaps).toContain(NFTS_LEFT_OUT);
	});

	it("are told by ERC-721's Transfer with its id in a topic, and by both of ERC-1155's, of a batch by the number of ids", () => {
		const batch = [word("40"), word("c0"), word("3"), word("7"), word("8"), word("9"), word("3"), word("1"), word("1"), word("5")].join("");
		const events = read(
			{ topics: [TRANSFER as string, topic("a"), topic("b"), topic("7")], data: "0x" },
			{ topics: [TRANSFER as string, topic("a"), topic("b")], data: `0x${word("7")}` },
			{ topics: [SINGLE as string, topic("e"), topic("a"), topic("b")], data: `0x${word("7")}${word("64")}` },
			{ topics: [BATCH as string, topic("e"), topic("a"), topic("b")], data: `0x${batch}` },
		);
		expect(
			events.map(({ protocol, details }) => [protocol, details["count"], details["from"]?.slice(-1), details["to"]?.slice(-1)]),
		).toEqual([
			["erc-721", "1", "a", "b"],
			["erc-1155", "1", "a", "b"],
			["erc-1155", "3", "a", "b"],
		]);
		expect(nftWords(nftsIn(events))).toBe(`NFTs (5 of contract 0x${"c".repeat(40)}): ids, which are not amounts`);
	});

	it("that do not fit their own signature are nobody's", () => {
		const long = `0x${word("40")}${word("60")}${word("f".repeat(60))}`;
		expect(
			read(
				{ topics: [BATCH as string, topic("e"), topic("a"), topic("b")], data: long },
				{ topics: [SINGLE as string, topic("e"), topic("a"), topic("b")], data: "0x12" },
				{ topics: [SINGLE as string, topic("e")], data: `0x${word("7")}${word("64")}` },
			),
		).toEqual([]);
	});
});
