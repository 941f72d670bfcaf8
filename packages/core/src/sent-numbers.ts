import type { Coverage } from "./claims.js";
import type { AccountId } from "./ids.js";

/** Consecutive nonces of an account whose transactions are known, and the blocks of the first and the last of them. */
export interface NumberRun {
	readonly first: number;
	readonly last: number;
	readonly from: number;
	readonly to: number;
}

/** The nonces of what an account sent, as rows of any file told them: it numbers its transactions 0, 1, 2 and so on. Runs ascend and never touch. */
export interface SentNumbers {
	readonly account: AccountId;
	readonly runs: readonly NumberRun[];
	/** The highest nonce that an export of the account itself tells, and its block; absent while only others' exports tell of it. */
	readonly own?: { readonly nonce: number; readonly height: number };
}

/** Nonces that no file tells though a later one is told. */
export interface MissingNonces {
	readonly first: number;
	/** Undefined where the account's own files end: how many are missing is not known. */
	readonly last: number | undefined;
	/** Block of the transaction before; undefined where the account's first transactions are missing. */
	readonly after: number | undefined;
	/** Block of the next transaction that is told. */
	readonly before: number;
}

/** Gaps that a note lists. */
const LISTED = 5;

/** What two sources tell together. */
export function joinNumbers(a: SentNumbers, b: SentNumbers): SentNumbers {
	const runs: NumberRun[] = [];
	for (const run of [...a.runs, ...b.runs].sort((x, y) => x.first - y.first || x.last - y.last)) {
		const open = runs.at(-1);
		if (open === undefined || run.first > open.last + 1) runs.push(run);
		else if (run.last > open.last) runs[runs.length - 1] = { ...open, last: run.last, to: run.to };
	}
	const own = a.own === undefined || (b.own !== undefined && b.own.nonce > a.own.nonce) ? b.own : a.own;
	return { account: a.account, runs, ...(own === undefined ? {} : { own }) };
}

/** What is missing of the account's own transactions, in order. */
export function missingNonces({ runs, own }: SentNumbers): readonly MissingNonces[] {
	const between = runs.flatMap(({ first, from }, i) => {
		const previous = runs[i - 1];
		const start = previous === undefined ? 0 : previous.last + 1;
		return start === first ? [] : [{ first: start, last: first - 1, after: previous?.to, before: from }];
	});
	const next = own && runs.find(({ last }) => last > own.nonce);
	if (own === undefined || next === undefined) return between;
	const before = next.first > own.nonce ? next.from : next.to;
	return [...between.filter(({ first }) => first <= own.nonce), { first: own.nonce + 1, last: undefined, after: own.height, before }];
}

/**
 * The coverage of an account without the heights at which its nonces show that transactions are missing. Where its files together claim
 * every height at which the missing ones may stand, one of them is not complete, and nobody knows which: the heights from the transaction
 * before to the one after, both with them, are not covered, and behind the end of the account's own files nothing is. Missing ones that
 * may stand at a height that no file claims contradict none. Coverage of whole blocks, and of other kinds, is left as it is.
 */
export function withoutMissing(coverage: readonly Coverage[], sent: SentNumbers | undefined): readonly Coverage[] {
	const claims = coverage.filter((claim) => isOwn(claim, sent));
	const missing = sent === undefined || claims.length === 0 ? [] : missingInClaims(claims, sent);
	if (missing.length === 0) return coverage;
	return coverage.flatMap((claim) => (isOwn(claim, sent) ? cut(claim, missing) : [claim]));
}

/** The missing nonces for which the account's files leave no room: every height at which they may stand is claimed. */
function missingInClaims(coverage: readonly Coverage[], sent: SentNumbers): readonly MissingNonces[] {
	const claims = coverage.filter((claim) => isOwn(claim, sent)).sort((a, b) => a.fromHeight - b.fromHeight);
	return missingNonces(sent).filter(({ after = -1, before, last }) => {
		let next = after + 1;
		for (const { fromHeight, toHeight } of claims) if (fromHeight <= next) next = Math.max(next, toHeight + 1);
		return claims.length > 0 && next > (last === undefined ? before : before - 1);
	});
}

/** What is missing, in words for a coverage's notes. */
export function missingNotes(missing: readonly MissingNonces[]): readonly string[] {
	const listed = missing.slice(0, LISTED).map(({ first, last, after, before }) => {
		if (last === undefined)
			return `its own files end before its nonce ${first}, though others tell that it sent more by block ${before}: not fetched from block ${after} on`;
		const nonces = first === last ? `its nonce ${first} is` : `its nonces ${first} to ${last} are`;
		return `${nonces} missing ${after === undefined ? `before block ${before}` : `between block ${after} and block ${before}`}: not fetched there`;
	});
	return missing.length > LISTED ? [...listed, `its nonces are missing in ${missing.length - LISTED} more places`] : listed;
}

function isOwn({ account, kinds }: Coverage, sent: SentNumbers | undefined): boolean {
	return account !== undefined && account === sent?.account && kinds.includes("native");
}

/** A claim without the heights of what is missing, which its note then tells. */
function cut(claim: Coverage, missing: readonly MissingNonces[]): Coverage[] {
	const inside = missing.filter((one) => {
		const [from, to] = heightsOf(one);
		return from <= claim.toHeight && to >= claim.fromHeight;
	});
	if (inside.length === 0) return [claim];
	const note = [...(claim.note === "" ? [] : [claim.note]), ...missingNotes(inside)].join("; ");
	let left = [{ ...claim, note }];
	for (const [from, to] of inside.map(heightsOf)) {
		left = left.flatMap((part) =>
			[
				{ ...part, toHeight: Math.min(part.toHeight, from - 1) },
				{ ...part, fromHeight: Math.max(part.fromHeight, to + 1) },
			].filter(({ fromHeight, toHeight }) => fromHeight <= toHeight),
		);
	}
	return left;
}

/** The heights, both inclusive, that are not covered where the account's files claim them all; the nonces of a hostile file may run against them. */
export function heightsOf({ after = 0, before, last }: MissingNonces): readonly [number, number] {
	return [Math.min(after, before), last === undefined ? Number.POSITIVE_INFINITY : Math.max(after, before)];
}
