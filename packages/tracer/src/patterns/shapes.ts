import { type ChainId, feeOf, type OutputPlace, transactionAt, type UtxoSource, type UtxoTransaction } from "@clew/core";
import { type Finding, findingOf, inputAccounts, must, spendable, surer } from "./finding.js";

const MANY_INPUTS = 5;
const MANY_OUTPUTS = 10;
/** PayJoin was first described in August 2018 (pay-to-endpoint; BIP 78 is of 2019): what is older cannot be one. Unix seconds. */
export const PAYJOIN_SINCE = Date.UTC(2018, 7, 1) / 1000;
const SHAPE_SOURCE = "Meiklejohn et al. 2013: A Fistful of Bitcoins; BlockSci (Kalodner et al. 2020)";

/** The shapes of a transaction that say how it was made. */
export function findShapes(tx: UtxoTransaction, time?: number): Finding[] {
	if (tx.coinbase) return [];
	return [consolidation(tx), batching(tx), sweepShape(tx), reuse(tx), payJoin(tx, time)].filter((finding) => finding !== undefined);
}

function consolidation(tx: UtxoTransaction): Finding | undefined {
	const outputs = spendable(tx);
	return findingOf(shape("consolidation", { inputsAtLeast: String(MANY_INPUTS), outputsAtMost: "2" }), [
		must(`${tx.inputs.length} inputs into ${outputs.length} outputs`, tx.inputs.length >= MANY_INPUTS && outputs.length <= 2),
		surer("one output", outputs.length === 1),
	]);
}

function batching(tx: UtxoTransaction): Finding | undefined {
	const outputs = spendable(tx);
	return findingOf(shape("batching", { outputsAtLeast: String(MANY_OUTPUTS), outputsPerInput: "more than 2" }), [
		must(
			`${outputs.length} outputs from ${tx.inputs.length} inputs`,
			outputs.length >= MANY_OUTPUTS && outputs.length > 2 * tx.inputs.length,
		),
		surer("as an exchange pays out: one owner of inputs", inputAccounts(tx).size === 1),
	]);
}

function sweepShape(tx: UtxoTransaction): Finding | undefined {
	const outputs = spendable(tx);
	const [only] = outputs;
	return findingOf(shape("sweep", { outputs: "1" }), [
		must("all goes to one output", outputs.length === 1),
		must("which is no input's address", only !== undefined && !inputAccounts(tx).has(only.account)),
	]);
}

function reuse(tx: UtxoTransaction): Finding | undefined {
	const owners = inputAccounts(tx);
	return findingOf(shape("address-reuse", {}), [
		must(
			"an output pays an address that the inputs spent from",
			tx.outputs.some((output) => owners.has(output.account)),
		),
	]);
}

/**
 * PayJoin cannot be told from an ordinary payment; what can be told is that an input was not needed (unnecessary input heuristic 2): without the smallest input, the
 * others would still pay the larger output and the fee. `time` is the block's, Unix seconds; unknown counts as recent.
 */
export function payJoin(tx: UtxoTransaction, time?: number): Finding | undefined {
	const outputs = spendable(tx);
	const values = tx.inputs.map((input) => input.previous?.value);
	const fee = feeOf(tx);
	if (fee === undefined || outputs.length !== 2 || tx.inputs.length < 2) return undefined;
	const known = values as bigint[];
	const smallest = known.reduce((a, b) => (a < b ? a : b));
	const total = known.reduce((a, b) => a + b, 0n);
	const largest = (outputs[0]?.value ?? 0n) > (outputs[1]?.value ?? 0n) ? outputs[0] : outputs[1];
	const types = new Set(tx.inputs.map((input) => input.previous?.scriptType));
	return findingOf(
		{
			name: "payjoin-possible",
			version: 1,
			source: "BIP 78; Ghesmati et al. 2022: Unnecessary input heuristics and PayJoin transactions",
			mixes: true,
			parameters: { since: String(PAYJOIN_SINCE) },
		},
		[
			must("two outputs, and inputs of two owners or more", inputAccounts(tx).size >= 2),
			must("mined after PayJoin was invented", time === undefined || time >= PAYJOIN_SINCE),
			must("the smallest input was not needed for the larger output", total - smallest >= (largest?.value ?? 0n) + fee),
			must("inputs are of one script type", types.size === 1),
			surer(
				"outputs are of the same type",
				outputs.every((output) => types.has(output.scriptType)),
			),
		],
	);
}

function shape(name: string, parameters: Record<string, string>) {
	return { name, version: 1, source: SHAPE_SOURCE, mixes: false, parameters };
}

/** True for one input and two spendable outputs: a link of a peel chain. */
export function isPeelLink(tx: UtxoTransaction): boolean {
	return !tx.coinbase && tx.inputs.length === 1 && spendable(tx).length === 2;
}

/** A peel chain through a transaction, as the transactions in order. */
export interface PeelChain {
	readonly transactions: readonly UtxoTransaction[];
	/** True when the search stopped at its limit: the chain may go on. */
	readonly cut: boolean;
}

/**
 * The chain of one-in-two-out transactions around one of them: backwards by the only input, forwards by the output that such a transaction spends (the larger when both are).
 * Undefined when there are fewer than two links. Reads at most `limit` transactions either way.
 */
export async function findPeelChain(source: UtxoSource, chain: ChainId, tx: UtxoTransaction, limit = 100): Promise<PeelChain | undefined> {
	if (!isPeelLink(tx)) return undefined;
	const at = async (place: OutputPlace | undefined): Promise<UtxoTransaction | undefined> => {
		const found = await transactionAt(source, chain, place);
		return found !== undefined && isPeelLink(found) ? found : undefined;
	};
	const before: UtxoTransaction[] = [];
	for (let link = await at(tx.inputs[0]?.place); link !== undefined && before.length < limit; link = await at(link.inputs[0]?.place))
		before.push(link);
	const after: UtxoTransaction[] = [];
	const next = async (link: UtxoTransaction) => {
		const bySize = [...spendable(link)].sort((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1));
		for (const output of bySize) {
			const found = await at(output.spender);
			if (found !== undefined) return found;
		}
		return undefined;
	};
	for (let link = await next(tx); link !== undefined && after.length < limit; link = await next(link)) after.push(link);
	const transactions = [...before.reverse(), tx, ...after];
	return transactions.length < 2 ? undefined : { transactions, cut: before.length >= limit || after.length >= limit };
}
