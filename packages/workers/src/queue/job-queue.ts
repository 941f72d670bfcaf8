import type { GraphStore } from "@clew/core";
import type { Queue } from "bullmq";
import { ATTEMPTS } from "../failure.js";
import { JOB_KINDS, type JobKind, type JobPayload, jobId } from "../jobs.js";
import { connectRedis, translateRedis } from "./connection.js";

/** A job that was given up, with what happened. */
export interface DeadLetter {
	readonly kind: JobKind;
	readonly id: string;
	readonly reason: string;
	readonly attempts: number;
	readonly failedAt: string;
	readonly payload: unknown;
}

/** How many jobs of a kind stand where. */
export interface QueueCounts {
	readonly waiting: number;
	readonly active: number;
	readonly delayed: number;
	readonly completed: number;
	readonly dead: number;
}

/** The queues of one case in Redis, one a kind of job. */
export interface JobQueue {
	/** Adds work; the same work twice is taken once while it is queued. Throws ClewError (QUEUE_FULL, QUEUE_UNREACHABLE). */
	add<K extends JobKind>(kind: K, payload: JobPayload<K>): Promise<void>;
	/** Adds work again every so often, whichever worker is there; the same kind again replaces the pace. */
	every<K extends JobKind>(kind: K, everyMs: number, payload: JobPayload<K>): Promise<void>;
	counts(kind: JobKind): Promise<QueueCounts>;
	/** Jobs finished in each of the last minutes, newest first. */
	perMinute(kind: JobKind): Promise<readonly number[]>;
	/** At most `limit` jobs of all kinds that were given up. */
	dead(limit: number): Promise<readonly DeadLetter[]>;
	/** Puts dead jobs back into their queues: one by id, or all. Gives how many. */
	replay(id?: string): Promise<number>;
	/** Removes dead jobs: one by id, or all. Gives how many. */
	drop(id?: string): Promise<number>;
	/** At most this many jobs of a kind are begun in `ms`, over all workers; undefined lifts the limit. */
	limit(kind: JobKind, max: number | undefined, ms: number): Promise<void>;
	close(): Promise<void>;
}

const KEPT_COMPLETED = 100;

/** Redis keys of a case's queues begin with this; the braces keep them on one node of a cluster. */
export const queuePrefix = (store: Pick<GraphStore, "info">): string => `{clew-${store.info.id}}`;

/** Opens the queues of a case. Throws ClewError (QUEUE_UNREACHABLE, QUEUE_REFUSED, USAGE). */
export async function openQueue(url: string, store: Pick<GraphStore, "info">): Promise<JobQueue> {
	const [redis, { Queue: Line }] = await Promise.all([connectRedis(url, "ask"), import("bullmq")]);
	const queues = Object.fromEntries(
		JOB_KINDS.map((kind) => {
			const queue: Queue = new Line(kind, { connection: redis, prefix: queuePrefix(store) });
			queue.on("error", () => {});
			return [kind, queue];
		}),
	) as Record<JobKind, Queue>;
	const guard = async <T>(work: () => Promise<T>): Promise<T> => {
		try {
			return await work();
		} catch (error) {
			throw translateRedis(error, url);
		}
	};
	const options = {
		attempts: ATTEMPTS.service,
		backoff: { type: "custom" },
		// Finished work may be asked for again under the same id; dead letters stay until a person decides.
		removeOnComplete: true,
		removeOnFail: false,
	};
	async function* deadJobs(limit: number) {
		for (const kind of JOB_KINDS) for (const job of await queues[kind].getFailed(0, limit - 1)) if (job) yield { kind, job };
	}
	const forDead = (id: string | undefined, work: (job: Awaited<ReturnType<Queue["getFailed"]>>[number]) => Promise<void>) =>
		guard(async () => {
			let done = 0;
			for await (const { job } of deadJobs(Number.MAX_SAFE_INTEGER)) {
				if (id !== undefined && job.id !== id) continue;
				await work(job);
				done++;
			}
			return done;
		});
	return {
		add: (kind, payload) => guard(async () => void (await queues[kind].add(kind, payload, { ...options, jobId: jobId(kind, payload) }))),
		every: (kind, everyMs, payload) =>
			guard(
				async () =>
					void (await queues[kind].upsertJobScheduler(
						kind,
						{ every: everyMs },
						{ name: kind, data: payload, opts: { ...options, removeOnComplete: { count: KEPT_COMPLETED } } },
					)),
			),
		counts: (kind) =>
			guard(async () => {
				const counts = await queues[kind].getJobCounts("waiting", "prioritized", "active", "delayed", "completed", "failed");
				return {
					waiting: (counts["waiting"] ?? 0) + (counts["prioritized"] ?? 0),
					active: counts["active"] ?? 0,
					delayed: counts["delayed"] ?? 0,
					completed: counts["completed"] ?? 0,
					dead: counts["failed"] ?? 0,
				};
			}),
		perMinute: (kind) => guard(async () => (await queues[kind].getMetrics("completed")).data.map(Number)),
		dead: (limit) =>
			guard(async () => {
				const letters: DeadLetter[] = [];
				for await (const { kind, job } of deadJobs(limit)) {
					letters.push({
						kind,
						id: job.id ?? "",
						reason: job.failedReason ?? "",
						attempts: job.attemptsMade,
						failedAt: new Date(job.finishedOn ?? 0).toISOString(),
						payload: job.data,
					});
				}
				return letters.slice(0, limit);
			}),
		replay: (id) => forDead(id, (job) => job.retry("failed", { resetAttemptsMade: true })),
		drop: (id) => forDead(id, (job) => job.remove()),
		limit: (kind, max, ms) =>
			guard(
				async () => void (max === undefined ? await queues[kind].removeGlobalRateLimit() : await queues[kind].setGlobalRateLimit(max, ms)),
			),
		close: async () => {
			await Promise.all(Object.values(queues).map((queue) => queue.close().catch(() => {})));
			redis.disconnect();
		},
	};
}
