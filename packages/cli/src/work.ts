import { type ChainNode, type GraphStore, InputError } from "@clew/core";
import { deliverer, exclusiveStore, type WorkContext } from "@clew/workers";
import { alertFacts } from "./alert-facts.js";
import { isAllowed } from "./allowed-places.js";
import { amountOfAsset } from "./arguments.js";
import type { Context } from "./context.js";
import { type NodeOptions, openNode } from "./node.js";

/** Text of the option that names Redis. */
export const QUEUE_OPTION = ["--queue <url>", "redis://host:port: share the work with other workers (default: $CLEW_REDIS_URL)"] as const;

const DELIVERY_TIMEOUT_MS = 10_000;

/** The queue's URL from the option or the environment; undefined for work in this process. */
export function queueUrl(option: string | undefined): string | undefined {
	return option ?? process.env["CLEW_REDIS_URL"];
}

/** The same, where there must be one. Throws InputError (USAGE). */
export function needQueue(option: string | undefined): string {
	const url = queueUrl(option);
	if (!url) throw new InputError("no queue is named", { code: "USAGE", hint: "Give --queue redis://..., or set CLEW_REDIS_URL." });
	return url;
}

/** How work is done. */
export interface WorkOptions extends NodeOptions {
	readonly checkpoint: number;
	readonly confirmations: number;
	readonly since?: number | undefined;
}

/** What processors need, with a node that is opened when first asked for and shared by all jobs. `close` lets go of it. */
export function workContext(
	context: Context,
	store: GraphStore,
	options: WorkOptions,
	enqueue: WorkContext["enqueue"],
): WorkContext & { close(): Promise<void> } {
	let node: Promise<ChainNode> | undefined;
	return {
		store: exclusiveStore(store),
		node: () => {
			node ??= openNode(context, store.info.chain, options).catch((error: unknown) => {
				// The next job tries again.
				node = undefined;
				throw error;
			});
			return node;
		},
		now: context.now,
		signal: context.signal,
		concurrency: options.concurrency ?? 1,
		batch: options.checkpoint,
		watching: {
			confirmations: options.confirmations,
			...(options.since === undefined ? {} : { since: options.since }),
			amount: (text) => amountOfAsset(text, store.info.chain),
		},
		deliver: deliverer({
			allowed: (place) => isAllowed(store.info.id, place),
			secret: process.env["CLEW_WEBHOOK_SECRET"],
			print: context.print,
			timeoutMs: DELIVERY_TIMEOUT_MS,
			facts: (alert) => alertFacts(store, alert),
			seconds: () => Math.floor(Date.now() / 1000),
			signal: context.signal,
		}),
		enqueue,
		close: async () => (await node?.catch(() => undefined))?.close(),
	};
}
