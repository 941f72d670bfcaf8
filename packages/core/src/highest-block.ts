import type { ChainId } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import { MAX_HEIGHT } from "./position.js";

/** The highest block with data in the case: one that counts as fetched, or of which a file told. */
export async function highestBlock(store: Pick<GraphStore, "headersBeside" | "coverage">, chain: ChainId): Promise<number> {
	const [[told] = []] = await store.headersBeside(chain, [MAX_HEIGHT]);
	return Math.max(told?.height ?? 0, ...(await store.coverage(chain)).map(({ toHeight }) => toHeight));
}
