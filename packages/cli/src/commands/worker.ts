import { openQueue, serveMetrics, startWorker, workMetrics } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { destination, pino } from "pino";
import { collect, height, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { QUORUM_OPTION, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { needQueue, QUEUE_OPTION, workContext } from "../work.js";

const STDERR = 2;

/** `clew worker`: takes jobs of a case from Redis until interrupted. */
export function workerCommand(context: Context) {
	return new Command("worker")
		.description("work on a case's queued jobs until interrupted, beside as many other workers as wanted")
		.option(...CASE_OPTION)
		.option("--store <place>", "the same as --case")
		.option(...QUEUE_OPTION)
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(...QUORUM_OPTION, positive)
		.option("--concurrency <n>", "jobs of a kind under way at once", positive, 4)
		.option("--checkpoint <n>", "blocks stored in one transaction", positive, 100)
		.option("--confirmations <n>", "blocks after which an alert is final", positive, 12)
		.option("--lock <seconds>", "a job whose worker shows no sign of life for this long is given to another", positive, 30)
		.option("--grace <seconds>", "wait this long for jobs under way when interrupted", positive, 20)
		.option("--metrics-port <port>", "serve /metrics (Prometheus) and /health on this loopback port", height)
		.option("--log-level <level>", "fatal, error, warn, info or debug", "info")
		.action((options) =>
			withCase({ case: options.store ?? options.case }, async (store) => {
				const url = needQueue(options.queue);
				const log = pino({ level: options.logLevel, base: { case: store.info.id } }, destination({ fd: STDERR, sync: true }));
				const queue = await openQueue(url, store);
				const work = workContext(context, store, options, queue.add);
				const metrics = await workMetrics();
				const server = options.metricsPort === undefined ? undefined : await serveMetrics(metrics, work.store, options.metricsPort);
				const { concurrency } = options;
				const worker = await startWorker(url, { ...work, concurrency }, { concurrency, lockMs: options.lock * 1000, log, metrics });
				log.info({ concurrency }, "worker ready");
				await new Promise<void>((resolve) => {
					if (context.signal.aborted) resolve();
					else context.signal.addEventListener("abort", () => resolve(), { once: true });
				});
				log.info("shutting down");
				await worker.stop(options.grace * 1000);
				server?.close();
				await queue.close();
				await work.close();
				log.info("worker ended");
			}),
		);
}
