import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { ClewError } from "@clew/core";
import { z } from "zod";

/** Action of the entry that says what an assistant asked, and what it was told: the only one that the served process may note. */
export const ASKED = "assistant asked";

/**
 * What the served process may ask of the one that started it, and nothing else: to note an entry in the session's log, to keep a
 * proposal, and to say that it is ready. It has no other way to write anything.
 */
const requestSchema = z.discriminatedUnion("ask", [
	z.strictObject({ ask: z.literal("ready") }),
	z.strictObject({ ask: z.literal("note"), action: z.literal(ASKED), detail: z.string().max(4_000), by: z.string().max(200).optional() }),
	z.strictObject({
		ask: z.literal("propose"),
		kind: z.enum(["freeze", "label", "watch", "fetch"]),
		account: z.string().max(250),
		trace: z
			.string()
			.regex(/^[0-9a-f]{16}$/)
			.optional(),
		category: z.string().max(40).optional(),
		entity: z.string().max(60).optional(),
		why: z.string().max(500),
		cites: z.array(z.strictObject({ id: z.string().max(13), fact: z.string().max(4_000) })).max(20),
		by: z.string().max(200).optional(),
	}),
]);
export type BrokerRequest = z.infer<typeof requestSchema>;
export type ProposalRequest = Extract<BrokerRequest, { ask: "propose" }>;

const MAX_LINE = 128 * 1024;

/** Answers the served process's requests, one at a time, until it ends. A request that is none of ours ends it: `onBreach`. */
export function answerRequests(channel: Duplex, answer: (request: BrokerRequest) => string, onBreach: (why: string) => void): void {
	let waiting = "";
	channel.setEncoding("utf8");
	channel.on("data", (chunk: string) => {
		waiting += chunk;
		for (let end = waiting.indexOf("\n"); end >= 0; end = waiting.indexOf("\n")) {
			const line = waiting.slice(0, end);
			waiting = waiting.slice(end + 1);
			try {
				channel.write(`${JSON.stringify({ ok: answer(requestSchema.parse(JSON.parse(line))) })}\n`);
			} catch (error) {
				if (!(error instanceof ClewError)) return onBreach(error instanceof Error ? error.name : "unreadable");
				channel.write(`${JSON.stringify({ failed: error.message })}\n`);
			}
		}
		if (waiting.length > MAX_LINE) onBreach("a line that is too long");
	});
	channel.on("error", () => undefined);
}

/** The other side: asks whoever started this process. */
export interface Broker {
	/** Gives what was noted: the hash of the entry, or the id of the proposal. Throws ClewError (DISK_FULL) where it could not be kept. */
	ask(request: BrokerRequest): Promise<string>;
}

/** Asks over a channel; answers come in the order of the questions. */
export function brokerOver(channel: Duplex): Broker {
	const open: { readonly resolve: (ok: string) => void; readonly reject: (error: Error) => void }[] = [];
	createInterface({ input: channel }).on("line", (line) => {
		const asked = open.shift();
		const { ok, failed } = JSON.parse(line) as { readonly ok?: string; readonly failed?: string };
		if (ok !== undefined) asked?.resolve(ok);
		else asked?.reject(new ClewError("DISK_FULL", failed ?? "it could not be noted"));
	});
	channel.on("close", () => {
		for (const { reject } of open.splice(0)) reject(new ClewError("DISK_FULL", "nobody notes any more what is asked"));
	});
	return {
		ask: (request) =>
			new Promise((resolve, reject) => {
				open.push({ resolve, reject });
				channel.write(`${JSON.stringify(request)}\n`);
			}),
	};
}
