/** An amount of one asset, in base units. */
interface Sum {
	readonly asset: string;
	readonly amount: bigint;
}
type SumAt = Sum & { readonly account: string };

/** What one row does under one rule. An exchange pays, gets, and brings what it got to its account; a fee pays only. */
export interface Step {
	readonly pays?: Sum;
	readonly gets?: Sum;
	readonly brings?: SumAt;
}

/**
 * What seeds must at least have marked, by asset in base units, for these ends to hold what they hold. The steps, in the order of their
 * rows, are those that bring money to the ends, and every exchange behind them; other rows change nothing. Read backwards in time, a row
 * takes what it brought out of its end, and an exchange replaces what it got by what it paid, at its own moment: what came later cannot
 * have been paid before. Linear in steps and ends.
 */
export function neededOfSeeds(steps: readonly Step[], ends: Iterable<SumAt>): ReadonlyMap<string, bigint> {
	const needed = new Map<string, bigint>();
	const held = new Map<string, bigint>();
	const key = ({ account, asset }: SumAt) => `${account.length} ${account} ${asset}`;
	const change = ({ asset }: Sum, by: bigint) => {
		const now = (needed.get(asset) ?? 0n) + by;
		needed.set(asset, now > 0n ? now : 0n);
	};
	const all = [...ends];
	for (const end of all) held.set(key(end), (held.get(key(end)) ?? 0n) + end.amount);
	for (const { pays, gets, brings } of [...steps].reverse()) {
		if (brings !== undefined) {
			const left = held.get(key(brings)) ?? 0n;
			const moved = left < brings.amount ? left : brings.amount;
			if (moved > 0n) held.set(key(brings), left - moved);
			change(brings, moved);
		}
		if (gets !== undefined) change(gets, -gets.amount);
		if (pays !== undefined) change(pays, pays.amount);
	}
	for (const end of all) {
		change(end, held.get(key(end)) ?? 0n);
		held.delete(key(end));
	}
	return needed;
}
