import {
	type AccountId,
	type AssetId,
	type ChainId,
	nativeAsset,
	nullAccount,
	type Outpoint,
	type Transfer,
	type TransferKind,
	transactionNode,
	type UtxoTransaction,
} from "@clew/core";

/** Transactions as transfers, in the order in which a sweep goes through them. */
export interface TransfersOfOutputs {
	readonly asset: AssetId;
	/** The node of a transaction. */
	nodeOf(tx: UtxoTransaction): AccountId;
	spend(tx: UtxoTransaction, vin: number, account: AccountId, amount: bigint, outpoint: Outpoint): Transfer;
	output(tx: UtxoTransaction, vout: number): Transfer;
	fee(tx: UtxoTransaction, amount: bigint, kind?: "fee" | "collected-fee"): Transfer;
}

/**
 * A Bitcoin transaction as transfers: from the address of each input to the node of the transaction, and from there to the address of each
 * output. Event indices are inputs in order, then outputs in order, then the fee.
 */
export class DerivedTransfers implements TransfersOfOutputs {
	readonly asset: AssetId;
	private readonly chain: ChainId;
	private last = { txid: "", node: "" as AccountId };

	constructor(chain: ChainId) {
		this.chain = chain;
		this.asset = nativeAsset(chain);
	}

	/** The node of a transaction; the last one is kept, since all edges of a transaction ask for it. */
	nodeOf({ txid }: UtxoTransaction): AccountId {
		if (this.last.txid !== txid) this.last = { txid, node: transactionNode(this.chain, txid) };
		return this.last.node;
	}

	spend(tx: UtxoTransaction, vin: number, account: AccountId, amount: bigint, outpoint: Outpoint): Transfer {
		return this.make(tx, vin, "spend", amount, account, this.nodeOf(tx), outpoint);
	}

	output(tx: UtxoTransaction, vout: number): Transfer {
		const { value, account } = tx.outputs[vout] as UtxoTransaction["outputs"][number];
		return this.make(tx, tx.inputs.length + vout, "output", value, this.nodeOf(tx), account, { txid: tx.txid, vout });
	}

	/** What a transaction leaves to the miner, or a coinbase leaves unclaimed. */
	fee(tx: UtxoTransaction, amount: bigint, kind: "fee" | "collected-fee" = "fee"): Transfer {
		return this.make(tx, tx.inputs.length + tx.outputs.length, kind, amount, this.nodeOf(tx), nullAccount(this.chain));
	}

	private make(
		tx: UtxoTransaction,
		eventIndex: number,
		kind: TransferKind,
		amount: bigint,
		from: AccountId,
		to: AccountId,
		outpoint?: Outpoint,
	): Transfer {
		const transfer: { -readonly [K in keyof Transfer]: Transfer[K] } = {
			chain: this.chain,
			position: { height: tx.height, txIndex: tx.txIndex, eventIndex },
			txHash: tx.txid,
			from,
			to,
			asset: this.asset,
			amount,
			kind,
			provenance: tx.provenance,
			source: tx.source,
		};
		if (outpoint !== undefined) transfer.outpoint = outpoint;
		return transfer;
	}
}
