import type { ServerResponse } from "node:http";
import { WebSocket } from "ws";
import { answerJson } from "./respond.js";
import { SOCKET } from "./socket-options.js";
import { PATIENCE, type Passed, type Upstream, unanswered } from "./upstream.js";

interface Waiting {
	readonly done: (answer: unknown) => void;
	readonly fail: (error: Error) => void;
	/** The ids of the calls as they came, by those that they were sent with. */
	readonly ids: ReadonlyMap<number, unknown>;
}

/** A node by WebSocket, which answers calls over HTTP and the guard's own questions through one connection. */
export class SocketUpstream implements Upstream {
	readonly socketUrl: string;
	private socket: Promise<WebSocket> | undefined;
	private readonly waiting = new Map<number, Waiting>();
	private last = 0;

	constructor(url: string) {
		this.socketUrl = url;
	}

	close(): void {
		this.socket?.then(
			(socket) => socket.terminate(),
			() => {},
		);
		this.socket = undefined;
	}

	async forward({ body }: Passed, response: ServerResponse): Promise<void> {
		try {
			answerJson(response, await this.ask(body));
		} catch {
			unanswered(response);
		}
	}

	async ask(body: string, patience = PATIENCE): Promise<unknown> {
		const parsed: unknown = JSON.parse(body);
		const calls = (Array.isArray(parsed) ? parsed : [parsed]) as readonly Readonly<Record<string, unknown>>[];
		const ids = new Map<number, unknown>();
		const numbered = calls.map((call) => {
			ids.set(++this.last, call?.["id"] ?? null);
			return { ...call, id: this.last };
		});
		const socket = await this.connected();
		return new Promise((resolve, reject) => {
			const end = (work: () => void) => {
				clearTimeout(timer);
				for (const id of ids.keys()) this.waiting.delete(id);
				work();
			};
			const fail = (error: Error) => end(() => reject(error));
			const timer = setTimeout(() => fail(new Error("the node does not answer")), patience);
			const waiting: Waiting = { ids, fail, done: (answer) => end(() => resolve(answer)) };
			for (const id of ids.keys()) this.waiting.set(id, waiting);
			socket.send(JSON.stringify(Array.isArray(parsed) ? numbered : numbered[0]), (error) => error && fail(error));
		});
	}

	private connected(): Promise<WebSocket> {
		const known = this.socket;
		if (known !== undefined) return known;
		const opening = new Promise<WebSocket>((resolve, reject) => {
			const socket = new WebSocket(this.socketUrl, SOCKET.upstream);
			socket.once("open", () => resolve(socket));
			socket.on("error", reject);
			socket.on("message", (data) => this.answered(String(data)));
			socket.once("close", () => {
				if (this.socket === opening) this.socket = undefined;
				for (const { fail } of new Set(this.waiting.values())) fail(new Error("the node closed the connection"));
				reject(new Error("the node closed the connection"));
			});
		});
		this.socket = opening;
		return opening;
	}

	/** What answers none of the calls, such as news of a subscription, has nobody who waits for it here. */
	private answered(text: string): void {
		let answer: unknown;
		try {
			answer = JSON.parse(text);
		} catch {
			return;
		}
		const all = (Array.isArray(answer) ? answer : [answer]) as readonly ({ readonly id?: unknown } | null)[];
		const waiting = all.map((one) => this.waiting.get(Number(one?.id))).find((one) => one !== undefined);
		if (waiting === undefined) return;
		const own = all.map((one) => ({ ...one, id: waiting.ids.get(Number(one?.id)) ?? null }));
		waiting.done(Array.isArray(answer) ? own : own[0]);
	}
}
