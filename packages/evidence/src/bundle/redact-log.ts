import { BALANCES_COMPARED, type CustodyEntry, canonicalJson, custodyStatement, nextCustodyEntry } from "@clew/core";

export const WITHHELD = "withheld";

/** Where a log names a trace: the entry of its run begins with the id, others say "trace ID" or "the trace as ID". */
const RUN = /^(trace run|money followed)( again)?$/;
const BEGINS = /^([0-9a-f]{16})\b/;
const NAMED = /\btrace (?:as )?([0-9a-f]{16})\b/g;
/** Hashes as entries name them: of files, of a manifest, of a list of files, of the last entry of another log. */
const HASHES = /\bsha256( of the list of their sha256)? ([0-9a-f]{64}(?:, [0-9a-f]{64})*)/g;
/** The one action whose files are no labels, and are named by the trace itself. */
const IMPORTED = "files imported";

/** What Clew itself calls the entries of a log: no word that a person wrote. Any other action is free text. */
const ACTIONS: ReadonlySet<string> = new Set([
	...["trace run", "money followed"].flatMap((action) => [action, `${action} again`]),
	...[
		"case created",
		"case imported",
		"case received",
		"case copied",
		"case copied here",
		"details set",
		IMPORTED,
		"blocks ingested",
		BALANCES_COMPARED,
	],
	...[
		"chain reorganised",
		"labels imported",
		"labels used",
		"detection run",
		"cluster cut",
		"cluster cut taken back",
		"watch added",
		"view marked",
	],
	...[
		"view mark taken back",
		"watch removed",
		"alert acknowledged",
		"bundle exported",
		"bundle received",
		"bundle decrypted",
		"rows disclosed",
	],
	...["requests written", "certification drafted", "assistant served", "assistant's proposal accepted", "assistant's proposal refused"],
]);

/** What takes the place of what in a log. */
export interface LogRedaction {
	/** Takes the names out of what people wrote. */
	readonly note: (text: string) => string;
	/** Ids that may stay or become others, by id: that of the trace and of the case. */
	readonly ids: ReadonlyMap<string, string>;
	/** SHA-256 of files that leave with the bundle or are named in it. */
	readonly kept: ReadonlySet<string>;
}

/**
 * A custody log without names, and without any hash over what held one: whoever knows the rest could try names until one gives that hash.
 * Its own hashes are chained anew where an entry changed.
 */
export function redactedLog(entries: readonly CustodyEntry[], { note, ids, kept }: LogRedaction): readonly CustodyEntry[] {
	const traces = new Set(entries.flatMap(tracesOf));
	const others = new Map([...[...traces].map((id) => [id, WITHHELD] as const), ...ids]);
	const said = (text: string) => [...others].reduce((clean, [id, other]) => clean.replaceAll(id, other), note(text));
	const hashed = (text: string, action: string) =>
		action === IMPORTED
			? text
			: text.replace(HASHES, (_, list: string | undefined, hashes: string) => `sha256${list ?? ""} ${left(hashes, kept)}`);
	const clean = entries.map(({ action, detail, ...entry }) => {
		const stated = Object.entries(custodyStatement(entry)).map(([name, text]) => [name, said(text)]);
		return {
			...entry,
			action: ACTIONS.has(action) ? action : note(action),
			detail: hashed(said(detail), action),
			...Object.fromEntries(stated),
		} as CustodyEntry;
	});
	if (canonicalJson(clean) === canonicalJson(entries)) return entries;
	const log: CustodyEntry[] = [];
	for (const entry of clean) log.push(nextCustodyEntry(log[log.length - 1], entry.at, entry.action, entry.detail, custodyStatement(entry)));
	return log;
}

function tracesOf({ action, detail, ...entry }: CustodyEntry): string[] {
	const first = RUN.test(action) ? (BEGINS.exec(detail)?.[1] ?? []) : [];
	const texts = [detail, ...Object.values(custodyStatement(entry))];
	return [first, texts.flatMap((text) => [...text.matchAll(NAMED)].flatMap(([, id]) => id ?? []))].flat();
}

function left(hashes: string, kept: ReadonlySet<string>): string {
	return hashes
		.split(", ")
		.map((hash) => (kept.has(hash) ? hash : WITHHELD))
		.join(", ");
}
