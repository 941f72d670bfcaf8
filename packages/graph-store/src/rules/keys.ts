import { MAX_EVENT_INDEX, MAX_HEIGHT, MAX_TX_INDEX, type Position, type TransactionPlace } from "@clew/core";

const TX_AND_EVENT_BITS = 30;
const HEIGHT_BITS = 30n;
const EVENT_BITS = 16;

/** High part of a packed position: chain and height; below 2^33, exact as a number. */
export function highPart(chain: number, height: number): number {
	return chain * (MAX_HEIGHT + 1) + height;
}

/** Low part of a packed position: transaction and event index; below 2^30. */
export function lowPart(txIndex: number, eventIndex: number): number {
	return (txIndex << EVENT_BITS) | eventIndex;
}

/** The primary key of a transfer. 63 bits, hence a bigint. */
export function packPosition(chain: number, p: Position): bigint {
	return (BigInt(highPart(chain, p.height)) << BigInt(TX_AND_EVENT_BITS)) | BigInt(lowPart(p.txIndex, p.eventIndex));
}

/** The primary key of a transaction: a transfer's key without the event. Below 2^47, exact as a number. */
export function packTransaction(chain: number, height: number, txIndex: number): number {
	return highPart(chain, height) * (MAX_TX_INDEX + 1) + txIndex;
}

/** First key of a height, and, for `height + 1`, the end of it. */
export function packHeight(chain: number, height: number): bigint {
	return BigInt(highPart(chain, height)) << BigInt(TX_AND_EVENT_BITS);
}

/** Keys of everything inside a transaction: from the first to before the second. */
export function eventRange(transaction: number): readonly [bigint, bigint] {
	return [BigInt(transaction) << BigInt(EVENT_BITS), BigInt(transaction + 1) << BigInt(EVENT_BITS)];
}

/** Reads a position from the two parts that a query selects. */
export function unpackPosition(high: number, low: number): Position {
	return { height: high % (MAX_HEIGHT + 1), txIndex: low >>> EVENT_BITS, eventIndex: low & MAX_EVENT_INDEX };
}

/** First key that belongs to the next chain. */
export function endOfChain(chain: number): bigint {
	return BigInt(chain + 1) << (HEIGHT_BITS + BigInt(TX_AND_EVENT_BITS));
}

/** The number of the chain of a transaction's key. */
export function chainOfTransaction(key: number): number {
	return Math.floor(key / (MAX_TX_INDEX + 1) / (MAX_HEIGHT + 1));
}

/** The place of a transaction from its key. */
export function unpackTransaction(key: number): TransactionPlace {
	return { height: Math.floor(key / (MAX_TX_INDEX + 1)) % (MAX_HEIGHT + 1), txIndex: key % (MAX_TX_INDEX + 1) };
}

/**
 * Twelve hex digits of a hash as a number: a small index finds the hash, the text confirms it. The last ones, since a Bitcoin hash may
 * begin with zeros.
 */
export function hashPrefix(hash: string): number {
	return Number.parseInt(hash.startsWith("0x") ? hash.slice(2, 14) : hash.slice(-12), 16);
}
