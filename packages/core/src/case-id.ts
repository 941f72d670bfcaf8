import { sha256Hex } from "./canonical.js";
import type { ChainId } from "./ids.js";

const CASE_ID_DIGITS = 12;

/** The id of a case: a hash of what it was called and when; `at` is ISO UTC. */
export function caseId({ title, chain, at }: { readonly title: string; readonly chain: ChainId; readonly at: string }): string {
	return sha256Hex(`${title}\n${chain}\n${at}`).slice(0, CASE_ID_DIGITS);
}
