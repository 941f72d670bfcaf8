import { feeOf, type UtxoTransaction } from "@clew/core";
import { addressCounts, mostFrequent } from "./finding.js";

/** In how many ways the outputs of a transaction can have been paid by its inputs. */
export interface Boltzmann {
	/** Number of interpretations; 1 when there is no ambiguity. */
	readonly interpretations: bigint;
	/** log2 of it: bits that somebody lacks to know who paid whom. */
	readonly entropy: number;
	/**
	 * links[output][input]: in how many interpretations the input pays to the output; divide by `interpretations` for the probability. Numbers
	 * are the transaction's own; what is worth nothing has no link.
	 */
	readonly links: readonly (readonly bigint[])[];
}

/** Links that hold in every interpretation, also when the parties pay one another. */
export interface CertainLinks {
	/** What is assumed: nobody received more than this from the others for taking part, in satoshi. */
	readonly feesAtMost: bigint;
	readonly links: readonly { readonly input: number; readonly output: number }[];
}

/** Steps after which the analysis gives up; about a second. */
export const DEFAULT_BOLTZMANN_STEPS = 50_000_000;
/** Masks are bits of a number. */
const MOST_COINS = 20;
/** What a maker is paid at most for taking part, as a part of the mixed amount: 0.5 %, LaurentMT's bound on fees inside a CoinJoin. */
const PARTY_FEE = { part: 1n, of: 200n } as const;

/**
 * The Boltzmann analysis (LaurentMT, OXT; Maurer, Neudecker, Florian 2017: Anonymous CoinJoin Transactions with Arbitrary Values). An
 * interpretation cuts inputs and outputs into as many groups each and pairs them, so that every group of inputs pays its group of outputs;
 * what it pays more is its share of the fee, and a group may pay nothing but fee. Exact counts, by dynamic programming over subsets;
 * exponential in the number of coins, hence the bounds: undefined when an input's value is unknown, there are more than 20 coins on a side,
 * or more than `maxSteps` steps would be needed.
 */
export function boltzmann(tx: UtxoTransaction, maxSteps = DEFAULT_BOLTZMANN_STEPS): Boltzmann | undefined {
	return analyseCoins(tx, 0n, 0, maxSteps);
}

/**
 * The links of a CoinJoin that are certain although its parties may have paid one another: a maker is paid for taking part, so a group may
 * receive up to 0.5 % of the mixed amount more than it puts in, and others pay that. Undefined where {@link boltzmann} is, and where no
 * amount is mixed. With one interpretation nothing is told apart, so nothing is certain.
 */
export function certainLinks(tx: UtxoTransaction, maxSteps = DEFAULT_BOLTZMANN_STEPS): CertainLinks | undefined {
	const { value, count } = mostFrequent(addressCounts(tx.outputs.filter((output) => output.value > 0n)));
	if (count < 2) return undefined;
	const feesAtMost = (value * PARTY_FEE.part) / PARTY_FEE.of;
	const found = analyseCoins(tx, feesAtMost, count - 1, maxSteps);
	if (found === undefined) return undefined;
	const { links, interpretations } = found;
	const certain = links.flatMap((row, output) => row.flatMap((n, input) => (n === interpretations ? [{ input, output }] : [])));
	return { feesAtMost, links: interpretations === 1n ? [] : certain };
}

function analyseCoins(tx: UtxoTransaction, partyFee: bigint, makers: number, maxSteps: number): Boltzmann | undefined {
	if (feeOf(tx) === undefined) return undefined;
	const inputs = [...tx.inputs.keys()].filter((i) => (tx.inputs[i]?.previous?.value ?? 0n) > 0n);
	const outputs = [...tx.outputs.keys()].filter((o) => (tx.outputs[o]?.value ?? 0n) > 0n);
	const found = analyse(
		inputs.map((i) => tx.inputs[i]?.previous?.value ?? 0n),
		outputs.map((o) => tx.outputs[o]?.value ?? 0n),
		maxSteps,
		{ each: partyFee, makers },
	);
	if (found === undefined) return undefined;
	const links = tx.outputs.map(() => tx.inputs.map(() => 0n));
	for (const [o, row] of found.links.entries())
		for (const [i, n] of row.entries()) (links[outputs[o] as number] as bigint[])[inputs[i] as number] = n;
	return { ...found, links };
}

/** What parties may pay one another: each of `makers` receives up to `each` satoshi. */
export interface PartyFees {
	readonly each: bigint;
	readonly makers: number;
}

const NO_PARTY_FEES: PartyFees = { each: 0n, makers: 0 };

