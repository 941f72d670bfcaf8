import { type AccountId, type ChainId, type Coverage, type LedgerReader, nullAccount } from "@clew/core";

/** Up to which block the case can tell that an output is unspent. */
export interface OutputCoverage {
	/** By whole blocks: the end of the data when every block since `height` is in the case, else undefined. */
	unspentUntil(height: number): number | undefined;
	/** By the account's own fetched history. */
	unspentUntilFor(account: AccountId, height: number): Promise<number | undefined>;
	/** The last block in an unbroken run since `height`; `height` itself when there is none. */
	lastKnown(height: number): number;
}

/** Reads a chain's coverage once. */
export async function chainCoverage(source: LedgerReader, chain: ChainId): Promise<OutputCoverage> {
	// Coverage of every account comes with the profile of any; the null account has none of its own.
	const { coverage } = await source.profile(nullAccount(chain), 1);
	const ranges = joined(coverage.filter((c) => c.account === undefined));
	const end = ranges[ranges.length - 1]?.[1];
	const runAt = (height: number) => ranges.find(([from, to]) => from <= height && height <= to);
	return {
		unspentUntil: (height) => (runAt(height)?.[1] === end ? end : undefined),
		lastKnown: (height) => runAt(height)?.[1] ?? height,
		async unspentUntilFor(account, height) {
			const own = (await source.profile(account, 1)).coverage.filter(
				(c) => c.account === account && c.fromHeight <= height && c.toHeight >= height,
			);
			return own.length === 0 ? undefined : Math.max(...own.map((c) => c.toHeight));
		},
	};
}

/** Ranges of heights joined where they touch, in order. */
function joined(coverage: readonly Coverage[]): [number, number][] {
	const ranges: [number, number][] = [];
	for (const { fromHeight, toHeight } of [...coverage].sort((a, b) => a.fromHeight - b.fromHeight)) {
		const last = ranges[ranges.length - 1];
		if (last !== undefined && fromHeight <= last[1] + 1) last[1] = Math.max(last[1], toHeight);
		else ranges.push([fromHeight, toHeight]);
	}
	return ranges;
}
