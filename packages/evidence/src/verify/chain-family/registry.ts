import { BITCOIN } from "../bitcoin/family.js";
import { EVM } from "../evm/family.js";
import { TRON } from "../tron/family.js";
import type { Ledger, Limits, VerifiedFamily } from "./family.js";

/** The families of chains that a verifier knows. */
const families: VerifiedFamily[] = [EVM, BITCOIN, TRON];
export const FAMILIES: readonly VerifiedFamily[] = families;

/** Takes a family in for as long as this process runs. For tests: neither the package nor the single file exports it. */
export function addVerifiedFamily(family: VerifiedFamily): void {
	families.push(family);
}

/** The family of a chain; undefined for one that this verifier does not know. */
export function familyOf(chain: string): VerifiedFamily | undefined {
	return FAMILIES.find(({ namespace }) => chain.startsWith(`${namespace}:`));
}

/** The form of every chain's id (CAIP-2). */
const CHAIN = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

/** True for the id of a chain in its one form, so that no chain goes by two ids. */
export function isChain(chain: string): boolean {
	const reference = chain.slice(chain.indexOf(":") + 1);
	return CHAIN.test(chain) && (familyOf(chain)?.reference.test(reference) ?? true);
}

/** Where the money of a chain lies: in accounts, where this verifier does not know it. */
export function ledgerOf(chain: string): Ledger {
	return familyOf(chain)?.ledger ?? "accounts";
}

/** True for an asset of the form that its chain's family gives, where this verifier knows it. */
export function isAsset(asset: string): boolean {
	const at = asset.indexOf("/");
	if (at < 0 || !isChain(asset.slice(0, at))) return false;
	const form = familyOf(asset.slice(0, at))?.asset;
	return form?.(asset.slice(at + 1), asset.slice(asset.indexOf(":") + 1, at)) ?? true;
}

/** True for an account of a chain, of the form that its family gives, where this verifier knows it. */
export function isAccount(account: string, chain: string): boolean {
	const reference = chain.slice(chain.indexOf(":") + 1);
	return account.startsWith(`${chain}:`) && (familyOf(chain)?.account?.(account.slice(chain.length + 1), reference) ?? true);
}

/** True for an account with its chain, of the form that this chain's family gives. */
export function isAccountId(account: string): boolean {
	const chain = account.slice(0, Math.max(account.lastIndexOf(":"), 0));
	return isChain(chain) && isAccount(account, chain);
}

const HASH = /^(0x)?[0-9a-f]{64}$/;

/** True for the hash of a transaction or a block in the one form of its chain; where this verifier does not know the chain, in any. */
export function isHash(hash: string, chain: string): boolean {
	return (familyOf(chain)?.hash ?? HASH).test(hash);
}

/** What cannot be on a chain; undefined where this verifier knows no limits of it. */
export function limitsOf(chain: string): Limits | undefined {
	const limits = familyOf(chain)?.limits ?? {};
	const reference = chain.slice(chain.indexOf(":") + 1);
	return Object.hasOwn(limits, reference) ? limits[reference] : undefined;
}
