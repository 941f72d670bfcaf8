import { type Exchange, FAMILY_READERS, openEndpoints, type RpcOptions, readerOf } from "@clew/chains";
import { type ChainId, type ChainNode, InputError } from "@clew/core";
import type { Context } from "./context.js";

/** The environment variables that name nodes, for help texts. */
export const NODE_VARIABLES = FAMILY_READERS.map(({ nodeVariable }) => `$${nodeVariable}`).join(" or ");

/** Text of the option that names nodes; it may come several times. */
export const RPC_OPTION = [
	"--rpc <url>",
	`JSON-RPC endpoint, several times for fail-over; for Bitcoin also …/rest (Bitcoin Core) or …/api (Esplora) (default: ${NODE_VARIABLES}, separated by commas)`,
] as const;
/** Text of the option that asks for agreement. */
export const QUORUM_OPTION = ["--quorum <n>", "believe a block only when this many of the endpoints tell the same"] as const;

/** Text of the option that takes a node's word. */
export const TRUST_OPTION = [
	"--trust-node",
	"on a chain whose rules Clew does not know: take the node's word for blocks whose hashes do not come out; every row then says so",
	false,
] as const;

/** How nodes are spoken to. */
export interface NodeOptions {
	readonly rpc: readonly string[];
	readonly quorum?: number | undefined;
	readonly trustNode?: boolean | undefined;
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
	const variable = readerOf(chain).nodeVariable;
	const urls = option.length > 0 ? option : (process.env[variable] ?? "").split(",").filter((url) => url !== "");
	if (urls.length === 0) throw new InputError("no node is named", { code: "USAGE", hint: `Give --rpc URL, or set ${variable}.` });
	return urls;
}

/** True when the option or the environment names a node. */
export function hasNode(option: readonly string[], chain: ChainId): boolean {
	return option.length > 0 || (process.env[readerOf(chain).nodeVariable] ?? "") !== "";
}

/** Opens one node, or several as one. Throws NodeError and InputError. */
export async function openNode(context: Context, chain: ChainId, options: NodeOptions): Promise<ChainNode> {
	const urls = rpcUrls(options.rpc, chain);
	const several = urls.length > 1 ? { attempts: TRIES_BEFORE_FAILOVER } : {};
	const { rpc: _, quorum, trustNode: trust = false, ...rest } = options;
	const rpcOptions: RpcOptions = { signal: context.signal, ...several, ...rest, trust };
	const pool = {
		...(quorum === undefined ? {} : { quorum }),
		onSwitch: (from: string, to: string, why: string) => context.note(`node: turned from ${from} to ${to}: ${why}`),
	};
	return openEndpoints<ChainNode>(urls, (url) => readerOf(chain).open(url, chain, rpcOptions), pool);
}
