import {
	type AccountId,
	type ChainId,
	ClewError,
	canonicalJson,
	displayAddress,
	type GraphStore,
	InputError,
	mustGoForward,
	quote,
	type TraceResult,
} from "@clew/core";
import { cameFromElsewhere, traceAsOf } from "./as-of.js";
import { interruptible, onChain } from "./case-file.js";
import { keptTrace, traceLog } from "./kept-trace.js";

/**
 * A trace that the case keeps, by id or as `last`, in whichever direction. Throws InputError (USAGE) that lists what there is, and ClewError
 * (CASE_CORRUPT) for one that was changed or that the custody log does not name.
 */
export async function storedTrace(store: GraphStore, wanted: string): Promise<TraceResult> {
	const ids = await store.traceIds();
	const id = wanted === "last" ? ids[ids.length - 1] : wanted;
	const stored = id === undefined ? undefined : await store.trace(id);
	if (stored === undefined) {
		throw new InputError(`the case holds no trace ${quote(wanted)}`, {
			code: "USAGE",
			hint: ids.length === 0 ? "Run clew trace first." : `It holds ${ids.join(", ")}.`,
		});
	}
	// Loaded here, since commands that read no trace must start at once.
	const { traceResultSchema } = await import("@clew/core/trace-schema");
	return traceResultSchema.parse(keptTrace(id as string, stored, await traceLog(store)));
}

/** What only a trace forward can be made into: why, and what to do with one that goes backward. */
const OF_FORWARD = {
	freeze: [
		"a freeze request asks for money where it is now",
		"Trace forward from what was stolen (clew trace without --backward), and freeze that. What this one found goes into a bundle: clew export.",
	],
	frozen: ["what can be frozen is where it is now", "Name a trace forward by --trace, or ask of one address: clew frozen ADDRESS."],
	score: [
		"a score of end points rates those whom money reached",
		"Score an address that it names by itself: clew score ADDRESS; or name a trace forward.",
	],
	recover: ["what is asked back is where money went", "Name a trace forward by --trace."],
	timeline: [
		"hours and speed are read from what happened after the seeds",
		"Ask of an address that it names: clew timeline ADDRESS; or name a trace forward.",
	],
	victims: ["victims are who paid what is followed from there", "Name who took the money: clew victims ADDRESS; or name a trace forward."],
} as const;

/** The same of a trace forward alone, for what is made of where money went. Throws InputError for one that goes backward, too. */
export async function forwardTrace(store: GraphStore, wanted: string, use: keyof typeof OF_FORWARD): Promise<TraceResult> {
	const [why, instead] = OF_FORWARD[use];
	return mustGoForward(await storedTrace(store, wanted), why, instead);
}

/**
 * Throws InputError where the case does not hold exactly the labels that the trace gives its end points: its facts would contradict its
 * trace, and whose an end point is may be told otherwise by now; ClewError (CONFLICT) where its money came from another chain, of which
 * the case may know better by now.
 */
export async function mustStillHold(store: GraphStore, trace: TraceResult): Promise<void> {
	const { id, leaves } = trace;
	const asOf = cameFromElsewhere(trace) ? await traceAsOf(store, trace) : "now";
	if (asOf !== "now") {
		const since = asOf === "written" ? "and the case was written since it was run" : "and whether the case was written since is not known";
		throw new ClewError(
			"CONFLICT",
			`the money of trace ${id} came over passages from another chain, ${since}: whether it still comes is not known`,
			{ hint: "Run clew trace again from the seeds, and use the new trace of this chain." },
		);
	}
	for (const { account, labels } of leaves) {
		const held = (await store.labelsOf(account as AccountId)).map(({ account: _, ...label }) => label);
		const [lost] = without(
			labels.map(({ tier: _, ...label }) => label),
			held,
		);
		const [added] = without(
			held,
			labels.map(({ tier: _, ...label }) => label),
		);
		if (lost === undefined && added === undefined) continue;
		const shown = displayAddress(account as AccountId);
		throw new InputError(
			lost !== undefined
				? `trace ${id} calls ${shown} ${quote(lost.entity)}, by a label that was changed since`
				: `trace ${id} does not call ${shown} ${quote(added?.entity ?? "")}, as a label does that was added since`,
			{ hint: USE_NEW },
		);
	}
}

/** Labels of one list that another lacks. */
function without<T>(labels: readonly T[], other: readonly T[]): T[] {
	const known = new Set(other.map((label) => canonicalJson(label)));
	return labels.filter((label) => !known.has(canonicalJson(label)));
}

const USE_NEW = "Run clew trace again, and use the new trace.";

/**
 * Throws InputError where labels of end points changed since the trace was run, and ClewError (CONFLICT) where the case gives another trace
 * by now: nobody is to be asked for anything by such a trace. One that is of what the case holds now is not run again.
 */
export async function mustBeOfNow(store: GraphStore, stored: TraceResult, signal: AbortSignal): Promise<void> {
	await mustStillHold(store, stored);
	if ((await traceAsOf(store, stored)) === "now") return;
	const { traceAgain } = await import("@clew/workers");
	await traceAgain(interruptible(onChain(store, stored.chain as ChainId), signal), stored, signal);
}

/** What of a case may name a victim, and when it was made. */
export async function namesIn(store: GraphStore) {
	return { labels: (await store.contents()).labels, sources: await store.sources(), createdAt: store.info.createdAt };
}
