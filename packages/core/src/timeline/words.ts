import { isoTime } from "../iso-time.js";
import { type Activity, TIMELINE_PARAMETERS, type TimelineParameters } from "./activity.js";
import type { HopSpeed } from "./of-trace.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHOWN_BURSTS = 5;

/** A length of time in its largest unit that is whole enough: `45 s`, `12 min`, `5.5 h`, `3.2 days`. */
export function spanInWords(seconds: number): string {
	if (seconds < 2 * MINUTE) return `${seconds} s`;
	if (seconds < 2 * HOUR) return `${oneDecimal(seconds / MINUTE)} min`;
	if (seconds < 2 * DAY) return `${oneDecimal(seconds / HOUR)} h`;
	return `${oneDecimal(seconds / DAY)} days`;
}

const oneDecimal = (value: number): string => value.toFixed(1).replace(/\.0$/, "");

/** What stands out in when something moved, a sentence each; none where nothing does. What is a lead says so. */
export function activityInWords(activity: Activity, parameters: TimelineParameters = TIMELINE_PARAMETERS): string[] {
	const { bursts, silences, hours, untimed } = activity;
	const largest = [...bursts].sort((a, b) => b.transactions - a.transactions || a.from - b.from);
	return [
		...largest.slice(0, SHOWN_BURSTS).map(({ from, to, transactions, spacing, isProgram }) => {
			const program = isProgram ? ": faster than a person signs by hand, so a program likely held the keys (a lead)" : "";
			const when = `within ${spanInWords(to - from)} from ${isoTime(from)}`;
			return `${transactions} paying transactions ${when}, one every ${spanInWords(spacing)} in the middle${program}`;
		}),
		...(largest.length > SHOWN_BURSTS ? [`${largest.length - SHOWN_BURSTS} smaller bursts`] : []),
		...silences.map(({ from, to }) => `no payment in the case for ${spanInWords(to - from)}, from ${isoTime(from)} to ${isoTime(to)}`),
		...(hours === undefined ? [] : [hoursInWords(hours, activity.paying, parameters)]),
		...(untimed === 0 ? [] : [`${untimed} movements whose time no source tells are in none of these figures`]),
	];
}

function hoursInWords({ quiet, days }: NonNullable<Activity["hours"]>, paying: number, { quietLeastHours }: TimelineParameters): string {
	const of = `of ${paying} paying transactions on ${days} days`;
	if (quiet === undefined) return `around the clock: ${of} in the case, no ${quietLeastHours} hours in a row are (nearly) without`;
	const span = `${clock(quiet.fromHour)} and ${clock((quiet.fromHour + quiet.hours) % 24)} UTC`;
	const meaning = "hours of rest suggest where on Earth somebody lives, and prove nothing (a lead)";
	return `${of} in the case, ${quiet.transactions} fall between ${span}: ${meaning}`;
}

const clock = (hour: number): string => `${hour.toString().padStart(2, "0")}:00`;

/** How fast traced money was passed on, in one sentence. */
export function speedInWords({ hops, median }: HopSpeed): string {
	const [fastest, slowest] = [hops[0], hops.at(-1)];
	if (fastest === undefined || slowest === undefined || hops.length === 1)
		return `one account passed it on, after ${spanInWords(fastest?.delay ?? median)}`;
	return `${hops.length} accounts passed it on, after ${spanInWords(median)} in the middle; the fastest after ${spanInWords(fastest.delay)}, the slowest after ${spanInWords(slowest.delay)}`;
}
