/** Seconds from which on no time of the calendar is (ECMA-262, "Time Values"). */
const LAST = 8_640_000_000_000;

/** UTC of Unix seconds, such as `2026-11-30T12:00:00Z`; in words for a number that is no time, as a node may tell. */
export function isoTime(seconds: number): string {
	return Math.abs(seconds) <= LAST ? new Date(seconds * 1000).toISOString().replace(".000Z", "Z") : `no time (${seconds})`;
}
