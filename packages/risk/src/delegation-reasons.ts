import { type AccountId, addressOf, chainName, type Delegation, type Detection, standingDelegation } from "@clew/core";
import { type Claim, labelReasons } from "./label-reasons.js";
import { type Reason, reason } from "./reason.js";

/** What the key of an account let act for it, as a case has it: facts, which weigh nothing by themselves. */
export function delegationReasons(all: readonly Delegation[]): Reason[] {
	const { settled, open } = standingDelegation(all);
	const found: Reason[] = [];
	if (settled !== undefined) {
		const delegate = settled.to === undefined ? "" : addressOf(settled.to);
		found.push(
			reason(delegate === "" ? "delegation-revoked" : "delegated", "structural", { delegate, how: placeOf(settled) }, [settled.txHash]),
		);
	}
	for (const one of open) {
		const what = one.to === undefined ? "no contract acts for it any more" : `the contract ${addressOf(one.to)} acts for it`;
		found.push(reason("maybe-delegated", "structural", { what, how: placeOf(one) }, [one.txHash]));
	}
	return found;
}

/** What its key signed for every chain, and the case saw on others alone. */
export function delegationReasonsElsewhere(all: readonly Delegation[]): Reason[] {
	return all.map((one) => {
		const what =
			one.to === undefined ? "no contract acts for it on any chain" : `the contract ${addressOf(one.to)} acts for it on every chain`;
		return reason("maybe-delegated", "structural", { what, how: `seen on ${chainName(one.chain)} ${placeOf(one)}` }, [one.txHash]);
	});
}

/** Contracts that act for an account, or may; whether that is known. */
export function delegatesOf(all: readonly Delegation[]): ReadonlyMap<AccountId, boolean> {
	const { settled, open } = standingDelegation(all);
	const delegates = new Map<AccountId, boolean>();
	for (const { to } of open) if (to !== undefined) delegates.set(to, false);
	if (settled?.to !== undefined) delegates.set(settled.to, true);
	return delegates;
}

/** What lists say of a contract that acts for an account on a day (ISO date): only what is listed, and not weakly, is told. */
export function delegateReasons(delegate: AccountId, known: boolean, claims: readonly Claim[], today: string): Reason[] {
	const listed = labelReasons(claims, false, today).find(({ code }) => code === "listed");
	if (listed === undefined) return [];
	const maybe = known ? "" : " (or may have, which is not known)";
	return [reason("delegated-to-listed", "attribution", { ...listed.facts, delegate: addressOf(delegate), maybe }, listed.evidence)];
}

/** What the case saw of a contract that acts for an account: that it sweeps others that let it act. */
export function sweptReasons(delegate: AccountId, known: boolean, detections: readonly Detection[]): Reason[] {
	const sweeper = detections.find(({ kind }) => kind === "sweeper");
	if (sweeper === undefined) return [];
	return [sweptReason(sweeper, delegate, !known ? "unknown" : sweeper.tier === "structural" ? "seen" : "acts")];
}

/** What must be said beside what a contract may do for an account. */
const NOT_KNOWN = { acts: "", unknown: "; whether that took effect is not known" } as const;

/**
 * That a contract takes what comes to an account, by a detection of either. `seen`: it takes it. `acts`: it acts for the account, and may
 * take it. `unknown`: nobody knows whether the authorisation took effect.
 */
export function sweptReason(
	{ tier, reasons, evidence }: Pick<Detection, "tier" | "reasons" | "evidence">,
	delegate: AccountId | undefined,
	how: "seen" | keyof typeof NOT_KNOWN,
): Reason {
	const facts = { other: delegate === undefined ? "" : addressOf(delegate), chain: "", why: reasons.join("; ") };
	if (how === "seen") return reason("detected-swept", tier, facts, evidence);
	return reason("maybe-swept", "lead", { ...facts, open: NOT_KNOWN[how] }, evidence);
}

function placeOf({ position, txHash, signedFor }: Delegation): string {
	return `since block ${position.height}, transaction ${txHash}${signedFor === "every chain" ? "; signed for every chain" : ""}`;
}
