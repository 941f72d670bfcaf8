/** A transaction of Tron before a node has it; addresses in base58, amounts in base units. */
export interface SignedTron {
	/** SHA-256 of its raw data, recomputed. */
	readonly id: string;
	readonly owner: string;
	/** What java-tron calls its contract, such as `TransferContract`. */
	readonly type: string;
	/** What it pays itself; `token` undefined for TRX, else the asset's id. */
	readonly pays: readonly { readonly to: string; readonly amount: bigint; readonly token?: string }[];
	/** The code that it calls, and with what: hex digits without `0x`. */
	readonly call?: { readonly contract: string; readonly data: string };
	/** It makes a contract. */
	readonly creates?: true;
	/** Who may sign for its owner from now on, in words. */
	readonly permissions?: string;
	/** What it does that is not known here, in words. */
	readonly unread?: string;
}
