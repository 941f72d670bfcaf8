import { type AccountId, CUSTODIAL_CATEGORIES, type GraphStore, isDated, type Label, standingAt } from "@clew/core";
import type { Movement, WatchRule } from "./model.js";

/**
 * The labels of one account of the other side that had not ended at a height, strongest first; where that cannot be told a label counts.
 */
export type LabelsOf = (account: AccountId, height: number) => Promise<readonly Label[]>;

/** The words of the rules that a movement of a watched account fulfils. */
export async function matchRules(
	rules: readonly { readonly rule: WatchRule; readonly word: string }[],
	movement: Movement,
	watched: AccountId,
	labelsOf: LabelsOf,
): Promise<string[]> {
	const outgoing = movement.from === watched;
	const matched: string[] = [];
	for (const { rule, word } of rules) if (await fulfils(rule, movement, outgoing, labelsOf)) matched.push(word);
	return matched;
}

async function fulfils(rule: WatchRule, movement: Movement, outgoing: boolean, labelsOf: LabelsOf): Promise<boolean> {
	switch (rule.rule) {
		case "any-outflow":
			return outgoing;
		case "any-inflow":
			return !outgoing;
		case "above":
			return outgoing && movement.asset === rule.asset && movement.amount > rule.amount;
		case "to":
		case "from": {
			if (outgoing !== (rule.rule === "to")) return false;
			const others = outgoing ? [movement.to] : (movement.spenders ?? [movement.from]);
			const labels = await Promise.all(others.map((other) => labelsOf(other, movement.height)));
			return labels
				.flat()
				.some((label) => (rule.category === "service" ? CUSTODIAL_CATEGORIES.has(label.category) : label.category === rule.category));
		}
		case "taint":
			return false;
	}
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
