import { chargesL1Fee } from "./chain-family/evm/chains.js";
import type { Coverage } from "./claims.js";
import { type AccountId, chainOf } from "./ids.js";
import type { ProvenanceTier, TransferRecord } from "./transfer.js";

/** How what a file leaves out of fees ends, in the notes of what it covers. */
export const FEES_IN_PART = ": lower bounds";

/** True where what was read of an account at a height tells its fees in part alone; whoever tells them whole is believed. */
export function tellsFeesInPart(coverage: readonly Coverage[], account: AccountId, height: number): boolean {
	const own = coverage.filter(
		(claim) => claim.account === account && claim.kinds.includes("native") && claim.fromHeight <= height && height <= claim.toHeight,
	);
	return own.length > 0 && own.every(({ note }) => note.includes(FEES_IN_PART));
}

/**
 * The fees that sources give one transaction, without those that are only a part of another. On a chain where a fee has a part on the first layer, a file that
 * leaves it out tells a lower bound: the larger of two files' fees is the fuller, and a node's fee is whole. Any two that are left disagree.
 */
export function wholeFees<T extends TransferRecord & { readonly provenance: ProvenanceTier }>(fees: readonly T[]): readonly T[] {
	const [first] = fees;
	if (first === undefined || fees.length < 2 || !chargesL1Fee(chainOf(first.from))) return fees;
	const isPart = (fee: T) => fee.provenance === "imported" && fees.some((other) => other.from === fee.from && other.amount > fee.amount);
	return fees.filter((fee) => !isPart(fee));
}
