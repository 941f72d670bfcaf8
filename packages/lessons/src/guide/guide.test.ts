import { describe, expect, it } from "vitest";
import { LANGUAGES, MESSAGES } from "../languages.js";
import { readingGrade } from "../reading-age.test-util.js";
import { type CaseFacts, makeGuide, TOPICS } from "./guide.js";
import { HELP_DESKS } from "./help-desks.js";
import { guideLines, guidePage } from "./page.js";

const FACTS: CaseFacts = {
	taken: ["30 ETH"],
	stop: [
		{ amount: "10 ETH", who: "An Exchange", channel: "portal of its page", others: "go to the police", by: "service" },
		{ amount: "5 USDT", who: "The Issuer", by: "issuer" },
	],
	records: [{ amount: "2 ETH", who: "A Mixer" }],
	held: ["3 ETH"],
	unread: ["10 ETH"],
	frozen: ["5 USDT"],
	height: "100",
	chain: "Ethereum",
	time: "2026-01-01T00:00:00Z",
};
const guide = (topic: (typeof TOPICS)[number], more: Partial<Parameters<typeof makeGuide>[0]> = {}) =>
	makeGuide({ topic, language: "en", today: "2026-03-01", ...more });

describe("guides", () => {
	it.each(TOPICS)("%s: is read with ease at an age of 12, and says what never to do", (topic) => {
		const { sections, first } = guide(topic);
		const text = [first, ...sections.flatMap(({ items }) => items)].join("\n");
		expect(readingGrade(text)).toBeLessThanOrEqual(7);
		expect(text).toContain("No one can take a payment back");
		expect(sections.map(({ heading }) => heading)).toEqual(
			expect.arrayContaining(["Do this now", "Never do this", "Beware of a second theft"]),
		);
	});

	it("names what a case knows, who can stop it, what is not known, and the next date", () => {
		const lines = guideLines(
			guide("stolen", {
				facts: FACTS,
				country: "au",
				dates: [
					{ date: "2026-03-20", what: "hearing" },
					{ date: "2026-02-01", what: "past" },
				],
			}),
		);
		const text = lines.join("\n");
		for (const one of [
			"Taken: 30 ETH.",
			"10 ETH is with An Exchange. They can stop it. Write to them today: portal of its page.",
			"Their own page says to people like you: go to the police",
			"5 USDT is in a coin that The Issuer can freeze. Write to them today: no way to reach them is known here",
			"Where 10 ETH is by now, nobody has looked yet.",
			"Frozen by the maker of the coin: 5 USDT.",
			"block 100 of Ethereum (2026-01-01T00:00:00Z)",
		])
			expect(text).toContain(one);
		const dates = lines.filter((line) => /^ {2}- 2026-/.test(line)).map((line) => line.slice(4, 14));
		expect(dates).toEqual(["2026-03-01", "2026-03-04", "2026-03-20"]);
		expect(text).toContain("Report it to ReportCyber: https://www.cyber.gov.au.");
		expect(text).toContain("Report it to the police where you live.");
		expect(guideLines(guide("stolen", { facts: { ...FACTS, frozen: undefined } })).join("\n")).toContain("No one has asked yet");
		expect(guideLines(guide("stolen")).join("\n")).toContain("without a case");
		for (const language of LANGUAGES)
			expect(guideLines(guide("stolen", { language, facts: { ...FACTS, time: undefined } })).join("\n")).not.toMatch(/[{}]|\(\)|（）/);
	});

	it("a page runs nothing, and a fact is neither markup nor a name of another fact", () => {
		const hostile = "<script>alert(1)</script>{channel}";
		const page = guidePage(
			guide("stolen", { facts: { ...FACTS, stop: [{ amount: "1 ETH", who: hostile, channel: "c", by: "service" }] } }),
		);
		expect(page).not.toContain("<script");
		expect(page).toContain("&#60;script&#62;alert(1)&#60;/script&#62;{channel}");
		expect(page).toContain("default-src 'none'");
	});

	it("offices have an address of their own, in countries by their codes", () => {
		for (const [country, desks] of Object.entries(HELP_DESKS)) {
			expect(country).toMatch(/^[A-Z]{2}$/);
			for (const desk of desks)
				expect(desk, country).toEqual({
					name: expect.stringMatching(/\S/),
					where: expect.stringMatching(/^https:\/\/|^\+?[0-9 ]+$/),
					source: expect.stringMatching(/^https:\/\//),
					read: expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
				});
		}
	});
});

/** Texts of a message file by their places. */
function texts(value: unknown, at = ""): [string, string][] {
	if (typeof value === "string") return [[at, value]];
	return Object.entries(value as object).flatMap(([key, own]) => texts(own, `${at}.${key}`));
}
const names = (text: string) => [...text.matchAll(/\{[a-z]+\}/g)].map(([name]) => name).sort();

describe("message files", () => {
	it.each(LANGUAGES)("%s: has every text of English, with the same facts, and says whether it is a draft", (language) => {
		const own = new Map(texts(MESSAGES[language]));
		for (const [at, text] of texts(MESSAGES.en)) {
			const translated = own.get(at);
			expect([at, typeof translated], at).toEqual([at, "string"]);
			if (at !== ".draft") expect([at, names(translated as string)]).toEqual([at, names(text)]);
			if (language !== "en" && text.length > 30) expect(translated, at).not.toBe(text);
		}
		expect(own.size).toBe(texts(MESSAGES.en).length);
		expect(MESSAGES[language].draft === "").toBe(language === "en");
	});
});
