import { type ChainId, type CustodyStatement, sha256Hex } from "@clew/core";

const CASE_ID_DIGITS = 12;

/** What a new case is called. `at` is ISO UTC and becomes part of the case. */
export interface NewCase {
	readonly title: string;
	readonly chain: ChainId;
	readonly at: string;
	/** Of the first entry of its custody log. */
	readonly stated?: CustodyStatement | undefined;
}

/** The id of a case: a hash of what it was called and when. */
export function caseId({ title, chain, at }: NewCase): string {
	return sha256Hex(`${title}\n${chain}\n${at}`).slice(0, CASE_ID_DIGITS);
}
