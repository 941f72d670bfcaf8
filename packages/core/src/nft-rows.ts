import { type AccountId, type AssetId, type ChainId, type Hash, tokenContract } from "./ids.js";
import { type MovedNfts, nftsIn, nftsOf } from "./nft.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf } from "./records.js";
import type { TransactionRecord } from "./transfer.js";

/** Kind of the documents that keep which rows of files were left out as movements of NFTs; each is named by its transaction. */
const NFT_ROWS = "nft-row";

/** Rows of one file about one contract in one transaction: those that tell ids as such, and those that tell numbers as amounts. */
export interface NftRows {
	readonly ids: number;
	readonly numbers: number;
}

/** By contract, then by source. Files that are about NFTs alone bring no transaction into a case, so that its height is kept here. */
interface Document {
	readonly height: number;
	readonly rows: Readonly<Record<string, Readonly<Record<string, NftRows>>>>;
}

async function documentOfRows(store: Pick<RecordStore, "record">, chain: ChainId, hash: Hash): Promise<Document | undefined> {
	const id = `${chain}/${hash}`;
	const json = await store.record(NFT_ROWS, id);
	return json === undefined ? undefined : documentOf(NFT_ROWS, id, json, (value) => value as Document);
}

/** Keeps how many rows of a file about a transaction were left out, by contract; the same file again replaces what it told before. */
export async function keepNftRows(
	store: Pick<RecordStore, "record" | "putRecord">,
	chain: ChainId,
	{ hash, height }: Pick<TransactionRecord, "hash" | "height">,
	source: string,
	rows: ReadonlyMap<AssetId, NftRows>,
): Promise<void> {
	const known = { ...(await documentOfRows(store, chain, hash))?.rows };
	for (const [asset, own] of rows) known[asset] = { ...known[asset], [source]: own };
	await store.putRecord(NFT_ROWS, `${chain}/${hash}`, JSON.stringify({ height, rows: known } satisfies Document));
}

/** What a case knows of the NFTs of one transaction, and the height of its block. */
export interface NftsOfTransaction {
	readonly height: number;
	readonly moved: readonly MovedNfts[];
}

/**
 * NFTs that a transaction moved: as nodes told its logs, and as files list them where these list more, each contract by the file that lists
 * most. Numbers that a file told as amounts are ids only where the case holds them for such by now. Undefined for a transaction that is not
 * in the case, and of which no file tells NFTs.
 */
export async function nftsMovedIn(store: GraphStore, chain: ChainId, hash: Hash): Promise<NftsOfTransaction | undefined> {
	const place = await store.placeOf(chain, hash);
	const moved = new Map<AccountId, MovedNfts>();
	if (place !== undefined)
		for (const told of nftsIn(await store.eventsOfTransaction(chain, { ...place, eventIndex: 0 }))) moved.set(told.contract, told);
	const document = await documentOfRows(store, chain, hash);
	const nfts = document === undefined ? new Set<AssetId>() : await nftsOf(store);
	for (const [asset, bySource] of Object.entries(document?.rows ?? {})) {
		const contract = tokenContract(asset as AssetId);
		const counts = Object.values(bySource).map(({ ids, numbers }) => ids + (nfts.has(asset as AssetId) ? numbers : 0));
		const count = Math.max(0, ...counts);
		if (contract !== undefined && count > (moved.get(contract)?.count ?? 0)) moved.set(contract, { contract, count, by: "files" });
	}
	const height = place?.height ?? (moved.size > 0 ? document?.height : undefined);
	return height === undefined ? undefined : { height, moved: [...moved.values()] };
}
