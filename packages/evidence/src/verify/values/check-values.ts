import { type Files, readJson } from "../bundle/files.js";
import type { Trace } from "../bundle/formats.js";
import { isAsset } from "../chain-family/registry.js";
import { checkEvents, PRICE_PROOFS } from "../evm/price-events.js";
import type { Fail } from "../failure.js";
import type { TrustedHeader } from "../proofs/proofs.js";
import { conservingRulesOf } from "../trace/rules.js";
import { type PriceRow, type StatedAmount, type StatedTotal, type StatedValue, type StatedValues, valuesShape } from "./form.js";
import { decimal, type Fraction, order, plus, times, written, ZERO } from "./fraction.js";
import { DISAGREEMENT, REFERENCE_AGE, type Told, toldBy, type Worth, worthAt } from "./worth.js";

const VALUES = "values.json";
/** Forms of reasons that rest on prices which a bundle does not carry, since they gave none. */
const REASONS = [
	/^no source of the case has a price of \S+ in [A-Z]{3}$/,
	/^the first price of \S+ in \S+ is of later$/,
	/^the last price of \S+ in \S+ is older than the limit of [0-9]{1,6}(\.[0-9])? hours?$/,
	/^reference rates between \S+ and [A-Z]{3} are not of one day$/,
];

/**
 * Works out every value and total of a bundle again from the prices that it carries, and these from what proves them. Gives in words what
 * nothing shows: what sources told, and why something has no price. Nothing where the bundle states no values.
 */
export function checkValues(files: Files, trace: Trace, trusted: readonly TrustedHeader[], fail: Fail): string[] {
	if (!files.has(VALUES)) {
		if (files.has(PRICE_PROOFS)) fail(PRICE_PROOFS, "proves prices, and there are no values");
		return [];
	}
	const stated = readJson<StatedValues>(files, VALUES, valuesShape, fail);
	if (stated === undefined) return [];
	const { rules, units, prices } = stated;
	if (stated.trace !== (trace as unknown as { id: string }).id) fail(VALUES, "is of another trace than trace.json");
	if (new Set(units).size !== units.length) fail(VALUES, "names a unit twice");
	if (rules.seeds !== trace.rules[0]) fail(VALUES, `counts what ${rules.seeds} marked, and the first rule is ${trace.rules[0]}`);
	if (rules.referenceAge !== REFERENCE_AGE || rules.disagreement !== DISAGREEMENT)
		fail(VALUES, "states other rules of values than there are");
	checkPrices(prices, fail);
	const check = new ValueChecker(trace, stated, fail);
	check.seeds();
	check.endPoints();
	return [
		...checkEvents(files, prices, trusted, fail),
		...sourcesInWords(stated),
		...(check.unpriced > 0 ? ["why amounts have no price"] : []),
	];
}

/** Each price can be one, and one source has one of a moment. */
function checkPrices(prices: readonly PriceRow[], fail: Fail): void {
	const seen = new Set<string>();
	const tiers = new Map<string, string>();
	for (const [i, { asset, unit, time, price, origin }] of prices.entries()) {
		const where = `${VALUES} item ${i + 1}`;
		for (const one of [asset, unit]) if (one.includes("/") && !isAsset(one)) fail(where, `names ${one}, which is no asset of its chain`);
		if (order(decimal(price), ZERO) === 0) fail(where, "is a price of 0");
		if (asset === unit) fail(where, "is a price of something in itself");
		const key = `${asset} ${unit} ${origin.id} ${time}`;
		if (seen.has(key)) fail(where, "is a second price of the same moment by the same source");
		seen.add(key);
		if ((tiers.get(origin.id) ?? origin.tier) !== origin.tier) fail(where, `is by ${origin.id}, which is of two tiers`);
		tiers.set(origin.id, origin.tier);
		if ((origin.tier === "reference") !== (origin.id === "ecb"))
			fail(where, "is a reference rate of somebody else than the ECB, or none of it");
		if (origin.tier === "reference" && asset !== "EUR") fail(where, "is a reference rate of something else than the euro");
	}
}

function sourcesInWords({ prices }: StatedValues): string[] {
	const told = new Set(prices.filter(({ origin }) => origin.tier !== "proven").map(({ origin }) => origin.id));
	return told.size === 0 ? [] : [`what sources told of prices: ${[...told].sort().join(", ").slice(0, MAX_SHOWN)}`];
}

const MAX_SHOWN = 200;

class ValueChecker {
	/** Amounts that have no price, over all units. */
	unpriced = 0;
	private readonly told: Told;
	private readonly numbers: ReadonlyMap<PriceRow, number>;
	private readonly times: ReadonlyMap<string, string>;
	private readonly used = new Set<number>();
	private readonly trace: Trace;
	private readonly stated: StatedValues;
	private readonly fail: Fail;

	constructor(trace: Trace, stated: StatedValues, fail: Fail) {
		this.trace = trace;
		this.stated = stated;
		this.fail = fail;
		this.told = toldBy(stated.prices);
		this.numbers = new Map(stated.prices.map((row, i) => [row, i]));
		this.times = new Map(trace.edges.map(({ position, time }) => [position, time]));
	}

	seeds(): void {
		const { trace, stated } = this;
		if (stated.seeds.length !== trace.seeds.length) this.fail(VALUES, "has other seeds than trace.json");
		for (const [i, seed] of stated.seeds.entries()) {
			const rows = trace.seeds[i]?.rows ?? [];
			if (seed.origin !== i || seed.rows.length !== rows.length) this.fail(VALUES, `has other arrivals of seed ${i + 1} than trace.json`);
			for (const [j, one] of seed.rows.entries()) {
				const row = rows[j];
				const where = `arrival ${j + 1} of seed ${i + 1}`;
				const amount = row?.seeded[trace.rules[0] ?? ""] ?? "0";
				if (row === undefined || one.position !== row.position || one.asset !== row.asset || one.amount !== amount)
					this.fail(VALUES, `${where}: is another than in trace.json`);
				else this.values(where, one);
			}
			this.totals(`seed ${i + 1}`, seed.rows, seed.totals);
		}
	}

