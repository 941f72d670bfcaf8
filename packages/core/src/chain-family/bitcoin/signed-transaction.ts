/** A transaction of Bitcoin before a node has it. */
export interface SignedBitcoin {
	readonly txid: string;
	/** Every output but those that nobody can spend: the account of its script, and satoshis. */
	readonly pays: readonly { readonly to: string; readonly amount: bigint }[];
}
