import { signedBitcoinReader, signedTronReader } from "@clew/chains";
import { accountId, addressOf, BITCOIN, type ChainFamily, type ChainId, EVM, familyOf, InputError, TRON } from "@clew/core";
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

type Speaking = (url: string, chain: ChainId) => Speech | Promise<Speech>;

/** The families before whose nodes a guard can stand. */
const SPEECHES: ReadonlyMap<ChainFamily, Speaking> = new Map<ChainFamily, Speaking>([
	[EVM, byEthereum],
	[TRON, byTron],
	[BITCOIN, byBitcoin],
]);

/** What reads, forwards and refuses for a chain. Throws InputError (USAGE) for a family, or a URL, before which no guard can stand. */
export async function speakingTo(url: string, chain: ChainId): Promise<Speech> {
	const speech = SPEECHES.get(familyOf(chain));
	if (speech === undefined) {
		const known = [...SPEECHES.keys()].map(({ name }) => name).join(", ");
		throw new InputError(`clew guard stands before nodes of ${known}`, { code: "USAGE" });
	}
	return speech(url, chain);
}

function byEthereum(url: string): Speech {
	const upstream = upstreamAt(url);
	return { dialect: EVM_DIALECT, upstream, node: nodeFacts(upstream) };
}

async function byTron(url: string, chain: ChainId): Promise<Speech> {
	const dialect = tronDialect(await signedTronReader(chain));
	const upstream = byHttp(url, dialect);
	return { dialect, upstream, node: tronFacts(upstream) };
}

async function byBitcoin(url: string, chain: ChainId): Promise<Speech> {
	const fromHex = await signedBitcoinReader(chain);
	const dialect = bitcoinDialect({ fromHex, address: (text) => addressOf(accountId(chain, text)) });
	return { dialect, upstream: byHttp(url, dialect), node: BITCOIN_FACTS };
}
