import {
	type BlockStore,
	formatOutpoint,
	type GraphStore,
	type Outpoint,
	type Source,
	UNKNOWN_PREVIOUS_GAP,
	type UtxoBlock,
	type UtxoChainSource,
	withPrevious,
} from "@clew/core";
import { type IngestReport, type IngestRequest, ingestBlocks } from "./ingest.js";

/**
 * {@link ingestBlocks} for Bitcoin: what a block spends is looked up in the case, else the node is asked, else it is a gap of that block.
 */
export async function ingestUtxoRange(store: GraphStore, source: UtxoChainSource, request: IngestRequest): Promise<IngestReport> {
	const keep = async (batch: readonly UtxoBlock[], origin: Source) => {
		const { blocks, unknown } = await resolve(store, source, batch);
		const added = await store.atomically(async (tx) => {
			const result = await tx.putUtxoBlocks(source.chain, blocks, origin, source.provenance ?? "node");
			const [first, last] = [batch[0], batch[batch.length - 1]];
			if (first === undefined || last === undefined) return 0;
			const range = { fromHeight: first.header.height, toHeight: last.header.height };
			await tx.putCoverage([{ chain: source.chain, ...range, kinds: ["native"], source: origin.id, note: "" }]);
			return result.added;
		});
		return { added, gaps: unknown > 0 ? [UNKNOWN_PREVIOUS_GAP] : [] };
	};
	return ingestBlocks(store, source, keep, request);
}

/** Asks the node for spent outputs that neither the case nor the batch holds. */
async function resolve(
	store: BlockStore,
	source: UtxoChainSource,
	batch: readonly UtxoBlock[],
): Promise<{ blocks: UtxoBlock[]; unknown: number }> {
	const made = new Set(batch.flatMap((block) => block.transactions.map((tx) => tx.txid)));
	const blocks: UtxoBlock[] = [];
	let unknown = 0;
	for (const block of batch) {
		const spent: Outpoint[] = block.transactions.flatMap((tx) => tx.inputs.map((input) => input.outpoint));
		const foreign = await store.unknownOutpoints(
			source.chain,
			spent.filter(({ txid }) => !made.has(txid)),
		);
		if (foreign.length === 0) {
			blocks.push(block);
			continue;
		}
		const previous = await source.previousOutputs(block.header, foreign);
		unknown += foreign.filter((outpoint) => !previous.has(formatOutpoint(outpoint))).length;
		blocks.push(withPrevious(block, previous));
	}
	return { blocks, unknown };
}
