import { canonicalJson, sha256Hex } from "./canonical.js";
import type { CustodyEntry } from "./claims.js";

/** `previous` of the first entry. */
export const CUSTODY_GENESIS = "0".repeat(64);

/** Makes the next entry of a custody log: its hash covers every field and the hash before it. */
export function nextCustodyEntry(last: CustodyEntry | undefined, at: string, action: string, detail: string): CustodyEntry {
	const open = { sequence: (last?.sequence ?? 0) + 1, at, action, detail, previous: last?.hash ?? CUSTODY_GENESIS };
	return { ...open, hash: sha256Hex(canonicalJson(open)) };
}
