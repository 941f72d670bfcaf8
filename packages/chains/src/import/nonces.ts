import { type AccountId, type GraphStore, type Hash, missingNonces, type NumberRun, type Position, type SentNumbers } from "@clew/core";

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

	/** What the rows tell, of each sender whose numbers do not contradict each other; `owner` is the account whose export the file is. */
	numbers(owner: AccountId | undefined): readonly SentNumbers[] {
		return [...this.heights].flatMap(([account, heights]) => {
			if (this.contradicted.has(account)) return [];
			const runs = runsOf([...heights].map(([nonce, { height }]) => [nonce, height] as const));
			const last = runs.at(-1);
			return [{ account, runs, ...(account === owner && last !== undefined ? { own: { nonce: last.last, height: last.to } } : {}) }];
		});
	}
}

/** Runs of consecutive numbers, ascending. O(n log n). */
function runsOf(told: readonly (readonly [nonce: number, height: number])[]): readonly NumberRun[] {
	const runs: NumberRun[] = [];
	for (const [nonce, height] of [...told].sort(([a], [b]) => a - b)) {
		const open = runs.at(-1);
		if (open?.last === nonce - 1) runs[runs.length - 1] = { ...open, last: nonce, to: height };
		else runs.push({ first: nonce, last: nonce, from: height, to: height });
	}
	return runs;
}

/** Rows of the case that are read at a time. */
const PAGE = 2_000;

/**
 * Notes the nonces that files without nonces fill in: those that are missing between two that are told stand in the case where it holds
 * exactly as many transactions that the account paid for strictly between their blocks. Reads the account's payments up to the last of
 * these, if any are missing.
 */
export async function fillNumbers(store: GraphStore, account: AccountId): Promise<void> {
	const sent = await store.sentNumbers(account);
	const missing = (sent === undefined ? [] : missingNonces(sent)).filter(({ last }) => last !== undefined);
	if (missing.length === 0) return;
	const heights = await paidAt(store, account, Math.max(...missing.map(({ before }) => before)));
	const runs = missing.flatMap(({ first, last = first, after = -1, before }): NumberRun[] => {
		const paid = heights.filter((height) => after < height && height < before).length;
		return paid === last - first + 1 ? [{ first, last, from: after, to: before }] : [];
	});
	if (runs.length > 0) await store.putSentNumbers([{ account, runs }]);
}

/** The blocks of the transactions that an account paid the fee of, as far as the case holds them, up to one. */
async function paidAt(store: Pick<GraphStore, "transfersOf">, account: AccountId, end: number): Promise<readonly number[]> {
	const paid = new Map<Hash, number>();
	for (let cursor: Position | undefined, more = true; more; more = cursor !== undefined) {
		const page = await store.transfersOf(account, { direction: "out", toHeight: end, limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const { kind, txHash, position } of page.transfers) if (kind === "fee") paid.set(txHash, position.height);
		cursor = page.next;
	}
	return [...paid.values()];
}
