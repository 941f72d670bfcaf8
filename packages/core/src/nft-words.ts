import { wrappedCoin } from "./chain-family/evm/wrapped.js";
import { KNOWN_TOKENS } from "./chain-family/known-tokens.js";
import type { AssetInfo } from "./claims.js";
import { groupBy } from "./group-by.js";
import { type AssetId, type ChainId, isNative } from "./ids.js";
import type { SourcedTransaction } from "./merge.js";
import { NFTS, type NftContract, type NftWord, oldNft, withEvents, withoutNfts } from "./nft.js";
import { keepNftRows } from "./nft-rows.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf } from "./records.js";
import { compareText } from "./text-order.js";

/** Kind of the documents that keep what was told of whether a token's numbers are ids; each is named by its asset. */
const NFT_WORDS = "nft-word";

/**
 * All that was told of one token, whatever came first. Decimals above 0 outrank a guess, and contest every other word for ids; then the
 * numbers count as amounts.
 */
interface NftWords extends Readonly<Partial<Record<NftWord, string>>> {
	/** True where somebody told of decimals above 0. */
	readonly amounts?: true;
	/** Rows and transfers that were left out or taken out as ids, by the source that had told them as amounts. */
	readonly left?: Readonly<Record<string, number>>;
}

/** What a case says of a contract whose numbers are ids: why, and whether files alone say so. */
interface NftDocument {
	readonly why: string;
	readonly claimed?: true;
}

type Reading = Pick<GraphStore, "record" | "asset">;

async function wordsOf(store: Pick<RecordStore, "record">, asset: AssetId): Promise<NftWords | undefined> {
	const json = await store.record(NFT_WORDS, asset);
	if (json !== undefined) return documentOf(NFT_WORDS, asset, json, (value) => value as NftWords);
	const known = await store.record(NFTS, asset);
	if (known === undefined) return undefined;
	// Cases of earlier versions keep the outcome alone.
	const { why, claimed, left } = documentOf(NFTS, asset, known, (value) => value as NftDocument & Pick<NftWords, "left">);
	return { [claimed ? "ids" : "interface"]: why, ...(left === undefined ? {} : { left }) };
}

/** Keeps what was told, and what follows from it. */
async function keepWords(store: RecordStore, asset: AssetId, words: NftWords): Promise<void> {
	const { ids, guess, amounts, left } = words;
	const all = { ids, interface: words.interface, guess, amounts, ...(amounts ? {} : { left }) };
	await store.putRecord(NFT_WORDS, asset, JSON.stringify(all));
	const why = words.interface ?? ids ?? guess;
	if (amounts || why === undefined) await store.removeRecord(NFTS, asset);
	else {
		const claimed = words.interface === undefined && guess === undefined;
		await store.putRecord(NFTS, asset, JSON.stringify({ why, ...(claimed ? { claimed } : {}) }));
	}
}

/** True for a token that is widely known, or of which somebody tells decimals above 0: its numbers are amounts, whatever else is said. */
export async function isOfAmounts(store: Reading, chain: ChainId, asset: AssetId): Promise<boolean> {
	if (KNOWN_TOKENS.has(asset) || wrappedCoin(chain)?.asset === asset) return true;
	return ((await store.asset(asset))?.decimals ?? 0) > 0 || (await wordsOf(store, asset))?.amounts === true;
}

const HEIGHTS = 500;

/**
 * Notes words by which numbers are ids, and takes out of the case what files had told of them as amounts: so a case is the same whether the
 * word or the file came first. Contracts of amounts stay such; where the word is more than a guess they are `contested`. Gives how many
 * transfers were taken out. Call it inside `atomically`. O(heights of the chain) when a contract is new.
 */
export async function putNfts(
	store: GraphStore,
	chain: ChainId,
	contracts: readonly NftContract[],
): Promise<{ taken: number; contested: readonly NftContract[] }> {
	const fresh = new Set<AssetId>();
	const contested: NftContract[] = [];
	for (const contract of contracts) {
		const { asset, why, by } = contract;
		const known = (await wordsOf(store, asset)) ?? {};
		const amounts = await isOfAmounts(store, chain, asset);
		if (amounts && by !== "guess") contested.push(contract);
		const said = known[by] === undefined || compareText(why, known[by]) < 0 ? why : known[by];
		if (!amounts && (await store.record(NFTS, asset)) === undefined) fresh.add(asset);
		await keepWords(store, asset, { ...known, [by]: said, ...(amounts ? { amounts } : {}) });
	}
	return { taken: await takeOut(store, chain, fresh), contested };
}

