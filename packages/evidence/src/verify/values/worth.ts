import type { PriceRow } from "./form.js";
import { decimal, type Fraction, order, times } from "./fraction.js";

/** Tiers, the strongest first. */
const TIERS = ["proven", "quoted", "reference"];
/** A reference rate counts for so many seconds: over weekends and the longest holidays. */
export const REFERENCE_AGE = 432_000;
/** Per cent of the lower by which sources differ that disagree. */
export const DISAGREEMENT = 5;

/** What one asset was worth: the price that counts, or none where sources disagree, between the least and the most. */
export interface Worth {
	readonly value: Fraction | undefined;
	readonly low: Fraction;
	readonly high: Fraction;
	readonly tier: string;
}

interface Way {
	readonly value: Fraction;
	readonly low: Fraction;
	readonly high: Fraction;
	readonly steps: readonly PriceRow[];
	/** The nearest rows of all sources, step by step. */
	readonly rows: readonly PriceRow[];
}

/** Rows of a bundle by what they are of and in, then by who tells them, in the order of time. */
export interface Told {
	readonly pairs: ReadonlyMap<string, readonly (readonly PriceRow[])[]>;
	/** What an asset is quoted in, in the order of texts. */
	readonly quoted: ReadonlyMap<string, readonly string[]>;
}

export function toldBy(rows: readonly PriceRow[]): Told {
	const pairs = new Map<string, Map<string, PriceRow[]>>();
	const quoted = new Map<string, Set<string>>();
	for (const row of [...rows].sort((a, b) => a.time - b.time)) {
		const pair = `${row.asset} ${row.unit}`;
		const origins = pairs.get(pair) ?? new Map<string, PriceRow[]>();
		pairs.set(pair, origins);
		const own = origins.get(row.origin.id);
		if (own === undefined) origins.set(row.origin.id, [row]);
		else own.push(row);
		quoted.set(row.asset, (quoted.get(row.asset) ?? new Set<string>()).add(row.unit));
	}
	return {
		pairs: new Map([...pairs].map(([pair, origins]) => [pair, [...origins.values()]])),
		quoted: new Map([...quoted].map(([asset, units]) => [asset, [...units].sort(byText)])),
	};
}

/**
 * What an asset was worth in a currency at a moment, by the rows that a bundle carries, and on which of these that rests: those of ways
 * that lack no step. By the rules of docs/prices.md, in an implementation of its own.
 */
export function worthAt(
	told: Told,
	{ asset, unit, time, marketAge }: { readonly asset: string; readonly unit: string; readonly time: number; readonly marketAge: number },
): { readonly worth: Worth | undefined; readonly rests: ReadonlySet<PriceRow> } {
	const step = (from: string, to: string, turned: boolean): Way[] | undefined => {
		const own = told.pairs.get(turned ? `${to} ${from}` : `${from} ${to}`);
		if (own === undefined) return undefined;
		const found = own.map((rows) => nearest(rows, time, marketAge)).filter((row) => row !== undefined);
		const [chosen] = [...found].sort(byTrust);
		if (chosen === undefined) return [];
		const number = ({ price }: PriceRow): Fraction => {
			const [numerator, denominator] = decimal(price);
			return turned ? [denominator, numerator] : [numerator, denominator];
		};
		const all = found.map(number).sort(order);
		return [{ value: number(chosen), low: all[0] as Fraction, high: all[all.length - 1] as Fraction, steps: [chosen], rows: found }];
	};
	const ways = waysTo(told, step, asset, unit, 1);
	if (ways.length === 0) return { worth: undefined, rests: new Set() };
	const [best] = [...ways].sort((a, b) => a.steps.length - b.steps.length || weakest(a.steps) - weakest(b.steps)) as [Way];
	const low = ways.map((way) => way.low).sort(order)[0] as Fraction;
	const high = ways.map((way) => way.high).sort(order)[ways.length - 1] as Fraction;
	const apart = order(times(high, [100n, 1n]), times(low, [100n + BigInt(DISAGREEMENT), 1n])) >= 0;
	const rests = new Set(ways.flatMap(({ rows }) => rows));
	return { worth: { value: apart ? undefined : best.value, low, high, tier: TIERS[weakest(best.steps)] as string }, rests };
}

/**
 * True for a row that is the nearest of its source at a moment. Where an amount has no price, such rows may be stated: which of them lie on
 * a way to its unit is not to be seen, since the bundle carries no row of the step that is lacking.
 */
export function isNearest(told: Told, row: PriceRow, time: number, marketAge: number): boolean {
	const origins = told.pairs.get(`${row.asset} ${row.unit}`) ?? [];
	return origins.some((rows) => nearest(rows, time, marketAge) === row);
}

type Step = (from: string, to: string, turned: boolean) => Way[] | undefined;
const isCurrency = (text: string) => !text.includes("/");
const EUR = "EUR";

/** Ways that lead there: straight and turned round, then by what an asset is quoted in, then between currencies through the euro. */
function waysTo(told: Told, step: Step, from: string, to: string, assets: number): Way[] {
	const either = (a: string, b: string) => [step(a, b, false), step(a, b, true)].filter((found) => found !== undefined);
	const straight = either(from, to);
	if (isCurrency(from)) {
		if (straight.length > 0 || from === EUR || to === EUR) return straight.flat();
		const [first, second] = [either(from, EUR), either(EUR, to)];
		return joined(first.flat(), second.flat());
	}
	return [
		...straight.flat(),
		...(told.quoted.get(from) ?? [])
			.filter((unit) => unit !== to && (isCurrency(unit) || assets > 0))
			.flatMap((unit) => {
				const onward = waysTo(told, step, unit, to, isCurrency(unit) ? assets : assets - 1);
				return joined(step(from, unit, false) ?? [], onward);
			}),
	];
}

/** Each of the first ways with each of the second behind it; two reference rates in one way are of one day. */
function joined(first: readonly Way[], second: readonly Way[]): Way[] {
	return first.flatMap((a) =>
		second.flatMap((b) => {
			const steps = [...a.steps, ...b.steps];
			const days = new Set(steps.filter(({ origin }) => origin.tier === "reference").map(({ time }) => time));
			if (days.size > 1) return [];
			return [
				{ value: times(a.value, b.value), low: times(a.low, b.low), high: times(a.high, b.high), steps, rows: [...a.rows, ...b.rows] },
			];
		}),
	);
}

/** The last row at or before a moment, where it is not too old. Rows are of one origin, in the order of time. */
function nearest(rows: readonly PriceRow[], time: number, marketAge: number): PriceRow | undefined {
	let [from, to] = [0, rows.length];
	while (to - from > 0) {
		const middle = Math.floor((from + to) / 2);
		if ((rows[middle] as PriceRow).time > time) to = middle;
		else from = middle + 1;
	}
	const row = rows[from - 1];
	return row === undefined || time - row.time > (row.origin.tier === "reference" ? REFERENCE_AGE : marketAge) ? undefined : row;
}

function byTrust(a: PriceRow, b: PriceRow): number {
	return rank(a) - rank(b) || b.time - a.time || byText(a.origin.id, b.origin.id);
}

const rank = ({ origin }: PriceRow) => TIERS.indexOf(origin.tier);
const weakest = (steps: readonly PriceRow[]) => Math.max(...steps.map(rank));

function byText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
