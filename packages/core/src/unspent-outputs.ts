import type { ChainId } from "./ids.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf, recordsOf } from "./records.js";
import { formatOutpoint, type Outpoint } from "./utxo.js";

/**
 * Kind of the documents that keep up to which height a node said that nobody spends an output, by chain and output: nothing else of its
 * address was asked, so that no coverage of an account tells it.
 */
export const UNSPENT_OUTPUTS = "unspent-outputs";

/** The id of an output's document. */
export function unspentId(chain: ChainId, outpoint: Outpoint): string {
	return `${chain} ${formatOutpoint(outpoint)}`;
}

/** The height that a document of this id holds; undefined where there is none. Throws ClewError (CASE_CORRUPT). */
export function unspentFrom(id: string, json: string | undefined): number | undefined {
	if (json === undefined) return undefined;
	return documentOf(UNSPENT_OUTPUTS, id, json, (value) => {
		if (!Number.isSafeInteger(value)) throw new Error("no height");
		return value as number;
	});
}

/** Forgets what was said up to a height or beyond: a reorganisation may have spent it otherwise. */
export async function forgetUnspent(store: RecordStore, chain: ChainId, height: number): Promise<void> {
	const gone: string[] = [];
	for await (const { id, json } of recordsOf(store, UNSPENT_OUTPUTS))
		if (id.startsWith(`${chain} `) && (unspentFrom(id, json) ?? 0) >= height) gone.push(id);
	for (const id of gone) await store.removeRecord(UNSPENT_OUTPUTS, id);
}
