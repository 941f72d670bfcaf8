import type { ProvenBlocks, TrustedHeader } from "../proofs/proofs.js";
import type { RulesChecked } from "../recompute/check-rules.js";
import { type RowReport, UNANCHORED } from "../report.js";
import { heightOf } from "../trace/positions.js";
import type { BundleRow } from "./formats.js";

/** What the person who verifies knows from elsewhere. */
export interface Trust {
	readonly headers: readonly TrustedHeader[];
	/** Ids of keys whose signature is expected; when given, one of them must have signed. */
	readonly keys: readonly string[];
	/** Certificates of time stamp authorities or their roots, DER; when given, a time stamp must lead to one of them. */
	readonly timeRoots: readonly Uint8Array[];
}

/** The rows of a bundle, or some of them, as they were checked. */
export interface CheckedRows {
	readonly rows: RowReport[];
	readonly blocks: ProvenBlocks;
	/** Of a disclosure: how many its manifest counts. */
	readonly rowsOfTrace?: string;
	/** What nothing in a bundle shows, in words. */
	readonly stated?: readonly string[];
	/** Of a bundle with ledgers whose rules were played again, and gave the same. */
	readonly recomputed?: RulesChecked | undefined;
}

/** A row that holds, with the header that it leads to. */
export function reportRow(
	{ edge, known }: BundleRow,
	checked: string,
	blocks: ProvenBlocks,
	anchored: ReadonlyMap<number, string>,
): RowReport {
	const height = heightOf(edge.position);
	const work = blocks.get(height)?.work ?? "";
	const anchorOf = () => anchored.get(height) ?? (work === "" ? UNANCHORED : `${UNANCHORED}; the header cost ${work}`);
	return { row: edge.row, tier: known.tier, checked, anchor: known.tier === "proven" ? anchorOf() : "" };
}
