import { type Currency, EUR, InputError, isCurrency, type PriceOrigin, quote } from "@clew/core";
import { SaxesParser } from "saxes";
import { at, type ToldPrice } from "./told-price.js";

/** All rates since 4 January 1999, as the ECB publishes them. */
export const ECB_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.xml";
const NAMESPACE = "http://www.ecb.int/vocabulary/2002-08-01/eurofxref";
const ORIGIN: PriceOrigin = { id: "ecb", tier: "reference" };
/**
 * Rates are published around 16:00 Central European Time of their day. In summer that is 14:00 UTC and in winter 15:00: from then on a rate
 * is known for sure.
 */
const PUBLISHED = "T15:00:00Z";
const CODE = /^[A-Z]{3}$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** How the file of one day writes it. */
const WRITTEN = /^([0-9]{1,2}) ([A-Z][a-z]{2,8}) ([0-9]{4})$/;
const MONTHS = [
	...["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
] as const;
/** What stands where there is no rate of a day. */
const NO_RATE: ReadonlySet<string> = new Set(["", "N/A"]);

/** True for the ECB's CSV, by its header. */
export function isEcbCsv(text: string): boolean {
	const [first, ...codes] = cellsOf(text.slice(0, text.indexOf("\n") >>> 0));
	return first === "Date" && codes.length > 0 && codes.every((code) => CODE.test(code));
}

/** True for the ECB's XML, by its namespace. */
export function isEcbXml(text: string): boolean {
	return /^\s*</.test(text) && text.includes(NAMESPACE);
}

/** Rates of the wanted currencies, and what of the file was left out, in words. */
export interface EcbRates {
	readonly told: readonly ToldPrice[];
	readonly notes: readonly string[];
}

/**
 * Reads `eurofxref.csv` (one day, written as 9 November 2018) or `eurofxref-hist.csv`: what one euro is worth in each wanted currency.
 * Throws InputError with the line.
 */
export function readEcbCsv(text: string, where: string, wanted: ReadonlySet<Currency>): EcbRates {
	const lines = text.split("\n");
	const columns = cellsOf(lines[0] ?? "");
	const notes = leftOut(wanted, columns.slice(1), where);
	const told = lines.slice(1).flatMap((line, i) => {
		if (line.trim() === "") return [];
		const place = `line ${i + 2}`;
		return at(where, place, () => {
			const cells = cellsOf(line);
			if (cells.length !== columns.length)
				throw new InputError(`has ${cells.length} cells, the header has ${columns.length}: a comma in a number is no decimal point`);
			const time = publicationOf(cells[0] ?? "");
			return columns.flatMap((unit, j): ToldPrice[] => {
				const price = cells[j] ?? "";
				return j === 0 || !isCurrency(unit) || !wanted.has(unit) || NO_RATE.has(price) ? [] : [rate(unit, time, price, place)];
			});
		});
	});
	return { told, notes };
}

/** Reads `eurofxref-daily.xml` or `eurofxref-hist.xml`. Throws InputError with the line. */
export function readEcbXml(text: string, where: string, wanted: ReadonlySet<Currency>): EcbRates {
	const told: ToldPrice[] = [];
	const units = new Set<string>();
	let time = 0;
	// No entity of a document is resolved, so that a small file stays small.
	const parser = new SaxesParser({ xmlns: true });
	const placeNow = () => `line ${parser.line}`;
	parser.on("error", ({ message }) => {
		throw new InputError(`is no whole XML: ${message.replace(/^[0-9:]+ /, "")}`, {
			where: `${where}, ${placeNow()}`,
			hint: "The download may be cut off.",
		});
	});
	parser.on("opentag", ({ local, uri, attributes }) => {
		if (local !== "Cube" || uri !== NAMESPACE) return;
		const place = placeNow();
		at(where, place, () => {
			const day = attributes["time"]?.value;
			if (day !== undefined) time = publicationOf(day);
			const unit = attributes["currency"]?.value;
			if (unit === undefined) return;
			units.add(unit);
			if (time === 0) throw new InputError(`a rate of ${quote(unit)} has no day`);
			const price = attributes["rate"]?.value;
			if (price === undefined) throw new InputError(`there is no rate of ${quote(unit)}`);
			if (isCurrency(unit) && wanted.has(unit)) told.push(rate(unit, time, price, place));
		});
	});
	parser.write(text).close();
	return { told, notes: leftOut(wanted, [...units], where) };
}

function cellsOf(line: string): string[] {
	// Lines of the ECB's own files end with a comma.
	return line
		.trim()
		.replace(/,$/, "")
		.split(",")
		.map((cell) => cell.trim());
}

function rate(unit: Currency, time: number, price: string, place: string): ToldPrice {
	return { asset: EUR, unit, time, price, origin: ORIGIN, place };
}

/** Unix seconds at which the rates of a day are known for sure. Throws InputError for what is no day of the calendar. */
function publicationOf(text: string): number {
	const [, date = "", month = "", year = ""] = WRITTEN.exec(text) ?? [];
	const number = (MONTHS as readonly string[]).indexOf(month) + 1;
	const day = number === 0 ? text : `${year}-${String(number).padStart(2, "0")}-${date.padStart(2, "0")}`;
	const seconds = DATE.test(day) ? Date.parse(`${day}${PUBLISHED}`) / 1000 : Number.NaN;
	if (Number.isNaN(seconds) || new Date(seconds * 1000).toISOString().slice(0, day.length) !== day)
		throw new InputError(`${quote(text)} is no day`);
	return seconds;
}

/** What a file has besides what is wanted, in words. Throws InputError where it lacks a wanted currency. */
function leftOut(wanted: ReadonlySet<Currency>, units: readonly string[], where: string): string[] {
	for (const unit of wanted) if (!units.includes(unit)) throw new InputError(`has no rate of ${unit}`, { where });
	const others = units.filter((unit) => !isCurrency(unit) || !wanted.has(unit));
	if (others.length === 0) return [];
	const named = others.length === 1 ? `that of ${quote(others[0] ?? "")} was` : `those of ${others.length} others were`;
	return [`the rates of ${[...wanted].join(", ")} were taken, ${named} not (--currency)`];
}
