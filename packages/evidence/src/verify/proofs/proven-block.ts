import type { Edge } from "../bundle/formats.js";
import { Refusal } from "../failure.js";
import type { ShownMoves, ShownTransaction } from "./shown.js";

/** Event indices of logs begin here, so that a row has the same place whichever source told of it. */
export const LOG_BAND = 16_384;
/** Places of transactions begin here whose index no source tells. */
export const DERIVED = 8_192;

/** Where a row stands in its block, as the proof shows it: compared by transaction, then event. */
export interface ProvenPlace {
	readonly transaction: number;
	/** Place inside the transaction, in any numbering that keeps its order. */
	readonly event: number;
	/**
	 * The event index that the row must have. For a log it counts from the first log of the transaction, whose own index the proof does not
	 * show. Undefined for a log whose place in its transaction no proof shows.
	 */
	readonly index: number | undefined;
	readonly isLog: boolean;
}

/** A log as a receipt holds it. */
export interface ProvenLog {
	/** Lower-case, with 0x. */
	readonly contract: string;
	readonly topics: readonly Uint8Array[];
	readonly data: Uint8Array;
}

/** A header and what its proof shows. */
export interface ProvenBlock {
	readonly chain: string;
	readonly height: number;
	readonly hash: string;
	readonly parent: string;
	/** Unix seconds. */
	readonly time: number;
	/** True when the header, or what hangs below it, states the height; else it is the word of the bundle until a trusted header says it. */
	readonly heightShown: boolean;
	/** What the header costs to forge, in words; empty where hashing says nothing about it. */
	readonly work: string;
	/** Ids of the transactions that the proof holds. */
	readonly transactions: readonly string[];
	/** Where the proof shows what the row says. Throws Error that says what differs. */
	place(edge: Edge, log: number | undefined): ProvenPlace;
	/** On an account chain: what the proof shows of a transaction's movements; undefined where it shows nothing. */
	moves?(hash: string): ShownMoves | undefined;
	/** On EVM chains: a log of a transaction's receipt, by its place there; undefined where it has none. Throws Error. */
	log?(hash: string, place: number): ProvenLog | undefined;
	/** On Bitcoin: the transaction; undefined where the proof does not hold it. */
	transaction?(txid: string): ShownTransaction | undefined;
}

/** Throws Error unless a row's cell is what the proof gives. */
export function mustEqual(what: string, stated: string, shown: string): void {
	if (stated !== shown) throw new Refusal(`${what}: the row says ${stated.slice(0, 100)}, the chain ${shown.slice(0, 100)}`);
}
