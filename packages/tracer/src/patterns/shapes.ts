import {
	type AccountId,
	type ChainId,
	feeOf,
	type OutputPlace,
	type OutputReader,
	ownerOf,
	spenderOf,
	transactionAt,
	type UtxoTransaction,
} from "@clew/core";
import { type Finding, findingOf, inputAccounts, must, owned, spendable, surer } from "./finding.js";

const MANY_INPUTS = 5;
const MANY_OUTPUTS = 10;
/** PayJoin was first described in August 2018 (pay-to-endpoint; BIP 78 is of 2019): what is older cannot be one. Unix seconds. */
export const PAYJOIN_SINCE = Date.UTC(2018, 7, 1) / 1000;
/** What a sold inscription's coin carries at most, and how many times its worth a seller receives at least. */
const SALE = { most: 10_000n, times: 5n } as const;
const SHAPE_SOURCE = "Meiklejohn et al. 2013: A Fistful of Bitcoins; BlockSci (Kalodner et al. 2020)";

/** The shapes of a transaction that say how it was made. */
export function findShapes(tx: UtxoTransaction, time?: number): Finding[] {
	if (tx.coinbase) return [];
	return [consolidation(tx), batching(tx), sweepShape(tx), reuse(tx), twoParties(tx), payJoin(tx, time)].filter(
		(finding) => finding !== undefined,
	);
}

function consolidation(tx: UtxoTransaction): Finding | undefined {
	const { inputs, outputs } = owned(tx);
	return findingOf(shape("consolidation", { inputsAtLeast: String(MANY_INPUTS), outputsAtMost: "2" }), [
		must(`${inputs.length} inputs into ${outputs.length} outputs`, inputs.length >= MANY_INPUTS && outputs.length <= 2),
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
 * PayJoin cannot be told from an ordinary payment; what can be told is that an input was not needed (unnecessary input heuristic 2):
 * without the smallest input, the others would still pay the larger output and the fee. `time` is the block's, Unix seconds; unknown counts
 * as recent.
 */
export function payJoin(tx: UtxoTransaction, time?: number): Finding | undefined {
	const outputs = spendable(tx);
	const inputs = owned(tx).inputs;
	const fee = feeOf(tx);
	if (fee === undefined || outputs.length !== 2 || inputs.length < 2) return undefined;
	const known = inputs.map((input) => input.previous?.value ?? 0n);
	const smallest = known.reduce((a, b) => (a < b ? a : b));
	const total = known.reduce((a, b) => a + b, 0n);
	const largest = (outputs[0]?.value ?? 0n) > (outputs[1]?.value ?? 0n) ? outputs[0] : outputs[1];
	const types = new Set(inputs.map((input) => input.previous?.scriptType));
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

/**
 * A sale between two parties (inscriptions, PSBT offers), or coins that strangers put together: an input whose signatures cover no other
 * input (SIGHASH_ANYONECANPAY) says nothing of who owns the others. Where no source told the signatures of a small input, what its address
 * receives must speak: a seller puts in next to nothing and takes the price.
 */
export function twoParties(tx: UtxoTransaction): Finding | undefined {
	const owners = inputAccounts(tx);
	const alone = tx.inputs.filter(({ signed }) => signed === "own-input").length;
	const sellers = sellersOf(tx);
	return findingOf(
		{
			name: "two-party-sale",
			version: 1,
			source: "BIP 143 (SIGHASH_ANYONECANPAY); BIP 174: offers of inscriptions as partially signed transactions",
			mixes: true,
			parameters: { smallInputAtMost: String(SALE.most), receivesTimes: String(SALE.times) },
		},
		[
			must(`${owners.size} owners of inputs`, owners.size >= 2),
			must(
				alone > 0
					? `${alone} of ${tx.inputs.length} inputs are signed without the others (ANYONECANPAY)`
					: `${sellers} owners put in next to nothing, by signatures that are not known, and receive ${SALE.times} times as much or more`,
				alone > 0 || (sellers > 0 && sellers < owners.size),
			),
			surer("the signatures say so", alone > 0),
			surer("a small input's owner receives the price", sellers > 0),
		],
	);
}

/**
 * How many owners spend only small coins, with signatures that nobody told, and receive far more; without change that could be the reason.
 */
function sellersOf(tx: UtxoTransaction): number {
	const paidIn = new Map<AccountId, bigint>();
	const known = new Set<AccountId>();
	for (const input of tx.inputs) {
		const owner = spenderOf(input);
		if (owner === undefined) continue;
		paidIn.set(owner, (paidIn.get(owner) ?? 0n) + (input.previous?.value ?? 0n));
		if (input.signed !== undefined || (input.previous?.value ?? 0n) > SALE.most) known.add(owner);
	}
	const got = new Map<AccountId, bigint>();
	for (const output of tx.outputs) {
		const owner = ownerOf(output);
		if (owner !== undefined) got.set(owner, (got.get(owner) ?? 0n) + output.value);
	}
	return [...paidIn].filter(
		([owner, put]) => !known.has(owner) && (got.get(owner) ?? 0n) >= put * SALE.times && (got.get(owner) ?? 0n) > put,
	).length;
}

function shape(name: Finding["name"], parameters: Record<string, string>) {
	return { name, version: 1, source: SHAPE_SOURCE, mixes: false, parameters };
}

/**
 * True for one input and two outputs that are somebody's: a link of a peel chain. An anchor that pays the fee of another transaction is no
 * second coin.
 */
export function isPeelLink(tx: UtxoTransaction): boolean {
	if (tx.coinbase) return false;
	const { inputs, outputs } = owned(tx);
	return inputs.length === 1 && outputs.length === 2;
}

/** A peel chain through a transaction, as the transactions in order. */
export interface PeelChain {
	readonly transactions: readonly UtxoTransaction[];
	/** True when the search stopped at its limit: the chain may go on. */
	readonly cut: boolean;
}

/**
 * The chain of one-in-two-out transactions around one of them: backwards by the only input, forwards by the output that such a transaction
 * spends (the larger when both are). Undefined when there are fewer than two links. Reads at most `limit` transactions either way.
 */
export async function findPeelChain(
	source: OutputReader,
	chain: ChainId,
	tx: UtxoTransaction,
	limit = 100,
): Promise<PeelChain | undefined> {
	if (!isPeelLink(tx)) return undefined;
	const at = async (place: OutputPlace | undefined): Promise<UtxoTransaction | undefined> => {
		const found = await transactionAt(source, chain, place);
		return found !== undefined && isPeelLink(found) ? found : undefined;
	};
	const before: UtxoTransaction[] = [];
	const paidBy = (link: UtxoTransaction) => at(owned(link).inputs[0]?.place);
	for (let link = await paidBy(tx); link !== undefined && before.length < limit; link = await paidBy(link)) before.push(link);
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
