import { subsidyOf } from "../bitcoin/subsidy.js";
import { groupBy } from "../encoding/group-by.js";
import { type Ledgers, placeOf } from "./ledgers.js";
import { sum } from "./moves.js";

/** What a coinbase may claim is the subsidy of its height, and of transactions that are there the fees that they leave. */
export function checkCoinbases(chain: string, { blocks, transactions }: Ledgers, differ: (what: string) => void): void {
	const whole = transactions.filter(({ coinbase, inputs }) => !coinbase && inputs.every(({ value }) => value !== undefined));
	const byHeight = groupBy(whole, ({ place }) => placeOf(place)[0]);
	const seen = new Set<string>();
	for (const { height, subsidy, fees } of blocks) {
		if (seen.has(height)) differ(`block ${height} is told twice`);
		seen.add(height);
		const due = subsidyOf(chain, Number(height));
		if (due !== undefined && due !== BigInt(subsidy)) differ(`block ${height}: its subsidy is ${due}, and the ledgers say ${subsidy}`);
		const told = new Map(fees.map(({ txIndex, fee }) => [txIndex, fee]));
		if (told.size < fees.length) differ(`block ${height}: tells the fee of a transaction twice`);
		for (const { place, inputs, outputs } of byHeight.get(Number(height)) ?? []) {
			const [[, txIndex = -1], fee] = [placeOf(place), sum(inputs) - sum(outputs)];
			if (told.get(txIndex) !== `${fee}`)
				differ(`block ${height}: the fee of its transaction ${txIndex} is ${fee}, and the ledgers say ${told.get(txIndex)}`);
		}
	}
}
