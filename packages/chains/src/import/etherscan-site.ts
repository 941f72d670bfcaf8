import { type AccountId, addressOf, callPath, EVM_NATIVE_DECIMALS, erc20Asset, publishedToken } from "@clew/core";
import { callKind } from "./call-kind.js";
import type { Format } from "./format.js";
import { genesisRow, isGenesisRow } from "./genesis.js";
import { withoutDecimals } from "./no-decimals.js";
import type { ParsedRow, Row } from "./row.js";
import { idRow, internalTransfers, isDestruction, nativeTransfers, partiesOf, tokenTransfer } from "./transfers.js";

/** Rows of the longest file that the site gives. Source: Etherscan's page "Download CSV Export". */
const ROW_LIMIT = 5_000;
const DOWNLOAD = { rowLimit: ROW_LIMIT, ranged: true, decimalAmounts: true } as const;
const HASH_COLUMNS = ["Transaction Hash", "Txhash"] as const;
const GENESIS_CELLS = { hashes: HASH_COLUMNS, from: "From", to: "To", height: "Blockno" } as const;

function common(row: Row): Pick<ParsedRow, "hash" | "height" | "time"> {
	return { hash: row.hash(...HASH_COLUMNS), height: row.height("Blockno"), time: row.time("UnixTimestamp") };
}

/**
 * The amount of a row with a column for each direction. The site fills one and writes 0 in the other; for a transfer to oneself both are
 * the same money, and so is a third column with the amount alone.
 */
function amountOf(row: Row): bigint {
	const amounts = (["Value_IN(coin)", "Value_OUT(coin)", "Value(coin)"] as const)
		.filter((column) => row.optional(column) !== "")
		.map((column) => row.decimal(column, EVM_NATIVE_DECIMALS));
	if (amounts.length === 0) row.expected("Value_IN(coin)", "", "an amount here or in Value_OUT(coin)");
	const direction = ["Value_IN(coin)", "Value_OUT(coin)"] as const;
	const empty = direction.find((column) => row.optional(column) === "");
	// An empty cell beside a zero hides an amount: only the other direction's, or the amount itself, would tell it.
	if (empty !== undefined && row.optional("Value(coin)") === "" && amounts.every((amount) => amount === 0n))
		row.expected(empty, "", "an amount, as the other direction says 0");
	const distinct = [...new Set(amounts.filter((amount) => amount > 0n))];
	if (distinct.length > 1)
		row.expected("Value_OUT(coin)", row.text("Value_OUT(coin)"), "one amount for one transfer, as its other columns say");
	return distinct[0] ?? 0n;
}

/**
 * Whose export a row is of: the site fills one direction's column, from where its account stands. Nothing where both or none hold an
 * amount.
 */
function ownerOf(row: Row, from: AccountId, to: AccountId | undefined): Pick<ParsedRow, "owner"> {
	const holds = (column: string) => row.optional(column) !== "" && row.decimal(column, EVM_NATIVE_DECIMALS) > 0n;
	const [incoming, outgoing] = [holds("Value_IN(coin)"), holds("Value_OUT(coin)")];
	const owner = outgoing ? from : to;
	return incoming === outgoing || owner === undefined ? {} : { owner };
}

/** Words in a cell that stand for nothing in other programs: the site does not write them. */
const NOTHING = /^(nan|null|none|n\/a|na|-)$/i;

/** `Status` of an internal transaction that succeeded. */
const SUCCEEDED_FLAG = /^(0|0\.0|0x0|false)$/i;

/** False where the file has no column for it, as that of other sites in this form may: then an empty cell is no success. */
function tellsStatus(row: Row): boolean {
	return row.has("Status") || row.has("ErrCode");
}

/** The site leaves `Status` empty for what succeeded and gives the error otherwise; its internal transactions have 0 and 1. */
function failedOf(row: Row, flags: boolean): boolean {
	const status = row.optional("Status");
	const code = row.optional("ErrCode");
	if (NOTHING.test(code)) row.expected("ErrCode", code, "an error, or nothing");
	const succeeded = /^(success|ok$)/i.test(status);
	if (succeeded || (flags && SUCCEEDED_FLAG.test(status))) row.checkError(false, "ErrCode");
	if (/^(error|fail)/i.test(status) || code !== "") return true;
	if (succeeded) return false;
	if (flags && row.has("Status")) return row.flag("Status") ?? row.expected("Status", "", "0, 1 or an error");
	return status === "" ? false : row.expected("Status", status, "an error, Success or nothing");
}

