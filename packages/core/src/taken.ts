import { minAmount } from "./amount.js";
import { groupBy } from "./group-by.js";
import { rangeOfRows } from "./trace-range.js";
import type { TraceResult } from "./trace-result.js";

/** An amount of one asset in base units: what every conserving rule agrees on, and the most that any says. */
export interface Sum {
	readonly asset: string;
	readonly agreed: bigint;
	readonly most: bigint;
}

/**
 * What all seeds together marked, by asset: never more than their rows moved, each row once. A unit is marked once however many seeds meet
 * there; `libr` reckons each claimant alone, so that its claims are no parts of one sum: over several seeds the other rules say it.
 */
export function takenOf({ seeds }: TraceResult): Sum[] {
	const rows = seeds.flatMap((seed) => seed.rows);
	return [...groupBy(rows, ({ asset }) => asset)].flatMap(([asset, own]) => {
		const several = seeds.filter((seed) => seed.rows.some((row) => row.asset === asset)).length > 1;
		const marked = own.map(({ seeded: { libr, ...others }, range }) => ({
			tainted: several || libr === undefined ? others : { ...others, libr },
			...(range === undefined ? {} : { range }),
		}));
		const sum = rangeOfRows(marked);
		if (sum === undefined) return [];
		const moved = new Map(own.map(({ position, account, amount }) => [`${position} ${account}`, BigInt(amount)]));
		const most = minAmount(
			sum.most,
			[...moved.values()].reduce((all, amount) => all + amount, 0n),
		);
		return [{ asset, agreed: minAmount(sum.least, most), most }];
	});
}
