import {
	agreeing,
	type ChainId,
	CONSERVING_RULES,
	computed,
	countOf,
	datesInWords,
	formatAmount,
	goesForward,
	groupBy,
	leafStandings,
	NOT_COMPUTED,
	type Rule,
	rulesOf,
	shownSymbol,
	standingInWords,
	type TraceAmounts,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import { groupLeaves, groupServices, type LeafGroup, pointKey, type rowsByPoint } from "../bundle/leaf-groups.js";
import { describeAmount } from "../bundle/picture.js";
import { amount, type Block, type Cell, cell, code, type Inline, type Section, strong, text } from "../document/model.js";
import { address, LISTED, plain, rowList, whole } from "./shared.js";
import { RULE_TEXT, wordsOf } from "./words.js";

type RowsByPoint = ReturnType<typeof rowsByPoint>;

const GROUP_COLUMNS = [
	{ name: "accounts", width: 1, numeric: true },
	{ name: "agreed", width: 3, numeric: true },
	{ name: "at most", width: 3, numeric: true },
] as const;

function groupTable(
	result: TraceResult,
	caption: string,
	first: string,
	groups: readonly LeafGroup[],
	name: (group: LeafGroup) => Cell,
): Block {
	const agreed = computed(result);
	const show = (g: LeafGroup, units: bigint) => cell(amount(agreed(plain(describeAmount(result, g.asset, units)))));
	const rows = groups.map((g) => [name(g), cell(g.leaves.toString()), show(g, g.agreed), show(g, g.most)]);
	return { kind: "table", caption, columns: [{ name: first, width: 4 }, ...GROUP_COLUMNS], rows };
}

/** Whose agreement the report speaks of. */
function by(result: TraceResult): string {
	return agreeing(result) ?? "no rule (not computed: no conserving rule was run)";
}

export function summarySection(result: TraceResult): Section {
	const services = groupServices(result);
	const words = wordsOf(result);
	const byReason = groupLeaves(result.leaves, (leaf) => leaf.stop.reason);
	return {
		heading: words.where,
		blocks: [
			text(strong("Agreed"), ` is what ${by(result)}${words.agreed}`, strong("At most"), words.atMost),
			groupTable(result, `${words.End}s by kind`, words.End.toLowerCase(), byReason, (g) =>
				cell(strong(g.key), `: ${words.stop[g.key] ?? ""}`),
			),
			services.length === 0
				? text(`No ${words.End.toLowerCase()} carries the label of a service.`)
				: groupTable(
						result,
						"Services by name. A name is somebody's label (tier: attribution), not a fact of the chain.",
						"service",
						services,
						(g) => cell(strong(plain(g.key))),
					),
		],
	};
}

function leafLines(
	result: TraceResult,
	leaf: TraceLeaf,
	asset: string,
	rows: RowsByPoint,
	standingOf: ReturnType<typeof leafStandings>,
): Cell {
	const { outpoints = [], arrivals } = leaf;
	const symbol = shownSymbol(asset, result.assets[asset]?.symbol ?? "", result.assets);
	return [
		[address(leaf.account)],
		...leaf.labels.map((l): Inline[] => [
			strong(plain(l.entity)),
			` (${plain(l.name)}; ${plain(l.category)}; source ${plain(l.source)}${l.retrievedAt ? ` of ${plain(l.retrievedAt)}` : ", which gives no date"}; confidence ${l.confidence}${standingNote(standingInWords(l, standingOf(leaf, l)) || datesInWords(l))})`,
		]),
		[symbol ? `${symbol} ` : "", code(asset)],
		...outpoints.slice(0, LISTED.outpoints).map(({ outpoint }): Inline[] => [code(outpoint)]),
		...(outpoints.length > LISTED.outpoints ? [[`and ${outpoints.length - LISTED.outpoints} more outputs`]] : []),
		[strong(leaf.stop.reason), `: ${whole(leaf.stop.detail)}`],
		[
			`${rowList((rows.get(pointKey(leaf.account, asset)) ?? []).map(({ row }) => row))}${arrivals.count === 0 ? "" : `; ${countOf(arrivals.count, goesForward(result) ? "arrival" : "payment")}, positions ${arrivals.first} to ${arrivals.last}`}`,
		],
	];
}

function standingNote(words: string): string {
	return words === "" ? "" : `; ${words}`;
}

/** Head of the column of what is agreed. */
function agreedBy(result: TraceResult): string {
	return agreeing(result) === "every conserving rule" ? "agreed by all" : "agreed by the rules that were run";
}

/** End points under one rule, with what is agreed and at most; base units below each amount. */
function leafTable(result: TraceResult, caption: string, rule: Rule, rowsTo: RowsByPoint): Block {
	const standingOf = leafStandings(result);
	const rows = result.leaves.slice(0, LISTED.leaves).flatMap((leaf, i) =>
		Object.entries(leaf.amounts).map(([asset, amounts]): Cell[] => {
			const decimals = result.assets[asset]?.decimals ?? 0;
			const show = (units = "0"): Cell => [
				[amount(formatAmount(BigInt(units), decimals))],
				...(decimals === 0 || units === "0" ? [] : [[amount(`(${units})`)]]),
			];
			return [
				cell((i + 1).toString()),
				leafLines(result, leaf, asset, rowsTo, standingOf),
				show(amounts[rule]),
				...[leaf.agreed, leaf.range[1]].map((units) => (agreeing(result) === undefined ? cell(NOT_COMPUTED) : show(units))),
			];
		}),
	);
	return {
		kind: "table",
		caption,
		columns: [
			{ name: "#", width: 0.7, numeric: true },
			{ name: "account, asset, why the trace ends there, rows", width: 9 },
			...[rule, agreedBy(result), "at most by any"].map((name) => ({ name, width: 3, numeric: true })),
		],
		rows,
	};
}

/** Each amount once, with the rules that say it: `499.5: fifo, lifo`. */
function byAmount(result: TraceResult, asset: string, amounts: TraceAmounts): Cell {
	const rulesOfAmount = groupBy(result.rules, (rule) => amounts[rule] ?? "0");
	return [...rulesOfAmount].map(([units, rules]): Inline[] => [
		amount(plain(describeAmount(result, asset, BigInt(units)))),
		`: ${rules.join(", ")}`,
	]);
}

/** The same end points under every rule, told by number, account and end: all else of them stands in the exhibit. */
function ruleTable(result: TraceResult, caption: string): Block {
	const rows = result.leaves
		.slice(0, LISTED.leaves)
		.flatMap((leaf, i) =>
			Object.entries(leaf.amounts).map(([asset, amounts]): Cell[] => [
				cell((i + 1).toString()),
				[[address(leaf.account)], [leaf.stop.reason]],
				byAmount(result, asset, amounts),
			]),
		);
	return {
		kind: "table",
		caption,
		columns: [
			{ name: "#", width: 0.7, numeric: true },
			{ name: "account and end", width: 5 },
			{ name: "amount: rules that say it", width: 7 },
		],
		rows,
	};
}

function cutNote(result: TraceResult): Block[] {
	return result.leaves.length > LISTED.leaves
		? [text(`Only the first ${LISTED.leaves} of ${result.leaves.length} ${wordsOf(result).ends} are listed here; all stand in trace.json.`)]
		: [];
}

export function exhibitSection(result: TraceResult, rule: Rule, rowsTo: RowsByPoint, reason: Block): Section {
	return {
		heading: `Exhibit: ${wordsOf(result).ends} under ${rule}, ${wordsOf(result).order}`,
		wide: true,
		blocks: [
			text(
				strong(rule),
				`: ${RULE_TEXT[rule]} One rule is named so that a single figure can be quoted; what ${by(result)} agrees on, and the most that any says, stand beside it, and each rule alone in the annex.`,
			),
			reason,
			leafTable(result, `Ranked by what ${by(result)} agrees on. Whole units of the asset, and base units in brackets.`, rule, rowsTo),
			...cutNote(result),
		],
	};
}

/** How many end points lie outside what the two bounds of one ledger say there. */
function outsideBounds(result: TraceResult): string[] {
	const { leaves, rules } = result;
	const { ends } = wordsOf(result);
	if (!rules.includes("difo") || !rules.includes("dilo")) return [];
	const outside = leaves.filter(({ amounts }) =>
		Object.values(amounts).some((byRule) => {
			const [a, b] = [BigInt(byRule.difo ?? "0"), BigInt(byRule.dilo ?? "0")];
			const [least, most] = a < b ? [a, b] : [b, a];
			return CONSERVING_RULES.some((rule) => {
				const amount = byRule[rule];
				return amount !== undefined && (BigInt(amount) < least || BigInt(amount) > most);
			});
		}),
	).length;
	const where = outside === 0 ? `none of these ${ends} lies outside them` : `${outside} of ${leaves.length} ${ends} lie outside them`;
	return [`difo and dilo bound what leaves one ledger, not what arrives after several: ${where}.`];
}

export function annexSection(result: TraceResult): Section {
	const isRun = rulesOf(result.chain as ChainId).every((rule) => result.rules.includes(rule)) ? "" : " that was run";
	const poison = result.rules.includes("poison") ? "; poison conserves nothing and supports no claim" : "";
	return {
		heading: `Annex: the same ${wordsOf(result).ends} under every rule${isRun}`,
		wide: true,
		blocks: [
			...outsideBounds(result).map((words) => text(words)),
			ruleTable(result, `Every rule${isRun} side by side${poison}.`),
			...cutNote(result),
		],
	};
}

/** One table a seed when there are several, since claimants stay apart. */
export function originSections(result: TraceResult): Section[] {
	if (result.seeds.length < 2) return [];
	const words = wordsOf(result);
	const blocks = result.seeds.flatMap((seed): Block[] => {
		const rows = result.leaves.flatMap((leaf) =>
			Object.entries(leaf.byOrigin ?? {}).flatMap(([asset, perOrigin]): Cell[][] => {
				const amounts = perOrigin[seed.origin] ?? {};
				if (Object.values(amounts).every((x) => x === "0")) return [];
				return [[[[address(leaf.account)], [leaf.stop.reason]], byAmount(result, asset, amounts)]];
			}),
		);
		return [
			{ kind: "heading", text: `${words.seed} ${seed.origin + 1} alone` },
			text(code(seed.spec)),
			{
				kind: "table",
				caption: words.reached,
				columns: [
					{ name: "account and end", width: 5 },
					{ name: "amount: rules that say it", width: 7 },
				],
				rows,
			},
		];
	});
	return [{ heading: `Each ${words.seed.toLowerCase()} alone`, wide: true, blocks }];
}
