import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type ChainSource,
	type Coverage,
	compareAllListings,
	compareBlocks,
	contestedNote,
	type DecodedBlock,
	type Denial,
	type GraphStore,
	isNative,
	isOfAmounts,
	keepDenials,
	type MergeResult,
	NFTS_LEFT_OUT,
	type NftContract,
	NodeError,
	nftGap,
	nftsIn,
	nftsOf,
	noteLeft,
	oldNft,
	type ProvenanceTier,
	publishedOtherwise,
	putNfts,
	quote,
	type Source,
	tellDecimals,
	untoldOf,
	withEvents,
	withoutNfts,
} from "@clew/core";
import { deniedInWords, withdrawNonces } from "./denied-words.js";
import { type IngestReport, type IngestRequest, ingestBlocks } from "./ingest.js";

/**
 * {@link ingestBlocks} for an account chain: transfers, and the decimals and symbols of tokens met for the first time; ids of NFTs are left
 * out.
 */
export async function ingestRange(store: GraphStore, source: ChainSource, request: IngestRequest): Promise<IngestReport> {
	const known = await knownAssets(store);
	const left = new Map<AssetId, number>();
	let taken = 0;
	let untold = 0;
	const nfts = new Map<AccountId, number>();
	const denied: Denial[] = [];
	const contested: NftContract[] = [];
	const keep = async (batch: readonly DecodedBlock[], origin: Source) => {
		const told = batch.map((block) => withTier(block, source.provenance));
		const stored = await storeBlocks(store, source, origin, told, coverageOf(batch, source, origin), known);
		for (const [asset, count] of stored.left) left.set(asset, (left.get(asset) ?? 0) + count);
		taken += stored.taken;
		untold += batch.flatMap((block) => block.transactions).filter((tx) => tx.statusMissing).length;
		for (const { contract, count } of nftsIn(batch.flatMap((block) => block.events ?? [])))
			nfts.set(contract, (nfts.get(contract) ?? 0) + count);
		denied.push(...stored.denied);
		contested.push(...stored.contested);
		return { added: stored.added, gaps: batch.flatMap(untoldOf) };
	};
	const report = await ingestBlocks(store, source, keep, request);
	if (report.reorganisedAt.length > 0) await store.atomically((tx) => compareAllListings(tx));
	const gaps = new Set(report.gaps);
	if (gaps.delete(NFTS_LEFT_OUT))
		gaps.add(`${NFTS_LEFT_OUT} (${[...nfts.values()].reduce((sum, count) => sum + count, 0)} NFTs of ${nfts.size} contracts)`);
	for (const contract of contested) gaps.add(contestedNote(contract));
	for (const [asset, count] of left) gaps.add(`${nftGap(asset)} (${count} logs)`);
	if (taken > 0) gaps.add(`${taken} transfers that files had told as amounts are ids of such contracts: taken out of the case`);
	if (untold > 0) gaps.add(untoldStatuses(untold));
	const said = await deniedInWords(store, denied);
	return { ...report, gaps: [...gaps], ...(said === undefined ? {} : { denied: said }) };
}

function untoldStatuses(count: number): string {
	return `of ${count} transactions that used all their gas this node tells neither status (before Byzantium) nor traces: whether they succeeded is unknown, and where no file tells it either, what they move counts as moved`;
}

/**
 * A block as its source is known, by several nodes or one. That several say the same of what nobody can recompute does not make it known:
 * what is unverified stays so.
 */
export function withTier(block: DecodedBlock, provenance: ProvenanceTier = block.provenance): DecodedBlock {
	return block.provenance === "node-unverified" ? block : { ...block, provenance };
}

/** Tokens that need not be asked about again, and those of them whose numbers are ids. */
interface KnownAssets {
	readonly seen: Set<AssetId>;
	readonly nfts: Set<AssetId>;
}

async function knownAssets(store: GraphStore): Promise<KnownAssets> {
	// What others say to carry ids, or of which nobody tells that it can be divided, the node is asked once: its word may be another.
	const divisible = (await store.assets()).filter(({ decimals }) => decimals > 0).map(({ asset }) => asset);
	const nfts = await nftsOf(store);
	return { nfts, seen: new Set([...divisible, ...[...nfts].filter((asset) => oldNft(asset) !== undefined)]) };
}

