import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import type { ProvenBlocks } from "../proofs/proofs.js";

/** No output is called unspent that a transaction spends which the bundle's own proofs show, before the data ends. */
export function checkUnspent({ leaves, coverage }: Trace, blocks: ProvenBlocks, fail: Fail): void {
	const unspent = new Map(
		leaves.flatMap(({ stop, outpoints = [] }, i) =>
			stop.reason === "unspent" ? outpoints.map(({ outpoint }) => [outpoint, i + 1] as const) : [],
		),
	);
	if (unspent.size === 0) return;
	for (const block of blocks.values()) {
		if (block.height > Number(coverage.cutoff ?? block.height)) continue;
		for (const txid of block.transactions)
			for (const { outpoint } of block.transaction?.(txid)?.inputs ?? [])
				if (unspent.has(outpoint))
					fail(
						`trace.json leaf ${unspent.get(outpoint)}`,
						`calls output ${outpoint} unspent, and transaction ${txid}, which is proven here, spends it in block ${block.height}`,
					);
	}
}
