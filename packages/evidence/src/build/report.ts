import {
	type AccountId,
	defang,
	displayAddress,
	formatAmount,
	type Rule,
	type TraceAmounts,
	type TraceEdge,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import type { BundleInput } from "./bundle.js";
import { type Block, type Cell, cell, code, type Inline, type Paper, type Section, strong, text } from "./document/model.js";
import { groupLeaves, groupServices, type LeafGroup } from "./leaf-groups.js";
import { heuristicsOf } from "./method.js";
import { describeAmount, pictureRule } from "./picture.js";
import { GLOSSARY, NOT_STATED, RULE_TEXT, STOP_TEXT, TIER_TEXT } from "./report-words.js";
import type { RowKnowledge } from "./rows.js";

/** What a report is written from. */
export interface ReportInput extends BundleInput {
	readonly known: readonly RowKnowledge[];
	readonly tool: { readonly name: string; readonly version: string; readonly lockSha256: string; readonly configurationSha256: string };
}

/** Lists longer than this are cut in the paper; everything stands in trace.json and transfers.csv. */
const LISTED = { rows: 12, outpoints: 20, leaves: 2_000, events: 60, gaps: 500 } as const;

const plain = (value: string) => defang(value);
const address = (account: string) => code(displayAddress(account as AccountId));

/** The report as a paper: one named rule as exhibit, every other rule as its annex. Made from the trace and the case's own words alone. */
export function reportDocument(input: ReportInput): Paper {
	const { info, details, result } = input;
	const exhibit = pictureRule(result);
	const rowsTo = arrivalRows(result);
	return {
		title: `${plain(info.title)}: tracing report`,
		subtitle: `Case ${info.id}, trace ${result.id}, chain ${result.chain}, data up to block ${result.coverage.cutoff}.`,
		handling: plain(details.handling),
		sections: [
			caseSection(input),
			seedSection(result),
			summarySection(result),
			exhibitSection(result, exhibit, rowsTo),
			{
				heading: "Flow",
				wide: true,
				blocks: [
					{ kind: "flow", text: `The accounts through which most of it went, under ${exhibit}. Every transfer stands in transfers.csv.` },
				],
			},
			timelineSection(result, exhibit),
			annexSection(result, rowsTo),
			...originSections(result),
			knowledgeSection(input),
			gapSection(result),
			methodSection(result),
			sourceSection(input),
			custodySection(input),
			{ heading: "Glossary", blocks: [{ kind: "terms", terms: GLOSSARY }] },
			limitSection(),
		],
	};
}

function caseSection({ details, info, tool, redacted }: ReportInput): Section {
	const terms: [string, string][] = [
		["Case", `${info.id}, opened ${info.createdAt}`],
		["Requested by", plain(details.requester) || NOT_STATED],
		["Legal basis", plain(details.legalBasis) || NOT_STATED],
		["Jurisdiction", plain(details.jurisdiction) || NOT_STATED],
		["Handling", plain(details.handling) || NOT_STATED],
		[
			"Made with",
			`${tool.name} ${tool.version}, dependencies by lock file SHA-256 ${tool.lockSha256}, configuration SHA-256 ${tool.configurationSha256}`,
		],
		...(redacted === undefined ? [] : [["Withheld", redacted] as [string, string]]),
	];
	return { heading: "Case and request", blocks: [{ kind: "terms", terms }] };
}

function seedSection(result: TraceResult): Section {
	const items = result.seeds.map((seed): Inline[] => {
		const amounts = Object.entries(seed.seeded).map(([asset, byRule]) => plain(describeAmount(result, asset, most(byRule))));
		return [code(seed.spec), `: ${seed.rows.length} arrivals, ${amounts.join(", ") || "nothing arrived"}`];
	});
	return {
		heading: "What was taken as stolen",
		blocks: [
			text(
				"These are the seeds: statements by whoever asked for the trace, not findings. Everything after this section is inferred from them by the rules named.",
			),
			{ kind: "list", items },
		],
	};
}

function most(amounts: TraceAmounts): bigint {
	return Object.entries(amounts).reduce((max, [rule, x]) => (rule !== "poison" && BigInt(x) > max ? BigInt(x) : max), 0n);
}

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
	const show = (g: LeafGroup, units: bigint) => cell(plain(describeAmount(result, g.asset, units)));
	const rows = groups.map((g) => [name(g), cell(g.leaves.toString()), show(g, g.agreed), show(g, g.most)]);
	return { kind: "table", caption, columns: [{ name: first, width: 4 }, ...GROUP_COLUMNS], rows };
}

