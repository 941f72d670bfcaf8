import type { AccountId } from "../../ids.js";

/**
 * EntryPoints of ERC-4337 by the releases of eth-infinitism/account-abstraction: one address on every chain, by deterministic deployment.
 * What is paid to one is gas, or a deposit for gas that stays its owner's; what it pays out is gas again, or a deposit that its owner takes
 * back. It holds coins of everybody's, so nothing that comes out says whose it was.
 */
const PUBLISHED: readonly (readonly [address: string, version: string])[] = [
	["0x5ff137d4b0fdcd49dca30c7cf57e578a026d2789", "0.6"],
	["0x0000000071727de22e5e9d8baf0edac6f37da032", "0.7"],
	["0x4337084d9e255ff0702461cf8895ce9e3b5ff108", "0.8"],
	["0x433709009b8330fda32311df1c2afa402ed8d009", "0.9"],
];

/** The addresses alone, lower case. */
export const ENTRY_POINTS: ReadonlySet<string> = new Set(PUBLISHED.map(([address]) => address));

/** The version of the EntryPoint that an account is; undefined for others. */
export function entryPointVersion(account: AccountId): string | undefined {
	// Asked of every transfer: comparing ends is quicker than taking ids apart.
	const version = PUBLISHED.find(([address]) => account.endsWith(address))?.[1];
	return account.startsWith("eip155:") ? version : undefined;
}

/** True for what is paid to an EntryPoint or by one: money for gas, which is no part of what a transaction exchanges or steals. */
export function isWithEntryPoint({ from, to }: { readonly from: AccountId; readonly to: AccountId }): boolean {
	return entryPointVersion(to) !== undefined || entryPointVersion(from) !== undefined;
}
