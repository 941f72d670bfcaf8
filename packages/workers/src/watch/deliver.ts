import { type ExecFileException, execFile } from "node:child_process";
import { createHmac } from "node:crypto";
import { ClewError, canonicalJson, deadline, type GraphStore, safeCause, scrub } from "@clew/core";
import { waitAfter } from "../failure.js";
import { type AlertFacts, alertSubject, alertText } from "./alert-text.js";
import { type ChatRequest, chatRequest } from "./chat.js";
import { sendMail } from "./mail.js";
import { type Alert, type Delivery, listDeliveries, RECORDS, readDelivery } from "./model.js";
import { type Place, placeOf, secretsOf, showChannel, shownUrl } from "./places.js";

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
	/** What an alert's text says of the case. */
	readonly facts: (alert: Alert) => Promise<AlertFacts>;
	/** Seconds since 1970, for the signature. */
	readonly seconds: () => number;
	/** An interrupt ends what is under way: a place that hangs holds up no shutdown. */
	readonly signal: AbortSignal;
}

/** After this many attempts, a day's worth, a delivery is put aside for a person. */
const MAX_ATTEMPTS = 2_880;
const MAX_OUTPUT = 1 << 16;
/** What a place asks for is bounded. */
const LONGEST_ASKED_MS = 3_600_000;

/** Signature of a webhook: hex HMAC-SHA256 of `time.body`. A receiver computes the same, and refuses old times. */
export function signWebhook(secret: string, time: number, body: string): string {
	return createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
}

/**
 * Delivery by webhook (POST of the alert as JSON), by a program that reads it on its standard input, as a line, or as a text to a chat or by
 * mail.
 */
export function deliverer({ allowed, secret, print, timeoutMs, facts, seconds, signal }: DeliverOptions): Deliver {
	return async ({ channel, alert, id }) => {
		if (!allowed(channel))
			throw new ClewError("NOTIFY_FAILED", `${showChannel(channel)} is not allowed on this machine`, {
				retryable: true,
				hint: `See it whole and allow it: clew watch allow ${alert.watch}`,
			});
		const body = canonicalJson(alert);
		if (channel === "stdout") return print(body);
		if (channel.startsWith("exec:")) return execute(channel.slice(5), body, id, timeoutMs, signal);
		const place = placeOf(channel);
		const text = place.service === "webhook" ? body : alertText(alert, await facts(alert));
		const limit = deadline(timeoutMs, signal);
		try {
			if (place.service === "mail") await sendMail(place, alertSubject(alert), text, id, timeoutMs, limit.signal);
			else await send(place, chatRequest(place, text, id) ?? webhook(place, body, id, seconds(), secret), limit.signal);
		} finally {
			limit.done();
		}
	};
}

/** A webhook's request: the alert as it is, with its key, the time and the signature. */
function webhook({ url }: Place, body: string, id: string, time: number, secret: string | undefined): ChatRequest {
	const signed = secret === undefined ? {} : { "clew-signature": `sha256=${signWebhook(secret, time, body)}` };
	return { url, method: "POST", headers: { "idempotency-key": id, "clew-time": String(time), ...signed }, body };
}

async function send(
	{ service, url: named, secrets }: Place,
	{ url, method, headers, body }: ChatRequest,
	signal: AbortSignal,
): Promise<void> {
	const shown = shownUrl(service, named);
	const response = await fetch(url, {
		method,
		// A redirect would send the alert to somebody who was not named.
		redirect: "error",
		signal,
		headers: { "content-type": "application/json", ...headers },
		body: typeof body === "string" ? body : JSON.stringify(body),
	}).catch((error: unknown) => {
		throw new ClewError("NOTIFY_FAILED", `${shown}: ${scrub(error instanceof Error ? error.message : String(error), secrets)}`, {
			retryable: true,
			cause: safeCause(error, secrets),
		});
	});
	await response.body?.cancel();
	if (!response.ok) throw new NotTaken(`${shown} answered ${response.status}`, askedWait(response.headers.get("retry-after")));
}

/** A place that answered no, and how long it asked to be left alone, in ms. */
class NotTaken extends ClewError {
	constructor(
		message: string,
		readonly waitMs: number,
	) {
		super("NOTIFY_FAILED", message, { retryable: true });
	}
}

/** Milliseconds that `Retry-After` asks for, in seconds, an hour at most; 0 where it asks for none. */
function askedWait(header: string | null): number {
	return header !== null && /^\d{1,9}$/.test(header) ? Math.min(Number(header) * 1_000, LONGEST_ASKED_MS) : 0;
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
		const asked = error instanceof NotTaken ? error.waitMs : 0;
		const nextAt = nowMs + Math.max(waitAfter(attempts), asked);
		const failed = canonicalJson({ ...delivery, attempts, lastError, nextAt, asked });
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
	const isDue = ({ nextAt, asked = 0 }: Delivery) => nextAt <= nowMs || nextAt > nowMs + Math.max(waitAfter(MAX_ATTEMPTS), asked);
	// A clock that was set back must not silence anything: what waits for longer than the longest wait is due.
	const due = (await listDeliveries(store)).filter(isDue);
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
