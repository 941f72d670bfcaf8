import type { Coverage } from "./claims.js";
import type { AccountId } from "./ids.js";
import { cut, joinRuns, type Run } from "./runs.js";
import { compareText } from "./text-order.js";
import type { CoveredKind } from "./transfer.js";

/** From and to a height, both inclusive. */
type Span = readonly [from: number, to: number];

/** Consecutive nonces of an account whose transactions are known, and the blocks of the first and the last of them. */
export interface NumberRun {
	readonly first: number;
	readonly last: number;
	readonly from: number;
	readonly to: number;
}

/**
 * Heights, both inclusive, at which a file claims to be complete and lacks transactions that another source tells; without `to` all from
 * there on.
 */
export interface Lack {
	readonly source: string;
	/** Which of the source's lists: files of one content, such as two answers that list nothing, are one source. */
	readonly kind?: CoveredKind;
	readonly from: number;
	readonly to?: number;
	/** Block of the first that it lacks. */
	readonly at: number;
}

/**
 * What the sources of a case show of the completeness of an account's history: the nonces of what it sent, by rows of any file (an
 * account numbers its transactions 0, 1, 2 and so on), and what its own files lack. Runs ascend and never touch.
 */
export interface HistoryCheck {
	readonly account: AccountId;
	readonly runs: readonly NumberRun[];
	/** A nonce at which sources contradict each other, or run against the order of blocks, and the two blocks: then nonces tell nothing. */
	readonly contradicted?: { readonly nonce: number; readonly heights: readonly [number, number] };
	readonly lacks?: readonly Lack[];
	/** Blocks of the first rows of its files that list what it sent, by the file's source. */
	readonly starts?: readonly { readonly source: string; readonly at: number }[];
	/** Blocks in which files told of a transaction of the account, its only one there, that is not in them: ascending, each once. */
	readonly withdrawn?: readonly number[];
}

/** Nonces that no file tells though a later one is told. */
export interface MissingNonces {
	readonly first: number;
	readonly last: number;
	/** Block of the transaction before; undefined where the account's first transactions are missing. */
	readonly after: number | undefined;
	/** Block of the next transaction that is told. */
	readonly before: number;
}

/** Gaps that a note lists. */
const LISTED = 5;

/** What two sources show together; `lacks` of the second replace those of the first. */
export function joinChecks(a: HistoryCheck, b: HistoryCheck): HistoryCheck {
	let contradicted = a.contradicted ?? b.contradicted;
	const runs: NumberRun[] = [];
	for (const run of [...a.runs, ...b.runs].sort((x, y) => x.first - y.first || x.last - y.last)) {
		const open = runs.at(-1);
		contradicted ??= open && contradictionOf(open, run);
		if (open === undefined || run.first > open.last + 1) runs.push(run);
		else if (run.last > open.last) runs[runs.length - 1] = { ...open, last: run.last, to: run.to };
	}
	const lacks = b.lacks ?? a.lacks;
	const starts = [...(a.starts ?? []), ...(b.starts ?? [])].sort((x, y) => compareText(x.source, y.source) || x.at - y.at);
	const first = starts.filter(({ source }, i) => starts[i - 1]?.source !== source);
	const withdrawn = [...new Set([...(a.withdrawn ?? []), ...(b.withdrawn ?? [])])].sort((x, y) => x - y);
	return {
		account: a.account,
		runs,
		...(contradicted ? { contradicted } : {}),
		...(lacks === undefined ? {} : { lacks }),
		...(first.length === 0 ? {} : { starts: first }),
		...(withdrawn.length === 0 ? {} : { withdrawn }),
	};
}

/** Where a run cannot stand beside one that begins no later, as far as their ends show. */
function contradictionOf(open: NumberRun, run: NumberRun): HistoryCheck["contradicted"] {
	const at = (nonce: number, a: number, b: number) => ({ nonce, heights: [a, b] as const });
	if (run.first === open.first && run.from !== open.from) return at(run.first, open.from, run.from);
	if (run.last === open.last && run.to !== open.to) return at(run.last, open.to, run.to);
	if (run.from < (run.first > open.last ? open.to : open.from)) return at(run.first, open.to, run.from);
	if (run.first <= open.last && run.from > open.to) return at(run.first, open.to, run.from);
	if (run.last < open.last && run.to > open.to) return at(run.last, open.to, run.to);
	return undefined;
}

