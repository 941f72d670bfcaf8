import { allDenials, type ChainNode, familyOf, type GraphStore, InputError } from "@clew/core";
import { deniedLine, deniedSince, ingestChain, ingestQueued, openQueue, startWorker, workMetrics } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { pino } from "pino";
import { collect, height, positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { type NodeOptions, openNode, QUORUM_OPTION, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { json } from "../output.js";
import { RECORD_OPTION, recording } from "../recording.js";
import { needQueue, QUEUE_OPTION, workContext } from "../work.js";

/** A job whose worker shows no sign of life for this long is given to another. */
const LOCK_MS = 30_000;

/** `clew ingest`: blocks from a live node. */
export function ingestCommand(context: Context) {
	return new Command("ingest")
		.description("fetch blocks from a node, recompute their roots and hashes, and store them; can be interrupted and goes on")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--store <place>", "the same as --case")
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(...QUORUM_OPTION, positive)
		.option(...QUEUE_OPTION)
		.requiredOption("--from <height>", "first block", height)
		.requiredOption("--to <height>", "last block, or tip")
		.option("--workers <n>", "with --queue: workers in this process; 0 leaves the work to others", height, 1)
		.option("--blocks-per-job <n>", "with --queue: blocks in one job", positive, 50)
		.option("--blocks-per-second <n>", "with --queue: begin no more than this over all workers, for a node that limits its rate", positive)
		.option("--concurrency <n>", "blocks under way at once", positive, 8)
		.option("--batch <n>", "calls in one HTTP request", positive, 32)
		.option("--checkpoint <n>", "blocks stored in one transaction", positive, 100)
		.option("--timeout <seconds>", "wait for an answer", positive, 30)
		.option("--skip-bad", "go on without blocks whose answers do not hash or parse; each is a gap", false)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option(...RECORD_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			recording(context, options.record, (recorder) =>
				withChain({ ...options, case: options.store ?? options.case }, async (store) => {
					const { rpc, quorum, trustNode, concurrency, batch, timeout } = options;
					const nodeOptions = { rpc, quorum, trustNode, concurrency, batch, timeoutMs: timeout * 1000, ...recorder };
					const node = await openNode(context, store.info.chain, nodeOptions);
					try {
						const url = options.queue ?? (options.workers === 1 ? undefined : needQueue(undefined));
						if (url !== undefined && options.chain !== undefined)
							throw new InputError("workers of a queue ingest the case's first chain only", { code: "USAGE", hint: "Leave out --queue." });
						if (url !== undefined && options.skipBad)
							throw new InputError("--skip-bad works in one process only: a job of a queue with such a block is given up and named", {
								code: "USAGE",
								hint: "Leave out --queue, or see clew queue dead.",
							});
						if (url === undefined) await ingestHere(context, store, node, options);
						else await ingestShared(context, store, node, url, { ...options, ...nodeOptions });
					} finally {
						node.close();
					}
				}),
			),
		);
}

/** The range's end as a height. Throws InputError (USAGE) when it lies before the start. */
async function lastHeight(node: ChainNode, from: number, end: string): Promise<number> {
	const to = end === "latest" || end === "tip" ? (await node.head()).height : height(end);
	if (to < from) throw new InputError(`the range ends (${to}) before it starts (${from})`, { code: "USAGE" });
	return to;
}

/** Splits the range into jobs, works on them with workers of this process and others, and waits for the end. */
async function ingestShared(
	context: Context,
	store: GraphStore,
	node: ChainNode,
	url: string,
	options: NodeOptions & {
		from: number;
		to: string;
		workers: number;
		blocksPerJob: number;
		blocksPerSecond?: number | undefined;
		checkpoint: number;
		json: boolean;
	},
): Promise<void> {
	const { from, workers, blocksPerJob, blocksPerSecond, json: asJson } = options;
	const to = await lastHeight(node, from, options.to);
	const queue = await openQueue(url, store);
	const work = workContext(context, store, { ...options, confirmations: 1 }, queue.add);
	const pace = blocksPerSecond === undefined ? undefined : Math.ceil((blocksPerJob / blocksPerSecond) * 1000);
	await queue.limit("blocks", pace === undefined ? undefined : 1, pace ?? 0);
	const worker =
		workers > 0
			? await startWorker(url, work, {
					concurrency: workers,
					lockMs: LOCK_MS,
					kinds: ["blocks"],
					log: pino({ level: "silent" }),
					metrics: await workMetrics(),
				})
			: undefined;
	const before = await work.store.counts();
	const deniedBefore = await allDenials(store);
	const start = performance.now();
	try {
		await ingestQueued(work.store, queue, {
			from,
			to,
			blocksPerJob,
			signal: context.signal,
			onProgress: (stored, total) => context.progress(`${stored} of ${total} blocks stored`),
		});
	} finally {
		await worker?.stop(LOCK_MS);
		await queue.close();
		await work.close();
	}
	const after = await store.counts();
	const added = after.transfers + after.outputs - before.transfers - before.outputs;
	const blocks = after.blocks - before.blocks;
	const seconds = (performance.now() - start) / 1000;
	const denied = await deniedSince(store, deniedBefore);
	const otherwise = denied === undefined ? "" : `; ${deniedLine(denied)}`;
	const done = `${from} to ${to} from ${node.name} through a queue, ${blocks} blocks${otherwise}`;
	await store.appendCustody(context.now(), "blocks ingested", done);
	context.clearProgress();
	if (asJson)
		return context.print(
			json({ schema: "clew.ingest/1", node: node.name, from, to, blocks, added, ...(denied === undefined ? {} : { denied }) }),
		);
	context.print(`blocks ${from} to ${to}: ${blocks} stored through the queue, ${added} ${familyOf(store.info.chain).words.stored} added`);
	if (denied !== undefined) context.note(deniedLine(denied));
	context.note(`${(blocks / seconds).toFixed(0)} blocks/s, ${(added / seconds).toFixed(0)} per second stored, ${workers} workers here`);
}

async function ingestHere(
	context: Context,
	store: GraphStore,
	source: ChainNode,
	options: { from: number; to: string; concurrency: number; checkpoint: number; skipBad: boolean; json: boolean },
): Promise<void> {
	const what = familyOf(store.info.chain).words.ingested;
	const to = await lastHeight(source, options.from, options.to);
	const report = await ingestChain(store, source, {
		from: options.from,
		to,
		concurrency: options.concurrency,
		batch: options.checkpoint,
		skipBad: options.skipBad,
		signal: context.signal,
		onProgress: (p) => context.progress(`block ${p.height} of ${p.to}, ${p.added} ${what}`),
	});
	const capabilities = await source.capabilities();
	const refused = report.refused.length > 0 ? `, without refused blocks ${report.refused.join(", ")}` : "";
	const taken = report.takenWithThem > 0 ? `, ${report.takenWithThem} ${what} of files taken out by a reorganisation` : "";
	const left = `${refused}${taken}${report.denied === undefined ? "" : `; ${deniedLine(report.denied)}`}`;
	await store.appendCustody(
		context.now(),
		"blocks ingested",
		`${report.from} to ${report.to} from ${source.name}, ${report.added} ${what}${left}`,
	);
	context.clearProgress();
	if (options.json) return context.print(json({ schema: "clew.ingest/1", node: source.name, capabilities, ...report }));
	const range = report.to < report.from ? `no block from ${report.from} on` : `blocks ${report.from} to ${report.to}`;
	context.print(`${range}: ${report.blocks} fetched, ${report.added} ${what} added from ${source.name}`);
	for (const at of report.reorganisedAt) context.note(`the chain had reorganised: rolled back to block ${at - 1} and fetched again`);
	if (report.takenWithThem > 0)
		context.note(`${report.takenWithThem} ${what} that files told of were taken with it: import the files again`);
	if (report.denied !== undefined) context.note(deniedLine(report.denied));
	for (const gap of report.gaps) context.note(`gap: ${gap}`);
	context.note(`${source.requests()} requests`);
}
