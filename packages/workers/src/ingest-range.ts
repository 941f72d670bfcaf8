import {
	type AssetId,
	type ChainSource,
	type Coverage,
	type DecodedBlock,
	type GraphStore,
	isNative,
	type ProvenanceTier,
	type Source,
} from "@clew/core";
import { type IngestReport, type IngestRequest, ingestBlocks } from "./ingest.js";

/** {@link ingestBlocks} for an account chain: transfers, and the decimals and symbols of tokens met for the first time. */
export async function ingestRange(store: GraphStore, source: ChainSource, request: IngestRequest): Promise<IngestReport> {
	const seenAssets = new Set<AssetId>((await store.assets()).map((info) => info.asset));
	const keep = async (batch: readonly DecodedBlock[], origin: Source) => ({
		added: await storeBlocks(store, source, origin, withTier(batch, source.provenance), coverageOf(batch, source, origin), seenAssets),
		gaps: batch.flatMap((block) => block.gaps),
	});
	return ingestBlocks(store, source, keep, request);
}

function withTier(batch: readonly DecodedBlock[], provenance: ProvenanceTier | undefined): readonly DecodedBlock[] {
	return provenance === undefined ? batch : batch.map((block) => ({ ...block, provenance }));
}

/** Stores blocks with the coverage that they bring, in one transaction, and describes tokens met for the first time. Gives the number of transfers added. */
export async function storeBlocks(
	store: GraphStore,
	source: ChainSource,
	origin: Source,
	batch: readonly DecodedBlock[],
	coverage: readonly Coverage[],
	seenAssets: Set<AssetId> = new Set(),
): Promise<number> {
	const fresh = new Set<AssetId>();
	for (const block of batch) {
		for (const tx of block.transactions)
			for (const t of tx.transfers) if (!isNative(t.asset) && !seenAssets.has(t.asset)) fresh.add(t.asset);
	}
	const assets = await source.assets([...fresh]);
	const { added } = await store.atomically(async () => {
		const result = await store.putBlocks(source.chain, batch, origin);
		await store.putAssets(assets);
		await store.putCoverage(coverage);
		return result;
	});
	for (const asset of fresh) seenAssets.add(asset);
	return added;
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
