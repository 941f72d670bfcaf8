import { type ChainId, FIRST_OUTPUT, type LedgerReader, type OutputReader, throwIfAborted, transactionPages } from "@clew/core";
import { ClusterIndex } from "./cluster-index.js";
import type { ClusterOptions } from "./reasons.js";

/** Reads a whole chain of a case into a {@link ClusterIndex}, in one pass. Throws InterruptedError and what the source throws. */
export async function clusterChain(
	source: LedgerReader & OutputReader,
	chain: ChainId,
	options: ClusterOptions,
	run: { readonly signal?: AbortSignal; readonly onProgress?: (progress: { height: number; transactions: number }) => void } = {},
): Promise<ClusterIndex> {
	const index = new ClusterIndex(options);
	let transactions = 0;
	let time: { height: number; at: number | undefined } | undefined;
	for await (const page of transactionPages(source, chain, FIRST_OUTPUT)) {
		throwIfAborted(run.signal);
		for (const tx of page) {
			if (time?.height !== tx.height) time = { height: tx.height, at: (await source.header(chain, tx.height))?.time };
			index.add(tx, time.at);
		}
		transactions += page.length;
		const last = page[page.length - 1];
		if (last !== undefined) run.onProgress?.({ height: last.height, transactions });
	}
	return index;
}
