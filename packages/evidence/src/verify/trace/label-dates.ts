/** Since and until when a label is said; ISO dates, with or without a time. */
export interface LabelDates {
	readonly validFrom?: string;
	readonly validUntil?: string;
}

const DATE = "\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})?)?";
const UNREADABLE = "a date that cannot be read";
/** How the dates of a label are written in sentences. */
export const DATES = `(?:listed since (?:${DATE}|${UNREADABLE}))?(?:, )?(?:until (?:${DATE}|${UNREADABLE}))?`;
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Milliseconds of a date (its first moment, UTC) or a date with a time; undefined where it is neither. */
export function momentOf(text: string): number | undefined {
	const [all, zone] = ISO.exec(text) ?? [];
	const day = text.slice(0, 10);
	if (all === undefined || Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day) return undefined;
	const moment = Date.parse(all.length === 10 || zone !== undefined ? all.replace(" ", "T") : `${all.replace(" ", "T")}Z`);
	return Number.isNaN(moment) ? undefined : moment;
}

/**
 * How a label stood at a time (ISO, empty where nobody knows it): it holds from the first moment of `validFrom` on, and no longer from
 * that of `validUntil` on.
 */
export function standingAt(dates: LabelDates, time: string): Standing {
	return standingOf(spanOf(dates), momentOf(time));
}

/** How a label stood. */
export type Standing = "held" | "later" | "ended" | "unknown";

/** Since and until when a label is said, in milliseconds; undefined where that cannot be read. Read once, it is asked of many times. */
export interface Span {
	readonly dated: boolean;
	readonly from: number | undefined;
	readonly until: number | undefined;
}

/** The span of a label's dates; one that has none is said for ever. */
export function spanOf({ validFrom, validUntil }: LabelDates): Span {
	return {
		dated: validFrom !== undefined || validUntil !== undefined,
		from: validFrom === undefined ? Number.NEGATIVE_INFINITY : momentOf(validFrom),
		until: validUntil === undefined ? Number.POSITIVE_INFINITY : momentOf(validUntil),
	};
}

/** The same as {@link standingAt} of a span at a moment in milliseconds; undefined where nobody knows it. */
export function standingOf({ dated, from, until }: Span, at: number | undefined): Standing {
	if (!dated) return "held";
	if (at === undefined || (from !== undefined && until !== undefined && from > until)) return "unknown";
	if (until !== undefined && at >= until) return "ended";
	if (from !== undefined && at < from) return "later";
	return from === undefined || until === undefined ? "unknown" : "held";
}

/**
 * True where a label cannot have ended before money came at a time (ISO, empty where nobody knows it): it has no end, or one that lies
 * behind that time.
 */
export function notEnded({ validFrom, validUntil }: LabelDates, time: string): boolean {
	if (validUntil === undefined) return true;
	const [until, at] = [momentOf(validUntil), momentOf(time)];
	const from = validFrom === undefined ? undefined : momentOf(validFrom);
	return until !== undefined && at !== undefined && at < until && (from === undefined || from <= until);
}

/** The dates of a label as sentences tell them; empty where it has none. */
export function datesInWords({ validFrom = "", validUntil = "" }: LabelDates): string {
	const safe = (date: string) => (momentOf(date) === undefined ? UNREADABLE : date);
	return [validFrom && `listed since ${safe(validFrom)}`, validUntil && `until ${safe(validUntil)}`].filter(Boolean).join(", ");
}
