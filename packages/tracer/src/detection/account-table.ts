import type { AccountId } from "@clew/core";
import type { Accounts } from "./observer.js";

const FIRST_SIZE = 1 << 16;
/** Pairs are packed into one number below 2^53. */
const PAIR_BASE = 2 ** 26;

/** Dense numbers for accounts, and exact counts of distinct counterparties in typed arrays. Memory: one number a pair that dealt. */
export class AccountTable implements Accounts {
	private readonly numbers = new Map<AccountId, number>();
	private readonly names: AccountId[] = [];
	private readonly pairs = new Set<number>();
	private ins = new Uint32Array(FIRST_SIZE);
	private outs = new Uint32Array(FIRST_SIZE);

	get size(): number {
		return this.names.length;
	}

	numberOf(account: AccountId): number {
		const known = this.numbers.get(account);
		if (known !== undefined) return known;
		const number = this.names.push(account) - 1;
		this.numbers.set(account, number);
		if (number >= this.ins.length) {
			this.ins = grown(this.ins);
			this.outs = grown(this.outs);
		}
		return number;
	}

	has(account: AccountId): boolean {
		return this.numbers.has(account);
	}

	nameOf(account: number): AccountId {
		return this.names[account] as AccountId;
	}

	/** Notes that one paid the other. */
	dealt(from: number, to: number): void {
		const before = this.pairs.size;
		this.pairs.add(from * PAIR_BASE + to);
		if (this.pairs.size === before) return;
		this.outs[from] = (this.outs[from] ?? 0) + 1;
		this.ins[to] = (this.ins[to] ?? 0) + 1;
	}

	fanIn(account: number): number {
		return this.ins[account] ?? 0;
	}

	fanOut(account: number): number {
		return this.outs[account] ?? 0;
	}
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
	const twice = new Uint32Array(array.length * 2);
	twice.set(array);
	return twice;
}