/** Takes transfers of these contracts out of the case, and notes how many of which source. */
async function takeOut(store: GraphStore, chain: ChainId, contracts: ReadonlySet<AssetId>): Promise<number> {
	if (contracts.size === 0 || !(await store.sources()).some(({ kind }) => kind === "file")) return 0;
	const counts = new Map([...contracts].map((asset) => [asset, new Map<string, number>()]));
	let taken = 0;
	for (let next = 0; ; ) {
		const page = await store.heights(chain, next, HEIGHTS);
		const last = page[page.length - 1];
		if (last === undefined) break;
		for (const height of page) {
			const { transactions, left, events } = withoutNfts(height.transactions, (asset) => contracts.has(asset));
			if (left.size === 0) continue;
			for (const { asset, source } of height.transactions.flatMap((tx) => tx.transfers)) {
				const own = counts.get(asset);
				own?.set(source, (own.get(source) ?? 0) + 1);
			}
			for (const tx of height.transactions) await keepTaken(store, chain, tx, contracts);
			await store.putHeights(chain, [{ ...height, transactions, events: withEvents(height.events, events) }]);
			for (const count of left.values()) taken += count;
		}
		next = last.height + 1;
	}
	for (const [asset, own] of counts) for (const [source, count] of own) await noteLeft(store, asset, source, count);
	return taken;
}

/** Keeps that a transaction moved NFTs as these of its transfers tell, by source. */
async function keepTaken(store: GraphStore, chain: ChainId, tx: SourcedTransaction, contracts: ReadonlySet<AssetId>): Promise<void> {
	const taken = groupBy(
		tx.transfers.filter(({ asset }) => contracts.has(asset)),
		({ source }) => source,
	);
	for (const [source, transfers] of taken) {
		const rows = groupBy(transfers, ({ asset }) => asset);
		await keepNftRows(store, chain, tx, source, new Map([...rows].map(([asset, own]) => [asset, { ids: 0, numbers: own.length }])));
	}
}

/** Notes how many rows of a source about a contract of ids were left out though told as amounts; imported again they are no more. */
export async function noteLeft(store: GraphStore, asset: AssetId, source: string, count: number): Promise<void> {
	const known = await wordsOf(store, asset);
	if (known === undefined || known.amounts) return;
	await keepWords(store, asset, { ...known, left: { ...known.left, [source]: Math.max(count, known.left?.[source] ?? 0) } });
}

/**
 * Notes that somebody tells decimals above 0 of tokens: their numbers are amounts from now on, whatever was said for ids. What was left out
 * before is told again only by its source: its coverage says so, and so do the words that are given. Call it inside `atomically`.
 */
export async function tellDecimals(store: GraphStore, chain: ChainId, tokens: readonly AssetInfo[]): Promise<string[]> {
	const notes: string[] = [];
	for (const { asset, decimals } of tokens) {
		if (decimals === 0 || isNative(asset) || oldNft(asset) !== undefined) continue;
		const known = await wordsOf(store, asset);
		if (known?.amounts) continue;
		const { left = {}, ...words } = known ?? {};
		// The case may hold another number of decimals, which stays.
		if (known !== undefined || ((await store.asset(asset))?.decimals ?? 0) === 0)
			await keepWords(store, asset, { ...words, amounts: true });
		const why = words.interface ?? words.ids;
		if (why !== undefined) notes.push(contestedNote({ asset, why }));
		const coverage = await store.coverage(chain);
		const sources = new Map((await store.sources()).map((one) => [one.id, one]));
		for (const [source, count] of Object.entries(left).sort(([a], [b]) => compareText(a, b))) {
			const note = `${count} transfers of ${asset} were left out on another's word as ids of NFTs, and are amounts`;
			const { kind = "file", name = source } = sources.get(source) ?? {};
			notes.push(kind === "file" ? `${note}: import ${name} again` : `${note}: ${name} must tell its blocks again`);
			await store.putCoverage(coverage.filter((one) => one.source === source).map((one) => ({ ...one, note })));
		}
	}
	return notes;
}

/** What is said where a token of amounts is told with ids. */
export function contestedNote({ asset, why }: Pick<NftContract, "asset" | "why">): string {
	return `${asset} has decimals, so that its numbers are amounts, though ${why}: such ids are left out, the amounts count`;
}
