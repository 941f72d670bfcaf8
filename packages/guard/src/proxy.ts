import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Desk, type DeskOptions } from "./desk.js";
import { type Dialect, plainPath, UNKNOWN_READ } from "./dialect.js";
import { sortCalls, together } from "./json-rpc.js";
import { isLocalRequest, isOwnOrigin } from "./loopback.js";
import { answerJson, bodyOf, refuse, show } from "./respond.js";
import { Sockets } from "./sockets.js";
import type { Passed, Upstream } from "./upstream.js";

/** How a guard stands. */
export interface GuardOptions extends DeskOptions {
	/** The node behind it; closed with the guard. */
	readonly upstream: Upstream;
	/** How its wallets speak. */
	readonly dialect: Dialect;
	/** Loopback alone. */
	readonly host: string;
	/** 0: any that is free. */
	readonly port: number;
}

/** A guard that listens. */
export interface Guard {
	readonly url: string;
	close(): Promise<void>;
}

/** Pages of extensions are wallets; pages of sites are not, and have no business with a local port. */
const EXTENSION = /^(chrome-extension|moz-extension|safari-web-extension|app|tauri):/i;

/** Opens a guard. Throws what the socket throws: a port in use, a host that is not this machine's. */
export async function openGuard(options: GuardOptions): Promise<Guard> {
	const guard = new Proxying(options);
	const server = createServer((request, response) => {
		guard.answer(request, response).catch(() => {
			if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
			response.end();
		});
	});
	const sockets = new Sockets(options.dialect, options.upstream, guard.desk);
	server.on("upgrade", (request, socket, head) => {
		if (guard.isForUs(request)) sockets.open(request, socket, head);
		else socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, options.host, resolve);
	});
	const address = server.address();
	guard.isAt(typeof address === "object" && address !== null ? address.port : options.port);
	return {
		url: guard.desk.url,
		close() {
			sockets.close();
			return closed(server, options.upstream);
		},
	};
}

function closed(server: Server, upstream: Upstream): Promise<void> {
	upstream.close();
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}

class Proxying {
	readonly desk: Desk;
	private readonly options: GuardOptions;
	private port = 0;

	constructor(options: GuardOptions) {
		this.options = options;
		this.desk = new Desk(options);
	}

	/** Where it is found, by the name that it was opened with. */
	isAt(port: number): void {
		const { host } = this.options;
		this.port = port;
		this.desk.url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
	}

	/** Against DNS rebinding and requests across sites. */
	isForUs({ headers }: IncomingMessage): boolean {
		return isLocalRequest(headers, this.port, EXTENSION);
	}

	async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (!this.isForUs(request)) return refuse(response, 403, "This port is for programs of this machine.");
		const { pathname, search } = new URL((request.url ?? "/").replace(/^\/+/, "/"), "http://guard");
		const { method = "GET", headers } = request;
		const { dialect } = this.options;
		const hasPaths = dialect.pathSending !== undefined;
		if (method === "OPTIONS") return refuse(response, 204, "");
		if (method === "GET" && (this.desk.hasPage(pathname) || !hasPaths)) return show(response, this.desk.page(pathname));
		if (method !== "POST" && !(hasPaths && method === "GET"))
			return refuse(response, 405, hasPaths ? "GET or POST." : "POST a JSON-RPC request.");
		if ((headers["content-encoding"] ?? "identity") !== "identity") return refuse(response, 415, "Send it unpacked.");
		const body = await bodyOf(request);
		if (body === undefined) return refuse(response, 413, "The request is too large.");
		const isOwnPage = headers.origin !== undefined && isOwnOrigin(headers.origin, this.port);
		if (pathname.startsWith("/held/")) return show(response, this.desk.release(pathname, body, isOwnPage));
		if (!hasPaths) return this.call({ method, body }, response);
		const type = headers["content-type"]?.startsWith("text/plain") ? "text/plain" : undefined;
		const key = dialect.keyHeader === undefined ? undefined : headers[dialect.keyHeader];
		const passed = { method, path: pathname, search, body, type, key: typeof key === "string" ? key : undefined };
		return this.byPath(passed, response);
	}

	/** A call of an API of paths; what sends nothing by its path may do so as JSON-RPC. */
	private async byPath(passed: Passed, response: ServerResponse): Promise<void> {
		const path = plainPath(passed.path ?? "/");
		if (path === undefined) return refuse(response, 400, "The path is not read by all alike.");
		const { method, body, search } = passed;
		const { dialect, upstream } = this.options;
		const sending = dialect.pathSending?.({ method, path, query: new URLSearchParams(search), body });
		const isRpc = method === "POST" && dialect.rpcPath?.test(path) !== false;
		if (sending === undefined && isRpc) return this.call(passed, response);
		const reads = dialect.readsPath?.test(path) ?? method === "GET";
		if (sending === undefined && this.desk.isLimited && !reads) return refuse(response, 403, `Held back by Clew: ${UNKNOWN_READ}.`);
		if (sending === undefined) return upstream.forward(passed, response);
		const { name, read } = sending;
		const refusal = await this.desk.judged({ name, key: `${method} ${path}${search} ${body}`, read });
		if (refusal === undefined) return upstream.forward(passed, response);
		const { status, type, body: text } = sending.refusal(refusal.message);
		response.writeHead(status, { "content-type": type }).end(text);
	}

	private async call(passed: Passed, response: ServerResponse): Promise<void> {
		const sorted = await sortCalls(passed.body, this.options.dialect, this.desk);
		if ("tooMany" in sorted) return refuse(response, 413, sorted.tooMany);
		if ("answer" in sorted) return answerJson(response, sorted.answer);
		const { forward: body, answers } = sorted;
		if (answers.length === 0) return this.options.upstream.forward({ ...passed, body }, response);
		answerJson(response, together(await this.options.upstream.ask(body), answers));
	}
}
