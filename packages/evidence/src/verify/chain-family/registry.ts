import { BITCOIN } from "../bitcoin/family.js";
import { EVM } from "../evm/family.js";
import type { Ledger, VerifiedFamily } from "./family.js";

/** The families of chains that a verifier knows. */
export const FAMILIES: readonly VerifiedFamily[] = [EVM, BITCOIN];

/** The family of a chain; undefined for one that this verifier does not know. */
export function familyOf(chain: string): VerifiedFamily | undefined {
	return FAMILIES.find(({ namespace }) => chain.startsWith(`${namespace}:`));
}

/** Where the money of a chain lies: in accounts, where this verifier does not know it. */
export function ledgerOf(chain: string): Ledger {
	return familyOf(chain)?.ledger ?? "accounts";
}
