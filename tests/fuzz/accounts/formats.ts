import type { CoveredKind } from "@clew/core";
import type { Cells } from "../../trials/reading.js";
import { addressOf, type Call, HEAD, hashOf, type Party, TOKEN_DECIMALS, type TokenMove, type Transaction, tokenOf } from "./model.js";

/** What of a world a row tells. */
export type Told =
	| { readonly what: "transaction"; readonly tx: Transaction }
	| { readonly what: "call"; readonly tx: Transaction; readonly call: Call; readonly nth: number }
	| { readonly what: "outermost"; readonly tx: Transaction }
	| { readonly what: "token"; readonly tx: Transaction; readonly move: TokenMove };

/** How rows are written. */
export interface Writing {
	readonly salt: string;
	readonly owner: Party | undefined;
	readonly head: boolean;
	readonly paths: boolean;
}

/** A format that importers know. */
interface WorldFormat {
	readonly kind: CoveredKind;
	/** The action in the file's name. */
	readonly action: string;
	/** Whether rows tell the transaction's index, and logs theirs. */
	readonly tellsIndex: boolean;
	readonly tellsLog: boolean;
	readonly json: boolean;
	/** A download of a range of dates; a file of whole blocks. */
	readonly ranged: boolean;
	readonly ofBlocks: boolean;
	/** Whether rows can tell the head of the chain. */
	readonly tellsHead: boolean;
	/** Columns in order, for a file without rows. */
	readonly row: (told: Told, how: Writing) => Cells;
}

const time = (height: number) => 1_600_000_000 + height * 12;
const clock = (height: number) => new Date(time(height) * 1000).toISOString().slice(0, 19).replace("T", " ");

/** A decimal number of base units, in digits alone. */
export function decimal(units: number, decimals: number): string {
	const digits = String(units).padStart(decimals + 1, "0");
	const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
	const whole = digits.slice(0, digits.length - decimals);
	return decimals === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
}

const ETHER_DECIMALS = 18;

function apiCommon({ tx }: Told, { salt, head }: Writing): Cells {
	return {
		blockNumber: `${tx.height}`,
		timeStamp: `${time(tx.height)}`,
		hash: hashOf(tx.id, salt),
		...(head ? { confirmations: `${HEAD - tx.height}` } : {}),
	};
}

const txlist = (told: Told, how: Writing): Cells => ({
	...apiCommon(told, how),
	transactionIndex: `${told.tx.index}`,
	from: addressOf(told.tx.sender, how.salt),
	to: addressOf(told.tx.to, how.salt),
	value: `${told.tx.value}`,
	gasPrice: `${told.tx.fee}`,
	gasUsed: "1",
	isError: told.tx.failed ? "1" : "0",
	contractAddress: "",
});

function tokentx(told: Told, how: Writing): Cells {
	const move = moveOf(told);
	return {
		...apiCommon(told, how),
		from: addressOf(move.from, how.salt),
		to: addressOf(move.to, how.salt),
		value: `${move.amount}`,
		contractAddress: tokenOf(move.token, how.salt),
		tokenSymbol: `T${move.token}`,
		tokenDecimal: `${TOKEN_DECIMALS[move.token]}`,
		transactionIndex: `${told.tx.index}`,
	};
}

function txlistinternal(told: Told, how: Writing): Cells {
	const { call, nth } = callOf(told);
	return {
		...apiCommon(told, how),
		from: addressOf(call.from, how.salt),
		to: addressOf(call.to, how.salt),
		value: `${call.amount}`,
		contractAddress: "",
		type: call.kind,
		...(how.paths ? { traceId: `0_${nth}` } : {}),
		isError: call.failed ? "1" : "0",
		errCode: "",
	};
}

function siteCommon({ tx }: Told, { salt }: Writing): Cells {
	return {
		"Transaction Hash": hashOf(tx.id, salt),
		Blockno: `${tx.height}`,
		UnixTimestamp: `${time(tx.height)}`,
		"DateTime (UTC)": clock(tx.height),
	};
}

/** The site writes an amount on the side on which the export's account stands. */
function directions(amount: number, from: Party, to: Party, owner: Party | undefined): Cells {
	const text = decimal(amount, ETHER_DECIMALS);
	return { "Value_IN(ETH)": owner === to ? text : "0", "Value_OUT(ETH)": owner === from ? text : "0" };
}

const siteTransactions = (told: Told, how: Writing): Cells => ({
	...siteCommon(told, how),
	From: addressOf(told.tx.sender, how.salt),
	To: addressOf(told.tx.to, how.salt),
	ContractAddress: "",
	...directions(told.tx.value, told.tx.sender, told.tx.to, how.owner),
	"TxnFee(ETH)": decimal(told.tx.fee, ETHER_DECIMALS),
	Status: told.tx.failed ? "Error(0)" : "",
	ErrCode: told.tx.failed ? "Reverted" : "",
});

function siteTokens(told: Told, how: Writing): Cells {
	const move = moveOf(told);
	return {
		...siteCommon(told, how),
		From: addressOf(move.from, how.salt),
		To: addressOf(move.to, how.salt),
		TokenValue: decimal(move.amount, TOKEN_DECIMALS[move.token] ?? 0),
		ContractAddress: tokenOf(move.token, how.salt),
		TokenName: "Token",
		TokenSymbol: `T${move.token}`,
	};
}

