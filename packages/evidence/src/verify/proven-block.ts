import type { Edge } from "./formats.js";

/** Where a row stands in its block, as the proof shows it; compared in order. */
export type ProvenPlace = readonly [transaction: number, event: number];

/** A header and what its proof shows. */
export interface ProvenBlock {
	readonly chain: string;
	readonly height: number;
	readonly hash: string;
	readonly parent: string;
	/** Unix seconds. */
	readonly time: number;
	/** What the header costs to forge, in words; empty where hashing says nothing about it. */
	readonly work: string;
	/** Where the proof shows what the row says. Throws Error that says what differs. */
	place(edge: Edge, log: number | undefined): ProvenPlace;
}

/** Throws Error unless a row's cell is what the proof gives. */
export function mustEqual(what: string, stated: string, shown: string): void {
	if (stated !== shown) throw new Error(`${what}: the row says ${stated.slice(0, 100)}, the chain ${shown.slice(0, 100)}`);
}
