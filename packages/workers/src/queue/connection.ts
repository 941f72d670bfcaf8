import { ClewError, rememberEndpoint, safeCause, scrub } from "@clew/core";
import type { Redis } from "ioredis";

const CONNECT_MS = 5_000;
const TRIES = 3;

/** How a connection is used: `ask` fails soon when Redis is away, `wait` goes on trying until it is back, as a worker must. */
export type Patience = "ask" | "wait";

/** Host and port of a Redis URL, without secrets. */
export function redisName(url: string): string {
	try {
		const { hostname, port } = new URL(url);
		return `redis at ${hostname}:${port || "6379"}`;
	} catch {
		return "redis";
	}
}

/** Connects to Redis and checks that it never drops keys by itself. Throws ClewError (QUEUE_UNREACHABLE, USAGE). */
export async function connectRedis(url: string, patience: Patience): Promise<Redis> {
	if (!/^rediss?:\/\//.test(url)) throw new ClewError("USAGE", "this is not a Redis URL", { hint: "For example redis://127.0.0.1:6379" });
	rememberEndpoint(url);
	// Loaded where there is a queue: most commands need none.
	const { Redis: Client } = await import("ioredis");
	const redis: Redis = new Client(url, {
		lazyConnect: true,
		connectTimeout: CONNECT_MS,
		maxRetriesPerRequest: patience === "wait" ? null : TRIES,
		retryStrategy: (times) => Math.min(200 * times, 2_000),
	});
	// Without a listener ioredis prints every lost connection; callers see it in their own calls.
	redis.on("error", () => {});
	try {
		await redis.connect();
		await redis.ping();
	} catch (error) {
		redis.disconnect();
		throw translateRedis(error, url);
	}
	return redis;
}

/** Redis' errors in our words; other errors as they are. */
export function translateRedis(error: unknown, url: string): unknown {
	if (error instanceof ClewError || !(error instanceof Error)) return error;
	const name = redisName(url);
	const { secrets } = rememberEndpoint(url);
	const cause = safeCause(error, secrets);
	if (/^OOM|maxmemory/.test(error.message))
		return new ClewError("QUEUE_FULL", `${name}: its memory is full`, {
			hint: "Give it more memory (maxmemory), or let workers finish what is queued; nothing that was queued is lost.",
			cause,
			retryable: true,
		});
	if (/NOAUTH|WRONGPASS|invalid username-password/i.test(error.message))
		return new ClewError("QUEUE_REFUSED", `${name}: refuses the password`, {
			hint: "Check the user and password in the URL.",
			cause,
		});
	if (/ECONN|ETIMEDOUT|ENOTFOUND|Connection is closed|max retries per request|connect/i.test(`${error.name} ${error.message}`))
		return new ClewError("QUEUE_UNREACHABLE", `${name}: no answer`, {
			hint: "Check the URL and that Redis runs: pnpm services up redis",
			cause,
			retryable: true,
		});
	// What Redis or a script says may repeat the command, and so the password.
	if (scrub(error.message, secrets) !== error.message) return cause;
	return error;
}
