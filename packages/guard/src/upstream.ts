import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type ServerResponse } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { answerJson, bodyOf } from "./respond.js";

/** What nobody answers in this time, in milliseconds, is an error. */
const PATIENCE = 120_000;
/** JSON-RPC code of what the node behind the guard does not answer (EIP-1474 leaves -32000 to -32099 to servers). */
const UNANSWERED = -32_091;

/** The node behind a guard; connections are kept. */
export class Upstream {
	private readonly upstream: URL;
	private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 64 });
	private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: 64 });

	constructor(url: string) {
		this.upstream = new URL(url);
	}

	close(): void {
		this.http.destroy();
		this.https.destroy();
	}

	/** Passes a body on, and the answer back as it comes. */
	forward(body: string, response: ServerResponse): Promise<void> {
		return new Promise((resolve) => {
			const fail = () => {
				if (!response.headersSent)
					answerJson(response, {
						jsonrpc: "2.0",
						id: null,
						error: { code: UNANSWERED, message: "Clew's guard: the node behind it does not answer." },
					});
				else response.destroy();
				resolve();
			};
			const sent = this.send(body, (answer) => {
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

	/** A request of which the answer is read here, within so many milliseconds of silence. Throws what the connection throws. */
	async ask(body: string, patience = PATIENCE): Promise<unknown> {
		const answer = await new Promise<IncomingMessage>((resolve, reject) => {
			this.send(body, resolve, patience).once("error", reject);
		});
		return JSON.parse((await bodyOf(answer)) ?? "null");
	}

	private send(body: string, onAnswer: (answer: IncomingMessage) => void, patience = PATIENCE) {
		const { upstream } = this;
		const secure = upstream.protocol === "https:";
		const bytes = Buffer.from(body);
		const auth =
			upstream.username === "" ? {} : { auth: `${decodeURIComponent(upstream.username)}:${decodeURIComponent(upstream.password)}` };
		const sent = (secure ? requestHttps : requestHttp)(
			{
				...auth,
				method: "POST",
				hostname: upstream.hostname.replace(/^\[|\]$/g, ""),
				port: upstream.port === "" ? undefined : upstream.port,
				path: `${upstream.pathname}${upstream.search}`,
				agent: secure ? this.https : this.http,
				timeout: patience,
				headers: { "content-type": "application/json", "content-length": bytes.length, accept: "application/json" },
			},
			onAnswer,
		);
		sent.once("timeout", () => sent.destroy(new Error("the node does not answer")));
		sent.end(bytes);
		return sent;
	}
}
