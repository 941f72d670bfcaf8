import { countedOf, type TraceResult, whatIfOf } from "@clew/core";

/** By asset: what every rule that was run agrees on, over all end points; also assets of which nothing arrived. */
export function agreedOf(result: TraceResult): ReadonlyMap<string, bigint> {
	const sums = new Map<string, bigint>();
	for (const { seeded } of result.seeds) for (const asset of Object.keys(seeded)) sums.set(asset, 0n);
	for (const { amounts, agreed } of result.leaves)
		for (const asset of Object.keys(amounts)) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(agreed));
	return sums;
}

/** What a trace is, for programs, when something is made from it: the same that `noteTrace` says in words. */
export function traceSummary(whole: TraceResult) {
	const { counted, others } = countedOf(whole);
	return {
		id: counted.id,
		chain: counted.chain,
		cutoff: counted.coverage.cutoff,
		whatIf: whatIfOf(whole) ?? null,
		seeds: counted.seeds.map(({ spec, seeded, rows }) => ({ spec, arrivals: rows.length, seeded })),
		endPoints: counted.leaves.length,
		agreed: Object.fromEntries(agreedOf(counted)),
		others: others ?? null,
	};
}
