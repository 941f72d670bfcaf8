import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isLocalRequest, isOfNoOtherSite } from "@clew/guard/loopback";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { type Gateway, Session } from "./session.js";

/** Where a gateway answers over HTTP. */
export interface HttpPlace {
	/** The socket that it listens at: whoever started it leads the port there. */
	readonly socket: string;
	/** The port of this machine by which clients know it. */
	readonly port: number;
	/** Nobody guesses it: the port alone is open to every program and person of the machine. */
	readonly path: string;
}

const MAX_SESSIONS = 16;
const IDLE_MS = 30 * 60_000;
/** How long a session is silent before it makes room for another. */
const GIVES_WAY_MS = 60_000;
const MAX_BODY = 256 * 1024;

interface Open {
	readonly transport: StreamableHTTPServerTransport;
	seen: number;
}

/** Serves sessions over HTTP: a session each for whoever initializes one. Throws what the socket throws. */
export async function serveHttp(gateway: Gateway, { socket, port, path }: HttpPlace): Promise<Server> {
	const sessions = new Map<string, Open>();
	const server = createServer((request, response) => {
		answer(request, response).catch(() => {
			if (!response.headersSent) response.writeHead(500);
			response.end();
		});
	});
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const isForUs = isLocalRequest(request.headers, port, undefined) && isOfNoOtherSite(request.headers);
		if (!isForUs) return refuse(response, 403, "This port is for programs of this machine.");
		if (request.url !== path) return refuse(response, 404, "Nothing is here.");
		const named = request.headers["mcp-session-id"];
		if (named === undefined && request.method === "POST") return begin(request, response);
		const open = typeof named === "string" ? sessions.get(named) : undefined;
		if (open === undefined) return refuse(response, named === undefined ? 400 : 404, "There is no such session.");
		open.seen = Date.now();
		return open.transport.handleRequest(request, response);
	};
	const end = async (id: string) => {
		const open = sessions.get(id);
		sessions.delete(id);
		await open?.transport.close();
	};
	const begin = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const idle = [...sessions].filter(([, { seen }]) => Date.now() - seen > IDLE_MS);
		for (const [id] of idle) await end(id);
		// Where all are taken, whoever was silent for longest makes room: sessions that somebody only opened keep nobody out.
		const [oldest] = [...sessions].sort(([, a], [, b]) => a.seen - b.seen);
		if (sessions.size >= MAX_SESSIONS && oldest !== undefined && Date.now() - oldest[1].seen > GIVES_WAY_MS) await end(oldest[0]);
		if (sessions.size >= MAX_SESSIONS) return refuse(response, 503, "There are too many sessions.");
		// As streams of events: in answers as JSON, SDK 1.32.2 keeps every answer until its session ends (its issue 2559).
		const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
			sessionIdGenerator: randomUUID,
			maxRequestBodySize: MAX_BODY,
			onsessioninitialized: (id) => {
				sessions.set(id, { transport, seen: Date.now() });
			},
			onsessionclosed: (id) => {
				sessions.delete(id);
			},
		});
		// The SDK's class declares its handlers in a way that its own interface does not take under exactOptionalPropertyTypes.
		await new Session(gateway).server.connect(transport as Parameters<Session["server"]["connect"]>[0]);
		return transport.handleRequest(request, response);
	};
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
	return server;
}

function refuse(response: ServerResponse, status: number, text: string): void {
	response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" }).end(text);
}
