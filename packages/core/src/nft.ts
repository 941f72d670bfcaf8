import { KNOWN_TOKENS } from "./chain-family/evm/known-tokens.js";
import { OLD_NFTS } from "./chain-family/evm/old-nfts.js";
import { wrappedCoin } from "./chain-family/evm/wrapped.js";
import type { AssetInfo } from "./claims.js";
import type { ChainEvent, EventSource } from "./event.js";
import { type AccountId, type AssetId, addressOf, type ChainId, chainOf, tokenContract } from "./ids.js";
import type { GraphStore } from "./ports.js";
import { comparePositions } from "./position.js";
import { documentOf, recordsOf } from "./records.js";
import { compareText } from "./text-order.js";
import type { TransactionRecord, TransferRecord } from "./transfer.js";
import type { TransactionPlace } from "./utxo.js";

/** Kind of the documents by which a case knows a contract whose numbers are ids (ERC-721, ERC-1155); each is named by its asset. */
export const NFTS = "nft";

/** A contract whose transfers carry ids, not amounts, and how that is known. */
export interface NftContract {
	readonly asset: AssetId;
	/** In words, for the reader: a file's column, what the contract answers. */
	readonly why: string;
}

/** What a case knows of such a contract. */
interface NftDocument {
	readonly why: string;
	/** True where files alone say so, for as long as nobody tells of decimals. */
	readonly claimed?: true;
	/** Rows and transfers about it that were left out or taken out on that word, by the source that had told them as amounts. */
	readonly left?: Readonly<Record<string, number>>;
}

async function documentOfNft(store: Pick<GraphStore, "record">, asset: AssetId): Promise<NftDocument | undefined> {
	const json = await store.record(NFTS, asset);
	return json === undefined ? undefined : nftDocument(asset, json);
}

function nftDocument(id: string, json: string): NftDocument {
	return documentOf(NFTS, id, json, (value) => value as NftDocument);
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
	return (await knownNfts(store)).nfts;
}

/** The same, and those of them of which files alone say so: who tells of decimals above 0 tells otherwise. */
export async function knownNfts(store: Pick<GraphStore, "records">): Promise<{ nfts: Set<AssetId>; claimed: ReadonlySet<AssetId> }> {
	const nfts = new Set<AssetId>(OLD_NFTS.keys());
	const claimed = new Set<AssetId>();
	for await (const { id, json } of recordsOf(store, NFTS)) {
		nfts.add(id as AssetId);
		if (nftDocument(id, json).claimed) claimed.add(id as AssetId);
	}
	return { nfts, claimed };
}

/** True for a token of which somebody tells decimals above 0, or that is widely known. */
async function isOfAmounts(store: Pick<GraphStore, "asset">, chain: ChainId, asset: AssetId): Promise<boolean> {
	return ((await store.asset(asset))?.decimals ?? 0) > 0 || KNOWN_TOKENS.has(asset) || wrappedCoin(chain)?.asset === asset;
}

/** What a gap says of blocks in whose logs ids of NFTs moved. */
export const NFTS_LEFT_OUT = "transfers of NFTs (ERC-721, ERC-1155) carry ids, not amounts: left out";

/** NFTs of one contract that moved, in one transaction or in many. */
export interface MovedNfts {
	readonly contract: AccountId;
	/** Ids, each as often as it moved. */
	readonly count: number;
}

/** NFTs that events tell of, by contract in the order in which they were met. */
export function nftsIn(events: readonly ChainEvent[]): MovedNfts[] {
	const moved = new Map<AccountId, number>();
	for (const { kind, contract, details } of events)
		if (kind === "nft-transfer") moved.set(contract, (moved.get(contract) ?? 0) + Number(details["count"]));
	return [...moved].map(([contract, count]) => ({ contract, count }));
}

/** NFTs that a transaction moved, as far as nodes told its logs. */
export async function nftsMovedIn(source: EventSource, chain: ChainId, place: TransactionPlace): Promise<MovedNfts[]> {
	return nftsIn(await source.eventsOfTransaction(chain, { ...place, eventIndex: 0 }));
}

const NAMED = 5;

