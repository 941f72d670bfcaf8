import { type Exchange, openBitcoinSource, openEndpoints, openEvmSource, type RpcOptions } from "@clew/chains";
import { type ChainId, type ChainSource, InputError, isUtxoChain, type UtxoChainSource } from "@clew/core";
import type { ChainNode } from "@clew/workers";
import type { Context } from "./context.js";

/** Text of the option that names nodes; it may come several times. */
export const RPC_OPTION = [
	"--rpc <url>",
	"JSON-RPC endpoint, several times for fail-over; for Bitcoin also …/rest (Bitcoin Core) or …/api (Esplora) (default: $CLEW_EVM_RPC or $CLEW_BTC_RPC, separated by commas)",
] as const;
/** Text of the option that asks for agreement. */
export const QUORUM_OPTION = ["--quorum <n>", "believe a block only when this many of the endpoints tell the same"] as const;

/** How nodes are spoken to. */
export interface NodeOptions {
	readonly rpc: readonly string[];
	readonly quorum?: number | undefined;
	readonly concurrency?: number;
	readonly batch?: number;
	readonly timeoutMs?: number;
	/** Told of every answer as it came. */
	readonly onExchange?: (exchange: Exchange) => void;
}

/** With several endpoints the next one is asked soon; a single one is given time. */
const TRIES_BEFORE_FAILOVER = 2;

/** The nodes' URLs from the option or the environment. Throws InputError (USAGE). */
export function rpcUrls(option: readonly string[], chain: ChainId): readonly string[] {
	const variable = isUtxoChain(chain) ? "CLEW_BTC_RPC" : "CLEW_EVM_RPC";
	const urls = option.length > 0 ? option : (process.env[variable] ?? "").split(",").filter((url) => url !== "");
	if (urls.length === 0) throw new InputError("no node is named", { code: "USAGE", hint: `Give --rpc URL, or set ${variable}.` });
	return urls;
}

/** True when the option or the environment names a node. */
export function hasNode(option: readonly string[], chain: ChainId): boolean {
	return option.length > 0 || (process.env[isUtxoChain(chain) ? "CLEW_BTC_RPC" : "CLEW_EVM_RPC"] ?? "") !== "";
}

/** Opens one node, or several as one. Throws NodeError and InputError. */
export async function openNode(context: Context, chain: ChainId, options: NodeOptions): Promise<ChainNode> {
	const urls = rpcUrls(options.rpc, chain);
	const several = urls.length > 1 ? { attempts: TRIES_BEFORE_FAILOVER } : {};
	const { rpc: _, quorum, ...rest } = options;
	const rpcOptions: RpcOptions = { signal: context.signal, ...several, ...rest };
	const pool = {
		...(quorum === undefined ? {} : { quorum }),
		onSwitch: (from: string, to: string, why: string) => context.note(`node: turned from ${from} to ${to}: ${why}`),
	};
	return isUtxoChain(chain)
		? openEndpoints<UtxoChainSource>(urls, (url) => openBitcoinSource(url, chain, rpcOptions), pool)
		: openEndpoints<ChainSource>(urls, (url) => openEvmSource(url, chain, rpcOptions), pool);
}
