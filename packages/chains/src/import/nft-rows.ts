import type { AssetId, Hash, NftRows } from "@clew/core";
import type { ParsedRow } from "./row.js";

/** Adds what a row tells of NFTs to the rows of its transaction, by contract. */
export function countNfts(
	byTransaction: Map<Hash, Map<AssetId, NftRows>>,
	{ hash, nft, leftOut = [] }: Pick<ParsedRow, "hash" | "nft" | "leftOut">,
): void {
	if (nft === undefined && leftOut.length === 0) return;
	const rows = byTransaction.get(hash) ?? new Map<AssetId, NftRows>();
	byTransaction.set(hash, rows);
	const add = (asset: AssetId, ids: number, numbers: number) => {
		const known = rows.get(asset);
		rows.set(asset, { ids: ids + (known?.ids ?? 0), numbers: numbers + (known?.numbers ?? 0) });
	};
	if (nft !== undefined) add(nft, 1, 0);
	for (const asset of leftOut) add(asset, 0, 1);
}
