import type { Transfer } from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN } from "@clew/core/testing";
import { buildResult, defaultRequest, parseSeed, runTrace, type TraceRequest } from "./index.js";

const CASE = { id: "c".repeat(12), title: "t", cutoff: 0, sources: [] };

/** The result of a trace of made-up transfers of accounts. */
export async function traced(
	transfers: readonly Transfer[],
	seeds: readonly string[],
	more: Partial<TraceRequest> = {},
	world: MemoryLedgerOptions = {},
) {
	const source = memoryLedger(transfers, world);
	const parsed = seeds.map((spec) => parseSeed(spec, TEST_CHAIN));
	return buildResult(await runTrace({ ...defaultRequest(TEST_CHAIN, parsed), ...more }, { source }), source, CASE);
}
