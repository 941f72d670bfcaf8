import {
	ClewError,
	type GraphStore,
	priceAnswer,
	type TraceResult,
	type TraceValuesJson,
	traceValuesJson,
	valuesOfTrace,
} from "@clew/core";
import type { BundleDraft } from "@clew/evidence";
import type { Context } from "./context.js";
import { type UnitOptions, valuingOf } from "./unit-option.js";

/**
 * Values of a bundle's trace, where they are asked for, and the proofs of the prices that are proven: a line each, by which a stranger
 * recomputes them. Throws ClewError (CASE_CORRUPT) where the case lost a proof.
 */
export async function addValues(
	context: Context,
	store: GraphStore,
	draft: BundleDraft,
	result: TraceResult,
	options: UnitOptions,
): Promise<TraceValuesJson | undefined> {
	const valuing = await valuingOf(context, store, options);
	if (valuing === undefined) return undefined;
	const values = traceValuesJson(result, valuesOfTrace(result, valuing.source, valuing.request), valuing.request);
	const proofs = new Set(values.prices.flatMap(({ origin, answer }) => (origin.tier === "proven" ? [answer] : [])));
	if (proofs.size === 0) return values;
	const lines: string[] = [];
	for (const sha256 of [...proofs].sort()) {
		const proof = await priceAnswer(store, sha256);
		if (proof === undefined) throw new ClewError("CASE_CORRUPT", `the case keeps no proof ${sha256} of a price that it holds`);
		lines.push(`${proof}\n`);
	}
	draft.put("price-proofs.jsonl", lines.join(""));
	return values;
}