/** What is missing of the account's own transactions, in order; nothing where its numbers contradict each other. */
export function missingNonces({ runs: told, contradicted, withdrawn = [] }: HistoryCheck): readonly MissingNonces[] {
	if (contradicted !== undefined) return [];
	const runs = told.filter(({ from, to }) => from !== to || !withdrawn.includes(from));
	return runs.flatMap(({ first, from }, i) => {
		const previous = runs[i - 1];
		const start = previous === undefined ? 0 : previous.last + 1;
		return start === first ? [] : [{ first: start, last: first - 1, after: previous?.to, before: from }];
	});
}

/**
 * The coverage of an account as its files bear it out. A file that lacks a transaction which another source tells is not complete from
 * its transaction before to the one after, both with them; so does one that lacks a call or a token's transfer. Where nonces are missing
 * and the account's files together claim every height at which these may stand, one of them is not complete, and nobody knows which:
 * nothing is covered there; of the account's first nonces, that is all before the first row of each file, which then is of a range that
 * it does not tell. Coverage of whole blocks is left as it is.
 */
export function borneOut(coverage: readonly Coverage[], check: HistoryCheck | undefined): readonly Coverage[] {
	if (check === undefined) return withinReach(coverage);
	const left = coverage.flatMap((claim) => (claim.account === check.account ? withoutLacks(claim, check) : [claim]));
	const missing = contradictedBy(
		left.filter((claim) => !listsNothing(claim)),
		check,
	);
	return withinReach(left.flatMap((claim) => (isOwn(claim, check) ? withoutMissing(claim, missing, check) : [claim])));
}

/** How the note of a claim begins whose file listed nothing, and so named no block. */
export const NOTHING_LISTED = "none found";

/** True for the claim of a file that listed nothing. */
export function listsNothing({ account, note }: Pick<Coverage, "account" | "note">): boolean {
	return account !== undefined && note.startsWith(NOTHING_LISTED);
}

/**
 * A file that lists nothing names no block. It counts as asked together with its account's other files, and reaches to where the first of
 * their kinds ends; to block 0 where there are none. So its reach follows from all that the case holds, not from what came before it.
 */
function withinReach(coverage: readonly Coverage[]): readonly Coverage[] {
	if (!coverage.some(listsNothing)) return coverage;
	return coverage.flatMap((claim) => {
		if (!listsNothing(claim)) return [claim];
		const toHeight = Math.min(claim.toHeight, reachOf(coverage, claim.account));
		return claim.fromHeight <= toHeight ? [{ ...claim, toHeight }] : [];
	});
}

function reachOf(coverage: readonly Coverage[], account: Coverage["account"]): number {
	const ends = new Map<string, number>();
	for (const claim of coverage)
		if (claim.account === account && !listsNothing(claim))
			for (const kind of claim.kinds) ends.set(kind, Math.max(claim.toHeight, ends.get(kind) ?? 0));
	return ends.size === 0 ? 0 : Math.min(...ends.values());
}

function isOwn({ account, kinds }: Coverage, check: HistoryCheck): boolean {
	return account === check.account && kinds.includes("native");
}

function withoutLacks(claim: Coverage, check: HistoryCheck): Coverage[] {
	const { lacks = [] } = check;
	const contradicted = isOwn(claim, check) ? check.contradicted : undefined;
	const span = ({ from, to = Number.POSITIVE_INFINITY }: Lack): Span => [from, to];
	const inside = lacks.filter((lack) => isLackOf(lack, claim) && meets(claim, span(lack)));
	return cut(noted(claim, [...lackNotes(inside), ...contradictionNotes(contradicted)]), inside.map(span));
}

/** Whether a lack is of a claim's list. */
export function isLackOf({ source, kind }: Lack, claim: Pick<Coverage, "source" | "kinds">): boolean {
	return source === claim.source && (kind === undefined || claim.kinds.includes(kind));
}