/** The site's "Download CSV Export" of transactions. It gives no transaction index: such rows stand in a derived order in their block. */
export const siteTransactions: Format = {
	name: "etherscan site transactions",
	...DOWNLOAD,
	kinds: ["native"],
	outcome: ["Status", "ErrCode"],
	columns: ["Blockno", "UnixTimestamp", "From", "To", "Value_IN(coin)", "Value_OUT(coin)", "TxnFee(coin)"],
	without: ["ParentTxFrom", "TokenValue"],
	parse(row) {
		if (isGenesisRow(row, HASH_COLUMNS, "From")) return genesisRow(row, GENESIS_CELLS, amountOf(row));
		const from = row.someAccount("From");
		const created = row.account("ContractAddress");
		const to = row.account("To") ?? created;
		const failed = failedOf(row, false);
		return {
			...common(row),
			...(tellsStatus(row) ? { status: failed ? "failed" : "succeeded" } : {}),
			transfers: nativeTransfers(row, from, to, amountOf(row), row.decimal("TxnFee(coin)", EVM_NATIVE_DECIMALS), failed),
			...ownerOf(row, from, to),
			...partiesOf(from, to),
		};
	},
};

/** The site's CSV of internal transactions; `Status` is 0 for success. */
export const siteInternal: Format = {
	name: "etherscan site internal transactions",
	...DOWNLOAD,
	kinds: ["internal"],
	outcome: ["Status", "ErrCode"],
	columns: ["Blockno", "UnixTimestamp", "ParentTxFrom", "From", "TxTo", "Value_IN(coin)", "Value_OUT(coin)"],
	without: [],
	parse(row) {
		const from = row.someAccount("From");
		const to = row.account("TxTo") ?? row.account("ContractAddress");
		if (!tellsStatus(row)) row.expected("Status", "", "this column, or ErrCode, to exist");
		const failed = failedOf(row, true);
		const amount = failed ? 0n : amountOf(row);
		const type = amount === 0n ? "" : callKind(row, ["Type"], []);
		const base = common(row);
		// The site writes the call's path behind its kind: call_0_1.
		const path = /_([0-9]+(?:_[0-9]+)*)$/.exec(row.optional("Type"))?.[1];
		return {
			...base,
			failed,
			...(path === undefined
				? {}
				: { id: `call ${path} of transaction ${base.hash}`, call: { path, failed }, callPath: callPath("explorer", path) }),
			transfers: internalTransfers(row.chain, base, from, to, amount, type),
			...(isDestruction(type) ? { destroyed: true } : {}),
			...(failed ? {} : ownerOf(row, from, to)),
			...partiesOf(from, to),
		};
	},
};

/**
 * The site's CSV of ERC-20 transfers gives decimal amounts without the token's decimals, which its makers publish or the case holds; rows
 * of other tokens cannot be counted, and are left out by token.
 */
export function siteTokens(decimalsOf: (contract: AccountId) => number | undefined): Format {
	return {
		name: "etherscan site token transfers",
		...DOWNLOAD,
		kinds: ["token"],
		columns: ["Blockno", "UnixTimestamp", "From", "To", "TokenValue", "ContractAddress", "TokenSymbol"],
		without: ["tokenID"],
		parse(row) {
			const from = row.someAccount("From");
			const to = row.someAccount("To");
			const contract = row.someAccount("ContractAddress");
			if (row.showsNft()) return idRow(common(row), row.chain, contract, from, to);
			const asset = erc20Asset(row.chain, addressOf(contract));
			const published = publishedToken(asset);
			const decimals = published?.decimals ?? decimalsOf(contract);
			const touches = [from, to];
			if (decimals === undefined) return { ...common(row), ...withoutDecimals(row, asset), contract, touches };
			return {
				...common(row),
				...(published === undefined ? {} : { asset: { asset, decimals, symbol: row.text("TokenSymbol") } }),
				transfers: [tokenTransfer(from, to, asset, row.decimal("TokenValue", decimals))],
				contract,
				touches,
			};
		},
	};
}

/** The site's CSV of NFT transfers: moves by id, which are no amounts. The contract is learnt, the row left out. */
export const siteNfts: Format = {
	name: "etherscan site NFT transfers",
	kinds: [],
	columns: ["Blockno", "UnixTimestamp", "From", "To", "ContractAddress", "tokenID"],
	without: [],
	parse(row) {
		const from = row.someAccount("From");
		const to = row.someAccount("To");
		const contract = row.someAccount("ContractAddress");
		return idRow(common(row), row.chain, contract, from, to);
	},
};
