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
import { nodeSource } from "./ingest.js";

const LEDGER_ROWS = 1_000;

/**
 * A ledger source that, before an account's balance is derived, reads its balance at the block before the case's first
 * from an archive node and keeps it in the case. A node that has not kept that state leaves the gap that was there.
 */
export function withOpeningBalances(store: GraphStore, node: ChainSource): LedgerReader {
	const asked = new Set<AccountId>();
	return {
		...store,
		async balancesBefore(account, before) {
			if (!asked.has(account) && chainOf(account) === node.chain) {
				asked.add(account);
				await readOpenings(store, node, account);
			}
			return store.balancesBefore(account, before);
		},
	};
}

async function readOpenings(store: GraphStore, node: ChainSource, account: AccountId): Promise<void> {
	const { coverage } = await store.profile(account, 1);
	const first = Math.min(...coverage.map((c) => c.fromHeight));
	if (!Number.isFinite(first)) return;
	// The genesis block holds no transactions, but balances: what stands there is what the account began with.
	const height = Math.max(0, first - 1);
	const assets = new Set<AssetId>([nativeAsset(node.chain)]);
	for (const t of await store.ledger(account, startOf(first), LEDGER_ROWS)) assets.add(t.asset);
	const origin = await nodeSource(node);
	for (const asset of assets) {
		if ((await store.openingBalance(account, asset, height)) !== undefined) continue;
		try {
			await store.putOpeningBalance(account, asset, height, await node.balance(account, asset, height), origin);
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) continue;
			throw error;
		}
	}
}
