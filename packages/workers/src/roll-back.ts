import {
	type ChainId,
	forgetDenials,
	forgetUnspent,
	type GraphStore,
	type LedgerReader,
	ledgerOf,
	startOf,
	transactionPages,
	transferPages,
} from "@clew/core";
import { forgetHeads } from "./noted-heads.js";

const PAGE = 5_000;

/**
 * Rolls a chain back to below a height. Gives the number of transfers (Bitcoin: transactions) that files had told of there: they are gone.
 */
export async function rollBack(store: GraphStore, chain: ChainId, height: number): Promise<number> {
	const ofFiles = await (ledgerOf(chain) === "outputs" ? transactionsOfFiles : transfersOfFiles)(store, chain, height);
	await store.rollback(chain, height);
	await forgetDenials(store, chain, height);
	await forgetHeads(store, chain, height);
	await forgetUnspent(store, chain, height);
	return ofFiles;
}

async function transfersOfFiles(store: LedgerReader, chain: ChainId, height: number): Promise<number> {
	let count = 0;
	for await (const page of transferPages((at, limit) => store.scan(chain, at, limit), startOf(height), PAGE))
		count += page.filter(({ provenance }) => provenance === "imported").length;
	return count;
}

async function transactionsOfFiles(store: GraphStore, chain: ChainId, height: number): Promise<number> {
	let count = 0;
	for await (const page of transactionPages(store, chain, { height, txIndex: 0 }))
		count += page.filter(({ provenance }) => provenance === "imported").length;
	return count;
}
