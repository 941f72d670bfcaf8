import { type BitcoinNetwork, bitcoinNetwork, type ChainId, NodeError, throwIfAborted, type UtxoBlock } from "@clew/core";
import { z } from "zod";
import { bitcoinRpc } from "../bitcoin/node.js";
import { type HttpOptions, httpClient } from "../http/http-client.js";
import { type BlockMaker, blockMaker } from "./bitcoin-block.js";

/** Plays blocks of a made-up chain of outputs on a node. */
export interface BitcoinPlayer extends Pick<BlockMaker, "accountOf" | "txidOf"> {
	/** Makes the block real; blocks come in order, from height 1. Throws NodeError. */
	play(block: UtxoBlock): Promise<void>;
}

const HINT = "Start one with: btcd --regtest --txindex, or bitcoind -regtest, on an empty data folder";

/**
 * Opens a fresh node of bitcoin-regtest for playing; signed and mined blocks are handed to it. Throws NodeError, also for another network
 * or a chain that has blocks.
 */
export async function playOnRegtest(url: string, chain: ChainId, options: HttpOptions = {}): Promise<BitcoinPlayer> {
	const http = httpClient(url, options);
	const refuse = (what: string) => new NodeError("NODE_BAD_ANSWER", http.name, what, { hint: HINT });
	const call = bitcoinRpc(http);
	if ((await call(z.string(), "getblockhash", "0")) !== (bitcoinNetwork(chain) as BitcoinNetwork).genesis)
		throw refuse("is not of the network bitcoin-regtest");
	if ((await call(z.string(), "getblockcount", "")) !== "0") throw refuse("has blocks already; a world is played on a fresh chain");
	const { make, accountOf, txidOf } = blockMaker(chain);
	return {
		async play(block) {
			throwIfAborted(options.signal);
			// A block that is taken is answered with null; anything else is the reason why not.
			const reason = await call(z.unknown(), "submitblock", `"${Buffer.from(make(block)).toString("hex")}"`);
			if (reason !== null) throw refuse(`block ${block.header.height} was refused: ${JSON.stringify(reason).slice(0, 200)}`);
		},
		accountOf,
		txidOf,
	};
}
