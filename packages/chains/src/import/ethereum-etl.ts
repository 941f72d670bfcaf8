import {
	addressOf,
	BLOCK_TX_INDEX,
	type ChainPlace,
	callPath,
	ETHEREUM,
	EVENT_BAND,
	erc20Asset,
	MAX_CALL_DEPTH,
	MAX_EVENT_INDEX,
	MAX_TX_INDEX,
	nativeAsset,
	nullAccount,
	type TransferKind,
	unknownAccount,
	unnamedBlock,
} from "@clew/core";
import { callKind } from "./call-kind.js";
import { feeOf, openFee } from "./fee.js";
import type { Format } from "./format.js";
import type { ParsedRow, Row } from "./row.js";
import { calledWithdrawal, idRow, internalTransfers, isDestruction, nativeTransfers, partiesOf, tokenTransfer } from "./transfers.js";

/** What `type` of a row calls it: streams of ethereum-etl hold rows of several kinds. */
const ITEM = /^(block|transaction|log|token_transfer|trace|contract|token|receipt)$/i;

/** Throws for a row that calls itself another kind of thing than its columns show; other tools write other things in `type`. */
function checkItem(row: Row, kind: string): void {
	const type = row.optional("type");
	if (ITEM.test(type) && type.toLowerCase() !== kind) row.expected("type", type, `${kind}, as the columns are those of one`);
}

function timeOf(row: Row): Pick<ParsedRow, "time"> {
	return row.optional("block_timestamp") === "" ? {} : { time: row.time("block_timestamp") };
}

/** `receipt_status` of a transaction, `status` of a trace; undefined where the cell is empty: before Byzantium receipts had none. */
function statusOf(row: Row, column: string): ParsedRow["status"] {
	const succeeded = row.flag(column);
	return succeeded === undefined ? undefined : succeeded ? "succeeded" : "failed";
}

/** First block of Ethereum whose receipts tell a status (EIP-609). */
const BYZANTIUM = 4_370_000;

/**
 * Whether a transaction succeeded. Receipts tell it since Byzantium (EIP-658); before, a failure used all of its gas, so one that did not
 * succeeded. Else undefined: the trace of its call decides it.
 */
function receiptStatusOf(row: Row): ParsedRow["status"] {
	const told = statusOf(row, "receipt_status");
	const before = row.chain === ETHEREUM && row.height("block_number") < BYZANTIUM;
	if (told !== undefined || !before || row.optional("gas") === "") return told;
	return row.baseUnits("receipt_gas_used") < row.baseUnits("gas") ? "succeeded" : undefined;
}

/** ethereum-etl `transactions`, with the receipt columns of BigQuery: without them nobody can tell a reverted transaction. */
export const etlTransactions: Format = {
	name: "ethereum-etl transactions",
	kinds: ["native"],
	ofBlocks: true,
	outcome: ["receipt_status"],
	columns: ["hash", "block_number", "transaction_index", "from_address", "to_address", "value", "receipt_status", "receipt_gas_used"],
	without: [],
	parse(row) {
		checkItem(row, "transaction");
		const from = row.someAccount("from_address");
		const created = row.account("receipt_contract_address");
		const to = row.account("to_address") ?? created;
		const fee = feeOf(row, ["receipt_effective_gas_price", "gas_price"], "receipt_gas_used", ["receipt_l1_fee"]);
		const status = receiptStatusOf(row);
		const failed = status === "failed";
		return {
			hash: row.hash("hash"),
			height: row.height("block_number"),
			txIndex: row.integer(MAX_TX_INDEX, "transaction_index"),
			...timeOf(row),
			...(status === undefined ? {} : { status }),
			...openFee(fee),
			...row.sent(from),
			transfers: [
				...nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, failed),
				...(failed ? [] : calledWithdrawal(row.chain, from, to, row.optional("input"))),
			],
			...partiesOf(from, to, created, status === "failed"),
		};
	},
};

/** ethereum-etl `token_transfers`; carries the block's log index, so places are exact. */
export const etlTokenTransfers: Format = {
	name: "ethereum-etl token_transfers",
	kinds: ["token"],
	ofBlocks: true,
	columns: ["token_address", "from_address", "to_address", "value", "transaction_hash", "log_index", "block_number"],
	without: [],
	parse(row) {
		checkItem(row, "token_transfer");
		const from = row.someAccount("from_address");
		const to = row.someAccount("to_address");
		const contract = row.someAccount("token_address");
		const common = { hash: row.hash("transaction_hash"), height: row.height("block_number"), ...timeOf(row) };
		if (row.showsNft()) return idRow(common, row.chain, contract, from, to);
		const asset = erc20Asset(row.chain, addressOf(contract));
		const index = row.integer(MAX_EVENT_INDEX - EVENT_BAND.log, "log_index");
		return {
			...common,
			id: `log ${index} of block ${common.height}`,
			transfers: [tokenTransfer(from, to, asset, row.baseUnits("value"), EVENT_BAND.log + index)],
			contract,
			touches: [from, to],
		};
	},
};

