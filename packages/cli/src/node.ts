import { type EndpointUse, FAMILY_READERS, openEndpoints, type Recorder, type RpcOptions, readerOf } from "@clew/chains";
import { type ChainId, type ChainNode, endpointName, InputError } from "@clew/core";
import type { Context } from "./context.js";
import { endpointsFor, type Place, placeOf, urlOf } from "./endpoint-book.js";

/** The environment variables that name nodes, for help texts. */
export const NODE_VARIABLES = FAMILY_READERS.map(({ nodeVariable }) => `$${nodeVariable}`).join(" or ");

/** Text of the option that names nodes; it may come several times. */
export const RPC_OPTION = [
	"--rpc <url>",
	`JSON-RPC endpoint, or the name of one of clew endpoints, several times for fail-over; for Bitcoin also …/rest (Bitcoin Core), …/api (Esplora) or ssl://… (Electrum server) (default: ${NODE_VARIABLES}, separated by commas, else clew endpoints)`,
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
export interface NodeOptions extends Recorder {
	readonly rpc: readonly string[];
	readonly quorum?: number | undefined;
	readonly trustNode?: boolean | undefined;
	readonly concurrency?: number;
	readonly batch?: number;
	readonly timeoutMs?: number;
	/** Milliseconds that are left for asking: see HttpOptions. */
	readonly leftMs?: (() => number) | undefined;
}

/** With several endpoints the next one is asked soon; a single one is given time. */
const TRIES_BEFORE_FAILOVER = 2;

/**
 * The nodes that are asked: those of the option, URLs or names of endpoints, else those of the environment, else the user's endpoints of
 * the chain. Throws InputError (USAGE).
 */
export function nodePlaces(context: Context, option: readonly string[], chain: ChainId): readonly Place[] {
	const variable = readerOf(chain).nodeVariable;
	const named = option.length > 0 ? option : namesIn(variable);
	if (named.length > 0) return named.map((text) => placeOf(text, chain, "blocks"));
	const own = ownEndpoints(context, chain, "blocks");
	if (own.length === 0)
		throw new InputError("no node is named", {
			code: "USAGE",
			hint: `Give --rpc URL, set ${variable}, or keep one with clew endpoints add.`,
		});
	return own;
}

/** Says which of the user's own endpoints are asked, where nothing else was named. */
function noteOwn(context: Context, option: readonly string[], chain: ChainId, places: readonly Place[]): void {
	if (option.length > 0 || namesIn(readerOf(chain).nodeVariable).length > 0) return;
	context.note(
		`asking ${places.map(({ endpoint, url }) => `${endpoint?.name} (${endpointName(url)})`).join(", then ")}, of clew endpoints`,
	);
}

const namesIn = (variable: string): readonly string[] => (process.env[variable] ?? "").split(",").filter((url) => url !== "");

/**
 * The user's endpoints of a chain, those that worked when they were last tested first; one whose key is missing is passed over, and said.
 */
export function ownEndpoints(context: Context, chain: ChainId, use: EndpointUse): readonly Required<Place>[] {
	const found = endpointsFor(chain, use).flatMap((endpoint) => {
		const url = urlOf(endpoint);
		if (url !== undefined) return [{ url, endpoint }];
		context.note(`endpoint ${endpoint.name} is passed over: ${endpoint.keyEnv} is not set`);
		return [];
	});
	const failed = ({ endpoint }: Required<Place>) => endpoint.tested?.failed !== undefined;
	return [...found.filter((one) => !failed(one)), ...found.filter(failed)];
}

/** True when the option, the environment or the user's endpoints name a node. */
export function hasNode(option: readonly string[], chain: ChainId): boolean {
	return (
		option.length > 0 ||
		namesIn(readerOf(chain).nodeVariable).length > 0 ||
		endpointsFor(chain, "blocks").some((one) => urlOf(one) !== undefined)
	);
}

/** How an endpoint is asked, by what was learned when it was tested: no more at once than it bears. */
function learned({ endpoint }: Place, batch: number | undefined): Pick<RpcOptions, "batch" | "blocks" | "certificate"> {
	const most = [batch, endpoint?.tested?.batch].filter((one) => one !== undefined);
	const blocks = endpoint?.tested?.blocks;
	const { certificate } = endpoint ?? {};
	return { ...(most.length === 0 ? {} : { batch: Math.min(...most) }), ...(blocks === undefined ? {} : { blocks }), certificate };
}

/** Opens one node, or several as one. Throws NodeError and InputError. */
export async function openNode(context: Context, chain: ChainId, options: NodeOptions): Promise<ChainNode> {
	const places = nodePlaces(context, options.rpc, chain);
	noteOwn(context, options.rpc, chain, places);
	const several = places.length > 1 ? { attempts: TRIES_BEFORE_FAILOVER } : {};
	const { rpc: _, quorum, trustNode: trust = false, ...rest } = options;
	const rpcOptions: RpcOptions = { signal: context.signal, ...several, ...rest, trust };
	const known = new Map(places.map((place) => [place.url, place]));
	const open = (url: string) => readerOf(chain).open(url, chain, { ...rpcOptions, ...learned(known.get(url) ?? { url }, options.batch) });
	const pool = {
		...(quorum === undefined ? {} : { quorum }),
		onSwitch: (from: string, to: string, why: string) => context.note(`node: turned from ${from} to ${to}: ${why}`),
	};
	return openEndpoints<ChainNode>(
		places.map(({ url }) => url),
		open,
		pool,
	);
}
