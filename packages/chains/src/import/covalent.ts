import { MAX_TX_INDEX } from "@clew/core";
import { openFee, toldFee } from "./fee.js";
import type { Format } from "./format.js";
import { nativeTransfers, partiesOf } from "./transfers.js";

/**
 * `address/ADDRESS/transactions_v3` of Covalent (GoldRush): the transactions of an account, each with its place. Its nonces are not told,
 * and its logs are not read.
 */
export const covalentTransactions: Format = {
	name: "covalent transactions",
	kinds: ["native"],
	outcome: ["successful"],
	account: "address",
	columns: ["block_height", "block_signed_at", "tx_hash", "tx_offset", "successful", "from_address", "to_address", "value", "fees_paid"],
	without: ["log_offset"],
	parse(row) {
		const from = row.someAccount("from_address");
		const to = row.account("to_address");
		const succeeded = row.flag("successful") ?? row.expected("successful", "", "true or false");
		const fee = toldFee(row, "fees_paid");
		return {
			hash: row.hash("tx_hash"),
			height: row.height("block_height"),
			time: row.time("block_signed_at"),
			txIndex: row.integer(MAX_TX_INDEX, "tx_offset"),
			status: succeeded ? "succeeded" : "failed",
			...openFee(fee),
			transfers: nativeTransfers(row, from, to, row.baseUnits("value"), fee.amount, !succeeded),
			...partiesOf(from, to),
		};
	},
};
