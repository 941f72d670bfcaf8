import { isAsset } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import type { ByUnit, PriceRow, StatedTotal, StatedValue } from "./form.js";
import { decimal, type Fraction, order, plus, times, written, ZERO } from "./fraction.js";
import { DISAGREEMENT, isNearest, REFERENCE_AGE, type Told, toldBy, type Worth, worthAt } from "./worth.js";

/** Forms of reasons that rest on prices which a bundle does not carry, since they gave none. */
const REASONS = [
	/^no source of the case has a price of \S+ in [A-Z]{3}$/,
	/^the first price of \S+ in \S+ is of later$/,
	/^the last price of \S+ in \S+ is older than the limit of [0-9]{1,6}(\.[0-9])? hours?$/,
	/^reference rates between \S+ and [A-Z]{3} are not of one day$/,
];

/** Values that are stated, and the prices and rules that they rest on. */
export interface StatedBy {
	readonly units: readonly string[];
	readonly rules: { readonly marketAge: number; readonly referenceAge: number; readonly disagreement: number };
	readonly prices: readonly PriceRow[];
}

/** An amount in base units, and the time of its block: empty where nobody told it. */
export interface TimedAmount {
	readonly asset: string;
	readonly amount: string;
	readonly time: string;
}

/** What nothing shows, in words: what sources told of prices that nothing proves, and why amounts have none where some have none. */
export function pricesInWords(unproven: readonly PriceRow[], unpriced: number): string[] {
	const told = [...new Set(unproven.map(({ origin }) => origin.id))].sort().join(", ").slice(0, MAX_SHOWN);
	return [...(told === "" ? [] : [`what sources told of prices: ${told}`]), ...(unpriced > 0 ? ["why amounts have no price"] : [])];
}

/** Units are named once, the rules are those that there are, each price can be one, and one source has one of a moment. */
export function checkStated({ units, rules, prices }: StatedBy, file: string, fail: Fail): void {
	if (new Set(units).size !== units.length) fail(file, "names a unit twice");
	if (rules.referenceAge !== REFERENCE_AGE || rules.disagreement !== DISAGREEMENT)
		fail(file, "states other rules of values than there are");
	const seen = new Set<string>();
	const tiers = new Map<string, string>();
	for (const [i, { asset, unit, time, price, origin }] of prices.entries()) {
		const where = `${file} item ${i + 1}`;
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

const MAX_SHOWN = 200;

/** Works values out again from the prices that are stated beside them. */
export class AmountChecker {
	/** Amounts that have no price, over all units. */
	unpriced = 0;
	private readonly told: Told;
	private readonly numbers: ReadonlyMap<PriceRow, number>;
	private readonly used = new Set<number>();
	private readonly stated: StatedBy;
	private readonly assets: Assets;
	private readonly file: string;
	private readonly fail: Fail;

	constructor(stated: StatedBy, assets: Assets, file: string, fail: Fail) {
		this.stated = stated;
		this.assets = assets;
		this.file = file;
		this.fail = fail;
		this.told = toldBy(stated.prices);
		this.numbers = new Map(stated.prices.map((row, i) => [row, i]));
	}

	/** The values of one amount; `unknown` says why it can have none. */
	values(where: string, of: TimedAmount, stated: ByUnit, unknown?: string): void {
		if (Object.keys(stated).sort().join() !== [...this.stated.units].sort().join()) this.fail(this.file, `${where}: is not in each unit`);
		for (const [unit, value] of Object.entries(stated)) {
			for (const number of value.prices) this.used.add(number);
			const wrong = this.differs(of, unit, value, unknown);
			if (wrong !== undefined) this.fail(this.file, `${where} in ${unit}: ${wrong}`);
		}
	}

	/** The totals of some values. */
	totals(where: string, values: readonly ByUnit[], stated: Readonly<Record<string, StatedTotal>>): void {
		if (Object.keys(stated).sort().join() !== [...this.stated.units].sort().join())
			this.fail(this.file, `${where}: has no total in each unit`);
		for (const [unit, total] of Object.entries(stated)) {
			const all = values.map((one) => one[unit]).filter((one) => one !== undefined);
			const priced = all.filter(({ kind }) => kind !== "none");
			const sum = (name: "value" | "low" | "high") => written(priced.reduce((so, one) => plus(so, fractionOf(one[name] ?? "0/1")), ZERO));
			const [low, high, unpriced] = [sum("low"), sum("high"), all.length - priced.length];
			// Amounts of 0 are worth 0 whatever the price: beside amounts without one they say nothing.
			const isUnknown = priced.length === 0 || (unpriced > 0 && high === "0/1");
			const value = isUnknown || priced.some(({ kind }) => kind === "range") ? null : sum("value");
			const due = { value, low, high, priced: priced.length, unpriced };
			for (const [name, should] of Object.entries(due))
				if (total[name as keyof StatedTotal] !== should) this.fail(this.file, `${where}: total in ${unit}: ${name} should be ${should}`);
		}
	}

	/** No price is there that no value rests on; call it last. */
	end(): void {
		if (this.used.size !== this.stated.prices.length) this.fail(this.file, "carries prices that no value rests on");
	}

	/** What a value should be otherwise, in words. */
	private differs(
		{ asset, amount, time: told }: TimedAmount,
		unit: string,
		stated: StatedValue,
		unknown: string | undefined,
	): string | undefined {
		const reason = unknown ?? this.lacking(asset, amount, told);
		if (reason !== undefined) {
			this.unpriced++;
			return stated.kind === "none" && stated.why === reason && stated.prices.length === 0 ? undefined : `should have no price: ${reason}`;
		}
		if (amount === "0") return isNothing(stated) ? undefined : "0 is worth 0";
		const time = Date.parse(told) / 1000;
		const { marketAge } = this.stated.rules;
		const { worth, rests } = worthAt(this.told, { asset, unit, time, marketAge });
		const numbersOf = (rows: ReadonlySet<PriceRow>) => [...rows].map((row) => this.numbers.get(row) as number).sort((a, b) => a - b);
		if (worth === undefined) {
			this.unpriced++;
			const said = REASONS.some((form) => form.test(stated.why ?? "")) && (stated.last ?? 0) < time;
			const near = stated.prices.map((number) => this.stated.prices[number]);
			const areNear = near.every((row) => row !== undefined && isNearest(this.told, row, time, marketAge));
			const isNone = stated.kind === "none" && said && areNear;
			return isNone ? undefined : "has no price among those that are stated";
		}
		if ([...stated.prices].sort((a, b) => a - b).join() !== numbersOf(rests).join())
			return "rests on other prices than the nearest before its block";
		const coins: Fraction = [BigInt(amount), 10n ** BigInt(this.assets[asset]?.decimals ?? 0)];
		const due = dueOf(coins, worth);
		return Object.entries(due).every(([name, text]) => stated[name as keyof StatedValue] === text) && stated.kind === due.kind
			? undefined
			: `should be ${due.value ?? `${due.low} to ${due.high}`}`;
	}

	private lacking(asset: string, amount: string, time: string): string | undefined {
		if (amount === "0") return undefined;
		const { symbol = "", decimals = 0 } = this.assets[asset] ?? {};
		if (symbol === "" && decimals === 0) return `nobody told the decimals of ${asset}`;
		return time === "" ? "the time of its block is not known" : undefined;
	}
}

type Assets = Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>;

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
