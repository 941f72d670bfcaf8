import { type GraphStore, highestBlock, InputError, type LedgerReader, quote, type TraceGap, type TraceResult } from "@clew/core";
import { traceAcross } from "./passages/trace-across.js";
import { buildResult } from "./result.js";
import { parseSeed, type SeedOptions } from "./seeds.js";
import { defaultRequest, runTrace, type TraceContext, type TraceRequest } from "./trace.js";

/** How a case is traced, besides what is asked. */
export interface TraceCaseOptions {
	/** What the sweep reads, where that is not the case alone: opening balances that a node knows, say. */
	readonly source?: LedgerReader;
	readonly signal?: AbortSignal;
	readonly onProgress?: TraceContext["onProgress"];
	/** Asked of each result, up to a height: what a node says otherwise of its end points. */
	readonly compare?: (result: TraceResult, height: number) => Promise<readonly TraceGap[]>;
}

/**
 * Traces a request over a case and gives its result, and behind it those of other chains of the case that the money went on to, as `clew
 * trace` prints them; backward one result. Nothing is stored. Throws InputError for seeds that move nothing, ClewError when a rule fails
 * to conserve.
 */
export async function traceCase(store: GraphStore, request: TraceRequest, options: TraceCaseOptions = {}): Promise<TraceResult[]> {
	const { source = store, signal, onProgress, compare } = options;
	const results: TraceResult[] = [];
	const context = { source, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) };
	await mustNotBeAhead(store, request);
	// Backward it ends at bridges and pools.
	const runs = request.direction === "backward" ? [await runTrace(request, context)] : await traceAcross(request, context);
	for (const run of runs) {
		const cutoff = await highestBlock(store, run.request.chain);
		const { id, title } = store.info;
		const reference = { id, title, cutoff, sources: await store.sources() };
		const plain = await buildResult(run, store, reference);
		const nodeGaps = (await compare?.(plain, Math.min(cutoff, run.request.until ?? cutoff))) ?? [];
		results.push(nodeGaps.length === 0 ? plain : await buildResult(run, store, { ...reference, nodeGaps }));
	}
	return results;
}

/** Throws InputError for a balance at a block after all that the case holds. */
async function mustNotBeAhead(store: GraphStore, { chain, seeds }: TraceRequest): Promise<void> {
	const head = await highestBlock(store, chain);
	for (const seed of seeds)
		if (seed.kind === "balance" && seed.height > head)
			throw new InputError(`${quote(seed.spec)}: block ${seed.height} is after the last block that the case holds, ${head}`, {
				hint: `Name a block up to ${head}, or fetch more.`,
			});
}

/**
 * Traces a case from seeds as the command line writes them (`account:0x...`, `tx:0x...`, `transfer:0x...:1`), with the command line's
 * defaults where nothing else is asked. The seeds' own result comes first. Throws InputError for a seed that is none, or moves nothing.
 */
export async function trace(
	store: GraphStore,
	seeds: string | readonly string[],
	asked: Partial<TraceRequest> & Omit<SeedOptions, "direction"> = {},
	options: TraceCaseOptions = {},
): Promise<TraceResult[]> {
	const { chain } = store.info;
	const { since, asset, amount, ...request } = asked;
	const of = {
		...(since === undefined ? {} : { since }),
		...(asset === undefined ? {} : { asset }),
		...(amount === undefined ? {} : { amount }),
		...(request.direction === undefined ? {} : { direction: request.direction }),
	};
	const specs = typeof seeds === "string" ? [seeds] : seeds;
	return traceCase(
		store,
		{
			...defaultRequest(
				chain,
				specs.map((spec) => parseSeed(spec, chain, of)),
			),
			...request,
		},
		options,
	);
}
