import { SERVED, type ServedCase } from "@clew/agent";
import { ClewError, CUSTODY_GENESIS, canonicalJson, firstBroken, type GraphStore, type TraceResult, traceParts } from "@clew/core";
import { traceAsOf } from "./as-of.js";
import { lookAtTrace, traceLog } from "./kept-trace.js";

/** Names of entities that go along, to be found where a text writes them small. */
const MAX_NAMES = 20_000;
const MAX_NAME = 60;

/** What became of requests; undefined where the ledger is not what the custody log says was logged, or a trace of it is gone. */
async function recoveryOf(store: GraphStore): Promise<ServedCase["recovery"]> {
	const { readLedger } = await import("./recover/ledger.js");
	try {
		const { state } = await readLedger(store);
		return state.requests.map(({ state, asset, asked, pools: { frozen, seized, destroyed, returned } }) => ({
			...{ state, asset, asked: asked.toString(), frozen: frozen.toString() },
			...{ seized: seized.toString(), destroyed: destroyed.toString(), returned: returned.toString() },
		}));
	} catch (error) {
		if (error instanceof ClewError) return undefined;
		throw error;
	}
}

/**
 * Writes the copy of a case that an assistant is served: without names of victims, the custody log, notes of persons, watches, details of
 * the requester, and traces that are not to be relied on. Throws what reading the case throws.
 */
export async function writeServedCopy(store: GraphStore, path: string, to: string, now: string): Promise<void> {
	const named = { labels: (await store.contents()).labels, sources: await store.sources(), createdAt: store.info.createdAt };
	const entries = await store.custody();
	const log = await traceLog(store);
	const kept: { readonly result: TraceResult; readonly parts: readonly string[] }[] = [];
	const unusable: string[] = [];
	for (const id of await store.traceIds()) {
		const parts = await store.trace(id);
		const looked = lookAtTrace(id, parts, log);
		if (looked.fault !== undefined || parts === undefined) unusable.push(id);
		else kept.push({ result: looked.result, parts });
	}
	const hasVictims =
		named.labels.some(({ category }) => category === "victim") ||
		kept.some(({ result }) => result.leaves.some(({ labels }) => labels.some(({ category }) => category === "victim")));
	const { info } = store;
	// Of the whole case: no trace's end points are looked at.
	const whole = { id: "", chain: info.chain, case: info, leaves: kept.flatMap(({ result }) => result.leaves) } as unknown as TraceResult;
	// Loaded where it is needed: whoever serves keeps it in memory.
	const redaction = hasVictims ? (await import("@clew/evidence")).redactionOf(whole, named) : undefined;
	const traces = new Map<string, readonly string[]>();
	const told: ServedCase["traces"] = [];
	for (const { result, parts } of kept) {
		const clean = redaction?.result(result);
		const id = clean?.id ?? result.id;
		traces.set(id, clean === undefined ? parts : [...traceParts(clean)]);
		const ranAt = log.run.get(result.id);
		told.push({ trace: id, asOf: await traceAsOf(store, result), ...(ranAt === undefined ? {} : { ranAt }) });
	}
	const isClean = redaction === undefined || redaction.note(info.title) === info.title;
	const labels = redaction?.labels(named.labels) ?? named.labels;
	const names = new Set(labels.flatMap(({ entity, category }) => (category === "victim" || entity.length > MAX_NAME ? [] : [entity])));
	const recovery = await recoveryOf(store);
	const about: ServedCase = {
		...(isClean ? { id: info.id } : {}),
		servedAt: now,
		custodyEntries: entries.length,
		custodyIntact: firstBroken(entries) === undefined,
		custodyHead: entries[entries.length - 1]?.hash ?? CUSTODY_GENESIS,
		traces: told,
		unusable,
		...(recovery === undefined ? {} : { recovery }),
		names: [...names].slice(0, MAX_NAMES),
	};
	const { writeReadingCopy } = await import("@clew/graph-store");
	writeReadingCopy(path, to, {
		clean: redaction && { text: redaction.note, labels: redaction.labels },
		documents: [{ ...SERVED, json: canonicalJson(about) }],
		traces,
	});
}
