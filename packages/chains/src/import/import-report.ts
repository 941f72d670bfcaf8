import {
	type AccountId,
	type AssetId,
	type ChainId,
	type Coverage,
	type CoveredKind,
	compareListings,
	contradictionNotes,
	type GraphStore,
	type InputError,
	isLackOf,
	keepListing,
	Listing,
	lackNotes,
	listedAccounts,
	missingIn,
	missingNonces,
	missingNotes,
	type Source,
} from "@clew/core";
import type { BlockFacts } from "./block-facts.js";
import { claimOfNothing } from "./coverage.js";
import type { Format } from "./format.js";
import type { KnownExport } from "./known-exports.js";
import type { WholeBlocks } from "./whole-blocks.js";

/** How a file is imported. */
export interface ImportOptions {
	readonly chain: ChainId;
	readonly formats: readonly Format[];
	/** Count and list rows that do not parse instead of failing. */
	readonly skipBad: boolean;
	/** Undefined result instead of an error for a file that is no known export. */
	readonly ignoreUnknown: boolean;
	/** Told what an ignored file looks like, and what to get instead. */
	readonly onUnknown?: (why: InputError) => void;
	readonly signal?: AbortSignal;
	readonly onProgress?: (rows: number) => void;
	/** What the other files of the same import told of blocks. */
	readonly blocks?: BlockFacts;
	/** Exports that other kinds read, for the words about a file that is none of these formats. */
	readonly elsewhere?: readonly KnownExport[];
	/** The blocks that a node told whole before the import; looked up where absent. */
	readonly whole?: WholeBlocks;
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

/** What an import of one file did, before it is settled with the others. */
export interface FileReport extends ImportReport {
	/** Accounts that its rows touch. */
	readonly touched: ReadonlySet<AccountId>;
}

/**
 * Ends an import, when all of its files are in: claims coverage for those that list nothing, see {@link claimOfNothing}; then compares what
 * the files of accounts list, and looks at the nonces. Returns the reports with what the case takes as fetched.
 */
export async function settleCoverage(store: GraphStore, chain: ChainId, reports: readonly FileReport[]): Promise<ImportReport[]> {
	const done: FileReport[] = [];
	for (const report of reports) {
		const { account, rows, badCount, kinds, file, source, notes } = report;
		if (account === undefined || kinds.length === 0 || rows + badCount > 0 || notes.length > 0) {
			done.push(report);
			continue;
		}
		const claim = claimOfNothing(kinds, file);
		await store.putCoverage([{ chain, account, kinds, source: source.id, ...claim }]);
		const covers = [[claim.fromHeight, claim.toHeight] as const];
		const listing = Listing.of(kinds);
		if (listing !== undefined) await keepListing(store, account, source.id, covers, listing);
		done.push({ ...report, covers, notes: [claim.note] });
	}
	const listed = await listedAccounts(store);
	const touched = done.flatMap((report) => [...report.touched].filter((account) => listed.has(account)));
	for (const account of new Set([...done.flatMap((report) => report.account ?? []), ...touched])) await compareListings(store, account);
	return Promise.all(done.map((report) => withoutWhatIsMissing(store, report)));
}

function meet(spans: readonly (readonly [number, number])[], [from, to]: readonly [number, number]): boolean {
	return spans.some(([first, last]) => from <= last && first <= to);
}

/** The report without the heights at which all files together show transactions of its account to be missing. */
async function withoutWhatIsMissing(store: GraphStore, { touched: _, ...report }: FileReport): Promise<ImportReport> {
	const { account, kinds, source, covers, notes } = report;
	if (account === undefined || covers.length === 0) return report;
	const check = (await store.historyCheck(account)) ?? { account, runs: [] };
	const isOfList = (claim: Coverage) => claim.source === source.id && kinds.every((kind) => claim.kinds.includes(kind));
	const left = (await store.profile(account, 1)).coverage
		.filter((claim) => claim.account === account && isOfList(claim))
		.map(({ fromHeight, toHeight }) => [fromHeight, toHeight] as const);
	const lacks = lackNotes((check.lacks ?? []).filter((lack) => isLackOf(lack, { source: source.id, kinds })));
	if (!kinds.includes("native")) return { ...report, covers: left, notes: [...notes, ...lacks] };
	const taken = missingNonces(check)
		.map((missing) => missingIn(missing, check, source.id))
		.filter(({ span }) => meet(covers, span) && !meet(left, span));
	const missed = missingNotes(taken.map(({ told }) => told));
	return { ...report, covers: left, notes: [...notes, ...lacks, ...contradictionNotes(check.contradicted), ...missed] };
}
