/** Since and until when a label is said; ISO dates, with or without a time. */
export interface LabelDates {
	readonly validFrom?: string;
	readonly validUntil?: string;
}

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
export function standingAt({ validFrom, validUntil }: LabelDates, time: string): "held" | "later" | "ended" | "unknown" {
	if (validFrom === undefined && validUntil === undefined) return "held";
	const at = momentOf(time);
	const from = validFrom === undefined ? Number.NEGATIVE_INFINITY : momentOf(validFrom);
	const until = validUntil === undefined ? Number.POSITIVE_INFINITY : momentOf(validUntil);
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
