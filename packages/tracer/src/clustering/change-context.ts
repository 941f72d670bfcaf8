import {
	type AccountId,
	type ChainId,
	FIRST_OUTPUT,
	type LedgerReader,
	type OutputReader,
	placeKey,
	transactionAt,
	type UtxoTransaction,
} from "@clew/core";
import { CHANGE_HEURISTICS, type ChangeContext } from "./change.js";
import { type ChangeExpression, parseHeuristics } from "./heuristics.js";
import { Cuts, changeOutput, DEFAULT_CLUSTER_OPTIONS, mayHaveChange, ownersOf } from "./reasons.js";
import { traitsOf } from "./traits.js";

/** What the expressions look at besides the transaction, read from a source: only what some of them needs. */
export async function changeContext(
	source: OutputReader,
	chain: ChainId,
	tx: UtxoTransaction,
	owners: readonly AccountId[],
	expressions: readonly ChangeExpression[],
): Promise<ChangeContext & { readonly spenders: Uint8Array }> {
	const history = expressions.some(({ terms }) => terms.some(({ heuristic }) => heuristic.candidates !== undefined));
	const fresh = history ? await freshOutputs(source, tx) : new Set<number>();
	const spenders = new Uint8Array(tx.outputs.length);
	if (expressions.some((expression) => expression.fromSpenders)) {
		for (const [vout, { spender }] of tx.outputs.entries()) {
			const spending = await transactionAt(source, chain, spender);
			if (spending !== undefined) spenders[vout] = traitsOf(spending);
		}
	}
	return { tx, owners: new Set(owners), isFresh: (vout) => fresh.has(vout), spenders };
}

/** The outputs whose address appears on the chain for the first time with them. */
async function freshOutputs(source: OutputReader, tx: UtxoTransaction): Promise<Set<number>> {
	const fresh = new Set<number>();
	const own = placeKey(tx);
	for (const [vout, { account }] of tx.outputs.entries()) {
		const [first, second] = await source.outputsOf(account, FIRST_OUTPUT, 2);
		const [foreign] = await source.foreignSpendsOf(account, FIRST_OUTPUT, 1);
		const twice = second !== undefined && placeKey(second.place) === own;
		const spentBefore =
			tx.inputs.some((input) => input.previous?.account === account) || (foreign !== undefined && placeKey(foreign) <= own);
		if (first !== undefined && placeKey(first.place) === own && first.place.index === vout && !twice && !spentBefore) fresh.add(vout);
	}
	return fresh;
}

/** What each change heuristic alone says of a transaction; those that cannot decide are left out. */
export async function findChange(
	source: LedgerReader & OutputReader,
	chain: ChainId,
	tx: UtxoTransaction,
): Promise<readonly { readonly name: string; readonly version: number; readonly output: number }[]> {
	const view = ownersOf(tx, DEFAULT_CLUSTER_OPTIONS, new Cuts([]), (await source.header(chain, tx.height))?.time);
	if (!mayHaveChange(view)) return [];
	const { change } = parseHeuristics(CHANGE_HEURISTICS.map(({ name }) => `change:${name}`).join(","));
	const context = await changeContext(source, chain, tx, view.owners, change);
	return change.flatMap((expression) => {
		const output = changeOutput(expression, context, context.spenders);
		const { name, version } = expression.terms[0]?.heuristic ?? { name: "", version: 0 };
		return output === undefined ? [] : [{ name, version, output }];
	});
}