function siteInternal(told: Told, how: Writing): Cells {
	const { call, nth } = callOf(told);
	return {
		...siteCommon(told, how),
		ParentTxFrom: addressOf(told.tx.sender, how.salt),
		ParentTxTo: addressOf(told.tx.to, how.salt),
		From: addressOf(call.from, how.salt),
		TxTo: addressOf(call.to, how.salt),
		ContractAddress: "",
		...directions(call.amount, call.from, call.to, how.owner),
		Type: how.paths ? `${call.kind}_0_${nth}` : call.kind,
		Status: call.failed ? "1" : "0",
		ErrCode: "",
	};
}

const etlTransactions = ({ tx }: Told, { salt }: Writing): Cells => ({
	hash: hashOf(tx.id, salt),
	block_number: `${tx.height}`,
	transaction_index: `${tx.index}`,
	from_address: addressOf(tx.sender, salt),
	to_address: addressOf(tx.to, salt),
	value: `${tx.value}`,
	gas_price: `${tx.fee}`,
	receipt_gas_used: "1",
	receipt_status: tx.failed ? "0" : "1",
	block_timestamp: clock(tx.height),
});

function etlTokens(told: Told, { salt }: Writing): Cells {
	const move = moveOf(told);
	return {
		token_address: tokenOf(move.token, salt),
		from_address: addressOf(move.from, salt),
		to_address: addressOf(move.to, salt),
		value: `${move.amount}`,
		transaction_hash: hashOf(told.tx.id, salt),
		log_index: `${move.log}`,
		block_number: `${told.tx.height}`,
		block_timestamp: clock(told.tx.height),
	};
}

function etlTraces(told: Told, { salt }: Writing): Cells {
	const { tx } = told;
	const { from, to, amount, kind, failed } =
		told.what === "call" ? told.call : { from: tx.sender, to: tx.to, amount: tx.value, kind: "call", failed: tx.failed };
	return {
		block_number: `${tx.height}`,
		transaction_hash: hashOf(tx.id, salt),
		transaction_index: `${tx.index}`,
		from_address: addressOf(from, salt),
		to_address: addressOf(to, salt),
		value: `${amount}`,
		trace_type: "call",
		call_type: kind,
		trace_address: told.what === "call" ? `${told.nth}` : "",
		status: failed ? "0" : "1",
		block_timestamp: clock(tx.height),
	};
}

const API = { json: true, ranged: false, ofBlocks: false, tellsLog: false, tellsHead: true } as const;
const SITE = { json: false, ranged: true, ofBlocks: false, tellsIndex: false, tellsLog: false, tellsHead: false } as const;
const ETL = { json: false, ranged: false, ofBlocks: true, tellsHead: false } as const;

/** The formats; the first of a kind is the one that most exports have. */
export const FORMATS = {
	"api transactions": { ...API, kind: "native", action: "txlist", tellsIndex: true, row: txlist },
	"site transactions": { ...SITE, kind: "native", action: "export", row: siteTransactions },
	"etl transactions": { ...ETL, kind: "native", action: "transactions", tellsIndex: true, tellsLog: false, row: etlTransactions },
	"api tokens": { ...API, kind: "token", action: "tokentx", tellsIndex: true, row: tokentx },
	"site tokens": { ...SITE, kind: "token", action: "export-tokens", row: siteTokens },
	"etl tokens": { ...ETL, kind: "token", action: "token_transfers", tellsIndex: false, tellsLog: true, row: etlTokens },
	"api calls": { ...API, kind: "internal", action: "txlistinternal", tellsIndex: false, row: txlistinternal },
	"site calls": { ...SITE, kind: "internal", action: "export-internal", row: siteInternal },
	"etl traces": { ...ETL, kind: "internal", action: "traces", tellsIndex: true, tellsLog: false, row: etlTraces },
} as const satisfies Readonly<Record<string, WorldFormat>>;
export type FormatName = keyof typeof FORMATS;

function moveOf(told: Told): TokenMove {
	if (told.what !== "token") throw new Error("a list of tokens has rows of token transfers alone");
	return told.move;
}

function callOf(told: Told): { readonly call: Call; readonly nth: number } {
	if (told.what !== "call") throw new Error("a list of internal transfers has rows of calls alone");
	return told;
}

/** What a file of a format tells of a transaction; of an owner's export what touches the owner. */
export function toldOf(format: FormatName, tx: Transaction, owner: Party | undefined): Told[] {
	const touches = ({ from, to }: { readonly from: Party; readonly to: Party }) => owner === undefined || owner === from || owner === to;
	const outer = touches({ from: tx.sender, to: tx.to });
	const { kind } = FORMATS[format];
	if (kind === "native") return outer ? [{ what: "transaction", tx }] : [];
	if (kind === "token") return tx.tokens.filter(touches).map((move) => ({ what: "token", tx, move }));
	const calls = tx.calls.map((call, nth) => ({ what: "call", tx, call, nth }) as const).filter(({ call }) => touches(call));
	return format === "etl traces" && outer ? [{ what: "outermost", tx }, ...calls] : calls;
}
