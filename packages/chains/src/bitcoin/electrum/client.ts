import { NodeError, rememberEndpoint, scrub, throwIfAborted } from "@clew/core";
import { z } from "zod";
import { pause } from "../../http/bounded-http.js";
import type { HttpOptions } from "../../http/http-client.js";
import { paceOf } from "../../http/pace.js";
import { refusalOf } from "../../http/refusals.js";
import { backoff } from "../../http/retry.js";
import { type LineSocket, openLines } from "./socket.js";

/** One Electrum server: a connection that is made again when it is lost, the pace of its host, retries, errors in our words. */
export interface ElectrumClient {
	readonly name: string;
	readonly secrets: readonly string[];
	/** What the server calls itself, and the version of the protocol that it speaks with us. Throws NodeError. */
	version(): Promise<readonly [string, string]>;
	/** Calls a method. Throws NodeError, NODE_UNSUPPORTED where the server does not have it, NODE_TOO_MUCH where the answer is too large. */
	call<T>(schema: z.ZodType<T>, method: string, ...params: readonly (string | number | boolean)[]): Promise<T>;
	/** Requests sent so far, repeated ones included. */
	requests(): number;
	close(): void;
}

const DEFAULTS = { timeoutMs: 30_000, attempts: 5 };
/** The first versions of the protocol that has all that is asked here, and the last that has it as it is asked. */
const PROTOCOL = ["1.4", "1.6"];
/** What is told to a server of who asks. */
const CALLED = "clew";
const ANSWERED = 200;

const message = z.looseObject({
	id: z.number().nullish(),
	result: z.unknown().optional(),
	error: z.union([z.string(), z.looseObject({ code: z.number().optional(), message: z.string() })]).nullish(),
});

interface Pending {
	readonly request: string;
	readonly resolve: (answer: z.infer<typeof message>) => void;
	readonly reject: (error: NodeError) => void;
}

interface Connection {
	readonly lines: LineSocket;
	readonly pending: Map<number, Pending>;
	ended?: NodeError;
}

