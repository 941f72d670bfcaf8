/**
 * Days for which a list of sanctions, scams or thefts answers for today: OFAC changes its list about every week, lists of scams every day.
 * An older one still warns, but that it does not name somebody says nothing of now.
 */
export const LIST_DAYS = 30;

/** The option of commands that ask lists. */
export const MAX_AGE_OPTION = ["--max-age <days>", `days for which a list answers for today (default: ${LIST_DAYS})`] as const;

const DAY = 86_400_000;
const ISO_DATE = 10;

/** Whether a list of one day (ISO date) is too old to answer for another. */
export function isOld(asOf: string, today: string, days: number): boolean {
	return asOf < new Date(Date.parse(today) - days * DAY).toISOString().slice(0, ISO_DATE);
}
