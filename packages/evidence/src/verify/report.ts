import type { TrustedTime } from "./timestamp.js";

/** What stands for an anchor where the reader gave none. */
export const UNANCHORED = "no header that you trust was given";

/** What was checked of one row, and against what. */
export interface RowReport {
	readonly row: number;
	readonly tier: string;
	readonly checked: string;
	readonly anchor: string;
}

/**
 * What the bytes show, in one word. `failed`: something does not hold. `intact`: hashes agree, and nothing in it is proven. `proven in part`: some rows are proven to a
 * block header. `proven`: all are, but not all to a header that the reader trusts. `verified`: all are, to headers that the reader trusts. Nothing is verified by being empty.
 */
export type Verdict = "failed" | "intact" | "proven in part" | "proven" | "verified";

/** What was checked, and every failure as `file or row: what`. Without failures the bundle holds together. */
export interface VerifyReport {
	readonly schema: "clew.verify/2";
	readonly ok: boolean;
	readonly verdict: Verdict;
	readonly failures: readonly string[];
	readonly kind: "bundle" | "disclosure" | "balances" | "packet" | "none";
	readonly trace: string;
	/** What narrowed the trace, as the maker states it; absent for a plain one. */
	readonly whatIf?: string;
	readonly files: number;
	readonly rows: readonly RowReport[];
	/** Blocks whose proofs hold. */
	readonly blocks: readonly { readonly chain: string; readonly height: number; readonly hash: string }[];
	/** Key ids whose signatures over the manifest hold. */
	readonly signedBy: readonly string[];
	readonly time: TrustedTime | undefined;
}

/** The verdict over rows (of a packet: over rows and balances). */
export function verdictOf(ok: boolean, rows: readonly RowReport[]): Verdict {
	if (!ok) return "failed";
	const proven = rows.filter(({ tier }) => tier === "proven");
	if (proven.length === 0) return "intact";
	if (proven.length < rows.length) return "proven in part";
	return proven.every(isAnchored) ? "verified" : "proven";
}

/** True for a row whose proof ends at a header that the reader trusts. */
export function isAnchored({ tier, anchor: by }: RowReport): boolean {
	return tier === "proven" && by !== "" && !by.startsWith(UNANCHORED);
}
