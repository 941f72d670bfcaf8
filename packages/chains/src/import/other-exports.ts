/** Exports that people have at hand and that are not read: what they are, by columns that they alone have, and what to get instead. */
const OTHERS: readonly { readonly columns: readonly string[]; readonly what: string; readonly instead: string }[] = [
	{
		columns: ["data", "success", "meta"],
		what: "an answer of TronGrid's API, which is not read",
		instead: 'Export "transaction" and "tokenTransfer" as CSV at tronscan.org, or read blocks from a node: clew ingest --rpc.',
	},
	{
		columns: ["txID", "raw_data"],
		what: "transactions as a node of Tron or TronGrid gives them, which are not read from files",
		instead: 'Export "transaction" and "tokenTransfer" as CSV at tronscan.org, or read blocks from a node: clew ingest --rpc.',
	},
	{
		columns: ["transaction_id", "token_info"],
		what: "token transfers as TronGrid gives them, which are not read",
		instead: 'Export "tokenTransfer" as CSV at tronscan.org, or read blocks from a node: clew ingest --rpc.',
	},
	{
		columns: ["category", "confirmations", "txid"],
		what: "what a wallet of Bitcoin Core lists (listtransactions), which tells its own side of transactions alone",
		instead: "Get the transactions whole: from the node with clew ingest --rpc, or an address's from Esplora (/address/ADDRESS/txs).",
	},
];

/** What a file of these columns is and what to get instead; undefined for none that is known. */
export function otherExport(header: readonly string[]): { readonly what: string; readonly instead: string } | undefined {
	return OTHERS.find(({ columns }) => columns.every((column) => header.includes(column)));
}
