import {
	type AccountId,
	type BlockGap,
	compareText,
	firstFrom,
	firstUnrooted,
	type LedgerReader,
	ledgerOf,
	type Position,
	type TraceGap,
} from "@clew/core";
import type { TraceRun } from "./trace.js";

/**
 * What sources left untold of transactions in which the money of this trace moved or ended, of its accounts, and of the blocks in which its
 * rows stand.
 */
export async function untoldGaps({ request, outcome, edges }: TraceRun, source: LedgerReader): Promise<TraceGap[]> {
	if (ledgerOf(request.chain) === "outputs") return [];
	const since = new Map<AccountId, number>();
	const note = (account: AccountId, { height }: Position) => since.set(account, Math.min(height, since.get(account) ?? height));
	for (const [account, from] of outcome.followed) note(account, from);
	for (const { account, came } of outcome.leaves) note(account, came.first);
	const known = await source.blockGaps(request.chain);
	const ofAccounts = known.flatMap(({ account, fromHeight, toHeight, gap }): TraceGap[] => {
		const from = account === undefined ? undefined : since.get(account);
		if (account === undefined || from === undefined || toHeight < from || fromHeight > (request.until ?? toHeight)) return [];
		return [
			{
				kind: "block-data",
				account,
				fromHeight: Math.max(from, fromHeight).toString(),
				toHeight: Math.min(request.until ?? toHeight, toHeight).toString(),
				text: gap,
			},
		];
	});
	return [...gapsOfBlocks(edges, known), ...ofAccounts];
}

/** What a trace says in other words, or by convention. */
const SAID_ELSEWHERE =
	/^internal transfers not fetched: the node offers no traces$|ids of NFTs, not amounts: left out$|^transfers of NFTs /;

/**
 * What sources left untold of blocks in which rows of the trace stand, one gap for each text, of the first such block to the last; and the
 * first block of all whose content no root bears out.
 */
function gapsOfBlocks(edges: TraceRun["edges"], known: readonly BlockGap[]): TraceGap[] {
	const cited = [...new Set(edges.flatMap(({ transfer: t }) => (t.provenance === "imported" ? [] : [t.position.height])))];
	cited.sort((a, b) => a - b);
	const unrooted = firstUnrooted(known);
	const found = new Map<string, { from: number; to: number }>();
	for (const { account, gap, fromHeight, toHeight } of known) {
		if (account !== undefined || unrooted.has(gap) || SAID_ELSEWHERE.test(gap)) continue;
		const first = cited[firstFrom(cited, fromHeight)];
		const last = cited[firstFrom(cited, toHeight + 1) - 1];
		if (first === undefined || last === undefined || first > last) continue;
		const before = found.get(gap) ?? { from: first, to: last };
		found.set(gap, { from: Math.min(before.from, first), to: Math.max(before.to, last) });
	}
	// Of those nobody knows whether something of the trace stands in them, and no row shows: the first is named.
	for (const [gap, height] of unrooted) found.set(gap, { from: height, to: height });
	return [...found]
		.sort(([a], [b]) => compareText(a, b))
		.map(([text, { from, to }]) => ({
			kind: "block-data",
			fromHeight: from.toString(),
			toHeight: to.toString(),
			text,
		}));
}
