import {
	type AccountId,
	type AssetId,
	InputError,
	nativeAsset,
	nullAccount,
	parseAsset,
	publishedToken,
	quote,
	type TransferRecord,
} from "@clew/core";
import type { DecimalsOf, RowImport } from "../family.js";
import { type Format, UnreliableFile } from "../import/format.js";
import { withoutDecimals } from "../import/no-decimals.js";
import type { ParsedRow, Row } from "../import/row.js";
import { base64Account, base64Hash } from "./base64-cells.js";
import { CONTRACT_TYPES, MOVES_NOTHING, TYPE } from "./decode/contract-types.js";
import { internalIndex } from "./decode/internal.js";
import { TRON_GRID } from "./import-grid.js";

const TRX_DECIMALS = 6;
const MAX_CALLS = 8_000;
/** Values from here on show that a file keeps more than 32 bits, with a sign, of its values. */
const OVERFLOWS = 1n << 31n;
const MAY_BE_CUT = "values below 2^31 sun: some exports of this table keep 32 bits of a value, and such a file tells none of them for sure";
/** Values of one call: TRX and one token. */
const MAX_VALUES = 1;
const SCAN_COLUMNS = ["Tx Hash", "blockHeight", "blockTime(UTC)", "from", "to", "value"] as const;
/** Etherscan-like sites mark movements of the coin itself so, in place of a contract. */
const COIN_CELL = /^(_|trx)?$/i;

/**
 * Rows of internal transactions as GraphSense exports them, as JSON lines: blocks' own, whose values are in sun. A call that was rejected
 * moved nothing; rows say nothing of the token of a call, so those with a token are refused.
 */
const internalRows: Format = {
	name: "GraphSense internal transactions",
	ofBlocks: true,
	kinds: [],
	outcome: ["rejected"],
	columns: ["blockId", "traceIndex", "callerAddress", "transfertoAddress", "callInfoIndex", "callValue", "note", "rejected", "txHash"],
	without: [],
	parse(row) {
		const [from, to] = [base64Account(row, "callerAddress"), base64Account(row, "transfertoAddress")];
		const [call, value] = [row.integer(MAX_CALLS, "traceIndex"), row.integer(MAX_VALUES, "callInfoIndex")];
		const amount = callValueOf(row);
		const rejected = row.flag("rejected") ?? row.expected("rejected", "", "true or false");
		const hash = base64Hash(row, "txHash");
		const note = row.text("note");
		if (!/^(call|create2?|suicide)$/.test(note) && amount > 0n)
			row.expected("note", note, "call, create or suicide for a row with a value");
		if (value > 0) row.expected("callInfoIndex", String(value), "0, since the row does not say which token a second value is of");
		const moved = !rejected && amount > 0n && from !== to;
		return {
			...(moved && amount < OVERFLOWS ? { open: [MAY_BE_CUT] } : {}),
			hash,
			height: row.height("blockId"),
			failed: rejected,
			id: `call ${call} of transaction ${hash}`,
			transfers: moved
				? [{ kind: "internal", from, to, asset: nativeAsset(row.chain), amount, eventIndex: internalIndex(call, value) }]
				: [],
			touches: [from, to],
		};
	},
};

/** Some exports keep 32 bits of a value: one that is negative shows that no amount of its file can be relied on. */
function callValueOf(row: Row): bigint {
	const text = row.text("callValue");
	if (/^-[0-9]+$/.test(text))
		throw new UnreliableFile(
			`column callValue: ${quote(text)} is negative: the file keeps 32 bits of its values, so none of them can be relied on`,
			{
				hint: "Do not leave such rows out: export the table again with values of 64 bits.",
			},
		);
	return row.baseUnits("callValue");
}

function common(row: Row): Pick<ParsedRow, "hash" | "height" | "time"> {
	// The site writes dates with strokes.
	return { hash: row.hash("Tx Hash"), height: row.height("blockHeight"), time: row.time("blockTime(UTC)") };
}

/** A token by the cell of its contract or number. Throws InputError. */
function tokenOf(row: Row, column: string): AssetId {
	const text = row.text(column);
	try {
		return parseAsset(text, row.chain);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return row.expected(column, text, "a token's contract or number", error);
	}
}

/**
 * The site's "tokenTransfer" export: decimal amounts without the token's decimals, which its makers publish or the case holds, else none.
 */
function scanTokens(decimalsOf: DecimalsOf): Format {
	return {
		name: "Tronscan token transfers",
		ranged: true,
		decimalAmounts: true,
		kinds: ["token"],
		outcome: ["status", "contractRet", "result", "revert", "reverted"],
		columns: [...SCAN_COLUMNS, "symbol", "tokenAddress"],
		without: ["contractType"],
		parse(row) {
			const [from, to] = [row.someAccount("from"), row.someAccount("to")];
			const touches = [from, to];
			if (row.flag("isConfirm") === false) row.expected("isConfirm", row.text("isConfirm"), "a transfer that is confirmed");
			const failed = outcomeOf(row) === "failed";
			const base = { ...common(row), failed };
			const cell = row.text("tokenAddress");
			if (COIN_CELL.test(cell)) {
				const amount = row.decimal("value", TRX_DECIMALS);
				if (row.text("symbol").toUpperCase() !== "TRX") row.expected("tokenAddress", cell, "a token's contract or number");
				const moved = amount > 0n && !failed;
				return { ...base, transfers: moved ? [native(row, from, to, amount)] : [], touches };
			}
			const asset = tokenOf(row, "tokenAddress");
			const decimals = publishedToken(asset)?.decimals ?? decimalsOf(contractOf(row, cell));
			if (decimals === undefined) return { ...base, ...(failed ? { transfers: [] } : withoutDecimals(row, asset)), touches };
			return {
				...base,
				transfers: failed ? [] : [tokenTransfer(row, from, to, asset, row.decimal("value", decimals))],
				asset: { asset, decimals, symbol: row.text("symbol") },
				touches,
			};
		},
	};
}

