import {
	type ChainEvent,
	type ChainId,
	type ChainSource,
	ClewError,
	comparePositions,
	type DecodedBlock,
	ForkError,
	type GraphStore,
	type MergeResult,
	type PartOfBlock,
	type Source,
} from "@clew/core";
import { storeBlocks } from "../ingest-range.js";

/** How a row is known that a receipt alone tells. */
export const PART_TIER = "node-unverified";

/**
 * Stores some transactions of blocks as {@link storeBlocks} stores whole ones. A height keeps its time and no hash, since no block is held
 * there; what a node told of a whole block stays. Throws ForkError where that block is another one, and ClewError (CONFLICT) where files
 * tell of one of the transactions otherwise: the whole block decides that.
 */
export async function storeParts(store: GraphStore, node: ChainSource, origin: Source, parts: readonly PartOfBlock[]): Promise<void> {
	await storeBlocks(store, node, origin, parts.map(asBlock), [], undefined, (tx, blocks) =>
		putParts(tx, node.chain, blocks.map(asPart), origin),
	);
}

/** True for what the block, fetched whole, settles. */
export function needsWhole(error: unknown): boolean {
	return error instanceof ClewError && error.code === "CONFLICT" && !(error instanceof ForkError);
}

function asBlock({ of, ...part }: PartOfBlock): DecodedBlock {
	return { ...part, header: of, provenance: PART_TIER };
}

function asPart({ header, events = [], transactions, kinds, contracts, gaps }: DecodedBlock): PartOfBlock {
	return { of: header, events, transactions, kinds, contracts, gaps };
}

/** Writes some transactions of blocks in a transaction of the store that is open; see {@link storeParts}. */
export async function putParts(tx: GraphStore, chain: ChainId, parts: readonly PartOfBlock[], source: Source): Promise<MergeResult> {
	let [added, known] = [0, 0];
	for (const { of, transactions, gaps, events, contracts } of parts) {
		const { height, hash, time } = of;
		const stored = (await tx.header(chain, height))?.hash;
		if (stored !== undefined && stored !== hash) throw new ForkError(`block ${height} ${hash} is not the stored one`);
		if (stored !== undefined) continue;
		const result = await tx.putTransactions(chain, transactions, new Map([[height, time]]), source, PART_TIER);
		[added, known] = [added + result.added, known + result.known];
		await tx.putContracts(contracts);
		const [held] = await tx.heights(chain, height, 1);
		if (held?.height !== height) continue;
		const all = { header: { height, time }, gaps: [...new Set([...held.gaps, ...gaps])], events: joined(held.events, events) };
		await tx.putHeights(chain, [{ ...held, ...all }]);
	}
	return { added, known };
}

/** Events of both, each place once. */
function joined(a: readonly ChainEvent[], b: readonly ChainEvent[]): readonly ChainEvent[] {
	return [...new Map([...a, ...b].map((event) => [JSON.stringify(event.position), event])).values()].sort((x, y) =>
		comparePositions(x.position, y.position),
	);
}
