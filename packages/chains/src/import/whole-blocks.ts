import {
	type ChainId,
	type CoveredKind,
	coveredKind,
	type GraphStore,
	isOfBlock,
	isUnknownAccount,
	settled,
	type Transfer,
	type TransferRecord,
} from "@clew/core";
import type { OpenTransaction } from "./row-transactions.js";

type Range = readonly [from: number, to: number];

/**
 * Blocks that a node told whole. What a file tells of such a block and the block does not hold is left out, whichever came first: a block
 * that comes later replaces what files told of its kinds.
 */
export class WholeBlocks {
	private readonly store: GraphStore;
	private readonly chain: ChainId;
	private readonly ranges: ReadonlyMap<CoveredKind, readonly Range[]>;

	private constructor(store: GraphStore, chain: ChainId, ranges: ReadonlyMap<CoveredKind, readonly Range[]>) {
		this.store = store;
		this.chain = chain;
		this.ranges = ranges;
	}

	static async of(store: GraphStore, chain: ChainId): Promise<WholeBlocks> {
		const nodes = new Set((await store.sources()).filter(({ kind }) => kind === "node").map(({ id }) => id));
		const ranges = new Map<CoveredKind, Range[]>();
		for (const { account, source, kinds, fromHeight, toHeight } of nodes.size === 0 ? [] : await store.coverage(chain)) {
			if (account !== undefined || !nodes.has(source)) continue;
			for (const kind of kinds) ranges.set(kind, [...(ranges.get(kind) ?? []), [fromHeight, toHeight]]);
		}
		return new WholeBlocks(store, chain, ranges);
	}

	/** What is left of a transaction as a file tells it, and how many of its movements its block does not hold. */
	async witness(tx: OpenTransaction): Promise<{ readonly tx: OpenTransaction; readonly denied: number }> {
		const whole = this.kindsAt(tx.height);
		if (whole.size === 0 || isOfBlock(tx)) return { tx, denied: 0 };
		const held = [...(await this.store.transaction(this.chain, tx.hash))];
		const told = settled(tx);
		const transfers = told.transfers.filter((t) => !whole.has(coveredKind(t)) || takeFrom(held, t));
		return { tx: { ...told, transfers }, denied: told.transfers.length - transfers.length };
	}

	private kindsAt(height: number): ReadonlySet<CoveredKind> {
		const inside = ([from, to]: Range) => from <= height && height <= to;
		return new Set([...this.ranges].flatMap(([kind, ranges]) => (ranges.some(inside) ? [kind] : [])));
	}
}

/** Takes a movement's match from those that are held. A fee or value of another amount is left to the store, which refuses it. */
function takeFrom(held: Transfer[], t: TransferRecord): boolean {
	const single = t.kind === "fee" || t.kind === "native";
	const same = (x: Transfer) =>
		x.kind === t.kind &&
		(single || (x.from === t.from && (x.to === t.to || isUnknownAccount(t.to)) && x.asset === t.asset && x.amount === t.amount));
	const at = held.findIndex(same);
	if (at >= 0) held.splice(at, 1);
	return at >= 0;
}
