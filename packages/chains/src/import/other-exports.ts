import type { KnownExport } from "./known-exports.js";

const FROM_TRONSCAN = 'Export "transaction" and "tokenTransfer" as CSV at tronscan.org, or read blocks from a node: clew ingest --rpc.';
const SITE_EXPORT =
	'Use "CSV Export" of the same site (its file has Blockno, UnixTimestamp and Value_IN), which tells amounts whole; or the API: txlist, tokentx.';
const WHOLE_TRANSACTIONS =
	"Get the transactions whole: an address's from Esplora (clew import esplora https://.../api/address/ADDRESS), or from a node with clew ingest --rpc.";
const FROM_NODE =
	"Read the block from the node, which is checked against its roots: clew ingest --rpc URL --from HEIGHT --to HEIGHT (with traces where the node has them).";
const NETS = "the net change of one wallet for each transaction, without inputs, outputs and other parties";

/** Exports that people have at hand and that are not read: what they are, by columns that they alone have, and what to get instead. */
export const UNREAD_EXPORTS: readonly KnownExport[] = [
	{
		name: "an answer of TronGrid's API, which is read in a case of Tron alone",
		columns: ["data", "success", "meta"],
		without: [],
		instead: `${FROM_TRONSCAN} TronGrid's lists are read by: clew import trongrid.`,
	},
	{
		name: "transactions as a node of Tron or TronGrid gives them, which are read in a case of Tron alone",
		columns: ["txID", "raw_data"],
		without: [],
		instead: FROM_TRONSCAN,
	},
	{
		name: "token transfers as TronGrid gives them, which are read in a case of Tron alone",
		columns: ["transaction_id", "token_info"],
		without: [],
		instead: FROM_TRONSCAN,
	},
	{
		name: "the data of a page of an explorer of Etherscan's family, whose amounts and fees the site has rounded to eight decimals",
		columns: ["Blockno", "From", "To", "Amount"],
		without: ["UnixTimestamp"],
		instead: SITE_EXPORT,
	},
	{
		name: "the data of a page of an explorer of Etherscan's family, whose amounts and fees the site has rounded to eight decimals",
		columns: ["BlockNo", "From", "To", "Amount"],
		without: ["UnixTimestamp"],
		instead: SITE_EXPORT,
	},
	{
		name: "transfers of Arkham, whose unitValue is a decimal number that has been rounded as a float, so that no amount is exact",
		columns: ["transactionHash", "fromAddress", "toAddress", "unitValue"],
		without: [],
		instead: "Get the same transactions from an explorer (txlist, tokentx, txlistinternal) or from a node; Arkham's hashes tell which.",
	},
	{
		name: "a trace of calls as geth gives it (callTracer), which does not tell its transaction, nor its block",
		columns: ["from", "gas", "gasUsed", "input", "type", "calls"],
		without: ["hash", "blockNumber"],
		instead: FROM_NODE,
	},
	{
		name: "steps of a trace as geth gives them (structLogs), which do not tell what moved",
		columns: ["gas", "returnValue", "structLogs"],
		without: [],
		instead: FROM_NODE,
	},
	{
		name: "traces of a node (trace_block), whose numbers are hex and whose blocks tell more",
		columns: ["action", "blockNumber", "traceAddress", "transactionHash"],
		without: [],
		instead: FROM_NODE,
	},
	{
		name: "a block as a node gives it (eth_getBlockByNumber), without the receipts that say what succeeded",
		columns: ["number", "parentHash", "transactionsRoot", "receiptsRoot", "transactions"],
		without: [],
		instead: FROM_NODE,
	},
	{
		name: "a receipt as a node gives it, without the value of its transaction",
		columns: ["transactionHash", "blockHash", "cumulativeGasUsed", "logsBloom", "logs"],
		without: [],
		instead: FROM_NODE,
	},
	{
		name: "a transaction as a node gives it, which does not tell whether it succeeded",
		columns: ["hash", "blockHash", "blockNumber", "nonce", "gas", "input", "r", "s"],
		without: ["isError", "receipt_status"],
		instead: FROM_NODE,
	},
	{
		name: "transfers of one token by Covalent, which do not tell where their logs stand",
		columns: ["block_height", "block_signed_at", "tx_hash", "transfers"],
		without: [],
		instead:
			"Get tokentx of the account from an explorer; Covalent's lists of transactions (transactions_v3) are read by: clew import etherscan.",
	},
	{
		name: "what a wallet of Bitcoin Core lists (listtransactions), which tells its own side of transactions alone, without their inputs",
		columns: ["category", "confirmations", "txid"],
		without: ["hex"],
		instead: `Ask the wallet for each: gettransaction TXID, read by clew import core. ${WHOLE_TRANSACTIONS}`,
	},
	{
		name: "the CSV of a wallet of Bitcoin Core, which tells its own side of transactions alone, without their inputs",
		columns: ["Confirmed", "Date", "Type", "Label", "Address", "ID"],
		without: [],
		instead: `Ask the wallet for each: gettransaction TXID, read by clew import core. ${WHOLE_TRANSACTIONS}`,
	},
	{
		name: `a history of Electrum, which tells ${NETS}`,
		columns: ["transaction_hash", "label", "value", "timestamp"],
		without: ["inputs"],
		instead: WHOLE_TRANSACTIONS,
	},
	{
		name: `a history of Electrum, which tells ${NETS}`,
		columns: ["oc_transaction_hash", "label", "timestamp"],
		without: [],
		instead: WHOLE_TRANSACTIONS,
	},
	...["Date (UTC)", "Date"].flatMap((date): KnownExport[] =>
		["Value", "Value (BTC)", "Value (sats)"].map((value) => ({
			name: `a history of Sparrow, which tells ${NETS}`,
			columns: [date, "Label", value, "Txid"],
			without: [],
			instead: WHOLE_TRANSACTIONS,
		})),
	),
	{
		name: `the history of a cluster by WalletExplorer, which tells ${NETS} but clusters`,
		columns: ["date", "received from", "received amount", "sent amount", "sent to", "transaction"],
		without: [],
		instead: WHOLE_TRANSACTIONS,
	},
	{
		name: "transactions of blockchain.info, which name the outputs that they spend by numbers of the site's own (tx_index) in place of their transactions",
		columns: ["hash", "inputs", "out", "tx_index"],
		without: [],
		instead: WHOLE_TRANSACTIONS,
	},
	{
		name: "an address by blockchain.info, whose transactions name the outputs that they spend by numbers of the site's own (tx_index) in place of their transactions",
		columns: ["n_tx", "total_received", "txs"],
		without: [],
		instead: WHOLE_TRANSACTIONS,
	},
];

/** What a file of these columns is and what to get instead; undefined for none that is known. */
export function otherExport(header: readonly string[]): KnownExport | undefined {
	return UNREAD_EXPORTS.find(
		({ columns, without }) => columns.every((column) => header.includes(column)) && !without.some((column) => header.includes(column)),
	);
}
