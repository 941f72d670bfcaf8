import type { ChainId } from "../ids.js";
import type { Rule } from "../rules.js";

/** How a chain's own coin is written, and its coin type in SLIP-44. `known` is false for one that the tables do not hold. */
export interface Coin {
	readonly symbol: string;
	readonly decimals: number;
	readonly known: boolean;
	readonly slip44: number;
}

/**
 * What tells one family of chains from another, as far as ids, addresses and rules go: everything in here is pure. What reads, checks,
 * decodes and proves its blocks stands in the record of the same name in `@clew/chains`.
 */
export interface ChainFamily {
	/** Namespace of its CAIP-2 ids, such as `eip155`. */
	readonly namespace: string;
	/** What people call it. */
	readonly name: string;
	/** Where money lies: in accounts that have a balance, or on outputs that are spent whole. */
	readonly ledger: "accounts" | "outputs";
	/** The chains that the tables hold. */
	readonly chains: readonly ChainId[];
	/** How a person types one of its chains, for hints. */
	readonly typed: string;
	/** The chain that a person typed, by its id or the family's own name of it; undefined for what is no chain that can be followed. */
	typedChain(text: string): ChainId | undefined;
	/** Other names by which files call its chains, in lower case with single spaces, and numbers; undefined where the text is neither. */
	namedChain(name: string): ChainId | undefined;
	/** In words, such as "Ethereum"; undefined for a chain that the tables do not hold. */
	chainName(chain: ChainId): string | undefined;
	coin(chain: ChainId): Coin;
	/** The stored form of an address as a person writes it, whose checksum must be right. Throws InputError (BAD_ADDRESS). */
	normalizeAddress(address: string, chain: ChainId): string;
	/** A stored address as people expect to read it. */
	displayAddress(address: string): string;
	/** The address that new coins come from, and what nobody can spend goes to. */
	readonly nobody: string;
	/** The form of its hashes in lower case, and in words. */
	readonly hash: { readonly pattern: RegExp; readonly words: string };
	/** The rules that apply, in the order of every table. */
	readonly rules: readonly Rule[];
	/** The stored address of a token's contract that a person wrote; undefined where it is none, or the family has no tokens. */
	tokenAddress(text: string): string | undefined;
}
