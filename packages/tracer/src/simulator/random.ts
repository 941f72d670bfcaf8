/** A seeded source of random numbers (mulberry32): the same on every machine. */
export interface Random {
	/** A whole number from 0 to below the bound. */
	below(bound: number): number;
	/** True with this chance, from 0 to 1. */
	chance(probability: number): boolean;
	pick<T>(list: readonly T[]): T;
	/** An amount between two, both inclusive, evenly spread. */
	amount(least: bigint, most: bigint): bigint;
	/** Hexadecimal digits. */
	hex(digits: number): string;
}

const MILLION = 1_000_000n;

/** Makes a source; equal seeds give equal numbers. */
export function randomFrom(seed: number): Random {
	let state = seed >>> 0;
	const unit = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const below = (bound: number) => Math.floor(unit() * bound);
	return {
		below,
		chance: (probability) => unit() < probability,
		pick: (list) => {
			const found = list[below(list.length)];
			if (found === undefined) throw new RangeError("nothing to pick from");
			return found;
		},
		amount: (least, most) => least + ((most - least) * BigInt(below(Number(MILLION)))) / MILLION,
		hex: (digits) => Array.from({ length: digits }, () => below(16).toString(16)).join(""),
	};
}
