import { type ChainId, groupBy, NodeError, shapeProblem } from "@clew/core";
import { z } from "zod";
import { splitStateSync } from "./bor.js";
import { type Call, type CallTransfers, frameCalls, parityCalls, transfersOf } from "./calls.js";
import { checkBlock } from "./check-block.js";
import { contradiction } from "./check-calls.js";
import type { CheckedAnswer } from "./decode.js";
import { withRootedOutcomes } from "./outcome.js";
import {
	blockShape,
	callTraceListShape,
	parityTraceShape,
	type RpcBlock,
	type RpcReceipt,
	type RpcTransaction,
	receiptShape,
} from "./shapes.js";

/** What a node answered about one block, call by call, as it came: kept in a bundle so that a trace can be run again from it. */
export const blockAnswersShape = z.strictObject({
	schema: z.literal("clew.answers/1"),
	height: z.string().regex(/^[0-9]{1,10}$/),
	block: z.unknown(),
	receipts: z.unknown(),
	tracer: z.enum(["trace_block", "debug_traceBlockByNumber", "none"]),
	/** Null when the node did not tell. */
	traces: z.unknown(),
});
export type BlockAnswers = z.infer<typeof blockAnswersShape>;

/** Parses one answer. Throws NodeError (NODE_BAD_ANSWER) that names method, place and field. */
export function parseAnswer<T extends z.ZodType>(
	node: string,
	shape: T,
	answer: unknown,
	method: string,
	where: number | string,
): z.infer<T> {
	const parsed = shape.safeParse(answer);
	if (parsed.success) return parsed.data;
	throw new NodeError("NODE_BAD_ANSWER", node, `${method} (block ${where}): ${shapeProblem(parsed.error, "answer")}`, {
		hint: "The node answered half or something else; ask again, or ask another node.",
	});
}

/** The hashes of a block's transactions, before anything is checked. */
export function transactionHashes(node: string, height: number, block: unknown): string[] {
	return parseAnswer(node, blockShape, block, "eth_getBlockByNumber", height).transactions.map((tx) => tx.hash);
}

/**
 * A block and receipts of it, all or some, as a node told them: of the height that was asked for, and of one block. What they say is not
 * looked at. Throws NodeError (NODE_BAD_ANSWER, NODE_LIED).
 */
export function blockAndReceipts(
	node: string,
	answers: Pick<BlockAnswers, "height" | "block" | "receipts">,
): { readonly block: RpcBlock; readonly receipts: RpcReceipt[] } {
	const height = Number(answers.height);
	const block = parseAnswer(node, blockShape, answers.block, "eth_getBlockByNumber", height);
	if (Number(block.number) !== height)
		throw new NodeError("NODE_LIED", node, `block ${height}: the node sent block ${Number(block.number)} instead`);
	const receipts = parseAnswer(node, receiptShape.array(), answers.receipts, "receipts", height);
	if (receipts.some((r) => r.blockHash.toLowerCase() !== block.hash.toLowerCase()))
		throw new NodeError("NODE_BAD_ANSWER", node, `block ${height}: receipts are of another block; the chain may be reorganising`, {
			retryable: true,
		});
	return { block, receipts };
}

/**
 * Reads and checks what a node answered about a block: every hash and root is recomputed; what was not told becomes a gap. With `trust`
 * what does not come out is the node's word. Throws NodeError (NODE_BAD_ANSWER, NODE_LIED, NODE_UNVERIFIED).
 */
export function readAnswers(node: string, chain: ChainId, answers: BlockAnswers, trust = false): CheckedAnswer {
	const { block: whole, receipts: told } = blockAndReceipts(node, answers);
	const { block, inRoots, gaps, ...split } = splitStateSync(chain, whole, told);
	const receipts = withRootedOutcomes(block, split.receipts, inRoots);
	const { gaps: unproven, unverified } = checkBlock(node, chain, block, receipts, inRoots, trust);
	const traced = readCalls(answers, block, receipts, inRoots, chain);
	return { block, receipts, inRoots, calls: traced.calls, gaps: [...unproven, ...gaps, ...traced.gaps], unverified };
}

/** The calls of some transactions in order, as a node traced them; undefined where its answer is about others, or of another form. */
type ReadTraces = (answer: unknown, hashes: readonly string[]) => readonly (readonly Call[])[] | undefined;

/**
 * Value moved by calls, by transaction; a gap when the node could not tell, told something else than was asked, or contradicts the
 * block.
 */
function readCalls(
	{ tracer, traces }: BlockAnswers,
	block: RpcBlock,
	receipts: readonly RpcReceipt[],
	inRoots: number,
	chain: ChainId,
): { calls: ReadonlyMap<string, CallTransfers> | undefined; gaps: string[] } {
	const gap = (why: string) => ({ calls: undefined, gaps: [`internal transfers not fetched: ${why}`] });
	if (tracer === "none") return gap("the node offers no traces");
	if (block.transactions.length === 0) return { calls: new Map(), gaps: [] };
	if (traces === null) return gap("the node could not trace this block");
	const hashes = block.transactions.map((tx) => tx.hash.toLowerCase());
	const read = tracer === "trace_block" ? readParity : readFrames;
	const all = read(traces, hashes);
	// Bor traces a state sync only when it is told to.
	const told = all ?? (inRoots < hashes.length ? read(traces, hashes.slice(0, inRoots)) : undefined);
	if (told === undefined) return gap("the node's traces do not match the block's transactions");
	for (const [i, calls] of told.slice(0, inRoots).entries()) {
		const why = contradiction(chain, calls, block.transactions[i] as RpcTransaction, receipts[i] as RpcReceipt);
		if (why !== undefined) return gap(`the node's traces contradict the block, first of transaction ${hashes[i]}: ${why}`);
	}
	const place = { height: Number(block.number), time: Number(block.timestamp) };
	const moved = new Map<string, CallTransfers>();
	for (const [i, calls] of told.entries()) {
		const transfers = transfersOf(calls, chain, place);
		if (transfers === undefined) return gap(`transaction ${hashes[i]} makes more calls that move value than a transaction has places for`);
		moved.set(hashes[i] as string, transfers);
	}
	return {
		calls: moved,
		gaps: all === undefined ? ["internal transfers of the state-sync transaction not fetched: the node does not trace it"] : [],
	};
}

const readParity: ReadTraces = (answer, hashes) => {
	const parsed = parityTraceShape.array().safeParse(answer);
	if (!parsed.success) return undefined;
	const groups = groupBy(parsed.data, ({ transactionHash }) => transactionHash?.toLowerCase());
	const found: (readonly Call[])[] = [];
	for (const hash of hashes) {
		const traces = groups.get(hash);
		if (traces === undefined || traces[0]?.traceAddress.length !== 0) return undefined;
		found.push(parityCalls(traces));
	}
	return found;
};

const readFrames: ReadTraces = (answer, hashes) => {
	const parsed = callTraceListShape.safeParse(answer);
	if (!parsed.success || parsed.data.length !== hashes.length) return undefined;
	if (parsed.data.some(({ txHash }, i) => txHash != null && txHash.toLowerCase() !== hashes[i])) return undefined;
	return parsed.data.map(({ result }) => frameCalls(result));
};
