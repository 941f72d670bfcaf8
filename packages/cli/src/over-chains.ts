import { type AccountId, addressOf, type GraphStore, goesForward, type TraceResult } from "@clew/core";
import { askedFor } from "./as-of.js";
import { lookAtTrace, traceLog } from "./kept-trace.js";

/** The kept traces forward of a case that can be relied on, in the order in which they were made last. */
export async function keptTraces(store: GraphStore): Promise<TraceResult[]> {
	const log = await traceLog(store);
	const found: TraceResult[] = [];
	for (const id of await store.traceIds()) {
		const looked = lookAtTrace(id, await store.trace(id), log);
		if (looked.fault === undefined && goesForward(looked.result)) found.push(looked.result);
	}
	return found;
}

/** What the same stolen money does on other chains: of each the trace that was made last from the same seeds, by chain. */
export async function sameMoneyElsewhere(store: GraphStore, { chain, seeds }: TraceResult): Promise<ReadonlyMap<string, TraceResult>> {
	const moneyOf = (one: Pick<TraceResult, "seeds">) => askedFor(one).sort().join(" ");
	if ((await store.chains()).length < 2) return new Map();
	const asked = moneyOf({ seeds });
	const others = (await keptTraces(store)).filter((one) => one.chain !== chain && moneyOf(one) === asked);
	return new Map(others.map((one) => [one.chain, one]));
}

/** Passages of kept traces over which money of one address came to another, or at least left the one or reached the other, in words. */
export async function passagesBetween(store: GraphStore, from: AccountId, to: AccountId): Promise<string[]> {
	const words = new Set<string>();
	for (const { id, passages = [] } of await keptTraces(store))
		for (const { kind, key, protocol, paid, got } of passages)
			if (kind === "bridge" && got !== undefined && (paid.from === from || addressOf(got.to as AccountId) === addressOf(to)))
				words.add(`trace ${id}: ${paid.from} paid into ${protocol} at ${paid.position}, and ${got.to} got it at ${got.position} (${key})`);
	return [...words];
}
