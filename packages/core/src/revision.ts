import { canonicalJson } from "./canonical.js";
import type { ChainId } from "./ids.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf, recordsOf } from "./records.js";

/** Documents in which a store counts how often what it holds of a chain was written, see {@link revisionId}. */
export const REVISIONS = "revision";
/** Documents that say as of which revisions something was made. */
const AS_OF = "as-of";

/** What of a chain is counted by itself: rows, blocks and coverage, or labels. */
export type Revised = "data" | "labels";

/**
 * Id of the document that counts the writes to a chain's data or labels; its content is that number as text, absent where there was none.
 */
export const revisionId = (chain: ChainId, what: Revised): string => `${chain} ${what}`;

/** How often each chain's data and labels were written, by {@link revisionId}. */
export type Revisions = Readonly<Record<string, string>>;

/** The revisions of a case now. Read them before what is made from the case reads it: what is written meanwhile then counts as later. */
export async function revisionsOf(store: Pick<RecordStore, "records">): Promise<Revisions> {
	const found: Record<string, string> = {};
	for await (const { id, json } of recordsOf(store, REVISIONS)) found[id] = json;
	return found;
}

/** Notes as of which revisions something was made; made again, as of those of then. */
export async function noteAsOf(store: Pick<RecordStore, "putRecord">, made: string, asOf: Revisions): Promise<void> {
	await store.putRecord(AS_OF, made, canonicalJson(asOf));
}

/** What something was made from: data, or labels too, of one chain, or of all where none is named. */
export interface MadeFrom {
	readonly chain?: ChainId;
	readonly labels: boolean;
}

/**
 * Whether something is as of what the case holds now: `written` where any of what it was made from was written since, changed by that or
 * not; `unknown` where nobody noted as of when it was made.
 */
export type AsOf = "now" | "written" | "unknown";

/** How something that was made stands to what the case holds now. Throws ClewError (CASE_CORRUPT). */
export async function asOfNow(store: Pick<RecordStore, "record" | "records">, made: string, from: MadeFrom): Promise<AsOf> {
	const noted = await store.record(AS_OF, made);
	if (noted === undefined) return "unknown";
	const then = documentOf(AS_OF, made, noted, (value) => Object.entries(value as Revisions));
	return sameOf(then, from) === sameOf(Object.entries(await revisionsOf(store)), from) ? "now" : "written";
}

function sameOf(revisions: readonly (readonly [string, string])[], { chain, labels }: MadeFrom): string {
	const counts = (id: string) => (chain === undefined || id.startsWith(`${chain} `)) && (labels || id.endsWith(" data"));
	return canonicalJson(Object.fromEntries(revisions.filter(([id]) => counts(id))));
}
