import { type GraphStore, highestBlock } from "@clew/core";

/** The last block of a follow's data: the node's newest, or one behind it that the case had before; none behind `until`. */
export async function endOf(store: GraphStore, head: number, until: number | undefined): Promise<number> {
	return until ?? Math.max(head, await highestBlock(store, store.info.chain));
}
