import { type Hash, MAX_HEIGHT, type ProvenanceTier, type Transfer, type TransferKind } from "@clew/core";
import { unpackPosition } from "../rules/keys.js";
import { storedAmount, transferPlace } from "../rules/stored-amount.js";
import type { Interning } from "./interning.js";

/** Stored as numbers: never reorder, only append. */
const KINDS: readonly TransferKind[] = ["native", "internal", "token", "fee", "reward", "withdrawal", "mint", "burn", "genesis", "fork"];

export const kindCode = (kind: TransferKind): number => KINDS.indexOf(kind);
export const kindOf = (code: number): TransferKind => KINDS[code] as TransferKind;
/** Stored as numbers: never reorder, only append. */
const TIERS: readonly ProvenanceTier[] = ["proven", "quorum", "node", "imported", "node-unverified"];
export const tierCode = (tier: ProvenanceTier): number => TIERS.indexOf(tier);
export const tierOf = (code: number): ProvenanceTier => TIERS[code] as ProvenanceTier;

/** How the place of a transfer in its transaction is known, in column `indexed`. */
export const PLACE = { derived: 0, told: 1, untold: 2 } as const;

/** Columns that {@link transferOf} reads, for raw rows. The key is read in two parts because it exceeds 2^53. */
export const TRANSFER_COLUMNS = `t.pos >> 30, t.pos & 0x3fffffff, x.hash, t.from_id, t.to_id, t.asset_id, t.amount, t.kind, t.tier, t.source_id, t.indexed`;
export const TRANSFER_TABLES = `transfers t JOIN txs x ON x.key = t.pos >> 16`;

/** One raw row of {@link TRANSFER_COLUMNS}. */
export type TransferRow = [number, number, string, number, number, number, string, number, number, number, number];

const placeOf = (row: TransferRow): string => transferPlace(unpackPosition(row[0], row[1]), row[2]);

/** Decodes a raw row. Throws ClewError (CASE_CORRUPT) for an amount that is none. */
export function transferOf(row: TransferRow, names: Interning): Transfer {
	return {
		chain: names.chainName(Math.floor(row[0] / (MAX_HEIGHT + 1))),
		position: row[10] === PLACE.untold ? { ...unpackPosition(row[0], row[1]), untold: true } : unpackPosition(row[0], row[1]),
		txHash: row[2] as Hash,
		from: names.accountName(row[3]),
		to: names.accountName(row[4]),
		asset: names.assetName(row[5]),
		amount: storedAmount(row[6], placeOf, row),
		kind: kindOf(row[7]),
		provenance: tierOf(row[8]),
		source: names.sourceKey(row[9]),
	};
}

/** Merges two lists of raw rows in key order, equal keys once, at most `limit`. */
export function mergeRows(
	a: readonly TransferRow[],
	b: readonly TransferRow[],
	limit: number,
	inOrder: "oldest first" | "newest first" = "oldest first",
): TransferRow[] {
	const sign = inOrder === "oldest first" ? 1 : -1;
	if (b.length === 0) return a.slice(0, limit);
	if (a.length === 0) return b.slice(0, limit);
	const merged: TransferRow[] = [];
	let i = 0;
	let j = 0;
	while (merged.length < limit && (i < a.length || j < b.length)) {
		const x = a[i];
		const y = b[j];
		const order = x === undefined ? 1 : y === undefined ? -1 : sign * (x[0] - y[0] || x[1] - y[1]);
		merged.push((order <= 0 ? x : y) as TransferRow);
		if (order <= 0) i++;
		if (order >= 0) j++;
	}
	return merged;
}
