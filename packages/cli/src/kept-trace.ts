import { ClewError, type CustodyEntry, firstBroken, type RecordStore, type TraceResult, traceId, traceOfParts } from "@clew/core";

/** What a custody entry says of a trace that was run; where the case held it already, ` again` follows. */
export type TraceAction = "trace run" | "money followed";
const ACTION = /^(trace run|money followed)( again)?$/;
const NAMED = /^([0-9a-f]{16}): /;

/** What a custody log says of traces. */
export interface TraceLog {
	/** When the traces that it names were run, by id: the last time of each (ISO). */
	readonly run: ReadonlyMap<string, string>;
	/** The number of the entry at which its chain of hashes breaks: then it says nothing that counts. */
	readonly brokenAt: number | undefined;
}

/** Reads what the custody log of a case says of its traces. */
export async function traceLog(store: RecordStore): Promise<TraceLog> {
	return traceLogOf(await store.custody());
}

/** The same of entries in their order. */
export function traceLogOf(entries: readonly CustodyEntry[]): TraceLog {
	const run = new Map<string, string>();
	for (const { at, action, detail } of entries) {
		const id = ACTION.test(action) ? NAMED.exec(detail)?.[1] : undefined;
		if (id !== undefined) run.set(id, at);
	}
	return { run, brokenAt: firstBroken(entries)?.sequence };
}

/** Why nothing is made from a kept trace, in words, and what to do next. */
export interface TraceFault {
	readonly fault: string;
	readonly hint: string;
}

/** What to do where a trace is not to be relied on. */
export const RUN_AGAIN = "Run clew trace again.";
const MAKE_ANEW = "Make a case anew from its sources, and run clew trace there.";

/**
 * Looks at a trace as a case keeps it. It is named by the hash of its content, so one that was changed is found out; one that was made up
 * whole is found out where an intact custody log does not say that it was run.
 */
export function lookAtTrace(
	id: string,
	parts: readonly string[] | undefined,
	{ run, brokenAt }: TraceLog,
): TraceFault | { readonly result: TraceResult; readonly fault?: never } {
	const result = intactTrace(id, parts);
	if (result === undefined)
		return { fault: `trace ${id} was changed after it was made (its id is not the hash of its content)`, hint: RUN_AGAIN };
	if (brokenAt !== undefined)
		return { fault: `trace ${id} is unverified (the custody log was changed at entry ${brokenAt})`, hint: MAKE_ANEW };
	if (!run.has(id)) return { fault: `trace ${id} is unverified (no entry of the custody log says that it was run)`, hint: RUN_AGAIN };
	return { result };
}

/** The same for one that is needed. Throws ClewError (CASE_CORRUPT). */
export function keptTrace(id: string, parts: readonly string[], log: TraceLog): TraceResult {
	const looked = lookAtTrace(id, parts, log);
	if (looked.fault !== undefined)
		throw new ClewError("CASE_CORRUPT", looked.fault, { hint: `${looked.hint} Nothing is made from this one.` });
	return looked.result;
}

/** What the parts hold, if its content hashes to the id that it was asked by and states. */
function intactTrace(id: string, parts: readonly string[] | undefined): TraceResult | undefined {
	try {
		const result = traceOfParts(parts ?? []);
		const { id: stated, ...content } = result;
		return stated === id && traceId(content) === id ? result : undefined;
	} catch {
		return undefined;
	}
}
