import { type GraphStore, InputError, impossibleHeight, type ProvenanceTier, type Source } from "@clew/core";
import { type BlockFacts, BlockTimes, bitcoinSlack } from "../import/block-facts.js";
import type { UtxoImportReport } from "./import-blocks.js";
import type { ToldTransaction } from "./json.js";
import { networkOf } from "./source.js";

/** A transaction with the place where it is told. */
export type SavedTransaction = ToldTransaction & { readonly where: string };

/**
 * Puts transactions that a file or an API told one by one into an open transaction of the store. What they tell of blocks must agree with
 * one another, with the other files of the import (`blocks`) and with the case. Throws InputError (CONFLICT).
 */
export async function keepTransactions(
	store: GraphStore,
	{ file, source }: { readonly file: string; readonly source: Source },
	found: readonly SavedTransaction[],
	tier: ProvenanceTier,
	blocks: BlockFacts,
): Promise<UtxoImportReport> {
	const { chain } = store.info;
	const told = new BlockTimes(bitcoinSlack(networkOf(chain)));
	for (const { record, time, blockHash, where } of found) {
		const beyond = impossibleHeight(chain, record.height);
		if (beyond !== undefined) throw new InputError(beyond, { where });
		told.tell(record.height, time, where);
		if (blockHash !== undefined) blocks.tellBlock(record.height, blockHash, where);
	}
	await blocks.checkCase(store, chain);
	const times = await told.take(store, chain);
	const records = found.map(({ record }) => record);
	const { added, known } = await store.putUtxoTransactions(chain, records, times, source, tier);
	const heights = records.map((record) => record.height);
	const span = heights.reduce<[number, number] | undefined>((s, h) => (s ? [Math.min(s[0], h), Math.max(s[1], h)] : [h, h]), undefined);
	return { file, source, blocks: 0, added, known, heights: span };
}
