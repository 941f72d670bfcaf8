import { type AccountId, chainName, chainOf, defang, type Label } from "@clew/core";
import type { LibraryEntry } from "@clew/graph-store/label-library";
import type { Context } from "./context.js";
import { printTable } from "./table.js";

/** A label of a case as an entry of a list. */
export function entryFrom({
	account,
	category,
	entity,
	name,
	confidence,
	source,
	retrievedAt,
	validFrom,
	validUntil,
}: Label): LibraryEntry {
	return {
		subject: account,
		category,
		entity,
		name,
		confidence,
		list: "case",
		publisher: source,
		firstSeen: retrievedAt,
		dated: true,
		goneSince: "",
		validFrom: validFrom ?? "",
		validUntil: validUntil ?? "",
	};
}

/** Prints entries, with the chain that each is about where that is not the same for all or not the one that was asked about. */
export function printEntries(context: Context, entries: readonly LibraryEntry[], withChain = false): void {
	printTable(
		context,
		[
			{ title: "category" },
			{ title: "entity" },
			{ title: "name", optional: true },
			{ title: "confidence", right: true },
			{ title: "since" },
			{ title: "until" },
			{ title: "source" },
			...(withChain ? [{ title: "for" }] : []),
		],
		entries.map((e) => [
			e.category,
			defang(e.entity),
			defang(e.name),
			String(e.confidence),
			e.validFrom || listedSince(e),
			e.validUntil || (e.goneSince === "" ? "" : `not listed since ${e.goneSince}`),
			defang(e.publisher),
			...(withChain ? [chainName(chainOf(e.subject as AccountId))] : []),
		]),
	);
}

/**
 * What stands for the beginning of a claim that states none: when its list first had it, which says nothing of one that states its end
 * alone.
 */
function listedSince({ validUntil, dated, firstSeen }: LibraryEntry): string {
	if (validUntil !== "") return "not stated";
	return dated ? firstSeen : `loaded ${firstSeen}`;
}
