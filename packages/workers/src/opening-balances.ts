import {
	type AccountId,
	type AssetId,
	type ChainSource,
	chainOf,
	type GraphStore,
	type LedgerReader,
	NodeError,
	nativeAsset,
	startOf,
} from "@clew/core";
import { unknownOpening } from "@clew/tracer";
import { nodeSource } from "./ingest.js";

const LEDGER_ROWS = 1_000;

/**
 * A ledger source that, before an account's balance is derived, reads what it began with from an archive node, of each asset at the block
 * before its movements begin to be covered, and keeps it in the case. A node that has not kept that state leaves the gap that was there.
 */
export function withOpeningBalances(store: GraphStore, node: ChainSource): LedgerReader {
	const refused = new Set<string>();
	return {
		...store,
		async balancesBefore(account, before) {
			// Each time anew: what was fetched since may begin elsewhere.
			if (chainOf(account) === node.chain) await readOpenings(store, node, account, refused);
			return store.balancesBefore(account, before);
		},
	};
}

/** `refused` holds what the node did not tell, so that it is asked once. */
async function readOpenings(store: GraphStore, node: ChainSource, account: AccountId, refused: Set<string>): Promise<void> {
	const { coverage } = await store.profile(account, 1);
	const first = Math.min(...coverage.map((c) => c.fromHeight));
	if (!Number.isFinite(first)) return;
	const assets = new Set<AssetId>([nativeAsset(node.chain)]);
	for (const t of await store.ledger(account, startOf(first), LEDGER_ROWS)) assets.add(t.asset);
	const origin = await nodeSource(node);
	for (const asset of assets) {
		// Each at the height from which on its own movements were read.
		const height = await unknownOpening(account, asset, coverage, store);
		const key = `${account} ${asset} ${height}`;
		if (height === undefined || refused.has(key)) continue;
		try {
			await store.putOpeningBalance(account, asset, height, await node.balance(account, asset, height), origin);
		} catch (error) {
			refused.add(key);
			if (error instanceof NodeError && !error.retryable) continue;
			throw error;
		}
	}
}
