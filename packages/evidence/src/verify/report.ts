import { type Failure, failure } from "./failure.js";
import type { RulesChecked } from "./recompute/check-rules.js";
import type { TrustedTime } from "./signatures/timestamp.js";

/** What stands for an anchor where the reader gave none. */
export const UNANCHORED = "no header that you trust was given";

/** What was checked of one row, and against what. */
export interface RowReport {
	/** What it is where it is no row of a trace: then `row` is its line in `balances.jsonl`. */
	readonly of?: "balance";
	readonly row: number;
	readonly tier: string;
	readonly checked: string;
	readonly anchor: string;
}

/**
 * What the bytes show, in one word. `failed`: something does not hold. `intact`: hashes agree, and nothing in it is proven.
 * `proven in part`: some rows are proven to a block header. `proven`: all are, but not all to a header that the reader trusts.
 * `verified`: all are, to headers that the reader trusts. Nothing is verified by being empty.
 */
export type Verdict = "failed" | "intact" | "proven in part" | "proven" | "verified";

/** What was found to be checked. */
export type Kind = "bundle" | "disclosure" | "balances" | "packet";

interface Checked {
	readonly schema: "clew.verify/3";
	readonly trace: string;
	/** What narrowed the trace, as the maker states it; absent for a plain one. */
	readonly whatIf?: string;
	/** Of a trace that says where money came from. */
	readonly direction?: "backward";
	readonly files: number;
	readonly rows: readonly RowReport[];
	/** Of a disclosure: how many rows its manifest counts. */
	readonly rowsOfTrace?: string;
	/** Blocks whose proofs hold. */
	readonly blocks: readonly { readonly chain: string; readonly height: number; readonly hash: string }[];
	/** Key ids whose signatures over the manifest hold. */
	readonly signedBy: readonly string[];
	readonly time: TrustedTime | undefined;
	/** Of a bundle with ledgers: what was played again from them, and gave every amount of the trace. */
	readonly recomputed?: RulesChecked;
	/** Of a bundle or a packet: what nothing in it shows, in words: it is the word of who made it alone. */
	readonly stated?: readonly string[];
	/** Of packets: requests of an earlier form, how whose sums come from the seeds is the maker's word. */
	readonly sumsStated?: readonly string[];
	/** Of a bundle or a packet: files whose content was checked, in the order of paths. */
	readonly compared?: readonly string[];
	/** Of a bundle: files of which some was checked, and what, in words. */
	readonly comparedInPart?: readonly { readonly path: string; readonly what: string }[];
	/** Files of which the hash alone was checked: what they say may be anything. */
	readonly hashedOnly?: readonly string[];
	/** Why these were not compared, where that is no matter of how the verifier was called. */
	readonly notComparedWhy?: string;
}

/** Something does not hold, or nothing could be checked (kind `none`). */
interface Failed extends Checked {
	readonly ok: false;
	readonly verdict: "failed";
	readonly failures: readonly [Failure, ...Failure[]];
	readonly kind: Kind | "none";
}

/** What holds together; it is always of a kind, since something was checked. */
interface Held extends Checked {
	readonly ok: true;
	readonly verdict: Exclude<Verdict, "failed">;
	readonly failures: readonly [];
	readonly kind: Kind;
}

/** What was checked, and every failure. */
export type VerifyReport = Failed | Held;

const NOTHING_CHECKED = failure("unreadable", "bundle", "nothing could be checked");

/** The one way to a report: without a kind it has failed, and with a failure, too. */
export function reportOf(kind: Kind | "none", failures: readonly Failure[], found: Partial<Omit<Checked, "schema">>): VerifyReport {
	const checked: Checked = { schema: "clew.verify/3", trace: "", files: 0, rows: [], blocks: [], signedBy: [], time: undefined, ...found };
	const [first, ...more] = failures;
	if (kind === "none" || first !== undefined)
		return { ...checked, ok: false, verdict: "failed", failures: [first ?? NOTHING_CHECKED, ...more], kind };
	return { ...checked, ok: true, verdict: verdictOf(checked.rows), failures: [], kind };
}

/** The same report with failures that were found afterwards. */
export function withFailures(report: VerifyReport, found: readonly Failure[]): VerifyReport {
	return reportOf(report.kind, [...report.failures, ...found], report);
}

/** The same report once more files were compared, or could not be. */
export function withCompared(report: VerifyReport, paths: readonly string[], why?: string): VerifyReport {
	const { compared = [], comparedInPart, hashedOnly = [] } = report;
	return reportOf(report.kind, report.failures, {
		...report,
		compared: [...new Set([...compared, ...paths])].sort(),
		...(comparedInPart && { comparedInPart: comparedInPart.filter(({ path }) => !paths.includes(path)) }),
		hashedOnly: hashedOnly.filter((path) => !paths.includes(path)),
		...(why === undefined ? {} : { notComparedWhy: why }),
	});
}

/** The verdict over rows (of a packet: over rows and balances) where nothing failed. */
export function verdictOf(rows: readonly RowReport[]): Exclude<Verdict, "failed"> {
	const proven = rows.filter(({ tier }) => tier === "proven");
	if (proven.length === 0) return "intact";
	if (proven.length < rows.length) return "proven in part";
	return proven.every(isAnchored) ? "verified" : "proven";
}

/** True for a row whose proof ends at a header that the reader trusts. */
export function isAnchored({ tier, anchor: by }: RowReport): boolean {
	return tier === "proven" && by !== "" && !by.startsWith(UNANCHORED);
}
