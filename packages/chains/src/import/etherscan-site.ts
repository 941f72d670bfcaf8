import { type AccountId, addressOf, erc20Asset, parseDecimal } from "@clew/core";
import type { Format } from "./format.js";
import type { ParsedRow, Row } from "./row.js";
import { internalTransfers, isDestruction, nativeTransfers, tokenTransfer } from "./transfers.js";

const ETHER_DECIMALS = 18;
const HASH_COLUMNS = ["Transaction Hash", "Txhash"] as const;

function common(row: Row): Pick<ParsedRow, "hash" | "height" | "time"> {
	return { hash: row.hash(...HASH_COLUMNS), height: row.height("Blockno"), time: row.time("UnixTimestamp") };
}

/** A decimal cell; the site writes thousands separators. */
function decimal(row: Row, column: string, decimals: number): bigint {
	const text = row.text(column);
	try {
		return parseDecimal(text.replaceAll(",", "") || "0", decimals);
	} catch {
		return row.expected(column, text, `an amount with at most ${decimals} decimals`);
	}
}

function sumOfInAndOut(row: Row): bigint {
	return decimal(row, "Value_IN(ETH)", ETHER_DECIMALS) + decimal(row, "Value_OUT(ETH)", ETHER_DECIMALS);
}

function failedOf(row: Row): boolean {
	return /^error/i.test(row.optional("Status")) || row.optional("ErrCode") !== "";
}

/** The site's "Download CSV Export" of transactions. It gives no transaction index: such rows stand by hash order in their block. */
export const siteTransactions: Format = {
	name: "etherscan site transactions",
	kinds: ["native"],
	columns: ["Blockno", "UnixTimestamp", "From", "To", "Value_IN(ETH)", "Value_OUT(ETH)", "TxnFee(ETH)"],
	without: ["ParentTxFrom", "TokenValue"],
	parse(row) {
		const from = row.someAccount("From");
		const created = row.account("ContractAddress");
		const to = row.account("To") ?? created;
		const failed = failedOf(row);
		return {
			...common(row),
			status: failed ? "failed" : "succeeded",
			transfers: nativeTransfers(row, from, to, sumOfInAndOut(row), decimal(row, "TxnFee(ETH)", ETHER_DECIMALS), failed),
			touches: to === undefined ? [from] : [from, to],
		};
	},
};

/** The site's CSV of internal transactions; `Status` is 0 for success. */
export const siteInternal: Format = {
	name: "etherscan site internal transactions",
	kinds: ["internal"],
	columns: ["Blockno", "UnixTimestamp", "ParentTxFrom", "From", "TxTo", "Value_IN(ETH)", "Value_OUT(ETH)"],
	without: [],
	parse(row) {
		const from = row.someAccount("From");
		const to = row.account("TxTo") ?? row.account("ContractAddress");
		const amount = failedOf(row) || row.optional("Status") === "1" ? 0n : sumOfInAndOut(row);
		const type = row.optional("Type");
		return {
			...common(row),
			transfers: internalTransfers(row.chain, from, to, amount, type),
			...(isDestruction(type) ? { destroyed: true } : {}),
			touches: to === undefined ? [from] : [from, to],
		};
	},
};

/** The site's CSV of ERC-20 transfers gives decimal amounts without the token's decimals: they must be in the case already. */
export function siteTokens(decimalsOf: (contract: AccountId) => number | undefined): Format {
	return {
		name: "etherscan site token transfers",
		kinds: ["token"],
		columns: ["Blockno", "UnixTimestamp", "From", "To", "TokenValue", "ContractAddress", "TokenSymbol"],
		without: ["TokenId"],
		parse(row) {
			const from = row.someAccount("From");
			const to = row.someAccount("To");
			const contract = row.someAccount("ContractAddress");
			const decimals = decimalsOf(contract);
			if (decimals === undefined)
				row.expected(
					"TokenValue",
					row.text("TokenValue"),
					`a token whose decimals the case knows (${addressOf(contract)}); import a tokentx export or ingest from a node first`,
				);
			const asset = erc20Asset(row.chain, addressOf(contract));
			return {
				...common(row),
				transfers: [tokenTransfer(from, to, asset, decimal(row, "TokenValue", decimals as number))],
				contract,
				touches: [from, to],
			};
		},
	};
}
