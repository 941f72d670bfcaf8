import { accountKinds, BLOCK_PLACE } from "../chain-family/account-kinds.js";
import type { KindOfMovement } from "../chain-family/family.js";
import { NOBODY } from "./logs.js";

/** Chains that are no rollups: a deposit in one of their blocks is a forgery. */
export const NO_ROLLUPS: readonly string[] = ["eip155:1", "eip155:11155111"];
/** Chains whose atomic transactions take coin to other chains of their network: what an account gives is burned. */
const EXPORTS: readonly string[] = ["eip155:43114", "eip155:43113"];
/** The chain of `clew simulate`, whose coins come by withdrawals that are transactions. */
const SIMULATED = "eip155:424242";
const ofAccounts = accountKinds(NOBODY);

/** What a movement of an EVM chain cannot have been by its kind; undefined for one that can. */
export function evmKindWrong(movement: KindOfMovement, chain: string): string | undefined {
	if (movement.kind === "mint" && movement.asset.includes("/slip44:") && NO_ROLLUPS.includes(chain))
		return `moves ${movement.asset}, which deposits into rollups alone mint`;
	// What leaves for another chain moves in a transaction, and nobody here says to whom.
	if (movement.kind === "burn" && movement.asset.includes("/slip44:") && EXPORTS.includes(chain))
		return movement.to === `${chain}:unknown` ? ofAccounts({ ...movement, kind: "internal" }, chain) : "names who got what left the chain";
	const behind = chain === SIMULATED && movement.kind === "withdrawal";
	return ofAccounts(behind ? { ...movement, position: movement.position.replace(/\.[0-9]+/, `.${BLOCK_PLACE}`) } : movement, chain);
}
