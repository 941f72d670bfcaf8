import {
	NO_PRICE,
	type TotalJson,
	type TraceResult,
	type TraceValuesJson,
	totalFrom,
	totalInWords,
	type ValueJson,
	valueFrom,
	valueInWords,
} from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, text } from "../document/model.js";
import { symbolOf } from "../interchange/shared.js";
import { address, LISTED, plain, whole } from "./shared.js";
import { wordsOf } from "./words.js";

/** What the assets are worth by the word of who made the case, each with its source; nothing is computed from it. */
export function valueBlocks({ values = {} }: CaseDetails, result: TraceResult, hasPrices: boolean): Block[] {
	const terms = Object.entries(values).map(
		([asset, { value, source }]) => [`${symbolOf(result, asset)}, ${asset}`, `${whole(value)}; source: ${whole(source)}`] as const,
	);
	if (terms.length === 0) return hasPrices ? [] : [text("Value in money: [not stated]. Clew knows no prices.")];
	return [text("Value in money, as whoever made the case states it. No amount here is computed from it:"), { kind: "terms", terms }];
}

/** What seeds and end points were worth in their blocks, with the sources of the prices; nothing where no value was asked for. */
export function blockValueBlocks(values: TraceValuesJson | undefined, result: TraceResult): Block[] {
	if (values === undefined) return [];
	const totals = (all: Readonly<Record<string, TotalJson>>) =>
		values.units.map((unit) => totalInWords(totalFrom(all[unit] as TotalJson), unit)).join("; ");
	const words = wordsOf(result);
	const sources = [...new Set(values.prices.map(({ origin }) => `${plain(origin.id)} (${origin.tier})`))];
	const terms = [
		...values.seeds.map(({ origin, totals: all }) => [`${words.seed} ${origin + 1}, ${words.seedValue}`, totals(all)] as const),
		[`${words.End}s, ${words.endValue}`, totals(values.endPointTotals)] as const,
		["Prices by", sources.length === 0 ? "nobody: the case held none that fits" : sources.join("; ")] as const,
	];
	const { units, endPoints } = values;
	const cell = (words: string): Cell => [[words]];
	const rows = endPoints
		.slice(0, LISTED.events)
		.map(({ account, asset, amount, values: own }, i): Cell[] => [
			cell(String(i + 1)),
			[[address(account)]],
			cell(describeAmount(result, asset, BigInt(amount))),
			...units.map((unit) => cell(valueInWords(valueFrom(own[unit] as ValueJson), unit))),
		]);
	const share = 30 / units.length;
	return [
		text(
			`Value at block time, rounded here; exact, with every price, in values.json. A price is the nearest at or before the block, of a market at most ${values.rules.marketAge / 3600} hours old, of a central bank at most ${values.rules.referenceAge / 86_400} days; where sources differ by ${values.rules.disagreement} % or more there is a range. What has ${NO_PRICE} is in no sum:`,
		),
		{ kind: "terms", terms },
		...(rows.length === 0
			? []
			: [
					{
						kind: "table" as const,
						caption: `${words.End}s, what is agreed and what that was worth${endPoints.length > rows.length ? `; the first ${rows.length} of ${endPoints.length}` : ""}`,
						columns: [
							{ name: "#", width: 5, numeric: true },
							{ name: "account", width: 40 },
							{ name: "agreed", width: 25, numeric: true },
							...units.map((unit) => ({ name: unit, width: share, numeric: true })),
						],
						rows,
					},
				]),
	];
}
