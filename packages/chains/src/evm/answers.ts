import { type ChainId, type ChainPlace, groupBy, NodeError, shapeProblem } from "@clew/core";
import { z } from "zod";
import { splitStateSync } from "./bor.js";
import { type CallTransfers, callsFromFrame, callsFromParity } from "./calls.js";
import { checkBlock } from "./check-block.js";
import type { CheckedAnswer } from "./decode.js";
import { blockShape, callTraceListShape, parityTraceShape, type RpcBlock, receiptShape } from "./shapes.js";

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
 * Reads and checks what a node answered about a block: every hash and root is recomputed; what was not told becomes a gap.
 * Throws NodeError (NODE_BAD_ANSWER, NODE_LIED).
 */
export function readAnswers(node: string, chain: ChainId, answers: BlockAnswers): CheckedAnswer {
	const height = Number(answers.height);
	const whole = parseAnswer(node, blockShape, answers.block, "eth_getBlockByNumber", height);
	if (Number(whole.number) !== height)
		throw new NodeError("NODE_LIED", node, `block ${height}: the node sent block ${Number(whole.number)} instead`);
	const told = parseAnswer(node, receiptShape.array(), answers.receipts, "receipts", height);
	if (told.some((r) => r.blockHash.toLowerCase() !== whole.hash.toLowerCase()))
		throw new NodeError("NODE_BAD_ANSWER", node, `block ${height}: receipts are of another block; the chain may be reorganising`, {
			retryable: true,
		});
	const { block, receipts, inRoots, gaps } = splitStateSync(chain, whole, told);
	const unproven = checkBlock(node, chain, block, receipts, inRoots);
	const traced = readCalls(answers, block, inRoots, chain);
	return { block, receipts, inRoots, calls: traced.calls, gaps: [...unproven, ...gaps, ...traced.gaps] };
}

/** Value moved by calls, by transaction; a gap when the node could not tell, or told something else than was asked. */
function readCalls(
	{ tracer, traces }: BlockAnswers,
	block: RpcBlock,
	inRoots: number,
	chain: ChainId,
): { calls: ReadonlyMap<string, CallTransfers> | undefined; gaps: string[] } {
	const gap = (why: string) => ({ calls: undefined, gaps: [`internal transfers not fetched: ${why}`] });
	if (tracer === "none") return gap("the node offers no traces");
	if (block.transactions.length === 0) return { calls: new Map(), gaps: [] };
	if (traces === null) return gap("the node could not trace this block");
	const hashes = block.transactions.map((tx) => tx.hash.toLowerCase());
	const place = { height: Number(block.number), time: Number(block.timestamp) };
	const read = (of: readonly string[]) =>
		tracer === "trace_block" ? parityCalls(traces, of, chain, place) : frameCalls(traces, of, chain, place);
	const calls = read(hashes);
	if (calls !== undefined) return { calls, gaps: [] };
	// Bor traces a state sync only when it is told to.
	const rooted = inRoots < hashes.length ? read(hashes.slice(0, inRoots)) : undefined;
	if (rooted === undefined) return gap("the node's traces do not match the block's transactions");
	return { calls: rooted, gaps: ["internal transfers of the state-sync transaction not fetched: the node does not trace it"] };
}

function parityCalls(
	answer: unknown,
	hashes: readonly string[],
	chain: ChainId,
	place: ChainPlace,
): Map<string, CallTransfers> | undefined {
	const parsed = parityTraceShape.array().safeParse(answer);
	if (!parsed.success) return undefined;
	const groups = groupBy(parsed.data, ({ transactionHash }) => transactionHash?.toLowerCase());
	const calls = new Map<string, CallTransfers>();
	for (const hash of hashes) {
		const traces = groups.get(hash);
		if (traces === undefined || traces[0]?.traceAddress.length !== 0) return undefined;
		calls.set(hash, callsFromParity(traces, chain, place));
	}
	return calls;
}

function frameCalls(answer: unknown, hashes: readonly string[], chain: ChainId, place: ChainPlace): Map<string, CallTransfers> | undefined {
	const parsed = callTraceListShape.safeParse(answer);
	if (!parsed.success || parsed.data.length !== hashes.length) return undefined;
	const calls = new Map<string, CallTransfers>();
	for (const [i, hash] of hashes.entries()) {
		const entry = parsed.data[i];
		if (entry === undefined || (entry.txHash != null && entry.txHash.toLowerCase() !== hash)) return undefined;
		calls.set(hash, callsFromFrame(entry.result, chain, place));
	}
	return calls;
}
