import {
	type BlockHeader,
	type BlockSource,
	ClewError,
	ForkError,
	type GraphStore,
	impossibleMoment,
	type LedgerReader,
	NodeError,
	type Source,
	throwIfAborted,
} from "@clew/core";
import type { DeniedWords } from "./denied-words.js";
import { rollBack } from "./roll-back.js";

interface Headed {
	readonly header: BlockHeader;
}

/** What to ingest; heights inclusive. */
export interface IngestRequest {
	readonly from: number;
	readonly to: number;
	/** Blocks under way at once. */
	readonly concurrency: number;
	/** Blocks stored in one transaction: the checkpoint that an interruption falls back to. */
	readonly batch: number;
	/** Goes on without blocks whose answers are refused: each is a gap. */
	readonly skipBad?: boolean;
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: IngestProgress) => void;
	/** Waits before a block is asked for again; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
}

export interface IngestProgress {
	readonly height: number;
	readonly to: number;
	readonly added: number;
}

/** What an ingest did. `added` counts transfers, on Bitcoin transactions. */
export interface IngestReport {
	readonly from: number;
	readonly to: number;
	readonly blocks: number;
	readonly added: number;
	/** Heights at which a reorganisation was found and rolled back. */
	readonly reorganisedAt: readonly number[];
	/** Transfers (Bitcoin: transactions) that files had told of and that these took with them. */
	readonly takenWithThem: number;
	readonly gaps: readonly string[];
	/** What files told of the blocks and these do not bear out; absent where nothing. */
	readonly denied?: DeniedWords;
	/** Heights whose answers were refused; they are not in the case, and no coverage is claimed for them. */
	readonly refused: readonly number[];
}

/** A block that the node told so that it could not be stored. */
interface Refusal {
	readonly height: number;
	readonly error: NodeError;
}

const BLOCK_ATTEMPTS = 5;
const RETRY_MS = 500;
/** Blocks. A deeper reorganisation is not repaired without a person. */
export const MAX_REORG_DEPTH = 1_000;

/** Stores a batch of blocks, ascending, in one transaction; gives what was added and what the node could not tell. */
export type KeepBatch<B> = (batch: readonly B[], origin: Source) => Promise<{ added: number; gaps: readonly string[] }>;

/** The node as a source of facts, as the case records it. */
export async function nodeSource(source: Teller): Promise<Source> {
	const { client } = await source.capabilities();
	return { id: `node:${source.name}`, kind: "node", name: source.name, sha256: "", detail: client };
}

/**
 * Fetches a range of blocks and stores it, in order, a batch a transaction; what was stored before an interruption stays, and a run over
 * the same range goes on behind it. A reorganisation, by which a block stands on another fork than those that nodes told before, is rolled
 * back to the common ancestor and fetched again. A block whose answer is refused does not take its neighbours with it: the others of its
 * batch are stored, then the error is thrown, or with `skipBad` is a gap. Throws NodeError, InterruptedError, and what the store throws.
 */
export async function ingestBlocks<B extends Headed>(
	store: GraphStore,
	source: BlockSource<B>,
	keep: KeepBatch<B>,
	request: IngestRequest,
): Promise<IngestReport> {
	const { start, rolledBackFrom, taken, head } = await resumeAt(store, source, request.from);
	const gaps = new Set<string>();
	if (head !== undefined)
		gaps.add(
			`the newest block of ${source.name} is ${head}, and the case holds blocks up to ${start - 1}: those behind ${head} were not confirmed, it may lag`,
		);
	const refused: number[] = [];
	const reorganisedAt: number[] = rolledBackFrom === undefined ? [] : [rolledBackFrom];
	let takenWithThem = taken ?? 0;
	let added = 0;
	let blocks = 0;
	let next = start;
	while (next <= request.to) {
		throwIfAborted(request.signal);
		const last = Math.min(request.to, next + request.batch - 1);
		const { blocks: batch, refusals } = await fetchBlocks(source, next, last, request);
		try {
			for (const { blocks: told, by } of byTeller(source, batch)) {
				const kept = await keep(told, await nodeSource(by));
				added += kept.added;
				for (const gap of kept.gaps) gaps.add(gap);
			}
		} catch (error) {
			if (!(error instanceof ForkError)) throw error;
			const ancestor = await commonAncestor(store, source, next - 1);
			takenWithThem += await rollBack(store, source.chain, ancestor + 1);
			reorganisedAt.push(ancestor + 1);
			if (reorganisedAt.length > MAX_REORG_DEPTH) throw error;
			next = ancestor + 1;
			continue;
		}
		blocks += batch.length;
		if (refusals.length > 0 && request.skipBad !== true) throw refusal(refusals);
		for (const { height, error } of refusals) {
			refused.push(height);
			gaps.add(`block ${height} is not in the case, its answer was refused: ${error.message}`);
		}
		next = last + 1;
		request.onProgress?.({ height: last, to: request.to, added });
	}
	return { from: start, to: request.to, blocks, added, reorganisedAt, takenWithThem, gaps: [...gaps], refused };
}

/** Runs of consecutive blocks that one endpoint told; without several endpoints, and without refused blocks, that is the whole batch. */
function byTeller<B extends Headed>(source: BlockSource<B>, batch: readonly B[]): { blocks: B[]; by: Teller }[] {
	const runs: { blocks: B[]; by: Teller }[] = [];
	for (const block of batch) {
		const by = source.teller?.(block) ?? source;
		const last = runs[runs.length - 1];
		const before = last?.blocks[last.blocks.length - 1];
		if (last?.by === by && before?.header.height === block.header.height - 1) last.blocks.push(block);
		else runs.push({ blocks: [block], by });
	}
	return runs;
}

