import { readFileSync } from "node:fs";
import {
	breathing,
	type CaseInfo,
	type CustodyEntry,
	canonicalJson,
	sha256Hex,
	type TraceResult,
	type TraceValuesJson,
	whatIfOf,
} from "@clew/core";
import { toHtml } from "../document/html.js";
import { toPdf } from "../document/pdf.js";
import { exhibitRuleOf } from "../report/exhibit.js";
import type { PaperOptions } from "../report/paper-options.js";
import { reportDocument } from "../report/report.js";
import type { ReportInput } from "../report/shared.js";
import type { CaseDetails } from "./details.js";
import type { BundleDraft } from "./draft.js";
import { MerkleTree } from "./merkle-tree.js";
import { heuristicsOf } from "./method.js";
import { toSvg } from "./picture.js";
import { type RowKnowledge, rowLines, statedKnowledge } from "./rows.js";
import { transfersCsv } from "./transfers-csv.js";

/** What a bundle is built from, besides proofs, answers and files, which are in the draft already. */
export interface BundleInput {
	readonly info: CaseInfo;
	readonly details: CaseDetails;
	readonly result: TraceResult;
	readonly custody: readonly CustodyEntry[];
	/** Clew's. */
	readonly toolVersion: string;
	/** One a row, in row order; without it rows are known as their sources say. */
	readonly known?: readonly RowKnowledge[];
	/** Ends the work with InterruptedError, between two papers at the latest. */
	readonly signal?: AbortSignal;
	/** Why some rows were withheld or renamed, in words. */
	readonly redacted?: string;
	/** What its money was worth, where that was asked for. */
	readonly values?: TraceValuesJson;
	/** How its report is made, where that is not the usual way. */
	readonly paper?: PaperOptions;
}

const VERIFIER = new URL("../../dist/verifier/", import.meta.url);
const VERIFIERS = ["verify.mjs", "verify.html"] as const;
const TEXT = "utf8";

/** SHA-256 of the lock file that this build of Clew was installed from, kept beside the verifier. */
export function lockHash(): string {
	return readFileSync(new URL("lock.sha256", VERIFIER), TEXT).trim();
}

/** Everything that decides a result besides data: rules, conventions, parameters, seeds. */
export function configurationHash({ rules, conventions, parameters, seeds }: TraceResult): string {
	return sha256Hex(canonicalJson({ rules, conventions, parameters, seeds: seeds.map(({ spec }) => spec) }));
}

/** Fills a draft; gives the manifest's text, which is what gets signed. The same input gives the same bytes. */
export async function fillBundle(draft: BundleDraft, input: BundleInput): Promise<string> {
	const { info, details, custody, toolVersion } = input;
	const result = asWritten(input.result);
	const known = input.known ?? result.edges.map(statedKnowledge);
	const tree = new MerkleTree();
	const rows: string[] = [];
	const breathe = breathing(input.signal);
	for (const line of rowLines(result, known)) {
		await breathe();
		tree.add(line);
		rows.push(line);
	}
	draft.put("rows.jsonl", rows.map((line) => `${line}\n`).join(""));
	draft.put("trace.json", `${canonicalJson(result)}\n`);
	if (input.values !== undefined) draft.put("values.json", `${canonicalJson(input.values)}\n`);
	draft.put("custody.jsonl", custody.map((entry) => `${canonicalJson(entry)}\n`).join(""));
	const tool = { name: "clew", version: toolVersion, lockSha256: lockHash(), configurationSha256: configurationHash(result) };
	for (const [path, content] of await papersOf({ ...input, result, known, tool }, breathe)) draft.put(path, content);
	const whatIf = whatIfOf(result);
	const open = {
		schema: "clew.bundle/3",
		case: { id: info.id, title: info.title, chain: info.chain, createdAt: info.createdAt },
		details,
		trace: result.id,
		...(input.redacted === undefined ? {} : { redacted: input.redacted }),
		...(input.paper === undefined ? {} : { paper: input.paper }),
		...(result.direction === undefined ? {} : { direction: result.direction }),
		...(whatIf === undefined ? {} : { whatIf }),
		tool,
		rows: { count: rows.length.toString(), root: tree.root() },
		files: draft.files(),
	};
	const manifest = `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`;
	draft.putUnlisted("manifest.json", manifest);
	return manifest;
}

/** A result as who reads it from its canonical form has it: keys in their order there, which papers follow. */
function asWritten(result: TraceResult): TraceResult {
	return JSON.parse(canonicalJson(result)) as TraceResult;
}

/**
 * What people open: a pure function of the bundle's data, its manifest and its version of Clew. By path. `breathe` is awaited between
 * papers, and may throw.
 */
export async function papersOf(input: ReportInput, breathe = async () => {}): Promise<Map<string, string | Uint8Array>> {
	const { info, details, result, known } = input;
	const rule = exhibitRuleOf(details, result);
	const picture = await toSvg(result, { rule });
	await breathe();
	const document = reportDocument(input);
	const html = toHtml(document, await toSvg(result, { rule, tall: true }));
	await breathe();
	const pdf = await toPdf(document, { result, rule, size: input.paper?.size });
	await breathe();
	const { interchangeFiles } = await import("../interchange/index.js");
	return new Map<string, string | Uint8Array>([
		["transfers.csv", transfersCsv(result, known)],
		["flow.svg", `${picture}\n`],
		["method.json", `${canonicalJson({ schema: "clew.method/1", heuristics: heuristicsOf(result) })}\n`],
		["report.html", html],
		["report.pdf", pdf],
		...[...interchangeFiles({ info, details, result, known })].map(([path, content]) => [`interchange/${path}`, content] as const),
		...VERIFIERS.map((name) => [name, readFileSync(new URL(name, VERIFIER))] as const),
	]);
}
