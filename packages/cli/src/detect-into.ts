import { type Detection, type GraphStore, noteAsOf, type Revisions, replaceDetections, revisionsOf } from "@clew/core";
import { DEFAULT_DETECTION_PARAMETERS, detect } from "@clew/tracer";
import { detectionsMade } from "./as-of.js";
import type { Context } from "./context.js";

/** What stood out, and what the case held when it was looked at. */
export interface Detected {
	readonly detections: readonly Detection[];
	readonly asOf: Revisions;
}

/** Looks at every transaction of the case's chain; nothing is kept. */
export async function detectIn(context: Context, store: GraphStore): Promise<Detected> {
	const { chain } = store.info;
	const asOf = await revisionsOf(store);
	const detections = await detect(store, chain, {
		signal: context.signal,
		onProgress: ({ transfers, height }) => context.progress(`looking: block ${height}, ${transfers} transfers`),
	});
	context.clearProgress();
	return { detections, asOf };
}

/** Keeps what stood out in place of what did before. */
export async function keepDetections(context: Context, store: GraphStore, { detections, asOf }: Detected): Promise<void> {
	const { chain } = store.info;
	await store.atomically(async (tx) => {
		await replaceDetections(tx, chain, detections);
		await noteAsOf(tx, detectionsMade(chain), asOf);
		await tx.appendCustody(context.now(), "detection run", `${detections.length} detections on ${chain}, parameters ${parametersText()}`);
	});
}

function parametersText(): string {
	return JSON.stringify(DEFAULT_DETECTION_PARAMETERS, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}
