import { describe, expect, it } from "vitest";
import type { TraceResult } from "../trace-result.js";
import { activityOf, type TimelineEvent } from "./activity.js";
import { timesOf } from "./of-trace.js";
import { activityInWords, spanInWords, speedInWords } from "./words.js";

const DAY = 86_400;
const NOON = Date.UTC(2024, 0, 10, 12) / 1_000;
const paid = (...times: readonly number[]): TimelineEvent[] => times.map((time) => ({ time, direction: "out", txHash: `0x${time}` }));
const every = (count: number, step: number, from = NOON) => Array.from({ length: count }, (_, i) => from + i * step);

describe("when an account moved", () => {
	it("counts every movement in one bin, whatever the order, and pays by transactions", () => {
		const events: TimelineEvent[] = [
			...paid(NOON + 3 * DAY, NOON),
			{ time: NOON, direction: "out", txHash: `0x${NOON}` },
			{ time: NOON + 30, direction: "in", txHash: "0xin" },
		];
		const activity = activityOf(events, 2);
		expect(activity).toMatchObject({ in: 1, out: 3, paying: 2, untimed: 2, first: NOON, last: NOON + 3 * DAY, width: 60 });
		expect(activity.bins).toEqual([
			{ from: NOON, to: NOON + 60, in: 1, out: 2 },
			{ from: NOON + 3 * DAY, to: NOON + 3 * DAY + 60, in: 0, out: 1 },
		]);
		expect(activityInWords(activity)).toEqual(["2 movements whose time no source tells are in none of these figures"]);
	});

	it("widens bins until few enough hold something", () => {
		const activity = activityOf(paid(...every(400, DAY)));
		expect(activity.width).toBe(30 * DAY);
		expect(activity.bins.reduce((sum, { out }) => sum + out, 0)).toBe(400);
	});

	it("says nothing of nothing", () => {
		expect(activityOf([])).toEqual({ in: 0, out: 0, paying: 0, untimed: 0, width: 60, bins: [], bursts: [], silences: [] });
		expect(activityInWords(activityOf([]))).toEqual([]);
	});

	it.each([
		["9 are too few", 9, 10, []],
		["10 are a burst of a person", 10, 10, [false]],
		["20 at the speed of a program", 20, 12, [true]],
		["20 at the speed of a hand", 20, 40, [false]],
		["pauses of more than a minute part them", 30, 61, []],
	])("bursts: %s", (_, count, step, programs) => {
		expect(activityOf(paid(...every(count, step))).bursts.map(({ isProgram }) => isProgram)).toEqual(programs);
	});

	it("takes many payments of one transaction as one", () => {
		const events = every(100, 0).map((time): TimelineEvent => ({ time, direction: "out", txHash: "0xone" }));
		expect(activityOf(events)).toMatchObject({ out: 100, paying: 1, bursts: [] });
	});

	it("names the longest silences between payments, never one that has no end yet", () => {
		const { silences } = activityOf(paid(NOON, NOON + 8 * DAY, NOON + 10 * DAY, NOON + 30 * DAY));
		expect(silences).toEqual([
			{ from: NOON + 10 * DAY, to: NOON + 30 * DAY },
			{ from: NOON, to: NOON + 8 * DAY },
		]);
	});

	it("finds hours of rest around midnight, and says that they prove nothing", () => {
		// From 08:00 to 20:00 UTC on 20 days.
		const times = every(20, DAY, NOON - 4 * 3_600).flatMap((day) => every(12, 3_600, day));
		const activity = activityOf(paid(...times));
		expect(activity.hours?.quiet).toEqual({ fromHour: 20, hours: 12, transactions: 0 });
		expect(activityInWords(activity).at(-1)).toContain("0 fall between 20:00 and 08:00 UTC");
		expect(activityInWords(activity).at(-1)).toContain("prove nothing (a lead)");
		expect(activityOf(paid(...times.slice(0, 40))).hours).toBeUndefined();
		expect(activityInWords(activityOf(paid(...every(480, 3_600)))).at(-1)).toContain("around the clock");
	});

	it("writes spans in one unit", () => {
		expect([0, 119, 120, 5_400, 7_200, 3 * DAY + 8_640].map(spanInWords)).toEqual(["0 s", "119 s", "2 min", "90 min", "2 h", "3.1 days"]);
	});
});

describe("when traced money moved", () => {
	const edge = (position: string, from: string, to: string, seconds: number | undefined, kind = "native", taint = "1") => ({
		...{ position, from, to, kind, txHash: `0x${position}`, tainted: { fifo: taint } },
		time: seconds === undefined ? "" : new Date((NOON + seconds) * 1_000).toISOString(),
	});
	const trace = (...edges: readonly ReturnType<typeof edge>[]) =>
		timesOf({ edges, seeds: [{ rows: [{ position: "1" }] }] } as unknown as TraceResult);

	it("leaves out the seeds, fees, and what carries nothing; hops go from the first arrival to the first payment", () => {
		const { events, untimed, speed } = trace(
			edge("1", "victim", "thief", 0),
			edge("2", "thief", "nobody", 5, "fee"),
			edge("3", "thief", "other", 6, "native", "0"),
			edge("4", "thief", "a", 10),
			edge("5", "thief", "b", 20),
			edge("6", "a", "c", 3_700),
			edge("7", "b", "b", 4_000),
		);
		expect([events.length, untimed]).toEqual([4, 0]);
		expect(speed?.hops.map(({ account, delay }) => [account, delay])).toEqual([
			["thief", 10],
			["a", 3_690],
		]);
		expect(speed && speedInWords(speed)).toBe(
			"2 accounts passed it on, after 61.5 min in the middle; the fastest after 10 s, the slowest after 61.5 min",
		);
	});

	it("tells no delay of an account whose first arrival or first payment has no time", () => {
		const found = trace(
			edge("1", "victim", "thief", undefined),
			edge("2", "victim", "thief", 5),
			edge("3", "thief", "a", 10),
			edge("4", "a", "b", undefined),
			edge("5", "a", "b", 90),
		);
		expect([found.untimed, found.speed]).toEqual([1, undefined]);
	});
});