/** The steps to a call, between underscores: nothing for a transaction's own call. Some tools write the list with brackets. */
function pathOf(row: Row): string {
	const text = row.text("trace_address");
	const address = /^\[?((?:[0-9]+(?:\.0)?(?:, ?|$|(?=\])))*)\]?$/.exec(text)?.[1];
	const steps = address ?? row.expected("trace_address", text, "numbers between commas, or nothing");
	const path = steps
		.split(",")
		.map((step) => step.trim().replace(".0", ""))
		.filter((step) => step !== "");
	return path.length <= MAX_CALL_DEPTH ? path.join("_") : row.expected("trace_address", text, `at most ${MAX_CALL_DEPTH} steps`);
}

/** Nothing is no amount, but in calls that cannot carry any. */
function tracedValue(row: Row): bigint {
	const bare = row.text("value") === "" && /^(delegatecall|staticcall)$/i.test(row.optional("call_type"));
	return bare ? 0n : row.baseUnits("value");
}

/** Rows of traces that belong to no transaction, and what they tell: value that came into being, or that a fork moved by decree. */
const OF_BLOCK: Readonly<Record<string, TransferKind>> = { reward: "reward", genesis: "genesis", daofork: "fork" };

/**
 * ethereum-etl `traces`: value moved by calls inside transactions, a transaction's own value (its outermost call's) and whether it
 * succeeded, and what blocks themselves paid.
 */
export const etlTraces: Format = {
	name: "ethereum-etl traces",
	kinds: ["internal"],
	ofBlocks: true,
	outcome: ["status", "error"],
	columns: [
		"block_number",
		"transaction_hash",
		"transaction_index",
		"from_address",
		"to_address",
		"value",
		"trace_type",
		"trace_address",
		"status",
	],
	without: [],
	parse(row) {
		checkItem(row, "trace");
		const common = { height: row.height("block_number"), ...timeOf(row) };
		return row.text("transaction_hash") === "" ? { ...common, ...blockRow(row, common.height) } : { ...common, ...callRow(row, common) };
	},
};

function blockRow(row: Row, height: number): Omit<ParsedRow, "height" | "time"> {
	const type = row.text("trace_type");
	const kind = OF_BLOCK[type] ?? row.expected("transaction_hash", "", `a hash, unless trace_type is ${Object.keys(OF_BLOCK).join(" or ")}`);
	const payer = row.account("from_address");
	if (kind !== "fork" && payer !== undefined) row.expected("from_address", row.text("from_address"), `nobody who pays a ${type}`);
	if (kind === "genesis" && height !== 0) row.expected("block_number", `${height}`, "block 0 for what an account held at genesis");
	const from = payer ?? nullAccount(row.chain);
	const to = row.account("to_address");
	const amount = row.text("value") === "" ? 0n : row.baseUnits("value");
	const receiver = to ?? unknownAccount(row.chain);
	return {
		hash: unnamedBlock(height),
		txIndex: BLOCK_TX_INDEX,
		transfers: amount === 0n ? [] : [{ kind, from, to: receiver, asset: nativeAsset(row.chain), amount }],
		...partiesOf(from, to),
	};
}

function callRow(row: Row, place: ChainPlace): Omit<ParsedRow, "height" | "time"> {
	const type = row.text("trace_type");
	const from = row.account("from_address") ?? nullAccount(row.chain);
	const to = row.account("to_address");
	const path = pathOf(row);
	const inner = path !== "";
	const status = statusOf(row, "status");
	row.checkError(status !== "succeeded", "error");
	const hash = row.hash("transaction_hash");
	const amount = status !== "failed" && type !== "reward" ? tracedValue(row) : 0n;
	if (inner && amount > 0n && status === undefined) row.expected("status", "", "0 or 1 for a call that carries value");
	const id = inner ? `call [${path.replaceAll("_", ", ")}] of transaction ${hash}` : `value of transaction ${hash}`;
	const transfers = inner
		? internalTransfers(row.chain, place, from, to, amount, amount === 0n ? "" : callKind(row, ["trace_type"], ["call_type"]))
		: nativeTransfers(row, from, to, amount, 0n, false);
	return {
		hash,
		...(type === "reward" ? {} : { id, call: { path, failed: status === "failed" }, callPath: callPath("trace", path) }),
		...(row.text("transaction_index") === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transaction_index") }),
		...(inner || status === undefined ? {} : { status }),
		transfers,
		...(isDestruction(type) ? { destroyed: true } : {}),
		...partiesOf(from, to),
	};
}
