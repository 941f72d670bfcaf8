import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One call of JSON-RPC. */
export interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** What stands before a node answers by itself, besides the node: a whole answer, or nothing. */
export interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** Text as it is, anything else as JSON. */
	readonly body: unknown;
}

/** Error of one call. */
export interface CallError {
	readonly code: number;
	readonly message: string;
}

/** How a provider differs from the node behind it. Requests are counted from 1. */
export interface Profile {
	readonly name: string;
	/** Answers a whole request in the node's place. */
	readonly request?: (calls: readonly Call[], isBatch: boolean, request: number) => Reply | undefined;
	/** Refuses one call. */
	readonly refuse?: (call: Call, request: number) => CallError | undefined;
	/** Changes what the node answered to one call. */
	readonly change?: (call: Call, result: unknown, request: number) => unknown;
	/** Changes the text of a whole answer. */
	readonly text?: (text: string, request: number) => string;
}

/** A provider of a node's answers on a loopback port. */
export interface Provider {
	readonly url: string;
	/** Requests, and calls in them, that came. */
	readonly asked: { requests: number; calls: number; largestBatch: number; receipts: number };
	close(): void;
}

/** Puts a provider before a node. */
export async function startProvider(node: string, profile: Profile): Promise<Provider> {
	const asked = { requests: 0, calls: 0, largestBatch: 0, receipts: 0 };
	const server = createServer((request, response) => {
		let body = "";
		request.on("data", (part) => {
			body += part;
		});
		request.on("end", async () => {
			const { status = 200, headers = {}, body: told } = await answer(node, profile, JSON.parse(body) as Call | Call[], asked);
			response.writeHead(status, { "content-type": "application/json", ...headers });
			response.end(typeof told === "string" ? told : JSON.stringify(told));
		});
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

async function answer(node: string, profile: Profile, parsed: Call | Call[], asked: Provider["asked"]): Promise<Reply> {
	const calls = [parsed].flat();
	const request = ++asked.requests;
	asked.calls += calls.length;
	asked.receipts += calls.filter(({ method }) => method === "eth_getTransactionReceipt").length;
	asked.largestBatch = Math.max(asked.largestBatch, calls.length);
	const instead = profile.request?.(calls, Array.isArray(parsed), request);
	if (instead !== undefined) return instead;
	const answers = await Promise.all(calls.map((call) => answerCall(node, profile, call, request)));
	const text = JSON.stringify(Array.isArray(parsed) ? answers : answers[0]);
	return { body: profile.text?.(text, request) ?? text };
}

async function answerCall(node: string, profile: Profile, call: Call, request: number): Promise<unknown> {
	const refused = profile.refuse?.(call, request);
	if (refused !== undefined) return { jsonrpc: "2.0", id: call.id, error: refused };
	const told = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(call) });
	const one = (await told.json()) as { result?: unknown };
	return "result" in one && profile.change !== undefined ? { ...one, result: profile.change(call, one.result, request) } : one;
}
