import { addressOf, bitcoinNetwork, type ChainId, InputError, nullAccount, type SignedBitcoin } from "@clew/core";
import { Transaction } from "bitcoinjs-lib";
import { scriptReader } from "./script.js";

/** No node relays a transaction of more bytes, 400,000 units of weight. */
const MAX_HEX = 8_000_000;

/** Reads a raw transaction in hex. Throws InputError for what is none. */
export function readSignedBitcoin(hex: string, chain: ChainId): SignedBitcoin {
	if (hex.length > MAX_HEX || !/^(?:[0-9a-f]{2})+$/i.test(hex)) throw new InputError("the transaction is no hex");
	let tx: Transaction;
	try {
		tx = Transaction.fromHex(hex);
	} catch (cause) {
		throw new InputError("the transaction cannot be read", { cause });
	}
	const network = bitcoinNetwork(chain);
	if (network === undefined) throw new InputError("the chain is no known network of Bitcoin");
	const scripts = scriptReader(network);
	const nobody = nullAccount(chain);
	return {
		txid: tx.getId(),
		pays: tx.outs
			.map(({ value, script }) => scripts.output(value, script))
			.filter(({ account }) => account !== nobody)
			.map(({ account, value }) => ({ to: addressOf(account), amount: value })),
	};
}
