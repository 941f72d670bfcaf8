import {
	type AccountId,
	type AssetId,
	CONSERVING_RULES,
	type Coverage,
	countOf,
	formatPosition,
	isNative,
	isPlaceGuessed,
	type LedgerReader,
	type Position,
	type Rule,
	type TraceGap,
} from "@clew/core";
import { accountGaps } from "./account-gaps.js";
import { assetGaps, unverifiedRows } from "./asset-gaps.js";
import { backwardGaps } from "./backward/backward-gaps.js";
import { untoldGaps } from "./block-gaps.js";
import { MOST_PASSAGES } from "./parameters.js";
import { transferOf } from "./seeds.js";
import { nobodyNamed } from "./stops.js";
import type { TraceRun } from "./trace.js";

/** What the data cannot show, and what was assumed because of it. */
export async function buildGaps(run: TraceRun, source: LedgerReader): Promise<TraceGap[]> {
	const { outcome, request } = run;
	const gaps: TraceGap[] = [...(outcome.gaps ?? [])];
	const backward = request.direction === "backward";
	if (outcome.gaps === undefined && !backward) {
		const accounts = [...seededUnreached(run), ...outcome.followed];
		const exchanging = new Set(run.edges.flatMap(({ conversion }) => conversion?.account ?? []));
		const tokensOf = tokensByAccount(run.edges);
		let listed = 0;
		for (const [account, { height }] of accounts) {
			const { coverage } = outcome.profiles?.get(account) ?? (await source.profile(account, 1));
			gaps.push(
				...(await accountGaps(account, height, coverage, source, {
					tokens: tokensOf.get(account) ?? [],
					exchanges: exchanging.has(account),
				})),
			);
			if (isListedAlone(coverage)) listed++;
		}
		gaps.push(...blockPayments(listed));
	}
	for (const leaf of outcome.leaves) {
		if (leaf.stop.reason === "unfetched" || leaf.stop.reason === "contract-unknown") {
			gaps.push({
				kind: "unfetched-account",
				account: leaf.account,
				asset: leaf.asset,
				fromHeight: leaf.came.first.height.toString(),
				text: leaf.stop.detail,
			});
		} else if (nobodyNamed(leaf.stop)) {
			gaps.push({ kind: "behaviour-only", account: leaf.account, text: leaf.stop.detail });
		} else if (leaf.stop.label === "unknown") gaps.push({ kind: "label-validity", account: leaf.account, text: leaf.stop.detail });
	}
	addAll(gaps, await derivedSeeds(request, source), passedLabels(outcome));
	if (backward) addAll(gaps, await backwardGaps(run, source));
	else addAll(gaps, ...(await forwardGaps(run, source)));
	addAll(gaps, await untoldGaps(run, source));
	if (run.budgetBound)
		gaps.push({
			kind: "block-data",
			text: `the budget of ${request.maxAccounts} accounts bound; leaves with reason budget were not followed`,
		});
	return gaps;
}

/** What a trace forward says of books that lack money, and of tokens. */
async function forwardGaps(run: TraceRun, source: LedgerReader): Promise<TraceGap[][]> {
	const { outcome, edges } = run;
	const openings = outcome.openingShortfalls.map(
		({ account, asset, amount }): TraceGap => ({
			kind: "opening-balance-unknown",
			account,
			asset,
			amount: amount.toString(),
			text: "before taint arrived it had paid out more than the case shows it received; its opening balance is uncertain",
		}),
	);
	return [
		missingInflows(outcome),
		unreadOutflows(outcome),
		unorderedBlocks(outcome),
		openPassages(run),
		unfollowedPassages(run),
		openings,
		unverifiedRows(edges),
		await assetGaps(edges, source),
	];
}

/** Adds long lists, of which each may have more entries than a call takes arguments. */
function addAll(gaps: TraceGap[], ...lists: readonly (readonly TraceGap[])[]): void {
	for (const list of lists) for (const gap of list) gaps.push(gap);
}

