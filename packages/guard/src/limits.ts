import type { Intent } from "./intent.js";

/** What may leave without a person's word. Addresses as they are stored, amounts in base units of the coin. */
export interface Limits {
	/** In all, while the guard runs; fees are not counted. Undefined: any. */
	readonly maxValue: bigint | undefined;
	/** Undefined: anybody. */
	readonly receivers: ReadonlySet<string> | undefined;
}

/**
 * Limits for whoever pays by a program: what they do not allow is held back for a person. With a limit of value, all that moves something
 * else than the coin is held, since its worth is not known here.
 */
export class Allowance {
	private readonly inWords: (amount: bigint) => string;
	private left: bigint | undefined;
	private readonly receivers: Limits["receivers"];

	/** `inWords`: an amount of the coin as people count it. */
	constructor({ maxValue, receivers }: Limits, inWords = (amount: bigint) => `${amount} base units`) {
		this.inWords = inWords;
		[this.left, this.receivers] = [maxValue, receivers];
	}

	/** Why it is beyond the limits, in one sentence; undefined where it is within. What is `taken` is no longer there for the next. */
	beyond({ actions, value, to }: Intent, taken: boolean): string | undefined {
		const { left, receivers } = this;
		if (left === undefined && receivers === undefined) return undefined;
		const stranger =
			receivers === undefined
				? undefined
				: [...(to === undefined ? ["nobody"] : [to]), ...actions.flatMap(whom)].find((one) => !receivers.has(one));
		if (stranger !== undefined) return `It deals with ${stranger}, which is none of the receivers that were allowed.`;
		if (left === undefined) return undefined;
		if (actions.some(({ kind }) => kind !== "pay"))
			return "It does more than pay the coin, and a limit of value was set: what else leaves has no known worth here.";
		const paid = actions.reduce((sum, action) => (action.kind === "pay" ? sum + action.amount : sum), 0n);
		const most = paid > value ? paid : value;
		if (most > left) return `It pays ${this.inWords(most)}, and ${this.inWords(left)} are left of what may leave without a person.`;
		if (taken) this.left = left - most;
		return undefined;
	}
}

/** With whom an action deals. */
function whom(action: Intent["actions"][number]): readonly string[] {
	switch (action.kind) {
		case "pay":
		case "call":
		case "unreadable":
			return [action.to];
		case "pay-token":
		case "take-token":
			return [action.token, action.to];
		case "let-spend":
		case "permit":
			return [action.token, action.spender];
		case "let-all":
			return [action.collection, action.operator];
		case "hand-over":
			return [action.where, action.to ?? "nobody"];
		case "runs-as":
			return [action.account, action.code];
		case "refund":
			return [...(action.token === undefined ? [] : [action.token]), action.to];
		case "let-act":
			return [action.delegate];
		case "set-signers":
			return [action.owner];
		// Whom a call names is no receiver yet: the call itself is judged.
		case "names":
		case "names-more":
			return [];
		case "named":
		case "signs":
		case "endangers":
		case "unknown":
		case "create":
			return ["nobody"];
	}
}
