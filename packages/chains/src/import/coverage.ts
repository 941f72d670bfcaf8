import { basename } from "node:path";
import { type Coverage, type CoveredKind, cut, MAX_HEIGHT, NOTHING_LISTED } from "@clew/core";
import type { Format } from "./format.js";

/** Page sizes below a thousand that people and programs ask for. */
const SMALL_PAGES: ReadonlySet<number> = new Set([100, 200, 250, 500]);
/**
 * Smaller ones of an API, as its documentation's examples ask for (Etherscan's `offset`): of JSON, an answer as it came. A short list that
 * a program wrote as CSV has such a number of rows by chance.
 */
const ANSWER_PAGES: ReadonlySet<number> = new Set([10, 20, 25, 50]);
const PAGE_STEP = 1_000;

/** What Blockscout puts into the name of a file of incoming, or of outgoing, rows alone. */
const PART_IN_NAME = /_with_filter_type_/;

/** Why a file with this many rows may end before its account's history does; undefined when nothing hints at it. */
export function cutOffBecause(
	rows: number,
	{ rowLimit, actions }: Pick<Format, "rowLimit" | "actions">,
	json: boolean,
): string | undefined {
	if (rowLimit !== undefined && rows >= rowLimit && rows > 0)
		return `it has ${rows} rows, and the source gives at most ${rowLimit}: it may be cut off`;
	const page = rows % PAGE_STEP === 0 || SMALL_PAGES.has(rows) || (json && actions !== undefined && ANSWER_PAGES.has(rows));
	if (rows > 0 && page) return `it has exactly ${rows} rows, as a full page has: it may be cut off`;
	return undefined;
}

/** What the rows of one file show of how far it reaches. */
export interface Reach {
	readonly path: string;
	/** True for JSON, as an API answers. */
	readonly json: boolean;
	/** True where it is of a range of dates or blocks that it does not tell. */
	readonly ranged: boolean;
	/** All rows, those left out too. */
	readonly rows: number;
	/** Blocks of the first and the last row; undefined without rows. */
	readonly heights: readonly [number, number] | undefined;
	/** Chain head when the source was asked, where rows tell. */
	readonly head: number | undefined;
	readonly badCount: number;
	readonly open: readonly string[];
	readonly caveat: string | undefined;
	/** Heights at which a row may have moved what it does not tell. */
	readonly unread: Iterable<number>;
}

/** The heights that a file covers for its account, in order, and what it does not promise; no heights when it covers none. */
export interface Claim {
	readonly spans: readonly (readonly [number, number])[];
	readonly notes: readonly string[];
}

/**
 * What a file with rows covers. From block 0 to the head that the rows tell, else to the last row; a download of a range that the file
 * does not tell covers its own rows; a file that may be cut off ends inside its first and last block, since nobody knows on which side.
 * What nonces show to be missing the case takes away when it is asked. Heights of rows that do not tell what they moved are left out.
 */
export function claimOf(format: Format, reach: Reach): Claim {
	const { heights } = reach;
	const part = [
		...(PART_IN_NAME.test(basename(reach.path)) ? ["its name says that a part of the rows was asked for"] : []),
		...(format.chosen ? ["its rows are what a query chose"] : []),
	];
	if (heights === undefined || format.kinds.length === 0 || part.length > 0)
		return { spans: [], notes: [...part, ...(reach.caveat === undefined ? [] : [reach.caveat]), ...reach.open] };
	const [first, last] = heights;
	const cutOff = reach.caveat ?? cutOffBecause(reach.rows, format, reach.json);
	const notes = [
		...(cutOff === undefined ? [] : [cutOff]),
		...(cutOff === undefined && reach.ranged
			? ["it is of a range that it does not tell: only from its first row to its last is promised"]
			: []),
		...(reach.badCount > 0 ? [`${reach.badCount} rows of ${basename(reach.path)} did not parse and were left out`] : []),
		...reach.open,
	];
	const [fromHeight, toHeight] =
		cutOff === undefined ? [reach.ranged ? first : 0, Math.max(last, reach.ranged ? last : (reach.head ?? last))] : [first + 1, last - 1];
	const left = cut(
		{ fromHeight, toHeight },
		[...reach.unread].map((height) => [height, height] as const),
	);
	return { spans: left.map((span) => [span.fromHeight, span.toHeight] as const), notes };
}

/**
 * What an answer that lists nothing claims: every block, of which the case takes as fetched what the account's other files reach, in any
 * order of imports (`borneOut`).
 */
export function claimOfNothing(listed: readonly CoveredKind[], path: string): Pick<Coverage, "fromHeight" | "toHeight" | "note"> {
	const what = `${NOTHING_LISTED} of ${listed.join(" and ")} transfers in ${basename(path)}`;
	const note = `${what}, which names no block: taken to reach as far as the account's other files, to block 0 where none tells`;
	return { fromHeight: 0, toHeight: MAX_HEIGHT, note };
}
