import { InputError } from "@clew/core";
import { type Language, MESSAGES } from "../languages.js";
import { CHANNELS, type Channel, drawing, type Scene, scenesOf } from "./scenes.js";

/** What is drilled. Without a channel all are. */
export interface DrillRequest {
	readonly channel?: Channel | undefined;
	readonly seed: number;
	readonly language: Language;
	/** How many scenes, half of them traps: an even number. */
	readonly count: number;
}

/** Scenes in their order, half of them traps; the same request gives the same. Throws InputError for a count that cannot be halved or filled. */
export function makeDrill({ channel, seed, language, count }: DrillRequest): readonly Scene[] {
	const draw = drawing(seed);
	const all = (channel === undefined ? CHANNELS : [channel]).flatMap((one) => scenesOf(one, MESSAGES[language].drill, draw));
	const most = 2 * Math.min(...[true, false].map((trap) => all.filter((scene) => scene.trap === trap).length));
	if (count < 2 || count % 2 !== 0 || count > most)
		throw new InputError(`a drill of ${channel ?? "all channels"} has an even number of messages from 2 to ${most}, not ${count}`, {
			code: "USAGE",
		});
	const some = (trap: boolean) => draw.shuffled(all.filter((scene) => scene.trap === trap)).slice(0, count / 2);
	return draw.shuffled([...some(true), ...some(false)]);
}

/** Hits and false alarms: who calls everything a trap finds all traps, and is of no use. */
export interface Score {
	readonly traps: number;
	readonly hits: number;
	readonly benign: number;
	readonly alarms: number;
}

/** Marks answers, true for "trap", in the order of the scenes; scenes without an answer do not count. */
export function scoreOf(scenes: readonly Scene[], answers: readonly boolean[]): Score {
	const answered = scenes.slice(0, answers.length).map(({ trap }, i) => ({ trap, said: answers[i] === true }));
	const count = (trap: boolean, said?: boolean) =>
		answered.filter((one) => one.trap === trap && (said === undefined || one.said === said)).length;
	return { traps: count(true), hits: count(true, true), benign: count(false), alarms: count(false, true) };
}

/** A drill that was done; `at` as an ISO time. */
export interface DrillDone extends Score {
	readonly at: string;
	readonly channel: Channel | "all";
	readonly seed: number;
}

/** Days after the first drill, the second, and each later one, at which the next is due: what was learnt fades. */
export const REMINDER_DAYS = [1, 7, 30] as const;
const DAY_MS = 86_400_000;

/** When the next drill of a channel is due, and when the last was. */
export interface NextDrill {
	readonly channel: DrillDone["channel"];
	readonly last: string;
	/** ISO time. */
	readonly due: string;
}

/** The next drill of each channel that was drilled, the earliest first. */
export function nextDrills(done: readonly DrillDone[]): readonly NextDrill[] {
	const channels = [...new Set(done.map(({ channel }) => channel))];
	return channels
		.map((channel) => {
			const own = done.filter((one) => one.channel === channel).map(({ at }) => at);
			const last = own.reduce((a, b) => (a > b ? a : b));
			const days = REMINDER_DAYS[Math.min(own.length, REMINDER_DAYS.length) - 1] ?? 1;
			return { channel, last, due: new Date(Date.parse(last) + days * DAY_MS).toISOString().replace(".000Z", "Z") };
		})
		.sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0));
}