/** Writes blocks in a transaction that is open. */
type PutBlocks = (tx: GraphStore, blocks: readonly DecodedBlock[]) => Promise<MergeResult>;

/**
 * Stores blocks with the coverage that they bring, in one transaction, and describes tokens met for the first time. What contracts of NFTs
 * log is left out, and taken out where a file had told it before. What the case holds of exports of accounts is compared with the blocks.
 * Gives the number of transfers added, logs left out by contract, transfers taken out, and words of files that the blocks do not bear out.
 */
export async function storeBlocks(
	store: GraphStore,
	source: ChainSource,
	origin: Source,
	batch: readonly DecodedBlock[],
	coverage: readonly Coverage[],
	known?: KnownAssets,
	put: PutBlocks = (tx, blocks) => tx.putBlocks(source.chain, blocks, origin),
): Promise<{
	added: number;
	left: ReadonlyMap<AssetId, number>;
	taken: number;
	denied: readonly Denial[];
	contested: readonly NftContract[];
}> {
	const { seen, nfts } = known ?? (await knownAssets(store));
	const fresh = new Set<AssetId>();
	for (const block of batch)
		for (const tx of block.transactions) for (const t of tx.transfers) if (!isNative(t.asset) && !seen.has(t.asset)) fresh.add(t.asset);
	const assets = await source.assets([...fresh]);
	for (const info of assets) checkPublished(source.name, info);
	const found = (await source.nfts?.(doubtful(fresh, assets))) ?? [];
	for (const { asset, decimals } of assets) if (decimals > 0) nfts.delete(asset);
	for (const { asset } of found) if (!(await isOfAmounts(store, source.chain, asset))) nfts.add(asset);
	const left = new Map<AssetId, number>();
	const kept = batch.map((block) => {
		const { transactions, left: own, events } = withoutNfts(block.transactions, (asset) => nfts.has(asset));
		if (own.size === 0) return block;
		for (const [asset, count] of own) left.set(asset, (left.get(asset) ?? 0) + count);
		return { ...block, transactions, events: withEvents(block.events, events), gaps: [...block.gaps, ...[...own.keys()].map(nftGap)] };
	});
	const stored = await store.atomically(async (tx) => {
		// First of all: numbers that are ids are no words on amounts that a block could deny.
		const { taken, contested } = await putNfts(tx, source.chain, found);
		await tellDecimals(tx, source.chain, assets);
		for (const [asset, count] of left) await noteLeft(tx, asset, origin.id, count);
		const { added, denied = [] } = await put(tx, kept);
		await tx.putAssets(assets);
		await tx.putCoverage(coverage);
		await keepDenials(tx, source.chain, denied);
		await withdrawNonces(tx, denied);
		if (taken > 0) await compareAllListings(tx);
		else await compareBlocks(tx, kept);
		return { added, taken, denied, contested };
	});
	for (const asset of fresh) seen.add(asset);
	return { ...stored, left };
}

/**
 * A node that tells something else of a widely used token than its makers publish serves another chain, or lies. Throws NodeError
 * (NODE_LIED).
 */
function checkPublished(node: string, info: AssetInfo): void {
	const published = publishedOtherwise(info);
	if (published === undefined) return;
	const told = `${quote(info.symbol)} with ${info.decimals} decimals`;
	throw new NodeError(
		"NODE_LIED",
		node,
		`${info.asset} is ${told} by the node; its makers publish ${published.symbol} with ${published.decimals}`,
	);
}

/** Tokens that do not say that they can be divided: only an amount has decimals. */
function doubtful(fresh: ReadonlySet<AssetId>, assets: readonly AssetInfo[]): AssetId[] {
	const divisible = new Set(assets.flatMap(({ asset, decimals }) => (decimals > 0 ? [asset] : [])));
	return [...fresh].filter((asset) => !divisible.has(asset));
}

/** Runs of blocks that are complete in the same kinds. */
function coverageOf(batch: readonly DecodedBlock[], source: ChainSource, origin: Source): Coverage[] {
	const coverage: { -readonly [K in keyof Coverage]: Coverage[K] }[] = [];
	for (const { header, kinds } of batch) {
		const last = coverage[coverage.length - 1];
		if (last !== undefined && last.kinds.join() === kinds.join()) last.toHeight = header.height;
		else coverage.push({ chain: source.chain, fromHeight: header.height, toHeight: header.height, kinds, source: origin.id, note: "" });
	}
	return coverage;
}
