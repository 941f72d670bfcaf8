import { borneOutBy, type ChainId, type CoveredKind, type Denial, type GraphStore, isOfBlock, type SourcedTransaction } from "@clew/core";
import type { OpenTransaction } from "./row-transactions.js";

type Range = readonly [from: number, to: number];

/** A block as the case holds it; of no kinds where no node told it whole. */
interface HeldBlock {
	readonly height: number;
	readonly transactions: ReadonlyMap<string, SourcedTransaction>;
	readonly kinds: ReadonlySet<CoveredKind>;
}

/** What every whole block of a node is complete in: its transactions and their receipts are proven by its header. */
const TOLD_BY_ALL: readonly CoveredKind[] = ["native", "token"];

/**
 * Blocks that a node told whole. What a file tells of such a block and the block does not hold is left out, whichever came first: a block
 * that comes later takes out what files told of it.
 */
export class WholeBlocks {
	private readonly store: GraphStore;
	private readonly chain: ChainId;
	/** Undefined where no node told anything. */
	private readonly ranges: ReadonlyMap<CoveredKind, readonly Range[]> | undefined;
	/** The block that was asked for last: the rows of a file are in block order. */
	private last: HeldBlock | undefined;

	private constructor(store: GraphStore, chain: ChainId, ranges: ReadonlyMap<CoveredKind, readonly Range[]> | undefined) {
		this.store = store;
		this.chain = chain;
		this.ranges = ranges;
	}

	static async of(store: GraphStore, chain: ChainId): Promise<WholeBlocks> {
		const nodes = new Set((await store.sources()).filter(({ kind }) => kind === "node").map(({ id }) => id));
		if (nodes.size === 0) return new WholeBlocks(store, chain, undefined);
		const ranges = new Map<CoveredKind, Range[]>();
		for (const { account, source, kinds, fromHeight, toHeight } of await store.coverage(chain)) {
			if (account !== undefined || !nodes.has(source)) continue;
			for (const kind of kinds) ranges.set(kind, [...(ranges.get(kind) ?? []), [fromHeight, toHeight]]);
		}
		return new WholeBlocks(store, chain, ranges);
	}

	/** What is left of a transaction as a file tells it, undefined where nothing is, and what its block denies. */
	async witness(
		tx: OpenTransaction,
		source: string,
	): Promise<{ readonly tx: OpenTransaction | undefined; readonly denied: readonly Denial[] }> {
		if (this.ranges === undefined || isOfBlock(tx)) return { tx, denied: [] };
		const { height, hash } = tx;
		const denial = (what: Denial["what"]): Denial => ({ height, hash, what, source });
		const block = await this.blockAt(height);
		if (block.kinds.size === 0)
			return (await this.isElsewhere(tx)) ? { tx: undefined, denied: [denial("transaction")] } : { tx, denied: [] };
		const words = borneOutBy(tx, block.transactions.get(hash), block.kinds);
		return { tx: words.tx, denied: words.denied.map(({ what }) => denial(what)) };
	}

	/** Forgets what was asked for: the case changed. */
	refresh(): void {
		this.last = undefined;
	}

	/** True where the transaction stands in another block that a node told whole. */
	private async isElsewhere({ height, hash }: OpenTransaction): Promise<boolean> {
		const held = await this.store.transaction(this.chain, hash);
		for (const { position } of held)
			if (position.height !== height && (await this.store.header(this.chain, position.height))?.hash !== undefined) return true;
		return false;
	}

	private async blockAt(height: number): Promise<HeldBlock> {
		if (this.last?.height === height) return this.last;
		const header = await this.store.header(this.chain, height);
		const [held] = header?.hash === undefined ? [] : await this.store.heights(this.chain, height, 1);
		const transactions = new Map(held?.height === height ? held.transactions.map((tx) => [tx.hash, tx]) : []);
		this.last = { height, transactions, kinds: held?.height === height ? this.kindsAt(height) : new Set() };
		return this.last;
	}

	private kindsAt(height: number): ReadonlySet<CoveredKind> {
		const inside = ([from, to]: Range) => from <= height && height <= to;
		const covered = [...(this.ranges ?? [])].flatMap(([kind, ranges]) => (ranges.some(inside) ? [kind] : []));
		return new Set([...TOLD_BY_ALL, ...covered]);
	}
}
