import { type AccountId, type ChainId, chainOf, type Revised, revisionId } from "@clew/core";

/** The revisions that a write of rows to one chain's data counts up: none where there are no rows. */
export const dataOf = (chain: ChainId, rows: readonly unknown[]): readonly string[] =>
	rows.length === 0 ? [] : [revisionId(chain, "data")];

/** The revisions that a write of facts about accounts counts up, each once. */
export function revisedBy(facts: readonly { readonly account: AccountId }[], what: Revised): readonly string[] {
	return [...new Set(facts.map(({ account }) => revisionId(chainOf(account), what)))];
}

/** The revisions that coverage counts up, each once. */
export function revisedByCoverage(coverage: readonly { readonly chain: ChainId }[]): readonly string[] {
	return [...new Set(coverage.map(({ chain }) => revisionId(chain, "data")))];
}