type Teller = Pick<BlockSource<Headed>, "name" | "capabilities">;

/**
 * First height of the request that the case does not hold yet, after making sure that what it holds is still on the node's chain; where it
 * is not, the first height that was rolled back, which may lie below the request.
 */
async function resumeAt(
	store: GraphStore,
	source: BlockSource<Headed>,
	from: number,
): Promise<{ start: number; rolledBackFrom?: number; taken?: number; head?: number }> {
	const ranges = (await store.coverage(source.chain)).filter((c) => c.account === undefined).sort((a, b) => a.fromHeight - b.fromHeight);
	let next = from;
	for (const range of ranges) if (range.fromHeight <= next && next <= range.toHeight) next = range.toHeight + 1;
	if (next === from) return { start: from };
	const head = await headBehind(store, source, next - 1);
	if (head !== undefined) return { start: next, head };
	const ancestor = await commonAncestor(store, source, next - 1);
	if (ancestor === next - 1) return { start: next };
	// What is taken back below the request is fetched again, too: else it would be a hole that nobody asks for any more.
	return { start: ancestor + 1, rolledBackFrom: ancestor + 1, taken: await rollBack(store, source.chain, ancestor + 1) };
}

/**
 * The node's newest block where it is one that the case holds below `height`: it lags behind, or answers old data, and nothing was taken
 * back; else undefined.
 */
async function headBehind(store: LedgerReader, source: BlockSource<Headed>, height: number): Promise<number | undefined> {
	const head = await source.head();
	const lags = head.height < height && (await store.header(source.chain, head.height))?.hash === head.hash;
	return lags ? head.height : undefined;
}

/** The highest stored height at or below `height` whose block is on the node's chain. */
async function commonAncestor(store: LedgerReader, source: BlockSource<Headed>, height: number): Promise<number> {
	for (let at = height; at >= 0 && height - at <= MAX_REORG_DEPTH; at--) {
		const stored = await store.header(source.chain, at);
		if (stored?.hash === undefined) return at;
		if (await stillThere(source, stored)) return at;
	}
	const where = height < MAX_REORG_DEPTH ? "no block in common with the case" : `no common block within ${MAX_REORG_DEPTH} below ${height}`;
	throw new NodeError("NODE_BAD_ANSWER", source.name, where, {
		hint: "The node follows another fork. Make a new case, or use another node.",
	});
}

async function stillThere(source: BlockSource<Headed>, stored: BlockHeader): Promise<boolean> {
	try {
		return (await source.block(stored.height)).header.hash === stored.hash;
	} catch (error) {
		// A node whose chain is shorter now does not have the block.
		if (error instanceof NodeError && error.code === "NODE_BAD_ANSWER") return false;
		throw error;
	}
}

/** The blocks of a range in order, without those whose answers are refused. */
async function fetchBlocks<B extends Headed>(
	source: BlockSource<B>,
	from: number,
	to: number,
	request: IngestRequest,
): Promise<{ blocks: B[]; refusals: readonly Refusal[] }> {
	const told = new Map<number, B>();
	const refusals: Refusal[] = [];
	let next = from;
	const worker = async () => {
		while (next <= to) {
			const height = next++;
			try {
				told.set(height, await fetchBlock(source, height, request));
			} catch (error) {
				if (!isRefusal(error)) throw error;
				refusals.push({ height, error });
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(request.concurrency, to - from + 1) }, worker));
	const blocks = [...told].sort(([a], [b]) => a - b).map(([, block]) => block);
	return { blocks, refusals: refusals.sort((a, b) => a.height - b.height) };
}

/** True for an answer about one block that is no answer: it does not hash, or does not parse, and asking again would not help. */
function isRefusal(error: unknown): error is NodeError {
	return (
		error instanceof NodeError &&
		!error.retryable &&
		(error.code === "NODE_LIED" || error.code === "NODE_UNVERIFIED" || error.code === "NODE_BAD_ANSWER")
	);
}

function refusal([first, ...others]: readonly Refusal[]): unknown {
	if (first === undefined) return undefined;
	const { code, message, hint } = first.error;
	const also = others.length === 0 ? "" : `; blocks refused too: ${others.map(({ height }) => height).join(", ")}`;
	return new ClewError(code, `${message}${also}`, {
		cause: first.error,
		hint: `${hint ?? "Ask another node."} The other blocks of its batch are stored; --skip-bad goes on without it, and leaves a gap.`,
	});
}

async function fetchBlock<B extends Headed>(source: BlockSource<B>, height: number, { signal, sleep }: IngestRequest): Promise<B> {
	const wait = sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
	for (let attempt = 1; ; attempt++) {
		try {
			const block = await source.block(height, signal);
			const odd = impossibleMoment(source.chain, block.header.time);
			if (odd !== undefined) throw new NodeError("NODE_BAD_ANSWER", source.name, `block ${height}: ${odd}`);
			return block;
		} catch (error) {
			if (!(error instanceof NodeError) || !error.retryable || attempt >= BLOCK_ATTEMPTS) throw error;
			await wait(RETRY_MS * attempt);
		}
	}
}
