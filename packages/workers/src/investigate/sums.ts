import { CONSERVING_RULES, rangeOfRows, type Sum, type TraceResult } from "@clew/core";

/** What went into fees, by asset. */
export function feesOf({ conservation }: TraceResult): Sum[] {
	const sums = new Map<string, Record<string, string>>();
	for (const rule of CONSERVING_RULES)
		for (const [asset, { fees }] of Object.entries(conservation[rule] ?? {})) sums.set(asset, { ...sums.get(asset), [rule]: fees });
	return [...sums].flatMap(([asset, tainted]) => {
		const sum = rangeOfRows([{ tainted }]);
		return sum === undefined || sum.most === 0n ? [] : [{ asset, agreed: sum.least, most: sum.most }];
	});
}
