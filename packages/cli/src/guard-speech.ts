import { readSignedBitcoin, readSignedTron, readSignedTronJson } from "@clew/chains";
import { accountId, addressOf, BITCOIN, type ChainId, familyOf, InputError, TRON } from "@clew/core";
import {
	BITCOIN_FACTS,
	bitcoinDialect,
	type Dialect,
	EVM_DIALECT,
	HttpUpstream,
	type NodeFacts,
	nodeFacts,
	SocketUpstream,
	tronDialect,
	tronFacts,
	type Upstream,
} from "@clew/guard";

/** How a guard speaks with the wallets of a chain and its node, and what it asks this node. */
export interface Speech {
	readonly dialect: Dialect;
	readonly upstream: Upstream;
	readonly node: NodeFacts;
}

const SOCKET = /^wss?:/i;

/** A node at a URL, by HTTP or WebSocket. */
export function upstreamAt(url: string): Upstream {
	return SOCKET.test(url) ? new SocketUpstream(url) : new HttpUpstream(url);
}

/** Throws InputError (USAGE) for a WebSocket. */
function byHttp(url: string, { keyHeader }: Dialect): Upstream {
	if (SOCKET.test(url)) throw new InputError("nodes of this chain take transactions by http:// or https://", { code: "USAGE" });
	return new HttpUpstream(url, keyHeader);
}

/** What reads, forwards and refuses for a chain. Throws InputError (USAGE) for a WebSocket to a node that takes none. */

export function speakingTo(url: string, chain: ChainId): Speech {
	const family = familyOf(chain);
	if (family === TRON) {
		const reader = {
			fromHex: (hex: string) => readSignedTron(hex, chain),
			fromJson: (text: string) => readSignedTronJson(text, chain),
		};
		const dialect = tronDialect(reader);
		const upstream = byHttp(url, dialect);
		return { dialect, upstream, node: tronFacts(upstream) };
	}
	if (family === BITCOIN) {
		const reader = {
			fromHex: (hex: string) => readSignedBitcoin(hex, chain),
			address: (text: string) => addressOf(accountId(chain, text)),
		};
		const dialect = bitcoinDialect(reader);
		return { dialect, upstream: byHttp(url, dialect), node: BITCOIN_FACTS };
	}
	const upstream = upstreamAt(url);
	return { dialect: EVM_DIALECT, upstream, node: nodeFacts(upstream) };
}