function summarySection(result: TraceResult): Section {
	const services = groupServices(result);
	const byReason = groupLeaves(result.leaves, (leaf) => leaf.stop.reason);
	return {
		heading: "Where it went",
		blocks: [
			text(
				strong("Agreed"),
				" is what every conserving rule agrees on. ",
				strong("At most"),
				" adds up each account's own maximum over the rules; these cannot all be true at once.",
			),
			groupTable(result, "End points by kind", "end point", byReason, (g) => cell(strong(g.key), `: ${STOP_TEXT[g.key] ?? ""}`)),
			services.length === 0
				? text("No end point carries the label of a service.")
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

/** For each account and asset the rows that brought tainted money there. */
function arrivalRows(result: TraceResult): Map<string, number[]> {
	const rows = new Map<string, number[]>();
	const add = (account: string, asset: string, row: number) => {
		const known = rows.get(`${account} ${asset}`);
		if (known) known.push(row);
		else rows.set(`${account} ${asset}`, [row]);
	};
	for (const edge of result.edges) {
		if (edge.kind === "fee") continue;
		add(edge.to, edge.into?.asset ?? edge.asset, edge.row);
	}
	return rows;
}

/** Rows by number, the first and last of them when there are many. */
export function rowList(rows: readonly number[]): string {
	if (rows.length === 0) return "no row";
	const shown = rows.slice(0, LISTED.rows).join(", ");
	return `${rows.length === 1 ? "row" : "rows"} ${shown}${rows.length > LISTED.rows ? ` and ${rows.length - LISTED.rows} more, the last ${rows[rows.length - 1]}` : ""}`;
}

function leafLines(result: TraceResult, leaf: TraceLeaf, asset: string, rows: ReadonlyMap<string, number[]>): Cell {
	const { outpoints = [], arrivals } = leaf;
	const symbol = result.assets[asset]?.symbol;
	return [
		[address(leaf.account)],
		...leaf.labels.map((l): Inline[] => [
			strong(plain(l.entity)),
			` (${plain(l.name)}; ${plain(l.category)}; source ${plain(l.source)}${l.retrievedAt ? ` of ${plain(l.retrievedAt)}` : ""}; confidence ${l.confidence})`,
		]),
		[symbol ? `${plain(symbol)} ` : "", code(asset)],
		...outpoints.slice(0, LISTED.outpoints).map(({ outpoint }): Inline[] => [code(outpoint)]),
		...(outpoints.length > LISTED.outpoints ? [[`and ${outpoints.length - LISTED.outpoints} more outputs`]] : []),
		[strong(leaf.stop.reason), `: ${plain(leaf.stop.detail)}`],
		[
			`${rowList(rows.get(`${leaf.account} ${asset}`) ?? [])}${arrivals.count === 0 ? "" : `; ${arrivals.count} arrivals, positions ${arrivals.first} to ${arrivals.last}`}`,
		],
	];
}

function leafTable(
	result: TraceResult,
	caption: string,
	rules: readonly Rule[],
	rowsTo: ReadonlyMap<string, number[]>,
	range: boolean,
): Block {
	const rows = result.leaves.slice(0, LISTED.leaves).flatMap((leaf, i) =>
		Object.entries(leaf.amounts).map(([asset, amounts]): Cell[] => {
			const show = (units: string | undefined) => cell(formatAmount(BigInt(units ?? "0"), result.assets[asset]?.decimals ?? 0));
			return [
				cell((i + 1).toString()),
				leafLines(result, leaf, asset, rowsTo),
				...rules.map((rule) => show(amounts[rule])),
				...(range ? [show(leaf.agreed), show(leaf.range[1])] : []),
			];
		}),
	);
	const amountColumns = [...rules, ...(range ? ["agreed by all", "at most by any"] : [])].map((name) => ({
		name,
		width: range ? 3 : 1.4,
		numeric: true,
	}));
	return {
		kind: "table",
		caption,
		columns: [
			{ name: "#", width: 0.7, numeric: true },
			{ name: "account, asset, why the trace ends there, rows", width: range ? 9 : 5 },
			...amountColumns,
		],
		rows,
	};
}

function cutNote(result: TraceResult): Block[] {
	return result.leaves.length > LISTED.leaves
		? [text(`Only the first ${LISTED.leaves} of ${result.leaves.length} end points are listed here; all stand in trace.json.`)]
		: [];
}

function exhibitSection(result: TraceResult, rule: Rule, rowsTo: ReadonlyMap<string, number[]>): Section {
	return {
		heading: `Exhibit: end points under ${rule}, freeze first`,
		wide: true,
		blocks: [
			text(
				strong(rule),
				`: ${RULE_TEXT[rule]} One rule is named so that a single figure can be quoted; what every conserving rule agrees on, and the most that any says, stand beside it, and each rule alone in the annex.`,
			),
			leafTable(
				result,
				"Ranked by what every conserving rule agrees on. Whole units of the asset; base units stand in trace.json.",
				[rule],
				rowsTo,
				true,
			),
			...cutNote(result),
		],
	};
}

function annexSection(result: TraceResult, rowsTo: ReadonlyMap<string, number[]>): Section {
	return {
		heading: "Annex: the same end points under every rule",
		wide: true,
		blocks: [
			leafTable(result, "Every rule side by side; poison conserves nothing and supports no claim.", result.rules, rowsTo, false),
			...cutNote(result),
		],
	};
}

/** The largest movements of the exhibit's rule, in time. Assets are ranked apart. */
function timelineSection(result: TraceResult, rule: Rule): Section {
	const taintOf = (edge: TraceEdge) => BigInt(edge.tainted[rule] ?? "0");
	const assets = [...new Set(result.edges.map((edge) => edge.asset))];
	const share = Math.max(1, Math.floor(LISTED.events / Math.max(1, assets.length)));
	const largest = assets.flatMap((asset) =>
		result.edges
			.filter((edge) => edge.asset === asset && edge.kind !== "fee" && taintOf(edge) > 0n)
			.sort((a, b) => (taintOf(a) === taintOf(b) ? a.row - b.row : taintOf(a) > taintOf(b) ? -1 : 1))
			.slice(0, share),
	);
	const rows = largest
		.sort((a, b) => a.row - b.row)
		.map((edge): Cell[] => [
			cell(edge.row.toString()),
			[[edge.time || "time not known"], [`block ${edge.position.split(".")[0]}`]],
			[[address(edge.from)], ["to ", address(edge.to)], [code(edge.txHash)]],
			cell(plain(describeAmount(result, edge.asset, taintOf(edge)))),
		]);
	return {
		heading: "Timeline",
		wide: true,
		blocks: [
			{
				kind: "table",
				caption: `The largest movements under ${rule}, in order of time (UTC); all ${result.edges.length} stand in transfers.csv.`,
				columns: [
					{ name: "row", width: 0.7, numeric: true },
					{ name: "when", width: 2 },
					{ name: "from, to, transaction", width: 7 },
					{ name: `tainted under ${rule}`, width: 3, numeric: true },
				],
				rows,
			},
		],
	};
}

/** One table a seed when there are several, since claimants stay apart. */
function originSections(result: TraceResult): Section[] {
	if (result.seeds.length < 2) return [];
	return result.seeds.map((seed) => {
		const rows = result.leaves.flatMap((leaf) =>
			Object.entries(leaf.byOrigin ?? {}).flatMap(([asset, perOrigin]): Cell[][] => {
				const amounts = perOrigin[seed.origin] ?? {};
				if (Object.values(amounts).every((x) => x === "0")) return [];
				const shown = result.rules.map((rule) => cell(plain(describeAmount(result, asset, BigInt(amounts[rule] ?? "0")))));
				return [[[[address(leaf.account)], [leaf.stop.reason]], ...shown]];
			}),
		);
		return {
			heading: `Seed ${seed.origin + 1} alone`,
			wide: true,
			blocks: [
				text(code(seed.spec)),
				{
					kind: "table",
					caption: "What of this seed alone reached each end point.",
					columns: [{ name: "account and end", width: 5 }, ...result.rules.map((name) => ({ name, width: 2, numeric: true }))],
					rows,
				},
			],
		};
	});
}

function knowledgeSection({ result, known }: ReportInput): Section {
	const counts = new Map<string, number[]>();
	for (const [i, { tier }] of known.entries()) {
		const rows = counts.get(tier);
		if (rows) rows.push(i + 1);
		else counts.set(tier, [i + 1]);
	}
	const rows = [...counts].map(([tier, list]): Cell[] => [
		cell(strong(tier)),
		cell(TIER_TEXT[tier] ?? ""),
		cell(list.length.toString()),
		cell(rowList(list)),
	]);
	return {
		heading: "How each row is known",
		blocks: [
			text(
				`Every one of the ${result.edges.length} rows says how it is known; column known of transfers.csv. A verifier recomputes the proofs and says against which block header.`,
			),
			{
				kind: "table",
				caption: "Rows by how they are known",
				columns: [
					{ name: "known by", width: 1.5 },
					{ name: "what that means", width: 6 },
					{ name: "rows", width: 1, numeric: true },
					{ name: "which", width: 4 },
				],
				rows,
			},
		],
	};
}

function gapSection(result: TraceResult): Section {
	const { gaps, cutoff } = result.coverage;
	const heading = "What the data cannot show";
	const until = text(`Nothing after block ${cutoff} is in the data. Absence of data is not absence of a transfer.`);
	if (gaps.length === 0) return { heading, blocks: [until, text("No gap is known.")] };
	const rows = gaps.slice(0, LISTED.gaps).map((gap): Cell[] => {
		const amount = gap.amount && gap.asset ? ` (${plain(describeAmount(result, gap.asset, BigInt(gap.amount)))})` : "";
		const heights = [gap.fromHeight ? `from block ${gap.fromHeight}` : "", gap.toHeight ? `to block ${gap.toHeight}` : ""]
			.filter((x) => x !== "")
			.join(" ");
		return [cell(gap.kind), [...(gap.account ? [[address(gap.account)]] : []), [heights]], cell(`${plain(gap.text)}${amount}`)];
	});
	return {
		heading,
		blocks: [
			until,
			{
				kind: "table",
				caption: `${gaps.length} gaps${gaps.length > LISTED.gaps ? `, the first ${LISTED.gaps} of them` : ""}`,
				columns: [
					{ name: "gap", width: 2 },
					{ name: "where", width: 4 },
					{ name: "what", width: 5 },
				],
				rows,
			},
		],
	};
}

function methodSection(result: TraceResult): Section {
	const audits = Object.entries(result.conservation).flatMap(([rule, assets]) =>
		Object.entries(assets ?? {}).map(([asset, s]): Cell[] => [
			cell(rule),
			...[s.seeded, s.convertedIn, s.held, s.stopped, s.fees, s.convertedOut].map((x) =>
				cell(plain(describeAmount(result, asset, BigInt(x)))),
			),
		]),
	);
	const heuristics = heuristicsOf(result).map((h): Cell[] => [
		cell(strong(h.name), ` ${h.version}`),
		cell(h.parameters),
		cell(h.exceptions),
		cell(h.errorRate),
		cell(h.used.toString()),
	]);
	return {
		heading: "Method",
		blocks: [
			text(
				"Every rule was run over the same transfers, in block order, in whole base units. The range between them is the honest answer; a single figure names its rule.",
			),
			{ kind: "terms", terms: result.rules.map((rule) => [rule, RULE_TEXT[rule]] as const) },
			{ kind: "heading", text: "Conventions that change a number" },
			{ kind: "terms", terms: Object.entries(result.conventions) },
			{ kind: "heading", text: "Parameters" },
			{ kind: "terms", terms: Object.entries(result.parameters) },
			{ kind: "heading", text: "Heuristics" },
			{
				kind: "table",
				caption: "What is assumed and not computed from the chain",
				columns: [
					{ name: "heuristic", width: 2 },
					{ name: "parameters", width: 3 },
					{ name: "exceptions", width: 4 },
					{ name: "error rate", width: 2 },
					{ name: "used", width: 1, numeric: true },
				],
				rows: heuristics,
			},
			{ kind: "heading", text: "Conservation" },
			{
				kind: "table",
				caption: "For every rule and asset: seeded + exchanged in = held + stopped + fees + exchanged out",
				columns: ["rule", "seeded", "exchanged in", "held", "stopped", "fees", "exchanged out"].map((name, i) => ({
					name,
					width: i === 0 ? 1.2 : 2,
					numeric: i > 0,
				})),
				rows: audits,
			},
		],
	};
}

function sourceSection({ result }: ReportInput): Section {
	const rows = result.coverage.sources.map((s): Cell[] => [
		cell(code(s.id)),
		cell(plain(s.name)),
		cell(plain(s.detail)),
		cell(code(s.sha256)),
	]);
	return {
		heading: "Sources",
		blocks: [
			{
				kind: "table",
				caption: "Files and nodes that the data came from",
				columns: [
					{ name: "id", width: 3 },
					{ name: "name", width: 3 },
					{ name: "what", width: 3 },
					{ name: "SHA-256", width: 4 },
				],
				rows,
			},
		],
	};
}

function custodySection({ custody }: ReportInput): Section {
	const rows = custody.map((c): Cell[] => [cell(c.sequence.toString()), cell(c.at), cell(plain(c.action)), cell(plain(c.detail))]);
	return {
		heading: "Custody",
		blocks: [
			{
				kind: "table",
				caption: "Each entry carries the hash of the one before; a verifier checks the chain.",
				columns: [
					{ name: "#", width: 0.7, numeric: true },
					{ name: "when (UTC)", width: 2.5 },
					{ name: "what", width: 2 },
					{ name: "detail", width: 6 },
				],
				rows,
			},
		],
	};
}

function limitSection(): Section {
	return {
		heading: "What this report is not",
		blocks: [
			{
				kind: "list",
				items: [
					["It is no legal process and replaces none. It is no finding of guilt: an account is not a person."],
					["It is no promise of recovery, and nobody owes a fee for it."],
					[
						"Three tiers of claim are kept apart: ",
						strong("structural"),
						" (recomputable from the chain: every transfer and amount here), ",
						strong("attribution"),
						" (a label, with source and confidence), ",
						strong("lead"),
						" (a suggestion; none is in this report).",
					],
					[
						"Check it: open verify.html of a Clew release in a browser, or run node verify.mjs on this folder. It recomputes every hash, every sum, every row and every proof. Take the verifier from a source that you trust, not only from this folder.",
					],
				],
			},
		],
	};
}
