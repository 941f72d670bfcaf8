import { type ChainId, InputError, parsePriced, quote } from "@clew/core";
import Papa from "papaparse";
import { writtenTime } from "../import/time.js";
import { at, type ToldPrice } from "./told-price.js";

const NEEDED = ["time", "asset", "unit", "price"] as const;
const KNOWN: ReadonlySet<string> = new Set([...NEEDED, "source"]);

/** True for a list of prices with columns of its own. */
export function isPriceList(text: string): boolean {
	const columns = (text.slice(0, text.indexOf("\n") >>> 0).split(",") as readonly string[]).map((cell) => cell.trim().toLowerCase());
	return NEEDED.every((name) => columns.includes(name));
}

/**
 * Reads a list with the columns time, asset, unit, price, and source where there are several. Times are UTC or say their zone, or are Unix
 * seconds. `source` names rows that do not. Throws InputError with the line.
 */
export function readPriceList(
	text: string,
	where: string,
	{ chain, source }: { readonly chain: ChainId; readonly source: string },
): ToldPrice[] {
	const { data, errors } = Papa.parse<string[]>(text, { delimiter: ",", header: false });
	const [error] = errors;
	if (error !== undefined)
		throw new InputError(error.message, { where: `${where}, line ${(error.row ?? 0) + 1}`, hint: "The file may be cut off." });
	const columns = (data[0] ?? []).map((cell) => cell.trim().toLowerCase());
	const twice = columns.find((name, i) => columns.indexOf(name) !== i);
	if (twice !== undefined) throw new InputError(`column ${quote(twice)} is there twice`, { where });
	const unknown = columns.find((name) => !KNOWN.has(name));
	if (unknown !== undefined)
		throw new InputError(`column ${quote(unknown)} is unknown`, { where, hint: `Columns are ${[...KNOWN].join(", ")}.` });
	return data.slice(1).flatMap((cells, i) => {
		if (cells.length === 1 && cells[0]?.trim() === "") return [];
		const place = `line ${i + 2}`;
		return at(where, place, () => {
			if (cells.length !== columns.length)
				throw new InputError(`has ${cells.length} cells, the header has ${columns.length}: a comma in a number is no decimal point`);
			const cell = (name: string) => (cells[columns.indexOf(name)] ?? "").trim();
			const own = cell("source");
			return {
				asset: parsePriced(cell("asset"), chain),
				unit: parsePriced(cell("unit"), chain),
				time: timeOf(cell("time")),
				price: cell("price"),
				origin: { id: originName(own === "" ? source : own), tier: "quoted" },
				place,
			};
		});
	});
}

/** Unix seconds of a written time, or of seconds. Throws InputError. */
function timeOf(text: string): number {
	const time = /^[0-9]{9,10}$/.test(text) ? Number(text) : writtenTime(text);
	if (time === undefined) throw new InputError(`${quote(text)} is no time`, { hint: "Write 2018-11-09T05:20:00Z, or Unix seconds." });
	return time;
}

/** Names of sources whose tier is another than that of a file. */
const RESERVED = /^(ecb$|feed )/i;

/** A name of a source: printable ASCII, since it names documents. Throws InputError. */
export function originName(text: string): string {
	if (RESERVED.test(text))
		throw new InputError(`${quote(text)} is the name of a source that is no file of yours`, { hint: "Name who told it to you." });
	if (/^[\x21-\x7e]([\x20-\x7e]{0,98}[\x21-\x7e])?$/.test(text)) return text;
	throw new InputError(`${quote(text)} is no name of a source`, { hint: "Use up to 100 letters, digits and signs of ASCII." });
}
