import {
	type AssetId,
	type BlockHeader,
	type ChainSource,
	ClewError,
	type Coverage,
	type DecodedBlock,
	type GraphStore,
	isNative,
	NodeError,
	type Source,
	throwIfAborted,
} from "@clew/core";

/** What to ingest; heights inclusive. */
export interface IngestRequest {
	readonly from: number;
	readonly to: number;
	/** Blocks under way at once. */
	readonly concurrency: number;
	/** Blocks stored in one transaction: the checkpoint that an interruption falls back to. */
	readonly batch: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (progress: IngestProgress) => void;
	/** Waits before a block is asked for again; tests pass their own. */
	readonly sleep?: (ms: number) => Promise<void>;
}

export interface IngestProgress {
	readonly height: number;
	readonly to: number;
	readonly transfers: number;
}

/** What an ingest did. */
export interface IngestReport {
	readonly from: number;
	readonly to: number;
	readonly blocks: number;
	readonly transfers: number;
	/** Heights at which a reorganisation was found and rolled back. */
	readonly reorganisedAt: readonly number[];
	readonly gaps: readonly string[];
}

const BLOCK_ATTEMPTS = 5;
const RETRY_MS = 500;
/** A deeper reorganisation is not repaired without a person. */
const MAX_REORG_DEPTH = 1_000;

/** The node as a source of facts, as the case records it. */
export async function nodeSource(source: ChainSource): Promise<Source> {
	const { client } = await source.capabilities();
	return { id: `node:${source.name}`, kind: "node", name: source.name, sha256: "", detail: client };
}

/**
 * Fetches a range of blocks and stores it, in order, a batch a transaction; what was stored before an interruption stays, and a run over
 * the same range goes on behind it. A reorganisation is rolled back to the common ancestor and fetched again.
 * Throws NodeError, InterruptedError, and what the store throws.
 */
export async function ingestRange(store: GraphStore, source: ChainSource, request: IngestRequest): Promise<IngestReport> {
	const origin = await nodeSource(source);
	const start = await resumeAt(store, source, request.from);
	const gaps = new Set<string>();
	const reorganisedAt: number[] = [];
	const seenAssets = new Set<AssetId>((await store.assets()).map((info) => info.asset));
	let transfers = 0;
	let blocks = 0;
	let next = start;
	while (next <= request.to) {
		throwIfAborted(request.signal);
		const last = Math.min(request.to, next + request.batch - 1);
		const batch = await fetchBlocks(source, next, last, request);
		try {
			transfers += await storeBatch(store, source, origin, batch, seenAssets);
		} catch (error) {
			if (!(error instanceof ClewError) || error.code !== "CONFLICT") throw error;
			const ancestor = await commonAncestor(store, source, next - 1);
			await store.rollback(source.chain, ancestor + 1);
			reorganisedAt.push(ancestor + 1);
			if (reorganisedAt.length > MAX_REORG_DEPTH) throw error;
			next = ancestor + 1;
			continue;
		}
		for (const block of batch) for (const gap of block.gaps) gaps.add(gap);
		blocks += batch.length;
		next = last + 1;
		request.onProgress?.({ height: last, to: request.to, transfers });
	}
	return { from: start, to: request.to, blocks, transfers, reorganisedAt, gaps: [...gaps] };
}

/** First height of the request that the case does not hold yet, after making sure that what it holds is still on the node's chain. */
async function resumeAt(store: GraphStore, source: ChainSource, from: number): Promise<number> {
	const ranges = (await store.coverage(source.chain)).filter((c) => c.account === undefined).sort((a, b) => a.fromHeight - b.fromHeight);
	let next = from;
	for (const range of ranges) if (range.fromHeight <= next && next <= range.toHeight) next = range.toHeight + 1;
	if (next === from) return from;
	const ancestor = await commonAncestor(store, source, next - 1);
	if (ancestor < next - 1) await store.rollback(source.chain, ancestor + 1);
	return Math.max(from, ancestor + 1);
}

/** The highest stored height at or below `height` whose block is on the node's chain. */
async function commonAncestor(store: GraphStore, source: ChainSource, height: number): Promise<number> {
	for (let at = height; at >= 0 && height - at <= MAX_REORG_DEPTH; at--) {
		const stored = await store.header(source.chain, at);
		if (stored?.hash === undefined) return at;
		if (await stillThere(source, stored)) return at;
	}
	throw new NodeError("NODE_BAD_ANSWER", source.name, `no common block within ${MAX_REORG_DEPTH} below ${height}`, {
		hint: "The node follows another fork. Make a new case, or use another node.",
	});
}

async function stillThere(source: ChainSource, stored: BlockHeader): Promise<boolean> {
	try {
		return (await source.block(stored.height)).header.hash === stored.hash;
	} catch (error) {
		// A node whose chain is shorter now does not have the block.
		if (error instanceof NodeError && error.code === "NODE_BAD_ANSWER") return false;
		throw error;
	}
}

async function fetchBlocks(source: ChainSource, from: number, to: number, request: IngestRequest): Promise<DecodedBlock[]> {
	const blocks: DecodedBlock[] = new Array(to - from + 1);
	let next = from;
	const worker = async () => {
		while (next <= to) {
			const height = next++;
			blocks[height - from] = await fetchBlock(source, height, request);
		}
	};
	await Promise.all(Array.from({ length: Math.min(request.concurrency, blocks.length) }, worker));
	return blocks;
}

async function fetchBlock(source: ChainSource, height: number, { signal, sleep }: IngestRequest): Promise<DecodedBlock> {
	const wait = sleep ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
	for (let attempt = 1; ; attempt++) {
		try {
			return await source.block(height, signal);
		} catch (error) {
			if (!(error instanceof NodeError) || !error.retryable || attempt >= BLOCK_ATTEMPTS) throw error;
			await wait(RETRY_MS * attempt);
		}
	}
}

async function storeBatch(
	store: GraphStore,
	source: ChainSource,
	origin: Source,
	batch: readonly DecodedBlock[],
	seenAssets: Set<AssetId>,
): Promise<number> {
	const fresh = new Set<AssetId>();
	for (const block of batch) {
		for (const tx of block.transactions)
			for (const t of tx.transfers) if (!isNative(t.asset) && !seenAssets.has(t.asset)) fresh.add(t.asset);
	}
	const assets = await source.assets([...fresh]);
	const { added } = await store.atomically(async () => {
		const result = await store.putBlocks(source.chain, batch, origin);
		await store.putAssets(assets);
		await store.putCoverage(coverageOf(batch, source, origin));
		return result;
	});
	for (const asset of fresh) seenAssets.add(asset);
	return added;
}

/** Runs of blocks that are complete in the same kinds. */
function coverageOf(batch: readonly DecodedBlock[], source: ChainSource, origin: Source): Coverage[] {
	const coverage: { -readonly [K in keyof Coverage]: Coverage[K] }[] = [];
	for (const { header, kinds } of batch) {
		const last = coverage[coverage.length - 1];
		if (last !== undefined && last.kinds.join() === kinds.join()) last.toHeight = header.height;
		else coverage.push({ chain: source.chain, fromHeight: header.height, toHeight: header.height, kinds, source: origin.id, note: "" });
	}
	return coverage;
}
