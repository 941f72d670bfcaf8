import { chargesL1Fee, FEES_IN_PART, MAX_AMOUNT } from "@clew/core";
import type { ParsedRow, Row } from "./row.js";

/** A transaction's fee; `atLeast` where the row leaves a part of it out, in words. */
export interface RowFee {
	readonly amount: bigint;
	readonly atLeast?: string;
}

/** Type of the OP stack's deposit transactions, which pay no fee at all. */
const DEPOSIT_TYPES: ReadonlySet<string> = new Set(["126", "126.0", "0x7e"]);
/** Type of the transactions that pay for blobs (EIP-4844). */
const BLOB_TYPES: ReadonlySet<string> = new Set(["3", "3.0", "0x3"]);

/**
 * Gas used times the first price that is filled, and what is paid apart from gas: on a rollup its data on the first layer, where the row
 * has it, and blobs. Refused when no chain could hold it.
 */
export function feeOf(row: Row, prices: readonly string[], used: string, l1Fees: readonly string[]): RowFee {
	const price = prices.find((column) => row.optional(column) !== "") ?? prices[prices.length - 1] ?? "";
	const type = typeOf(row);
	let amount = row.baseUnits(price) * row.baseUnits(used);
	let missing: string | undefined;
	if (row.optional(...l1Fees) !== "") amount += row.baseUnits(...l1Fees);
	else if (chargesL1Fee(row.chain) && !DEPOSIT_TYPES.has(type)) missing = `fees without their first-layer part${FEES_IN_PART}`;
	if (row.optional("receipt_blob_gas_used") !== "" && row.optional("receipt_blob_gas_price") !== "")
		amount += row.baseUnits("receipt_blob_gas_used") * row.baseUnits("receipt_blob_gas_price");
	else if (BLOB_TYPES.has(type)) missing = `fees without what was paid for blobs${FEES_IN_PART}`;
	if (amount > MAX_AMOUNT) row.expected(price, amount.toString(), "a possible fee");
	return { amount, ...(missing === undefined ? {} : { atLeast: missing }) };
}

/** Type of the transactions of Celo that may pay their fee in a token (CIP-64). */
const TOKEN_FEE_TYPES: ReadonlySet<string> = new Set(["123", "123.0", "0x7b"]);

/** The type of the row's transaction (EIP-2718); where both columns are there, `type` is that of the row (ethereum-etl's streams). */
function typeOf(row: Row): string {
	return row.optional(row.has("transaction_type") ? "transaction_type" : "type").toLowerCase();
}

/**
 * A fee that a column tells whole, with its part on the first layer where the row tells that part as well (`l1_fee`): Blockscout adds it
 * where it knows it. A fee that is not told is open, but that of the OP stack's deposits, which pay none.
 */
export function toldFee(row: Row, column: string): RowFee {
	const type = typeOf(row);
	if (DEPOSIT_TYPES.has(type)) return { amount: 0n };
	if (TOKEN_FEE_TYPES.has(type)) return { amount: 0n, atLeast: `fees that may be paid in a token${FEES_IN_PART}` };
	if (row.text(column) === "") return { amount: 0n, atLeast: `fees that are not told${FEES_IN_PART}` };
	let amount = row.baseUnits(column);
	let missing: string | undefined;
	if (chargesL1Fee(row.chain) && row.optional("l1_fee") === "") missing = `fees perhaps without their first-layer part${FEES_IN_PART}`;
	if (row.optional("blob_gas_used") !== "" && row.optional("blob_gas_price") !== "")
		amount += row.baseUnits("blob_gas_used") * row.baseUnits("blob_gas_price");
	else if (BLOB_TYPES.has(type)) missing = `fees without what was paid for blobs${FEES_IN_PART}`;
	if (amount > MAX_AMOUNT) row.expected(column, amount.toString(), "a possible fee");
	return { amount, ...(missing === undefined ? {} : { atLeast: missing }) };
}

/** What a fee leaves open, as part of a row. */
export function openFee({ atLeast }: RowFee): Pick<ParsedRow, "open"> {
	return atLeast === undefined ? {} : { open: [atLeast] };
}