function withoutMissing(claim: Coverage, missing: readonly MissingNonces[], check: HistoryCheck): Coverage[] {
	const inside = missing.map((one) => missingIn(one, check, claim.source)).filter(({ span }) => meets(claim, span));
	return cut(
		noted(claim, missingNotes(inside.map(({ told }) => told))),
		inside.map(({ span }) => span),
	);
}

/**
 * Missing nonces as a file of the account lacks them: the heights that it does not cover for them, both inclusive, and how they are told.
 * Of the account's first nonces it lacks all before its own first row.
 */
export function missingIn(
	missing: MissingNonces,
	{ starts = [] }: HistoryCheck,
	file: string,
): { readonly told: MissingNonces; readonly span: Span } {
	const start = starts.find(({ source }) => source === file)?.at;
	if (missing.after !== undefined || start === undefined || start > missing.before) return { told: missing, span: heightsOf(missing) };
	return { told: { ...missing, before: start }, span: [0, start - 1] };
}

/** The missing nonces for which the account's files leave no room: every height at which they may stand is claimed. */
function contradictedBy(coverage: readonly Coverage[], check: HistoryCheck): readonly MissingNonces[] {
	const own = coverage.filter((claim) => isOwn(claim, check));
	const claimed = joinRuns(own.map(({ fromHeight: from, toHeight: to }) => ({ from, to })));
	if (claimed.length === 0) return [];
	return missingNonces(check).filter(({ after = -1, before }) => {
		const { to } = lastFrom(claimed, after + 1) ?? { to: -1 };
		return Math.max(after, to) >= before - 1;
	});
}

/**
 * The heights, both inclusive, that are not covered where the account's files claim them all; the nonces of a hostile file may run against
 * them.
 */
function heightsOf({ after = 0, before }: MissingNonces): Span {
	return [Math.min(after, before), Math.max(after, before)];
}

/** What is missing, in words for a coverage's notes. */
export function missingNotes(missing: readonly MissingNonces[]): readonly string[] {
	return shortened("its nonces are missing", missing, ({ first, last, after, before }) => {
		const nonces = first === last ? `its nonce ${first} is` : `its nonces ${first} to ${last} are`;
		const where = after === undefined ? `before block ${before}` : `between block ${after} and block ${before}`;
		return `${nonces} missing ${where}: not fetched there`;
	});
}

/** What a file lacks, in words. */
export function lackNotes(lacks: readonly Lack[]): readonly string[] {
	return shortened("it lacks what others tell", lacks, ({ from, to, at }) => {
		const where = to === undefined ? `from block ${from} on` : `from block ${from} to block ${to}`;
		return `it does not list all of block ${at} that another source tells: not complete ${where}`;
	});
}

/** That nonces tell nothing, in words. */
export function contradictionNotes(contradicted: HistoryCheck["contradicted"]): readonly string[] {
	if (contradicted === undefined) return [];
	const at = `its nonce ${contradicted.nonce} (blocks ${contradicted.heights.join(" and ")})`;
	return [`sources contradict each other at ${at}, which no chain does: its nonces tell nothing of missing rows`];
}

function shortened<T>(what: string, all: readonly T[], words: (one: T) => string): readonly string[] {
	const listed = all.slice(0, LISTED).map(words);
	return all.length > LISTED ? [...listed, `${what} in ${all.length - LISTED} more places`] : listed;
}

/** A claim with more to its note. */
export function noted(claim: Coverage, notes: readonly string[]): Coverage {
	return notes.length === 0 ? claim : { ...claim, note: [...(claim.note === "" ? [] : [claim.note]), ...notes].join("; ") };
}

function meets({ fromHeight, toHeight }: Coverage, [from, to]: Span): boolean {
	return from <= toHeight && to >= fromHeight;
}

/** The last of ordered runs that begins at a height or below. */
function lastFrom(runs: readonly Run[], height: number): Run | undefined {
	let [low, high] = [0, runs.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((runs[middle] as Run).from <= height) low = middle + 1;
		else high = middle;
	}
	return runs[low - 1];
}
