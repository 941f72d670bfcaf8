import { type AccountId, type BlockGap, type ChainId, type Coverage, groupBy, type LedgerReader, ledgerOf } from "@clew/core";

/**
 * A source in which what accounts may have paid unread is not covered: their heights are taken out of the coverage of the account, so that
 * money there is not called still held. The source itself where nothing is unread.
 */
export async function withUnreadWork<T extends LedgerReader>(source: T, chain: ChainId): Promise<T> {
	if (ledgerOf(chain) === "outputs") return source;
	const unread = (await source.blockGaps(chain)).filter((gap) => gap.unread === true);
	if (unread.length === 0) return source;
	const holes = groupBy(unread, ({ account }) => account as AccountId);
	return {
		...source,
		async profile(account, cap) {
			const profile = await source.profile(account, cap);
			const own = holes.get(account) ?? [];
			return own.length === 0 ? profile : { ...profile, coverage: profile.coverage.flatMap((claim) => without(claim, own)) };
		},
	};
}

/** What is left of a claim on coins and tokens outside the holes. */
function without(claim: Coverage, holes: readonly BlockGap[]): Coverage[] {
	let left = [claim];
	for (const { fromHeight, toHeight } of holes)
		left = left.flatMap((part) =>
			part.toHeight < fromHeight || part.fromHeight > toHeight
				? [part]
				: [
						{ ...part, toHeight: fromHeight - 1 },
						{ ...part, fromHeight: toHeight + 1 },
					].filter((one) => one.fromHeight <= one.toHeight),
		);
	return left;
}
