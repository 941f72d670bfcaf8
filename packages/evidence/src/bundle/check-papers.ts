import { type CaseInfo, type CustodyEntry, canonicalJson, type TraceResult, type TraceValuesJson } from "@clew/core";
import { checkPacketPapers } from "../freeze/check-packet.js";
import type { PaperOptions } from "../report/paper-options.js";
import type { ReportInput } from "../report/shared.js";
import { failure } from "../verify/failure.js";
import { type VerifyReport, withCompared, withFailures } from "../verify/report.js";
import { configurationHash, lockHash, papersOf } from "./bundle.js";
import { bundleLines, bundleText } from "./bundle-text.js";
import { differing, otherVersion } from "./compare.js";
import type { CaseDetails } from "./details.js";
import type { RowKnowledge } from "./rows.js";

interface Manifest {
	readonly case: CaseInfo;
	readonly details: CaseDetails;
	readonly tool: ReportInput["tool"];
	readonly redacted?: string;
	readonly paper?: PaperOptions;
}

/**
 * Makes what people read of a bundle, or of freeze requests, again from their data, and compares the bytes; so are the conventions that
 * the trace states. `report` is that of files that hold together; where another version of Clew made it, nothing can be compared, and
 * the report goes on to say so.
 */
export async function checkPapers(
	files: ReadonlyMap<string, Uint8Array>,
	report: VerifyReport,
	version: string,
	conventionsOf: (result: TraceResult) => TraceResult["conventions"],
): Promise<VerifyReport> {
	if (report.ok && report.kind === "packet") return checkPacketPapers(files, report, version);
	if (!report.ok || report.kind !== "bundle") return report;
	const manifest = JSON.parse(bundleText(files, "manifest.json")) as Manifest;
	const { tool } = manifest;
	if (tool.version !== version || tool.lockSha256 !== lockHash()) return withCompared(report, [], otherVersion(tool.version, version));
	const result = JSON.parse(bundleText(files, "trace.json")) as TraceResult;
	let papers: Map<string, string | Uint8Array>;
	try {
		papers = await madeAgain(files, manifest, result);
	} catch (error) {
		return withFailures(report, [failure("papers", "report.html", `cannot be made of this data: ${(error as Error).message}`)]);
	}
	const failures = [...differing(files, papers)];
	if (tool.name !== "clew" || tool.configurationSha256 !== configurationHash(result))
		failures.push(failure("papers", "manifest.json", "its tool is not what made this trace"));
	if (canonicalJson(result.conventions) !== canonicalJson(conventionsOf(result)))
		failures.push(failure("papers", "trace.json", "its conventions are not those of this version"));
	return withFailures(withCompared(report, [...papers.keys(), "trace.json"]), failures);
}

function madeAgain(
	files: ReadonlyMap<string, Uint8Array>,
	manifest: Manifest,
	result: TraceResult,
): Promise<Map<string, string | Uint8Array>> {
	const { tool, redacted, paper } = manifest;
	return papersOf({
		info: manifest.case,
		details: manifest.details,
		result,
		custody: bundleLines(files, "custody.jsonl").map((line) => JSON.parse(line) as CustodyEntry),
		toolVersion: tool.version,
		known: bundleLines(files, "rows.jsonl").map((line) => (JSON.parse(line) as { known: RowKnowledge }).known),
		tool,
		...(redacted === undefined ? {} : { redacted }),
		...(paper === undefined ? {} : { paper }),
		...(files.has("values.json") ? { values: JSON.parse(bundleText(files, "values.json")) as TraceValuesJson } : {}),
	});
}
