import type { Trace } from "../bundle/formats.js";
import { byAccount, type Covered, kindsOf, readOn } from "../trace/coverage.js";
import type { Replayed } from "./replayed.js";

/**
 * An account that held tainted money and paid at a height up to which the facts do not say that its own payments were read without a break
 * is named by a gap: nothing of what it paid from there on is agreed. Facts may know more than the trace did; calls of contracts, which
 * pay too, are not asked for.
 */
export function checkUnread(trace: Trace, { paidTainted }: Replayed, all: readonly Covered[], differ: (what: string) => void): void {
	const coveredOf = byAccount(all.filter(({ chain = trace.chain }) => chain === trace.chain));
	const gaps = trace.coverage.gaps.flatMap(({ kind, account, asset }) => (kind === "unread-outflow" ? [`${account} ${asset}`] : []));
	const told = new Set(gaps);
	for (const [key, payments] of paidTainted) {
		if (told.has(key)) continue;
		const [account = "", asset = ""] = key.split(" ");
		const kinds = kindsOf(asset).filter((kind) => kind !== "internal");
		const own = coveredOf(account);
		for (const { since, last } of payments) {
			const unread = last !== undefined && kinds.find((kind) => readOn(own, kind, since) < last);
			if (!unread) continue;
			differ(
				`${key}: it paid in block ${last}, and of its ${unread} transfers since block ${since} not all up to there were read: no gap says so`,
			);
			break;
		}
	}
}
