import { ClewError } from "../errors.js";
import { groupBy } from "../group-by.js";
import { isoTime } from "../iso-time.js";
import type { RecordStore } from "../ports/record-store.js";
import { documentOf, recordsOf } from "../records.js";
import { compareText } from "../text-order.js";
import type { PriceOrigin, PriceRow } from "./price-row.js";
import type { Priced } from "./unit.js";

/** Documents of one month of one origin's prices of one pair, and documents of answers as they came. */
const [PRICES, ANSWERS] = ["price", "price-answer"] as const;
/** An answer above this is kept by its hash alone. */
const MAX_ANSWER = 32 << 20;

interface Month {
	readonly asset: Priced;
	readonly unit: Priced;
	readonly origin: PriceOrigin;
	readonly answers: readonly string[];
	/** Time, price, number of its answer, place in it; by time. */
	readonly rows: readonly (readonly [number, string, number, string])[];
}

/** What taking prices into a case did: how many are new, and how many it held already. */
export interface PricesPut {
	readonly added: number;
	readonly known: number;
}

/**
 * Keeps prices in a case, with the answer that they are from, so that nothing is asked again. Throws ClewError (CONFLICT) where one origin
 * told another price of the same moment before. Call it inside `atomically`.
 */
export async function putPrices(
	store: Pick<RecordStore, "record" | "putRecord">,
	rows: readonly PriceRow[],
	answers: ReadonlyMap<string, string>,
): Promise<PricesPut> {
	let [added, known] = [0, 0];
	for (const [id, own] of groupBy(rows, idOf)) {
		const stored = await store.record(PRICES, id);
		const held = new Map((stored === undefined ? [] : rowsOf(id, stored)).map((row) => [row.time, row]));
		for (const row of own) {
			const before = held.get(row.time);
			if (before !== undefined && before.price !== row.price) throw contradiction(row, before);
			if (before === undefined) held.set(row.time, row);
			before === undefined ? added++ : known++;
		}
		await store.putRecord(PRICES, id, JSON.stringify(monthOf([...held.values()])));
	}
	for (const [id, text] of answers) if (text.length <= MAX_ANSWER) await store.putRecord(ANSWERS, id, JSON.stringify(text));
	return { added, known };
}

/** All prices of a case, in no order that matters. */
export async function pricesOf(store: Pick<RecordStore, "records">): Promise<readonly PriceRow[]> {
	const rows: PriceRow[] = [];
	for await (const { id, json } of recordsOf(store, PRICES)) for (const row of rowsOf(id, json)) rows.push(row);
	return rows;
}

/** A file, answer or proof as it came, by its SHA-256; undefined where the case does not keep it. */
export async function priceAnswer(store: Pick<RecordStore, "record">, sha256: string): Promise<string | undefined> {
	const json = await store.record(ANSWERS, sha256);
	return json === undefined ? undefined : documentOf(ANSWERS, sha256, json, String);
}

const MONTH_LENGTH = "2018-11".length;

function idOf({ asset, unit, origin, time }: PriceRow): string {
	return `${asset} ${unit} ${origin.id} ${isoTime(time).slice(0, MONTH_LENGTH)}`;
}

function rowsOf(id: string, json: string): readonly PriceRow[] {
	return documentOf(PRICES, id, json, (value) => {
		const { asset, unit, origin, answers, rows } = value as Month;
		return rows.map(([time, price, answer, place]) => ({ asset, unit, origin, time, price, answer: answers[answer] ?? "", place }));
	});
}

function monthOf(rows: readonly PriceRow[]): Month {
	const { asset, unit, origin } = rows[0] as PriceRow;
	const answers = [...new Set(rows.map(({ answer }) => answer))].sort(compareText);
	const numbers = new Map(answers.map((answer, i) => [answer, i]));
	return {
		asset,
		unit,
		origin,
		answers,
		rows: [...rows]
			.sort((a, b) => a.time - b.time)
			.map((row) => [row.time, row.price, numbers.get(row.answer) as number, row.place] as const),
	};
}

function contradiction(row: PriceRow, before: PriceRow): ClewError {
	const { asset, unit, origin, time } = row;
	return new ClewError(
		"CONFLICT",
		`${origin.id} tells ${asset} at ${isoTime(time)} as ${row.price} ${unit} (${row.place}), and told it as ${before.price} before (${before.place} of ${before.answer.slice(0, 16)})`,
		{ hint: "One source has one price of a moment: name the file's own source with --source, or leave one of the two out." },
	);
}
