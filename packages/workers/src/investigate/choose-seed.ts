import type { AccountId, ChainId, GraphStore, LedgerReader, Position } from "@clew/core";

const PAGE = 2_000;
/** Accounts of a folder among which payments are looked at; of more nobody guesses. */
const MOST = 2_000;

/**
 * Of accounts whose exports somebody gathered, the one from which payments lead to the most of the others: where a trace of such a folder
 * most likely begins. A guess from what was gathered, and to be said as one. Several where they tie, none where there are none.
 */
export async function likelySeeds(store: LedgerReader, exported: readonly AccountId[]): Promise<readonly AccountId[]> {
	if (exported.length > MOST) return [];
	const paid = new Map<AccountId, ReadonlySet<AccountId>>();
	const own = new Set(exported);
	for (const account of exported) paid.set(account, await paidAmong(store, account, own));
	const reach = new Map(exported.map((account) => [account, reached(account, paid)]));
	const most = Math.max(0, ...reach.values());
	return exported.filter((account) => reach.get(account) === most).sort();
}

/** Accounts of a chain of which a source brought the history, each once. */
export async function exportedAccounts(store: Pick<GraphStore, "coverage">, chain: ChainId): Promise<readonly AccountId[]> {
	return [...new Set((await store.coverage(chain)).flatMap(({ account }) => account ?? []))];
}

async function paidAmong(store: LedgerReader, account: AccountId, among: ReadonlySet<AccountId>): Promise<Set<AccountId>> {
	const found = new Set<AccountId>();
	let cursor: Position | undefined;
	do {
		const page = await store.transfersOf(account, { direction: "out", limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const { kind, to, amount } of page.transfers) if (kind !== "fee" && amount > 0n && to !== account && among.has(to)) found.add(to);
		cursor = page.next;
	} while (cursor !== undefined);
	return found;
}

function reached(from: AccountId, paid: ReadonlyMap<AccountId, ReadonlySet<AccountId>>): number {
	const seen = new Set([from]);
	const queue = [from];
	for (const account of queue)
		for (const next of paid.get(account) ?? [])
			if (!seen.has(next)) {
				seen.add(next);
				queue.push(next);
			}
	return seen.size - 1;
}
