import { failureText } from "./failure.js";
import { isAnchored, type RowReport, type Verdict, type VerifyReport } from "./report.js";

/** Colours of a verdict: green only for what is proven to headers that the reader trusts. */
export const VERDICT_COLOUR: Readonly<Record<Verdict, "good" | "partial" | "bad">> = {
	failed: "bad",
	intact: "partial",
	"proven in part": "partial",
	proven: "partial",
	verified: "good",
};

/** Where rows that are not proven were taken from, in the plural. */
const TAKEN_FROM: Readonly<Record<string, string>> = {
	imported: "taken from files",
	node: "taken from one node",
	"node-unverified": "taken from one node, unchecked",
	quorum: "taken from several nodes by the maker's word",
	indexer: "taken from an explorer",
	unprovable: "not proven (that nobody can is the maker's word)",
};

/** What amounts of such a trace mean. */
const BACKWARD =
	"it goes backward: it says where money came from; what its rows call tainted is what of them came to what is asked about, and its end points are sources";

/** The report in plain lines; every row when `rows` is set. What is proven comes first. */
export function wording(report: VerifyReport, rows: boolean): string[] {
	if (!report.ok)
		return [...report.failures.map((one) => `FAILED ${plain(failureText(one))}`), `not verified: ${report.failures.length} failures`];
	const lines = [
		`${report.verdict}: hashes agree. ${countsOf(report)}`,
		subjectOf(report),
		...(report.direction === undefined ? [] : [BACKWARD]),
		...(report.whatIf === undefined ? [] : [`what-if, not the usual trace of all of it: ${plain(report.whatIf)}`]),
	];
	if (report.kind === "bundle" || report.kind === "disclosure")
		lines.push(
			report.signedBy.length === 0
				? "sealed by hashes, not signed: nobody says who made it"
				: `signed by key ${report.signedBy.join(", ")}: compare the id with the one that the signer gave you by another way`,
			report.time === undefined
				? "no trusted time"
				: `existed at ${report.time.at}, says ${plain(report.time.authority)}${report.time.root === undefined ? " (its certificate was not checked against a root that you trust)" : `, trusted by ${plain(report.time.root)}`}`,
		);
	if (report.kind === "bundle") lines.push(...recomputedLines(report), ...statedLines(report));
	if (report.kind === "packet") lines.push(sumsLine(report), ...statedLines(report));
	if (report.kind === "disclosure") lines.push(TAKEN_AS_STATED, ...statedLines(report));
	lines.push(...comparedLines(report));
	// Proven balances are few, and what a request is read for.
	if (report.kind === "packet" || report.kind === "balances")
		return [...lines, ...rowLines(report, (row) => rows || row.tier === "proven")];
	return [...lines, ...(rows ? rowLines(report, () => true) : [])];
}

/** What of a disclosure nothing shows. */
const TAKEN_AS_STATED =
	"how much of each row is tainted, case, requester and trace are their maker's word: some rows of a trace do not show them";

/** No proof shows that nothing is missing: a movement that no row names stands in no proof. */
const COMPLETE = "that the ledgers leave nothing out";

/** Whether the rules were played again from the ledgers, and what of these is shown by proofs. */
function recomputedLines({ recomputed }: VerifyReport): string[] {
	if (recomputed === undefined) return ["rules not recomputed: it holds no ledgers that they can be played again from"];
	const { rules, movements, not, proven, openings, unopened, blocks, otherwise } = recomputed;
	const left = not.length === 0 ? "" : `; not ${not.join(", ")}, which gaps leave open`;
	const given = [
		...(proven < movements ? ["the other movements"] : []),
		COMPLETE,
		...(openings > 0 ? [`opening balances (${openings})`] : []),
		...(unopened > 0 ? [`opening balances: none stated of ${unopened} ${unopened === 1 ? "account" : "accounts"}`] : []),
		...(blocks > 0 ? [`fees of whole blocks (${blocks})`] : []),
		"where money was not followed on, and that nothing else than its labels and detections would have ended it",
	];
	return [
		`rules recomputed: equal, ${plain(rules.join(", "))} over ${movements} movements of its ledgers${left}`,
		`of its ledgers ${proven} of ${movements} movements are proven; taken as given: ${given.join(", ")}`,
		...(otherwise > 0
			? [`${otherwise} ${otherwise === 1 ? "movement" : "movements"} that its proofs show, files left out or told otherwise`]
			: []),
	];
}

