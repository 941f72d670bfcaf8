import type { TraceResult } from "@clew/core";
import { describe, expect, it } from "vitest";
import { toHtml } from "../document/html.js";
import { characters, type Paper, type Section } from "../document/model.js";
import { toPdf } from "../document/pdf.js";
import { toText } from "../document/text.js";
import { smallTrace } from "../verify/bundle.test-util.js";
import { REPORT_LANGUAGES, REPORT_MESSAGES } from "./languages.js";
import { localWords, parseZone } from "./moment.js";
import type { PaperOptions } from "./paper-options.js";
import { reportDocument } from "./report.js";

const paperOf = (result: TraceResult, paper: PaperOptions = {}, title = "A case"): Paper =>
	reportDocument({
		info: { id: "case", title, chain: result.chain, createdAt: "2026-01-01T00:00:00Z" } as never,
		details: { requester: "", legalBasis: "", jurisdiction: "", handling: "" },
		result,
		custody: [],
		toolVersion: "1.0.0",
		tool: { name: "clew", version: "1.0.0", lockSha256: "0".repeat(64), configurationSha256: "0".repeat(64) },
		known: result.edges.map(() => ({ tier: "imported", why: "" })),
		paper,
	});

/** The words of a section. */
const wordsOf = ({ heading, blocks }: Section): string =>
	[
		heading,
		...blocks.flatMap((block) =>
			block.kind === "text"
				? [block.parts.map(characters).join("")]
				: block.kind === "table"
					? block.rows.map((row) => row.map((cell) => cell.map((line) => line.map(characters).join("")).join(" / ")).join(" | "))
					: block.kind === "heading"
						? [block.text]
						: [],
		),
	].join("\n");

/** Every text in messages, by its place. */
function texts(value: unknown, at = ""): [string, string][] {
	if (typeof value === "string") return [[at, value]];
	return Object.entries(value as object).flatMap(([key, one]) => texts(one, `${at}.${key}`));
}

describe("a report's first page", () => {
	it("comes first, and adds up what was taken to the last unit under the rule of the exhibit", async () => {
		const result = await smallTrace();
		const { sections } = paperOf(result);
		const words = wordsOf(sections[0] as Section);
		expect(sections.map(({ heading }) => heading).slice(0, 4)).toEqual([
			"On one page",
			"Flow",
			"Timeline",
			"Exhibit: end points under haircut, freeze first",
		]);
		const [, parts = "", taken] = /Under haircut: (.*) = ([0-9.]+) \S+ taken\./.exec(words) ?? [];
		const units = (text: string) => BigInt(text.replace(/^([0-9]+)\.?([0-9]*)$/, (_, a, b) => a + b.padEnd(18, "0")));
		const sum = parts.split(" + ").reduce((all, part) => all + units(/[0-9.]+/.exec(part)?.[0] ?? ""), 0n);
		expect(sum).toBe(units(taken ?? ""));
		expect(sum > 0n).toBe(true);
	});

	it("says what is not known as not known: no price, no time, no rule that conserves", async () => {
		const result = await smallTrace();
		const untimed = { ...result, edges: result.edges.map((edge) => ({ ...edge, time: "" })) };
		const words = wordsOf(paperOf(untimed).sections[0] as Section);
		expect(words).toContain("What it was worth then is not known here: no price was asked for.");
		expect(words).toMatch(/When this was the case does not tell; it was in blocks? \d+/);
		expect(words).not.toMatch(/This was (at|between)|undefined|NaN|\{[a-z]+\}/);
		const poison = wordsOf(paperOf({ ...result, rules: ["poison"] }).sections[0] as Section);
		expect(poison).toContain("What rules agree on was not computed: no conserving rule was run.");
		expect(poison).toContain("No sum is made under poison");
		const only = {
			...result,
			rules: ["poison" as const],
			seeds: result.seeds.map((seed) => ({ ...seed, rows: seed.rows.map((row) => ({ ...row, seeded: { poison: row.amount } })) })),
		};
		expect(wordsOf(paperOf(only).sections[0] as Section)).toMatch(/What happened\n[0-9.]+ \S+ came to/);
		expect(poison).toContain("Freeze now: Nothing that every rule agrees on is known");
	});

	it("sums nothing that the case's own audit does not bear out", async () => {
		const result = await smallTrace();
		const wrong = JSON.parse(JSON.stringify(result)) as TraceResult;
		for (const audit of Object.values(wrong.conservation.haircut ?? {})) audit.seeded = `${audit.seeded}1`;
		expect(wordsOf(paperOf(wrong).sections[0] as Section)).not.toMatch(/ taken\.$/m);
	});

	it.each(REPORT_LANGUAGES)("in %s has every text of English with the same facts, and says whether it is a draft", async (language) => {
		const own = new Map(texts(REPORT_MESSAGES[language]));
		const facts = (text: string) => new Set(text.match(/\{[a-z]+\}/g));
		for (const [at, text] of texts(REPORT_MESSAGES.en)) {
			const said = own.get(at) ?? "";
			// A language without a plural of its own may count where English says one.
			if (at !== ".draft") expect([at, said]).toEqual([at, expect.stringMatching(/./)]);
			expect([at, facts(said)]).toEqual([at, facts(text)]);
		}
		expect(REPORT_MESSAGES[language].draft === "").toBe(language === "en");
		const { sections } = paperOf(await smallTrace(), { language });
		const [first, second] = sections.map(wordsOf);
		expect(first).toContain(REPORT_MESSAGES[language].happened);
		expect(first).not.toMatch(/\{[a-z]+\}/);
		if (language !== "en")
			expect([first?.includes(REPORT_MESSAGES[language].draft), second?.startsWith("On one page")]).toEqual([true, true]);
	});

	it("tells a moment on the clock of a zone that there is", () => {
		expect(localWords("2018-11-09T02:14:05Z", parseZone("Asia/Seoul"))).toBe("2018-11-09 11:14:05 GMT+9");
		expect(localWords("2018-07-01T23:30:00Z", "Europe/Berlin")).toBe("2018-07-02 01:30:00 GMT+2");
		expect(localWords("", "Europe/Berlin")).toBeUndefined();
		for (const zone of ["", "Mars/Base", "../etc", "a".repeat(99)]) expect(() => parseZone(zone)).toThrow(/no time zone/);
	});
});

