import { NodeError } from "@clew/core";
import type { Job, Worker } from "bullmq";
import type { Logger } from "pino";
import { ATTEMPTS, classifyFailure, waitAfter } from "../failure.js";
import { JOB_KINDS, type JobKind, parseJob } from "../jobs.js";
import type { WorkMetrics } from "../metrics.js";
import { processJob, type WorkContext } from "../processors.js";
import { connectRedis } from "./connection.js";
import { queuePrefix } from "./job-queue.js";

/** How a worker takes jobs. */
export interface WorkerOptions {
	/** Jobs under way at once, per kind. */
	readonly concurrency: number;
	/** After this long without a sign of life a job is given to another worker, in ms. */
	readonly lockMs: number;
	readonly kinds?: readonly JobKind[];
	readonly log: Logger;
	readonly metrics: WorkMetrics;
}

/** A running worker. */
export interface RunningWorker {
	/** Takes no new job, lets those under way end (for at most `graceMs`), and lets go of Redis. */
	stop(graceMs: number): Promise<void>;
}

/** A job may be left behind by this many dying workers before it counts as poisonous. */
const MAX_STALLED = 25;
const RATE_LIMIT_MS = 2_000;
const METRIC_MINUTES = 60;

/** Takes jobs of a case from Redis until stopped. */
export async function startWorker(
	url: string,
	context: WorkContext,
	{ concurrency, lockMs, kinds = JOB_KINDS, log, metrics }: WorkerOptions,
): Promise<RunningWorker> {
	const [redis, { DelayedError, UnrecoverableError, Worker: Taker }] = await Promise.all([connectRedis(url, "wait"), import("bullmq")]);
	const workers = kinds.map((kind) => {
		const worker: Worker = new Taker(kind, (job, token) => work(kind, worker, job, token), {
			connection: redis,
			prefix: queuePrefix(context.store),
			concurrency,
			lockDuration: lockMs,
			stalledInterval: lockMs,
			maxStalledCount: MAX_STALLED,
			settings: { backoffStrategy: (attempts) => waitAfter(attempts) },
			metrics: { maxDataPoints: METRIC_MINUTES },
		});
		worker.on("error", (error) => log.warn({ kind, error: error.message }, "queue trouble"));
		worker.on("stalled", (id) => log.warn({ kind, id }, "job was left behind by a worker; taken up again"));
		// Told by the queue once the dead letter stands there: who reads the line finds the letter.
		worker.on("failed", (job, error) => {
			if (error instanceof UnrecoverableError)
				log.error({ kind, id: job?.id, attempt: job?.attemptsMade, reason: error.message }, "job given up");
		});
		return worker;
	});

	async function work(kind: JobKind, worker: Worker, job: Job, token: string | undefined): Promise<string> {
		const end = metrics.begin(kind);
		try {
			const outcome = await processJob(kind, parseJob(kind, job.data), context);
			if ("done" in outcome) {
				end("done");
				log.info({ kind, id: job.id, attempt: job.attemptsMade + 1 }, outcome.done);
				return outcome.done;
			}
			await job.moveToDelayed(Date.now() + outcome.notBeforeMs, token);
		} catch (error) {
			throw await failed(kind, worker, job, error, end);
		}
		end("postponed");
		throw new DelayedError();
	}

	/** What the queue is told of a failure: ask later, ask again, or never. */
	async function failed(kind: JobKind, worker: Worker, job: Job, error: unknown, end: ReturnType<WorkMetrics["begin"]>): Promise<unknown> {
		const reason = error instanceof Error ? error.message : String(error);
		if (error instanceof NodeError && error.code === "NODE_RATE_LIMIT") {
			// All workers pause: the limit is the node's, not this process's.
			await worker.rateLimit(RATE_LIMIT_MS);
			end("limited");
			log.warn({ kind, id: job.id, reason }, "the node limits its rate");
			return Taker.RateLimitError();
		}
		const failure = classifyFailure(error);
		const last = job.attemptsMade + 1 >= ATTEMPTS[failure];
		end(last ? "dead" : "retried");
		if (last) return new UnrecoverableError(`${failure}: ${reason}`);
		log.warn({ kind, id: job.id, failure, attempt: job.attemptsMade + 1, reason }, "job failed");
		return error;
	}

	return {
		async stop(graceMs) {
			const ended = Promise.all(workers.map((worker) => worker.close()));
			const late = new Promise<"late">((resolve) => setTimeout(resolve, graceMs, "late").unref());
			if ((await Promise.race([ended, late])) === "late") await Promise.all(workers.map((worker) => worker.close(true)));
			redis.disconnect();
		},
	};
}
