import type { VerifyReport } from "./verify-bundle.js";

/** The report in plain lines; every row when `rows` is set. */
export function wording(report: VerifyReport, rows: boolean): string[] {
	if (!report.ok)
		return [...report.failures.map((failure) => `FAILED ${plain(failure)}`), `not verified: ${report.failures.length} failures`];
	const tiers = new Map<string, number>();
	for (const { tier } of report.rows) tiers.set(tier, (tiers.get(tier) ?? 0) + 1);
	const anchored = report.rows.filter((row) => row.tier === "proven" && !row.anchor.startsWith("no header")).length;
	const counts = [...tiers].map(([tier, n]) =>
		tier === "proven" ? `${n} proven (${anchored} of them to a header that you trust)` : `${n} ${tier}`,
	);
	if (report.kind === "balances") return [`verified: ${report.rows.length} balances`, ...rowLines(report)];
	return [
		`verified: ${report.kind}, ${report.files} files, ${report.rows.length} rows, trace ${report.trace}`,
		`rows: ${counts.join(", ") || "none"}`,
		report.signedBy.length === 0
			? "sealed by hashes, not signed: nobody says who made it"
			: `signed by key ${report.signedBy.join(", ")}: compare the id with the one that the signer gave you by another way`,
		report.time === undefined
			? "no trusted time"
			: `existed at ${report.time.at}, says ${plain(report.time.authority)}${report.time.root === undefined ? " (its certificate was not checked against a root that you trust)" : `, trusted by ${plain(report.time.root)}`}`,
		...(rows ? rowLines(report) : []),
	];
}

function rowLines(report: VerifyReport): string[] {
	return report.rows.map(
		({ row, tier, checked, anchor }) => `row ${row}: ${tier}: ${plain(checked)}${anchor === "" ? "" : `; anchor: ${plain(anchor)}`}`,
	);
}

/** Text that may come from the bundle, without anything that a terminal or a page would obey. */
function plain(text: string): string {
	return text
		.replace(/[^\x20-\x7e]/g, "?")
		.replace(/:\/\//g, "[:]//")
		.slice(0, 600);
}
