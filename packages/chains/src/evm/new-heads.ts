import { InputError, rememberEndpoint } from "@clew/core";
import { WebSocketProvider } from "ethers";

/**
 * Wakes whoever waits when a node says that it has a new block. A lost connection only means that nobody is woken: callers ask at intervals
 * too.
 */
export interface NewHeads {
	/** Calls at each block from now on, until what it gives back is called. */
	subscribe(listener: () => void): () => void;
	close(): void;
}

const RECONNECT_MS = 3_000;

/**
 * Subscribes to new heads (eth_subscribe) by WebSocket, and again whenever the connection is lost. Throws InputError (USAGE) for a URL
 * that is none.
 */
export function newHeads(url: string): NewHeads {
	const { name } = rememberEndpoint(url);
	// A library that is given such a URL repeats it whole.
	if (!/^wss?:\/\//.test(url) || !URL.canParse(url))
		throw new InputError(`${name}: only ws and wss URLs are listened to`, { code: "USAGE" });
	let closed = false;
	let provider: WebSocketProvider | undefined;
	let timer: NodeJS.Timeout | undefined;
	const listeners = new Set<() => void>();
	const wake = () => {
		for (const listener of [...listeners]) listener();
	};
	const again = () => {
		if (closed || timer !== undefined) return;
		timer = setTimeout(() => {
			timer = undefined;
			connect();
		}, RECONNECT_MS);
	};
	const connect = () => {
		provider = new WebSocketProvider(url, undefined, { staticNetwork: true });
		const socket = provider.websocket as unknown as { onerror: unknown; onclose: unknown };
		socket.onerror = again;
		socket.onclose = again;
		provider.on("block", wake).catch(again);
	};
	connect();
	return {
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		close() {
			closed = true;
			clearTimeout(timer);
			void provider?.destroy().catch(() => {});
			wake();
		},
	};
}
