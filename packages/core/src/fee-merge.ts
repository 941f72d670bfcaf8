import { chargesL1Fee } from "./chain-family/evm/chains.js";
import type { Coverage } from "./claims.js";
import { type AccountId, chainOf } from "./ids.js";
import type { ProvenanceTier, TransferRecord } from "./transfer.js";

/** How what a file leaves out of fees ends, in the notes of what it covers. */
export const FEES_IN_PART = ": lower bounds";

/** Claims of an account's own transactions, where a file among them tells fees in part alone; else none. */
export function claimsOfFees(coverage: readonly Coverage[], account: AccountId): readonly Coverage[] {
	const own = coverage.filter((claim) => claim.account === account && claim.kinds.includes("native"));
	return own.some(inPart) ? own : [];
}

/** True where, by these claims, what was read at a height tells fees in part alone; whoever tells them whole is believed. */
export function tellsFeesInPart(claims: readonly Coverage[], height: number): boolean {
	const there = claims.filter(({ fromHeight, toHeight }) => fromHeight <= height && height <= toHeight);
	return there.length > 0 && there.every(inPart);
}

const inPart = ({ note }: Coverage): boolean => note.includes(FEES_IN_PART);

/**
 * The fees that sources give one transaction, without those that are only a part of another. On a chain where a fee has a part on the first
 * layer, a file that leaves it out tells a lower bound: the larger of two files' fees is the fuller, and a node's fee is whole. Any two
 * that are left disagree.
 */
export function wholeFees<T extends TransferRecord & { readonly provenance: ProvenanceTier }>(fees: readonly T[]): readonly T[] {
	const [first] = fees;
	if (first === undefined || fees.length < 2 || !chargesL1Fee(chainOf(first.from))) return fees;
	const isPart = (fee: T) => fee.provenance === "imported" && fees.some((other) => other.from === fee.from && other.amount > fee.amount);
	return fees.filter((fee) => !isPart(fee));
}
