import { addressOf, type ChainId, freezableTokens, type Hash, NodeError, tokenContract } from "@clew/core";
import { z } from "zod";
import { controlTopics } from "./event-decoders/tokens.js";
import { FIRST_SPAN, MAY_BE_TOO_MUCH, shorter } from "./history.js";
import { checkChain } from "./probe.js";
import { type RpcOptions, rpcClient } from "./rpc-client.js";
import { quantity } from "./shapes.js";

const loggedShape = z.array(z.looseObject({ blockNumber: quantity, transactionHash: z.string(), removed: z.boolean().optional() }));

/**
 * In which transactions of a range (inclusive) issuers of the freezable tokens of a chain froze, released or destroyed anything, by height,
 * as a node's index has them: the blocks are what proves them. Throws NodeError.
 */
export async function findIssuerActs(
	url: string,
	chain: ChainId,
	[from, to]: readonly [number, number],
	options: RpcOptions = {},
): Promise<ReadonlyMap<number, ReadonlySet<Hash>>> {
	const client = rpcClient(url, options);
	const places = new Map<number, Set<Hash>>();
	const address = freezableTokens(chain)
		.flatMap(({ asset }) => tokenContract(asset) ?? [])
		.map(addressOf);
	let span = Math.min(FIRST_SPAN, client.manners.blocks ?? FIRST_SPAN);
	try {
		await checkChain(client, chain);
		for (let at = from; at <= to && address.length > 0; ) {
			const last = Math.min(to, at + span - 1);
			const filter = { address, topics: [controlTopics()], fromBlock: `0x${at.toString(16)}`, toBlock: `0x${last.toString(16)}` };
			try {
				const parsed = loggedShape.safeParse(await client.call("eth_getLogs", [filter]));
				if (!parsed.success) throw new NodeError("NODE_BAD_ANSWER", client.name, "eth_getLogs: the answer has not the expected form");
				for (const { blockNumber, transactionHash, removed } of parsed.data) {
					const height = Number(blockNumber);
					if (removed === true || height < at || height > last) continue;
					places.set(height, (places.get(height) ?? new Set()).add(transactionHash.toLowerCase() as Hash));
				}
				at = last + 1;
			} catch (error) {
				if (!(error instanceof NodeError) || !MAY_BE_TOO_MUCH.has(error.code) || span <= 1) throw error;
				span = shorter(client.manners, Math.min(span, last - at + 1), error);
			}
		}
		return places;
	} finally {
		client.close();
	}
}
