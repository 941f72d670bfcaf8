import type { LedgerTransaction } from "./ledgers.js";

/** An input or an output of a transaction as it is played, with its place in the trace. */
export interface PlayedSide {
	readonly outpoint: string;
	/** Base units; of an input that nobody knows there is none. */
	readonly value?: string;
	readonly account?: string;
	readonly position: string;
}

/** A transaction of outputs as a replay goes through it: what it takes, and what it gives. */
export interface Played {
	readonly place: string;
	readonly txid: string;
	readonly coinbase: boolean;
	readonly inputs: readonly PlayedSide[];
	readonly outputs: readonly (PlayedSide & { readonly value: string; readonly account: string })[];
	/** Where its fee stands. */
	readonly fee: string;
}

/** A transaction as it stands in its block: inputs, outputs and fee are its events, in this order. */
export function playedOf({ place, txid, coinbase, inputs, outputs }: LedgerTransaction): Played {
	return {
		...{ place, txid, coinbase },
		inputs: inputs.map((input, i) => ({ ...input, position: `${place}.${i}` })),
		outputs: outputs.map((output, vout) => ({ ...output, outpoint: `${txid}:${vout}`, position: `${place}.${inputs.length + vout}` })),
		fee: `${place}.${inputs.length + outputs.length}`,
	};
}
