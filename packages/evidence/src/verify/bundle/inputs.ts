import type { Fail } from "../failure.js";
import type { Manifest } from "./formats.js";

/** Where a bundle keeps imported files: below the first digits of their hash. */
const INPUTS = "inputs/";
const INPUT = /^inputs\/([0-9a-f]{16})\/[^/]+$/;

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
