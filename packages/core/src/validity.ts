import type { Label } from "./claims.js";
import type { TraceResult } from "./trace-result.js";
import type { TraceLeaf } from "./trace-schema.js";

/** Since when a source says something, and from when on it no longer does, as {@link Label} has them. */
export type Validity = { readonly [key in "validFrom" | "validUntil"]?: Label[key] | undefined };

/**
 * How a label stood at a time. `later`: its source says so since a later day only, which is no word about before. `unknown`: the time, or
 * one of the label's dates, cannot be told, or the dates contradict each other.
 */
export type LabelStanding = "held" | "later" | "ended" | "unknown";

/** The same of all the time in which money came; `partly` where it is not the same throughout. */
export type LabelStandingOver = LabelStanding | "partly";

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Unix seconds of an ISO date (its first second, UTC) or of a date with a time (UTC, where it names no zone); undefined where it is
 * neither.
 */
export function instantOf(text: string): number | undefined {
	const [, day, time = "00:00", zone = "Z"] = ISO.exec(text) ?? [];
	if (day === undefined || Number.isNaN(Date.parse(day)) || !new Date(day).toISOString().startsWith(day)) return undefined;
	const at = Date.parse(`${day}T${time}${zone}`);
	return Number.isNaN(at) ? undefined : at / 1000;
}

/** True where a label has a date, so that when money came makes a difference. */
export function isDated({ validFrom, validUntil }: Validity): boolean {
	return validFrom !== undefined || validUntil !== undefined;
}

/**
 * How a label stood at a time (Unix seconds; undefined: nobody knows when). It holds from the first second of `validFrom`, and no longer
 * from that of `validUntil`.
 */
export function standingAt(label: Validity, at: number | undefined): LabelStanding {
	if (!isDated(label)) return "held";
	const from = label.validFrom === undefined ? Number.NEGATIVE_INFINITY : instantOf(label.validFrom);
	const until = label.validUntil === undefined ? Number.POSITIVE_INFINITY : instantOf(label.validUntil);
	if (at === undefined || (from !== undefined && until !== undefined && from > until)) return "unknown";
	if (until !== undefined && at >= until) return "ended";
	if (from !== undefined && at < from) return "later";
	return from === undefined || until === undefined ? "unknown" : "held";
}

/**
 * True where a label may name who received money: it cannot have ended before. That it was listed later only is no objection, and is to
 * be said.
 */
export function mayName(label: Validity, standing: LabelStandingOver): boolean {
	return standing === "held" || standing === "later" || (standing !== "ended" && label.validUntil === undefined);
}

/** The first label that held; else the first that is listed since later; else the first that cannot be told. One that had ended never. */
export function firstStanding<T extends Validity>(
	labels: readonly T[],
	standingOf: (label: T) => LabelStandingOver,
): { readonly label: T; readonly standing: LabelStandingOver } | undefined {
	const all = labels.map((label) => ({ label, standing: standingOf(label) }));
	for (const wanted of ["held", "later", "partly", "unknown"] as const) {
		const found = all.find(({ standing }) => standing === wanted);
		if (found !== undefined) return found;
	}
	return undefined;
}

/**
 * The dates of a label in words, safe to show; empty without any. Where the time of whoever reads them is told (Unix seconds), a later date
 * is called one to come.
 */
export function datesInWords({ validFrom, validUntil }: Validity, now?: number): string {
	const safe = (date: string) => (instantOf(date) === undefined ? "a date that cannot be read" : date);
	const isToCome = now !== undefined && standingAt({ validFrom }, now) === "later";
	const since = validFrom && (isToCome ? `listed from ${safe(validFrom)} on` : `listed since ${safe(validFrom)}`);
	return [since, validUntil && `until ${safe(validUntil)}`].filter(Boolean).join(", ");
}

/** How a label stood when money came, in words; empty where it held, or has no dates. */
export function standingInWords(label: Validity, standing: LabelStandingOver): string {
	const { [standing]: words } = STANDING_WORDS;
	return words === "" ? "" : `${datesInWords(label)}${words}`;
}

const STANDING_WORDS: Readonly<Record<LabelStandingOver, string>> = {
	held: "",
	later: ", after the money came",
	ended: ": it did not hold any more when the money came",
	partly: ": it held for a part only of the time in which the money came",
	unknown: ": whether it held when the money came is unknown",
};

/** How labels of end points stood when the money came there, by the times of the trace's rows. */
export function leafStandings({
	edges,
}: Pick<TraceResult, "edges">): (leaf: Pick<TraceLeaf, "arrivals">, label: Validity) => LabelStandingOver {
	let times: ReadonlyMap<string, number | undefined> | undefined;
	return ({ arrivals }, label) => {
		if (!isDated(label)) return "held";
		times ??= new Map(edges.map(({ position, time }) => [heightOf(position), instantOf(time)]));
		const [first, last] = [arrivals.first, arrivals.last].map((position) => standingAt(label, times?.get(heightOf(position))));
		return standingOver(first, last);
	};
}

/** The standing over a time of which the first and the last moment are told. */
export function standingOver(first: LabelStanding = "unknown", last: LabelStanding = "unknown"): LabelStandingOver {
	if (first === last) return first;
	return first === "unknown" || last === "unknown" ? "unknown" : "partly";
}

function heightOf(position: string): string {
	return position.slice(0, position.indexOf("."));
}