describe("hostile words in a report", () => {
	const LURE = `<script>alert(1)</script><img src=x onerror=alert(1)>\u202eevil\u2066 https://evil.example ${"W".repeat(10_000)}`;
	const hostile = async (): Promise<TraceResult> => {
		const result = await smallTrace();
		const [asset = ""] = Object.keys(result.assets);
		const label = { tier: "attribution", entity: LURE, name: LURE, category: "exchange", source: LURE, retrievedAt: "", confidence: 100 };
		return {
			...result,
			assets: { ...result.assets, [asset]: { symbol: LURE, decimals: 18 } },
			leaves: result.leaves.map((leaf) => ({ ...leaf, labels: [label as never], stop: { ...leaf.stop, detail: LURE.slice(0, 300) } })),
			coverage: { ...result.coverage, gaps: [{ kind: "source-note", text: LURE.slice(0, 300) }] },
		};
	};

	it("stay text, bounded, and without a live link or a sign that turns the line", async () => {
		const paper = paperOf(await hostile(), {}, LURE);
		const [html, text] = [toHtml(paper, ""), toText(paper)];
		expect(html).not.toMatch(/<script|<img|\u202e|\u2066|https:\/\/evil|W{400}/);
		expect(text).not.toMatch(/\u202e|\u2066|https:\/\/evil|W{400}/);
		expect(html.length).toBeLessThan(400_000);
	});

	it("are set on pages of either size, the same bytes each time, with tables that are tables", async () => {
		const paper = paperOf(await hostile(), {}, "Дело Łódź 案");
		for (const [size, box] of [
			["A4", "595.28 841.89"],
			["Letter", "612 792"],
		] as const) {
			const [one, again] = [Buffer.from(await toPdf(paper, { size })), Buffer.from(await toPdf(paper, { size }))];
			expect(one.equals(again)).toBe(true);
			const pdf = one.toString("latin1");
			expect(pdf).toContain(`/MediaBox [0 0 ${box}]`);
			for (const mark of ["/S /Table", "/S /TR", "/S /TH", "/S /TD", "DejaVuSans"])
				expect([mark, pdf.includes(mark)]).toEqual([mark, true]);
		}
	});
});

describe("an address in HTML", () => {
	it("stands in fours, is one word to copy, and leads to the explorer of its chain", async () => {
		const result = await smallTrace();
		const html = toHtml(paperOf(result), "");
		const groups = [...html.matchAll(/<code class="a" title="([^"]+)">(.*?)<\/code>/g)];
		expect(groups.length).toBeGreaterThan(3);
		for (const [, whole, inside = ""] of groups) {
			expect(inside.replace(/<[^>]*>/g, "")).toBe(whole);
			expect(inside).not.toMatch(/\s(?![^<]*>)/);
		}
	});
});
