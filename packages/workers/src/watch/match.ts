import { type AccountId, CUSTODIAL_CATEGORIES, type GraphStore, isDated, type Label, type LabelCategory, standingAt } from "@clew/core";
import type { Movement, WatchRule } from "./model.js";

/**
 * The labels of one account of the other side that had not ended at a height, strongest first; where that cannot be told a label counts.
 */
export type LabelsOf = (account: AccountId, height: number) => Promise<readonly Label[]>;

/** A rule of a watch as it was written, with what it says. */
export interface WordedRule {
	readonly rule: WatchRule;
	readonly word: string;
}

/** What a rule may ask beside the movement itself: its side, and the labels of the other one as {@link LabelsOf} tells them. */
export interface MovementFacts {
	readonly outgoing: boolean;
	readonly labels: readonly Label[];
}

/** Whether a movement of a watched account fulfils a rule. `taint` asks a trace, and is never fulfilled by a movement alone. */
export function fulfils(rule: WatchRule, movement: Movement, { outgoing, labels }: MovementFacts): boolean {
	switch (rule.rule) {
		case "any-outflow":
			return outgoing;
		case "any-inflow":
			return !outgoing;
		case "above":
			return outgoing && movement.asset === rule.asset && movement.amount > rule.amount;
		case "to":
		case "from":
			return outgoing === (rule.rule === "to") && labels.some(({ category }) => isOfCategory(category, rule.category));
		case "taint":
			return false;
	}
}

const isOfCategory = (category: LabelCategory, asked: LabelCategory | "service"): boolean =>
	asked === "service" ? CUSTODIAL_CATEGORIES.has(category) : category === asked;

/** What rules ask of a movement of a watched account; labels are read only for a rule that asks for them. */
export async function factsFor(
	rules: readonly WordedRule[],
	movement: Movement,
	watched: AccountId,
	labelsOf: LabelsOf,
): Promise<MovementFacts> {
	const outgoing = movement.from === watched;
	const side = outgoing ? "to" : "from";
	if (!rules.some(({ rule }) => rule.rule === side)) return { outgoing, labels: [] };
	const others = outgoing ? [movement.to] : (movement.spenders ?? [movement.from]);
	const labels = await Promise.all(others.map((other) => labelsOf(other, movement.height)));
	return { outgoing, labels: labels.flat() };
}

/** Labels through a store, each account asked once. Throws what the store throws. */
export function cachedLabels(store: GraphStore): LabelsOf {
	const known = new Map<AccountId, Promise<readonly Label[]>>();
	return async (account, height) => {
		const asked = known.get(account) ?? store.labelsOf(account);
		known.set(account, asked);
		const labels = await asked;
		if (!labels.some(isDated)) return labels;
		const time = (await store.header(store.info.chain, height))?.time;
		return labels.filter((label) => standingAt(label, time) !== "ended");
	};
}
