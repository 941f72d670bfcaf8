import { DETECTIONS, type Detection } from "./claims.js";
import { groupBy } from "./group-by.js";
import type { ChainId } from "./ids.js";
import type { GraphStore, StoredRecord } from "./ports.js";

const PAGE = 500;

/** All documents of a kind in id order; a page at a time is read. */
export async function* recordsOf(store: Pick<GraphStore, "records">, kind: string): AsyncGenerator<StoredRecord> {
	for (let after = "", page: readonly StoredRecord[] = []; ; after = page[page.length - 1]?.id ?? after) {
		page = await store.records(kind, after, PAGE);
		yield* page;
		if (page.length < PAGE) return;
	}
}

/** Replaces what the case holds of a chain's detections: a later run knows more than an earlier one. Call it inside `atomically`. */
export async function replaceDetections(store: GraphStore, chain: ChainId, detections: readonly Detection[]): Promise<void> {
	const old: string[] = [];
	for await (const { id } of recordsOf(store, DETECTIONS)) if (id.startsWith(`${chain}:`)) old.push(id);
	for (const id of old) await store.removeRecord(DETECTIONS, id);
	for (const [account, own] of groupBy(detections, (detection) => detection.account))
		await store.putRecord(DETECTIONS, account, JSON.stringify(own));
}