/** Seeds that name a transfer by a place that the case derived from what it holds of the transaction. */
async function derivedSeeds({ chain, seeds }: TraceRun["request"], source: LedgerReader): Promise<TraceGap[]> {
	const gaps: TraceGap[] = [];
	for (const seed of seeds) {
		if (seed.kind !== "transfer") continue;
		const { kind, from, to, asset, amount, txHash, position } = await transferOf(source, chain, seed);
		const byPlace = seed.txHash === undefined && isPlaceGuessed(position);
		// A transaction has one value, whose place is always the same.
		const byEvent = kind !== "native" && (await source.derivedEvents(chain, txHash)).includes(position.eventIndex);
		if (!byPlace && !byEvent) continue;
		const text = `no source tells the place that the seed ${seed.spec} names, it is derived: after another import it may name another transfer; here it is ${amount} base units of ${asset} from ${from} to ${to}, transaction ${txHash}`;
		gaps.push({ kind: "source-note", account: to, asset, fromHeight: position.height.toString(), text });
	}
	return gaps;
}

/** Tokens of which tainted ones came to an account or left it. */
function tokensByAccount(edges: TraceRun["edges"]): ReadonlyMap<AccountId, ReadonlySet<AssetId>> {
	const tokens = new Map<AccountId, Set<AssetId>>();
	for (const { transfer } of edges) {
		const { from, to, asset } = transfer;
		if (isNative(asset)) continue;
		for (const account of [from, to]) tokens.set(account, (tokens.get(account) ?? new Set()).add(asset));
	}
	return tokens;
}

/** True for an account of which the case holds lists of transactions, and nobody read whole blocks. */
function isListedAlone(coverage: readonly Coverage[]): boolean {
	const native = coverage.filter((c) => c.kinds.includes("native"));
	return native.length > 0 && native.every((c) => c.account !== undefined);
}

/** What no list of an account's transactions holds: one gap for all accounts of which there is nothing but lists. */
function blockPayments(listed: number): TraceGap[] {
	if (listed === 0) return [];
	const text = `what blocks pay (who made them, validators who withdraw) stands in no list of transactions, and of ${countOf(listed, "account")} the case holds no whole blocks: agreed reckons only with such payments that a file tells`;
	return [{ kind: "missing-kind", text }];
}

/** Accounts that are seeds and that nothing reached, which no end point tells of. */
function seededUnreached({ request, outcome }: TraceRun): [AccountId, Position][] {
	const known = new Set<AccountId>([...outcome.followed.keys(), ...outcome.leaves.map(({ account }) => account)]);
	return request.seeds.flatMap((seed): [AccountId, Position][] =>
		seed.kind === "account" && !known.has(seed.account) ? [[seed.account, seed.since]] : [],
	);
}

/** Labels that had ended when money came, which therefore did not stop it. */
function passedLabels({ passedLabels: all }: TraceRun["outcome"]): TraceGap[] {
	return all.map(({ account, detail, first, last }) => ({
		kind: "label-validity",
		account,
		fromHeight: first.height.toString(),
		toHeight: last.height.toString(),
		text: `${detail}, and did not hold any more when money came at these heights: that label did not stop it`,
	}));
}

const FEES_UNREAD =
	"files tell its fees at these heights without a part (for the first layer, or for blobs): what it holds is not agreed, and what is agreed of its payments does not reckon with that part; fetch its history from a node, or from files that tell whole fees";

const CONTRACT_PAID =
	"it has code, nobody read all that it paid, and the case shows that it paid after the money came, which ends there: whether any of it is left is not known, and no bound reckons with whom it paid; fetch its history, with calls";

