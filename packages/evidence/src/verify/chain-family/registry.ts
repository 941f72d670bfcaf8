import { BITCOIN } from "../bitcoin/family.js";
import { EVM } from "../evm/family.js";
import type { Ledger, Limits, VerifiedFamily } from "./family.js";

/** The families of chains that a verifier knows. */
const families: VerifiedFamily[] = [EVM, BITCOIN];
export const FAMILIES: readonly VerifiedFamily[] = families;

/** Takes a family in for as long as this process runs. For tests: neither the package nor the single file exports it. */
export function addVerifiedFamily(family: VerifiedFamily): void {
	families.push(family);
}

/** The family of a chain; undefined for one that this verifier does not know. */
export function familyOf(chain: string): VerifiedFamily | undefined {
	return FAMILIES.find(({ namespace }) => chain.startsWith(`${namespace}:`));
}

/** Where the money of a chain lies: in accounts, where this verifier does not know it. */
export function ledgerOf(chain: string): Ledger {
	return familyOf(chain)?.ledger ?? "accounts";
}

/** What cannot be on a chain; undefined where this verifier knows no limits of it. */
export function limitsOf(chain: string): Limits | undefined {
	const limits = familyOf(chain)?.limits ?? {};
	const reference = chain.slice(chain.indexOf(":") + 1);
	return Object.hasOwn(limits, reference) ? limits[reference] : undefined;
}
