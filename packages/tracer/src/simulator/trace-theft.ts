import type { ChainId, LedgerReader, OutputReader, TraceResult } from "@clew/core";
import { traceAcross } from "../passages/trace-across.js";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { type CaseReference, defaultRequest } from "../trace.js";

/** The case that results of an evaluation name. */
const EVALUATION: CaseReference = { id: "evaluation", title: "", cutoff: 0, sources: [] };
/** Above every score and confidence. */
const NEVER = 101;
/** Without stops a trace reaches much of the world: it need not follow all of it to be wrong. */
const MAX_ACCOUNTS = 2_000;

/**
 * Traces one seed of a made-up world, a result a chain; with services unknown neither labels nor detections stop it. Throws what the trace
 * throws.
 */
export async function traceTheft(
	source: LedgerReader | (LedgerReader & OutputReader),
	chain: ChainId,
	seed: string,
	known: boolean,
	signal?: AbortSignal,
): Promise<TraceResult[]> {
	const request = defaultRequest(chain, [parseSeed(seed, chain)]);
	const stops = known ? request.stops : { ...request.stops, minDetectionScore: NEVER, minLabelConfidence: NEVER };
	const runs = await traceAcross({ ...request, maxAccounts: MAX_ACCOUNTS, stops }, { source, ...(signal === undefined ? {} : { signal }) });
	return Promise.all(runs.map((run) => buildResult(run, source, EVALUATION)));
}
