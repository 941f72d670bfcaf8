import { median } from "../median.js";
import type { TraceEdge, TraceResult } from "../trace-result.js";
import type { TimelineEvent } from "./activity.js";

/** How long traced money lay in an account: from the first of it that came to the first that left again, in seconds. */
export interface HopDelay {
	readonly account: string;
	readonly arrived: number;
	readonly left: number;
	readonly delay: number;
}

/** How fast traced money moved on, over the accounts that passed some of it on; by account, the fastest first. */
export interface HopSpeed {
	readonly hops: readonly HopDelay[];
	readonly median: number;
}

/** When traced money moved. */
export interface TraceTimes {
	/** Each movement of traced money but fees and the seeds, which are others' payments, as a payment. */
	readonly events: readonly TimelineEvent[];
	readonly untimed: number;
	/** Absent where no account passed any on at times that are told. */
	readonly speed?: HopSpeed;
}

/** The times of a trace's edges that carry taint under some rule. */
export function timesOf(result: TraceResult): TraceTimes {
	const seeded = new Set(result.seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	const moved = result.edges
		.filter((edge) => edge.kind !== "fee" && Object.values(edge.tainted).some((amount) => amount !== "0"))
		.map((edge) => ({ edge, time: secondsOf(edge) }));
	const after = moved.filter(({ edge }) => !seeded.has(edge.position));
	const events = after.flatMap(({ edge: { txHash }, time }) => (time === undefined ? [] : [{ time, direction: "out" as const, txHash }]));
	const hops = hopsOf(moved);
	const middle = median(hops.map(({ delay }) => delay));
	return { events, untimed: after.length - events.length, ...(middle === undefined ? {} : { speed: { hops, median: middle } }) };
}

function secondsOf({ time }: TraceEdge): number | undefined {
	const millis = Date.parse(time);
	return Number.isNaN(millis) ? undefined : millis / 1_000;
}

/**
 * Edges are in the order of their places, so an account's first arrival stands before whatever left after it. An account whose first
 * arrival or first payment has no time is left out: a later one would tell another delay.
 */
function hopsOf(moved: readonly { readonly edge: TraceEdge; readonly time: number | undefined }[]): HopDelay[] {
	const arrived = new Map<string, number | undefined>();
	const left = new Map<string, number | undefined>();
	for (const { edge, time } of moved) {
		if (edge.from === edge.to) continue;
		if (arrived.has(edge.from) && !left.has(edge.from)) left.set(edge.from, time);
		if (!arrived.has(edge.to)) arrived.set(edge.to, time);
	}
	return [...left]
		.flatMap(([account, gone]): HopDelay[] => {
			const came = arrived.get(account);
			return came === undefined || gone === undefined ? [] : [{ account, arrived: came, left: gone, delay: Math.max(0, gone - came) }];
		})
		.sort((a, b) => a.delay - b.delay || a.arrived - b.arrived);
}
