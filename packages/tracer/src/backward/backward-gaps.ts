import { COVERED_KINDS, chainOf, type LedgerReader, nativeAsset, type TraceGap } from "@clew/core";
import { assetGaps, unverifiedRows } from "../asset-gaps.js";
import { unknownOpening } from "../balance-gaps.js";
import type { TraceRun } from "../trace.js";

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
				text: `its ${missing.join(" and ")} transfers up to there were not fetched: the amounts reckon with none of what came by them`,
			});
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
	for (const { account, asset, to, uncertain } of outcome.unreadOutflows ?? [])
		gaps.push({
			kind: "unread-inflow",
			account,
			asset,
			toHeight: to.toString(),
			uncertain: uncertain.toString(),
			text: `its own history, with internal calls for the coin, is not known to be whole from its beginning up to there: ${NOT_KNOWN}, and may have been there all along, so that no source behind it is agreed; fetch it`,
		});
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

function fellOutside(since: number | undefined): TraceGap[] {
	if (since === undefined) return [];
	return [{ kind: "block-data", toHeight: (since - 1).toString(), text: "blocks up to there were not read, as was asked" }];
}
