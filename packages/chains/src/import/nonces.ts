import type { AccountId, GraphStore, Hash, Position } from "@clew/core";

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

/**
 * The nonces of the transactions that accounts sent, by which rows that are missing show: an account numbers what it sends 0, 1, 2 and so
 * on.
 */
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

	/** The transactions of an account that the rows tell of. */
	hashes(account: AccountId): ReadonlySet<Hash> {
		return new Set([...(this.heights.get(account)?.values() ?? [])].map(({ hash }) => hash));
	}

	/** What is missing of the account's own transactions, in order; nothing where its numbers contradict each other. O(n log n). */
	missing(account: AccountId): readonly MissingNonces[] {
		if (this.contradicted.has(account)) return [];
		const sent = [...(this.heights.get(account) ?? [])].sort(([a], [b]) => a - b);
		return sent.flatMap(([nonce, { height: before }], i) => {
			const [previous, after] = sent[i - 1] ?? [-1, undefined];
			return nonce === previous + 1 ? [] : [{ first: previous + 1, last: nonce - 1, after: after?.height, before }];
		});
	}
}

/** Rows of the case that are read at a time. */
const PAGE = 2_000;

/**
 * What is still missing once the case is asked, too: an export of several files has in one what another lacks. Numbers are missing no
 * more where the case holds exactly as many other transactions that the account paid for between the two rows. Reads the account's
 * payments up to the last of these rows, if anything is missing.
 */
export async function missingInCase(
	store: Pick<GraphStore, "transfersOf">,
	account: AccountId,
	missing: readonly MissingNonces[],
	own: ReadonlySet<Hash>,
): Promise<readonly MissingNonces[]> {
	const end = missing.reduce((last, { before, after = 0 }) => Math.max(last, before, after), 0);
	const others = new Map<Hash, number>();
	let cursor: Position | undefined;
	while (missing.length > 0) {
		const page = await store.transfersOf(account, { direction: "out", toHeight: end, limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const { kind, txHash, position } of page.transfers) if (kind === "fee" && !own.has(txHash)) others.set(txHash, position.height);
		cursor = page.next;
		if (cursor === undefined) break;
	}
	const heights = [...others.values()];
	return missing.filter(
		({ first, last, after = 0, before }) => heights.filter((height) => after <= height && height <= before).length !== last - first + 1,
	);
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
