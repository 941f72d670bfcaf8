import { OLD_NFTS } from "./chain-family/evm/old-nfts.js";
import type { AssetId, ChainId } from "./ids.js";
import type { GraphStore } from "./ports.js";
import { recordsOf } from "./records.js";
import type { TransactionRecord } from "./transfer.js";

/** Kind of the documents by which a case knows a contract whose numbers are ids (ERC-721, ERC-1155); each is named by its asset. */
export const NFTS = "nft";

/** A contract whose transfers carry ids, not amounts, and how that is known. */
export interface NftContract {
	readonly asset: AssetId;
	/** In words, for the reader: a file's column, what the contract answers. */
	readonly why: string;
}

/** The name of an old contract whose numbers are known to be ids; undefined for any other, which may be one too. */
export function oldNft(asset: AssetId): string | undefined {
	return OLD_NFTS.get(asset);
}

/** What a gap says of an asset whose transfers were left out. */
export function nftGap(asset: AssetId): string {
	const name = oldNft(asset);
	return `numbers of ${asset}${name === undefined ? "" : ` (${name})`} are ids of NFTs, not amounts: left out`;
}

/** The contracts that a case knows to carry ids. */
export async function nftsOf(store: Pick<GraphStore, "records">): Promise<Set<AssetId>> {
	const known = new Set<AssetId>(OLD_NFTS.keys());
	for await (const { id } of recordsOf(store, NFTS)) known.add(id as AssetId);
	return known;
}

/** Transactions without what they say of such contracts, the contracts that were met, and how often. */
export function withoutNfts<T extends TransactionRecord>(
	transactions: readonly T[],
	isNft: (asset: AssetId) => boolean,
): { transactions: readonly T[]; left: ReadonlyMap<AssetId, number> } {
	const left = new Map<AssetId, number>();
	const kept = transactions.map((tx) => {
		if (!tx.transfers.some(({ asset }) => isNft(asset))) return tx;
		for (const { asset } of tx.transfers) if (isNft(asset)) left.set(asset, (left.get(asset) ?? 0) + 1);
		return { ...tx, transfers: tx.transfers.filter(({ asset }) => !isNft(asset)) };
	});
	return { transactions: left.size === 0 ? transactions : kept, left };
}

const HEIGHTS = 500;

/**
 * Notes contracts whose numbers are ids, and takes out of the case what files had told of them as amounts: so a case is the same whether the fact or
 * the file came first. Gives how many transfers were taken out. Call it inside `atomically`. O(heights of the chain) when a contract is new.
 */
export async function putNfts(store: GraphStore, chain: ChainId, contracts: readonly NftContract[]): Promise<number> {
	const fresh = new Set<AssetId>();
	for (const { asset, why } of contracts) {
		if ((await store.record(NFTS, asset)) !== undefined) continue;
		await store.putRecord(NFTS, asset, JSON.stringify({ why }));
		fresh.add(asset);
	}
	if (fresh.size === 0 || !(await store.sources()).some(({ kind }) => kind === "file")) return 0;
	let taken = 0;
	for (let next = 0; ; ) {
		const page = await store.heights(chain, next, HEIGHTS);
		const last = page[page.length - 1];
		if (last === undefined) return taken;
		for (const height of page) {
			const { transactions, left } = withoutNfts(height.transactions, (asset) => fresh.has(asset));
			if (left.size === 0) continue;
			await store.putHeights(chain, [{ ...height, transactions }]);
			for (const count of left.values()) taken += count;
		}
		next = last.height + 1;
	}
}
