import type { ChainId, CustodyStatement } from "@clew/core";

/** What a new case is called. `at` is ISO UTC and becomes part of the case. */
export interface NewCase {
	readonly title: string;
	readonly chain: ChainId;
	readonly at: string;
	/** Of the first entry of its custody log. */
	readonly stated?: CustodyStatement | undefined;
}
