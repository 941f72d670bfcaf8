import { type AccountId, type AssetId, MAX_HEIGHT, type Position, type ProvenanceTier, type TransferKind } from "@clew/core";
import { packHeight } from "../rules/keys.js";
import { storedAmount, transferPlace } from "../rules/stored-amount.js";

/** Bits of the event index in a transfer's key. */
export const EVENT_BITS = 16n;
const TX_MASK = 0x3fffn;
const EVENT_MASK = 0xffffn;
const HEIGHT_SHIFT = 30n;

/** What is read of a transfer `t`. */
export const COLUMNS = `t.pos AS pos, t.tx AS tx, t.sender AS sender, t.receiver AS receiver, t.asset AS asset, t.amount AS amount, t.kind AS kind, t.tier AS tier, t.source AS source, t.untold AS untold`;

/** A row of {@link COLUMNS}. */
export interface TransferRow {
	pos: bigint;
	tx: string;
	sender: string;
	receiver: string;
	asset: string;
	amount: string;
	kind: string;
	tier: string;
	source: string;
	untold: boolean | null;
}

/** The place that a key packs. */
export const positionOf = (pos: bigint): Position => ({
	height: Number(pos >> HEIGHT_SHIFT) % (MAX_HEIGHT + 1),
	txIndex: Number((pos >> EVENT_BITS) & TX_MASK),
	eventIndex: Number(pos & EVENT_MASK),
});

/** The amount of a row. Throws ClewError (CASE_CORRUPT) for what is none. */
export const amountOf = (t: TransferRow): bigint => storedAmount(t.amount, placeOf, t);
const placeOf = ({ pos, tx }: TransferRow): string => transferPlace(positionOf(pos), tx);

/** What a row says of the movement itself, wherever it stands. */
export function movementOf(t: TransferRow) {
	return {
		from: t.sender as AccountId,
		to: t.receiver as AccountId,
		asset: t.asset as AssetId,
		amount: amountOf(t),
		kind: t.kind as TransferKind,
		provenance: t.tier as ProvenanceTier,
		source: t.source,
	};
}

/** Rows created by one statement. */
export const WRITE_CHUNK = 5_000;

/** Keys from `from` to before `end`. */
export interface KeyRange {
	readonly from: bigint;
	readonly end: bigint;
}

/** The keys of transfers and events at heights. */
export function heightRanges(chain: number, heights: readonly number[]): KeyRange[] {
	return heights.map((height) => ({ from: packHeight(chain, height), end: packHeight(chain, height + 1) }));
}
