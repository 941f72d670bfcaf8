import type { ChainId, UtxoChainSource } from "@clew/core";
import type { HttpOptions } from "../http/http-client.js";

/**
 * A Bitcoin chain through one node (Bitcoin Core or btcd by JSON-RPC, Core's REST, Esplora): its genesis block is checked, and every block
 * is fetched as bytes whose hash, Merkle root, witness commitment and proof of work are recomputed. Loads the Bitcoin library only when
 * called. Throws NodeError.
 */
export async function openBitcoinSource(url: string, chain: ChainId, options: HttpOptions = {}): Promise<UtxoChainSource> {
	const { connectBitcoinSource } = await import("./source.js");
	return connectBitcoinSource(url, chain, options);
}
