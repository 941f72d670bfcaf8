import type { KindOfMovement } from "../chain-family/family.js";

/**
 * What a movement between the addresses and the node of a transaction of outputs cannot have been; undefined for one that can: an input
 * goes to its transaction, an output comes from it and is named by it, and a fee comes from it and goes to nobody, or to a coinbase.
 */
export function outputKindWrong({ kind, txHash, from, to, outpoint }: KindOfMovement, chain: string): string | undefined {
	const node = `${chain}:tx-${txHash}`;
	if (kind === "spend") {
		if (to !== node) return `goes to ${to}, and not to its transaction`;
		return outpoint === undefined || outpoint.startsWith(`${txHash}:`) ? "spends no output of another transaction" : undefined;
	}
	if (from !== node) return `comes from ${from}, and not from its transaction`;
	if (kind === "output") return outpoint?.startsWith(`${txHash}:`) ? undefined : "is no output of its transaction";
	if (outpoint !== undefined) return "names an output, and is none";
	if (kind === "fee") return to === `${chain}:null` ? undefined : `goes to ${to}, and not to ${chain}:null`;
	return to !== node && to.startsWith(`${chain}:tx-`) ? undefined : `goes to ${to}, which is no other transaction`;
}
