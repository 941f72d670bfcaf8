import { ledgerOf } from "./chain-family/registry.js";
import type { ChainId } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import { MAX_HEIGHT } from "./position.js";

type Reading = Pick<GraphStore, "headersBeside" | "coverage" | "heights" | "utxoTransactions">;

/** The highest block with data in the case: one that counts as fetched, or of which a file told, with its time or without. */
export async function highestBlock(store: Reading, chain: ChainId): Promise<number> {
	const [[told] = []] = await store.headersBeside(chain, [MAX_HEIGHT]);
	let highest = Math.max(told?.height ?? 0, ...(await store.coverage(chain)).map(({ toHeight }) => toHeight));
	// Rows without times stand behind it, if any do: none is at `beyond` or above.
	let beyond = MAX_HEIGHT + 1;
	for (;;) {
		const next = await nextWithData(store, chain, highest + 1);
		if (next === undefined) return highest;
		const middle = Math.floor((next + 1 + beyond) / 2);
		const found = await nextWithData(store, chain, middle);
		if (found === undefined) beyond = middle;
		highest = found ?? next;
	}
}

/** The lowest height at or above `from` with data. */
async function nextWithData(store: Reading, chain: ChainId, from: number): Promise<number | undefined> {
	if (from > MAX_HEIGHT) return undefined;
	if (ledgerOf(chain) === "outputs") return (await store.utxoTransactions(chain, { height: from, txIndex: 0 }, 1))[0]?.height;
	return (await store.heights(chain, from, 1))[0]?.height;
}
