import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";
import { type AccountId, type AssetId, addressOf, type ChainId, chainOf, type Hash, isUnknownAccount, trustedAccountId } from "../ids.js";
import { familyOf, knownFamily, parseChainId } from "./registry.js";

/**
 * An account on a chain from an address as a person writes it; its checksum must be right (EIP-55, base58check, bech32). Throws InputError
 * (BAD_ADDRESS).
 */
export function accountId(chain: ChainId, address: string): AccountId {
	return trustedAccountId(chain, familyOf(chain).normalizeAddress(address, chain));
}

/** Parses an address (on the given chain) or a full CAIP-10 id. Throws InputError (BAD_ADDRESS). */
export function parseAccount(text: string, chain: ChainId): AccountId {
	const at = text.lastIndexOf(":");
	if (at < 0) return accountId(chain, text);
	const named = parseChainId(text.slice(0, at));
	// An account on another EVM chain is a subject of its own; an output belongs to its chain alone.
	if (familyOf(chain).ledger === "outputs" && named !== chain) throw onAnotherChain(text, chain);
	return accountId(named, text.slice(at + 1));
}

/** The same where only an account of this chain is meant. Throws InputError (BAD_ADDRESS), also for one of another chain. */
export function parseAccountOn(chain: ChainId, text: string): AccountId {
	const account = parseAccount(text, chain);
	if (chainOf(account) !== chain) throw onAnotherChain(text, chain);
	return account;
}

function onAnotherChain(text: string, chain: ChainId): InputError {
	return new InputError(`${quote(text)} is on another chain than ${chain}`, {
		code: "BAD_ADDRESS",
		hint: "A case with several chains is looked at one chain at a time: give --chain where a command has it.",
	});
}

/** The address as people expect to read it: checksummed (EIP-55) on EVM chains; "unknown receiver" for {@link unknownAccount}. */
export function displayAddress(account: AccountId): string {
	const address = addressOf(account);
	if (isUnknownAccount(account)) return "unknown receiver";
	return knownFamily(chainOf(account))?.displayAddress(address) ?? address;
}

/** The account that mints and coinbases come from, and burns, fees and unspendable outputs go to. */
export function nullAccount(chain: ChainId): AccountId {
	return trustedAccountId(chain, familyOf(chain).nobody);
}

/**
 * True of an account that stands for no place: the one that mints, fees and burns are booked at, and receivers that nobody told. What came
 * there less what went is no balance: part of it is on the chain at no address, and what its address holds there is not in the data.
 */
export function isNoPlace(account: AccountId): boolean {
	return isUnknownAccount(account) || addressOf(account) === knownFamily(chainOf(account))?.nobody;
}

/** The native coin of a chain. */
export function nativeAsset(chain: ChainId): AssetId {
	return `${chain}/slip44:${familyOf(chain).coin(chain).slip44}` as AssetId;
}

/** Parses an asset: `native`, a token contract address, or a CAIP-19 id. */
export function parseAsset(text: string, chain: ChainId): AssetId {
	if (text === "native") return nativeAsset(chain);
	const contract = tokenOf(chain, text);
	if (contract !== undefined) return contract;
	const [, of, standard, token] = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})\/([a-z0-9]+):(.+)$/.exec(text) ?? [];
	if (of !== undefined && token !== undefined) {
		const named = parseChainId(of);
		const tokens = knownFamily(named)?.tokens;
		const asset = tokenOf(named, tokens?.namespace === standard ? token : `${standard}:${token}`);
		if (asset !== undefined) return asset;
	}
	const native = /^(.+)\/slip44:[0-9]+$/.exec(text);
	if (native?.[1] && nativeAsset(parseChainId(native[1])) === text) return text as AssetId;
	throw new InputError(`${quote(text)} is not an asset`, { hint: "Write native, a token contract address, or a CAIP-19 id." });
}

/** The asset of a token as a person writes it without its chain, by its contract or in another form of the family. */
function tokenOf(chain: ChainId, text: string): AssetId | undefined {
	const family = knownFamily(chain);
	const contract = family?.tokens?.address(text);
	if (contract !== undefined) return tokenAsset(chain, contract);
	const other = family?.otherAsset?.(text);
	return other === undefined ? undefined : (`${chain}/${other}` as AssetId);
}

/** A token by the stored address of its contract. Throws InputError (USAGE) for a chain whose family has no such tokens. */
export function tokenAsset(chain: ChainId, storedContract: string): AssetId {
	const { tokens, name } = familyOf(chain);
	if (tokens === undefined) throw new InputError(`${name} has no tokens that are contracts`, { code: "USAGE" });
	return `${chain}/${tokens.namespace}:${storedContract}` as AssetId;
}

/** The same where only an asset of this chain is meant. Throws InputError, also for one of another chain. */
export function parseAssetOn(chain: ChainId, text: string): AssetId {
	const asset = parseAsset(text, chain);
	if (!asset.startsWith(`${chain}/`)) throw onAnotherChain(text, chain);
	return asset;
}

/** A hash as it was typed in the form that the chain writes; undefined for what is none. */
function hashIn(text: string, chain: ChainId): Hash | undefined {
	const { pattern, typed } = familyOf(chain).hash;
	const lower = text.toLowerCase();
	const written = typed?.test(lower) ? lower.slice("0x".length) : lower;
	return pattern.test(written) ? (written as Hash) : undefined;
}

/** True for a hash as people write the chain's: 64 hex digits, on EVM chains with `0x` in front, on Tron with it or without. */
export function isHash(text: string, chain: ChainId): boolean {
	return hashIn(text, chain) !== undefined;
}

/** Parses a 32-byte hash in the form of {@link isHash} to the one that is stored. Throws InputError. */
export function parseHash(text: string, chain: ChainId): Hash {
	const hash = hashIn(text, chain);
	if (hash === undefined) throw new InputError(`${quote(text)} is not a 32-byte hash (${familyOf(chain).hash.words})`);
	return hash;
}
