import { agreeing, computed, defang, defangLong, type Rule, statementInWords } from "@clew/core";
import { groupLeaves } from "../bundle/leaf-groups.js";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, cell, code, type Inline, strong } from "../document/model.js";
import { seedItems } from "../report/basis.js";
import { NOT_STATED, RULE_TEXT, TIER_TEXT } from "../report/words.js";
import { wording } from "../verify/wording.js";
import type { BundleFacts } from "./facts.js";

const whole = (text: string) => defangLong(text) || NOT_STATED;
const terms = (list: readonly (readonly [string, string])[]): Block => ({ kind: "terms", terms: list });
const list = (items: readonly (readonly Inline[])[]): Block => ({ kind: "list", items });

/** What a template of a certification may name and is no line of text, by placeholder. */
export function certificateBlocks(facts: BundleFacts): Record<string, readonly Block[]> {
	const { counted, report, tiers, custody, manifest } = facts;
	return {
		bundle: [terms(bundleTerms(facts))],
		made: [terms(madeTerms(facts))],
		custody: [custodyTable(custody)],
		seeds: [list(seedItems(counted, manifest.details.statements))],
		rules: [terms(counted.rules.map((rule) => [rule, RULE_TEXT[rule as Rule]] as const))],
		results: [resultTable(facts)],
		heuristics: [heuristicList(facts)],
		verified: [list(wording(report, false).map((line) => [line]))],
		known: [list(tiers.map(([tier, rows]) => [`${rows} rows: `, strong(tier), `: ${TIER_TEXT[tier] ?? "as the bundle says"}`]))],
		limits: [list(limitsOf(facts).map((words) => [words]))],
	};
}

function bundleTerms({ name, manifest, seal, files, result }: BundleFacts): [string, string][] {
	const { case: info, details, rows, whatIf, redacted } = manifest;
	return [
		["Bundle", `${name}, ${files.length} files, ${files.reduce((sum, { bytes }) => sum + bytes, 0)} bytes`],
		["Case", `${info.id}, opened ${defangLong(info.createdAt)} by the clock of whoever made it`],
		["Title", `${whole(info.title)} (the words of whoever made the case)`],
		["Trace", `${result.id}, chain ${result.chain}, data up to block ${result.coverage.cutoff}`],
		...(result.direction === undefined ? [] : [["Direction", "backward: it says where money came from"] as [string, string]]),
		...(whatIf === undefined ? [] : [["What-if, not the usual trace of all of it", defangLong(whatIf)] as [string, string]]),
		["Manifest", `manifest.json, ${seal.bytes} bytes`],
		["SHA-256 of the manifest", seal.sha256],
		["SHA-512 of the manifest", seal.sha512],
		["Rows", `${rows.count}, Merkle root ${rows.root}`],
		["Requested by", whole(details.requester)],
		["Legal basis", whole(details.legalBasis)],
		["Jurisdiction", whole(details.jurisdiction)],
		["Handling", whole(details.handling)],
		["Retention", whole(details.retention ?? "")],
		...(redacted === undefined ? [] : [["Withheld", defangLong(redacted)] as [string, string]]),
	];
}

function madeTerms({ manifest: { tool }, custody, report }: BundleFacts): [string, string][] {
	const last = custody[custody.length - 1];
	const signers = report.signedBy.join(", ");
	return [
		[
			"Made with",
			`${defangLong(tool.name)} ${defangLong(tool.version)}, dependencies by lock file SHA-256 ${defangLong(tool.lockSha256)}, configuration SHA-256 ${tool.configurationSha256}`,
		],
		[
			"Made when",
			last === undefined
				? "not stated: the custody log is empty"
				: `after ${defangLong(last.at)}, the last entry of its custody log, by the clock of whoever kept it; the bundle names no time of its own`,
		],
		[
			"Time stamp",
			report.time === undefined
				? "none"
				: `existed at ${report.time.at}, says ${defangLong(report.time.authority)}; ${report.time.root === undefined ? "its certificate was not checked against a trusted root" : `trusted by ${defangLong(report.time.root)}`}`,
		],
		["Signature of the manifest", signers === "" ? "none: the bundle does not show who made it" : `by key ${signers}`],
	];
}

/** What was done to the case, as its log has it. */
function custodyTable(custody: BundleFacts["custody"]): Block {
	return {
		kind: "table",
		caption: "Custody log",
		columns: [
			{ name: "when (UTC)", width: 2.5 },
			{ name: "what", width: 2 },
			{ name: "detail", width: 5 },
			{ name: "who, why, with what", width: 3 },
		],
		rows: custody.map((entry): Cell[] =>
			[entry.at, entry.action, entry.detail, statementInWords(entry)].map((text) => cell(defangLong(text) || NOT_STATED)),
		),
	};
}

/** Over all end points, by asset. */
function resultTable({ counted }: BundleFacts): Block {
	const shown = computed(counted);
	const show = (asset: string, units: bigint) => cell(shown(defang(describeAmount(counted, asset, units))));
	const sum = (asset: string, rule: string) =>
		counted.leaves.reduce((total, { amounts }) => total + BigInt(amounts[asset]?.[rule as Rule] ?? "0"), 0n);
	return {
		kind: "table",
		caption: "Over all end points of the trace",
		columns: [
			{ name: "asset", width: 4 },
			...counted.rules.map((name) => ({ name, width: 2, numeric: true })),
			{ name: `agreed by ${agreeing(counted) ?? "no rule"}`, width: 3, numeric: true },
			{ name: "at most by any, each end point alone", width: 3, numeric: true },
		],
		rows: groupLeaves(counted.leaves, () => "all").map(({ asset, agreed, most }): Cell[] => [
			cell(code(asset)),
			...counted.rules.map((rule) => cell(defang(describeAmount(counted, asset, sum(asset, rule))))),
			show(asset, agreed),
			show(asset, most),
		]),
	};
}

function heuristicList({ heuristics }: BundleFacts): Block {
	if (heuristics.length === 0) return list([["None decided anything in this trace."]]);
	return list(
		heuristics.map(({ name, version, parameters, errorRate, used }) => [
			strong(name),
			` ${version}, used ${used} times; ${defangLong(parameters)}; error rate: ${errorRate}`,
		]),
	);
}

/** What a signer must not say more than. */
function limitsOf({ result, counted, others, tiers, report }: BundleFacts): string[] {
	const rows = report.rows.length;
	const proven = tiers.find(([tier]) => tier === "proven")?.[1] ?? 0;
	const labelled = counted.leaves.filter(({ labels }) => labels.length > 0).length;
	const { gaps, cutoff } = result.coverage;
	return [
		`${rows - proven} of ${rows} rows are not proven to a block header: they are as their sources say.`,
		...(proven === 0 || report.verdict === "verified"
			? []
			: ["Of the rows that are proven, not all lead to a header that whoever checked knows from elsewhere."]),
		`The data ends at block ${cutoff}, as the trace states it. Absence of data is not absence of a transfer.`,
		`The trace names ${gaps.length} gaps in its data; report.html lists them.`,
		`${labelled} of ${counted.leaves.length} end points carry a label. A label is somebody's claim, with its source beside it, and no fact of the chain.`,
		...(others === undefined ? [] : [`${others}: in the bundle, and not counted here.`]),
		"Who controls an account stands on no chain: an account is not a person.",
		...(report.signedBy.length === 0 ? ["Nobody signed the bundle: its hashes show damage, and not who made it."] : []),
		...(report.time === undefined ? ["No trusted time stamp shows that it existed at a time."] : []),
	];
}
