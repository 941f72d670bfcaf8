import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Intent } from "./intent.js";
import { type Facts, isWorse, type Judgement, judge } from "./judge.js";
import { Allowance, type Limits } from "./limits.js";
import { isLocalRequest, isOwnOrigin } from "./loopback.js";
import { mayBeJudged, sendingOf } from "./methods.js";
import { heldPage, listPage, MAX_LISTED, TYPED } from "./page.js";
import { answerJson, bodyOf, refuse, type Shown, show } from "./respond.js";
import type { Upstream } from "./upstream.js";

/** A transaction that was judged: what it is, what became of it, and when (ISO). */
export interface Decision {
	readonly at: string;
	readonly method: string;
	/** Hash of a signed transaction. */
	readonly hash?: string;
	readonly from?: string;
	readonly outcome: Judgement["outcome"] | "sent anyway";
	/** Addresses that it pays, lower case. */
	readonly pays: readonly string[];
	readonly reasons: readonly string[];
	readonly actions: readonly string[];
}

/** How a guard stands. */
export interface GuardOptions {
	/** The node behind it; closed with the guard. */
	readonly upstream: Upstream;
	/** Loopback alone. */
	readonly host: string;
	/** 0: any that is free. */
	readonly port: number;
	readonly facts: Facts;
	readonly strict: boolean;
	/** What may leave without a person's word; absent: whatever the judgement lets pass. */
	readonly limits?: Limits;
	/** Every judgement of something that leaves, and every release. */
	readonly onDecision: (decision: Decision) => void;
	readonly now: () => string;
}

/** A guard that listens. */
export interface Guard {
	readonly url: string;
	close(): Promise<void>;
}

/** Calls of one batch that are judged. */
const MAX_BATCH = 1_000;
/** Held back and not released yet; the oldest goes. */
const MAX_HELD = 200;
/** JSON-RPC: held back by the guard (EIP-1474 leaves -32000 to -32099 to servers); no JSON. */
const CODE = { held: -32_090, parse: -32_700 } as const;
/** Pages of extensions are wallets; pages of sites are not, and have no business with a local port. */
const EXTENSION = /^(chrome-extension|moz-extension|safari-web-extension|app|tauri):/i;

interface Held {
	readonly id: string;
	/** Typed back with the release: other pages cannot read it. */
	readonly token: string;
	readonly method: string;
	readonly body: string;
	readonly judgement: Judgement;
	readonly intents: readonly Intent[];
	readonly at: string;
	released: boolean;
}

interface Call {
	readonly id?: unknown;
	readonly method?: unknown;
	readonly params?: unknown;
}

/** Opens a guard. Throws what the socket throws: a port in use, a host that is not this machine's. */
export async function openGuard(options: GuardOptions): Promise<Guard> {
	const guard = new Proxying(options);
	const server = createServer((request, response) => {
		guard.answer(request, response).catch(() => {
			if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
			response.end();
		});
	});
	server.on("upgrade", (_, socket) => {
		// What goes over a WebSocket would not be judged.
		socket.end("HTTP/1.1 501 Not Implemented\r\nConnection: close\r\n\r\n");
	});
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(options.port, options.host, resolve);
	});
	const address = server.address();
	guard.port = typeof address === "object" && address !== null ? address.port : options.port;
	return { url: guard.url, close: () => closed(server, options.upstream) };
}

function closed(server: Server, upstream: Upstream): Promise<void> {
	upstream.close();
	server.closeAllConnections();
	return new Promise((resolve) => server.close(() => resolve()));
}

class Proxying {
	port = 0;
	private readonly options: GuardOptions;
	private readonly held = new Map<string, Held>();
	/** Bodies whose owner said "send anyway": passed once more when the wallet tries again. */
	private readonly allowed = new Set<string>();
	private readonly recent: Decision[] = [];
	private readonly allowance: Allowance;

	constructor(options: GuardOptions) {
		this.options = options;
		this.allowance = new Allowance(options.limits ?? { maxValue: undefined, receivers: undefined });
	}

	/** Where it is found, by the name that it was opened with. */
	get url(): string {
		const { host } = this.options;
		return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
	}

