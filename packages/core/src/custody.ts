import { canonicalJson, sha256Hex } from "./canonical.js";
import type { CustodyEntry } from "./claims.js";
import { ClewError } from "./errors.js";

/** `previous` of the first entry. */
export const CUSTODY_GENESIS = "0".repeat(64);

/** Makes the next entry of a custody log: its hash covers every field and the hash before it. */
export function nextCustodyEntry(last: CustodyEntry | undefined, at: string, action: string, detail: string): CustodyEntry {
	const open = { sequence: (last?.sequence ?? 0) + 1, at, action, detail, previous: last?.hash ?? CUSTODY_GENESIS };
	return { ...open, hash: sha256Hex(canonicalJson(open)) };
}

/** The first entry of a custody log that does not hash to what it says, or does not continue the chain; undefined where the chain holds. */
export function firstBroken(entries: readonly CustodyEntry[]): CustodyEntry | undefined {
	return entries.find((entry, i) => {
		const due = nextCustodyEntry(entries[i - 1], entry.at, entry.action, entry.detail);
		return entry.sequence !== due.sequence || entry.previous !== due.previous || entry.hash !== due.hash;
	});
}

/** Throws ClewError (CASE_CORRUPT) for a custody log whose chain does not hold. */
export function mustBeChained(entries: readonly CustodyEntry[]): void {
	const broken = firstBroken(entries);
	if (broken === undefined) return;
	throw new ClewError("CASE_CORRUPT", `the custody log was changed at entry ${broken.sequence}`, {
		hint: "Make a case anew from its sources: what this one says of its history is nobody's word.",
	});
}
