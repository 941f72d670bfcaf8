import { type Currency, isoTime, type Total, type Totals, type TraceResult, totalInWords, type Valuing, valuesOfTrace } from "@clew/core";
import { describeAmount } from "@clew/evidence";
import type { Context } from "./context.js";
import { reasonsOf } from "./listed-values.js";
import { showAccount } from "./output.js";
import { printTable } from "./table.js";
import { valueCells, valueColumns } from "./unit-option.js";

/** Prints what a trace's money was worth in its blocks: each seed, and the first `top` end points with their sums. */
export function printTraceValues(context: Context, result: TraceResult, { source, request }: Valuing, top: number): void {
	const { seeds, endPoints, endPointTotals } = valuesOfTrace(result, source, request);
	context.print(
		`\n${context.colours.bold("value at block time")} (each arrival of a seed in its block; an end point in the block in which money last came to it)`,
	);
	for (const [i, { totals }] of seeds.entries()) context.print(`seed ${i + 1}: ${totalsInWords(totals)}`);
	const rows = endPoints
		.slice(0, top)
		.map((one, i) => [
			String(i + 1),
			showAccount(one.account),
			describeAmount(result, one.asset, one.amount),
			one.time === undefined ? "time not known" : isoTime(one.time),
			...valueCells(one.values),
		]);
	if (rows.length > 0)
		printTable(
			context,
			[
				{ title: "#", right: true },
				{ title: "account" },
				{ title: "agreed", right: true },
				{ title: "last came (UTC)", optional: "below" },
				...valueColumns(request.units),
			],
			rows,
		);
	context.print(`all end points, agreed: ${totalsInWords(endPointTotals)}`);
	for (const line of reasonsOf([...seeds.flatMap((one) => one.rows), ...endPoints].map(({ values }) => values))) context.print(line);
}

function totalsInWords(totals: Totals): string {
	return [...totals].map(([unit, total]: [Currency, Total]) => totalInWords(total, unit)).join("; ");
}
