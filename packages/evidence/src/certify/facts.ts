import { createHash } from "node:crypto";
import { type CaseInfo, type CustodyEntry, countedOf, defang, defangLong, groupBy, type TraceResult } from "@clew/core";
import { bundleLines, bundleText } from "../bundle/bundle-text.js";
import type { CaseDetails } from "../bundle/details.js";
import { heuristicsOf } from "../bundle/method.js";
import type { ReportInput } from "../report/shared.js";
import type { VerifyReport } from "../verify/report.js";

/** A file as an annex lists it. */
export interface HashedFile {
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
	readonly sha512: string;
}

interface Manifest {
	readonly case: CaseInfo;
	readonly details: CaseDetails;
	readonly tool: ReportInput["tool"];
	readonly whatIf?: string;
	readonly redacted?: string;
	readonly rows: { readonly count: string; readonly root: string };
}

/** What a certification states of a bundle: all of it computed from the bundle's bytes, or found by the check of them. */
export interface BundleFacts {
	/** Name of the folder or file that was read. */
	readonly name: string;
	readonly manifest: Manifest;
	/** manifest.json itself. */
	readonly seal: HashedFile;
	/** Every file, in the order of paths. */
	readonly files: readonly HashedFile[];
	readonly result: TraceResult;
	/** The trace without tokens that do not count as money, and what these are, in words. */
	readonly counted: TraceResult;
	readonly others: string | undefined;
	readonly custody: readonly CustodyEntry[];
	readonly report: VerifyReport;
	/** Rows by how they are known, in the order of first appearance. */
	readonly tiers: readonly (readonly [string, number])[];
	/** Heuristics that decided something in the trace. */
	readonly heuristics: ReturnType<typeof heuristicsOf>;
}

/** Reads what a certification states of a bundle that was verified; `name` is hostile text. */
export function bundleFacts(name: string, files: ReadonlyMap<string, Uint8Array>, report: VerifyReport): BundleFacts {
	const result = JSON.parse(bundleText(files, "trace.json")) as TraceResult;
	const hashed = [...files].map(([path, data]) => hashedFile(path, data)).sort((a, b) => (a.path < b.path ? -1 : 1));
	return {
		name: defang(name),
		manifest: JSON.parse(bundleText(files, "manifest.json")) as Manifest,
		seal: hashed.find(({ path }) => path === "manifest.json") as HashedFile,
		files: hashed,
		result,
		...countedOf(result),
		custody: bundleLines(files, "custody.jsonl").map((line) => JSON.parse(line) as CustodyEntry),
		report,
		tiers: [...groupBy(report.rows, ({ tier }) => tier)].map(([tier, rows]) => [defangLong(tier), rows.length] as const),
		heuristics: heuristicsOf(result).filter(({ used }) => used > 0),
	};
}

function hashedFile(path: string, data: Uint8Array): HashedFile {
	const sum = (algorithm: string) => createHash(algorithm).update(data).digest("hex");
	return { path, bytes: data.length, sha256: sum("sha256"), sha512: sum("sha512") };
}