function contractOf(row: Row, cell: string): AccountId {
	return `${row.chain}:${cell}` as AccountId;
}

function tokenTransfer(row: Row, from: AccountId, to: AccountId, asset: AssetId, amount: bigint): TransferRecord {
	const none = nullAccount(row.chain);
	return { kind: from === none ? "mint" : to === none ? "burn" : "token", from, to, asset, amount };
}

const NO_FEES = "fees, which such a file does not tell";
const NOT_TAKEN =
	"transactions of other contracts than TransferContract, whose value was not taken for a movement, though TRX may have moved";

/** The site's "transaction" export: TRX that transactions themselves moved. What others than transfers moved it does not tell. */
const scanTransactions: Format = {
	name: "Tronscan transactions",
	ranged: true,
	decimalAmounts: true,
	kinds: ["native"],
	outcome: ["status", "contractRet", "result", "revert", "reverted"],
	columns: [...SCAN_COLUMNS, "contractType", "status"],
	without: ["tokenAddress"],
	parse(row) {
		const [from, to] = [row.someAccount("from"), row.account("to")];
		const status = statusOf(row, outcomeOf(row));
		const touches = to === undefined ? [from] : [from, to];
		const base = { ...common(row), ...(status === undefined ? {} : { status }), touches, open: [NO_FEES] };
		const isTransfer = /^(1|TransferContract|Transfer TRX)$/i.test(row.text("contractType"));
		if (!isTransfer) {
			const unread = status !== "failed" && mayMoveTrx(row);
			return { ...base, transfers: [], ...(unread ? { open: [NO_FEES, NOT_TAKEN], unread } : {}) };
		}
		const symbol = row.optional("symbol");
		if (!/^(TRX)?$/i.test(symbol)) row.expected("symbol", symbol, "TRX, or nothing, for a TransferContract");
		const amount = row.decimal("value", TRX_DECIMALS);
		if (amount > 0n && status === undefined) row.expected("status", "", "SUCCESS or FAIL for a transaction that carries value");
		if (to === undefined) return row.expected("to", "", "a receiver of TRX");
		return { ...base, transfers: status === "failed" || amount === 0n ? [] : [native(row, from, to, amount)] };
	},
};

/** Types whose `value` is the TRX that a call takes along: without one they move none themselves. */
const CALLS: ReadonlySet<number> = new Set([TYPE.create, TYPE.trigger]);

/** Whether a row that is no transfer may have moved TRX: a call with a value, and whatever else is not known to move none. */
function mayMoveTrx(row: Row): boolean {
	const text = row.text("contractType");
	const [type] =
		Object.entries(CONTRACT_TYPES).find(([number, name]) => number === text || name.toLowerCase() === text.toLowerCase()) ?? [];
	const valued = !/^[0.]*$/.test(row.text("value"));
	if (type === undefined || CALLS.has(Number(type))) return valued;
	return !MOVES_NOTHING.has(Number(type)) && Number(type) !== TYPE.transferAsset;
}

const SUCCEEDED = /^(success(ful)?|true)$/i;
const FAILED = /^(fail(ed)?|revert(ed)?|out[_ ]of[_ ].*|false)$/i;

/** What columns beside the site's own say of a call; one of them that says that it failed is believed. */
function outcomeOf(row: Row): ParsedRow["status"] {
	let told: ParsedRow["status"];
	for (const column of ["contractRet", "result"]) {
		const text = row.optional(column);
		if (FAILED.test(text)) return "failed";
		if (SUCCEEDED.test(text)) told = "succeeded";
		else if (text !== "") row.expected(column, text, "SUCCESS or why the call failed");
	}
	return row.flag("revert", "reverted") ? "failed" : told;
}

/** `confirmed` says that the block is final, and a site writes it of what it lists; what is not confirmed may never have been. */
function statusOf(row: Row, outcome: ParsedRow["status"]): ParsedRow["status"] {
	const text = row.text("status");
	if (outcome === "failed" || FAILED.test(text)) return "failed";
	if (SUCCEEDED.test(text) || /^confirmed$/i.test(text)) return "succeeded";
	return text === "" ? outcome : row.expected("status", text, "SUCCESS, CONFIRMED, FAIL or nothing");
}

function native(row: Row, from: AccountId, to: AccountId, amount: bigint): TransferRecord {
	return { kind: "native", from, to, asset: nativeAsset(row.chain), amount };
}

/** The kinds of exports of Tron whose rows are movements. */
export const TRON_ROWS: readonly RowImport[] = [
	{ name: "tronscan", formats: (decimalsOf) => [scanTokens(decimalsOf), scanTransactions] },
	TRON_GRID,
	{ name: "graphsense", formats: () => [internalRows] },
];
