import {
	type AccountId,
	type CaseInfo,
	type CustodyEntry,
	defang,
	displayAddress,
	escapeHtml,
	formatAmount,
	type Rule,
	type TraceAmounts,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import { groupLeaves, groupServices, type LeafGroup } from "./leaf-groups.js";
import { describeAmount } from "./picture.js";
import { REPORT_CSS } from "./report-css.js";

/** What a report is written from. `picture` is an SVG element. */
export interface ReportInput {
	readonly info: CaseInfo;
	readonly result: TraceResult;
	readonly custody: readonly CustodyEntry[];
	readonly picture: string;
	readonly toolVersion: string;
}

const RULE_TEXT: Record<Rule, string> = {
	fifo: "First in, first out (Clayton's Case): an outflow takes the oldest money.",
	lifo: "Last in, first out: an outflow takes the newest money.",
	haircut: "Pro rata (rolling charge): an outflow takes from every origin in proportion to its share of the balance.",
	poison: "Any tainted balance makes the whole outflow tainted. For screening only: it does not conserve value and supports no claim.",
	libr: "Lowest intermediate balance: the wrongdoer spends clean money first; taint falls only when the balance falls below it. Each claimant alone.",
	tiho: "Taint in, highest out: in each transaction tainted money goes to the outputs of highest value first.",
	difo: "Tainted money first out: the upper bound of what any conserving rule can say has left an account.",
	dilo: "Tainted money last out: the lower bound.",
};

const STOP_TEXT: Record<string, string> = {
	service: "a service that holds funds of many people; never followed further",
	mixer: "a mixing service",
	bridge: "a bridge to another chain",
	swap: "an exchange contract",
	unspent: "still there at the end of the data",
	dust: "below the dust threshold",
	budget: "outside the account budget",
	"time-window": "held when the time window ended",
	unfetched: "the account's own history is not in the case",
	"contract-unknown": "a contract whose internal calls are not in the case",
	burned: "destroyed",
};

/** Outputs of an end point that a report lists. */
const LISTED_OUTPOINTS = 20;

const text = (value: string) => escapeHtml(defang(value));
const code = (value: string) => `<code>${escapeHtml(value)}</code>`;
const address = (account: string) => code(displayAddress(account as AccountId));

/** The report: one HTML file without script or outside reference, made from the trace alone. */
export function reportHtml(input: ReportInput): string {
	const { info, result } = input;
	const sections = [
		summary(input),
		flow(input),
		leafTable(result),
		...originTables(result),
		gapList(result),
		method(result),
		sources(result),
		custodyTable(input.custody),
		limits(),
	];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${text(info.title)}: tracing report</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<header>
<h1>${text(info.title)}</h1>
<p>Tracing report. Case ${code(info.id)}, trace ${code(result.id)}, chain ${code(result.chain)}, data up to block ${result.coverage.cutoff}. Made with Clew ${text(input.toolVersion)}.</p>
</header>
${sections.join("\n")}
</body>
</html>
`;
}

function summary({ result }: ReportInput): string {
	const seeds = result.seeds
		.map((seed) => {
			const amounts = Object.entries(seed.seeded).map(([asset, byRule]) => text(describeAmount(result, asset, most(byRule))));
			return `<li>${code(seed.spec)}: ${seed.rows.length} arrivals, ${amounts.join(", ") || "nothing arrived"}</li>`;
		})
		.join("");
	return `<section><h2>Summary</h2>
<p>What was taken as stolen (the seeds):</p><ul>${seeds}</ul>
<p>Where it went, by kind of end point. <em>Agreed</em> is what every conserving rule agrees on. <em>At most</em> adds up each account's own maximum over the rules; these cannot all be true at once.</p>
${reasonTable(result)}
${entityTable(result)}
</section>`;
}

function most(amounts: TraceAmounts): bigint {
	return Object.entries(amounts).reduce((max, [rule, x]) => (rule !== "poison" && BigInt(x) > max ? BigInt(x) : max), 0n);
}

function groupRows(result: TraceResult, groups: readonly LeafGroup[], first: (group: LeafGroup) => string): string {
	return groups
		.map(
			(g) =>
				`<tr><td>${first(g)}</td><td class="n">${g.leaves}</td><td class="n">${text(describeAmount(result, g.asset, g.agreed))}</td><td class="n">${text(describeAmount(result, g.asset, g.most))}</td></tr>`,
		)
		.join("");
}

function reasonTable(result: TraceResult): string {
	const rows = groupRows(
		result,
		groupLeaves(result.leaves, (leaf) => leaf.stop.reason),
		(g) => `<strong>${escapeHtml(g.key)}</strong>: ${escapeHtml(STOP_TEXT[g.key] ?? "")}`,
	);
	return `<table><thead><tr><th>end point</th><th>accounts</th><th>agreed</th><th>at most</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function entityTable(result: TraceResult): string {
	const services = groupServices(result);
	if (services.length === 0) return "<p>No end point carries the label of a service.</p>";
	const rows = groupRows(result, services, (g) => `<strong>${text(g.key)}</strong>`);
	return `<p>Services by name. A name is somebody's label (tier: attribution), not a fact of the chain; its source stands in the table of end points.</p>
<table><thead><tr><th>service</th><th>accounts</th><th>agreed</th><th>at most</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function flow({ picture }: ReportInput): string {
	return `<section class="wide"><h2>Flow</h2><p>The accounts through which most of it went; every transfer stands in <code>transfers.csv</code>.</p><figure>${picture}</figure></section>`;
}

function leafTable(result: TraceResult): string {
	const head = result.rules.map((rule) => `<th>${rule}</th>`).join("");
	const rows = result.leaves.map((leaf, i) => leafRow(result, leaf, i + 1)).join("");
	return `<section class="wide"><h2>End points, freeze first</h2>
<p>Ranked by what every conserving rule agrees on. Amounts in whole units of the asset; base units stand in <code>trace.json</code>.</p>
<table class="leaves"><thead><tr><th>#</th><th>account, asset, and why the trace ends there</th><th>agreed</th>${head}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

function leafRow(result: TraceResult, leaf: TraceLeaf, rank: number): string {
	const labels = leaf.labels
		.map(
			(l) =>
				`<br><strong>${text(l.entity)}</strong> (${text(l.name)}; ${text(l.category)}; source ${text(l.source)}${l.retrievedAt ? ` of ${text(l.retrievedAt)}` : ""}; confidence ${l.confidence})`,
		)
		.join("");
	const arrivals =
		leaf.arrivals.count === 0 ? "" : `; ${leaf.arrivals.count} arrivals, positions ${leaf.arrivals.first} to ${leaf.arrivals.last}`;
	return Object.entries(leaf.amounts)
		.map(([asset, amounts]) => {
			const info = result.assets[asset];
			const show = (units: string | undefined) => escapeHtml(formatAmount(BigInt(units ?? "0"), info?.decimals ?? 0));
			const cells = result.rules.map((rule) => `<td class="n">${show(amounts[rule])}</td>`).join("");
			const symbol = info?.symbol ? `${text(info.symbol)} ` : "";
			const what = `${address(leaf.account)}${labels}<br>${symbol}<code class="hash">${escapeHtml(asset)}</code>`;
			const why = `${outpointList(leaf)}<strong>${leaf.stop.reason}</strong>: ${text(leaf.stop.detail)}${arrivals}`;
			return `<tr><td class="n">${rank}</td><td>${what}<br>${why}</td><td class="n">${show(leaf.agreed)}</td>${cells}</tr>`;
		})
		.join("");
}

/** Bitcoin: the outputs that hold it, which a freeze request names; all of them stand in `trace.json`. */
function outpointList({ outpoints = [] }: TraceLeaf): string {
	const shown = outpoints.slice(0, LISTED_OUTPOINTS).map((o) => `<code class="hash">${escapeHtml(o.outpoint)}</code><br>`);
	if (outpoints.length > LISTED_OUTPOINTS) shown.push(`and ${outpoints.length - LISTED_OUTPOINTS} more outputs<br>`);
	return shown.join("");
}

/** One table a seed when there are several, since claimants stay apart. */
function originTables(result: TraceResult): string[] {
	if (result.seeds.length < 2) return [];
	return result.seeds.map((seed) => {
		const rows = result.leaves
			.flatMap((leaf) =>
				Object.entries(leaf.byOrigin ?? {}).map(([asset, perOrigin]) => {
					const amounts = perOrigin[seed.origin] ?? {};
					if (Object.values(amounts).every((x) => x === "0")) return "";
					const cells = result.rules
						.map((rule) => `<td class="n">${text(describeAmount(result, asset, BigInt(amounts[rule] ?? "0")))}</td>`)
						.join("");
					return `<tr><td>${address(leaf.account)}</td><td>${leaf.stop.reason}</td>${cells}</tr>`;
				}),
			)
			.join("");
		return `<section class="wide"><h2>Seed ${seed.origin + 1} alone: ${code(seed.spec)}</h2><table><thead><tr><th>account</th><th>end</th>${result.rules.map((r) => `<th>${r}</th>`).join("")}</tr></thead><tbody>${rows}</tbody></table></section>`;
	});
}

function gapList(result: TraceResult): string {
	const { gaps } = result.coverage;
	if (gaps.length === 0) return "<section><h2>What the data cannot show</h2><p>No gap is known.</p></section>";
	const rows = gaps
		.map((gap) => {
			const where = [
				gap.account ? address(gap.account) : "",
				gap.fromHeight ? `from block ${gap.fromHeight}` : "",
				gap.toHeight ? `to block ${gap.toHeight}` : "",
			]
				.filter((x) => x !== "")
				.join(" ");
			const amount = gap.amount && gap.asset ? ` (${text(describeAmount(result, gap.asset, BigInt(gap.amount)))})` : "";
			return `<tr><td>${gap.kind}</td><td>${where}</td><td>${text(gap.text)}${amount}</td></tr>`;
		})
		.join("");
	return `<section><h2>What the data cannot show</h2><p>Absence of data is not absence of a transfer. ${gaps.length} gaps:</p><table><thead><tr><th>gap</th><th>where</th><th>what</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function method(result: TraceResult): string {
	const list = (entries: readonly (readonly [string, string])[]) =>
		`<dl>${entries.map(([k, v]) => `<dt>${escapeHtml(k)}</dt><dd>${escapeHtml(v)}</dd>`).join("")}</dl>`;
	const audits = Object.entries(result.conservation)
		.flatMap(([rule, assets]) =>
			Object.entries(assets ?? {}).map(([asset, s]) => {
				const cells = [s.seeded, s.convertedIn, s.held, s.stopped, s.fees, s.convertedOut]
					.map((x) => `<td class="n">${text(describeAmount(result, asset, BigInt(x)))}</td>`)
					.join("");
				return `<tr><td>${rule}</td>${cells}</tr>`;
			}),
		)
		.join("");
	return `<section><h2>Method</h2>
<p>Every rule was run over the same transfers, in block order, in whole base units. No rule is preferred here; the range between them is the honest answer.</p>
${list(result.rules.map((rule) => [rule, RULE_TEXT[rule]] as const))}
<h3>Conventions</h3>${list(Object.entries(result.conventions))}
<h3>Parameters</h3>${list(Object.entries(result.parameters))}
<h3>Conservation</h3><p>For every rule and asset: seeded + exchanged in = held + stopped + fees + exchanged out.</p>
<table><thead><tr><th>rule</th><th>seeded</th><th>exchanged in</th><th>held</th><th>stopped</th><th>fees</th><th>exchanged out</th></tr></thead><tbody>${audits}</tbody></table></section>`;
}

function sources(result: TraceResult): string {
	const rows = result.coverage.sources
		.map(
			(s) =>
				`<tr><td>${code(s.id)}</td><td>${text(s.name)}</td><td>${text(s.detail)}</td><td><code class="hash">${escapeHtml(s.sha256)}</code></td></tr>`,
		)
		.join("");
	return `<section><h2>Sources</h2><table><thead><tr><th>id</th><th>name</th><th>what</th><th>SHA-256</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function custodyTable(custody: readonly CustodyEntry[]): string {
	const rows = custody
		.map((c) => `<tr><td class="n">${c.sequence}</td><td>${escapeHtml(c.at)}</td><td>${text(c.action)}</td><td>${text(c.detail)}</td></tr>`)
		.join("");
	return `<section><h2>Custody</h2><p>Each entry carries the hash of the one before; <code>clew verify</code> checks the chain.</p><table><thead><tr><th>#</th><th>when (UTC)</th><th>what</th><th>detail</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function limits(): string {
	return `<section><h2>What this report is not</h2><ul>
<li>It is no legal process, no finding of guilt and no promise of recovery. An account is not a person.</li>
<li>Three tiers of claim are kept apart: <em>structural</em> (recomputable from the chain: every transfer and amount here), <em>attribution</em> (a label, with source and confidence), <em>lead</em> (a suggestion; none is in this report).</li>
<li>Provenance says how a transfer is known. <em>imported</em> means from a file whose hash is kept; <em>node</em> means that one node said so and its block and receipts hashed as they must. Neither is a proof of inclusion.</li>
<li>The bundle is sealed by hashes, not signed: a seal shows damage and careless change, not who made it.</li>
<li>Check it: <code>clew verify</code> on the folder recomputes every hash, every sum and every row.</li>
</ul></section>`;
}
