import { type ChainId, type OutputReader, placeKey, placeOf, type UtxoTransaction } from "@clew/core";

const LARGEST_WINDOW = 2_048;
/** A window is doubled when at least this share of it was asked for, and halved otherwise. */
const WORTHWHILE = 1 / 4;

/**
 * Reads transactions whose places are asked for in ascending order. When most of what lies between is asked for too, it reads ahead, so
 * that a trace through much of a case is one scan and a trace through little of it reads little. Memory is one window.
 */
export class ReadAhead {
	private window: readonly UtxoTransaction[] = [];
	private next = 0;
	private size = 1;
	private used = 0;
	private readonly source: OutputReader;
	private readonly chain: ChainId;

	constructor(source: OutputReader, chain: ChainId) {
		this.source = source;
		this.chain = chain;
	}

	/** The transaction at a place when it is in memory already, so that most reads need no waiting. */
	peek(key: number): UtxoTransaction | undefined {
		for (; this.next < this.window.length; this.next++) {
			const tx = this.window[this.next] as UtxoTransaction;
			const order = placeKey(tx) - key;
			if (order > 0) return undefined;
			if (order === 0) {
				this.used++;
				return tx;
			}
		}
		return undefined;
	}

	/** The transaction at a place. Undefined when there is none. */
	async read(key: number): Promise<UtxoTransaction | undefined> {
		const found = this.peek(key);
		if (found !== undefined) return found;
		this.size = this.used >= this.window.length * WORTHWHILE ? Math.min(this.size * 2, LARGEST_WINDOW) : Math.max(1, this.size >> 1);
		this.window = await this.source.utxoTransactions(this.chain, placeOf(key), this.size);
		this.next = 0;
		this.used = 0;
		return this.peek(key);
	}
}
