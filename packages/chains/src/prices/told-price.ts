import { createHash } from "node:crypto";
import { ClewError, InputError, isoTime, mustBePriceTime, type Priced, type PriceOrigin, type PriceRow, parsePrice } from "@clew/core";

/** A price as a line or item of a file tells it, before it is looked at. */
export interface ToldPrice {
	readonly asset: Priced;
	readonly unit: Priced;
	/** Unix seconds. */
	readonly time: number;
	readonly price: string;
	readonly origin: PriceOrigin;
	/** `line 12` or `item 12`. */
	readonly place: string;
}

/** A file or an answer of a network as it came: its text, byte for byte, with the hash of its bytes. */
export interface Answer {
	readonly text: string;
	readonly sha256: string;
}

const MAX_BYTES = 256 << 20;

/** The text of bytes. Throws InputError where they are none in UTF-8, or too many. */
export function answerOf(bytes: Uint8Array, where: string): Answer {
	if (bytes.length > MAX_BYTES) throw new InputError(`is above ${MAX_BYTES >> 20} MiB`, { where, hint: "Take it in in parts." });
	try {
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
		return { text, sha256: createHash("sha256").update(bytes).digest("hex") };
	} catch (cause) {
		throw new InputError("is not UTF-8 text", { where, cause, hint: "Unpack it, or save it as UTF-8." });
	}
}

/** Prices of one text with the text that tells them. */
export interface ReadPrices {
	readonly rows: readonly PriceRow[];
	/** The text by its SHA-256. */
	readonly answers: ReadonlyMap<string, string>;
	/** What was left out, or is not there, in words. */
	readonly notes: readonly string[];
}

/** Runs work on one line or item of a text; what is wrong there is said with its place. Throws InputError. */
export function at<T>(where: string, place: string, work: () => T): T {
	try {
		return work();
	} catch (cause) {
		if (!(cause instanceof ClewError)) throw cause;
		const hint = cause.hint === undefined ? {} : { hint: cause.hint };
		throw new InputError(cause.message, { where: `${where}, ${place}`, cause, code: cause.code, ...hint });
	}
}

/**
 * The prices of a text: each a number that can be a price, of one thing in another, at a time that can be one, one for each moment of a
 * source. The same told twice counts once. `now` in Unix seconds. Throws InputError with the place.
 */
export function checkedPrices(
	answer: Answer,
	where: string,
	told: readonly ToldPrice[],
	now: number,
	notes: readonly string[] = [],
): ReadPrices {
	if (told.length === 0) throw new InputError("tells no price", { where });
	const rows = new Map<string, PriceRow>();
	for (const one of told) {
		const price = at(where, one.place, () => {
			if (one.asset === one.unit) throw new InputError(`is a price of ${one.asset} in itself`);
			mustBePriceTime(one.time, now);
			parsePrice(one.price);
			return plain(one.price);
		});
		const key = `${one.asset} ${one.unit} ${one.origin.id} ${one.time}`;
		const before = rows.get(key);
		if (before !== undefined && before.price !== price)
			throw new InputError(`${before.place} and ${one.place} tell two prices of ${isoTime(one.time)}: ${before.price} and ${price}`, {
				where,
				hint: "One source has one price of a moment. Where they are of two sources, say so in a column source.",
			});
		if (before === undefined) rows.set(key, { ...one, price, answer: answer.sha256 });
	}
	return { rows: [...rows.values()], answers: new Map([[answer.sha256, answer.text]]), notes };
}

/** Without zeros that say nothing, so that equal prices are equal texts. */
function plain(price: string): string {
	const [whole = "", fraction = ""] = price.split(".");
	const digits = fraction.replace(/0+$/, "");
	return `${whole.replace(/^0+(?=\d)/, "")}${digits === "" ? "" : `.${digits}`}`;
}
