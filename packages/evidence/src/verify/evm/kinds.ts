import { accountKinds } from "../chain-family/account-kinds.js";
import type { KindOfMovement } from "../chain-family/family.js";
import { NOBODY } from "./logs.js";

/** Chains that are no rollups: a deposit in one of their blocks is a forgery. */
export const NO_ROLLUPS: readonly string[] = ["eip155:1", "eip155:11155111"];
const ofAccounts = accountKinds(NOBODY);

/** What a movement of an EVM chain cannot have been by its kind; undefined for one that can. */
export function evmKindWrong(movement: KindOfMovement, chain: string): string | undefined {
	if (movement.kind === "mint" && movement.asset.includes("/slip44:") && NO_ROLLUPS.includes(chain))
		return `moves ${movement.asset}, which deposits into rollups alone mint`;
	return ofAccounts(movement, chain);
}
