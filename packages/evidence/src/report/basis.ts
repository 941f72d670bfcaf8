import { type ChainId, countedAssets, countOf, groupBy, rulesOf, statementInWords, type TraceResult } from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { heuristicsOf } from "../bundle/method.js";
import { describeAmount } from "../bundle/picture.js";
import { type Cell, cell, code, type Inline, type Section, strong, text } from "../document/model.js";
import { most, plain, type ReportInput, rowList, whole } from "./shared.js";
import { NOT_STATED, RULE_TEXT, TIER_TEXT, wordsOf } from "./words.js";

export function caseSection({ details, info, tool, redacted }: ReportInput): Section {
	const terms: [string, string][] = [
		["Case", `${info.id}, opened ${info.createdAt}`],
		["Title", `${plain(info.title)} (the words of whoever made the case)`],
		["Requested by", whole(details.requester) || NOT_STATED],
		["Legal basis", whole(details.legalBasis) || NOT_STATED],
		["Jurisdiction", whole(details.jurisdiction) || NOT_STATED],
		["Handling", whole(details.handling) || NOT_STATED],
		["Retention", whole(details.retention ?? "") || NOT_STATED],
		[
			"Made with",
			`${tool.name} ${tool.version}, dependencies by lock file SHA-256 ${tool.lockSha256}, configuration SHA-256 ${tool.configurationSha256}`,
		],
		...(redacted === undefined ? [] : [["Withheld", redacted] as [string, string]]),
	];
	return { heading: "Case and request", blocks: [{ kind: "terms", terms }] };
}

/** Each seed with what arrived by it, and the victim's statement that it rests on. */
export function seedItems(result: TraceResult, statements: CaseDetails["statements"]): Inline[][] {
	const words = wordsOf(result);
	return result.seeds.map((seed) => {
		const amounts = Object.entries(seed.seeded).map(([asset, byRule]) => plain(describeAmount(result, asset, most(byRule))));
		const passed = seed.rows.filter((row) => row.passage !== undefined).length;
		const through = passed === 0 ? "" : `, ${passed} of them out of a bridge or a pool`;
		return [
			code(seed.spec),
			`: ${countOf(seed.rows.length, words.arrival)}${through}, ${amounts.join(", ") || words.nothing}; ${words.statement}: ${whole(statements?.[seed.spec] ?? "") || NOT_STATED}`,
		];
	});
}

export function seedSection(result: TraceResult, statements: CaseDetails["statements"]): Section {
	return {
		heading: wordsOf(result).begins,
		blocks: [text(wordsOf(result).seeds), { kind: "list", items: seedItems(result, statements) }],
	};
}

export function knowledgeSection({ result, known }: ReportInput): Section {
	const counts = groupBy(known.entries(), ([, { tier }]) => tier);
	const rows = [...counts].map(([tier, list]): Cell[] => [
		cell(strong(tier)),
		cell(TIER_TEXT[tier] ?? ""),
		cell(list.length.toString()),
		cell(rowList(list.map(([i]) => i + 1))),
	]);
	return {
		heading: "How each row is known",
		blocks: [
			text(
				`Every one of the ${result.edges.length} rows says how it is known; column known of transfers.csv. ${
					counts.has("proven")
						? "A verifier recomputes the proofs of those that are proven, and says against which block header."
						: "None is proven to a block header: they are as their sources say."
				} ${known.filter(({ block }) => block !== undefined).length} of them name the hash of their block, column block_hash; of the others no source told it.`,
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

/** Which rules were run, and which were not, where that is not all of the chain's. */
function rulesRun({ chain, rules }: TraceResult): string {
	const how = "over the same transfers, in block order, in whole base units.";
	const range = "The range between them is the honest answer; a single figure names its rule.";
	const lacking = rulesOf(chain as ChainId).filter((rule) => !rules.includes(rule));
	if (lacking.length === 0) return `Every rule was run ${how} ${range}`;
	const names = `${lacking.join(", ")} ${lacking.length === 1 ? "was" : "were"} not run, and may say otherwise.`;
	if (rules.length === 1) return `One rule, ${rules[0]}, was run ${how} ${names} A single figure is that rule's, and no range.`;
	return `The rules ${rules.join(", ")} were run ${how} ${names} ${range}`;
}

export function methodSection(result: TraceResult): Section {
	const counted = countedAssets(result);
	const ofCounted = <T>(byAsset: Readonly<Record<string, T>>) => Object.entries(byAsset).filter(([asset]) => counted.has(asset));
	const audits = Object.entries(result.conservation).flatMap(([rule, assets]) =>
		ofCounted(assets ?? {}).map(([asset, s]): Cell[] => [
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
			text(`${rulesRun(result)}${wordsOf(result).rules}`),
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
				caption: `Under ${Object.keys(result.conservation).join(", ")}: ${wordsOf(result).sums}`,
				columns: wordsOf(result).columns.map((name, i) => ({
					name,
					width: i === 0 ? 1.2 : 2,
					numeric: i > 0,
				})),
				rows: audits,
			},
		],
	};
}

export function sourceSection({ result }: ReportInput): Section {
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

export function custodySection({ custody }: ReportInput): Section {
	const rows = custody.map((c): Cell[] => [
		cell(c.sequence.toString()),
		cell(c.at),
		cell(plain(c.action)),
		cell(whole(c.detail)),
		cell(whole(statementInWords(c)) || NOT_STATED),
	]);
	return {
		heading: "Custody",
		blocks: [
			{
				kind: "table",
				caption: "Each entry carries the hash of the one before; a verifier checks the chain. Who and why are what a person stated.",
				columns: [
					{ name: "#", width: 0.7, numeric: true },
					{ name: "when (UTC)", width: 2.5 },
					{ name: "what", width: 2 },
					{ name: "detail", width: 5 },
					{ name: "who, why, with what", width: 3 },
				],
				rows,
			},
		],
	};
}
