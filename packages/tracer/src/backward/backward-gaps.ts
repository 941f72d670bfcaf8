import { COVERED_KINDS, type Coverage, chainOf, type LedgerReader, nativeAsset, type TraceGap } from "@clew/core";
import { holeGaps, sourceNotes } from "../account-gaps.js";
import { assetGaps, unverifiedRows } from "../asset-gaps.js";
import { lastKnownBalance, unknownOpening } from "../balance-gaps.js";
import type { UnreadOutflows } from "../books.js";
import { unreadIn } from "../read-runs.js";
import type { TraceRun } from "../trace.js";

const BEHIND_THEM = "the amounts reckon with none of what came by them";
const NOT_KNOWN = "what else came to it, or left it, is not known";

/** What the data cannot show of where money came from: the gaps of a backward trace that a forward one words otherwise. */
export async function backwardGaps({ request, outcome, edges }: TraceRun, source: LedgerReader): Promise<TraceGap[]> {
	const gaps: TraceGap[] = [];
	// Over outputs the sweep itself tells what it lacks.
	for (const [account, { height }] of outcome.gaps === undefined ? outcome.followed : []) {
		const { coverage } = outcome.profiles?.get(account) ?? (await source.profile(account, 1));
		const toHeight = height.toString();
		const missing = COVERED_KINDS.filter((kind) => !coverage.some((c) => c.kinds.includes(kind) && c.fromHeight <= height));
		if (missing.length > 0)
			gaps.push({
				kind: "missing-kind",
				account,
				toHeight,
				text: `its ${missing.join(" and ")} transfers up to there were not fetched: ${BEHIND_THEM}`,
			});
		if (coverage.length > 0)
			gaps.push(...holeGaps(account, coverage, { from: 0, to: height }, BEHIND_THEM), ...sourceNotes(account, coverage));
		const opening = await unknownOpening(account, nativeAsset(chainOf(account)), coverage, source);
		if (opening !== undefined)
			gaps.push({
				kind: "opening-balance-unknown",
				account,
				toHeight: opening.toString(),
				text: "what it had at the end of that block was not read: it counts as 0, and what was there before is an end",
			});
	}
	for (const { account, asset, amount, first, last, uncertain } of outcome.unknownFunds)
		gaps.push({
			kind: uncertain > 0n ? "missing-inflow" : "unknown-funds",
			account,
			asset,
			amount: amount.toString(),
			...(uncertain > 0n ? { uncertain: uncertain.toString() } : {}),
			fromHeight: first.height.toString(),
			toHeight: last.height.toString(),
			text:
				uncertain > 0n
					? "it paid out more than the case shows it received: what came to it unread, and when, decides where the rest came from; fetch its whole history to narrow agreed and at most"
					: "it paid out more than the case shows it received; nothing that is asked about depends on it",
		});
	for (const unread of outcome.unreadOutflows ?? []) {
		const { coverage } = outcome.profiles?.get(unread.account) ?? (await source.profile(unread.account, 1));
		gaps.push(await unreadInflow(unread, coverage, source));
	}
	for (const { account, asset, height } of outcome.unorderedBlocks ?? [])
		gaps.push({
			kind: "order-unknown",
			account,
			asset,
			fromHeight: height.toString(),
			toHeight: height.toString(),
			text: "it moved several times in this block, in an order that no source tells: no source further back is agreed; fetch the block from a node",
		});
	return [...gaps, ...unverifiedRows(edges), ...(await assetGaps(edges, source)), ...fellOutside(request.until)];
}

/** An account behind which no source is agreed: from when to when its own history is not in the case, at or below a height. */
async function unreadInflow(
	{ account, asset, to, uncertain }: UnreadOutflows,
	coverage: readonly Coverage[],
	source: LedgerReader,
): Promise<TraceGap> {
	const known = await lastKnownBalance(account, asset, coverage, source, to);
	const stretches = (from: number) => unreadIn(coverage, chainOf(account), asset, { from, to });
	const since = known === undefined ? [] : stretches(known + 1);
	// Read whole since its balance was known, it went back further than that.
	const unread = since.length > 0 ? since : stretches(0);
	const [first, last] = [unread[0]?.from ?? 0, unread.at(-1)?.to ?? to];
	const heights = unread.length > 1 ? `, in ${unread.length} stretches` : "";
	return {
		kind: "unread-inflow",
		account,
		asset,
		fromHeight: first.toString(),
		toHeight: last.toString(),
		uncertain: uncertain.toString(),
		text: `its own history, with internal calls for the coin, is not known to be whole between these heights${heights}: ${NOT_KNOWN}, and may have been there all along, so that no source behind it is agreed; fetch it`,
	};
}

function fellOutside(since: number | undefined): TraceGap[] {
	if (since === undefined) return [];
	return [{ kind: "block-data", toHeight: (since - 1).toString(), text: "blocks up to there were not read, as was asked" }];
}
