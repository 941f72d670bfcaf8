import { ClewError, type FeeConvention, type Rule } from "@clew/core";
import { apportion, type Lot, sumLots } from "../lots.js";
import { ALL_CLEAN, type Holding, type Parcel } from "../rules/holding.js";
import { isAgeOrdered, isClaimRule, newHolding } from "../rules/index.js";

/** Money that enters a transaction: an input, its value in satoshi and whose it is under one rule. */
export interface Inflow {
	readonly value: bigint;
	readonly parcel: Parcel;
}

/** Whose the outputs and the fee are, under one rule. */
export interface Spread {
	readonly outputs: readonly Parcel[];
	readonly fee: Parcel;
}

/**
 * Carries whose money it is through one transaction, under one rule. The transaction is a ledger that lives for a moment: inputs are put in
 * in order, outputs are taken out in order, and the fee is taken last. So under `fifo` the inputs are a tape that the outputs cut in order;
 * under `lifo` the tape runs backwards; `tiho` (taint in, highest out: Möser, Böhme, Breuker 2014) serves the outputs by value, highest
 * first, with tainted money first. Values are satoshi; `values` and the fee sum to the inputs. Linear in inputs, outputs and lots. Throws
 * ClewError (CONSERVATION).
 */
export function spread(rule: Rule, inputs: readonly Inflow[], values: readonly bigint[], fee: bigint, convention: FeeConvention): Spread {
	const holding = newHolding(rule);
	const feeLots: Lot[] = [];
	let balance = 0n;
	const shares =
		convention === "proportional" && fee > 0n
			? apportion(
					fee,
					inputs.map((input) => input.value),
				)
			: undefined;
	for (const [i, { value, parcel }] of inputs.entries()) {
		const share = shares?.[i] ?? 0n;
		if (share === 0n) holding.put(parcel, value);
		else {
			const own = newHolding(rule);
			own.put(parcel, value);
			if (value > share) holding.put(own.take(value - share, value), value - share);
			feeLots.push(...own.take(share, share));
		}
		balance += value - share;
	}
	const outputs: Parcel[] = new Array(values.length).fill(ALL_CLEAN);
	for (const at of servingOrder(rule, values)) {
		const value = values[at] as bigint;
		if (value === 0n) continue;
		outputs[at] = takeChecked(rule, holding, value, balance);
		balance -= value;
	}
	const rest = shares === undefined ? fee : 0n;
	if (rest !== balance) throw new ClewError("CONSERVATION", `a transaction leaves ${balance} satoshi, and its fee is ${fee}`);
	return { outputs, fee: rest > 0n ? takeChecked(rule, holding, rest, balance) : feeLots };
}

function takeChecked(rule: Rule, holding: Holding, amount: bigint, balance: bigint): Parcel {
	const parcel = holding.take(amount, balance);
	if (parcel.length === 0 || isClaimRule(rule)) return parcel;
	const sum = sumLots(parcel);
	if (isAgeOrdered(rule) ? sum !== amount : sum > amount)
		throw new ClewError("CONSERVATION", `${rule} accounted for ${sum} of ${amount} satoshi`, {
			hint: "This is a defect of Clew: please report it with the case.",
		});
	return parcel;
}

/** Outputs in order; for `tiho` by value, highest first, of equal ones the earlier. */
function servingOrder(rule: Rule, values: readonly bigint[]): readonly number[] {
	const order = values.map((_, i) => i);
	if (rule !== "tiho") return order;
	return order.sort((a, b) => {
		const [x, y] = [values[a] as bigint, values[b] as bigint];
		return x === y ? a - b : x > y ? -1 : 1;
	});
}
