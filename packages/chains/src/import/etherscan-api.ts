import { addressOf, erc20Asset, MAX_TX_INDEX } from "@clew/core";
import type { Format } from "./format.js";
import { feeOf, type ParsedRow, type Row } from "./row.js";
import { calledWithdrawal, internalTransfers, isDestruction, nativeTransfers, tokenTransfer } from "./transfers.js";

/** More than any chain has blocks. */
const MAX_CONFIRMATIONS = 2 ** 40;

/** The columns that every API export shares. Source: Etherscan API documentation, accounts module. */
function common(row: Row): Pick<ParsedRow, "hash" | "height" | "time" | "txIndex" | "head"> {
	const height = row.height("blockNumber");
	const txIndex = row.optional("transactionIndex");
	const confirmations = row.optional("confirmations");
	return {
		hash: row.hash("hash", "transactionHash"),
		height,
		time: row.time("timeStamp"),
		...(txIndex === "" ? {} : { txIndex: row.integer(MAX_TX_INDEX, "transactionIndex") }),
		...(confirmations === "" ? {} : { head: height + row.integer(MAX_CONFIRMATIONS, "confirmations") }),
	};
}

function flag(row: Row, column: string): boolean {
	const text = row.text(column);
	if (text !== "0" && text !== "1") row.expected(column, text, "0 or 1");
	return text === "1";
}

/** `account/txlist`: ordinary transactions, by API or as CSV of the same fields. */
export const etherscanTxlist: Format = {
	name: "etherscan txlist",
	kinds: ["native"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "gasPrice", "gasUsed", "isError"],
	without: ["tokenDecimal", "tokenID", "tokenValue"],
	parse(row) {
		const from = row.someAccount("from");
		const created = row.account("contractAddress");
		const to = row.account("to") ?? created;
		const failed = flag(row, "isError") || row.optional("txreceipt_status") === "0";
		return {
			...common(row),
			status: failed ? "failed" : "succeeded",
			transfers: [
				...nativeTransfers(row, from, to, row.baseUnits("value"), feeOf(row, "gasPrice", "gasUsed"), failed),
				...(failed ? [] : calledWithdrawal(row.chain, from, to, row.optional("input"))),
			],
			touches: to === undefined ? [from] : [from, to],
			...(created === undefined || failed ? {} : { contract: created }),
		};
	},
};

/** `account/tokentx`: ERC-20 transfers. The export has no log index. */
export const etherscanTokentx: Format = {
	name: "etherscan tokentx",
	kinds: ["token"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "contractAddress", "tokenSymbol", "tokenDecimal"],
	without: ["tokenID"],
	parse(row) {
		const from = row.someAccount("from");
		const to = row.someAccount("to");
		const contract = row.someAccount("contractAddress");
		const asset = erc20Asset(row.chain, addressOf(contract));
		return {
			...common(row),
			transfers: [tokenTransfer(from, to, asset, row.baseUnits("value"))],
			asset: { asset, decimals: row.decimals("tokenDecimal"), symbol: row.text("tokenSymbol") },
			contract,
			touches: [from, to],
		};
	},
};

/** `account/txlistinternal`: value moved by calls inside transactions. `traceId` gives no index among all calls, so places are derived. */
export const etherscanInternal: Format = {
	name: "etherscan txlistinternal",
	kinds: ["internal"],
	columns: ["blockNumber", "timeStamp", "hash", "from", "to", "value", "type", "isError"],
	without: ["gasPrice", "tokenDecimal"],
	parse(row) {
		const from = row.someAccount("from");
		const created = row.account("contractAddress");
		const to = row.account("to") ?? created;
		const amount = flag(row, "isError") ? 0n : row.baseUnits("value");
		return {
			...common(row),
			transfers: internalTransfers(row.chain, from, to, amount, row.text("type")),
			...(isDestruction(row.text("type")) ? { destroyed: true } : {}),
			touches: to === undefined ? [from] : [from, to],
			...(created === undefined ? {} : { contract: created }),
		};
	},
};
