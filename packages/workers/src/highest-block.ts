import { type ChainId, type GraphStore, MAX_HEIGHT } from "@clew/core";

/** The highest block with data in the case: one that counts as fetched, or of which a file told. */
export async function highestBlock(store: Pick<GraphStore, "headersBeside" | "coverage">, chain: ChainId): Promise<number> {
	const [[told] = []] = await store.headersBeside(chain, [MAX_HEIGHT]);
	return Math.max(told?.height ?? 0, ...(await store.coverage(chain)).map(({ toHeight }) => toHeight));
}

/** The last block of a follow's data: the node's newest, or one behind it that the case had before; none behind `until`. */
export async function endOf(store: GraphStore, head: number, until: number | undefined): Promise<number> {
	return until ?? Math.max(head, await highestBlock(store, store.info.chain));
}
