import { comparePositions, type LedgerReader, type Transfer } from "@clew/core";
import { Cursor } from "./cursor.js";
import { type Seed, seedsArrival } from "./seeds.js";

/** What accounts that are seeds are paid, in position order: each transfer once for each of them. */
export class SeedArrivals {
	private readonly cursors: { readonly seed: Seed; readonly cursor: Cursor }[] = [];
	private readonly source: LedgerReader;

	constructor(source: LedgerReader) {
		this.source = source;
	}

	/** Reads the first page of every seeded account. */
	async open(seeds: readonly Seed[]): Promise<void> {
		for (const seed of seeds) {
			if (seed.kind !== "account") continue;
			const cursor = new Cursor((at, limit) => this.source.ledger(seed.account, at, limit), seed.since);
			await cursor.fill();
			this.cursors.push({ seed, cursor });
			await this.settle(seed, cursor);
		}
	}

	/** The earliest that was not taken yet. */
	next(): Transfer | undefined {
		let first: Transfer | undefined;
		for (const { cursor } of this.cursors) {
			const { head } = cursor;
			if (head !== undefined && (first === undefined || comparePositions(head.position, first.position) < 0)) first = head;
		}
		return first;
	}

	/** Moves past a transfer. */
	async pass(t: Transfer): Promise<void> {
		for (const { seed, cursor } of this.cursors) {
			if (cursor.head === undefined || comparePositions(cursor.head.position, t.position) !== 0) continue;
			if (cursor.advance()) await cursor.fill();
			await this.settle(seed, cursor);
		}
	}

	private async settle(seed: Seed, cursor: Cursor): Promise<void> {
		while (cursor.head !== undefined && !seedsArrival(seed, cursor.head)) if (cursor.advance()) await cursor.fill();
	}
}
