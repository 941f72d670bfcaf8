import { accountKinds } from "../chain-family/account-kinds.js";
import type { KindOfMovement } from "../chain-family/family.js";
import { NOBODY } from "./address.js";

const ofAccounts = accountKinds(NOBODY);

/**
 * What a movement of Tron cannot have been by its kind; undefined for one that can. Calls take tokens of the chain itself (TRC-10) along as
 * they take its coin, and a reward comes in the transaction that withdraws it.
 */
export function tronKindWrong(movement: KindOfMovement, chain: string): string | undefined {
	const { kind, from, asset } = movement;
	if (kind === "internal" && asset.startsWith(`${chain}/trc10:`)) return undefined;
	if (kind !== "reward") return ofAccounts(movement, chain);
	if (!asset.includes("/slip44:")) return `moves ${asset}, which is not the chain's coin`;
	return from === `${chain}:${NOBODY}` ? undefined : `comes from ${from}, and not from ${chain}:${NOBODY}`;
}