/** Accounts that paid behind heights that nobody read: first those that leave most taint open. */
function unreadOutflows({ unreadOutflows: all = [] }: TraceRun["outcome"]): TraceGap[] {
	const worst = [...all].sort((a, b) => (a.uncertain === b.uncertain ? 0 : a.uncertain > b.uncertain ? -1 : 1));
	return worst.map(({ account, asset, from, to, uncertain, fees, contract }) => ({
		kind: "unread-outflow",
		account,
		asset,
		fromHeight: from.toString(),
		toHeight: to.toString(),
		uncertain: uncertain.toString(),
		text: fees
			? FEES_UNREAD
			: contract
				? CONTRACT_PAID
				: "it paid at or after heights at which its own history is not known to be whole in the case: what else left it, or came, is not known, so nothing that it paid from then on is agreed; fetch its history on to that payment",
	}));
}

/** Blocks in which an order that nobody told, of transactions or of events in one, decides what of an account's payments was tainted. */
function unorderedBlocks({ unorderedBlocks: all = [] }: TraceRun["outcome"]): TraceGap[] {
	return all.map(({ account, asset, height, gone, pays }) => ({
		kind: "order-unknown",
		account,
		asset,
		fromHeight: height.toString(),
		toHeight: height.toString(),
		text: `${pays ? "it paid in one of several transactions of this block, or events of one, in an order that no source tells" : "it was paid in several transactions of this block, or events of one, in an order that no source tells, which decides of what it paid later"}: agreed holds for every order${gone ? "; what it paid before the tainted money came, by the order that was guessed, may have been of it, and is not followed" : ""}; fetch the block from a node`,
	}));
}

/** What came out of passages, and was open where it went in: on another chain, whose gaps say why. */
function openPassages({ request: { rules }, outcome: { seedings }, passages = [] }: TraceRun): TraceGap[] {
	const own = new Set(passages.flatMap(({ got }) => (got === undefined ? [] : [`${got.chain} ${formatPosition(got.position)}`])));
	const conserving = (marked: readonly bigint[]) => marked.filter((_, i) => CONSERVING_RULES.includes(rules[i] as Rule));
	return seedings.flatMap(({ transfer: { chain, position, to, asset }, marked, passage, range }): TraceGap[] => {
		if (passage === undefined || range === undefined || own.has(`${chain} ${formatPosition(position)}`)) return [];
		const [least, most] = range;
		if (conserving(marked).every((amount) => amount === least && amount === most)) return [];
		return [
			{
				kind: "open-passage",
				account: to,
				asset,
				uncertain: (most - least).toString(),
				fromHeight: position.height.toString(),
				toHeight: position.height.toString(),
				text: "how much of what came out of a passage here is tainted is not known exactly, by the gaps of the trace of the chain where it went in: agreed holds whatever it was, at most as far as that trace says it does; close those gaps",
			},
		];
	});
}

/** Passages whose money is not followed on, since too many follow one another. */
function unfollowedPassages({ unfollowed = [] }: TraceRun): TraceGap[] {
	return unfollowed.map(({ paid: { from, asset, position } }) => ({
		kind: "unfollowed-passage",
		account: from,
		asset,
		fromHeight: position.height.toString(),
		toHeight: position.height.toString(),
		text: `what this pays into a passage comes out, and is not followed there: no more than ${MOST_PASSAGES} passages in a row are; trace it from where it comes out`,
	}));
}

/**
 * Accounts whose books lack money: first those that leave most taint open, which are the ones to fetch; then those that make no difference.
 */
function missingInflows({ unknownFunds }: TraceRun["outcome"]): TraceGap[] {
	const worst = [...unknownFunds].sort((a, b) => (a.uncertain === b.uncertain ? 0 : a.uncertain > b.uncertain ? -1 : 1));
	return worst.map(({ account, asset, amount, first, last, uncertain }) => {
		const common = { account, asset, amount: amount.toString(), fromHeight: first.height.toString(), toHeight: last.height.toString() };
		if (uncertain === 0n)
			return {
				kind: "unknown-funds",
				...common,
				text: "it paid out more than the case shows it received; the difference counts as clean, and no tainted money depends on it",
			};
		return {
			kind: "missing-inflow",
			...common,
			uncertain: uncertain.toString(),
			text: "it paid out more than the case shows it received: which payments took the tainted money depends on when the missing money came; fetch its whole history to narrow agreed and at most",
		};
	});
}
