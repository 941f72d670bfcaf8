import { countOf } from "../counted-words.js";
import { groupBy } from "../group-by.js";
import { compareText } from "../text-order.js";
import { DEFAULT_PRICE_AGE, DISAGREEMENT, type NoPrice, type Price, type PriceSource, REFERENCE_AGE, type SinglePrice } from "./price.js";
import { PRICE_TIERS, type PriceOrigin, type PriceRow, type PriceTier, parsePrice } from "./price-row.js";
import { inverse, isLess, product, type Rational } from "./rational.js";
import { EUR, isCurrency, type Priced } from "./unit.js";

const HOUR = 3_600;

/** Rows of one origin about one pair, by time. */
interface Series {
	readonly origin: PriceOrigin;
	readonly times: Float64Array;
	readonly rows: readonly PriceRow[];
	readonly maxAge: number;
	/** Prices by one row alone, once they were asked for. */
	readonly alone: (SinglePrice | undefined)[];
}

/** One step from an asset to what it is quoted in, by any of some series; `inverted` where they quote the other way round. */
interface Leg {
	readonly from: Priced;
	readonly to: Priced;
	readonly series: readonly number[];
	readonly inverted: boolean;
}

type Way = readonly Leg[];

/** All ways from an asset to a unit. What comes out of the same rows is worked out once. */
interface Plan {
	readonly series: readonly Series[];
	readonly ways: readonly Way[];
	readonly at: Int32Array;
	/** The one series, where there is one way of one step by it. */
	readonly only: Series | undefined;
	readonly known: Map<string, Price>;
}

/** What one leg or way gives. */
interface Told {
	readonly value: Rational;
	readonly low: Rational;
	readonly high: Rational;
	readonly rows: readonly PriceRow[];
	readonly others: readonly PriceRow[];
}

/**
 * Prices by rows that are held in memory: the nearest at or before the moment, of every source, within its age. Prices in other units count
 * as well, by what those were worth at the moment; between two currencies by reference rates of one day, through the euro. Finding one is
 * O(log rows).
 */
export function priceBook(rows: Iterable<PriceRow>, marketAge = DEFAULT_PRICE_AGE): PriceSource {
	const series = seriesOf(rows, marketAge);
	const index = indexOf(series);
	const plans = new Map<Priced, Map<Priced, Plan>>();
	const planOf = (asset: Priced, unit: Priced): Plan => {
		const known = plans.get(asset)?.get(unit);
		if (known !== undefined) return known;
		const ways = waysBetween(index, asset, unit);
		const used = [...new Set(ways.flatMap((way) => way.flatMap((leg) => leg.series)))];
		const place = new Map(used.map((number, i) => [number, i]));
		const plan: Plan = {
			series: used.map((number) => series[number] as Series),
			ways: ways.map((way) => way.map((leg) => ({ ...leg, series: leg.series.map((number) => place.get(number) as number) }))),
			at: new Int32Array(used.length),
			only:
				used.length === 1 && ways.length === 1 && ways[0]?.length === 1 && !ways[0][0]?.inverted ? series[used[0] as number] : undefined,
			known: new Map(),
		};
		plans.set(asset, (plans.get(asset) ?? new Map()).set(unit, plan));
		return plan;
	};
	return {
		price: (asset, unit, time) => priceAt(planOf(asset, unit), asset, unit, time),
	};
}

function seriesOf(rows: Iterable<PriceRow>, marketAge: number): readonly Series[] {
	const groups = groupBy([...rows], ({ asset, unit, origin }) => `${asset} ${unit} ${origin.id}`);
	return [...groups]
		.sort(([a], [b]) => compareText(a, b))
		.map(([, own]) => {
			const sorted = [...own].sort((a, b) => a.time - b.time);
			const { origin } = sorted[0] as PriceRow;
			return {
				origin,
				times: Float64Array.from(sorted, ({ time }) => time),
				rows: sorted,
				alone: new Array<undefined>(sorted.length).fill(undefined),
				maxAge: origin.tier === "reference" ? REFERENCE_AGE : marketAge,
			};
		});
}

/** Which series are about which pair, and what an asset is quoted in. */
interface Index {
	readonly pairs: ReadonlyMap<string, readonly number[]>;
	readonly quotes: ReadonlyMap<Priced, ReadonlySet<Priced>>;
}

function indexOf(series: readonly Series[]): Index {
	const quotes = new Map<Priced, Set<Priced>>();
	const first = ({ rows }: Series) => rows[0] as PriceRow;
	for (const { asset, unit } of series.map(first)) quotes.set(asset, (quotes.get(asset) ?? new Set()).add(unit));
	const pairs = groupBy(series.keys(), (i) => {
		const { asset, unit } = first(series[i] as Series);
		return `${asset} ${unit}`;
	});
	return { pairs, quotes };
}

