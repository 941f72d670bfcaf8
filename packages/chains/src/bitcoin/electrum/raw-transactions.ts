import { type Hash, NodeError } from "@clew/core";
import { Transaction } from "bitcoinjs-lib";
import { hashText } from "../block.js";

/** Bytes of transactions that are kept, so that an address with many is not fetched anew for each of its outputs. */
const KEPT_BYTES = 64 << 20;

/** Transactions as a server gives them, each held against its id; the last read are kept. */
export class RawTransactions {
	private readonly name: string;
	private readonly fetch: (txid: Hash) => Promise<string>;
	private readonly kept = new Map<Hash, { readonly raw: Transaction; readonly bytes: number }>();
	private bytes = 0;

	constructor(name: string, fetch: (txid: Hash) => Promise<string>) {
		this.name = name;
		this.fetch = fetch;
	}

	/** Throws NodeError, NODE_LIED for bytes that do not hash to the id. */
	async of(txid: Hash): Promise<Transaction> {
		return this.kept.get(txid)?.raw ?? this.keep(txid, await this.fetch(txid));
	}

	/** Takes bytes that were told on another occasion. Throws NodeError (NODE_LIED). */
	keep(txid: Hash, hex: string): Transaction {
		const raw = this.parsed(txid, hex);
		if (!this.kept.has(txid)) {
			const bytes = hex.length / 2;
			this.kept.set(txid, { raw, bytes });
			this.bytes += bytes;
			for (const [oldest, { bytes }] of this.kept) {
				if (this.bytes <= KEPT_BYTES) break;
				this.kept.delete(oldest);
				this.bytes -= bytes;
			}
		}
		return raw;
	}

	private parsed(txid: Hash, hex: string): Transaction {
		let found: string;
		try {
			const raw = Transaction.fromBuffer(Buffer.from(hex, "hex"));
			found = hashText(raw.getHash(false));
			if (found === txid) return raw;
		} catch {
			found = "bytes that are no transaction";
		}
		throw new NodeError("NODE_LIED", this.name, `was asked for transaction ${txid} and gave ${found}`, { hint: "Use another server." });
	}
}
