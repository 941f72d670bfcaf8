import type { Fail } from "../failure.js";
import { badSource } from "../trace/source-form.js";
import type { Edge, Manifest, Trace } from "./formats.js";

/** Where a bundle keeps imported files: below the first digits of their hash. */
const INPUTS = "inputs/";
const INPUT = /^inputs\/([0-9a-f]{16})\/[^/]+$/;

/** What no bundle shows of its rows but by a replay. */
export const WHICH_SOURCE = "which source told each row";

type Sources = Trace["coverage"]["sources"];

/**
 * Every imported file that the bundle carries is, by the hash that the manifest lists and that was checked, one that `facts.json` names as
 * a source; equal files stand there under each of their names, which may tell whose they are. What a file says is another question,
 * which a replay answers. `sources` are undefined where there are no facts.
 */
export function checkInputs({ files }: Manifest, sources: readonly { readonly sha256: string }[] | undefined, fail: Fail): void {
	const named = new Set(sources?.map(({ sha256 }) => sha256));
	for (const { path, sha256 } of files) {
		if (!path.startsWith(INPUTS)) continue;
		const digits = INPUT.exec(path)?.[1];
		if (sources === undefined) fail(path, "is no part of the evidence: there is no facts.json that names it as a source");
		else if (!named.has(sha256)) fail(path, `is no part of the evidence: facts.json names no source of SHA-256 ${sha256}`);
		else if (digits === undefined || !sha256.startsWith(digits)) fail(path, `does not stand where a file of SHA-256 ${sha256} belongs`);
	}
}

/**
 * Every source of a trace has its form, a file's id the first digits of its hash; where a bundle carries imported files, and nothing was
 * withheld, those that rows are by are among them. Gives in words what nothing shows: hashes of files that are not there, and which source
 * told each row.
 */
export function checkSources({ files, redacted }: Manifest, sources: Sources, edges: readonly Edge[], fail: Fail): string[] {
	for (const source of sources) {
		const wrong = badSource(source);
		if (wrong !== undefined) fail("trace.json", wrong);
	}
	const carried = new Set(files.flatMap(({ path, sha256 }) => (path.startsWith(INPUTS) ? [sha256] : [])));
	const cited = new Set(edges.map(({ source }) => source));
	const missing = sources.filter(({ kind, sha256 }) => kind === "file" && !carried.has(sha256));
	if (carried.size > 0 && redacted === undefined)
		for (const { id, sha256 } of missing)
			if (cited.has(id)) fail("trace.json", `has rows by ${JSON.stringify(id)}, and no file of SHA-256 ${sha256} is among its inputs`);
	return [
		...(edges.length > 0 ? [WHICH_SOURCE] : []),
		...(missing.length > 0 ? [`hashes of files that it does not hold (${missing.length})`] : []),
	];
}
