import { type ExecFileException, execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { ClewError, canonicalJson, deadline, type GraphStore, InputError, rememberEndpoint, safeCause, scrub } from "@clew/core";
import { waitAfter } from "../failure.js";
import { type Delivery, listDeliveries, RECORDS, readDelivery } from "./model.js";

/** Sends one alert to one place. Throws when it did not arrive. */
export type Deliver = (delivery: Delivery) => Promise<void>;

/** What deliveries need of the world. */
export interface DeliverOptions {
	/** Whether this machine may tell a place; a case that came from somebody else names places that nobody here chose. */
	readonly allowed: (channel: string) => boolean;
	/** Key of the HMAC-SHA256 over a webhook's time and body; without it webhooks are not signed. */
	readonly secret: string | undefined;
	/** Lines for `stdout`. */
	readonly print: (line: string) => void;
	readonly timeoutMs: number;
	/** Seconds since 1970, for the signature. */
	readonly seconds: () => number;
	/** An interrupt ends what is under way: a place that hangs holds up no shutdown. */
	readonly signal: AbortSignal;
}

/** After this many attempts, a day's worth, a delivery is put aside for a person. */
const MAX_ATTEMPTS = 2_880;
const MAX_OUTPUT = 1 << 16;

/**
 * A webhook is the URL itself, or the name of an environment variable that holds it where deliveries are made: then the case never holds
 * it.
 */
const WEBHOOK = /^webhook:(?:(https?:\/\/\S+)|\$([A-Za-z_][A-Za-z0-9_]{0,100}))$/;

/**
 * Checks a place as `--notify` takes it: `webhook:URL`, `webhook:$VARIABLE`, `exec:PROGRAM ARGUMENTS`, `stdout`. Throws InputError
 * (USAGE).
 */
export function parseChannel(text: string): string {
	if (text === "stdout" || /^exec:\S/.test(text)) return text;
	const [, url, variable] = WEBHOOK.exec(text) ?? [];
	if (variable !== undefined || (url !== undefined && URL.canParse(url))) return text;
	throw new InputError("a place to notify is none", {
		code: "USAGE",
		hint: "webhook:https://..., webhook:$VARIABLE (read where alerts are sent), exec:/path/to/program ..., or stdout",
	});
}

/** True for a place that is kept in the case with a secret in it. */
export function holdsSecret(channel: string): boolean {
	return secretsOf(channel).length > 0;
}

/** A place without what may be secret in it: a URL without its path, a program without its arguments. */
export function showChannel(channel: string): string {
	if (channel.startsWith("exec:")) return channel.replace(/\s[\s\S]*/, " …");
	return /^webhook:https?:/.test(channel) ? shownUrl(channel.slice("webhook:".length)) : channel;
}

/** Of a webhook every word of the path may be what makes it secret; a case from elsewhere may hold what is no URL. */
function shownUrl(url: string): string {
	return `webhook:${URL.canParse(url) ? new URL(url).origin : ""}/…`;
}

/** The URL of a webhook. Throws ClewError for a variable that is not set. */
function webhookUrl(channel: string): string {
	const [, url, variable = ""] = WEBHOOK.exec(channel) ?? [];
	const found = url ?? process.env[variable];
	if (found === undefined || !/^https?:\/\//.test(found) || !URL.canParse(found))
		throw new ClewError("NOTIFY_FAILED", `${showChannel(channel)}: the environment holds no such URL`, { retryable: true });
	return found;
}

function secretsOf(channel: string): readonly string[] {
	if (channel.startsWith("exec:")) return channel.split(/\s+/).slice(1);
	const [, url, variable = ""] = WEBHOOK.exec(channel) ?? [];
	const found = url ?? process.env[variable];
	return found === undefined ? [] : rememberEndpoint(found).secrets;
}

/** Signature of a webhook: hex HMAC-SHA256 of `time.body`. A receiver computes the same, and refuses old times. */
export function signWebhook(secret: string, time: number, body: string): string {
	return createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
}

/** Delivery by webhook (POST of the alert as JSON), by a program that reads it on its standard input, or as a line. */
export function deliverer({ allowed, secret, print, timeoutMs, seconds, signal }: DeliverOptions): Deliver {
	return async ({ channel, alert, id }) => {
		if (!allowed(channel))
			throw new ClewError("NOTIFY_FAILED", `${showChannel(channel)} is not allowed on this machine`, {
				retryable: true,
				hint: `See it whole and allow it: clew watch allow ${alert.watch}`,
			});
		const body = canonicalJson(alert);
		if (channel === "stdout") return print(body);
		if (channel.startsWith("exec:")) return execute(channel.slice(5), body, id, timeoutMs, signal);
		const limit = deadline(timeoutMs, signal);
		try {
			await post(channel, body, id, seconds(), secret, limit.signal);
		} finally {
			limit.done();
		}
	};
}

async function post(
	channel: string,
	body: string,
	id: string,
	time: number,
	secret: string | undefined,
	signal: AbortSignal,
): Promise<void> {
	const url = webhookUrl(channel);
	const { secrets } = rememberEndpoint(url);
	const response = await fetch(url, {
		method: "POST",
		// A redirect would send the alert to somebody who was not named.
		redirect: "error",
		signal,
		headers: {
			"content-type": "application/json",
			"idempotency-key": id,
			"clew-time": String(time),
			...(secret === undefined ? {} : { "clew-signature": `sha256=${signWebhook(secret, time, body)}` }),
		},
		body,
	}).catch((error: unknown) => {
		throw new ClewError("NOTIFY_FAILED", `${shownUrl(url)}: ${scrub(error instanceof Error ? error.message : String(error), secrets)}`, {
			retryable: true,
			cause: safeCause(error, secrets),
		});
	});
	await response.body?.cancel();
	if (!response.ok) throw new ClewError("NOTIFY_FAILED", `${shownUrl(url)} answered ${response.status}`, { retryable: true });
}

/** What a program needs of the environment to run at all; keys and endpoints of whoever runs Clew are none of its business. */
const PASSED_ON = /^(PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|SYSTEMROOT|CLEW_EXEC_[A-Z0-9_]+)$/i;

/**
 * No shell: the words are the program and its arguments. Its environment is clean but for what it needs to run, and variables that begin
 * with `CLEW_EXEC_`.
 */
function execute(command: string, body: string, id: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
	const [program = "", ...words] = command.split(/\s+/);
	return new Promise((resolve, reject) => {
		const passed = Object.entries(process.env).filter(([name]) => PASSED_ON.test(name));
		const env = { ...Object.fromEntries(passed), CLEW_IDEMPOTENCY_KEY: id };
		const options = { timeout: timeoutMs, signal, maxBuffer: MAX_OUTPUT, env };
		const child = execFile(program, words, options, (error) => {
			if (error === null) resolve();
			else reject(new ClewError("NOTIFY_FAILED", `${program}: ${exitOf(error)}`, { retryable: true, cause: safeCause(error, words) }));
		});
		// A program that reads nothing may end before it is written to.
		child.stdin?.on("error", () => {});
		child.stdin?.end(body);
	});
}

/** How a program ended; the message of the error repeats its arguments. */
function exitOf({ code, signal, killed }: ExecFileException): string {
	if (killed === true) return "did not end in time";
	return signal ? `was ended by ${signal}` : typeof code === "number" ? `ended with code ${code}` : (code ?? "failed");
}

/**
 * Sends one pending delivery and removes it, or notes when to try again. A crash between the two sends it twice, with the same idempotency
 * key. An interrupt is no attempt: the delivery stays as it was. True when it has arrived or was gone.
 */
export async function deliverOne(store: GraphStore, id: string, deliver: Deliver, nowMs: number, signal?: AbortSignal): Promise<boolean> {
	const delivery = await readDelivery(store, id);
	if (delivery === undefined) return true;
	try {
		await deliver(delivery);
	} catch (error) {
		if (signal?.aborted) return false;
		const attempts = delivery.attempts + 1;
		const lastError = scrub(error instanceof Error ? error.message : String(error), secretsOf(delivery.channel));
		const failed = canonicalJson({ ...delivery, attempts, lastError, nextAt: nowMs + waitAfter(attempts) });
		await store.atomically(async (tx) => {
			if (attempts >= MAX_ATTEMPTS) await tx.removeRecord(RECORDS.delivery, id);
			await tx.putRecord(attempts >= MAX_ATTEMPTS ? RECORDS.undelivered : RECORDS.delivery, id, failed);
		});
		return false;
	}
	await store.removeRecord(RECORDS.delivery, id);
	return true;
}

/** Sends every delivery that is due, several places at once, so that one that hangs does not hold up the others. Gives how many arrived. */
export async function deliverDue(store: GraphStore, deliver: Deliver, nowMs: number, signal?: AbortSignal): Promise<number> {
	// A clock that was set back must not silence anything: what waits for longer than the longest wait is due.
	const due = (await listDeliveries(store)).filter(({ nextAt }) => nextAt <= nowMs || nextAt > nowMs + waitAfter(MAX_ATTEMPTS));
	const byChannel = new Map<string, Delivery[]>();
	for (const delivery of due) byChannel.set(delivery.channel, [...(byChannel.get(delivery.channel) ?? []), delivery]);
	const arrived = await Promise.all(
		[...byChannel.values()].map(async (list) => {
			let count = 0;
			for (const { id } of list) {
				// The first failure of a place postpones the rest of it.
				if (signal?.aborted || !(await deliverOne(store, id, deliver, nowMs, signal))) break;
				count++;
			}
			return count;
		}),
	);
	return arrived.reduce((sum, count) => sum + count, 0);
}
