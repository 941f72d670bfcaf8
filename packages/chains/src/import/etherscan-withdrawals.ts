import { BLOCK_TX_INDEX, creditsWithdrawals, GWEI, nativeAsset, nullAccount, unnamedBlock } from "@clew/core";
import type { Format } from "./format.js";

/** Rows of the longest answer of this action. Source: Etherscan API documentation, accounts module. */
const ROW_LIMIT = 10_000;
/** Withdrawals have a number of 64 bits; no chain has come this far. */
const MAX_INDEX = 2 ** 40;

/**
 * `account/txsBeaconWithdrawal`: what validators withdrew to an account, in gwei. Movements of the block itself, as from nodes. Such a list
 * closes no kind: it holds nothing else that the account was paid.
 */
export const etherscanWithdrawals: Format = {
	name: "etherscan txsBeaconWithdrawal",
	actions: ["txsbeaconwithdrawal"],
	rowLimit: ROW_LIMIT,
	kinds: [],
	columns: ["withdrawalIndex", "validatorIndex", "address", "amount", "blockNumber", "timestamp"],
	without: ["hash", "transactionHash"],
	parse(row) {
		if (!creditsWithdrawals(row.chain))
			row.expected("amount", row.text("amount"), "a list of another chain: on this one withdrawals pay tokens");
		const to = row.someAccount("address");
		const height = row.height("blockNumber");
		const withdrawal = row.integer(MAX_INDEX, "withdrawalIndex");
		const amount = row.baseUnits("amount") * GWEI;
		return {
			hash: unnamedBlock(height),
			height,
			time: row.time("timestamp"),
			txIndex: BLOCK_TX_INDEX,
			id: `withdrawal ${withdrawal}`,
			withdrawal,
			transfers: amount === 0n ? [] : [{ kind: "withdrawal", from: nullAccount(row.chain), to, asset: nativeAsset(row.chain), amount }],
			touches: [to],
		};
	},
};
