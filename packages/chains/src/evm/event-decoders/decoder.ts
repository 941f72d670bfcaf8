import type { ChainEvent } from "@clew/core";
import type { LogDescription } from "ethers";
import type { RpcLog } from "../shapes.js";

/** What a decoder makes of a log's arguments; undefined when they say nothing that it can use. Addresses come in any case. */
export type Told = Pick<ChainEvent, "kind" | "details"> & { readonly account?: string; readonly key?: string };
export type Decoder = (log: LogDescription, context: Context) => Told | undefined;

/**
 * A protocol's event: its declaration as the protocol's own contracts have it, what it says here, and, where contracts of other protocols
 * declare the same, whose logs alone are read (addresses in lower case).
 */
export type DecodedEvent = readonly [protocol: string, signature: string, decode: Decoder, by?: ReadonlySet<string>];

/** Where a log stands. */
export interface Context {
	/** EIP-155 number. */
	readonly chain: bigint;
	readonly txHash: string;
	/** Wei per gas, decimal. */
	readonly gasPrice: string;
	/** All logs of the transaction, in order. */
	readonly logs: readonly RpcLog[];
}

export function texts(details: Record<string, unknown>): Record<string, string> {
	return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, lower(value)]));
}

/** Text in lower case; an address that is padded to 32 bytes comes as 20. */
export function lower(value: unknown): string {
	return String(value)
		.toLowerCase()
		.replace(/^0x0{24}([0-9a-f]{40})$/, "0x$1");
}
