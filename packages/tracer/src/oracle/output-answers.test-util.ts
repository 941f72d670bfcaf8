import { type AssetId, type Rule, rulesOf, type TraceResult } from "@clew/core";
import { TEST_UTXO_CHAIN } from "@clew/core/testing";
import type { Amounts, OracleAnswer } from "./account-oracle.test-util.js";
import { endOf } from "./labels.test-util.js";

export const OUTPUT_RULES = rulesOf(TEST_UTXO_CHAIN);

const sorted = (rows: Iterable<readonly [string, unknown]>) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
const withoutPoison = (amounts: Amounts) => amounts.filter((_, r) => OUTPUT_RULES[r] !== "poison");

/** A result over outputs in the words of {@link oracleTold}. */
export function outputsTold(result: TraceResult, coin: AssetId) {
	const n = result.seeds.length;
	const read = (tainted: Partial<Record<Rule, string>>, byOrigin: readonly Partial<Record<Rule, string>>[] | undefined): Amounts =>
		OUTPUT_RULES.map((rule) => Array.from({ length: n }, (_, o) => Number((byOrigin?.[o] ?? tainted)[rule] ?? 0)));
	const sums = new Map<string, number[][]>();
	for (const [o, audit] of (n > 1 ? (result.conservationByOrigin ?? []) : [result.conservation]).entries())
		for (const [rule, assets] of Object.entries(audit))
			for (const [what, amount] of Object.entries(assets?.[coin] ?? {})) {
				const rows = sums.get(what) ?? OUTPUT_RULES.map(() => new Array<number>(n).fill(0));
				(rows[OUTPUT_RULES.indexOf(rule as Rule)] as number[])[o] = Number(amount);
				sums.set(what, rows);
			}
	return {
		leaves: sorted(
			result.leaves.map((l) => [
				`${l.account} ${endOf(l.stop)}`,
				[read(l.amounts[coin] ?? {}, l.byOrigin?.[coin]), `${l.arrivals.first} to ${l.arrivals.last}, ${l.arrivals.count}`],
			]),
		),
		edges: sorted(result.edges.map((e) => [e.position, read(e.tainted, e.byOrigin)])),
		marks: sorted(
			result.seeds.flatMap((s) =>
				s.rows.map((r) => [`${s.origin} ${r.position}`, OUTPUT_RULES.map((rule) => Number(r.seeded[rule]))] as const),
			),
		),
		sums: sorted(
			[...sums].map(([what, rows]) => [what, withoutPoison(rows)] as const).filter(([, rows]) => rows.flat().some((x) => x > 0)),
		),
	};
}

/** The oracle's answer over outputs, with its parts in an order of their own. */
export function oracleTold({ leaves, edges, marks, sums }: OracleAnswer) {
	return {
		leaves: sorted([...leaves].map(([key, { amounts, arrivals }]) => [key, [amounts, arrivals]])),
		edges: sorted(edges),
		marks: sorted(marks),
		sums: sorted(
			[...sums].map(([what, rows]) => [what, withoutPoison(rows)] as const).filter(([, rows]) => rows.flat().some((x) => x > 0)),
		),
	};
}
