import { type AccountId, type ChainNode, ClewError, type GraphStore, InputError } from "@clew/core";
import { readCaseLabels } from "@clew/labels";
import { deniedLine } from "./denied-words.js";
import { expandAccount } from "./follow/expand.js";
import { ingestChain } from "./ingest-chain.js";
import type { JobKind, JobPayload } from "./jobs.js";
import { noteHead } from "./noted-heads.js";
import { orphanLines, takeBackOrphans } from "./orphans.js";
import { type Deliver, deliverOne } from "./watch/deliver.js";
import { type EvaluateOptions, evaluateWatches } from "./watch/evaluate.js";
import { listDeliveries, readDelivery } from "./watch/model.js";

/** Everything that the processors touch of the world. */
export interface WorkContext {
	readonly store: GraphStore;
	/** Opens the node at the first call. */
	node(): Promise<ChainNode>;
	/** ISO UTC. */
	now(): string;
	readonly signal: AbortSignal;
	/** Blocks under way at once inside a job, and blocks stored in one transaction. */
	readonly concurrency: number;
	readonly batch: number;
	readonly watching: Pick<EvaluateOptions, "confirmations" | "since" | "amount">;
	readonly deliver: Deliver;
	/** Work that other jobs shall do. */
	enqueue<K extends JobKind>(kind: K, payload: JobPayload<K>): Promise<void>;
}

/** What became of a job: done, or to be asked again after a while because something else must come first. */
export type JobOutcome = { readonly done: string } | { readonly notBeforeMs: number };

type Processor<K extends JobKind> = (payload: JobPayload<K>, context: WorkContext) => Promise<JobOutcome>;
type Processors = { readonly [K in JobKind]: Processor<K> };

/** Wait for a predecessor that another worker stores. */
const PREDECESSOR_MS = 250;

/** Throws InputError when a job is not about this case. */
export function checkCase(payload: { readonly case: string }, store: GraphStore): void {
	if (payload.case !== store.info.id)
		throw new InputError(`the job is about case ${payload.case}, this worker serves ${store.info.id}`, {
			hint: "Start a worker with the other case, or drop the job.",
		});
}

/** A job for a range of blocks. */
const processBlocks: Processor<"blocks"> = async ({ chain, from, to, after }, context) => {
	const { store, concurrency, batch, signal } = context;
	if (chain !== store.info.chain) throw new InputError(`the job is about ${chain}, the case about ${store.info.chain}`);
	if (after !== undefined && (await store.header(chain, after))?.hash === undefined) return { notBeforeMs: PREDECESSOR_MS };
	const node = await context.node();
	const report = await ingestChain(store, node, { from, to, concurrency, batch, signal });
	const taken =
		report.takenWithThem === 0 ? "" : `; ${report.takenWithThem} rows of files were taken out by a reorganisation: import the files again`;
	const denied = report.denied === undefined ? "" : `; ${deniedLine(report.denied)}`;
	return {
		done: `${to < from ? `no block from ${from} on` : `blocks ${from} to ${to}`}: ${report.blocks} fetched, ${report.added} added from ${node.name}${taken}${denied}`,
	};
};

/** A job that reads a label file again. */
const processLabels: Processor<"labels"> = async ({ path, source: said, confidence }, { store, now }) => {
	const defaults = { source: said, confidence, category: "exchange", retrievedAt: "" } as const;
	const { labels, source, skipped, unusable, notRead } = await readCaseLabels(store, path, defaults);
	const elsewhere = [...skipped.values()].reduce((sum, rows) => sum + rows, 0);
	const bad = unusable.length === 0 ? "" : `; ${unusable.length} rows not usable, such as ${unusable[0]?.where}: ${unusable[0]?.why}`;
	const skips = elsewhere === 0 ? "" : `; ${elsewhere} rows of other chains (${[...skipped.keys()].join(", ")})`;
	const others = `${skips}${bad}${notRead.map((what) => `; not read: ${what}`).join("")}`;
	const held = (await store.sources()).some((s) => s.id === source.id);
	if (held) return { done: `${path}: unchanged` };
	await store.atomically(async (tx) => {
		await tx.putSource(source);
		await tx.putLabels(labels);
		await tx.appendCustody(now(), "labels imported", `${labels.length} labels, ${said}, sha256 ${source.sha256}${others}`);
	});
	return { done: `${labels.length} labels from ${path}${others}` };
};

/** A job for the history of one account: one window of it, and the rest as another job. */
const processAccount: Processor<"account"> = async ({ account, from, to }, context) => {
	const { store, signal } = context;
	const node = await context.node();
	if (node.ledger === "outputs") throw new InputError("histories of Bitcoin addresses are fetched by clew follow or clew import esplora");
	const reorganised = orphanLines(await takeBackOrphans(store, node, context.now())).map((line) => `; ${line}`);
	await noteHead(store, node, to);
	const limits = { blocks: context.batch, signal };
	const { through, blocks } = await expandAccount(store, node, await node.history(), account as AccountId, from, to, limits);
	if (through < to) await context.enqueue("account", { case: store.info.id, account, from: through + 1, to });
	return { done: `${account}: ${blocks} blocks, known up to ${through}${reorganised.join("")}` };
};

/** A job that evaluates the watches up to the node's head, and hands what must be told to `notify`. */
const processWatch: Processor<"watch"> = async (_, context) => {
	const { store, concurrency, batch, signal, watching } = context;
	const report = await evaluateWatches(store, await context.node(), { ...watching, concurrency, batch, signal });
	// Also what an earlier run recorded and could not hand on.
	const pending = await listDeliveries(store);
	for (const { id } of pending) await context.enqueue("notify", { case: store.info.id, delivery: id });
	const warnings = report.warnings.map((warning) => `; ${warning}`).join("");
	const range = report.to < report.from ? `no block from ${report.from} on` : `blocks ${report.from} to ${report.to}`;
	return { done: `watched ${range}: ${report.alerts.length} alerts${warnings}` };
};

/** A job that delivers one alert; the queue asks again when it did not arrive. */
const processNotify: Processor<"notify"> = async ({ delivery }, { store, deliver, signal }) => {
	if (await deliverOne(store, delivery, deliver, Date.now(), signal)) return { done: `delivery ${delivery} arrived` };
	const asked = (await readDelivery(store, delivery))?.asked ?? 0;
	if (asked > 0) return { notBeforeMs: asked };
	throw new ClewError("NOTIFY_FAILED", `delivery ${delivery} did not arrive`, { retryable: true });
};

const PROCESSORS: Processors = {
	blocks: processBlocks,
	account: processAccount,
	labels: processLabels,
	watch: processWatch,
	notify: processNotify,
};

/** Runs a job of any kind. Throws what its processor throws, and InputError for one of another case. */
export async function processJob<K extends JobKind>(kind: K, payload: JobPayload<K>, context: WorkContext): Promise<JobOutcome> {
	if (context.signal.aborted) throw new ClewError("INTERRUPTED", "the worker is shutting down", { retryable: true });
	checkCase(payload, context.store);
	return (PROCESSORS[kind] as Processor<K>)(payload, context);
}
