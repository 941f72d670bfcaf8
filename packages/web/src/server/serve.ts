import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ClewError, defangLong, type GraphStore, InputError } from "@clew/core";
import { type ExplorerPage, explorerPage } from "../explorer-page.js";
import { Answers, type TraceOf } from "./answers.js";
import { Entry } from "./entry.js";

/** What an explorer shows, and where. */
export interface ExplorerOptions {
	/** Read, and written only with `now`; stays open. */
	readonly store: GraphStore;
	readonly traceOf: TraceOf;
	/** 0: any that is free. */
	readonly port: number;
	/** The time of an entry; where it is given, notes, names, groups, places and decisions may be written. */
	readonly now?: () => string;
}

/** An explorer that listens on this machine alone. */
export interface Explorer {
	/** Opens it once; whoever has it may look. */
	readonly link: string;
	close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Of a URL: longer ones are nobody's. */
const MAX_URL = 14_000;
const WRITE = "/api/mark";
/** Of a mark: the longest note in UTF-8, and escaped. */
const MAX_BODY = 16_384;
const MAX_READ = 4 << 20;
const SAFE = {
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"cache-control": "no-store",
	"cross-origin-resource-policy": "same-origin",
	"cross-origin-opener-policy": "same-origin",
} as const;

/** Opens an explorer. Throws what the socket throws, such as a port in use. */
export async function openExplorer({ store, traceOf, port, now }: ExplorerOptions): Promise<Explorer> {
	const page = explorerPage();
	const answers = new Answers(store, traceOf, now);
	let entry: Entry | undefined;
	const server = createServer((request, response) => {
		if (entry === undefined) response.writeHead(503).end();
		else answer(request, response, { page, answers, entry }).catch(() => response.destroy());
	});
	server.on("upgrade", (_, socket) => socket.destroy());
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, HOST, resolve);
	});
	const address = server.address();
	const found = typeof address === "object" && address !== null ? address.port : port;
	entry = new Entry(found);
	return {
		link: `http://${HOST}:${found}/?token=${entry.token}`,
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}

interface Room {
	readonly page: ExplorerPage;
	readonly answers: Answers;
	readonly entry: Entry;
}

async function answer(request: IncomingMessage, response: ServerResponse, { page, answers, entry }: Room): Promise<void> {
	const { headers, method, url = "/" } = request;
	if (!entry.isForUs(headers)) return say(response, 403, "This port is for its own page.");
	const isWriting = method === "POST" && url === WRITE && answers.canWrite;
	if (method !== "GET" && !isWriting)
		return say(response, 405, answers.canWrite ? "This is nothing to write to." : "This page only looks.");
	if (url.length > MAX_URL || !url.startsWith("/") || !URL.canParse(url, "http://explorer"))
		return failed(response, 400, "BAD_INPUT", "the address is too long, or none");
	const { pathname, searchParams } = new URL(url, "http://explorer");
	if (pathname === "/favicon.ico") return say(response, 204, "");
	const token = pathname === "/" ? searchParams.get("token") : null;
	const cookie = token === null ? undefined : entry.exchange(token);
	if (cookie === undefined && !entry.knows(headers))
		return say(response, 403, "This link was used, or is none. Run clew open again for a new one.");
	if (pathname === "/") {
		const more = cookie === undefined ? {} : { "set-cookie": cookie };
		response
			.writeHead(200, { ...SAFE, ...more, "content-type": "text/html; charset=utf-8", "content-security-policy": page.policy })
			.end(page.html);
		return;
	}
	try {
		const told = isWriting ? await answers.write(await asked(request)) : await answers.to(pathname, searchParams);
		if (told === undefined) return failed(response, 404, "BAD_INPUT", "nothing is here");
		response.writeHead(200, { ...SAFE, "content-type": "application/json" }).end(JSON.stringify(told));
	} catch (error) {
		if (!(error instanceof ClewError)) return failed(response, 500, "UNEXPECTED", "this is a defect of Clew: please report it");
		failed(response, STATUS.get(error.code) ?? 400, error.code, [error.message, error.hint ?? ""].join(" ").trim());
	}
}

/**
 * What was posted, as JSON. A page of another site can send no such thing: it has no cookie, its origin is another, and this type of content
 * makes a browser ask first, which is refused. Throws InputError.
 */
async function asked(request: IncomingMessage): Promise<unknown> {
	const { origin, "content-type": type } = request.headers;
	if (origin === undefined || type !== "application/json") throw new InputError("a mark is sent as JSON by the page of this port");
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		// What is too long is read to its end, and not kept, so that its sender hears why; what has none is cut off.
		if (size <= MAX_BODY) chunks.push(chunk as Buffer);
		else if (size > MAX_READ) request.destroy();
	}
	if (size > MAX_BODY) throw new InputError("a mark is not that long");
	try {
		return JSON.parse(Buffer.concat(chunks).toString("utf8"));
	} catch {
		throw new InputError("a mark is sent as JSON");
	}
}

/** What is not the asker's fault. */
const STATUS: ReadonlyMap<string, number> = new Map([
	["CASE_BUSY", 503],
	["CASE_CORRUPT", 500],
	["STORE_UNREACHABLE", 503],
]);

function say(response: ServerResponse, status: number, text: string): void {
	response
		.writeHead(status, { ...SAFE, "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" })
		.end(text);
}

function failed(response: ServerResponse, status: number, code: string, message: string): void {
	const body = JSON.stringify({ error: { code, message: defangLong(message) } });
	response.writeHead(status, { ...SAFE, "content-type": "application/json" }).end(body);
}
