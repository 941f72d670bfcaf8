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
 * nothing. It is the last before all kinds of movement that tell the asset, of those that somebody fetched, were read.
 */
export async function unknownOpening(
	account: AccountId,
	asset: AssetId,
	coverage: readonly Coverage[],
	source: LedgerReader,
): Promise<number | undefined> {
	if (coverage.length === 0) return undefined;
	const told = kindsThatTell(chainOf(account), asset).flatMap((kind) => readRuns(coverage, kind)[0]?.from ?? []);
	const first = told.length > 0 ? Math.max(...told) : Math.min(...coverage.map(({ fromHeight }) => fromHeight));
	const height = Math.max(0, first - 1);
	if (emptyAt(asset, coverage) >= first - 1) return undefined;
	return (await source.openingBalance(account, asset, height)) === undefined ? height : undefined;
}

/**
 * The last height below `before` at whose end the balance of an account is known without its movements up to there: it can be nothing (-1:
 * before the first block), or was read and stored where something begins to be covered. Undefined: there is none.
 */
export async function lastKnownBalance(
	account: AccountId,
	asset: AssetId,
	coverage: readonly Coverage[],
	source: LedgerReader,
	before: number,
): Promise<number | undefined> {
	const empty = emptyAt(asset, coverage);
	const ends = new Set(coverage.map(({ fromHeight }) => Math.max(0, fromHeight - 1)));
	for (const height of [...ends].filter((end) => empty < end && end < before).sort((a, b) => b - a))
		if ((await source.openingBalance(account, asset, height)) !== undefined) return height;
	return empty === NEVER ? undefined : Math.min(empty, before - 1);
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The last height at whose end nobody can have had any of an asset. Coins stand in the genesis block, in no transaction of it, where a node
 * told every block from there on; tokens do not.
 */
function emptyAt(asset: AssetId, coverage: readonly Coverage[]): number {
	if (!isNative(asset)) return 0;
	const fromGenesis = coverage.some((c) => c.account === undefined && c.fromHeight === 0 && c.source.startsWith("node:"));
	return fromGenesis ? NEVER : -1;
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