	endPoints(): void {
		const { trace, stated } = this;
		if (stated.endPoints.length !== trace.leaves.length) this.fail(VALUES, "has other end points than trace.json");
		const unknown = trace.rules.some((rule) => conservingRulesOf(trace.chain).includes(rule))
			? undefined
			: "what every rule agrees on was not computed: no conserving rule was run";
		for (const [i, one] of stated.endPoints.entries()) {
			const leaf = trace.leaves[i];
			const where = `end point ${i + 1}`;
			const isSame =
				leaf !== undefined &&
				one.account === leaf.account &&
				one.asset === Object.keys(leaf.amounts)[0] &&
				one.amount === leaf.agreed &&
				one.position === leaf.arrivals?.last;
			if (isSame) this.values(where, one, unknown);
			else this.fail(VALUES, `${where}: is another than in trace.json`);
		}
		this.totals("end points", stated.endPoints, stated.endPointTotals);
		if (this.used.size !== stated.prices.length) this.fail(VALUES, "carries prices that no value rests on");
	}

	private values(where: string, one: StatedAmount, unknown?: string): void {
		if (Object.keys(one.values).sort().join() !== [...this.stated.units].sort().join()) this.fail(VALUES, `${where}: is not in each unit`);
		for (const [unit, value] of Object.entries(one.values)) {
			for (const number of value.prices) this.used.add(number);
			const wrong = this.differs(one, unit, value, unknown);
			if (wrong !== undefined) this.fail(VALUES, `${where} in ${unit}: ${wrong}`);
		}
	}

	/** What a value should be otherwise, in words. */
	private differs(
		{ asset, amount, position }: StatedAmount,
		unit: string,
		stated: StatedValue,
		unknown: string | undefined,
	): string | undefined {
		const reason = unknown ?? this.lacking(asset, amount, position);
		if (reason !== undefined) {
			this.unpriced++;
			return stated.kind === "none" && stated.why === reason && stated.prices.length === 0 ? undefined : `should have no price: ${reason}`;
		}
		if (amount === "0") return isNothing(stated) ? undefined : "0 is worth 0";
		const time = Date.parse(this.times.get(position) ?? "") / 1000;
		const { worth, looked } = worthAt(this.told, { asset, unit, time, marketAge: this.stated.rules.marketAge });
		const numbers = [...looked].map((row) => this.numbers.get(row) as number).sort((a, b) => a - b);
		if ([...stated.prices].sort((a, b) => a - b).join() !== numbers.join())
			return "rests on other prices than the nearest before its block";
		if (worth === undefined) {
			this.unpriced++;
			const said = REASONS.some((form) => form.test(stated.why ?? "")) && (stated.last ?? 0) < time;
			return stated.kind === "none" && said ? undefined : "has no price in the bundle";
		}
		const coins: Fraction = [BigInt(amount), 10n ** BigInt(this.trace.assets[asset]?.decimals ?? 0)];
		const due = dueOf(coins, worth);
		return Object.entries(due).every(([name, text]) => stated[name as keyof StatedValue] === text) && stated.kind === due.kind
			? undefined
			: `should be ${due.value ?? `${due.low} to ${due.high}`}`;
	}

	private lacking(asset: string, amount: string, position: string): string | undefined {
		if (amount === "0") return undefined;
		const { symbol = "", decimals = 0 } = this.trace.assets[asset] ?? {};
		if (symbol === "" && decimals === 0) return `nobody told the decimals of ${asset}`;
		return (this.times.get(position) ?? "") === "" ? "the time of its block is not known" : undefined;
	}

	private totals(where: string, amounts: readonly StatedAmount[], stated: Readonly<Record<string, StatedTotal>>): void {
		if (Object.keys(stated).sort().join() !== [...this.stated.units].sort().join())
			this.fail(VALUES, `${where}: has no total in each unit`);
		for (const [unit, total] of Object.entries(stated)) {
			const all = amounts.map(({ values }) => values[unit]).filter((one) => one !== undefined);
			const priced = all.filter(({ kind }) => kind !== "none");
			const sum = (name: "value" | "low" | "high") => written(priced.reduce((so, one) => plus(so, fractionOf(one[name] ?? "0/1")), ZERO));
			const value = priced.length === 0 || priced.some(({ kind }) => kind === "range") ? null : sum("value");
			const due = { value, low: sum("low"), high: sum("high"), priced: priced.length, unpriced: all.length - priced.length };
			for (const [name, should] of Object.entries(due))
				if (total[name as keyof StatedTotal] !== should) this.fail(VALUES, `${where}: total in ${unit}: ${name} should be ${should}`);
		}
	}
}

function dueOf(coins: Fraction, { value, low, high, tier }: Worth): Omit<StatedValue, "prices"> {
	const bounds = { low: written(times(coins, low)), high: written(times(coins, high)), tier };
	return value === undefined ? { kind: "range", ...bounds } : { kind: "value", value: written(times(coins, value)), ...bounds };
}

/** Nothing is worth nothing, whatever the price. */
function isNothing({ kind, value, low, high, tier, prices }: StatedValue): boolean {
	return kind === "value" && [value, low, high].every((one) => one === "0/1") && tier === "proven" && prices.length === 0;
}

function fractionOf(text: string): Fraction {
	const [numerator = "0", denominator = "1"] = text.split("/");
	return [BigInt(numerator), BigInt(denominator)];
}
