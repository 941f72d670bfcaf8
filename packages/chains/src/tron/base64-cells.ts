import { type AccountId, type Hash, tronAddress, trustedAccountId } from "@clew/core";
import type { Row } from "../import/row.js";

const ADDRESS_BYTES = 20;
const HASH_BYTES = 32;

function bytesOf(row: Row, column: string, length: number, what: string): Buffer {
	const text = row.text(column);
	const bytes = Buffer.from(text, "base64");
	if (bytes.length !== length || bytes.toString("base64") !== text) row.expected(column, text, `${what} of ${length} bytes in base64`);
	return bytes;
}

/** An account in a cell, as 20 bytes in base64. Throws InputError. */
export function base64Account(row: Row, column: string): AccountId {
	return trustedAccountId(row.chain, tronAddress(bytesOf(row, column, ADDRESS_BYTES, "an address").toString("hex")));
}

/** A transaction's id in a cell, as 32 bytes in base64. Throws InputError. */
export function base64Hash(row: Row, column: string): Hash {
	return bytesOf(row, column, HASH_BYTES, "a hash").toString("hex") as Hash;
}
