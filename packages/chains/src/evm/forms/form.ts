import type { AccountId, ChainId } from "@clew/core";
import type { Item } from "../rlp.js";
import type { RpcTransaction } from "../shapes.js";

/** Who publishes a form: the clients of a family of chains. */
export type Publisher = "op-stack" | "nitro" | "celo" | "scroll" | "mantle";

/** Coin that a transaction moves otherwise than by its value, by its own words: who gives it to its sender, or gets it from its sender. */
export interface OtherMove {
	readonly account: AccountId;
	readonly amount: bigint;
}

/** How the clients of some chains encode transactions of one type, and what follows from one. */
export interface TransactionForm {
	readonly type: number;
	readonly publisher: Publisher;
	/** Fields behind the type, without a signature. */
	fields(tx: RpcTransaction): Item[];
	/** False where nobody signs: the sender stands in it, or is the same always. */
	readonly signed: boolean;
	/** True where the number of its chain stands in it. */
	readonly namesChain: boolean;
	/** True where its sender pays for the gas that its receipt tells, in the chain's coin. */
	paysGas(tx: RpcTransaction): boolean;
	/** Base units that it brings into being for its sender before its value moves, also when it fails. */
	mint?(tx: RpcTransaction): bigint;
	/** What its sender gets before its value moves, if it succeeds. */
	receives?(chain: ChainId, tx: RpcTransaction): OtherMove;
	/** What its sender pays in place of its value, if it succeeds. */
	pays?(chain: ChainId, tx: RpcTransaction): OtherMove;
	/** What it moves that nothing tells, in words. */
	missing?(tx: RpcTransaction): string | undefined;
}
