import {
	type BlockHeader,
	type ChainId,
	type ChainNode,
	canonicalJson,
	documentOf,
	type GraphStore,
	type Hash,
	NodeError,
	type RecordStore,
} from "@clew/core";
import { z } from "zod";

/** Kind of the record that keeps, for each chain, the blocks up to which nodes were asked for histories. */
const KIND = "noted-heads";
/** How many of them are kept: the newest. */
const KEPT = 64;
/** Besides the newest block, those so far below it: so a short reorganisation takes back little. */
const BELOW = [12, 64];

const headsSchema = z.array(z.tuple([z.number().int(), z.string()]));

/** A block as a node told it when the case began to rest on it. */
export type NotedHead = Readonly<Pick<BlockHeader, "height">> & { readonly hash: Hash };

/** The blocks that were noted, the highest first. Throws what the store throws. */
export async function notedHeads(store: RecordStore, chain: ChainId): Promise<NotedHead[]> {
	const json = await store.record(KIND, chain);
	const heads = json === undefined ? [] : documentOf(KIND, chain, json, (value) => headsSchema.parse(value));
	return heads.map(([height, hash]) => ({ height, hash: hash as Hash })).sort((a, b) => b.height - a.height);
}

const keep = (store: GraphStore, chain: ChainId, heads: readonly NotedHead[]) =>
	store.putRecord(KIND, chain, canonicalJson(heads.slice(0, KEPT).map(({ height, hash }) => [height, hash])));

/**
 * Notes the block up to which histories are about to be read from a node, and some below it where the node has them: that nothing was
 * found there up to this block holds on its fork alone. Gives its height: `until`, or the node's newest where that is lower or none is
 * named. Throws NodeError.
 */
export async function noteHead(store: GraphStore, node: ChainNode, until?: number): Promise<number> {
	const newest = await node.head();
	const height = Math.min(until ?? newest.height, newest.height);
	const told: NotedHead[] = [];
	for (const at of [height, ...BELOW.map((depth) => height - depth)]) {
		if (at < 0) continue;
		const known = at === newest.height ? newest.hash : (await store.header(node.chain, at))?.hash;
		const hash = known ?? (at < height ? await hashOrNone(node, at) : (await node.rawHeader(at)).hash);
		if (hash !== undefined) told.push({ height: at, hash });
	}
	const others = (await notedHeads(store, node.chain)).filter((one) => told.every((own) => own.height !== one.height));
	await keep(
		store,
		node.chain,
		[...told, ...others].sort((a, b) => b.height - a.height),
	);
	return height;
}

/** The hash of a node's block; undefined where the node has no such block. Throws NodeError. */
export function hashOrNone(node: ChainNode, height: number): Promise<Hash | undefined> {
	return node.rawHeader(height).then(({ hash }) => hash, ifNone);
}

/** Nodes answer so of what their chain does not hold. Throws every other error. */
export function ifNone(error: unknown): undefined {
	if (error instanceof NodeError && error.code === "NODE_BAD_ANSWER") return undefined;
	throw error;
}

/** Forgets what was noted at or above a height. */
export async function forgetHeads(store: GraphStore, chain: ChainId, height: number): Promise<void> {
	const heads = await notedHeads(store, chain);
	if (heads.some((head) => head.height >= height))
		await keep(
			store,
			chain,
			heads.filter((head) => head.height < height),
		);
}
