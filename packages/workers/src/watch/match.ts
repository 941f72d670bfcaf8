import { type AccountId, CUSTODIAL_CATEGORIES, type GraphStore, type Label } from "@clew/core";
import type { Movement, WatchRule } from "./model.js";

/** The strongest label of the other side, looked up at most once a movement. */
export type LabelsOf = (account: AccountId) => Promise<readonly Label[]>;

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
			const labels = await labelsOf(outgoing ? movement.to : movement.from);
			return labels.some((label) =>
				rule.category === "service" ? CUSTODIAL_CATEGORIES.has(label.category) : label.category === rule.category,
			);
		}
		case "taint":
			return false;
	}
}

/** Labels through a store, each account asked once. */
export function cachedLabels(store: GraphStore): LabelsOf {
	const known = new Map<AccountId, Promise<readonly Label[]>>();
	return (account) => {
		const held = known.get(account) ?? store.labelsOf(account);
		known.set(account, held);
		return held;
	};
}
