import { OLD_NFTS } from "./chain-family/evm/old-nfts.js";
import type { ChainEvent } from "./event.js";
import { type AccountId, type AssetId, addressOf, chainOf, tokenContract } from "./ids.js";
import type { RecordStore } from "./ports/record-store.js";
import { comparePositions } from "./position.js";
import { recordsOf } from "./records.js";
import type { TransactionRecord, TransferRecord } from "./transfer.js";

/** Kind of the documents by which a case knows a contract whose numbers are ids (ERC-721, ERC-1155); each is named by its asset. */
export const NFTS = "nft";

/** A contract whose transfers carry ids, not amounts, and how that is known. */
export interface NftContract {
	readonly asset: AssetId;
	/** In words, for the reader: a file's column, what the contract answers. */
	readonly why: string;
	readonly by: NftWord;
}

/**
 * By what numbers are called ids: a file lists them as `ids`, the contract says so by its `interface` (ERC-165), or a node's `guess` from
 * what it does not answer.
 */
export type NftWord = "ids" | "interface" | "guess";

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
export async function nftsOf(store: Pick<RecordStore, "records">): Promise<Set<AssetId>> {
	const nfts = new Set<AssetId>(OLD_NFTS.keys());
	for await (const { id } of recordsOf(store, NFTS)) nfts.add(id as AssetId);
	return nfts;
}

/** What a gap says of blocks in whose logs ids of NFTs moved. */
export const NFTS_LEFT_OUT = "transfers of NFTs (ERC-721, ERC-1155) carry ids, not amounts: left out";

/** NFTs of one contract that moved, in one transaction or in many. */
export interface MovedNfts {
	readonly contract: AccountId;
	/** Ids, each as often as it moved. */
	readonly count: number;
	/** Present where files alone tell it: each row is counted, and may move several of one id. */
	readonly by?: "files";
}

/** NFTs that events tell of, by contract in the order in which they were met. */
export function nftsIn(events: readonly ChainEvent[]): MovedNfts[] {
	const moved = new Map<AccountId, number>();
	for (const { kind, contract, details } of events)
		if (kind === "nft-transfer") moved.set(contract, (moved.get(contract) ?? 0) + Number(details["count"]));
	return [...moved].map(([contract, count]) => ({ contract, count }));
}

const NAMED = 5;

/** Moved NFTs in words; the first five contracts by name. */
export function nftWords(moved: readonly MovedNfts[]): string {
	const of = moved
		.slice(0, NAMED)
		.map(({ contract, count, by }) => `${count} of contract ${addressOf(contract)}${by === undefined ? "" : ", as files tell"}`);
	const more = moved.length > NAMED ? ` and of ${moved.length - NAMED} more contracts` : "";
	return `NFTs (${of.join(", ")}${more}): ids, which are not amounts`;
}

/** What a transfer of a contract of NFTs is instead; undefined where its place is not known. */
function asEvent(tx: TransactionRecord, { asset, from, to, eventIndex }: TransferRecord): ChainEvent | undefined {
	const contract = tokenContract(asset);
	if (contract === undefined || tx.txIndex === undefined || eventIndex === undefined) return undefined;
	const position = { height: tx.height, txIndex: tx.txIndex, eventIndex };
	const details = { from: addressOf(from), to: addressOf(to), count: "1" };
	return { chain: chainOf(contract), position, txHash: tx.hash, kind: "nft-transfer", protocol: "erc-721", contract, account: to, details };
}

/** Events of a block with more of them, in position order. */
export function withEvents(events: readonly ChainEvent[] | undefined, more: readonly ChainEvent[]): readonly ChainEvent[] {
	return more.length === 0 ? (events ?? []) : [...(events ?? []), ...more].sort((a, b) => comparePositions(a.position, b.position));
}

/** Transactions without what they say of such contracts, the contracts that were met, how often, and events that tell of it instead. */
export function withoutNfts<T extends TransactionRecord>(
	transactions: readonly T[],
	isNft: (asset: AssetId) => boolean,
): { transactions: readonly T[]; left: ReadonlyMap<AssetId, number>; events: readonly ChainEvent[] } {
	const left = new Map<AssetId, number>();
	const events: ChainEvent[] = [];
	const kept = transactions.map((tx) => {
		if (!tx.transfers.some(({ asset }) => isNft(asset))) return tx;
		for (const t of tx.transfers) {
			if (!isNft(t.asset)) continue;
			left.set(t.asset, (left.get(t.asset) ?? 0) + 1);
			const event = asEvent(tx, t);
			if (event !== undefined) events.push(event);
		}
		return { ...tx, transfers: tx.transfers.filter(({ asset }) => !isNft(asset)) };
	});
	return { transactions: left.size === 0 ? transactions : kept, left, events };
}
