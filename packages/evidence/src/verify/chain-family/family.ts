/** Where money lies: in accounts that have a balance, or on outputs that are spent whole. */
export type Ledger = "accounts" | "outputs";

/** When a chain's first block was made, and more base units of its coin than there ever were. */
export interface Limits {
	readonly genesis: string;
	readonly coins: bigint;
}

/** A header and the hash that follows from it. */
export interface Header {
	readonly hash: string;
	readonly parent: string;
}

/** What makers of widely used tokens publish, by the chain's reference and the contract. */
export type PublishedTokens = Readonly<Record<string, Readonly<Record<string, readonly [symbol: string, decimals: number]>>>>;

/** A movement as a row, a ledger or a disclosure states it. */
export interface KindOfMovement {
	readonly kind: string;
	readonly position: string;
	readonly txHash: string;
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly outpoint?: string | undefined;
}

/** What a verifier knows by itself of one family of chains. */
export interface VerifiedFamily {
	/** Namespace of its chains' ids (CAIP-2). */
	readonly namespace: string;
	readonly ledger: Ledger;
	/** The one way to write what follows the namespace in a chain's id. */
	readonly reference: RegExp;
	/** Names of its chains and symbols of their coins, by the reference behind the namespace. */
	readonly chains: Readonly<Record<string, readonly [name: string, symbol: string]>>;
	/** Limits of chains whose blocks were made at the times that they state, by the same. */
	readonly limits: Readonly<Record<string, Limits>>;
	/** Decimals of the coins themselves, which no source may tell otherwise. */
	readonly decimals: number;
	/** True for what may follow a chain's id in its assets and accounts, checksums included; of a family without them nothing is compared. */
	readonly asset?: (asset: string, reference: string) => boolean;
	readonly account?: (address: string, reference: string) => boolean;
	/** Its tokens that are contracts: what names them in assets, their contracts as people read them, and what is published of them. */
	readonly tokens?: {
		readonly standard: string;
		readonly published: PublishedTokens;
		shown(contract: string): string;
		/** The function by which a contract freezes an account; undefined for one that this verifier does not know. */
		freezes(contract: string, reference: string): string | undefined;
		/** The 40 hex digits that a call of a contract has for an address; undefined for what is none. */
		digits(address: string): string | undefined;
	};
	/** Reads a header of a form of its own, hex, and recomputes its hash. Throws Error. */
	header?(hex: string): Header;
	/** The one way to write the hash of a transaction or a block. */
	readonly hash: RegExp;
	/** Transactions that stand in two blocks each, since nothing forbade it then. */
	readonly repeated?: readonly string[];
	/** What a movement of its kind cannot have been; undefined for one that can, and for a kind that the family knows nothing of. */
	readonly kindWrong?: (movement: KindOfMovement, chain: string) => string | undefined;
	/** Forms of what a trace begins at (docs/tracing-rules.md). */
	readonly seeds: readonly RegExp[];
	/** Addresses that nobody has the key of. */
	readonly burned: readonly string[];
	/** The stored form of an address as a seed writes it. */
	storedAddress(address: string): string;
}

/** Forms of seeds on a chain of accounts, whose hashes have this pattern. */
export function accountSeeds(hash: string): readonly RegExp[] {
	return [ACCOUNT, new RegExp(`^tx:${hash}$`), /^transfer:\d{1,10}\.\d{1,5}\.\d{1,5}$/, new RegExp(`^transfer:${hash}:\\d{1,5}$`)];
}

/** The form of an account that is a seed. */
export const ACCOUNT = /^account:[\x21-\x7e]{1,200}$/;
