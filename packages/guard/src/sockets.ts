import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Desk } from "./desk.js";
import type { Dialect } from "./dialect.js";
import { sortCalls } from "./json-rpc.js";
import { SOCKET } from "./socket-options.js";
import type { Upstream } from "./upstream.js";

/** RFC 6455: a kind of data that is not taken, too much of it, and a server that cannot go on. */
const CLOSE = { gone: 1001, notTaken: 1003, policy: 1008, broken: 1011 } as const;
/** Frames of one wallet that wait to be judged, or for the node to open. */
const MAX_WAITING = 1_000;

/** WebSockets of wallets: each has one of its own to the node; frames of JSON-RPC are judged as over HTTP. */
export class Sockets {
	private readonly server = new WebSocketServer(SOCKET.wallet);
	private readonly dialect: Dialect;
	private readonly upstream: Upstream;
	private readonly desk: Desk;

	constructor(dialect: Dialect, upstream: Upstream, desk: Desk) {
		this.dialect = dialect;
		this.upstream = upstream;
		this.desk = desk;
	}

	/** Answers a request to open one; whose it is was looked at. */
	open(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		const { socketUrl } = this.upstream;
		if (socketUrl === undefined || !this.dialect.sockets) {
			const why = this.dialect.sockets
				? "The node behind this guard was given by http: start it with --rpc ws:// or wss:// to use a WebSocket."
				: "This guard takes no WebSocket: wallets of this chain send over HTTP.";
			socket.end(
				`HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(why)}\r\n\r\n${why}`,
			);
			return;
		}
		this.server.handleUpgrade(request, socket, head, (wallet) => this.join(wallet, new WebSocket(socketUrl, SOCKET.upstream)));
	}

	close(): void {
		for (const wallet of this.server.clients) wallet.terminate();
		this.server.close();
	}

	private join(wallet: WebSocket, node: WebSocket): void {
		const opened = new Promise<void>((resolve) => node.once("open", () => resolve()));
		let last: Promise<unknown> = opened;
		let waiting = 0;
		const end = (code: number, why: string) => {
			wallet.close(code, why);
			node.terminate();
		};
		wallet.on("message", (data, isBinary) => {
			if (isBinary) return end(CLOSE.notTaken, "text only");
			if (++waiting > MAX_WAITING || node.bufferedAmount > SOCKET.backlog) return end(CLOSE.policy, "too much at once");
			// In the order in which they came.
			last = last
				.then(() => this.pass(textOf(data), wallet, node))
				.catch(() => end(CLOSE.broken, "it could not be judged"))
				.finally(() => waiting--);
		});
		node.on("message", (data) => {
			if (wallet.bufferedAmount > SOCKET.backlog) return end(CLOSE.policy, "the wallet does not read");
			if (wallet.readyState === WebSocket.OPEN) wallet.send(textOf(data));
		});
		node.once("close", () => wallet.close(CLOSE.gone, "the node closed the connection"));
		node.once("error", () => end(CLOSE.broken, "the node does not answer"));
		wallet.once("close", () => node.terminate());
		wallet.once("error", () => node.terminate());
	}

	/** Answers to what is held back of a batch come in a list of their own: JSON-RPC lets a wallet match them by their ids. */
	private async pass(text: string, wallet: WebSocket, node: WebSocket): Promise<void> {
		const sorted = await sortCalls(text, this.dialect, this.desk);
		if ("tooMany" in sorted) return wallet.close(CLOSE.policy, sorted.tooMany);
		if ("answer" in sorted) return wallet.send(JSON.stringify(sorted.answer));
		if (node.readyState === WebSocket.OPEN) node.send(sorted.forward);
		if (sorted.answers.length > 0) wallet.send(JSON.stringify(sorted.answers));
	}
}

function textOf(data: RawData): string {
	return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer)).toString("utf8");
}
