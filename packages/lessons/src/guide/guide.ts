import { fill } from "@clew/core";
import { type Language, MESSAGES } from "../languages.js";
import type { Messages } from "../messages/en.js";
import { helpDesksOf } from "./help-desks.js";

export const TOPICS = [
	"stolen",
	"drained",
	"poisoned",
	"permission",
	"recovery-scam",
	"impersonation",
] as const satisfies readonly (keyof Messages["guide"]["topics"])[];
export type Topic = (typeof TOPICS)[number];

/** Money of a case and who can do something about it; amounts are texts with their unit. All of it may be hostile. */
export interface MoneyAt {
	readonly amount: string;
	readonly who: string;
	readonly channel?: string;
	/** What the page of that desk says to private persons. */
	readonly others?: string;
	readonly by: "service" | "issuer";
}

/** What a case knows. Empty lists say that the case names nothing of the kind. */
export interface CaseFacts {
	readonly taken: readonly string[];
	readonly stop: readonly MoneyAt[];
	readonly records: readonly Pick<MoneyAt, "amount" | "who">[];
	readonly held: readonly string[];
	readonly unread: readonly string[];
	/** Undefined where nobody asked. */
	readonly frozen: readonly string[] | undefined;
	readonly height: string;
	readonly chain: string;
	/** Undefined where nobody told the time of that block. */
	readonly time: string | undefined;
}

/** What a guide is made from. `today` as YYYY-MM-DD. */
export interface GuideRequest {
	readonly topic: Topic;
	readonly language: Language;
	readonly today: string;
	readonly country?: string | undefined;
	readonly facts?: CaseFacts | undefined;
	/** A date of the reader's own, such as a court's. */
	readonly dates?: readonly { readonly date: string; readonly what: string }[];
}

export interface GuideSection {
	readonly heading: string;
	readonly items: readonly string[];
	/** Numbered: in this order. */
	readonly steps: boolean;
}

/** One page: what happened, what to do in which order, who can help, and what not to do. */
export interface Guide {
	readonly title: string;
	readonly language: Language;
	readonly draft: string;
	readonly first: string;
	readonly sections: readonly GuideSection[];
}

const DAY_MS = 86_400_000;
/** After how many days each who was written to is asked again. */
const ASK_AGAIN_DAYS = 3;

/** Makes a guide. Pure: the date is the caller's. */
export function makeGuide({ topic, language, today, country, facts, dates = [] }: GuideRequest): Guide {
	const words: Messages["guide"] = MESSAGES[language].guide;
	const { title, first, now, today: day, later, say, never } = words.topics[topic];
	const plain = (heading: string, items: readonly string[], steps = false): GuideSection => ({ heading, items, steps });
	const due = [...dates.map(({ date, what }) => ({ date, what })), ...ownDates(words, today, facts)]
		.filter(({ date }) => date >= today)
		.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
	return {
		title,
		language,
		draft: MESSAGES[language].draft,
		first,
		sections: [
			plain(words.now, now, true),
			plain(words.money, facts === undefined ? [words.noCase] : moneyLines(words, facts)),
			plain(
				words.next,
				due.map((one) => fill(words.deadline, one)),
			),
			plain(words.today, day, true),
			plain(words.help, helpLines(words, country)),
			plain(words.say, say),
			plain(words.never, never),
			plain(words.trap, words.trapText),
			plain(words.later, later),
		].filter(({ items }) => items.length > 0),
	};
}

/** Where money can still be stopped, whoever can is written to today and asked again. */
function ownDates(words: Messages["guide"], today: string, facts: CaseFacts | undefined): { date: string; what: string }[] {
	if (facts === undefined || facts.stop.length === 0) return [];
	const again = new Date(Date.parse(`${today}T00:00:00Z`) + ASK_AGAIN_DAYS * DAY_MS).toISOString().slice(0, "2026-01-01".length);
	return [
		{ date: today, what: words.dueWrite },
		{ date: again, what: words.dueAsk },
	];
}

const TIME = / ?[(（]\{time\}[)）]/;

function moneyLines(words: Messages["guide"], facts: CaseFacts): string[] {
	const { taken, stop, records, held, unread, frozen, height, chain, time } = facts;
	const can = ({ by, amount, who, channel = words.noChannel, others }: MoneyAt) => [
		fill(by === "issuer" ? words.issuer : words.stop, { amount, who, channel }),
		...(others === undefined ? [] : [fill(words.others, { text: others })]),
	];
	const lines = [
		...taken.map((amount) => fill(words.taken, { amount })),
		...stop.flatMap(can),
		...records.map((one) => fill(words.records, { amount: one.amount, who: one.who })),
		...held.map((amount) => fill(words.held, { amount })),
		...unread.map((amount) => fill(words.unread, { amount })),
		...(frozen === undefined ? [words.frozenUnknown] : frozen.map((amount) => fill(words.frozen, { amount }))),
		time === undefined ? fill(words.asOf.replace(TIME, ""), { height, chain }) : fill(words.asOf, { height, chain, time }),
	];
	// An amount may begin with a word.
	return lines.map((line) => line.charAt(0).toUpperCase() + line.slice(1));
}

/** The offices of the country, and the police of the place: not every office is the police, and many ask for its number. */
function helpLines(words: Messages["guide"], country: string | undefined): string[] {
	return [...helpDesksOf(country).map(({ name, where }) => fill(words.desk, { name, where })), words.police];
}
