import { type ChainId, NodeError } from "@clew/core";
import type { RpcOptions } from "./evm/rpc-client.js";

/** What an endpoint is asked for: blocks, as a node is, or where an account takes part, as an index is. */
export type EndpointUse = "blocks" | "histories";

/** One thing that an endpoint was asked to do. What could not be asked is not known, never a no. */
export interface EndpointFinding {
	/** What was asked, in words. */
	readonly about: string;
	readonly answer: "yes" | "no" | "not known";
	/** What can or cannot be known from this endpoint because of it. */
	readonly means: string;
}

/** What an endpoint told of itself when it was tested. */
export interface EndpointReport {
	/** What it calls itself, where it says so. */
	readonly client?: string | undefined;
	/** The last block that it knows; its time in Unix seconds where it tells one. */
	readonly head?: { readonly height: number; readonly time?: number | undefined } | undefined;
	readonly findings: readonly EndpointFinding[];
	/** Calls in one request that it bears, as far as was asked; absent where nothing is asked in batches. */
	readonly batch?: number | undefined;
	/** Blocks in one question at most; absent where as many were answered as are ever asked for at first. */
	readonly blocks?: number | undefined;
	readonly requests: number;
	/** SHA-256 of the certificate that was shown and nobody vouches for; absent where none was asked for or one was named. */
	readonly certificate?: string | undefined;
}

/** A kind of endpoint of a family of chains. */
export interface EndpointKind {
	readonly name: string;
	readonly serves: readonly EndpointUse[];
	/** Hosts that are of this kind without being told so. */
	readonly hosts?: RegExp;
	/** Schemes of URLs that are of this kind and no other; absent for http and https. */
	readonly schemes?: readonly string[];
	/** The URL as it is asked about the chain; `{key}` stands where the key is put, if there is one. */
	readonly template?: (url: string, chain: ChainId, keyed: boolean) => string;
	/** Asks an endpoint what it can do; `now` in Unix seconds. Throws NodeError where it does not work at all, or serves another chain. */
	readonly test: (url: string, chain: ChainId, now: number, options: RpcOptions) => Promise<EndpointReport>;
}

/** Asks one thing. Where the answer is neither given nor refused, it is not known. */
export async function finding(
	about: string,
	ask: () => Promise<boolean>,
	means: { readonly yes: string; readonly no: string },
): Promise<EndpointFinding> {
	try {
		const can = await ask();
		return { about, answer: can ? "yes" : "no", means: can ? means.yes : means.no };
	} catch (error) {
		if (!(error instanceof NodeError)) throw error;
		if (error.code === "NODE_UNSUPPORTED") return { about, answer: "no", means: means.no };
		return { about, answer: "not known", means: `it did not say (${error.message}); if it cannot: ${means.no}` };
	}
}

/** Whether the last block is of now, `most` seconds at most before it. */
export function freshness(time: number, now: number, most: number): EndpointFinding {
	const age = Math.max(0, now - time);
	const about = "the last block is of now";
	const at = new Date(time * 1_000).toISOString();
	return age <= most
		? { about, answer: "yes", means: `it is ${age} s old` }
		: { about, answer: "no", means: `it is of ${at}: what moved since is not known from it` };
}
