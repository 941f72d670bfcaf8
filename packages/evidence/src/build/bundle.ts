import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type CaseInfo, ClewError, type CustodyEntry, canonicalJson, InputError, sha256Hex, type TraceResult } from "@clew/core";
import { toSvg } from "./picture.js";
import { reportHtml } from "./report.js";
import { transfersCsv } from "./transfers-csv.js";

/** What a bundle is built from. `toolVersion` is Clew's. */
export interface BundleInput {
	readonly info: CaseInfo;
	readonly result: TraceResult;
	readonly custody: readonly CustodyEntry[];
	readonly toolVersion: string;
}

/** The files of a bundle by name. */
export type BundleFiles = ReadonlyMap<string, string>;

/** Makes every file of a bundle in memory; the same input gives the same bytes. */
export async function buildBundle(input: BundleInput): Promise<BundleFiles> {
	const { info, result, custody, toolVersion } = input;
	const picture = await toSvg(result);
	const files = new Map<string, string>([
		["trace.json", `${canonicalJson(result)}\n`],
		["transfers.csv", transfersCsv(result)],
		["flow.svg", `${picture}\n`],
		["custody.jsonl", custody.map((entry) => `${canonicalJson(entry)}\n`).join("")],
		["report.html", reportHtml({ info, result, custody, picture, toolVersion })],
	]);
	const open = {
		schema: "clew.bundle/1",
		case: { id: info.id, title: info.title, chain: info.chain, createdAt: info.createdAt },
		trace: result.id,
		tool: { name: "clew", version: toolVersion },
		files: [...files].map(([path, text]) => ({ path, bytes: Buffer.byteLength(text).toString(), sha256: sha256Hex(text) })),
	};
	files.set("manifest.json", `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`);
	return files;
}

/** Writes a bundle as a new folder: first beside it, then renamed, so that it is whole or absent. Throws InputError when the target exists. */
export function writeBundle(target: string, files: BundleFiles): void {
	const out = resolve(target);
	if (existsSync(out))
		throw new InputError(`${target} exists already`, { code: "USAGE", hint: "Choose another folder; Clew does not write over evidence." });
	const draft = join(dirname(out), `.${basename(out)}.draft-${process.pid}`);
	try {
		mkdirSync(draft);
		for (const [path, text] of files) writeFileSync(join(draft, path), text, { flag: "wx" });
		renameSync(draft, out);
	} catch (cause) {
		rmSync(draft, { recursive: true, force: true });
		const code = (cause as NodeJS.ErrnoException).code;
		throw new ClewError(code === "ENOSPC" ? "DISK_FULL" : "USAGE", `${target} cannot be written (${code ?? "unknown"})`, {
			cause,
			hint: "Check the folder, its permissions and the free space.",
		});
	}
}
