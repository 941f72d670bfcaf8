const BACKOFF_FIRST_MS = 250;
const BACKOFF_LONGEST_MS = 20_000;
/** What a server asks for is bounded. */
export const LONGEST_ASKED_MS = 60_000;

/** Milliseconds of exponential backoff with full jitter (AWS Architecture Blog, 2015): timing only, never part of a result. */
export function backoff(attempt: number): number {
	return Math.random() * Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** attempt);
}

/** Milliseconds that `Retry-After` asks for, in seconds or as a date (RFC 9110), a minute at most; undefined where it asks for none. */
export function retryAfter(headers: Readonly<Record<string, string>> | undefined): number | undefined {
	const header = headers?.["retry-after"];
	if (!header) return undefined;
	const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
	return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds * 1000), LONGEST_ASKED_MS) : undefined;
}
