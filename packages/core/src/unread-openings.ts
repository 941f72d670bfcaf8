import { nativeAsset } from "./chain-family/accounts.js";
import type { AccountId, ChainId } from "./ids.js";
import type { TraceLeaf, TraceResult } from "./trace-schema.js";

/**
 * By end point the accounts whose balance before their history was not read, and on which it rests what is there: they were paid tainted
 * coins or tokens and paid of the same asset on, so that with more of their own they paid less of these, and kept more. Their books begin
 * with nothing in place of it. What no such account paid rests on none, however much it held.
 */
export function openingsUnder({ chain, edges, coverage }: Pick<TraceResult, "chain" | "edges" | "coverage">) {
	const coin = nativeAsset(chain as ChainId);
	const unread = new Set(
		coverage.gaps.flatMap(({ kind, account, asset = coin, amount }) =>
			kind === "opening-balance-unknown" && account !== undefined && amount === undefined ? [`${account} ${asset}`] : [],
		),
	);
	/** Accounts that paid on what they were paid, by what they hold now; each with those that it rests on. */
	const under = new Map<string, Set<string>>();
	const add = (account: string, accounts: Iterable<string>) => {
		const own = under.get(account) ?? new Set();
		under.set(account, own);
		for (const one of accounts) own.add(one);
	};
	/** Who was paid before: what another pays is what was seeded. */
	const reached = new Set<string>();
	if (unread.size > 0)
		for (const { from, to, asset, kind } of edges) {
			if (kind === "fee") continue;
			if (reached.has(from) && unread.has(`${from} ${asset}`)) add(from, [from]);
			const before = under.get(from);
			if (before !== undefined && to !== from) add(to, before);
			reached.add(to);
		}
	return ({ account }: Pick<TraceLeaf, "account">): readonly AccountId[] => [...(under.get(account) ?? [])].sort() as AccountId[];
}
