import { addressOf, callPath, erc20Asset, MAX_TX_INDEX } from "@clew/core";
import { callKind } from "./call-kind.js";
import { feeOf, openFee } from "./fee.js";
import type { Format } from "./format.js";
import { genesisRow, isGenesisRow } from "./genesis.js";
import type { ParsedRow, Row } from "./row.js";
import { calledWithdrawal, idRow, internalTransfers, isDestruction, nativeTransfers, partiesOf, tokenTransfer } from "./transfers.js";

/** Rows of the longest answer that these APIs give. Source: Etherscan API documentation, accounts module. */
const ROW_LIMIT = 10_000;

/** More than any chain has blocks. */
const MAX_CONFIRMATIONS = 2 ** 40;

const HASH_COLUMNS = ["hash", "transactionHash"] as const;
const GENESIS_CELLS = { hashes: HASH_COLUMNS, from: "from", to: "to", height: "blockNumber" } as const;

/** The columns that every API export shares. Source: Etherscan API documentation, accounts module. */
function common(row: Row): Pick<ParsedRow, "hash" | "height" | "time" | "txIndex" | "head"> {
	const txIndex = row.optional("transactionIndex");
	return {
		hash: row.hash(...HASH_COLUMNS),
		height: row.height("blockNumber"),
		time: row.time("timeStamp"),
		...(txIndex === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transactionIndex") }),
		...headOf(row),
	};
}

function headOf(row: Row): Pick<ParsedRow, "head"> {
	return row.optional("confirmations") === "" ? {} : { head: row.height("blockNumber") + row.integer(MAX_CONFIRMATIONS, "confirmations") };
}

/**
 * `isError` and, where the receipt has a status, `txreceipt_status`: what one of them says failed, failed. Undefined when both are empty.
 */
function statusOf(row: Row): ParsedRow["status"] {
	const [error, receipt] = [row.flag("isError"), row.flag("txreceipt_status")];
	if (error === true || receipt === false) return "failed";
	return error === undefined && receipt === undefined ? undefined : "succeeded";
}

/** `account/txlist`: ordinary transactions, by API or as CSV of the same fields. */
export const etherscanTxlist: Format = {
	name: "etherscan txlist",
	actions: ["txlist"],
	rowLimit: ROW_LIMIT,
	kinds: ["native"],
	outcome: ["isError", "txreceipt_status"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "gasPrice", "gasUsed", "isError"],
	without: ["tokenDecimal", "tokenID", "tokenValue"],
	parse(row) {
		if (isGenesisRow(row, HASH_COLUMNS, "from")) return { ...genesisRow(row, GENESIS_CELLS, row.baseUnits("value")), ...headOf(row) };
		const from = row.someAccount("from");
		const created = row.account("contractAddress");
		const to = row.account("to") ?? created;
		const status = statusOf(row);
		const fee = feeOf(row, ["gasPrice"], "gasUsed", ["l1Fee", "L1FeesPaid"]);
		return {
			...common(row),
			...(status === undefined ? {} : { status }),
			...openFee(fee),
			...row.sent(from),
			transfers: [
				...nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, status === "failed"),
				...(status === "failed" ? [] : calledWithdrawal(row.chain, from, to, row.optional("input"))),
			],
			...partiesOf(from, to, created, status === "failed"),
		};
	},
};

/** `account/tokentx`: ERC-20 transfers. The export has no log index. */
export const etherscanTokentx: Format = {
	name: "etherscan tokentx",
	actions: ["tokentx"],
	rowLimit: ROW_LIMIT,
	kinds: ["token"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "contractAddress", "tokenSymbol", "tokenDecimal"],
	without: ["tokenID"],
	parse(row) {
		const from = row.someAccount("from");
		const to = row.someAccount("to");
		const contract = row.someAccount("contractAddress");
		if (row.showsNft()) return idRow(common(row), row.chain, contract, from, to);
		const asset = erc20Asset(row.chain, addressOf(contract));
		const decimals = row.decimals("tokenDecimal");
		return {
			...common(row),
			transfers: [tokenTransfer(from, to, asset, row.baseUnits("value"))],
			...(decimals === undefined ? {} : { asset: { asset, decimals, symbol: row.text("tokenSymbol") } }),
			contract,
			touches: [from, to],
		};
	},
};

/**
 * `account/tokennfttx` and `account/token1155tx`: moves of ERC-721 and ERC-1155 tokens by id, which are no amounts: the contract is learnt,
 * the row left out. Explorers that give ERC-20 rows an empty `tokenID` mean amounts there.
 */
export const etherscanNfts: Format = {
	name: "etherscan tokennfttx",
	actions: ["tokennfttx", "token1155tx"],
	rowLimit: ROW_LIMIT,
	kinds: [],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "contractAddress", "tokenID"],
	without: [],
	parse(row) {
		if (row.text("tokenID") === "" && row.optional("value") !== "") return etherscanTokentx.parse(row);
		const from = row.someAccount("from");
		const to = row.someAccount("to");
		const contract = row.someAccount("contractAddress");
		return idRow(common(row), row.chain, contract, from, to);
	},
};

/**
 * Which call a row is about: `traceId`, a path of steps that begins with the outermost call's 0, or Blockscout's `index`. Explorers of
 * the ZK stack, which name a batch, give every call the same one, and so do other tools: a bare number names one call only where nothing
 * else has it.
 */
function callOf(row: Row, hash: string, failed: boolean): Pick<ParsedRow, "id" | "looseId" | "call" | "callPath"> {
	const path = row.has("l1BatchNumber") ? "" : row.optional("traceId");
	const index = row.optional("index");
	const named = path === "" ? index : path;
	if (named === "") return {};
	const id = `call ${named} of transaction ${hash}`;
	if (path === "") return { id, ...(/^[0-9]{1,9}$/.test(index) ? { callPath: callPath("blockscout", index) } : {}) };
	if (!/^[0-9]{1,9}(_[0-9]{1,9}){0,1024}$/.test(path)) return { id };
	const call = { id, call: { path, failed }, callPath: callPath("explorer", path) };
	return path.includes("_") ? call : { ...call, looseId: true };
}

/** `account/txlistinternal`: value moved by calls inside transactions. `traceId` gives no index among all calls, so places are derived. */
export const etherscanInternal: Format = {
	name: "etherscan txlistinternal",
	actions: ["txlistinternal"],
	rowLimit: ROW_LIMIT,
	kinds: ["internal"],
	outcome: ["isError", "errCode"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "type", "isError"],
	without: ["gasPrice", "tokenDecimal"],
	parse(row) {
		const from = row.someAccount("from");
		const created = row.account("contractAddress");
		const to = row.account("to") ?? created;
		const failed = row.flag("isError") ?? row.expected("isError", "", "0 or 1");
		row.checkError(failed, "errCode");
		const amount = failed ? 0n : row.baseUnits("value");
		const type = amount === 0n ? "" : callKind(row, ["type"], ["callType", "call_type"]);
		const base = common(row);
		return {
			...base,
			failed,
			...callOf(row, base.hash, failed),
			transfers: internalTransfers(row.chain, base, from, to, amount, type),
			...(isDestruction(type) ? { destroyed: true } : {}),
			...partiesOf(from, to, created),
		};
	},
};
