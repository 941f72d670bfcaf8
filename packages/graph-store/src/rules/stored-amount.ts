import { ClewError, MAX_AMOUNT, type OpeningBalance, type OutputPlace, type Position, quote } from "@clew/core";

/** Digits that a 256-bit number has at most. */
const MAX_DIGITS = 78;
const [ZERO, NINE] = [0x30, 0x39];

/**
 * An amount in base units that a case holds as text. A case may come from somebody else, and BigInt reads more than digits: nothing as 0,
 * `0x10` as 16, ` 5` as 5. `place` names the row where it fails. Throws ClewError (CASE_CORRUPT) for what is no whole number from 0 to
 * 2^256 - 1 in its one way of writing.
 */
export function storedAmount<Row>(text: unknown, place: (row: Row) => string, row: Row): bigint {
	if (typeof text === "string" && isWritten(text)) {
		const amount = BigInt(text);
		if (text.length < MAX_DIGITS || amount <= MAX_AMOUNT) return amount;
	}
	throw corrupt(text, place(row));
}

/** The same for an amount that a case holds as a number, as SQLite gives it, or as a 64-bit integer, as Neo4j does. */
export function storedNumber<Row>(value: unknown, place: (row: Row) => string, row: Row): bigint {
	if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
	if (typeof value === "bigint" && value >= 0n) return value;
	throw corrupt(value, place(row));
}

/** Where an amount stands, for {@link storedAmount}: a transfer by its position, and its transaction where that is known. */
export function transferPlace({ height, txIndex, eventIndex }: Position, txHash?: string): string {
	return `the transfer at ${height}.${txIndex}.${eventIndex}${txHash === undefined ? "" : ` of transaction ${txHash}`}`;
}

/** An output or input of Bitcoin by its transaction's place and its index. */
export function slotPlace(kind: "output" | "input", { height, txIndex, index }: OutputPlace): string {
	return `${kind} ${index} of the transaction at ${height}.${txIndex}`;
}

/** An opening balance by account, asset and height. */
export function openingPlace({ account, asset, height }: Pick<OpeningBalance, "account" | "asset" | "height">): string {
	return `the opening balance of ${account} in ${asset} at block ${height}`;
}

/** Digits, and no zero before others. Transfers are read by the million, and this is the quickest way to look at one. */
function isWritten(text: string): boolean {
	const { length } = text;
	if (length === 0 || length > MAX_DIGITS || (length > 1 && text.charCodeAt(0) === ZERO)) return false;
	for (let i = 0; i < length; i++) {
		const code = text.charCodeAt(i);
		if (code < ZERO || code > NINE) return false;
	}
	return true;
}

function corrupt(value: unknown, place: string): ClewError {
	return changedCase(`${place}: the amount ${quote(String(value))} is no whole number of base units`);
}

/** What a case holds that no Clew writes. */
export function changedCase(what: string): ClewError {
	return new ClewError("CASE_CORRUPT", what, {
		hint: "The case was changed by another program: make a case anew from its sources, or ask its sender for a file that Clew wrote.",
	});
}
