import { median } from "../median.js";

/** One movement in time, of an account or of a trace. */
export interface TimelineEvent {
	/** Unix seconds, of its block. */
	readonly time: number;
	readonly direction: "in" | "out";
	readonly txHash: string;
}

/** Movements of one span of time, `from` inclusive, `to` exclusive, Unix seconds. */
export interface TimelineBin {
	readonly from: number;
	readonly to: number;
	readonly in: number;
	readonly out: number;
}

/** Paying transactions that follow each other closely. */
export interface Burst {
	readonly from: number;
	readonly to: number;
	readonly transactions: number;
	/** Median of the seconds between one and the next. */
	readonly spacing: number;
	/** More, and faster, than a person signs by hand: a lead that a program held the keys. */
	readonly isProgram: boolean;
}

/** A span without paying transactions between two of them. */
export interface Silence {
	readonly from: number;
	readonly to: number;
}

/** At which hours of the day (UTC) it paid. */
export interface ActiveHours {
	/** Paying transactions by hour, 24 numbers. */
	readonly byHour: readonly number[];
	/** Days on which it paid. */
	readonly days: number;
	/** The longest span of hours with next to none; absent where no span is long enough to say so. A lead, and no proof of a place. */
	readonly quiet?: { readonly fromHour: number; readonly hours: number; readonly transactions: number };
}

/** When something moved. Numbers of movements, except where transactions are named. */
export interface Activity {
	readonly in: number;
	readonly out: number;
	/** Transactions that paid. */
	readonly paying: number;
	/** Movements whose time no source tells: in none of the figures. */
	readonly untimed: number;
	readonly first?: number;
	readonly last?: number;
	/** Seconds of one bin; bins without movements are left out. */
	readonly width: number;
	readonly bins: readonly TimelineBin[];
	readonly bursts: readonly Burst[];
	/** The longest first. */
	readonly silences: readonly Silence[];
	/** Absent where it paid too seldom to say anything. */
	readonly hours?: ActiveHours;
}

/** What is called a burst, a silence, quiet hours; docs/timeline.md says why. Times in seconds. */
export interface TimelineParameters {
	readonly mostBins: number;
	readonly burstPause: number;
	readonly burstLeast: number;
	readonly programLeast: number;
	readonly programSpacing: number;
	readonly silenceLeast: number;
	readonly silencesShown: number;
	readonly hoursLeastTransactions: number;
	readonly hoursLeastDays: number;
	readonly quietLeastHours: number;
	/** At most this share of the transactions falls into quiet hours, in percent. */
	readonly quietPercent: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
const HOURS = 24;

export const TIMELINE_PARAMETERS: TimelineParameters = {
	mostBins: 40,
	burstPause: 60,
	burstLeast: 10,
	programLeast: 20,
	programSpacing: 15,
	silenceLeast: 7 * DAY,
	silencesShown: 3,
	hoursLeastTransactions: 50,
	hoursLeastDays: 14,
	quietLeastHours: 5,
	quietPercent: 2,
};

/** Widths of bins, in seconds: minutes, hours, days, weeks of seven days, then thirty days and years of 365. */
const WIDTHS = [60, 600, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 365 * DAY];

/** When these movements happened, in bins, bursts, silences and hours. Any order; O(n log n). */
export function activityOf(events: readonly TimelineEvent[], untimed = 0, parameters: TimelineParameters = TIMELINE_PARAMETERS): Activity {
	const times = events.map(({ time }) => time).sort((a, b) => a - b);
	const paying = new Map(events.filter(({ direction }) => direction === "out").map(({ txHash, time }) => [txHash, time]));
	const paid = [...paying.values()].sort((a, b) => a - b);
	const [first, last] = [times[0], times.at(-1)];
	const width = widthFor(times, parameters.mostBins);
	const hours = hoursOf(paid, parameters);
	const out = events.filter(({ direction }) => direction === "out").length;
	return {
		in: events.length - out,
		out,
		paying: paid.length,
		untimed,
		...(first === undefined || last === undefined ? {} : { first, last }),
		width,
		bins: binsOf(events, width),
		bursts: burstsOf(paid, parameters),
		silences: silencesOf(paid, parameters),
		...(hours === undefined ? {} : { hours }),
	};
}

/** The finest width with which no more bins than that hold movements; empty ones take no room. */
function widthFor(times: readonly number[], most: number): number {
	const bins = (width: number) => new Set(times.map((time) => Math.floor(time / width))).size;
	return WIDTHS.find((width) => bins(width) <= most) ?? (WIDTHS.at(-1) as number);
}

function binsOf(events: readonly TimelineEvent[], width: number): TimelineBin[] {
	const counted = new Map<number, { in: number; out: number }>();
	for (const { time, direction } of events) {
		const from = Math.floor(time / width) * width;
		const bin = counted.get(from) ?? { in: 0, out: 0 };
		bin[direction]++;
		counted.set(from, bin);
	}
	return [...counted].map(([from, bin]) => ({ from, to: from + width, ...bin })).sort((a, b) => a.from - b.from);
}

/** Longest runs in which no pause between two transactions is longer than `burstPause`. */
function burstsOf(paid: readonly number[], { burstPause, burstLeast, programLeast, programSpacing }: TimelineParameters): Burst[] {
	const bursts: Burst[] = [];
	let begin = 0;
	for (let i = 1; i <= paid.length; i++) {
		if (i < paid.length && (paid[i] as number) - (paid[i - 1] as number) <= burstPause) continue;
		const run = paid.slice(begin, i);
		begin = i;
		if (run.length < burstLeast) continue;
		const spacing = median(run.slice(1).map((time, k) => time - (run[k] as number))) ?? 0;
		const isProgram = run.length >= programLeast && spacing <= programSpacing;
		bursts.push({ from: run[0] as number, to: run.at(-1) as number, transactions: run.length, spacing, isProgram });
	}
	return bursts;
}

function silencesOf(paid: readonly number[], { silenceLeast, silencesShown }: TimelineParameters): Silence[] {
	return paid
		.slice(1)
		.map((to, i) => ({ from: paid[i] as number, to }))
		.filter(({ from, to }) => to - from >= silenceLeast)
		.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
		.slice(0, silencesShown);
}

function hoursOf(paid: readonly number[], parameters: TimelineParameters): ActiveHours | undefined {
	const days = new Set(paid.map((time) => Math.floor(time / DAY))).size;
	if (paid.length < parameters.hoursLeastTransactions || days < parameters.hoursLeastDays) return undefined;
	const byHour = new Array<number>(HOURS).fill(0);
	for (const time of paid) {
		const hour = Math.floor(time / HOUR) % HOURS;
		byHour[hour] = (byHour[hour] as number) + 1;
	}
	const quiet = quietOf(byHour, paid.length, parameters);
	return { byHour, days, ...(quiet === undefined ? {} : { quiet }) };
}

/** The longest span around the clock with at most the share of quiet hours; of equal ones the one with the fewest transactions. */
function quietOf(byHour: readonly number[], total: number, { quietLeastHours, quietPercent }: TimelineParameters): ActiveHours["quiet"] {
	for (let hours = HOURS - 1; hours >= quietLeastHours; hours--) {
		const spans = byHour.map((_, fromHour) => ({
			fromHour,
			hours,
			transactions: Array.from({ length: hours }, (_, i) => byHour[(fromHour + i) % HOURS] as number).reduce((sum, n) => sum + n, 0),
		}));
		const [best] = spans.sort((a, b) => a.transactions - b.transactions || a.fromHour - b.fromHour);
		if (best !== undefined && best.transactions * 100 <= total * quietPercent) return best;
	}
	return undefined;
}
