import { normalizeBitcoinAddress } from "./bitcoin-address.js";
import { BITCOIN_NETWORKS, bitcoinNetwork, isUtxoChain } from "./bitcoin-networks.js";
import { InputError } from "./errors.js";
import { isAddress, normalizeAddress, toChecksumAddress } from "./evm-address.js";
import { quote } from "./hostile-text.js";

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** CAIP-2 chain id, for example `eip155:1`. Made only by {@link parseChainId}. */
export type ChainId = Branded<string, "ChainId">;
/** CAIP-10 account id, for example `eip155:1:0xabc…` (EVM and segwit addresses in lower case). Made only by the parsers here. */
export type AccountId = Branded<string, "AccountId">;
/** CAIP-19 asset id, for example `eip155:1/slip44:60` or `eip155:1/erc20:0xabc…`. */
export type AssetId = Branded<string, "AssetId">;
/** 32-byte transaction or block hash, lower-case hex; EVM hashes carry `0x`, Bitcoin's do not and are written in the usual reversed order. */
export type Hash = Branded<string, "Hash">;

const CHAIN = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;
const HASH = /^0x[0-9a-f]{64}$/;
const BARE_HASH = /^[0-9a-f]{64}$/;
/** The address that mints come from, and burns and fees go to, on EVM chains. */
export const ZERO_ADDRESS = "0x0000000000000000000000000000000000000000";
/** SLIP-44 coin type of ether; also used for the native coin of other EVM chains. */
const SLIP44_ETHER = 60;

/** Parses a CAIP-2 chain id, or the name of a Bitcoin network such as `bitcoin` or `bitcoin-regtest`. Throws InputError. */
export function parseChainId(text: string): ChainId {
	const named = BITCOIN_NETWORKS.find((network) => network.name === text);
	if (named !== undefined) return named.chain;
	if (!CHAIN.test(text)) throw new InputError(`${quote(text)} is not a CAIP-2 chain id such as eip155:1`);
	return text as ChainId;
}

/** The numeric chain id of an `eip155` chain. Throws InputError for another namespace. */
export function evmChainNumber(chain: ChainId): bigint {
	const [namespace, reference] = chain.split(":");
	if (namespace !== "eip155" || reference === undefined || !/^[0-9]+$/.test(reference)) {
		throw new InputError(`${chain} is not an EVM chain`);
	}
	return BigInt(reference);
}

/** An account on a chain from an address as a person writes it; its checksum must be right (EIP-55, base58check, bech32). Throws InputError (BAD_ADDRESS). */
export function accountId(chain: ChainId, address: string): AccountId {
	const network = bitcoinNetwork(chain);
	return `${chain}:${network ? normalizeBitcoinAddress(address, network) : normalizeAddress(address)}` as AccountId;
}

/** Like {@link accountId} for an address already known to be in stored form; no check. */
export function trustedAccountId(chain: ChainId, storedAddress: string): AccountId {
	return `${chain}:${storedAddress}` as AccountId;
}

/** Parses an address (on the given chain) or a full CAIP-10 id. Throws InputError (BAD_ADDRESS). */
export function parseAccount(text: string, chain: ChainId): AccountId {
	const at = text.lastIndexOf(":");
	if (at < 0) return accountId(chain, text);
	const named = parseChainId(text.slice(0, at));
	if (isUtxoChain(chain) && named !== chain)
		throw new InputError(`${quote(text)} is on another chain than ${chain}`, { code: "BAD_ADDRESS" });
	return accountId(named, text.slice(at + 1));
}

/** The address part of a CAIP-10 id, in stored form. */
export function addressOf(account: AccountId): string {
	return account.slice(account.lastIndexOf(":") + 1);
}

/** The chain part of a CAIP-10 id. */
export function chainOf(account: AccountId): ChainId {
	return account.slice(0, account.lastIndexOf(":")) as ChainId;
}

/** The address as people expect to read it: checksummed (EIP-55) on EVM chains; "unknown receiver" for {@link unknownAccount}. */
export function displayAddress(account: AccountId): string {
	const address = addressOf(account);
	if (address === UNKNOWN_ADDRESS) return "unknown receiver";
	return isAddress(address) ? toChecksumAddress(address) : address;
}

/** The account that mints and coinbases come from, and burns, fees and unspendable outputs go to. */
export function nullAccount(chain: ChainId): AccountId {
	return trustedAccountId(chain, isUtxoChain(chain) ? "null" : ZERO_ADDRESS);
}

/** Address part of {@link unknownAccount}. */
const UNKNOWN_ADDRESS = "unknown";

/** The account of value that left its sender for a receiver whom no source names, `CHAIN:unknown`. No address reads like this, and it is nobody's: a trace ends there. */
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

/** The native coin of a chain. */
export function nativeAsset(chain: ChainId): AssetId {
	return `${chain}/slip44:${bitcoinNetwork(chain)?.coinType ?? SLIP44_ETHER}` as AssetId;
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

/** The contract of a token asset, undefined for a native coin. */
export function tokenContract(asset: AssetId): AccountId | undefined {
	const at = asset.indexOf("/erc20:");
	return at < 0 ? undefined : trustedAccountId(asset.slice(0, at) as ChainId, asset.slice(at + "/erc20:".length));
}

/** Parses an asset: `native`, a token contract address, or a CAIP-19 id. */
export function parseAsset(text: string, chain: ChainId): AssetId {
	if (text === "native") return nativeAsset(chain);
	if (isAddress(text)) return erc20Asset(chain, normalizeAddress(text));
	const token = /^(.+)\/erc20:(0x[0-9a-fA-F]{40})$/.exec(text);
	if (token?.[1] && token[2]) return erc20Asset(parseChainId(token[1]), normalizeAddress(token[2]));
	const native = /^(.+)\/slip44:[0-9]+$/.exec(text);
	if (native?.[1]) {
		parseChainId(native[1]);
		return text as AssetId;
	}
	throw new InputError(`${quote(text)} is not an asset`, { hint: "Write native, a token contract address, or a CAIP-19 id." });
}

/** True for a hash as the chain writes it: 64 hex digits, with `0x` in front on EVM chains. */
export function isHash(text: string, chain: ChainId): boolean {
	return (isUtxoChain(chain) ? BARE_HASH : HASH).test(text.toLowerCase());
}

/** Parses a 32-byte hash in the form of {@link isHash}. Throws InputError. */
export function parseHash(text: string, chain: ChainId): Hash {
	if (!isHash(text, chain)) {
		throw new InputError(`${quote(text)} is not a 32-byte hash${isUtxoChain(chain) ? " (64 hex digits)" : " (0x and 64 hex digits)"}`);
	}
	return text.toLowerCase() as Hash;
}
