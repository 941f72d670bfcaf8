import { readFileSync } from "node:fs";
import { type CaseInfo, type CustodyEntry, canonicalJson, sha256Hex, type TraceResult, whatIfOf } from "@clew/core";
import type { CaseDetails } from "./details.js";
import { toHtml } from "./document/html.js";
import { toPdf } from "./document/pdf.js";
import type { BundleDraft } from "./draft.js";
import { interchangeFiles } from "./interchange/index.js";
import { MerkleTree } from "./merkle-tree.js";
import { heuristicsOf } from "./method.js";
import { toSvg } from "./picture.js";
import { reportDocument } from "./report/report.js";
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
	/** Why some rows were withheld or renamed, in words. */
	readonly redacted?: string;
}

const VERIFIER = new URL("../../dist/verifier/", import.meta.url);
const TEXT = "utf8";

/** SHA-256 of the lock file that this build of Clew was installed from, kept beside the verifier. */
function lockHash(): string {
	return readFileSync(new URL("lock.sha256", VERIFIER), TEXT).trim();
}

/** Everything that decides a result besides data: rules, conventions, parameters, seeds. */
function configurationHash({ rules, conventions, parameters, seeds }: TraceResult): string {
	return sha256Hex(canonicalJson({ rules, conventions, parameters, seeds: seeds.map(({ spec }) => spec) }));
}

/** Fills a draft; gives the manifest's text, which is what gets signed. The same input gives the same bytes. */
export async function fillBundle(draft: BundleDraft, input: BundleInput): Promise<string> {
	const { info, details, result, custody, toolVersion } = input;
	const known = input.known ?? result.edges.map(statedKnowledge);
	const tree = new MerkleTree();
	const rows: string[] = [];
	for (const line of rowLines(result, known)) {
		tree.add(line);
		rows.push(line);
	}
	const picture = await toSvg(result);
	draft.put("rows.jsonl", rows.map((line) => `${line}\n`).join(""));
	draft.put("trace.json", `${canonicalJson(result)}\n`);
	draft.put("transfers.csv", transfersCsv(result, known));
	draft.put("flow.svg", `${picture}\n`);
	draft.put("custody.jsonl", custody.map((entry) => `${canonicalJson(entry)}\n`).join(""));
	draft.put("method.json", `${canonicalJson({ schema: "clew.method/1", heuristics: heuristicsOf(result) })}\n`);
	const configurationSha256 = configurationHash(result);
	const tool = { name: "clew", version: toolVersion, lockSha256: lockHash(), configurationSha256 };
	const document = reportDocument({ ...input, known, tool });
	draft.put("report.html", toHtml(document, picture));
	draft.put("report.pdf", await toPdf(document, result));
	for (const [path, content] of interchangeFiles({ info, details, result, known })) draft.put(`interchange/${path}`, content);
	for (const name of ["verify.mjs", "verify.html"]) draft.put(name, readFileSync(new URL(name, VERIFIER)));
	const whatIf = whatIfOf(result);
	const open = {
		schema: "clew.bundle/2",
		case: { id: info.id, title: info.title, chain: info.chain, createdAt: info.createdAt },
		details,
		trace: result.id,
		...(input.redacted === undefined ? {} : { redacted: input.redacted }),
		...(whatIf === undefined ? {} : { whatIf }),
		tool,
		rows: { count: rows.length.toString(), root: tree.root() },
		files: draft.files(),
	};
	const manifest = `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`;
	draft.putUnlisted("manifest.json", manifest);
	return manifest;
}
