import { type AccountId, canonicalJson, type GraphStore, ledgerOf, type TraceResult } from "@clew/core";
import type { Context } from "../context.js";
import { detectIn, keepDetections } from "../detect-into.js";
import { labelsInto, labelsTold } from "../labels-into.js";

/** Looking again at all behaviour may take one part in so many of the time. */
const SHARE = 10;

/**
 * What becomes known of accounts as money is followed: labels of the library for every account that it met, once each, and behaviour, now
 * and then and at the end. Gives true where the case says other than before. `labels` is false where there is no library.
 */
export function learner(context: Context, store: GraphStore, labels: boolean): (result: TraceResult, last: boolean) => Promise<boolean> {
	const looked = new Set<AccountId>();
	let [next, known] = [0, ""];
	const behaves = async (last: boolean): Promise<boolean> => {
		const begun = performance.now();
		if (ledgerOf(store.info.chain) !== "accounts" || (!last && begun < next)) return false;
		const detected = await detectIn(context, store);
		const text = canonicalJson(detected.detections);
		next = performance.now() + (performance.now() - begun) * SHARE;
		if (text === known) return false;
		await keepDetections(context, store, detected);
		const empty = known === "" && detected.detections.length === 0;
		known = text;
		return !empty;
	};
	return async (result, last) => {
		const told = labels ? await labelled(context, store, looked, result) : false;
		return (await behaves(last)) || told;
	};
}

/** Looks up the accounts of a trace that were not looked up yet; true where the library says more than the case does. */
async function labelled(context: Context, store: GraphStore, looked: Set<AccountId>, result: TraceResult): Promise<boolean> {
	const accounts = [...result.edges.flatMap(({ from, to }) => [from, to]), ...result.leaves.map(({ account }) => account)] as AccountId[];
	return labelAccounts(context, store, accounts, looked);
}

/** Copies what the library says of accounts into the case, where that says other; true where it did. */
export async function labelAccounts(
	context: Context,
	store: GraphStore,
	accounts: readonly AccountId[],
	looked: Set<AccountId>,
): Promise<boolean> {
	const fresh = new Set(accounts.filter((account) => !looked.has(account)));
	if (fresh.size === 0) return false;
	for (const account of fresh) looked.add(account);
	const told = labelsTold(fresh, {});
	const labels = [];
	for (const label of told.labels) {
		const held = (await store.labelsOf(label.account)).map((one) => canonicalJson(one));
		if (!held.includes(canonicalJson(label))) labels.push(label);
	}
	if (labels.length === 0) return false;
	await labelsInto(context, store, { ...told, labels });
	return true;
}