/** {@link boltzmann} of bare values, in satoshi. */
export function analyse(
	inputs: readonly bigint[],
	outputs: readonly bigint[],
	maxSteps = DEFAULT_BOLTZMANN_STEPS,
	fees: PartyFees = NO_PARTY_FEES,
): Boltzmann | undefined {
	if (inputs.length > MOST_COINS || outputs.length > MOST_COINS || inputs.length === 0 || outputs.length === 0) return undefined;
	const counter = new Counter(inputs, outputs, maxSteps, fees);
	try {
		return counter.count();
	} catch (error) {
		if (error instanceof TooMuchWork) return undefined;
		throw error;
	}
}

class TooMuchWork extends Error {}

class Counter {
	private readonly inputs: readonly bigint[];
	private readonly outputs: readonly bigint[];
	private readonly sumsIn: Float64Array;
	private readonly sumsOut: Float64Array;
	/** Sets of outputs in order of their sum. */
	private readonly byOut: Uint32Array;
	/** What a group may pay more than its outputs, what it may receive, and what all groups together may have paid one another. */
	private readonly most: number;
	private readonly received: number;
	private readonly passed: number;
	private readonly memo = new Map<number, bigint>();
	private steps = 0;
	private readonly maxSteps: number;

	constructor(inputs: readonly bigint[], outputs: readonly bigint[], maxSteps: number, { each, makers }: PartyFees) {
		this.inputs = inputs;
		this.outputs = outputs;
		this.maxSteps = maxSteps;
		// Sums of satoshi stay below 2^53: whole numbers, exact in a double.
		this.sumsIn = subsetSums(inputs);
		this.sumsOut = subsetSums(outputs);
		const fee = (this.sumsIn[this.sumsIn.length - 1] as number) - (this.sumsOut[this.sumsOut.length - 1] as number);
		this.received = Number(each);
		this.passed = Number(each) * makers;
		this.most = fee + this.passed;
		this.byOut = Uint32Array.from({ length: this.sumsOut.length }, (_, i) => i).sort(
			(a, b) => (this.sumsOut[a] as number) - (this.sumsOut[b] as number),
		);
	}

	count(): Boltzmann {
		const [all, allOut] = [this.sumsIn.length - 1, this.sumsOut.length - 1];
		const interpretations = this.ways(all, allOut);
		const links = this.outputs.map(() => this.inputs.map(() => 0n));
		for (let s = 1; s <= all; s++) {
			this.forEachPayable(s, (t) => {
				const rest = this.ways(all & ~s, allOut & ~t);
				if (rest === 0n) return;
				for (let o = 0; o < this.outputs.length; o++) {
					if ((t >>> o) & 1)
						for (let i = 0; i < this.inputs.length; i++) if ((s >>> i) & 1) (links[o] as bigint[])[i] = (links[o]?.[i] ?? 0n) + rest;
				}
			});
		}
		return { interpretations, entropy: log2(interpretations), links };
	}

	/** Interpretations of what is left: the group of the lowest input is chosen, then the rest. */
	private ways(ins: number, outs: number): bigint {
		if (ins === 0) return outs === 0 ? 1n : 0n;
		const surplus = (this.sumsIn[ins] as number) - (this.sumsOut[outs] as number);
		if (surplus < -this.passed || surplus > this.most) return 0n;
		const key = ins * this.sumsOut.length + outs;
		const known = this.memo.get(key);
		if (known !== undefined) return known;
		const lowest = ins & -ins;
		const rest = ins & ~lowest;
		let sum = 0n;
		for (let sub = rest; ; sub = (sub - 1) & rest) {
			const group = sub | lowest;
			this.forEachPayable(group, (t) => {
				if ((t & ~outs) === 0) sum += this.ways(ins & ~group, outs & ~t);
			});
			if (sub === 0) break;
		}
		this.memo.set(key, sum);
		return sum;
	}

	/** Calls with every group of outputs that a group of inputs pays exactly, or with a surplus that the fee allows. */
	private forEachPayable(group: number, call: (outs: number) => void): void {
		const most = (this.sumsIn[group] as number) + this.received;
		const least = (this.sumsIn[group] as number) - this.most;
		let low = 0;
		let high = this.byOut.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.sumsOut[this.byOut[middle] as number] as number) < least) low = middle + 1;
			else high = middle;
		}
		for (; low < this.byOut.length; low++) {
			const t = this.byOut[low] as number;
			if ((this.sumsOut[t] as number) > most) break;
			if (++this.steps > this.maxSteps) throw new TooMuchWork();
			call(t);
		}
	}
}

function subsetSums(values: readonly bigint[]): Float64Array {
	const sums = new Float64Array(2 ** values.length);
	for (let set = 1; set < sums.length; set++) {
		const lowest = 31 - Math.clz32(set & -set);
		sums[set] = (sums[set & (set - 1)] as number) + Number(values[lowest]);
	}
	return sums;
}

/** log2 of a whole number of any size. */
function log2(n: bigint): number {
	if (n <= 0n) return 0;
	const digits = n.toString(2);
	const kept = Math.min(digits.length, 53);
	return Math.log2(Number.parseInt(digits.slice(0, kept), 2)) + digits.length - kept;
}
