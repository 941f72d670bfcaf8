import { integer, position, sha256 } from "../bundle/formats.js";
import { int, is, list, object, record, type Shape, text } from "../encoding/shape.js";

/** A row of a price, as a bundle carries it. */
export interface PriceRow {
	readonly asset: string;
	readonly unit: string;
	readonly time: number;
	readonly price: string;
	readonly origin: { readonly id: string; readonly tier: string };
	readonly answer: string;
	readonly place: string;
}

/** What an amount was worth. */
export interface StatedValue {
	readonly kind: "value" | "range" | "none";
	readonly value?: string;
	readonly low?: string;
	readonly high?: string;
	readonly tier?: string;
	readonly why?: string;
	readonly last?: number;
	readonly prices: readonly number[];
}

/** What one amount is said to have been worth, by unit. */
export type ByUnit = Readonly<Record<string, StatedValue>>;

export interface StatedTotal {
	readonly value: string | null;
	readonly low: string;
	readonly high: string;
	readonly priced: number;
	readonly unpriced: number;
}

export interface StatedAmount {
	readonly position: string;
	readonly asset: string;
	readonly amount: string;
	readonly values: ByUnit;
}

/** `values.json`. */
export interface StatedValues {
	readonly trace: string;
	readonly units: readonly string[];
	readonly rules: { readonly seeds: string; readonly marketAge: number; readonly referenceAge: number; readonly disagreement: number };
	readonly seeds: readonly {
		readonly origin: number;
		readonly rows: readonly StatedAmount[];
		readonly totals: Readonly<Record<string, StatedTotal>>;
	}[];
	readonly endPoints: readonly (StatedAmount & { readonly account: string })[];
	readonly endPointTotals: Readonly<Record<string, StatedTotal>>;
	readonly prices: readonly PriceRow[];
}

const currency = text(/^[A-Z]{3}$/);
const priced = text(/^([A-Z]{3}|[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}\/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128})$/);
const exact = text(/^(0|[1-9][0-9]*)\/[1-9][0-9]*$/);
const tier = is("proven", "quoted", "reference");
const prices = list(int(0));
const bounds = { low: exact, high: exact, tier, prices };
const VALUES: readonly Shape[] = [
	object({ kind: is("value"), value: exact, ...bounds }),
	object({ kind: is("range"), ...bounds }),
	object({ kind: is("none"), why: text(), "last?": int(0), prices }),
];
const value: Shape = (given, path) =>
	VALUES.some((shape) => shape(given, path) === undefined) ? undefined : `${path}: is neither a value, a range, nor the lack of one`;
const orNull =
	(shape: Shape): Shape =>
	(given, path) =>
		given === null ? undefined : shape(given, path);
const byUnit = record(value);
const totals = record(object({ value: orNull(exact), low: exact, high: exact, priced: int(0), unpriced: int(0) }));
const amount = { position, asset: text(), amount: integer, values: byUnit };
const rules = { marketAge: int(1), referenceAge: int(1), disagreement: int(1) };

const priceRows = list(
	object({
		asset: priced,
		unit: priced,
		time: int(0),
		price: text(/^(0|[1-9][0-9]{0,15})(\.[0-9]{0,40}[1-9])?$/),
		origin: object({ id: text(/^[\x21-\x7e]([\x20-\x7e]{0,150}[\x21-\x7e])?$/), tier }),
		answer: sha256,
		place: text(/^[\x20-\x7e]{1,150}$/),
	}),
);

export const valuesShape = object({
	schema: is("clew.values/1"),
	trace: text(/^[0-9a-f]{16}$/),
	units: list(currency, 1),
	rules: object({ seeds: text(), ...rules }),
	seeds: list(object({ origin: int(0), rows: list(object(amount)), totals })),
	endPoints: list(object({ account: text(), ...amount })),
	endPointTotals: totals,
	prices: priceRows,
});

/** What a freeze request says that its amounts were worth. */
export interface RequestValues {
	readonly units: readonly string[];
	readonly rules: Omit<StatedValues["rules"], "seeds">;
	readonly seeds: readonly {
		readonly arrivals: readonly { readonly asset: string; readonly amount: string; readonly time: string; readonly values: ByUnit }[];
		readonly totals: StatedValues["endPointTotals"];
	}[];
	readonly rows: readonly { readonly row: number; readonly amount: ByUnit; readonly agreed: ByUnit }[];
	readonly exchanges: readonly { readonly row: number; readonly paid: ByUnit; readonly got: ByUnit }[];
	readonly points: readonly { readonly account: string; readonly asset: string; readonly values: ByUnit }[];
	readonly together: readonly { readonly asset: string; readonly amount: string; readonly values: ByUnit }[];
	readonly totals: StatedValues["endPointTotals"];
	readonly prices: readonly PriceRow[];
}

const arrival = object({ asset: text(), amount: integer, time: text(/^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)?$/), values: byUnit });
export const requestValuesShape = object({
	units: list(currency, 1),
	rules: object(rules),
	seeds: list(object({ arrivals: list(arrival), totals })),
	rows: list(object({ row: int(1), amount: byUnit, agreed: byUnit })),
	exchanges: list(object({ row: int(1), paid: byUnit, got: byUnit })),
	points: list(object({ account: text(), asset: text(), values: byUnit })),
	together: list(object({ asset: text(), amount: integer, values: byUnit })),
	totals,
	prices: priceRows,
});
