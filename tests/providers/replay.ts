import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readSession } from "@clew/chains";
import type { Call } from "./proxy.js";

type Recorded = ReturnType<typeof readSession>[number];
/** What a call got: a part of an answer, or nothing at all. */
type Outcome = { readonly status: number; readonly part: object } | "silence";

type Reply = { readonly status: number; readonly text: string } | "silence";

interface Refusal {
	readonly calls: number;
	readonly status: number;
	readonly text: string;
}

/** The endpoints of a recorded session, in the order in which they were first asked, each as a URL on a loopback port. */
export interface Replay {
	readonly urls: readonly string[];
	/** Questions that the session does not hold. */
	readonly unknown: readonly string[];
	close(): void;
}

/** What depends on when it is asked. */
const OF_NOW = /timestamp=[0-9]+/g;

/**
 * Answers as the endpoints of a recorded session did: the same question, in whichever request, gets its recorded answers in their order,
 * and the last one again and again. Batches that were refused as such are refused at their place. An answer that never came is none here.
 */
export async function startReplay(file: string): Promise<Replay> {
	const session = readSession(readFileSync(file, "utf8"));
	const names = [...new Set(session.map(({ endpoint }) => endpoint))];
	const endpoints = names.map((name) => endpointOf(session.filter(({ endpoint }) => endpoint === name)));
	const unknown: string[] = [];
	const server = createServer((request, response) => {
		let body = "";
		request.on("data", (part) => {
			body += part;
		});
		request.on("end", () => {
			const [, at = "", rest = ""] = /^\/v([0-9]+)(.*)$/.exec(request.url ?? "") ?? [];
			const endpoint = endpoints[Number(at) - 1];
			if (endpoint === undefined) return void response.writeHead(404).end();
			endpoint(request.method === "POST" ? body : `GET ${rest}`, response, (question) => unknown.push(question));
		});
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const { port } = server.address() as AddressInfo;
	return {
		urls: names.map((_, i) => `http://127.0.0.1:${port}/v${i + 1}`),
		unknown,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

function endpointOf(session: readonly Recorded[]) {
	const calls = new Map<string, Outcome[]>();
	const refusals: Refusal[] = [];
	const pages = new Map<string, Recorded[]>();
	for (const one of session) {
		const asked = callsIn(one.request);
		if (asked === undefined) put(pages, keyOfPage(one.request), one);
		else if ("failed" in one) for (const call of asked) put(calls, keyOfCall(call), "silence" as const);
		else {
			const parts = partsIn(one.text);
			const isRefused = asked.length > 1 && !parts.some(({ id }) => asked.some((call) => call.id === id));
			if (isRefused) refusals.push({ calls: asked.length, status: one.status, text: one.text });
			else
				for (const call of asked)
					put(calls, keyOfCall(call), { status: one.status, part: parts.find(({ id }) => id === call.id) ?? parts[0] ?? {} });
		}
	}

	function page(request: string, missed: (question: string) => void): Reply {
		const key = [...pages.keys()].find((one) => keyOfPage(request).endsWith(one));
		const one = key === undefined ? undefined : next(pages, key);
		if (one === undefined) missed(request);
		if (one === undefined) return { status: 404, text: "" };
		return "failed" in one ? "silence" : one;
	}

	function answersTo(asked: readonly Call[], isBatch: boolean, missed: (question: string) => void): Reply {
		const [refusal] = refusals;
		if (refusal !== undefined && asked.length >= refusal.calls) return refusals.shift() as Refusal;
		const told = asked.map((call) => {
			const one = next(calls, keyOfCall(call));
			if (one === undefined) missed(keyOfCall(call));
			return one ?? { status: 200, part: { jsonrpc: "2.0", error: { code: -32603, message: "not in the session" } } };
		});
		if (told.includes("silence")) return "silence";
		const given = told as Exclude<Outcome, "silence">[];
		const parts = given.map(({ part }, i) => ({ ...part, id: asked[i]?.id }));
		return { status: isBatch ? 200 : (given[0]?.status ?? 200), text: JSON.stringify(isBatch ? parts : parts[0]) };
	}

	return (request: string, response: ServerResponse, missed: (question: string) => void): void => {
		const asked = callsIn(request);
		const reply = asked === undefined ? page(request, missed) : answersTo(asked, request.startsWith("["), missed);
		if (reply === "silence") response.destroy();
		else response.writeHead(reply.status, { "content-type": "application/json" }).end(reply.text);
	};
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
	map.set(key, [...(map.get(key) ?? []), value]);
}

/** The next answer to a question; the last one stays. */
function next<V>(map: Map<string, V[]>, key: string): V | undefined {
	const list = map.get(key);
	return list !== undefined && list.length > 1 ? list.shift() : list?.[0];
}

const keyOfCall = ({ method, params }: Call): string => `${method} ${JSON.stringify(params)}`;
const keyOfPage = (request: string): string => request.replace(/^GET [/?&]*/, "").replace(OF_NOW, "timestamp");

function callsIn(request: string): readonly Call[] | undefined {
	return /^[[{]/.test(request) ? [JSON.parse(request) as Call | Call[]].flat() : undefined;
}

function partsIn(text: string): readonly { readonly id?: unknown }[] {
	try {
		return [JSON.parse(text)].flat();
	} catch {
		return [];
	}
}
