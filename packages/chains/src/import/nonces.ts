import type { AccountId } from "@clew/core";

/** A transaction that an account sent, by its number among them. */
export interface Sent {
	readonly from: AccountId;
	readonly nonce: number;
}

/** Numbers that no row has though a later one does, inclusive, and the blocks of the rows on either side. */
export interface MissingNonces {
	readonly first: number;
	readonly last: number;
	/** Block of the row before; undefined where the account's first transactions are missing. */
	readonly after: number | undefined;
	readonly before: number;
}

/** More than any account has sent: nonces are below 2^64 (EIP-2681), those of a file below what a number holds. */
export const MAX_NONCE = 2 ** 48;
/** Gaps that a note lists. */
const LISTED = 5;

/** The nonces of the transactions that accounts sent, by which rows that are missing show: an account numbers what it sends 0, 1, 2 and so on. */
export class Nonces {
	private readonly heights = new Map<AccountId, Map<number, number>>();

	tell({ from, nonce }: Sent, height: number): void {
		const known = this.heights.get(from) ?? new Map<number, number>();
		this.heights.set(from, known.set(nonce, height));
	}

	/** True when a row tells of a transaction that the account sent. */
	has(account: AccountId): boolean {
		return this.heights.has(account);
	}

	/** What is missing of the account's own transactions, in order. O(n log n). */
	missing(account: AccountId): readonly MissingNonces[] {
		const sent = [...(this.heights.get(account) ?? [])].sort(([a], [b]) => a - b);
		return sent.flatMap(([nonce, before], i) => {
			const [previous, after] = sent[i - 1] ?? [-1, undefined];
			return nonce === previous + 1 ? [] : [{ first: previous + 1, last: nonce - 1, after, before }];
		});
	}
}

/** What is missing, in words for a coverage's notes. */
export function missingNotes(missing: readonly MissingNonces[]): readonly string[] {
	const listed = missing.slice(0, LISTED).map(({ first, last, after, before }) => {
		const nonces = first === last ? `its nonce ${first} is` : `its nonces ${first} to ${last} are`;
		return `${nonces} missing ${after === undefined ? `before block ${before}` : `between block ${after} and block ${before}`}: not fetched there`;
	});
	return missing.length > LISTED ? [...listed, `its nonces are missing in ${missing.length - LISTED} more places`] : listed;
}

/** The heights of a span that are left when those between which nonces are missing are taken away, both ends of each with them. */
export function withoutMissing(span: readonly [number, number], missing: readonly MissingNonces[]): readonly (readonly [number, number])[] {
	let left = [span];
	for (const { after = 0, before } of missing) {
		const [from, to] = [Math.min(after, before), Math.max(after, before)];
		left = left.flatMap(([first, last]): (readonly [number, number])[] =>
			to < first || from > last
				? [[first, last]]
				: (
						[
							[first, from - 1],
							[to + 1, last],
						] as const
					).filter(([a, b]) => a <= b),
		);
	}
	return left;
}
