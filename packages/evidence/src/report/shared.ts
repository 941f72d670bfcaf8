import {
	type AccountId,
	type ChainId,
	chainOf,
	defang,
	defangLong,
	displayAddress,
	isUnknownAccount,
	knownFamily,
	type TraceAmounts,
} from "@clew/core";
import type { BundleInput } from "../bundle/bundle.js";
import type { RowKnowledge } from "../bundle/rows.js";
import { code, type Inline } from "../document/model.js";

/** What a report is written from. */
export interface ReportInput extends BundleInput {
	readonly known: readonly RowKnowledge[];
	readonly tool: { readonly name: string; readonly version: string; readonly lockSha256: string; readonly configurationSha256: string };
}

/** Lists longer than this are cut in the paper; everything stands in trace.json and transfers.csv. */
export const LISTED = { rows: 12, outpoints: 20, leaves: 2_000, events: 60, gaps: 500 } as const;

/** Hostile text made safe to show. */
export const plain = (value: string): string => defang(value);
/** What a person stated, or the log of custody: harmless, and whole. */
export const whole = (value: string): string => defangLong(value);
/** An address, whole, shown in fours, with its page in an explorer where one is known. */
export function address(account: string): Inline {
	const [id, shown] = [account as AccountId, displayAddress(account as AccountId)];
	if (isUnknownAccount(id)) return code(shown);
	return { code: shown, grouped: true, link: explorerPage(chainOf(id), "address", shown) };
}

/** A transaction of a chain by its hash, whole, with its page in an explorer where one is known. */
export function transaction(chain: string, hash: string): Inline {
	return { code: hash, link: explorerPage(chain as ChainId, "transaction", hash) };
}

/** Only what is made of letters and digits is put into an address of a page. */
function explorerPage(chain: ChainId, kind: "address" | "transaction", id: string): string | undefined {
	return /^[0-9a-zA-Z]+$/.test(id) ? knownFamily(chain)?.explorerPage?.(chain, kind, id) : undefined;
}

/** Rows by number, the first and last of them when there are many. */
export function rowList(rows: readonly number[]): string {
	if (rows.length === 0) return "no row";
	const shown = rows.slice(0, LISTED.rows).join(", ");
	return `${rows.length === 1 ? "row" : "rows"} ${shown}${rows.length > LISTED.rows ? ` and ${rows.length - LISTED.rows} more, the last ${rows[rows.length - 1]}` : ""}`;
}

/** The most that any rule but poison says. */
export function most(amounts: TraceAmounts): bigint {
	return Object.entries(amounts).reduce((max, [rule, x]) => (rule !== "poison" && BigInt(x) > max ? BigInt(x) : max), 0n);
}
