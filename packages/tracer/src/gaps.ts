import { type AccountId, COVERED_KINDS, type LedgerSource, nativeAsset, type TraceGap } from "@clew/core";
import type { TraceRun } from "./trace.js";

/** What the data cannot show, and what was assumed because of it. */
export async function buildGaps(run: TraceRun, source: LedgerSource): Promise<TraceGap[]> {
	const { outcome, request } = run;
	const gaps: TraceGap[] = [...(outcome.gaps ?? [])];
	if (outcome.gaps === undefined)
		for (const [account, from] of outcome.followed) gaps.push(...(await accountGaps(account, from.height, source, run)));
	for (const leaf of outcome.leaves) {
		if (leaf.stop.reason === "unfetched" || leaf.stop.reason === "contract-unknown") {
			gaps.push({
				kind: "unfetched-account",
				account: leaf.account,
				asset: leaf.asset,
				fromHeight: leaf.first.height.toString(),
				text: leaf.stop.detail,
			});
		} else if (leaf.stop.detail.startsWith("behaviour")) {
			gaps.push({ kind: "behaviour-only", account: leaf.account, text: leaf.stop.detail });
		}
	}
	gaps.push(...missingInflows(outcome));
	for (const { account, asset, amount } of outcome.openingShortfalls) {
		gaps.push({
			kind: "opening-balance-unknown",
			account,
			asset,
			amount: amount.toString(),
			text: "before taint arrived it had paid out more than the case shows it received; its opening balance is uncertain",
		});
	}
	if (run.budgetBound)
		gaps.push({
			kind: "block-data",
			text: `the budget of ${request.maxAccounts} accounts bound; leaves with reason budget were not followed`,
		});
	return gaps;
}

/** Accounts whose books lack money: first those that leave most taint open, which are the ones to fetch; then those that make no difference. */
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

async function accountGaps(account: AccountId, height: number, source: LedgerSource, { request }: TraceRun): Promise<TraceGap[]> {
	const { coverage } = await source.profile(account, 1);
	const gaps: TraceGap[] = [];
	if (coverage.length === 0) {
		gaps.push({ kind: "unfetched-account", account, text: "it was seeded or followed, but its own history is not in the case" });
		return gaps;
	}
	const missing = COVERED_KINDS.filter((kind) => !coverage.some((c) => c.kinds.includes(kind)));
	if (missing.length > 0) {
		gaps.push({
			kind: "missing-kind",
			account,
			fromHeight: height.toString(),
			text: `its ${missing.join(" and ")} transfers were not fetched`,
		});
	}
	const first = Math.min(...coverage.map((c) => c.fromHeight));
	if (first > 0) {
		const native = nativeAsset(request.chain);
		if ((await source.openingBalance(account, native, first - 1)) === undefined) {
			gaps.push({
				kind: "opening-balance-unknown",
				account,
				toHeight: (first - 1).toString(),
				text: `nothing was fetched before height ${first}; its balance there counts as 0`,
			});
		}
	}
	for (const note of new Set(coverage.map((c) => c.note))) {
		if (note !== "") gaps.push({ kind: "source-note", account, text: note });
	}
	return gaps;
}
