import { tellsVersion, type UtxoTransaction } from "@clew/core";
import { isPeelLink } from "../patterns/shapes.js";

/** How a wallet made a transaction, packed into one byte so that millions fit; 0 means that there is no transaction. */
export type Traits = number;

const PRESENT = 1;
const LOCKTIME = 2;
const VERSION_2 = 4;
const SEQUENCE_SHIFT = 3;
const SEQUENCE_MASK = 3 << SEQUENCE_SHIFT;
const PEEL = 32;
const UNTOLD = 64;
const FINAL = 0xffffffff;
const LOCKTIME_ENABLED = 0xfffffffe;
/** Classes of sequence numbers: final, locktime enabled, replaceable (BIP 125), and several of these. */
const MIXED = 3;

/**
 * Reads a transaction's traits: locktime set or not, version 1 or later, class of its sequence numbers, link of a peel chain or not. What
 * no source told is no trait.
 */
export function traitsOf(tx: UtxoTransaction): Traits {
	const classes = new Set(tx.inputs.map(({ sequence }) => (sequence === FINAL ? 0 : sequence === LOCKTIME_ENABLED ? 1 : 2)));
	const [only = 0] = classes;
	return (
		PRESENT |
		(tx.locktime > 0 ? LOCKTIME : 0) |
		(tx.version >= 2 ? VERSION_2 : 0) |
		((classes.size > 1 ? MIXED : only) << SEQUENCE_SHIFT) |
		(isPeelLink(tx) ? PEEL : 0) |
		(tellsVersion(tx) ? 0 : UNTOLD)
	);
}

const isUntold = (a: Traits, b: Traits) => ((a | b) & UNTOLD) !== 0;

/**
 * True when both set a locktime or neither does. An unspent output (traits 0) disagrees with nothing, and so does a locktime that nobody
 * told.
 */
export function sameLocktime(own: Traits, spender: Traits): boolean {
	return spender === 0 || isUntold(own, spender) || (own & LOCKTIME) === (spender & LOCKTIME);
}

/**
 * True when version and class of sequence numbers are the same. An unspent output disagrees with nothing, nor does a version that nobody
 * told.
 */
export function sameClient(own: Traits, spender: Traits): boolean {
	const compared = isUntold(own, spender) ? SEQUENCE_MASK : VERSION_2 | SEQUENCE_MASK;
	return spender === 0 || (own & compared) === (spender & compared);
}

/** True for a transaction that is a link of a peel chain. */
export function isPeel(spender: Traits): boolean {
	return (spender & PEEL) !== 0;
}
