import { parseChainId } from "./chain-family/registry.js";
import type { Source } from "./claims.js";
import { groupBy } from "./group-by.js";
import type { ChainId } from "./ids.js";
import type { BlockStore } from "./ports/block-store.js";
import type { FactStore } from "./ports/fact-store.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf, recordsOf } from "./records.js";
import { compareText } from "./text-order.js";

/** Kind of the documents of a case that say onto which chain a file was imported: most exports name none. */
const IMPORTED = "imported";

/** Notes that a file was imported onto a chain; onto several, each is kept. Call it inside `atomically`. */
export async function noteImported(store: Pick<RecordStore, "putRecord">, { id: source }: Source, chain: ChainId): Promise<void> {
	await store.putRecord(IMPORTED, `${source} ${chain}`, JSON.stringify({ source, chain }));
}

/**
 * The chains that each file was imported onto, in text order, by the id of its source. Of a file that was imported before that was noted,
 * those that it covers an account of; without any, it is not named.
 */
export async function importedOnto(
	store: Pick<RecordStore, "records"> & Pick<FactStore, "coverage"> & Pick<BlockStore, "chains">,
): Promise<ReadonlyMap<string, readonly ChainId[]>> {
	const noted: { source: string; chain: ChainId }[] = [];
	for await (const { id, json } of recordsOf(store, IMPORTED)) noted.push(documentOf(IMPORTED, id, json, readNote));
	const known = new Set(noted.map(({ source }) => source));
	for (const chain of await store.chains())
		for (const { source } of await store.coverage(chain)) if (!known.has(source)) noted.push({ source, chain });
	return new Map(
		[...groupBy(noted, ({ source }) => source)].map(([source, of]) => [
			source,
			[...new Set(of.map(({ chain }) => chain))].sort(compareText),
		]),
	);
}

function readNote(value: unknown): { source: string; chain: ChainId } {
	const { source, chain } = value as Record<string, unknown>;
	return { source: String(source), chain: parseChainId(String(chain)) };
}
