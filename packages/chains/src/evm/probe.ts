import { type Capabilities, type ChainId, NodeError } from "@clew/core";
import type { RpcClient } from "./rpc-client.js";

/** Throws NodeError (NODE_WRONG_CHAIN) where the node serves another chain. */
export async function checkChain(client: RpcClient, chain: ChainId): Promise<void> {
	const answer = await client.call("eth_chainId", []);
	const found = `eip155:${typeof answer === "string" && /^0x[0-9a-fA-F]+$/.test(answer) ? BigInt(answer) : "?"}`;
	if (found !== chain)
		throw new NodeError("NODE_WRONG_CHAIN", client.name, `serves ${found}, the case is about ${chain}`, {
			hint: "Give the URL of a node of the case's chain.",
		});
}

/** Asks for what a node may or may not offer; a method that fails for another reason than being unknown counts as missing too. */
export async function probe(client: RpcClient): Promise<Capabilities> {
	const offers = async (method: string, params: readonly unknown[]): Promise<boolean> => {
		try {
			return Array.isArray(await client.call(method, params));
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) return false;
			throw error;
		}
	};
	const version = await client.call("web3_clientVersion", []).catch(() => "unknown");
	const blockReceipts = await offers("eth_getBlockReceipts", ["latest"]);
	const parity = await offers("trace_block", ["latest"]);
	const geth = !parity && (await offers("debug_traceBlockByNumber", ["latest", { tracer: "callTracer" }]));
	return {
		client: String(version).slice(0, 100),
		blockReceipts,
		traces: parity ? "trace_block" : geth ? "debug_traceBlockByNumber" : "none",
	};
}