	async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (!isLocalRequest(request.headers, this.port, EXTENSION)) return refuse(response, 403, "This port is for programs of this machine.");
		const path = new URL(request.url ?? "/", "http://guard").pathname;
		if (request.method === "OPTIONS") return refuse(response, 204, "");
		if (request.method === "GET") return show(response, this.page(path));
		if (request.method !== "POST") return refuse(response, 405, "POST a JSON-RPC request.");
		const encoding = request.headers["content-encoding"] ?? "identity";
		if (encoding !== "identity") return refuse(response, 415, "Send it unpacked.");
		const body = await bodyOf(request);
		if (body === undefined) return refuse(response, 413, "The request is too large.");
		if (path.startsWith("/held/")) return show(response, this.release(path, body, request));
		return this.call(body, response);
	}

	private async call(body: string, response: ServerResponse): Promise<void> {
		// Most calls only read: their bytes go on as they came.
		if (!mayBeJudged(body)) return this.options.upstream.forward(body, response);
		let parsed: unknown;
		try {
			parsed = JSON.parse(body);
		} catch {
			return answerJson(response, { jsonrpc: "2.0", id: null, error: { code: CODE.parse, message: "no JSON" } });
		}
		if (Array.isArray(parsed)) return this.batch(parsed, response);
		const found = await this.judged(parsed as Call);
		if (found !== undefined) return answerJson(response, found);
		// One key may stand twice, and be read one way here and another there: what was judged is what is sent.
		return this.options.upstream.forward(hasDuplicates(body, parsed) ? JSON.stringify(parsed) : body, response);
	}

	private async batch(calls: readonly unknown[], response: ServerResponse): Promise<void> {
		if (calls.length > MAX_BATCH) return refuse(response, 413, `At most ${MAX_BATCH} calls in a batch that sends something.`);
		const answers = await Promise.all(calls.map((one) => this.judged(one as Call)));
		const passed = calls.filter((_, i) => answers[i] === undefined);
		const heldBack = answers.filter((one) => one !== undefined);
		if (heldBack.length === 0) return this.options.upstream.forward(JSON.stringify(calls), response);
		if (passed.length === 0) return answerJson(response, heldBack);
		const told = await this.options.upstream.ask(JSON.stringify(passed));
		return answerJson(response, [...(Array.isArray(told) ? told : [told]), ...heldBack]);
	}

	/** The answer to a call that is held back; undefined: it goes on. */
	private async judged(call: Call): Promise<object | undefined> {
		if (typeof call !== "object" || call === null || typeof call.method !== "string") return undefined;
		const { method, params, id = null } = call;
		const key = `${method} ${JSON.stringify(params)}`;
		if (this.allowed.delete(key)) return undefined;
		let sending: ReturnType<typeof sendingOf>;
		try {
			sending = sendingOf(method, params);
		} catch {
			return this.hold(call, key, [], UNREADABLE);
		}
		if (sending === undefined) return undefined;
		const judgements: Judgement[] = [];
		for (const intent of sending.intents) judgements.push(await this.judgeIntent(intent, sending.leaves));
		const worst = worstOf(judgements);
		if (worst === undefined) return undefined;
		if (sending.leaves) for (const [i, intent] of sending.intents.entries()) this.note(method, intent, judgements[i] as Judgement);
		if (worst.outcome !== "hold") return undefined;
		if (!sending.leaves)
			return { jsonrpc: "2.0", id, error: { code: CODE.held, message: `Clew: ${worst.sentence} It would be held back.` } };
		return this.hold(call, key, sending.intents, worst);
	}

	private async judgeIntent(intent: Intent, leaves: boolean): Promise<Judgement> {
		try {
			const judgement = await judge(intent, this.options.facts, this.options.strict);
			const beyond = judgement.outcome === "hold" ? undefined : this.allowance.beyond(intent, leaves);
			if (beyond === undefined) return judgement;
			return { ...judgement, outcome: "hold", sentence: beyond, reasons: [beyond, ...judgement.reasons] };
		} catch (error) {
			// What could not be looked at is no all-clear.
			const reason = `It could not be judged: ${error instanceof Error ? error.message : "unknown"}.`;
			return { outcome: "hold", sentence: reason, reasons: [reason], whatToDo: [], actions: [] };
		}
	}

	private hold({ id = null, method, params }: Call, key: string, intents: readonly Intent[], judgement: Judgement): object {
		const known = [...this.held.values()].find((one) => one.body === key && !one.released);
		const held: Held = known ?? {
			id: randomBytes(8).toString("hex"),
			token: randomBytes(16).toString("hex"),
			method: String(method),
			body: key,
			judgement,
			intents,
			at: this.options.now(),
			released: false,
		};
		this.held.set(held.id, held);
		for (const old of this.held.keys()) {
			if (this.held.size <= MAX_HELD) break;
			this.held.delete(old);
		}
		if (params !== undefined && intents.length === 0)
			this.tell({ at: held.at, method: held.method, outcome: "hold", pays: [], reasons: judgement.reasons, actions: [] });
		const url = `${this.url}/held/${held.id}`;
		const message = `Held back by Clew: ${judgement.sentence} Nothing was sent. Reasons, what to do, and how to send it anyway: ${url}`;
		return { jsonrpc: "2.0", id, error: { code: CODE.held, message, data: { reasons: judgement.reasons, url } } };
	}

	private note(method: string, intent: Intent, { outcome, reasons, actions }: Judgement): void {
		this.tell({ at: this.options.now(), method, ...whose(intent), outcome, pays: paidBy(intent), reasons, actions });
	}

	private tell(decision: Decision): void {
		this.recent.unshift(decision);
		this.recent.length = Math.min(this.recent.length, MAX_LISTED);
		this.options.onDecision(decision);
	}

	private page(path: string): Shown {
		const id = /^\/held\/([0-9a-f]{16})$/.exec(path)?.[1];
		const held = id === undefined ? undefined : this.held.get(id);
		if (held !== undefined) return { status: 200, page: heldPage(held) };
		if (path !== "/") return { status: 404, page: "" };
		const waiting = [...this.held.values()].filter((one) => !one.released);
		return { status: 200, page: listPage(this.recent, waiting) };
	}

	/** The owner's word: typed, with the page's own token, noted. The wallet then sends it again, and it passes once. */
	private release(path: string, body: string, { headers }: IncomingMessage): Shown {
		const held = this.held.get(path.slice("/held/".length));
		const form = new URLSearchParams(body);
		const isOwnPage = headers.origin !== undefined && isOwnOrigin(headers.origin, this.port);
		if (held === undefined || !isOwnPage || form.get("token") !== held.token) return { status: 403, page: "" };
		if (form.get("typed")?.trim().toLowerCase() !== TYPED) return { status: 400, page: heldPage(held, "The words are not those above.") };
		if (!held.released) {
			held.released = true;
			this.allowed.add(held.body);
			const { at, judgement, method, intents } = held;
			const reasons = [...judgement.reasons, `held back at ${at}`];
			this.tell({
				at: this.options.now(),
				method,
				...whose(intents[0]),
				outcome: "sent anyway",
				pays: intents.flatMap(paidBy),
				reasons,
				actions: judgement.actions,
			});
		}
		return { status: 200, page: heldPage(held) };
	}
}

const UNREADABLE: Judgement = {
	outcome: "hold",
	sentence: "It cannot be read, so what it does is not known.",
	reasons: ["It cannot be read, so what it does is not known."],
	whatToDo: ["Do not send what your wallet cannot show you."],
	actions: [],
};

function worstOf(judgements: readonly Judgement[]): Judgement | undefined {
	return judgements.reduce<Judgement | undefined>(
		(worst, one) => (worst === undefined || isWorse(one.outcome, worst.outcome) ? one : worst),
		undefined,
	);
}

/** Whether a text says more than what was read from it: a key twice. White space aside, equal texts are as long. */
function hasDuplicates(body: string, parsed: unknown): boolean {
	return JSON.stringify(parsed).length !== body.replace(/\s/g, "").length;
}

function paidBy({ actions }: Intent): readonly string[] {
	return actions.flatMap((action) => ((action.kind === "pay" && action.amount > 0n) || action.kind === "pay-token" ? [action.to] : []));
}

function whose(intent: Intent | undefined): Pick<Decision, "hash" | "from"> {
	const { hash, from } = intent ?? {};
	return { ...(hash === undefined ? {} : { hash }), ...(from === undefined ? {} : { from }) };
}
