import { groupBy, openOf, type TraceGap, type TraceResult, wideningOf } from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { amount, type Cell, cell, type Inline, type Section, strong, text } from "../document/model.js";
import { address, LISTED, plain, whole } from "./shared.js";
import { wordsOf } from "./words.js";

/** Accounts named in a line of gaps. */
const NAMED = 12;

/** What the data cannot show: gaps of one kind that say the same but for numbers are one line, with its count and the accounts. */
export function gapSection(result: TraceResult): Section {
	const { gaps, cutoff } = result.coverage;
	const heading = "What the data cannot show";
	const open = openOf(result.coverage);
	const widened = wideningOf(result.leaves).map(({ asset, agreed, most }) =>
		text(
			`Left open: ${open?.what.join(", ")}. Here ${open?.holds}, so that over all ${wordsOf(result).ends} agreed is ${plain(describeAmount(result, asset, agreed))} less and at most ${plain(describeAmount(result, asset, most))} more than the rules' own amounts, which show one placing.`,
		),
	);
	const until = text(`The data ends at block ${cutoff}, as the trace states it. Absence of data is not absence of a transfer.`);
	if (gaps.length === 0) return { heading, blocks: [until, text("The trace names no gap.")] };
	const folded = [...groupBy(gaps, ({ kind, text }) => `${kind} ${text.replace(/[0-9]+/g, "0")}`).values()];
	const kinds = new Set(gaps.map(({ kind }) => kind)).size;
	const rows = folded.slice(0, LISTED.gaps).map((same): Cell[] => {
		const [first] = same as [TraceGap, ...TraceGap[]];
		const alike = new Set(same.map((gap) => gap.text)).size === 1;
		return [
			cell(same.length.toString()),
			cell(strong(first.kind)),
			[[alike || same.length === 1 ? "" : "such as: ", whole(first.text)]],
			[
				...same.slice(0, NAMED).flatMap((gap) => where(result, gap)),
				...(same.length > NAMED ? [[`and ${same.length - NAMED} more, in trace.json`]] : []),
			],
		];
	});
	return {
		heading,
		wide: true,
		blocks: [
			until,
			...widened,
			{
				kind: "table",
				caption: `${gaps.length} gaps of ${kinds} ${kinds === 1 ? "kind" : "kinds"}, those that say the same together${folded.length > LISTED.gaps ? `; the first ${LISTED.gaps} of ${folded.length} lines` : ""}`,
				columns: [
					{ name: "gaps", width: 0.8, numeric: true },
					{ name: "kind", width: 2 },
					{ name: "what", width: 5 },
					{ name: "where", width: 6 },
				],
				rows,
			},
		],
	};
}

function where(result: TraceResult, gap: TraceGap): Inline[][] {
	const heights = [gap.fromHeight ? `from block ${gap.fromHeight}` : "", gap.toHeight ? `to block ${gap.toHeight}` : ""]
		.filter((x) => x !== "")
		.join(" ");
	const show = (units: string | undefined): Inline[] =>
		units && gap.asset ? [amount(plain(describeAmount(result, gap.asset, BigInt(units))))] : [];
	const [sum, there] = [show(gap.amount), show(gap.balance)];
	const about = [
		...(heights === "" ? [] : [heights]),
		...(sum.length === 0 ? [] : [heights === "" ? "" : "; ", ...sum]),
		...(there.length === 0 ? [] : ["; the node says ", ...there]),
	];
	if (gap.account) return [[address(gap.account), ...(about.length === 0 ? [] : [" ", ...about])]];
	return about.length === 0 ? [] : [about];
}
