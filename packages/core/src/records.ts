import { DETECTIONS, type Detection } from "./claims.js";
import { ClewError } from "./errors.js";
import { groupBy } from "./group-by.js";
import { quote } from "./hostile-text.js";
import type { AccountId, ChainId } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { RecordStore, StoredRecord } from "./ports/record-store.js";

const PAGE = 500;

/**
 * A document of a case, read by `read`, which may throw for what it does not know. Throws ClewError (CASE_CORRUPT) for anything that Clew
 * does not write.
 */
export function documentOf<T>(kind: string, id: string, json: string, read: (value: unknown) => T): T {
	try {
		return read(JSON.parse(json));
	} catch (cause) {
		throw new ClewError("CASE_CORRUPT", `the case's document ${quote(`${kind} ${id}`)} is not what Clew writes`, {
			cause,
			hint: "The file was changed by hand, or by another program.",
		});
	}
}

/** All documents of a kind in id order; a page at a time is read. */
export async function* recordsOf(store: Pick<RecordStore, "records">, kind: string): AsyncGenerator<StoredRecord> {
	for (let after = "", page: readonly StoredRecord[] = []; ; after = page[page.length - 1]?.id ?? after) {
		page = await store.records(kind, after, PAGE);
		yield* page;
		if (page.length < PAGE) return;
	}
}

/** What the case keeps of a chain's detections, by account. */
export async function keptDetections(store: GraphStore, chain: ChainId): Promise<readonly Detection[]> {
	const kept: Detection[] = [];
	for await (const { id } of recordsOf(store, DETECTIONS))
		if (id.startsWith(`${chain}:`)) kept.push(...((await store.profile(id as AccountId, 1)).detections ?? []));
	return kept;
}

/** Replaces what the case holds of a chain's detections: a later run knows more than an earlier one. Call it inside `atomically`. */
export async function replaceDetections(store: GraphStore, chain: ChainId, detections: readonly Detection[]): Promise<void> {
	const old: string[] = [];
	for await (const { id } of recordsOf(store, DETECTIONS)) if (id.startsWith(`${chain}:`)) old.push(id);
	for (const id of old) await store.removeRecord(DETECTIONS, id);
	for (const [account, own] of groupBy(detections, (detection) => detection.account))
		await store.putRecord(DETECTIONS, account, JSON.stringify(own));
}
