import { mulberry32 } from "@clew/core";

/** A seeded source of random numbers: the same on every machine. */
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
	const next = mulberry32(seed);
	const unit = () => next() / 2 ** 32;
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

/** The same things in an order of chance. */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
	const order = [...list];
	for (let i = order.length - 1; i > 0; i--) {
		const other = random.below(i + 1);
		[order[i], order[other]] = [order[other] as T, order[i] as T];
	}
	return order;
}
