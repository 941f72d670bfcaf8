import { formatsOf, importBitcoinCsv, importEsplora, importFile, readExports } from "@clew/chains";
import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { atDesk, ETHEREUM } from "./reading.js";

const BITCOIN = parseChainId("bitcoin");
const refused = (message: RegExp, hint: RegExp) => ({ message: expect.stringMatching(message), hint: expect.stringMatching(hint) });

/** Reads a file as an export of Etherscan's family, with the words that the command line has. */
const read = (text: string, name = "x.csv") =>
	atDesk(async ({ store, file }) => {
		const formats = formatsOf("etherscan", () => undefined);
		const options = { chain: ETHEREUM, formats, skipBad: false, ignoreUnknown: false, elsewhere: readExports() };
		return importFile(store, file(name, text), options);
	});

describe("a file that is no known export is refused with what it looks like, what it lacks, and what to get instead", () => {
	it.each([
		[
			"transfers of Arkham",
			"transactionHash,fromAddress,fromLabel,fromIsContract,toAddress,toLabel,toIsContract,tokenAddress,type,blockTimestamp,blockNumber,blockHash,tokenName,tokenSymbol,tokenDecimals,unitValue,tokenId,historicalUSD,chain",
			/x\.csv:1: looks like transfers of Arkham, whose unitValue .* rounded/,
			/explorer .*or from a node/,
		],
		[
			"the data of a page of Etherscan",
			"Transaction Hash,Status,Method,Blockno,DateTime (UTC),From,From_Nametag,To,To_Nametag,Amount,Value (USD),Txn Fee",
			/the data of a page of an explorer .*rounded to eight decimals/,
			/CSV Export.*Value_IN/,
		],
		[
			"the data of a page of token transfers",
			"Transaction Hash,Status,Method,BlockNo,DateTime (UTC),From,From_Nametag,To,To_Nametag,Amount,Value (USD),Token",
			/the data of a page/,
			/CSV Export/,
		],
		["a history of Electrum before 3.3", "transaction_hash,label,confirmations,value,timestamp", /a history of Electrum/, /Esplora/],
		[
			"a history of Electrum of now",
			"oc_transaction_hash,ln_payment_hash,label,confirmations,amount_chain_bc,amount_lightning_bc,fiat_value,network_fee_bc,fiat_fee,timestamp",
			/a history of Electrum, .*without inputs/,
			/Esplora/,
		],
		["a history of Sparrow", "Date (UTC),Label,Value,Balance,Fee,Value (USD),Txid", /a history of Sparrow/, /Esplora/],
		["a history of Sparrow of now", "Date (UTC),Label,Value (sats),Balance (sats),Fee (sats),Txid", /a history of Sparrow/, /Esplora/],
		[
			"a cluster of WalletExplorer under its comment",
			'"#Wallet x. Source: WalletExplorer.com"\ndate,received from,received amount,sent amount,sent to,balance,transaction',
			/the history of a cluster by WalletExplorer/,
			/Esplora/,
		],
		[
			"a wallet of Bitcoin Core",
			"Confirmed,Date,Type,Label,Address,Amount (BTC),ID",
			/CSV of a wallet of Bitcoin Core/,
			/gettransaction TXID/,
		],
		[
			"an export that another kind reads",
			"token_address,from_address,to_address,value,transaction_hash,log_index,block_number",
			/looks like ethereum-etl token_transfers/,
			/clew import ethereum-etl/,
		],
		[
			"an export of another chain's kind",
			"block_id,transaction_hash,index,time,value,value_usd,recipient,type,script_hex,is_from_coinbase,is_spendable",
			/looks like Blockchair's dump of outputs/,
			/clew import csv/,
		],
		[
			"one that lacks columns, by the nearest of all kinds",
			"hash,nonce,block_hash,block_number,transaction_index,from_address,to_address,value,gas,gas_price,input",
			/looks like ethereum-etl transactions, but lacks receipt_status, receipt_gas_used; its columns are "hash", "nonce", /,
			/clew import ethereum-etl/,
		],
		["nothing like any", "Date,Amount,Who", /those of no known export: "Date", "Amount", "Who"/, /Known: etherscan txlist; /],
	])("%s", async (_, text, message, hint) => {
		await expect(read(`${text}\n`)).rejects.toMatchObject(refused(message, hint));
	});

	it("what blockchain.info tells names spent outputs by numbers of its own", async () => {
		const transaction = {
			hash: "25e4fb7042fc25fe98582adf598357e3b0bc60021cd80de628599512abb63598",
			ver: 1,
			tx_index: 5355406891307691,
			block_height: 662463,
			inputs: [{ sequence: 4294967295, script: "03bf1b0a", prev_out: { n: 4294967295, tx_index: 0, value: 0 } }],
			out: [{ value: 641583560, n: 0, script: "a9149837b6ca944b36f71b94d19cf1e1acd17972642487" }],
		};
		const words = refused(/blockchain\.info.*tx_index/, /Esplora/);
		await expect(read(JSON.stringify(transaction), "tx.json")).rejects.toMatchObject(words);
		const address = { hash160: "", address: "", n_tx: 1, total_received: 1, txs: [transaction] };
		const esplora = (value: object) => atDesk(({ store, file }) => importEsplora(store, file("x.json", JSON.stringify(value))), BITCOIN);
		await expect(esplora(transaction)).rejects.toMatchObject(words);
		await expect(esplora(address)).rejects.toMatchObject(words);
	});

	it("files beside Blockchair's dumps are told apart, too", async () => {
		const csv = (text: string) => atDesk(({ store, file }) => importBitcoinCsv(store, [file("x.csv", `${text}\n`)]), BITCOIN);
		await expect(csv("Date (UTC),Label,Value,Balance,Fee,Txid")).rejects.toMatchObject(refused(/a history of Sparrow/, /Esplora/));
		await expect(csv("block_id,transaction_hash,index,time,value")).rejects.toMatchObject(
			refused(/looks like Blockchair's dump of outputs, but lacks script_hex, is_from_coinbase/, /Known: Blockchair's dump of outputs/),
		);
	});
});
