import { type AccountId, type AssetId, type Coverage, chainOf, isNative, type LedgerReader } from "@clew/core";
import { holesIn, kindsThatTell, readRuns } from "./read-runs.js";

/** Heights, both inclusive, whose movements of an account are not in the case, and what that leaves open. */
export interface BalanceGap {
	readonly fromHeight: number;
	readonly toHeight: number;
	readonly text: string;
}

/**
 * The height at whose end the balance of an account is not known and counts as 0; undefined: what it began with is in the case, or can be
 * nothing. Coins stand in the genesis block, in no transaction of it, where a node told every block from there on; tokens do not.
 */
export async function unknownOpening(
	account: AccountId,
	asset: AssetId,
	coverage: readonly Coverage[],
	source: LedgerReader,
): Promise<number | undefined> {
	if (coverage.length === 0) return undefined;
	const first = Math.min(...coverage.map(({ fromHeight }) => fromHeight));
	const fromGenesis = coverage.some((c) => c.account === undefined && c.fromHeight === 0 && c.source.startsWith("node:"));
	if (first === 0 && !(fromGenesis && isNative(asset))) return undefined;
	const height = Math.max(0, first - 1);
	return (await source.openingBalance(account, asset, height)) === undefined ? height : undefined;
}

/** Why the case does not tell what an account had of an asset, in the order of heights; none: all since its opening balance was read. */
export async function balanceGaps(account: AccountId, asset: AssetId, source: LedgerReader): Promise<BalanceGap[]> {
	const { coverage } = await source.profile(account, 1);
	const opening = await unknownOpening(account, asset, coverage, source);
	const gaps: BalanceGap[] =
		opening === undefined ? [] : [{ fromHeight: 0, toHeight: opening, text: `what it had after block ${opening} is not known` }];
	const holes = new Map(
		kindsThatTell(chainOf(account), asset).flatMap((kind) =>
			holesIn(readRuns(coverage, kind), 0).map((hole) => [`${hole.from} ${hole.to}`, hole]),
		),
	);
	for (const { from, to } of holes.values())
		gaps.push({ fromHeight: from, toHeight: to, text: `what it received in blocks ${from} to ${to} is not in the case` });
	return gaps.sort((a, b) => a.fromHeight - b.fromHeight || a.toHeight - b.toHeight);
}
