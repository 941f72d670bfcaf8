import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";

/**
 * Where an event stands on its chain. One total order: height, then transaction in block, then event in transaction.
 *
 * Event indices are laid out in bands so that an event has the same index whichever source told of it:
 * 0 the fee, 1 the value of the transaction itself, from 2 internal calls in call order, from 16384 token logs
 * (16384 + the block's log index). Transactions whose index no source told stand from 8192, in an order that is derived (`placeBlock`);
 * the block's own movements (rewards, withdrawals) stand at transaction index 16383.
 */
export interface Position {
	readonly height: number;
	readonly txIndex: number;
	readonly eventIndex: number;
	/** True where no source tells the order of this event and others of its transaction that bring, or take, the same money. */
	readonly untold?: true;
}

export const MAX_HEIGHT = 2 ** 30 - 1;
export const MAX_TX_INDEX = 2 ** 14 - 1;
export const MAX_EVENT_INDEX = 2 ** 16 - 1;
/** First transaction index for transactions whose place in the block is unknown. */
export const UNINDEXED_TX_BASE = 2 ** 13;
/** Transaction index of the block's own movements. */
export const BLOCK_TX_INDEX = 2 ** 14 - 1;
/** First event index of each band. */
export const EVENT_BAND = { fee: 0, value: 1, internal: 2, log: 2 ** 14 } as const;

/** The position before every event of a height. */
export function startOf(height: number): Position {
	return { height, txIndex: 0, eventIndex: 0 };
}

/** Total order of positions: negative when `a` comes first. */
export function comparePositions(a: Position, b: Position): number {
	return a.height - b.height || a.txIndex - b.txIndex || a.eventIndex - b.eventIndex;
}

/** True where no source told the place of the transaction in its block: its order among the block's others is a guess. */
export function isPlaceGuessed(position: Position): boolean {
	const { txIndex } = realPosition(position);
	return txIndex >= UNINDEXED_TX_BASE && txIndex < BLOCK_TX_INDEX;
}

/** True where an event may as well stand before others that it stands behind, or behind others: by its transaction, or in it. */
export function isOrderGuessed(position: Position): boolean {
	return position.untold === true || isPlaceGuessed(position);
}

/** The position right after `p`. */
export function after(p: Position): Position {
	return { height: p.height, txIndex: p.txIndex, eventIndex: p.eventIndex + 1 };
}

/** The position right before which all stand that come at or before `p`: {@link after}, within the ranges of a stored position. */
export function endOf({ height, txIndex, eventIndex }: Position): Position {
	if (eventIndex < MAX_EVENT_INDEX) return { height, txIndex, eventIndex: eventIndex + 1 };
	return txIndex < MAX_TX_INDEX ? { height, txIndex: txIndex + 1, eventIndex: 0 } : startOf(height + 1);
}

/** Mirrored heights stand above all real ones, so that neither is ever taken for the other. */
const MIRROR = 2 * MAX_HEIGHT + 1;

/** The height in the order that runs back in time, and a mirrored height's own. */
export function mirrorHeight(height: number): number {
	return MIRROR - height;
}

/** The place of a position in the order that runs back in time, last event first; mirrored twice it is itself. */
export function mirrorPosition({ height, txIndex, eventIndex, untold }: Position): Position {
	const mirrored = { height: mirrorHeight(height), txIndex: MAX_TX_INDEX - txIndex, eventIndex: MAX_EVENT_INDEX - eventIndex };
	return untold ? { ...mirrored, untold } : mirrored;
}

/** `height.txIndex.eventIndex`, the form used in every output. */
export function formatPosition(p: Position): string {
	return `${p.height}.${p.txIndex}.${p.eventIndex}`;
}

/** Parses `height.txIndex.eventIndex`. Throws InputError. */
export function parsePosition(text: string): Position {
	const match = /^([0-9]{1,10})\.([0-9]{1,5})\.([0-9]{1,5})$/.exec(text);
	if (!match) throw new InputError(`${quote(text)} is not a position such as 6671340.5.1`);
	const position = { height: Number(match[1]), txIndex: Number(match[2]), eventIndex: Number(match[3]) };
	checkPosition(position);
	return position;
}

/** Throws InputError unless the position fits the ranges above. */
export function checkPosition(p: Position): void {
	const fits = (value: number, max: number) => Number.isInteger(value) && value >= 0 && value <= max;
	if (!fits(p.height, MAX_HEIGHT) || !fits(p.txIndex, MAX_TX_INDEX) || !fits(p.eventIndex, MAX_EVENT_INDEX)) {
		throw new InputError(`position ${formatPosition(p)} is out of range`);
	}
}

/** A position, or what a mirrored one stands for. */
export function realPosition(position: Position): Position {
	return position.height > MAX_HEIGHT ? mirrorPosition(position) : position;
}
