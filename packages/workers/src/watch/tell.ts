import { canonicalJson, type GraphStore, type RecordStore } from "@clew/core";
import { type Alert, type Delivery, listAlerts, listWatches, RECORDS, shortHash, type Watch } from "./model.js";

/**
 * Takes back alerts whose block has gone away, and notes confirmations and finality of the others. Gives those that were taken back.
 * Throws what the store throws.
 */
export async function retract(store: GraphStore, head: number, confirmations: number, reorganised: boolean): Promise<Alert[]> {
	// A reorganisation may be deeper than what was called final.
	const open = (await listAlerts(store)).filter(({ status }) => status === "seen" || (reorganised && status === "final"));
	const watches = new Map((await listWatches(store)).map((watch) => [watch.id, watch]));
	const told: Alert[] = [];
	for (const alert of open) {
		const header = await store.header(store.info.chain, alert.height);
		const depth = Math.max(0, head - alert.height + 1);
		if (header?.hash === alert.blockHash) {
			const status = depth >= confirmations ? "final" : "seen";
			if (depth !== alert.confirmations || status !== alert.status)
				await store.putRecord(RECORDS.alert, alert.id, canonicalJson({ ...alert, confirmations: depth, status }));
			continue;
		}
		const revised: Alert = { ...alert, status: "retracted", confirmations: 0, revision: alert.revision + 1 };
		await store.atomically((tx) => tell(tx, revised, watches.get(alert.watch)));
		told.push(revised);
	}
	return told;
}

/** Stores an alert and a delivery for every place that its watch names; the caller holds the transaction. */
export async function tell(store: RecordStore, alert: Alert, watch: Watch | undefined): Promise<void> {
	await store.putRecord(RECORDS.alert, alert.id, canonicalJson(alert));
	for (const channel of watch?.notify ?? []) {
		const id = shortHash(alert.id, String(alert.revision), channel);
		const delivery: Delivery = { id, channel, alert, attempts: 0, nextAt: 0, lastError: "" };
		await store.putRecord(RECORDS.delivery, id, canonicalJson(delivery));
	}
}
