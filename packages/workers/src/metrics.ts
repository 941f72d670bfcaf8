import { createServer, type Server } from "node:http";
import type { GraphStore } from "@clew/core";
import type { Registry } from "prom-client";
import type { JobKind } from "./jobs.js";

/** How a job ended this time. */
export type JobEnd = "done" | "postponed" | "retried" | "limited" | "dead";

/** What a worker counts, in Prometheus' terms. */
export interface WorkMetrics {
	readonly registry: Registry;
	/** Call the result when the job ends. */
	begin(kind: JobKind): (end: JobEnd) => void;
	/** Heights of the case and of the node. */
	heights(stored: number, head: number): void;
}

/** Seconds; a range of blocks takes from milliseconds to minutes. */
const DURATIONS = [0.01, 0.05, 0.25, 1, 5, 30, 120, 600];

/** Fresh counters. */
export async function workMetrics(): Promise<WorkMetrics> {
	const { Counter, Gauge, Histogram, Registry } = await import("prom-client");
	const registry = new Registry();
	const registers = [registry];
	const jobs = new Counter({ name: "clew_jobs_total", help: "Jobs that ended, by kind and end", labelNames: ["kind", "end"], registers });
	const seconds = new Histogram({
		name: "clew_job_seconds",
		help: "Time a job took",
		labelNames: ["kind"],
		buckets: DURATIONS,
		registers,
	});
	const active = new Gauge({ name: "clew_jobs_active", help: "Jobs under way", labelNames: ["kind"], registers });
	const stored = new Gauge({ name: "clew_stored_height", help: "Highest stored block", registers });
	const lag = new Gauge({ name: "clew_lag_blocks", help: "Blocks that the node has and the case has not", registers });
	return {
		registry,
		begin(kind) {
			const stop = seconds.startTimer({ kind });
			active.inc({ kind });
			return (end) => {
				stop();
				active.dec({ kind });
				jobs.inc({ kind, end });
			};
		},
		heights(height, head) {
			stored.set(height);
			lag.set(Math.max(0, head - height));
		},
	};
}

/** Serves `/metrics` and `/health` on a loopback address: health is 200 while the store answers, else 503. */
export async function serveMetrics(metrics: WorkMetrics, store: GraphStore, port: number, host = "127.0.0.1"): Promise<Server> {
	const server = createServer((request, response) => {
		const answer = (status: number, type: string, body: string) => response.writeHead(status, { "content-type": type }).end(body);
		if (request.url === "/metrics")
			void metrics.registry.metrics().then(
				(text) => answer(200, metrics.registry.contentType, text),
				() => answer(500, "text/plain", "no metrics\n"),
			);
		else if (request.url === "/health")
			void store.head(store.info.chain).then(
				(head) => answer(200, "application/json", `${JSON.stringify({ ok: true, height: head?.height ?? null })}\n`),
				(error: unknown) =>
					answer(503, "application/json", `${JSON.stringify({ ok: false, reason: error instanceof Error ? error.message : "" })}\n`),
			);
		else answer(404, "text/plain", "try /metrics or /health\n");
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, host, resolve);
	});
	return server;
}
