import { type ChainId, ClewError, type FactStore, type GraphStore, ledgerOf, throwIfAborted } from "@clew/core";
import type { JobQueue } from "./queue/job-queue.js";

/** A range to ingest by whichever workers are there; heights inclusive. */
export interface QueuedRequest {
	readonly from: number;
	readonly to: number;
	/** Blocks in one job. */
	readonly blocksPerJob: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (stored: number, total: number) => void;
}

const POLL_MS = 200;
/** Redis or the store may be away this long before the wait ends. */
const PATIENCE_MS = 120_000;

/** Heights of a range that every account's coverage lacks, as ranges of at most `size`. */
export async function missingRanges(
	store: FactStore,
	chain: ChainId,
	from: number,
	to: number,
	size: number,
): Promise<{ from: number; to: number }[]> {
	const covered = (await store.coverage(chain)).filter((c) => c.account === undefined).sort((a, b) => a.fromHeight - b.fromHeight);
	const ranges: { from: number; to: number }[] = [];
	let next = from;
	const lacking = (end: number) => {
		for (; next <= end; next += size) ranges.push({ from: next, to: Math.min(end, next + size - 1) });
		next = end + 1;
	};
	for (const { fromHeight, toHeight } of covered) {
		if (fromHeight > next) lacking(Math.min(to, fromHeight - 1));
		next = Math.max(next, toHeight + 1);
		if (next > to) break;
	}
	if (next <= to) lacking(to);
	return ranges;
}

/**
 * Splits a range into jobs, and waits until workers have stored all of it. A reorganisation met by one worker may take away what another
 * had stored: what is missing is queued again until nothing is. Throws ClewError (CONFLICT) when a job was given up, and QUEUE_UNREACHABLE
 * when Redis stays away.
 */
export async function ingestQueued(store: GraphStore, queue: JobQueue, request: QueuedRequest): Promise<void> {
	const { from, to, blocksPerJob, signal, onProgress } = request;
	const { chain, id } = store.info;
	const inOrder = ledgerOf(chain) === "outputs";
	let reachable = Date.now();
	for (let queued = false; ; await sleep(POLL_MS)) {
		throwIfAborted(signal);
		try {
			const missing = await missingRanges(store, chain, from, to, blocksPerJob);
			const left = missing.reduce((sum, range) => sum + range.to - range.from + 1, 0);
			onProgress?.(to - from + 1 - left, to - from + 1);
			if (left === 0) return;
			const { waiting, active, delayed, dead } = await queue.counts("blocks");
			reachable = Date.now();
			if (dead > 0) {
				const [letter] = await queue.dead(1);
				throw new ClewError("CONFLICT", `${dead} jobs were given up, for example ${letter?.id}: ${letter?.reason}`, {
					hint: "See clew queue dead; then clew queue replay, or clew queue drop, and run this again: it goes on.",
				});
			}
			if (!queued || waiting + active + delayed === 0) {
				for (const range of missing) {
					const after = inOrder && range.from > from ? { after: range.from - 1 } : {};
					await queue.add("blocks", { case: id, chain, ...range, ...after });
				}
				queued = true;
			}
		} catch (error) {
			const passing = error instanceof ClewError && error.retryable && error.code !== "QUEUE_FULL";
			if (!passing || Date.now() - reachable > PATIENCE_MS) throw error;
		}
	}
}

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
