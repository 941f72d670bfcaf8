import { type AccountId, type ChainId, cut, groupBy, type LedgerReader, ledgerOf } from "@clew/core";

/**
 * A source in which what accounts may have paid unread is not covered: their heights are taken out of the coverage of the account, so that
 * money there is not called still held. What blocks leave untold is read once.
 */
export async function withUnreadWork<T extends LedgerReader>(source: T, chain: ChainId): Promise<T> {
	if (ledgerOf(chain) === "outputs") return source;
	const gaps = await source.blockGaps(chain);
	const unread = gaps.filter((gap) => gap.unread === true);
	const holes = groupBy(unread, ({ account }) => account as AccountId);
	return {
		...source,
		blockGaps: async (of) => (of === chain ? gaps : source.blockGaps(of)),
		async profile(account, cap) {
			const profile = await source.profile(account, cap);
			const own = (holes.get(account) ?? []).map(({ fromHeight, toHeight }) => [fromHeight, toHeight] as const);
			return own.length === 0 ? profile : { ...profile, coverage: profile.coverage.flatMap((claim) => cut(claim, own)) };
		},
	};
}