/** Straight or the other way round; by what an asset is quoted in, once by another asset; between two currencies through the euro. */
function waysBetween(index: Index, from: Priced, to: Priced, assets = 1): readonly Way[] {
	const leg = (asset: Priced, unit: Priced, inverted: boolean): readonly Leg[] => {
		const series = index.pairs.get(inverted ? `${unit} ${asset}` : `${asset} ${unit}`);
		return series === undefined ? [] : [{ from: asset, to: unit, series, inverted }];
	};
	const either = (asset: Priced, unit: Priced) => [...leg(asset, unit, false), ...leg(asset, unit, true)];
	const straight = either(from, to).map((one) => [one]);
	if (isCurrency(from)) {
		if (straight.length > 0 || from === EUR || to === EUR) return straight;
		return either(from, EUR).flatMap((first) => either(EUR, to).map((second) => [first, second]));
	}
	const quotes = [...(index.quotes.get(from) ?? [])].filter((quote) => quote !== to && (isCurrency(quote) || assets > 0));
	return [
		...straight,
		...quotes.flatMap((quote) => {
			const onward = waysBetween(index, quote, to, isCurrency(quote) ? assets : assets - 1);
			return leg(from, quote, false).flatMap((first) => onward.map((way) => [first, ...way]));
		}),
	];
}

function priceAt(plan: Plan, asset: Priced, unit: Priced, time: number): Price {
	const { series, at, known, only } = plan;
	if (only !== undefined) {
		at[0] = nearest(only, time);
		return at[0] === -1 ? noneOf(plan, asset, unit, time) : priceOfRow(only, at[0] as number);
	}
	for (let i = 0; i < series.length; i++) at[i] = nearest(series[i] as Series, time);
	const key = at.join();
	const before = known.get(key);
	if (before !== undefined) return before;
	const told = plan.ways.map((way) => toldBy(plan, way)).filter((one) => one !== undefined);
	// Why there is none depends on the moment itself, and is not kept.
	if (told.length === 0) return noneOf(plan, asset, unit, time);
	const price = joined(told);
	known.set(key, price);
	return price;
}

/** The nearest row of every series, where it has one. */
function foundIn({ series, at }: Plan): PriceRow[] {
	return series.flatMap(({ rows }, i) => rows[at[i] as number] ?? []);
}

/** What one row alone says, worked out once. */
function priceOfRow({ alone, rows }: Series, i: number): SinglePrice {
	const known = alone[i];
	if (known !== undefined) return known;
	const row = rows[i] as PriceRow;
	const value = parsePrice(row.price);
	const price: SinglePrice = { kind: "price", value, low: value, high: value, tier: row.origin.tier, rows: [row] };
	alone[i] = price;
	return price;
}

/** Rows around the place where a row would stand if all were equally far apart, as candles are: it is looked for there first. */
const AROUND = 32;

/** The last row at or before a moment that is not too old; -1 for none. */
function nearest(series: Series, time: number): number {
	const last = lastAt(series, time);
	return last !== -1 && time - (series.times[last] as number) <= series.maxAge ? last : -1;
}

/** The last row at or before a moment; -1 for none. O(log rows), and less where rows are equally far apart. */
function lastAt({ times }: Series, time: number): number {
	const count = times.length;
	const [first, last] = [times[0] as number, times[count - 1] as number];
	let [from, to] = [0, count];
	if (time >= last) from = count;
	else if (last > first && time > first) {
		const guess = Math.floor(((time - first) / (last - first)) * (count - 1));
		const [below, above] = [Math.max(0, guess - AROUND), Math.min(count - 1, guess + AROUND)];
		if ((times[below] as number) <= time) from = below;
		if ((times[above] as number) > time) to = above;
	}
	while (from < to) {
		const middle = (from + to) >>> 1;
		if ((times[middle] as number) <= time) from = middle + 1;
		else to = middle;
	}
	return from - 1;
}

function toldBy(plan: Plan, way: Way): Told | undefined {
	let told: Told | undefined;
	let day: number | undefined;
	for (const leg of way) {
		const one = toldByLeg(plan, leg);
		if (one === undefined) return undefined;
		const [row] = one.rows as [PriceRow];
		if (row.origin.tier === "reference") {
			// Rates of two days are no rate between two currencies.
			if (day !== undefined && day !== row.time) return undefined;
			day = row.time;
		}
		told = told === undefined ? one : chained(told, one);
	}
	return told;
}