/** What nothing in a bundle shows. */
function statedLines({ stated = [] }: VerifyReport): string[] {
	return stated.length === 0 ? [] : [`the maker's word alone: ${stated.map(plain).join("; ")}`];
}

/** Whether what requests find was held against what their seeds marked. */
function sumsLine({ sumsStated = [] }: VerifyReport): string {
	return sumsStated.length === 0
		? "sums add up: no rule finds more than seeds marked and stated exchanges brought; seeds, rows, exchanges and how far the data goes are the maker's word"
		: `sums not held against the seeds: the earlier form of ${namesOf(sumsStated)} states no exchanges; the sums are the maker's word`;
}

/** Which files say what the rows say, and of which nothing but the hash is known. */
function comparedLines({ kind, compared, comparedInPart = [], hashedOnly, notComparedWhy }: VerifyReport): string[] {
	if (compared === undefined || hashedOnly === undefined) return [];
	const lines = [
		`content checked: ${namesOf(compared)}`,
		...comparedInPart.map(({ path, what }) => `content checked in part: of ${plain(path)} ${plain(what)}`),
	];
	const why = notComparedWhy === undefined ? "" : `; ${plain(notComparedWhy)}`;
	if (hashedOnly.includes("report.html") || (kind === "packet" && hashedOnly.length > 0))
		lines.push(`${kind === "packet" ? "papers" : "report"} not checked: of ${namesOf(hashedOnly)} the hash alone was checked${why}`);
	else if (hashedOnly.length > 0) lines.push(`the hash alone was checked of ${namesOf(hashedOnly)}`);
	return lines;
}

/** Paths in a line, folders counted. */
function namesOf(paths: readonly string[]): string {
	const folders = new Map<string, number>();
	for (const path of paths) {
		const at = path.indexOf("/");
		const name = at < 0 ? path : path.slice(0, at + 1);
		folders.set(name, (folders.get(name) ?? 0) + 1);
	}
	return [...folders].map(([name, n]) => (name.endsWith("/") ? `${plain(name)} (${n})` : plain(name))).join(", ");
}

function subjectOf(report: VerifyReport): string {
	if (report.kind === "packet")
		return `freeze request of trace ${report.trace}, ${report.files} files: sealed by its own list of hashes, not signed: nobody says who made it`;
	if (report.kind === "balances") return `balances only: of ${report.files} files, the other ${report.files - 1} were not checked`;
	const of = report.rowsOfTrace === undefined ? "" : ` of the ${plain(report.rowsOfTrace)} that its manifest counts`;
	return `${report.kind} of trace ${report.trace}: ${report.files} files, ${report.rows.length} rows${of}`;
}

/** How many rows are proven, to what, and where the others come from. */
function countsOf({ rows, kind }: VerifyReport): string {
	if (rows.length === 0) return "It holds no row: nothing is proven";
	const proven = rows.filter(({ tier }) => tier === "proven").length;
	const anchored = rows.filter(isAnchored).length;
	const others = new Map<string, number>();
	for (const { tier } of rows) if (tier !== "proven") others.set(tier, (others.get(tier) ?? 0) + 1);
	const what = kind === "balances" ? "balances" : kind === "packet" ? "rows and balances" : "rows";
	const header = proven === 0 ? "" : anchored === proven ? " that you trust" : `, ${anchored} of them to one that you trust`;
	return [
		`${proven} of ${rows.length} ${what} proven to a block header${header}`,
		...[...others].map(([tier, n]) => `${n} ${TAKEN_FROM[tier] ?? `known by ${plain(tier)}`}`),
	].join(", ");
}

function rowLines(report: VerifyReport, shown: (row: RowReport) => boolean): string[] {
	return report.rows
		.filter(shown)
		.map(
			({ of = "row", row, tier, checked, anchor }) =>
				`${of} ${row}: ${tier}: ${plain(checked)}${anchor === "" ? "" : `; anchor: ${plain(anchor)}`}`,
		);
}

/** Text that may come from the bundle, without anything that a terminal or a page would obey. */
function plain(text: string): string {
	return text
		.replace(/[^\x20-\x7e]/g, "?")
		.replace(/:\/\//g, "[:]//")
		.slice(0, 600);
}
