import { amountInWords } from "./action-words.js";
import type { Action, Intent } from "./intent.js";
import type { Facts, Judgement, LookedAt } from "./judge.js";

/** Nobody's. */
export const ZERO = `0x${"0".repeat(40)}`;

/** What is found of one thing that a transaction does. */
export interface Finding {
	readonly outcome: Judgement["outcome"];
	/** A short sentence. */
	readonly says: string;
	/** The same with its details; absent: there are none. */
	readonly reason?: string;
	readonly whatToDo?: readonly string[];
}

/** Whom a judgement asks. */
export interface Asking {
	readonly facts: Facts;
	readonly look: (address: string) => Promise<LookedAt>;
}

/** What is said of what changes who decides. */
export const MEANT = "Nobody who is honest asks you to do this to get paid, verified or refunded. Send it only if you meant to.";

export function handingOver({ where, to, what }: Extract<Action, { kind: "hand-over" }>): Finding {
	const says = `It hands over ${what}${to === undefined ? "" : `, to ${to}`}.`;
	return {
		outcome: "hold",
		says,
		reason: `${says} Who may decide over ${where} changes, and its owner can be shut out.`,
		whatToDo: [MEANT],
	};
}

export function runningAs({ account, code, several }: Extract<Action, { kind: "runs-as" }>): Finding {
	const says = `It lets the code of ${code} run as the account's own.`;
	const reason = `${says} That code can do everything that ${account} can, whatever its call looks like.`;
	return { outcome: several ? "notice" : "hold", says, reason, whatToDo: [MEANT] };
}

export function refunding({ to, token, least }: Extract<Action, { kind: "refund" }>, { unit }: Facts): Finding {
	const says = `It pays ${to} for the fee, ${amountInWords(least, token, unit)} or more.`;
	return {
		outcome: "notice",
		says,
		reason: `${says} How much more, whoever sends it chooses.`,
		whatToDo: ["Pay back fees only to whom you know."],
	};
}

/** Of an address that is only named, nothing but a danger counts. */
export function naming(who: string, { verdict, sentence, reasons, whatToDo }: LookedAt, address: string, does = "names"): Finding[] {
	if (verdict !== "danger") return [];
	const says = `${who} ${does} ${address}.`;
	return [{ outcome: "hold", says: `${says} ${sentence}`, reason: [says, sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

/** Whether a permission is for all that the owner holds, for a part of it, or for nobody knows how much of it. */
export async function muchOf({ amount, token }: Extract<Action, { kind: "let-spend" }>, { from }: Intent, facts: Facts): Promise<Much> {
	if (amount === undefined) return "all";
	const held = from === undefined ? undefined : await facts.holds(token, from);
	if (held === undefined) return "unknown";
	return amount > held ? "all" : "part";
}

type Much = "all" | "part" | "unknown";

/** As `clew check` says it: a danger is held back, care is told. */
export function dealing({ verdict, sentence, reasons, whatToDo }: LookedAt): Finding[] {
	if (verdict !== "danger" && verdict !== "caution") return [];
	const outcome = verdict === "danger" ? "hold" : "notice";
	return [{ outcome, says: sentence, reason: [sentence, ...reasons.slice(1)].join(" "), whatToDo }];
}

const REVOKE = "If you do not know who this is, do not sign; a permission that stands is taken back by approving 0.";

/**
 * Somebody may take or act from now on: a person's address has no reason to, and no limit is more than a payment needs. Where nobody sees
 * whether it is a person's, it may be.
 */
export async function letting(
	who: string,
	amount: Much | Promise<Much>,
	{ facts, look }: Asking,
	does = "take your tokens",
): Promise<Finding[]> {
	const [looked, hasCode, much] = await Promise.all([look(who), facts.hasCode(who), amount]);
	const findings = dealing(looked);
	if (hasCode !== true) {
		const person = `It lets ${who}, which is no contract but somebody's own address, ${does}.`;
		const untold = `It lets ${who} ${does}, and your node does not tell whether that is somebody's own address.`;
		return [...findings, { outcome: "hold", says: hasCode === false ? person : untold, whatToDo: [REVOKE] }];
	}
	if (much === "part") return findings;
	const as = does === "take your tokens" ? "take as much as you have, now and later" : `${does}, now and later`;
	const unsure = much === "all" ? "" : " perhaps (the node does not tell how much you have)";
	return [...findings, { outcome: "notice", says: `It lets ${who}${unsure} ${as}.`, whatToDo: [REVOKE] }];
}

/** Whoever signed lets a contract do everything that the account can. */
export async function acting(
	{ delegate, signer, everyChain }: Extract<Action, { kind: "let-act" }>,
	{ from }: Intent,
	{ look, facts }: Asking,
): Promise<Finding[]> {
	if (delegate === ZERO) return [];
	const whose = signer === undefined || signer === from ? "your account" : `the account ${signer}`;
	const [looked, hasCode] = await Promise.all([look(delegate), facts.hasCode(delegate)]);
	const findings = dealing(looked);
	const where = everyChain ? ", on every chain" : "";
	if (hasCode !== true) {
		const what = hasCode === false ? "has no code now" : "may have no code: the node does not tell";
		const says = `It lets ${delegate} act for ${whose}${where}, which ${what}.`;
		const reason = `${says} Whoever puts code there later could take everything that is there.`;
		return [...findings, { outcome: "hold", says, reason, whatToDo: [OWN_WALLET] }];
	}
	const says = `It lets the contract ${delegate} act for ${whose}${where}: it could take everything that is there.`;
	return [...findings, { outcome: "notice", says, whatToDo: [OWN_WALLET] }];
}

const OWN_WALLET = "Do this only for a wallet's own contract that you know.";
