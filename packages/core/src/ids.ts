declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** CAIP-2 chain id, for example `eip155:1`. Made only by {@link parseChainId}. */
export type ChainId = Branded<string, "ChainId">;
/** CAIP-10 account id, for example `eip155:1:0xabc…` (EVM and segwit addresses in lower case). Made only by the parsers here. */
export type AccountId = Branded<string, "AccountId">;
/** CAIP-19 asset id, for example `eip155:1/slip44:60`, `eip155:1/erc20:0xabc…` or `tron:0x2b6653dc/trc10:1000001`. */
export type AssetId = Branded<string, "AssetId">;
/**
 * 32-byte transaction or block hash, lower-case hex; EVM hashes carry `0x`, Bitcoin's do not and are written in the usual reversed order.
 */
export type Hash = Branded<string, "Hash">;

/** Like {@link accountId} for an address already known to be in stored form; no check. */
export function trustedAccountId(chain: ChainId, storedAddress: string): AccountId {
	return `${chain}:${storedAddress}` as AccountId;
}

/** The address part of a CAIP-10 id, in stored form. */
export function addressOf(account: AccountId): string {
	return account.slice(account.lastIndexOf(":") + 1);
}

/** The chain part of a CAIP-10 id. */
export function chainOf(account: AccountId): ChainId {
	return account.slice(0, account.lastIndexOf(":")) as ChainId;
}

/** Address part of {@link unknownAccount}. */
const UNKNOWN_ADDRESS = "unknown";

/**
 * The account of value that left its sender for a receiver whom no source names, `CHAIN:unknown`. No address reads like this, and it is
 * nobody's: a trace ends there.
 */
export function unknownAccount(chain: ChainId): AccountId {
	return trustedAccountId(chain, UNKNOWN_ADDRESS);
}

/** True for {@link unknownAccount} of any chain. */
export function isUnknownAccount(account: AccountId): boolean {
	return account.endsWith(`:${UNKNOWN_ADDRESS}`);
}

/** First digits of {@link unnamedBlock}. */
const UNNAMED_BLOCK = `0x${"f".repeat(48)}`;

/** Stands for the hash of a block that no source names, where movements of the block itself need one: 48 times f, then the height. */
export function unnamedBlock(height: number): Hash {
	return `${UNNAMED_BLOCK}${height.toString(16).padStart(16, "0")}` as Hash;
}

/** True for {@link unnamedBlock} of any height. */
export function isUnnamedBlock(hash: Hash): boolean {
	return hash.startsWith(UNNAMED_BLOCK);
}

/** An ERC-20 token by its contract, given in lower case. */
export function erc20Asset(chain: ChainId, lowerCaseContract: string): AssetId {
	return `${chain}/erc20:${lowerCaseContract}` as AssetId;
}

/** True for a chain's native coin. */
export function isNative(asset: AssetId): boolean {
	return asset.includes("/slip44:");
}

/** The chain that an asset is on. */
export function assetChain(asset: AssetId): ChainId {
	return asset.slice(0, asset.indexOf("/")) as ChainId;
}

/** The contract of a token asset; undefined for a native coin and for a token that is known by a number. */
export function tokenContract(asset: AssetId): AccountId | undefined {
	const at = asset.indexOf("/");
	const behind = asset.indexOf(":", at);
	const isContract = asset.startsWith("erc20:", at + 1) || asset.startsWith("trc20:", at + 1);
	return at < 0 || !isContract ? undefined : trustedAccountId(asset.slice(0, at) as ChainId, asset.slice(behind + 1));
}
