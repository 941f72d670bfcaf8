import { type ChainNode, compareAllListings, type GraphStore, type Hash, NodeError, type OutputReader, transactionPages } from "@clew/core";
import { MAX_REORG_DEPTH } from "./ingest.js";
import { hashOrNone, ifNone, notedHeads } from "./noted-heads.js";
import { rollBack } from "./roll-back.js";

/** What a case rests on and the node's chain does not hold. Heights ascending. */
export interface Orphans {
	/** The newest height that was compared and is the node's; undefined where none was. */
	readonly agreed: number | undefined;
	/** Blocks and transactions that a node told, and that are not on its chain any more. */
	readonly told: readonly number[];
	/** What files told otherwise than the node. */
	readonly ofFiles: readonly number[];
	/** The node's newest block, where the case rests on newer ones: those were not compared. */
	readonly behind: number | undefined;
	/**
	 * The first height that nothing said of blocks since the last common one can be relied on; undefined where nothing is to be taken
	 * back.
	 */
	readonly from: number | undefined;
}

/** What was taken back: everything from `from` on, with so many rows (Bitcoin: transactions) that files had told of. */
export interface TakenBack extends Orphans {
	readonly takenWithThem: number;
}

/**
 * Compares the blocks that a case holds, and those up to which histories were read, with the node's, from the newest down until one
 * agrees; on Bitcoin transactions above it whose blocks are not known each by itself. Looks {@link MAX_REORG_DEPTH} blocks deep. Throws
 * NodeError, also when there is no common block.
 */
export async function findOrphans(store: GraphStore, node: ChainNode): Promise<Orphans> {
	const { chain } = node;
	const head = await node.head();
	const noted = new Map((await notedHeads(store, chain)).map(({ height, hash }) => [height, hash]));
	const newest = Math.max(-1, (await store.head(chain))?.height ?? -1, ...noted.keys());
	const top = newest < 0 ? head.height : Math.min(newest, head.height);
	const bottom = Math.max(0, top - MAX_REORG_DEPTH);
	const [told, ofFiles]: [Set<number>, Set<number>] = [new Set(), new Set()];
	let agreed: number | undefined;
	let newer = newest > head.height;
	for (let height = newest < 0 ? -1 : top; height >= bottom && agreed === undefined; height--) {
		const stored = (await store.header(chain, height))?.hash;
		const known = stored ?? noted.get(height);
		if (known === undefined) continue;
		if (known === (await hashAt(node, height, head))) agreed = height;
		else (stored !== undefined && (await isOfFiles(store, node, height)) ? ofFiles : told).add(height);
	}
	for await (const page of node.ledger === "outputs"
		? transactionPages(store, chain, { height: (agreed ?? bottom - 1) + 1, txIndex: 0 })
		: []) {
		for (const { txid, height, provenance } of page) {
			if (height > head.height) newer = true;
			if (height > head.height || (await store.header(chain, height))?.hash !== undefined) continue;
			if (!(await isInBlock(node, txid, height))) (provenance === "imported" ? ofFiles : told).add(height);
		}
	}
	const lowest = told.size === 0 ? undefined : Math.min(...told);
	if (lowest === 0 || told.size > MAX_REORG_DEPTH)
		throw new NodeError("NODE_BAD_ANSWER", node.name, "no block in common with the case", {
			hint: "The node follows another fork. Make a new case, or use another node.",
		});
	return {
		agreed,
		told: [...told].sort((a, b) => a - b),
		ofFiles: [...ofFiles].sort((a, b) => a - b),
		behind: newer ? head.height : undefined,
		from: lowest === undefined ? undefined : Math.max((agreed ?? -1) + 1, lowest - MAX_REORG_DEPTH),
	};
}

/**
 * Takes back, with an entry in the custody log (`at`, ISO UTC), what {@link findOrphans} finds that nodes told, and everything from
 * the last common block on: that nothing was found there was said of another fork. What files alone told is left. Throws NodeError, and
 * what the store throws.
 */
export async function takeBackOrphans(store: GraphStore, node: ChainNode, at: string): Promise<TakenBack> {
	const orphans = await findOrphans(store, node);
	const { from } = orphans;
	if (from === undefined) return { ...orphans, takenWithThem: 0 };
	return store.atomically(async (tx) => {
		const takenWithThem = await rollBack(tx, node.chain, from);
		if (node.ledger === "accounts") await compareAllListings(tx);
		await tx.appendCustody(at, "chain reorganised", orphanLines({ ...orphans, takenWithThem }).join("; "));
		return { ...orphans, takenWithThem };
	});
}

/** What there is to say of it, a line each; nothing where all agrees. */
export function orphanLines({ told, ofFiles, from, behind, takenWithThem }: Orphans & { readonly takenWithThem?: number }): string[] {
	const list = (heights: readonly number[]) => `${heights.length === 1 ? "block" : "blocks"} ${heights.join(", ")}`;
	const done = takenWithThem === undefined ? "they are to be taken back" : "taken back";
	const rows = takenWithThem ? `, with ${takenWithThem} rows of files: import the files again` : "";
	return [
		...(from === undefined ? [] : [`${list(told)} of the case are not on the node's chain any more: ${done} from block ${from} on${rows}`]),
		...(ofFiles.length === 0 ? [] : [`${list(ofFiles)}: files tell otherwise than the node, and were left`]),
		...(behind === undefined ? [] : [`the node's newest block is ${behind}, the case rests on newer ones: they were not compared`]),
	];
}

/** The hash of the node's block at a height; undefined where its chain has none. */
async function hashAt(node: ChainNode, height: number, head: { readonly height: number; readonly hash?: Hash | undefined }) {
	return height === head.height ? head.hash : hashOrNone(node, height);
}

/**
 * Whether a Bitcoin transaction is in the node's block at a height: that a node does not find it by its id alone shows nothing, it may
 * keep no index.
 */
async function isInBlock(node: ChainNode, txid: Hash, height: number): Promise<boolean> {
	if (node.ledger !== "outputs") return true;
	const unless = (error: unknown) => (error instanceof NodeError && error.code === "NODE_UNSUPPORTED" ? undefined : ifNone(error));
	if ((await node.transaction(txid).catch(unless))?.record.height === height) return true;
	const block = await node.block(height).catch(ifNone);
	return block?.transactions.some((tx) => tx.txid === txid) ?? false;
}

/** True for a Bitcoin block that files told: account chains know hashes from nodes alone. */
async function isOfFiles(store: OutputReader, { chain, ledger }: ChainNode, height: number): Promise<boolean> {
	if (ledger !== "outputs") return false;
	const [first] = await store.utxoTransactions(chain, { height, txIndex: 0 }, 1);
	return first?.height === height && first.provenance === "imported";
}
