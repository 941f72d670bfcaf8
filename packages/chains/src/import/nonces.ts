import { type AccountId, type Hash, type HistoryCheck, joinChecks } from "@clew/core";

/** A transaction that an account sent, by its number among them. */
export interface Sent {
	readonly from: AccountId;
	readonly nonce: number;
}

/** More than any account has sent: nonces are below 2^64 (EIP-2681), those of a file below what a number holds. */
export const MAX_NONCE = 2 ** 48;

/** The nonces of the transactions that accounts sent, as the rows of one file tell them. */
export class Nonces {
	private readonly heights = new Map<AccountId, Map<number, { readonly height: number; readonly hash: Hash }>>();
	private readonly contradicted = new Map<AccountId, number>();

	tell({ from, nonce }: Sent, height: number, hash: Hash): void {
		const known = this.heights.get(from) ?? new Map<number, { height: number; hash: Hash }>();
		const other = known.get(nonce);
		if (other !== undefined && other.hash !== hash) this.contradicted.set(from, nonce);
		this.heights.set(from, known.set(nonce, { height, hash }));
	}

	/** A number that the rows give to two transactions of an account, which no chain does: then its numbers tell nothing. */
	twice(account: AccountId): number | undefined {
		return this.contradicted.get(account);
	}

	/** True when a row tells of a transaction that the account sent. */
	has(account: AccountId): boolean {
		return this.heights.has(account);
	}

	/** What the rows tell, without denied transactions, of each sender whose numbers do not contradict each other. */
	checks(denied: ReadonlySet<Hash>): readonly HistoryCheck[] {
		return [...this.heights].flatMap(([account, heights]) => {
			if (this.contradicted.has(account)) return [];
			const borneOut = [...heights].filter(([, { hash }]) => !denied.has(hash));
			const runs = borneOut.map(([nonce, { height }]) => ({ first: nonce, last: nonce, from: height, to: height }));
			return runs.length === 0 ? [] : [joinChecks({ account, runs: [] }, { account, runs })];
		});
	}
}
