import { Refusal } from "../failure.js";
import type { LedgerTransaction } from "../recompute/ledgers.js";
import { comparePlaces, placeOf } from "../recompute/ledgers.js";
import { sum } from "../recompute/moves.js";
import { type Played, playedOf } from "../recompute/played.js";
import type { SeedSpec } from "../recompute/replayed.js";

/** What is asked about of a transaction's outputs: seeds by their place, each with the outputs that it means. */
export type Asked = ReadonlyMap<string, readonly { readonly origin: number; readonly outpoint: string }[]>;

/**
 * A transaction of outputs as the tape runs back: the fee, which is nobody's, and the outputs are taken, from the last to the first, and
 * the inputs are given, from the last to the first. A coinbase gives to nobody what it made.
 */
export function mirroredTransaction(tx: LedgerTransaction, nobody: string): Played {
	const { place, txid, coinbase, inputs, outputs, fee } = playedOf(tx);
	const paid = sum(outputs);
	const known = inputs.every(({ value }) => value !== undefined);
	const left = coinbase || !known ? 0n : sum(inputs) - paid;
	if (left < 0n) throw new Refusal(`transaction ${txid} pays more than it spends`);
	const given = inputs.map(({ value = "", account = "", ...side }) => ({ ...side, value, account }));
	const made = { outpoint: `${txid}:made`, value: paid.toString(), account: nobody, position: `${place}.0` };
	return {
		...{ place, txid, coinbase, fee },
		inputs: [{ outpoint: `${txid}:fee`, value: left.toString(), position: fee }, ...[...outputs].reverse()],
		outputs: coinbase ? [made] : given.reverse(),
	};
}

/**
 * The outputs that seeds ask about, by transaction: `outpoint:` that one, `tx:` what it pays to others than who paid. Which outputs an
 * account held at the end of a block, its seed states: they are its own, were made by then, and no transaction of the ledgers had spent
 * them. Throws Refusal for others.
 */
export function askedOutputs(
	seeds: readonly SeedSpec[],
	rows: readonly (readonly string[])[],
	transactions: readonly LedgerTransaction[],
): Asked {
	const spentAt = new Map(transactions.flatMap(({ place, inputs }) => inputs.map(({ outpoint }) => [outpoint, place] as const)));
	return new Map(
		transactions.map((tx) => {
			const payers = new Set(tx.inputs.flatMap(({ account }) => account ?? []));
			const { outputs } = playedOf(tx);
			const own = seeds.flatMap(({ kind, subject, since }, origin) =>
				outputs
					.filter(({ outpoint, account, position, value }) => {
						if (value === "0") return false;
						if (kind === "outpoint") return subject === outpoint;
						if (kind === "tx") return subject === tx.txid && !payers.has(account);
						if (kind !== "balance" || !(rows[origin]?.includes(position) ?? false)) return false;
						const spent = spentAt.get(outpoint);
						const isOpen = spent === undefined || comparePlaces(placeOf(spent), [since + 1]) >= 0;
						if (account !== subject || (placeOf(position)[0] ?? 0) > since || !isOpen)
							throw new Refusal(`${outpoint} is no output that ${subject} held at the end of block ${since}`);
						return true;
					})
					.map(({ outpoint }) => ({ origin, outpoint })),
			);
			return [tx.txid, own] as const;
		}),
	);
}
