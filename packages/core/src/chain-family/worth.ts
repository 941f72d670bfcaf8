import { type AssetId, chainOf, isNative, tokenContract } from "../ids.js";
import { EVM_WORTH } from "./evm/worth.js";
import { wrappedCoin } from "./evm/wrapped.js";
import { TRON_TOKENS } from "./tron/known-tokens.js";

const TRON_WORTH: ReadonlySet<string> = new Set(TRON_TOKENS.map(([asset]) => asset));

/**
 * True for what has a price everywhere: a native coin, its wrapped form, a token of a well-known issuer. Anybody can make any other token,
 * under any symbol.
 */
export function hasKnownWorth(asset: AssetId): boolean {
	if (isNative(asset)) return true;
	const contract = tokenContract(asset);
	if (contract === undefined) return false;
	return EVM_WORTH.has(contract) || TRON_WORTH.has(asset) || contract === wrappedCoin(chainOf(contract))?.contract;
}
