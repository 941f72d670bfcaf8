import type { KnownExport } from "./known-exports.js";

const FROM_TRONSCAN = 'Export "transaction" and "tokenTransfer" as CSV at tronscan.org, or read blocks from a node: clew ingest --rpc.';
const SITE_EXPORT =
	'Use "CSV Export" of the same site (its file has Blockno, UnixTimestamp and Value_IN), which tells amounts whole; or the API: txlist, tokentx.';
const WHOLE_TRANSACTIONS =
	"Get the transactions whole: an address's from Esplora (clew import esplora https://.../api/address/ADDRESS), or from a node with clew ingest --rpc.";
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
