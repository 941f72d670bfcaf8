/** A movement as a proof shows it. */
export interface ShownMove {
	readonly kind: string;
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly amount: string;
	/** Its place among the logs of its receipt; absent for what no log shows. */
	readonly log?: number;
	/** Its event index, of what no log shows; absent where that is the one of its kind. */
	readonly event?: number;
	/** True for a log that names both parties in topics and the amount in its data, as ERC-20 does, and ERC-721 does not. */
	readonly asAmount?: true;
	/** Ledgers may do without it: the log of a wrapping that nothing else in the proof bears out. */
	readonly optional?: true;
}

/** Every movement of an account chain's transaction that receipt, transaction and header show; `kinds` are those of which it shows all. */
export interface ShownMoves {
	readonly moves: readonly ShownMove[];
	readonly kinds: ReadonlySet<string>;
	/** Movements that it shows of other kinds, of which there may be more: what the transaction asks a token's contract for. */
	readonly some?: readonly ShownMove[];
	/**
	 * What it had the contract of a published token move, among `some`: all that left the sender, less what the contract may take of it for
	 * the receiver, who alone passes it on.
	 */
	readonly asked?: ShownMove;
	/** Place of the transaction in its block. */
	readonly index: number;
}

/** A Bitcoin transaction; an input's value and owner where the transaction that made the output is proven, too. */
export interface ShownTransaction {
	readonly index: number;
	readonly inputs: readonly { readonly outpoint: string; readonly value?: string; readonly account?: string }[];
	readonly outputs: readonly { readonly account: string; readonly value: string }[];
}

/** What is shown of a transaction; undefined where its proof shows nothing, which rows that rest on it are told of. */
export function shownOf(
	block: { readonly moves?: (hash: string) => ShownMoves | undefined } | undefined,
	txHash: string,
): ShownMoves | undefined {
	try {
		return block?.moves?.(txHash);
	} catch {
		return undefined;
	}
}
