import { balanceOf } from "../backward/direction.js";
import type { Trace } from "../bundle/formats.js";
import { isAccount, isAsset, isHash } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { differenceWrong, isDifference } from "../packet/differences.js";
import { accountOf } from "../recompute/seeds.js";

type Gap = Trace["coverage"]["gaps"][number];

/** Gaps of what a trace went through, or where it ended: the others may be of accounts that it does not name. */
const OF_THE_TRACE: ReadonlySet<string> = new Set([
	...[
		"unfetched-account",
		"missing-kind",
		"unknown-funds",
		"missing-inflow",
		"unread-outflow",
		"unread-inflow",
		"order-unknown",
		"open-passage",
	],
	"unfollowed-passage",
	...["opening-balance-unknown", "behaviour-only", "label-validity", "balance-differs", "code-differs", "later-spend", "not-compared"],
]);
/** Of what was not yet there when the data ended. */
const BEHIND_THE_END = "later-spend";
const OF_LEDGERS = /"(?:account|from|to)":"([^"\\]*)"/g;
const BUDGET = /^the budget of ([0-9]+) accounts bound;/;
const FETCHED_FROM = /^nothing was fetched before height ([0-9]+);/;
const GENESIS = "what the genesis block gave it was not read";
const LISTED = /^what blocks pay .* (?:of|has of) ([0-9,]+) accounts?(?: the case holds no whole blocks)?:/;
const DERIVED =
	/^no source tells the place that the seed (\S+) names, .*; here it is [0-9]+ base units of (\S+) from (\S+) to (\S+), transaction (\S+)$/;

/**
 * What gaps name is of the trace: accounts and assets of its chain, heights in order up to where its data ends, accounts that it went
 * through, and numbers that it states. `ledgers` are the lines of `ledgers.jsonl`: without them nobody can tell through which accounts
 * without a row a trace went, and those are given in words.
 */
export function checkGapFacts(trace: Trace, ledgers: readonly string[] | undefined, fail: Fail): string[] {
	const { gaps, cutoff } = trace.coverage;
	if (gaps.length === 0) return [];
	const known = accountsOf(trace);
	const read = once(() => new Set((ledgers ?? []).flatMap((line) => [...line.matchAll(OF_LEDGERS)].map(([, account]) => account))));
	const strangers = new Set<string>();
	for (const [i, gap] of gaps.entries()) {
		const { kind, account, asset } = gap;
		const say = (what: string) => fail(`trace.json gap ${i + 1}`, what);
		if (asset !== undefined && !(asset.startsWith(`${trace.chain}/`) && isAsset(asset)))
			say(`is of ${quoted(asset)}, which is no asset of ${trace.chain}`);
		checkHeights(gap, cutoff, say);
		const wrong =
			numberWrong(gap, trace, () => (ledgers === undefined ? Number.POSITIVE_INFINITY : known.size + read().size)) ??
			differenceOf(gap, trace);
		if (wrong !== undefined) say(wrong);
		if (account === undefined || known.has(account)) continue;
		if (!isAccount(account, trace.chain)) say(`is of ${quoted(account)}, which is no account of ${trace.chain}`);
		else if (read().has(account)) continue;
		else if (ledgers !== undefined && OF_THE_TRACE.has(kind)) say(`is of ${account}, which the trace does not go through`);
		else strangers.add(account);
	}
	const [first] = strangers;
	return first === undefined ? [] : [`gaps of accounts that no row names (${strangers.size}), first ${first}`];
}

/** Accounts that rows, end points, seeds and passages of a trace name. */
function accountsOf({ chain, edges, leaves, seeds, passages = [] }: Trace): ReadonlySet<string> {
	const moved = [...edges, ...passages.flatMap(({ paid, got }) => [paid, ...(got === undefined ? [] : [got])])];
	return new Set([
		...moved.flatMap(({ from, to }) => [from, to]),
		...leaves.map(({ account }) => account),
		...seeds.flatMap(({ spec, rows }) => [
			...rows.map(({ account }) => account),
			...(spec.startsWith("account:") ? [accountOf(balanceOf(spec)?.account ?? spec.slice("account:".length), chain)] : []),
		]),
	]);
}

function checkHeights({ kind, fromHeight, toHeight }: Gap, cutoff: string | undefined, say: (what: string) => void): void {
	const [from, to] = [fromHeight, toHeight].map((height) => (height === undefined ? undefined : Number(height)));
	if (from !== undefined && to !== undefined && from > to) say(`is of blocks ${fromHeight} to ${toHeight}, which run backwards`);
	const last = Math.max(from ?? 0, to ?? 0);
	if (cutoff !== undefined && kind !== BEHIND_THE_END && last > Number(cutoff))
		say(`is of block ${last}, and the data ends at block ${cutoff}`);
}

/** The numbers of a sentence are those that the trace states; it names no more than `mostAccounts`. */
function numberWrong({ account, asset, toHeight, text }: Gap, trace: Trace, mostAccounts: () => number): string | undefined {
	const { parameters, seeds } = trace;
	const [, budget] = BUDGET.exec(text) ?? [];
	if (budget !== undefined) {
		const { maxAccounts, budgetBound = "no" } = parameters;
		if (budgetBound !== "yes") return "says that a budget bound, and the trace's parameter budgetBound is no";
		return budget === maxAccounts ? undefined : `tells of a budget of ${budget} accounts, and the trace's is ${maxAccounts}`;
	}
	const [, first] = FETCHED_FROM.exec(text) ?? [];
	if (first !== undefined && toHeight !== undefined && Number(first) !== Number(toHeight) + 1)
		return `says that nothing was fetched before height ${first}, and is of what was there at block ${toHeight}`;
	if (text.startsWith(GENESIS) && (toHeight ?? "0") !== "0") return `is of the genesis block, and of block ${toHeight}`;
	const [, listed] = LISTED.exec(text) ?? [];
	if (listed !== undefined && Number(listed.replaceAll(",", "")) > mostAccounts())
		return `tells of ${listed} accounts, and the trace names no more than ${mostAccounts()}`;
	const [, spec, moved, from = "", to = "", txHash = ""] = DERIVED.exec(text) ?? [];
	if (spec === undefined) return undefined;
	const { chain } = trace;
	if (![from, to].every((one) => isAccount(one, chain)) || !isHash(txHash, chain)) return `tells of a movement that is not of ${chain}`;
	if (!seeds.some((seed) => seed.spec === spec)) return `tells of the seed ${quoted(spec)}, which the trace has not`;
	return (account ?? to) === to && (asset ?? moved) === moved ? undefined : `tells of ${moved} to ${to}, and is of ${asset} of ${account}`;
}

/** What a node told otherwise is about an end point, with figures that this does not contradict. */
function differenceOf(gap: Gap, { leaves }: Trace): string | undefined {
	if (!isDifference(gap.kind, gap.text)) return undefined;
	const own = leaves.filter(
		({ account, amounts }) =>
			gap.account === undefined || (account === gap.account && (gap.asset ?? Object.keys(amounts)[0] ?? "") in amounts),
	);
	return differenceWrong(gap, own);
}

function once<T>(make: () => T): () => T {
	let made: T | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