/** Speaks to `ssl://HOST:PORT` or `tcp://HOST:PORT`. Connects when it is first asked. */
export function electrumClient(url: string, options: HttpOptions = {}): ElectrumClient {
	const { timeoutMs, attempts } = { ...DEFAULTS, ...options };
	const { name, secrets } = rememberEndpoint(url);
	const pace = paceOf(url);
	const sleep = options.sleep ?? ((ms: number) => pause(ms, options.signal));
	const leftMs = () => options.leftMs?.() ?? Number.POSITIVE_INFINITY;
	let sent = 0;
	let ids = 0;
	let spoken: readonly [string, string] = ["", ""];
	let opening: Promise<Connection> | undefined;

	async function connect(): Promise<Connection> {
		const pending = new Map<number, Pending>();
		const { certificate, onCertificate } = options;
		const lines = await openLines(url, {
			...{ name, secrets, timeoutMs: Math.min(timeoutMs, leftMs()), certificate, onCertificate },
			onLine: (line) => receive(line, connection),
			onEnd: (error) => end(connection, error),
		});
		const connection: Connection = { lines, pending };
		options.signal?.addEventListener("abort", lines.close, { once: true });
		spoken = await exchange(connection, z.tuple([z.string(), z.string()]), "server.version", [CALLED, PROTOCOL]);
		return connection;
	}

	/** Ends a connection; whoever waits for an answer on it hears why, and the next question opens another. */
	function end(connection: Connection, error: NodeError): void {
		if (connection.ended !== undefined) return;
		connection.ended = error;
		opening = undefined;
		for (const { reject } of connection.pending.values()) reject(error);
		connection.pending.clear();
		connection.lines.close();
	}

	/** Who sends what is no answer is spoken to no more on this connection; what nobody asked for is let go. */
	function receive(line: Buffer, connection: Connection): void {
		const { pending } = connection;
		const said = message.safeParse(jsonOf(line));
		if (!said.success) {
			const hint = "Check that an Electrum server is at this URL.";
			end(connection, new NodeError("NODE_BAD_ANSWER", name, "what it sent is no JSON-RPC, or was cut off", { retryable: true, hint }));
			return;
		}
		const { id, error } = said.data;
		// An error without an id is about all that was asked.
		const about = id === undefined || id === null ? (error ? [...pending.keys()] : []) : [id];
		for (const one of about) {
			const asked = pending.get(one);
			if (asked === undefined) continue;
			pending.delete(one);
			options.onExchange?.({ endpoint: name, request: asked.request, status: ANSWERED, body: line, secrets });
			asked.resolve(said.data);
		}
	}

	async function exchange<T>(connection: Connection, schema: z.ZodType<T>, method: string, params: readonly unknown[]): Promise<T> {
		await pace.turn(sleep);
		throwIfAborted(options.signal);
		const left = leftMs();
		const over = () =>
			new NodeError("NODE_TIMEOUT", name, "the time is over, and it is not asked any more", { hint: "Call it again, it goes on." });
		if (left <= 0) throw over();
		if (connection.ended !== undefined) throw connection.ended;
		const id = ids++;
		const request = JSON.stringify({ jsonrpc: "2.0", id, method, params });
		sent++;
		const { result, error } = await new Promise<z.infer<typeof message>>((resolve, reject) => {
			const timer = setTimeout(
				() => {
					options.onUnanswered?.({ endpoint: name, request, failed: "NODE_TIMEOUT", secrets });
					end(connection, new NodeError("NODE_TIMEOUT", name, `${method}: no answer in time`, { retryable: true }));
				},
				Math.min(timeoutMs, left),
			);
			const settled =
				<A>(then: (value: A) => void) =>
				(value: A) => {
					clearTimeout(timer);
					then(value);
				};
			connection.pending.set(id, { request, resolve: settled(resolve), reject: settled(reject) });
			connection.lines.send(request);
		});
		if (error) throw refused(method, typeof error === "string" ? { message: error } : error);
		const shaped = schema.safeParse(result);
		if (!shaped.success) throw new NodeError("NODE_BAD_ANSWER", name, `${method}: the answer has not the expected form`);
		pace.answered();
		return shaped.data;
	}

	function refused(method: string, error: { readonly code?: number | undefined; readonly message: string }): NodeError {
		const words = `${method}: ${scrub(error.message, secrets).slice(0, 200)}`;
		switch (refusalOf(error)) {
			case "too-much":
				return new NodeError("NODE_TOO_MUCH", name, words, { hint: "Use a server without this limit, of your own, or Esplora." });
			case "too-often":
				pace.slower();
				return new NodeError("NODE_RATE_LIMIT", name, words, { retryable: true, hint: "Wait, or use a server of your own." });
			case "absent":
				return new NodeError("NODE_UNSUPPORTED", name, words, { hint: "Use another server." });
			case "again":
				return new NodeError("NODE_UNREACHABLE", name, words, { retryable: true });
			default:
				return new NodeError("NODE_BAD_ANSWER", name, words);
		}
	}

	async function again<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
		for (let attempt = 1; ; attempt++) {
			try {
				opening ??= connect();
				const mine = opening;
				const connection = await mine.catch((error: unknown) => {
					if (opening === mine) opening = undefined;
					throw error;
				});
				return await work(connection);
			} catch (error) {
				throwIfAborted(options.signal);
				if (!(error instanceof NodeError) || !error.retryable || attempt >= attempts) throw error;
				const ms = backoff(attempt);
				if (ms > leftMs()) throw error;
				await sleep(ms);
			}
		}
	}

	return {
		name,
		secrets,
		version: () => again(async () => spoken),
		call: (schema, method, ...params) => again((connection) => exchange(connection, schema, method, params)),
		requests: () => sent,
		close: () => void opening?.then(({ lines }) => lines.close()).catch(() => undefined),
	};
}

function jsonOf(line: Buffer): unknown {
	try {
		return JSON.parse(line.toString("utf8"));
	} catch {
		return undefined;
	}
}
