import {
	addressOf,
	type BlockEvidence,
	type ChainId,
	canonicalJson,
	type DecodedBlock,
	type EvmBlockProof,
	type EvmTransactionProof,
	feedAddresses,
	feedOrigin,
	feedPlace,
	formatAmount,
	type Hash,
	NodeError,
	type PriceFeed,
	type PriceRow,
	parsePrice,
	sha256Hex,
} from "@clew/core";
import { z } from "zod";
import { FIRST_SPAN, MAY_BE_TOO_MUCH, shorter } from "./history.js";
import { checkChain } from "./probe.js";
import { type RpcOptions, rpcClient } from "./rpc-client.js";
import { quantity, receiptShape } from "./shapes.js";

/** Topic of `AnswerUpdated(int256,uint256,uint256)`. */
const ANSWER_UPDATED = "0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f";
const SIGN = 1n << 255n;
/** An answer that was found longer before its block, in seconds, is of a feed that stands still. */
const STALE = 86_400;

const loggedShape = z.array(
	z.looseObject({ address: z.string(), blockNumber: quantity, transactionHash: z.string(), removed: z.boolean().optional() }),
);

/** Which feeds are looked for, at which heights, and how many blocks back at most. */
export interface AnswerRequest {
	readonly feeds: readonly PriceFeed[];
	readonly heights: readonly number[];
	readonly back: number;
}

/** Transactions that hold the last answers of feeds, by height, as a node's index has them: their blocks are what proves them. */
export type AnswerPlaces = ReadonlyMap<number, ReadonlySet<Hash>>;

/**
 * Asks a node in which transactions feeds last answered at or before each height, at most `back` blocks before. Feeds that did not answer
 * in that time are not there. Throws NodeError.
 */
export async function findAnswers(url: string, chain: ChainId, request: AnswerRequest, options: RpcOptions = {}): Promise<AnswerPlaces> {
	const client = rpcClient(url, options);
	const places = new Map<number, Set<Hash>>();
	let span = Math.min(FIRST_SPAN, client.manners.blocks ?? FIRST_SPAN);
	try {
		await checkChain(client, chain);
		for (const height of request.heights) {
			const left = new Set(feedAddresses(request.feeds));
			const least = Math.max(0, height - request.back + 1);
			for (let to = height; to >= least && left.size > 0; ) {
				const from = Math.max(least, to - span + 1);
				const filter = {
					address: [...left],
					topics: [ANSWER_UPDATED],
					fromBlock: `0x${from.toString(16)}`,
					toBlock: `0x${to.toString(16)}`,
				};
				try {
					const parsed = loggedShape.safeParse(await client.call("eth_getLogs", [filter]));
					if (!parsed.success) throw new NodeError("NODE_BAD_ANSWER", client.name, "eth_getLogs: the answer has not the expected form");
					for (const log of [...parsed.data].reverse()) {
						const at = Number(log.blockNumber);
						if (log.removed === true || at < from || at > to || !left.delete(log.address.toLowerCase())) continue;
						places.set(at, (places.get(at) ?? new Set()).add(log.transactionHash.toLowerCase() as Hash));
					}
					to = from - 1;
				} catch (error) {
					if (!(error instanceof NodeError) || !MAY_BE_TOO_MUCH.has(error.code) || span <= 1) throw error;
					span = shorter(client.manners, Math.min(span, to - from + 1), error);
				}
			}
		}
		return places;
	} finally {
		client.close();
	}
}

/** Answers of feeds that a block proves, with the proof as it is kept, by its SHA-256; and those that are no prices, in words. */
export interface ProvenAnswers {
	readonly rows: readonly PriceRow[];
	readonly answers: ReadonlyMap<string, string>;
	readonly refused: readonly string[];
}

const WORD = /^0x[0-9a-fA-F]{64}$/;

/**
 * What feeds answered last in the proven transactions of a block, each with its log's place in its receipt: the block's roots and hash were
 * recomputed. An answer of 0 or less, one of another time than its block, and a block that cannot be proven give no price, and say so.
 */
export function readProvenAnswers(
	{ block, proof, unprovable, answers }: BlockEvidence<DecodedBlock>,
	feeds: readonly PriceFeed[],
): ProvenAnswers {
	const { height, time } = block.header;
	if (proof?.schema !== "clew.proof.evm/1")
		return { rows: [], answers: new Map(), refused: [`block ${height} cannot be proven: ${unprovable.join("; ")}`] };
	const byAddress = new Map(feeds.map((feed) => [addressOf(feed.aggregator), feed]));
	const receipts = receiptShape.array().parse((JSON.parse(answers) as { receipts: unknown }).receipts);
	// Of several answers in one block the last one stands.
	const rows = new Map<PriceFeed, Omit<PriceRow, "answer">>();
	const transactions = new Map<PriceFeed, EvmTransactionProof>();
	const refused: string[] = [];
	for (const transaction of proof.transactions) {
		const { hash, index } = transaction;
		for (const [log, { address, topics, data }] of (receipts[index]?.logs ?? []).entries()) {
			const feed = byAddress.get(address.toLowerCase());
			if (feed === undefined || topics[0]?.toLowerCase() !== ANSWER_UPDATED) continue;
			const place = feedPlace(hash, log);
			const wrong = faultOf(topics[1], data, time, feed);
			if (wrong !== undefined) {
				refused.push(`${feedOrigin(feed).id}: ${wrong} (${place}, block ${height})`);
				continue;
			}
			const price = formatAmount(BigInt(topics[1] ?? 0), feed.decimals);
			rows.set(feed, { asset: feed.asset, unit: feed.unit, time, price, origin: feedOrigin(feed), place });
			transactions.set(feed, transaction);
		}
	}
	if (rows.size === 0) return { rows: [], answers: new Map(), refused };
	const text = canonicalJson(ofReceipts(proof, new Set(transactions.values())));
	const answer = sha256Hex(text);
	return { rows: [...rows.values()].map((row) => ({ ...row, answer })), answers: new Map([[answer, text]]), refused };
}

/** The proof of some transactions and their receipts alone: without the receipts before, by which gas is counted, and no node too many. */
function ofReceipts({ nodes, ...proof }: EvmBlockProof, transactions: ReadonlySet<EvmTransactionProof>): EvmBlockProof {
	const kept = new Map<number, number>();
	const places = (path: readonly number[]) =>
		path.map((node) => {
			const place = kept.get(node) ?? kept.size;
			kept.set(node, place);
			return place;
		});
	const slim = [...transactions].map(({ hash, index, transaction, receipt }) => ({
		...{ hash, index, transaction: places(transaction), receipt: places(receipt) },
		before: [],
	}));
	return { ...proof, nodes: [...kept.keys()].map((node) => nodes[node] as string), transactions: slim };
}

/** Why an answer is no price; undefined where it is one. */
function faultOf(current: string | undefined, data: string, time: number, { decimals }: PriceFeed): string | undefined {
	if (current === undefined || !WORD.test(data)) return "logs something else than an answer";
	const [answer, updated] = [BigInt(current), BigInt(data)];
	if (answer >= SIGN) return "answers less than 0";
	if (answer === 0n) return "answers 0";
	if (updated > BigInt(time)) return "answers with a time after its block";
	if (BigInt(time) - updated > BigInt(STALE)) return "is stale: its answer is of more than a day before its block";
	try {
		parsePrice(formatAmount(answer, decimals));
		return undefined;
	} catch (error) {
		return (error as Error).message;
	}
}
