import { type AccountId, type ClusterCut, type Hash, spenderOf, type UtxoTransaction } from "@clew/core";
import { type CoinJoinParameters, DEFAULT_COINJOIN_PARAMETERS, findCoinJoins, WHIRLPOOL_TX0 } from "../patterns/coinjoin.js";
import { type Finding, spendable } from "../patterns/finding.js";
import { payJoin, twoParties } from "../patterns/shapes.js";
import { type ChangeContext, isOwned, MOST_CHANGE_OUTPUTS, type OutputSet } from "./change.js";
import { type ChangeExpression, CO_SPEND, DEFAULT_HEURISTICS, type Heuristics } from "./heuristics.js";
import { type Traits, traitsOf } from "./traits.js";

/** What decides which addresses are joined. A result names all of it. */
export interface ClusterOptions {
	readonly heuristics: Heuristics;
	readonly coinJoin: CoinJoinParameters;
	/** Join the inputs of transactions that may be PayJoins. */
	readonly mergePayJoins: boolean;
	/** Transactions and addresses that a person took out. */
	readonly cuts: readonly ClusterCut[];
}

export const DEFAULT_CLUSTER_OPTIONS: ClusterOptions = {
	heuristics: DEFAULT_HEURISTICS,
	coinJoin: DEFAULT_COINJOIN_PARAMETERS,
	mergePayJoins: false,
	cuts: [],
};

/** Cuts made ready for lookups. */
export class Cuts {
	private readonly whole: ReadonlySet<string>;
	private readonly partly: ReadonlySet<string>;

	constructor(cuts: readonly ClusterCut[]) {
		this.whole = new Set(cuts.filter((cut) => cut.heuristic === "").map((cut) => cut.subject));
		this.partly = new Set(cuts.filter((cut) => cut.heuristic !== "").map((cut) => `${cut.subject} ${cut.heuristic}`));
	}

	/** True when a transaction or an account was taken out of a heuristic, or of all of them. */
	has(subject: Hash | AccountId, heuristic: string): boolean {
		return this.whole.has(subject) || this.partly.has(`${subject} ${heuristic}`);
	}
}

/** Why a transaction that spends several coins joins nothing: a mix, or a person's cut. */
export type Exception = { readonly finding: Finding } | { readonly cut: true };

/** What may be said of the owners of a transaction's inputs and outputs without looking at spenders. */
export interface OwnerView {
	readonly tx: UtxoTransaction;
	/** Accounts of the inputs that may be joined, in order of appearance. */
	readonly owners: readonly AccountId[];
	readonly exception?: Exception;
}

/** Looks at the inputs: who may be joined, and if nobody, why. `time` is the block's, Unix seconds. */
export function ownersOf(tx: UtxoTransaction, options: ClusterOptions, cuts: Cuts, time?: number): OwnerView {
	if (tx.coinbase) return { tx, owners: [] };
	const owners = new Set<AccountId>();
	for (const input of tx.inputs) {
		const owner = spenderOf(input);
		if (owner !== undefined && !cuts.has(owner, CO_SPEND)) owners.add(owner);
	}
	const list = [...owners];
	if (tx.inputs.length < 2) return { tx, owners: list };
	const found = findCoinJoins(tx, options.coinJoin);
	// The preparation of a mix is one user's: its coins are joined, though what it makes may look like a PayJoin.
	const prepares = found.some(({ name }) => name === WHIRLPOOL_TX0);
	const mix =
		found.find((finding) => finding.mixes) ?? twoParties(tx) ?? (options.mergePayJoins || prepares ? undefined : payJoin(tx, time));
	return mix === undefined ? { tx, owners: list } : { tx, owners: list, exception: { finding: mix } };
}

/** True when change may be looked for: owners known and not mixed, and at least two outputs to choose from, but no payout. */
export function mayHaveChange({ tx, owners, exception }: OwnerView): boolean {
	if (tx.coinbase || exception !== undefined || owners.length === 0 || tx.outputs.length > MOST_CHANGE_OUTPUTS) return false;
	return tx.inputs.every((input) => input.previous !== undefined) && spendable(tx).length >= 2;
}

/** The part of an expression that needs no spenders: outputs that none of its terms rules out. */
export function staticCandidates({ terms }: ChangeExpression, context: ChangeContext): OutputSet {
	const all = everyOutput(context.tx);
	let set = all;
	for (const { heuristic, not } of terms) {
		if (heuristic.candidates === undefined) continue;
		const found = heuristic.candidates(context);
		set &= not ? all & ~found : found;
	}
	return set;
}

/** The rest of an expression, over the traits of the transactions that spend the outputs. */
export function spenderCandidates({ terms }: ChangeExpression, own: Traits, spenders: Uint8Array): OutputSet {
	let set = ~0;
	for (const { heuristic, not } of terms) {
		if (heuristic.fromSpenders === undefined) continue;
		const found = heuristic.fromSpenders(own, spenders);
		set &= not ? ~found : found;
	}
	return set;
}

/** The only output in a set, undefined when there are none or several. */
export function onlyOutput(set: OutputSet): number | undefined {
	return set !== 0 && (set & (set - 1)) === 0 ? 31 - Math.clz32(set) : undefined;
}

/** The change output that an expression finds, undefined when it finds none or cannot decide. */
export function changeOutput(expression: ChangeExpression, context: ChangeContext, spenders: Uint8Array): number | undefined {
	return onlyOutput(staticCandidates(expression, context) & spenderCandidates(expression, traitsOf(context.tx), spenders));
}

function everyOutput(tx: UtxoTransaction): OutputSet {
	let set = 0;
	for (let vout = 0; vout < tx.outputs.length; vout++) if (isOwned(tx.outputs[vout])) set |= 1 << vout;
	return set;
}