/** Moved NFTs in words; the first five contracts by name. */
export function nftWords(moved: readonly MovedNfts[]): string {
	const of = moved.slice(0, NAMED).map(({ contract, count }) => `${count} of contract ${addressOf(contract)}`);
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

const HEIGHTS = 500;

/**
 * Notes contracts whose numbers are ids, and takes out of the case what files had told of them as amounts: so a case is the same whether the fact or
 * the file came first. The word of a file (`claimed`) does not stand against decimals that somebody tells: such contracts are `contested`.
 * Gives how many transfers were taken out. Call it inside `atomically`. O(heights of the chain) when a contract is new.
 */
export async function putNfts(
	store: GraphStore,
	chain: ChainId,
	contracts: readonly NftContract[],
	claimed: boolean,
): Promise<{ taken: number; contested: readonly NftContract[] }> {
	const fresh = new Map<AssetId, Map<string, number>>();
	const contested: NftContract[] = [];
	for (const { asset, why } of contracts) {
		if (claimed && (await isOfAmounts(store, chain, asset))) {
			contested.push({ asset, why });
			continue;
		}
		const known = await documentOfNft(store, asset);
		if (known !== undefined && (claimed || !known.claimed)) continue;
		await store.putRecord(NFTS, asset, JSON.stringify({ why, ...(claimed ? { claimed } : {}) }));
		fresh.set(asset, new Map());
	}
	if (fresh.size === 0 || !(await store.sources()).some(({ kind }) => kind === "file")) return { taken: 0, contested };
	let taken = 0;
	for (let next = 0; ; ) {
		const page = await store.heights(chain, next, HEIGHTS);
		const last = page[page.length - 1];
		if (last === undefined) break;
		for (const height of page) {
			const { transactions, left } = withoutNfts(height.transactions, (asset) => fresh.has(asset));
			if (left.size === 0) continue;
			for (const { asset, source } of height.transactions.flatMap((tx) => tx.transfers)) {
				const counts = fresh.get(asset);
				counts?.set(source, (counts.get(source) ?? 0) + 1);
			}
			await store.putHeights(chain, [{ ...height, transactions }]);
			for (const count of left.values()) taken += count;
		}
		next = last.height + 1;
	}
	if (claimed) for (const [asset, counts] of fresh) for (const [source, count] of counts) await noteLeft(store, asset, source, count);
	return { taken, contested };
}

/**
 * Notes how many rows of a source were left out because files alone say that a contract's numbers are ids; imported again they are no
 * more.
 */
export async function noteLeft(store: GraphStore, asset: AssetId, source: string, count: number): Promise<void> {
	const known = await documentOfNft(store, asset);
	if (!known?.claimed) return;
	const left = { ...known.left, [source]: Math.max(count, known.left?.[source] ?? 0) };
	await store.putRecord(NFTS, asset, JSON.stringify({ ...known, left }));
}

/**
 * Takes back the word of files that numbers are ids, of tokens that somebody tells to have decimals. What was left out on that word is
 * told again only by its source: its coverage says so, and so do the words that are given. Call it inside `atomically`.
 */
export async function tellDecimals(store: GraphStore, chain: ChainId, tokens: readonly AssetInfo[]): Promise<string[]> {
	const notes: string[] = [];
	for (const { asset, decimals } of tokens) {
		const known = decimals > 0 ? await documentOfNft(store, asset) : undefined;
		if (!known?.claimed) continue;
		await store.removeRecord(NFTS, asset);
		const coverage = await store.coverage(chain);
		const names = new Map((await store.sources()).map(({ id, name }) => [id, name]));
		notes.push(contestedNote({ asset, why: known.why }));
		for (const [source, count] of Object.entries(known.left ?? {}).sort(([a], [b]) => compareText(a, b))) {
			const note = `${count} transfers of ${asset} were left out on another file's word as ids of NFTs, and are amounts of ${decimals} decimals`;
			notes.push(`${note}: import ${names.get(source) ?? source} again`);
			await store.putCoverage(coverage.filter((one) => one.source === source).map((one) => ({ ...one, note })));
		}
	}
	return notes;
}

/** What is said where a file lists a token of amounts with ids. */
export function contestedNote({ asset, why }: NftContract): string {
	return `${asset} has decimals, so that its numbers are amounts, though ${why}: such ids are left out, the amounts count`;
}