function chained(a: Told, b: Told): Told {
	const value = product(a.value, b.value);
	const isOne = a.low === a.value && b.low === b.value && a.high === a.value && b.high === b.value;
	return {
		value,
		low: isOne ? value : product(a.low, b.low),
		high: isOne ? value : product(a.high, b.high),
		rows: [...a.rows, ...b.rows],
		others: a.others.length + b.others.length === 0 ? a.others : [...a.others, ...b.others],
	};
}

function toldByLeg({ series, at }: Plan, { series: by, inverted }: Leg): Told | undefined {
	const told: Told[] = [];
	for (const i of by) {
		const place = at[i] as number;
		if (place === -1) continue;
		const { value, rows } = priceOfRow(series[i] as Series, place);
		const number = inverted ? inverse(value) : value;
		told.push({ value: number, low: number, high: number, rows, others: NO_ROWS });
	}
	if (told.length < 2) return told[0];
	const [chosen, ...others] = told.sort((a, b) => byTrust(a.rows[0] as PriceRow, b.rows[0] as PriceRow)) as [Told, ...Told[]];
	const [low, high] = bounds(told);
	return { ...chosen, low, high, others: others.flatMap(({ rows }) => rows) };
}

const NO_ROWS: readonly PriceRow[] = [];

/** The strongest tier first, then the latest, then by name. */
function byTrust(a: PriceRow, b: PriceRow): number {
	const rank = ({ origin }: PriceRow) => PRICE_TIERS.indexOf(origin.tier);
	return rank(a) - rank(b) || b.time - a.time || compareText(a.origin.id, b.origin.id);
}

/**
 * All ways that lead there as one price: that of the shortest, of these the best known; or a range where they disagree. Of a way that lacks
 * a step no row counts.
 */
function joined(told: readonly Told[]): Price {
	const ways = told.length < 2 ? told : [...told].sort((a, b) => a.rows.length - b.rows.length || rankOf(a.rows) - rankOf(b.rows));
	const [chosen, ...rest] = ways as readonly [Told, ...Told[]];
	const [low, high] = bounds(told);
	const tier = PRICE_TIERS[rankOf(chosen.rows)] as PriceTier;
	const others = [...chosen.others, ...rest.flatMap((one) => [...one.rows, ...one.others])];
	const rows = others.length === 0 ? chosen.rows : [...new Set([...chosen.rows, ...others])];
	if (low === high) return { kind: "price", value: chosen.value, low, high, tier, rows };
	const apart = high.numerator * low.denominator * 100n >= low.numerator * high.denominator * (100n + DISAGREEMENT);
	return apart ? { kind: "range", low, high, tier, rows } : { kind: "price", value: chosen.value, low, high, tier, rows };
}

/** The tier of a price of several rows is that of the weakest. */
function rankOf(rows: readonly PriceRow[]): number {
	return Math.max(...rows.map(({ origin }) => PRICE_TIERS.indexOf(origin.tier)));
}

function bounds(all: readonly { readonly low: Rational; readonly high: Rational }[]): [Rational, Rational] {
	let { low, high } = all[0] as { low: Rational; high: Rational };
	for (const one of all) {
		if (isLess(one.low, low)) low = one.low;
		if (isLess(high, one.high)) high = one.high;
	}
	return [low, high];
}

/** Which price is lacking, of the straightest way. */
function noneOf(plan: Plan, asset: Priced, unit: Priced, time: number): NoPrice {
	const { series, ways, at } = plan;
	const none = (why: string): NoPrice => ({ kind: "none", why, rows: foundIn(plan) });
	const [way] = [...ways].sort((a, b) => a.length - b.length);
	if (way === undefined) return none(`no source of the case has a price of ${asset} in ${unit}`);
	for (const { from, to, series: by } of way) {
		if (by.some((i) => at[i] !== -1)) continue;
		const own = by.map((i) => series[i] as Series);
		const last = Math.max(...own.map((one) => one.times[lastAt(one, time)] ?? Number.NEGATIVE_INFINITY));
		if (last === Number.NEGATIVE_INFINITY) return none(`the first price of ${from} in ${to} is of later`);
		const limit = Math.max(...own.map(({ maxAge }) => maxAge));
		return {
			...none(`the last price of ${from} in ${to} is older than the limit of ${countOf(Number((limit / HOUR).toFixed(1)), "hour")}`),
			last,
		};
	}
	return none(`reference rates between ${asset} and ${unit} are not of one day`);
}
