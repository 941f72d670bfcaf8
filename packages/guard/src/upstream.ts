import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { answerJson, bodyOf } from "./respond.js";

/** What nobody answers in this time, in milliseconds, is an error. */
export const PATIENCE = 120_000;
/** JSON-RPC code of what the node behind the guard does not answer (EIP-1474 leaves -32000 to -32099 to servers). */
const UNANSWERED = -32_091;

/** A request as it is passed on. */
export interface Passed {
	readonly method: string;
	readonly body: string;
	/** Behind the node's own; absent where paths mean nothing. */
	readonly path?: string;
	/** With its `?`. */
	readonly search?: string;
	readonly type?: string | undefined;
	/** The caller's own key for the node, used where the node's URL has none. */
	readonly key?: string | undefined;
}

/** The node behind a guard. */
export interface Upstream {
	/** Passes a request on, and the answer back as it comes. */
	forward(request: Passed, response: ServerResponse): Promise<void>;
	/** A request of which the answer is read here, within so many milliseconds of silence. What is above `maxBytes` is no answer. Throws what the connection throws. */
	ask(body: string, patience?: number, path?: string, maxBytes?: number): Promise<unknown>;
	/** Where a WebSocket is opened to it; undefined where it was given by HTTP. */
	readonly socketUrl: string | undefined;
	close(): void;
}

/** Tells a caller that the node is silent. */
export function unanswered(response: ServerResponse): void {
	if (response.headersSent) response.destroy();
	else
		answerJson(response, {
			jsonrpc: "2.0",
			id: null,
			error: { code: UNANSWERED, message: "Clew's guard: the node behind it does not answer." },
		});
}

/** A node by HTTP; connections are kept. */
export class HttpUpstream implements Upstream {
	readonly socketUrl = undefined;
	private readonly upstream: URL;
	private readonly keyHeader: string | undefined;
	private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 64 });
	private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: 64 });

	/** `keyHeader`: where a caller's key goes; a URL's user without a password is one, too, but for `authorization`. */
	constructor(url: string, keyHeader?: string) {
		this.upstream = new URL(url);
		this.keyHeader = keyHeader;
	}

	close(): void {
		this.http.destroy();
		this.https.destroy();
	}

	forward(request: Passed, response: ServerResponse): Promise<void> {
		return new Promise((resolve) => {
			const fail = () => {
				unanswered(response);
				resolve();
			};
			const sent = this.send(request, (answer) => {
				const { "content-type": type = "application/json", "content-encoding": encoding } = answer.headers;
				response.writeHead(answer.statusCode ?? 502, {
					"content-type": type,
					...(encoding === undefined ? {} : { "content-encoding": encoding }),
				});
				answer.pipe(response);
				answer.once("error", fail);
				response.once("close", resolve);
			});
			sent.once("error", fail);
		});
	}

	async ask(body: string, patience = PATIENCE, path?: string, maxBytes?: number): Promise<unknown> {
		const request = { method: "POST", body, ...(path === undefined ? {} : { path }) };
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			this.send(request, resolve, patience).once("error", reject);
		});
		return JSON.parse((await bodyOf(answer, maxBytes)) ?? "null");
	}

	private send(request: Passed, onAnswer: (answer: IncomingMessage) => void, patience = PATIENCE) {
		const { upstream } = this;
		const secure = upstream.protocol === "https:";
		const bytes = Buffer.from(request.body);
		const sent = (secure ? requestHttps : requestHttp)(
			{
				method: request.method,
				hostname: upstream.hostname.replace(/^\[|\]$/g, ""),
				port: upstream.port === "" ? undefined : upstream.port,
				path:
					request.path === undefined
						? `${upstream.pathname}${upstream.search}`
						: `${upstream.pathname.replace(/\/$/, "")}${request.path}${request.search || upstream.search}`,
				agent: secure ? this.https : this.http,
				timeout: patience,
				headers: {
					...this.keys(request.key),
					...(request.method === "GET" ? {} : { "content-type": request.type ?? "application/json", "content-length": bytes.length }),
					accept: "application/json",
				},
			},
			onAnswer,
		);
		sent.once("timeout", () => sent.destroy(new Error("the node does not answer")));
		sent.end(request.method === "GET" ? undefined : bytes);
		return sent;
	}

	private keys(key: string | undefined): Record<string, string> {
		const { keyHeader } = this;
		const [user, password] = [this.upstream.username, this.upstream.password].map(decodeURIComponent) as [string, string];
		if (user !== "" && password === "" && keyHeader !== undefined && keyHeader !== "authorization") return { [keyHeader]: user };
		if (user !== "") return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
		return key === undefined || keyHeader === undefined ? {} : { [keyHeader]: key };
	}
}
