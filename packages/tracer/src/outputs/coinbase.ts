import {
	bitcoinNetwork,
	blockSubsidy,
	type ChainId,
	feeOf,
	type OutputReader,
	type Rule,
	sumValues,
	transactionPages,
	type UtxoTransaction,
} from "@clew/core";
import type { Parcels } from "../ledger.js";
import { ALL_CLEAN } from "../rules/holding.js";
import { type Spread, spread } from "./spread.js";

/** Whose the outputs of a coinbase are, by rule, when fees are followed into it. */
export interface CoinbaseShares {
	readonly coinbase: UtxoTransaction;
	/** What the coinbase could have claimed and did not, in satoshi. */
	readonly unclaimed: bigint;
	readonly byRule: readonly Spread[];
}

/** The transactions of a block that the case holds, in order. */
export async function readBlock(source: OutputReader, chain: ChainId, height: number): Promise<UtxoTransaction[]> {
	const block: UtxoTransaction[] = [];
	for await (const page of transactionPages(source, chain, { height, txIndex: 0 })) {
		const own = page.filter((tx) => tx.height === height);
		block.push(...own);
		if (own.length < page.length) break;
	}
	return block;
}

/**
 * A tape of the subsidy and then every fee in transaction order, cut by the coinbase's outputs. Undefined when the coinbase, a fee, some
 * transaction or the network is not known. `tainted` are fees by transaction index.
 */
export function shareCoinbase(
	chain: ChainId,
	rules: readonly Rule[],
	block: readonly UtxoTransaction[],
	tainted: ReadonlyMap<number, Parcels>,
): CoinbaseShares | undefined {
	const coinbase = block.find((tx) => tx.coinbase);
	const network = bitcoinNetwork(chain);
	if (coinbase === undefined || network === undefined || block.some((tx) => !tx.indexed)) return undefined;
	const fees: { txIndex: number; fee: bigint }[] = [];
	for (const tx of block) {
		const fee = feeOf(tx);
		if (!tx.coinbase && fee === undefined) return undefined;
		if (fee !== undefined) fees.push({ txIndex: tx.txIndex, fee });
	}
	const subsidy = blockSubsidy(coinbase.height, network);
	const values = coinbase.outputs.map((output) => output.value);
	const unclaimed = fees.reduce((sum, { fee }) => sum + fee, subsidy) - sumValues(coinbase.outputs);
	const byRule = rules.map((rule, r) => {
		const inflows = fees.map(({ txIndex, fee }) => ({ value: fee, parcel: tainted.get(txIndex)?.[r] ?? ALL_CLEAN }));
		return spread(rule, [{ value: subsidy, parcel: ALL_CLEAN }, ...inflows], values, unclaimed, "last");
	});
	return { coinbase, unclaimed, byRule };
}
