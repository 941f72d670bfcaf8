import { type CustodyEntry, nextCustodyEntry } from "@clew/core";

/** The first entry of a custody log that does not hash to what it says, or does not continue the chain. */
export function firstBroken(entries: readonly CustodyEntry[]): CustodyEntry | undefined {
	return entries.find(({ at, action, detail, hash }, i) => nextCustodyEntry(entries[i - 1], at, action, detail).hash !== hash);
}
