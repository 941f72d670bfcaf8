import type { ChainId } from "../ids.js";
import type { Rule } from "../rules.js";

/** How a chain's own coin is written, and its coin type in SLIP-44. `known` is false for one that the tables do not hold. */
export interface Coin {
	readonly symbol: string;
	readonly decimals: number;
	readonly known: boolean;
	readonly slip44: number;
	/** Names of the coin from before it was renamed, and those that sites use instead. */
	readonly otherSymbols?: readonly string[];
}

/**
 * Where money lies: in accounts that have a balance, or on outputs that are spent whole. Two engines trace them, and two sets of
 * tables hold them.
 */
export type Ledger = "accounts" | "outputs";

/**
 * What tells one family of chains from another, as far as ids, addresses and rules go: everything in here is pure. What reads, checks,
 * decodes and proves its blocks stands in the record of the same name in `@clew/chains`.
 */
export interface ChainFamily {
	/** Namespace of its CAIP-2 ids, such as `eip155`. */
	readonly namespace: string;
	/** What people call it. */
	readonly name: string;
	readonly ledger: Ledger;
	/** The chain that is meant where only the family is known. */
	readonly main: ChainId;
	/** The chains that the tables hold. */
	readonly chains: readonly ChainId[];
	/** Names that a person may type in place of a chain's id. */
	readonly names: readonly string[];
	/** How a person types one of its chains, for hints. */
	readonly typed: string;
	/** The chain that a person typed, by its id or the family's own name of it; undefined for what is no chain that can be followed. */
	typedChain(text: string): ChainId | undefined;
	/** Other names by which files call its chains, in lower case with single spaces, and numbers; undefined where the text is neither. */
	namedChain(name: string): ChainId | undefined;
	/** The chain whose explorer answers at a host in lower case; undefined for every other host. */
	explorerChain?(host: string): ChainId | undefined;
	/**
	 * Where a person downloads what an account did, for `clew import`: a page of an explorer, or an answer of its API; undefined where none is
	 * known. `address` as people read it, or a word that stands for one.
	 */
	accountPage?(chain: ChainId, address: string): string | undefined;
	/** Where a person looks at an address or a transaction, both as people read them; undefined where no explorer is known. */
	explorerPage?(chain: ChainId, kind: "address" | "transaction", id: string): string | undefined;
	/** In words, such as "Ethereum"; undefined for a chain that the tables do not hold. */
	chainName(chain: ChainId): string | undefined;
	coin(chain: ChainId): Coin;
	/** The stored form of an address as a person writes it, whose checksum must be right. Throws InputError (BAD_ADDRESS). */
	normalizeAddress(address: string, chain: ChainId): string;
	/** A stored address as people expect to read it. */
	displayAddress(address: string): string;
	/**
	 * The chain that a bare address, right or mistyped, can be of: `usual` where that is one, else the family's first; undefined for what is
	 * no address of the family.
	 */
	chainOfAddress(text: string, usual: ChainId): ChainId | undefined;
	/**
	 * The account, as a person writes it, that a payment request asks to pay; undefined for any other text. Throws InputError for
	 * one that names no plain address.
	 */
	requestedAccount(text: string): string | undefined;
	/** True where one key has the same address on every chain of the family: what a list says of it on one concerns it on all. */
	readonly sharedKeys: boolean;
	/** How the same key is written in other families; absent where addresses do not tell. */
	readonly keyDigits?: KeyDigits;
	/** Stored addresses that stand in the name of a file: whose export it may be. */
	addressesIn(fileName: string): readonly string[];
	/** Stored addresses of accounts that nobody has the key of, by convention. */
	readonly burns: readonly string[];
	/** The address that new coins come from, and what nobody can spend goes to. */
	readonly nobody: string;
	/** The form of its hashes in lower case, and in words; `typed` with `0x` in front where people write them so, too. */
	readonly hash: { readonly pattern: RegExp; readonly words: string; readonly typed?: RegExp };
	/** The rules that apply, in the order of every table. */
	readonly rules: readonly Rule[];
	/** Why no block of this height can have this time (Unix seconds), in words; undefined where it can, or nobody knows. */
	impossibleTime?(chain: ChainId, height: number, time: number): string | undefined;
	/** More base units of a chain's own coin than there ever were; undefined where no bound is known. */
	mostCoins(chain: ChainId): bigint | undefined;
	/** True where a chain's clock is set by hand, so that its blocks may be of a time to come, or may be: the tables do not hold the chain. */
	setsClock(chain: ChainId): boolean;
	/** Blocks over which a block's time may run back; 0 where no block is earlier than the one before it. */
	readonly unorderedTimes: number;
	/** Seconds by which a block's own time may lie before the moment at which it came, with room for clocks that differ. */
	readonly earlyTimes: number;
	/** True where the model of `@clew/risk` was trained on such accounts. */
	readonly modelled: boolean;
	/** What MISP's `coin-address` calls the type of its addresses. */
	readonly mispType: string;
	readonly words: FamilyWords;
	/** Its tokens that are contracts; absent where it has none. */
	readonly tokens?: TokenForm;
	/** What stands behind a chain's id in an asset of another kind that a person wrote, such as `trc10:1000001`; undefined for other text. */
	otherAsset?(text: string): string | undefined;
}

/** Tokens that are contracts. */
export interface TokenForm {
	/** What names their standard in an asset's id (CAIP-19), such as `erc20`; one of those of `tokenContract`. */
	readonly namespace: string;
	/** The stored address of a token's contract that a person wrote; undefined where it is none. */
	address(text: string): string | undefined;
}

/**
 * Addresses that are the last 20 bytes of the Keccak-256 hash of a public key, whatever is written around them: one key has the same digits
 * in every family that says so.
 */
export interface KeyDigits {
	/** The 40 hex digits of a stored address, in lower case. */
	of(stored: string): string;
	/** The stored address of 40 hex digits in lower case. */
	address(digits: string): string;
}

/** What the records of a family are called, for people. */
export interface FamilyWords {
	/** What a node's blocks are counted in, such as "transfers". */
	readonly ingested: string;
	/** What a case counts of them, such as "outputs". */
	readonly stored: string;
	/** A hash of a transaction as hints write it. */
	readonly hash: string;
	/** Kinds and files of `clew import`, as hints write them. */
	readonly imports: string;
	/** What tells the calls inside transactions that move coins, as hints write it; absent where there are no such calls. */
	readonly calls?: string;
}

/** A name in lower case, with single spaces for whatever stands between its words. */
export function plainName(text: string): string {
	return text
		.toLowerCase()
		.replace(/[-_\s]+/g, " ")
		.trim();
}
