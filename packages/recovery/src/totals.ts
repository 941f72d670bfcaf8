import { compareText } from "@clew/core";
import type { LedgerState, Limits, RequestState } from "./fold.js";

/** Sums of requests that share something, in base units of one asset. */
export interface TotalRow {
	/** A desk or party, a rule or a victim. */
	readonly of: string;
	readonly asset: string;
	readonly asked: bigint;
	readonly open: bigint;
	readonly frozen: bigint;
	readonly seized: bigint;
	readonly destroyed: bigint;
	readonly returned: bigint;
}

/** What came back to a victim of what was taken from it. */
export interface VictimRow {
	readonly victim: string;
	readonly asset: string;
	readonly taken: bigint;
	readonly returned: bigint;
	readonly missing: bigint;
}

/** Sums over requests by party, or by the rule under which they ask; each sorted by name, then asset. Rows add up to the requests. */
export function totalsBy(requests: readonly RequestState[], by: "party" | "rule"): readonly TotalRow[] {
	const rows = new Map<string, TotalRow>();
	for (const { party, desk, rule, asset, asked, pools } of requests) {
		const of = by === "party" ? (desk ?? party) : (rule ?? "no rule named");
		const key = `${of}\n${asset}`;
		const row = rows.get(key) ?? { of, asset, asked: 0n, open: 0n, frozen: 0n, seized: 0n, destroyed: 0n, returned: 0n };
		rows.set(key, {
			...{ of, asset, asked: row.asked + asked, open: row.open + pools.open, frozen: row.frozen + pools.frozen },
			...{ seized: row.seized + pools.seized, destroyed: row.destroyed + pools.destroyed, returned: row.returned + pools.returned },
		});
	}
	return [...rows.values()].sort((a, b) => compareText(a.of, b.of) || compareText(a.asset, b.asset));
}

/** Every victim of the limits with what came back, sorted by victim, then asset. */
export function victimTotals({ returned }: LedgerState, { taken }: Limits): readonly VictimRow[] {
	const back = new Map(returned.map(({ victim, asset, amount }) => [`${victim} ${asset}`, amount]));
	return taken
		.map(({ victim, asset, amount }) => {
			const got = back.get(`${victim} ${asset}`) ?? 0n;
			return { victim, asset, taken: amount, returned: got, missing: amount - got };
		})
		.sort((a, b) => compareText(a.victim, b.victim) || compareText(a.asset, b.asset));
}
