import type { AccountId, AssetId, ChainId, CoveredKind, GraphStore, Source } from "@clew/core";
import type { BlockFacts } from "./block-facts.js";
import { claimOfNothing, laterClaimsOfNothing } from "./coverage.js";
import type { Format } from "./format.js";

/** How a file is imported. */
export interface ImportOptions {
	readonly chain: ChainId;
	readonly formats: readonly Format[];
	/** Count and list rows that do not parse instead of failing. */
	readonly skipBad: boolean;
	/** Undefined result instead of an error for a file that is no known export. */
	readonly ignoreUnknown: boolean;
	readonly signal?: AbortSignal;
	readonly onProgress?: (rows: number) => void;
	/** What the other files of the same import told of blocks. */
	readonly blocks?: BlockFacts;
}

/** What an import did. `added` and `known` count transfers. */
export interface ImportReport {
	readonly file: string;
	readonly format: string;
	/** Kinds of transfers that such a file lists. */
	readonly kinds: readonly CoveredKind[];
	readonly source: Source;
	/**
	 * Whose export it is: the account of the file's name, else the one that every row touches, where the rows show that they were asked for
	 * by account.
	 */
	readonly account: AccountId | undefined;
	/**
	 * The one account that every row of a file touches that is not named after any: `account`, unless the rows do not show that it is the
	 * account's export.
	 */
	readonly guess?: AccountId;
	readonly rows: number;
	readonly added: number;
	readonly known: number;
	/** Rows left out with `skipBad`: the first {@link LISTED_BAD_ROWS}, as file:line: reason. */
	readonly bad: readonly string[];
	readonly badCount: number;
	/** Rows left out because their numbers are ids of NFTs, by contract. */
	readonly nfts: Readonly<Record<string, number>>;
	/** Contracts of token rows that nothing in the case describes: the file does not tell ids of NFTs from amounts. */
	readonly untold: readonly AssetId[];
	/** Transfers of earlier files that this one shows to be ids; they were taken out of the case. */
	readonly taken: number;
	/** Heights that count as fetched for the account, inclusive, in order; none when none do. */
	readonly covers: readonly (readonly [number, number])[];
	/** What the reader must know of the file: how it was read, where its rows disagree, what it does not promise. */
	readonly notes: readonly string[];
}

/**
 * Claims coverage for the reports of files that list nothing, once all files of an import are in; see {@link claimOfNothing}; so do files
 * of earlier imports that listed nothing of the same accounts. Returns all reports, those with what they cover.
 */
export async function coverEmptyFiles(store: GraphStore, chain: ChainId, reports: readonly ImportReport[]): Promise<ImportReport[]> {
	const done: ImportReport[] = [];
	for (const report of reports) {
		const { account, rows, badCount, kinds, file, source, notes } = report;
		if (account === undefined || kinds.length === 0 || rows + badCount > 0 || notes.length > 0) {
			done.push(report);
			continue;
		}
		const { span, note } = await claimOfNothing(store, kinds, account, file);
		await store.putCoverage([{ chain, account, fromHeight: span[0], toHeight: span[1], kinds, source: source.id, note }]);
		done.push({ ...report, covers: [span], notes: [note] });
	}
	const told = new Set(reports.flatMap(({ account, rows }) => (account === undefined || rows === 0 ? [] : [account])));
	for (const account of told) await store.putCoverage(await laterClaimsOfNothing(store, account));
	return done;
}
