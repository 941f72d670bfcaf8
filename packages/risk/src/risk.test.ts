import { fileURLToPath } from "node:url";
import { type AccountId, type Detection, LABEL_CATEGORIES, parseChainId, trustedAccountId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { type Claim, isTrustedService, labelReasons } from "./label-reasons.js";
import { assess, POINTS, REASON_CODES, reason } from "./reason.js";
import { detectionReasons, lookAlikeReasons, onlineReasons } from "./reasons.js";
import { type TaintFact, taintReasons, type WhatIfFact } from "./taint-reasons.js";
import { adviceOf, type Messages, messagesIn, readMessages, WORD_LANGUAGES } from "./words.js";

const account = (hex: string): AccountId => trustedAccountId(parseChainId("eip155:1"), `0x${hex}`);
const claim = (rest: Partial<Claim>): Claim => ({
	category: "phishing",
	entity: "E",
	source: "S",
	confidence: 50,
	retrievedAt: "2026-01-01",
	...rest,
});
const detection: Detection = {
	account: account("1".repeat(40)),
	kind: "custodial-service",
	tier: "structural",
	heuristic: "custodial-service",
	version: 2,
	score: 80,
	reasons: [],
	parameters: {},
	source: "",
	evidence: [],
};
const TODAY = "2026-06-01";
const codes = (reasons: readonly { code: string }[]) => reasons.map((one) => one.code);

describe("points", () => {
	it("never let leads alone reach the danger line, however many", () => {
		const leads = Array.from({ length: 50 }, () => reason("mixer-link", "lead", {}));
		expect(assess("x", leads, [])).toMatchObject({ verdict: "caution", score: 69 });
		expect(assess("x", [...leads, reason("listed", "attribution", {})], [])).toMatchObject({ verdict: "danger", score: 100 });
	});

	it("count a listing once, weigh weak and former ones less, and say when lists contradict each other", () => {
		expect(codes(labelReasons([claim({}), claim({ source: "T" })], false, TODAY))).toEqual(["listed", "labelled"]);
		expect(codes(labelReasons([claim({ confidence: 20 })], false, TODAY))).toEqual(["listed-weakly"]);
		expect(codes(labelReasons([claim({ confidence: 10 })], false, TODAY))).toEqual(["rumoured"]);
		expect(assess("x", labelReasons([claim({ confidence: 10 })], false, TODAY), []).verdict).toBe("caution");
		expect(codes(labelReasons([claim({ validUntil: "2025-03-21", category: "sanctioned" })], false, TODAY))).toEqual(["formerly-listed"]);
		expect(codes(labelReasons([claim({}), claim({ category: "exchange" })], false, TODAY))).toEqual([
			"listed",
			"conflicting-labels",
			"service",
		]);
		const twice = ["Lazarus Group", "Tornado Cash"].map((entity) => claim({ entity, category: "sanctioned", source: entity }));
		expect(codes(labelReasons(twice, false, TODAY))).toEqual(["listed", "labelled"]);
		const named = (entity: string, over: Partial<Claim> = {}) => claim({ entity, category: "exchange", source: entity, ...over });
		const two = labelReasons([named("Kraken"), named("Binance")], false, TODAY);
		expect(codes(two)).toEqual(["conflicting-labels", "service"]);
		expect(two[0]?.facts["claims"]).toBe("exchange of Kraken, says Kraken of 2026-01-01; exchange of Binance, says Binance of 2026-01-01");
		expect(codes(labelReasons([named("Kraken"), named("Sinbad", { category: "mixing_service" })], false, TODAY))).toContain(
			"conflicting-labels",
		);
		expect(codes(labelReasons([named("Kraken", { validUntil: "2020-01-01" }), named("Binance")], false, TODAY))).toEqual([
			"service",
			"labelled",
		]);
		expect(codes(labelReasons([claim({ category: "sanctioned" }), named("Kraken")], false, TODAY))).not.toContain("conflicting-labels");
		expect(codes(labelReasons([claim({})], true, TODAY))).toEqual(["site-listed"]);
	});
});

it("tells a look-alike from the address itself, and names the one it imitates most", () => {
	const real = account(`abcdef${"0".repeat(28)}123456`);
	const near = account(`abc${"1".repeat(33)}3456`);
	expect(lookAlikeReasons(near, [account(`abc${"2".repeat(35)}56`), real])[0]).toMatchObject({
		code: "look-alike",
		facts: { start: "3", end: "4", other: expect.stringContaining("abcdef") },
	});
	expect(codes(lookAlikeReasons(real, [near, real]))).toEqual(["paid-before"]);
	expect(lookAlikeReasons(account("1".repeat(40)), [real])).toEqual([]);
});

it("takes a guess or a lead for no service, and says so", async () => {
	const guess = labelReasons([claim({ category: "exchange", confidence: 5 })], false, TODAY);
	const lead = detectionReasons([{ ...detection, kind: "custodial-service", tier: "lead" }], 60);
	expect([codes(guess), codes(lead)]).toEqual([["maybe-service"], ["maybe-service"]]);
	expect(codes(detectionReasons([{ ...detection, kind: "custodial-service", tier: "structural" }], 60))).toEqual(["service"]);
	const { reasons } = adviceOf(assess("x", [...guess, ...lead], []), await readMessages());
	expect(reasons).toEqual([
		"It may belong to a service: E, says S of 2026-01-01. That is a guess, and takes no warning away.",
		"It may belong to a service: by how it behaves (custodial-service, score 80). That is a guess, and takes no warning away.",
	]);
});

it("says since when a danger is listed that is listed for later only, and names first what holds", async () => {
	const said = async (...claims: Claim[]) => adviceOf(assess("x", labelReasons(claims, false, TODAY), []), await readMessages()).reasons;
	const later = claim({ entity: "Later", validFrom: "2090-01-01" });
	expect(await said(later)).toEqual([expect.stringContaining("Later (S, listed from 2090-01-01 on).")]);
	expect(await said(later, claim({ entity: "Now" }))).toEqual([
		expect.stringContaining("Now (S)."),
		"Lists also say of it: Later: phishing, says S of 2026-01-01, confidence 50, listed from 2090-01-01 on.",
	]);
	expect(await said(claim({ entity: "Odd", validFrom: "some day" }))).toEqual([
		expect.stringContaining("Odd (S, listed since a date that cannot be read)."),
	]);
});

it("takes who was a service or a mixer once for none today", async () => {
	const former = (rest: Partial<Claim>) => claim({ confidence: 100, validUntil: "2021-01-01", ...rest });
	expect(codes(labelReasons([former({ category: "exchange" })], false, TODAY))).toEqual(["maybe-service"]);
	expect(codes(labelReasons([former({ category: "mixing_service" })], false, TODAY))).toEqual(["formerly-listed"]);
	expect(codes(labelReasons([former({ category: "exchange" }), claim({})], false, TODAY))).toEqual(["listed", "maybe-service"]);
	// Who still says so is the one who is heard, however certain the other was; and a day that has not come ends nothing.
	expect(codes(labelReasons([former({ category: "exchange" }), claim({ category: "exchange", confidence: 30 })], false, TODAY))).toEqual([
		"service",
		"labelled",
	]);
	expect(codes(labelReasons([former({ category: "exchange", validUntil: "2026-06-02" })], false, TODAY))).toEqual(["service"]);
	expect(codes(labelReasons([claim({ validUntil: "2026-06-01" })], false, TODAY))).toEqual(["formerly-listed"]);
	// What begins only later, or cannot be read, is a danger already and a service not yet.
	expect(
		codes(labelReasons([claim({ validFrom: "2026-06-02" }), claim({ category: "exchange", validFrom: "2026-06-02" })], false, TODAY)),
	).toEqual(["listed", "maybe-service"]);
	expect(isTrustedService([claim({ category: "exchange", validUntil: "no date" })], TODAY)).toBe(false);
	const { reasons } = adviceOf(assess("x", labelReasons([former({ category: "exchange" })], false, TODAY), []), await readMessages());
	expect(reasons).toEqual(["It may belong to a service: E, said S until 2021-01-01. That is a guess, and takes no warning away."]);
	const trusted = (rest: Partial<Claim>) => isTrustedService([claim({ category: "exchange", ...rest })], TODAY);
	expect([
		trusted({}),
		trusted({ confidence: 49 }),
		trusted({ validUntil: "2021-01-01" }),
		trusted({ category: "mixing_service" }),
	]).toEqual([true, false, false, false]);
});

describe("stolen money", () => {
	const text = (amount: bigint) => `${amount} ETH`;
	const fact: TaintFact = { kind: "full", trace: "t", asset: "eip155:1/slip44:60", least: 1n, most: 5n, text, knownWorth: true };
	const maybe: TaintFact = { ...fact, least: 0n };
	const { kind: _, least: __, ...common } = fact;
	const whatIf: WhatIfFact = { ...common, kind: "what-if", rules: "fifo", how: "what-if: --rule: without lifo" };
	const of = (
		facts: readonly (TaintFact | WhatIfFact)[],
		rest: { seeds?: string[]; isSeed?: boolean; service?: boolean; trustedService?: boolean; uncounted?: number } = {},
	) =>
		taintReasons({
			facts,
			seeds: rest.seeds ?? [],
			isSeed: rest.isSeed ?? false,
			uncounted: rest.uncounted ?? 0,
			service: rest.service ?? false,
			trustedService: rest.trustedService ?? false,
		});

	it("of a what-if is a reason for care, by the rules that were run, and never of every way of counting", async () => {
		const judged = assess("x", of([whatIf]), ["stolen-money"]);
		expect([judged.verdict, codes(judged.reasons)]).toEqual(["caution", ["what-if-tainted"]]);
		const { sentence } = adviceOf(judged, await readMessages());
		expect(sentence).toContain("up to 5 ETH by the rules that were run (fifo)");
		expect(sentence).not.toContain("every way");
		// A full trace that shows some is the better answer.
		expect(codes(of([whatIf, fact]))).toEqual(["tainted"]);
		expect(codes(of([{ ...whatIf, most: 0n }]))).toEqual([]);
	});

	it("takes the strongest statement over all full traces", () => {
		expect(of([{ ...fact, least: 3n, most: 4n }, fact])[0]?.facts).toMatchObject({ least: "3 ETH", most: "5 ETH" });
		expect(of([fact, { ...fact, least: 3n, most: 4n }])[0]?.facts).toMatchObject({ least: "3 ETH", most: "5 ETH" });
	});

	it("is no token that nobody chose: such are told apart and weigh nothing", () => {
		const judged = assess("x", of([], { uncounted: 2 }), []);
		expect([judged.verdict, codes(judged.reasons)]).toEqual(["clear", ["uncounted-tokens"]]);
	});

	it("that arrived under every rule weighs more than under some, and only the least is said of every rule", async () => {
		expect(codes(of([maybe]))).toEqual(["maybe-tainted"]);
		expect(codes(of([maybe, fact]))).toEqual(["tainted"]);
		expect(of([{ ...fact, least: 0n, most: 0n }])).toEqual([]);
		const { sentence } = adviceOf(assess("x", of([fact]), []), await readMessages());
		expect(sentence).toContain("under every way of counting: at least 1 ETH, at most 5 ETH");
	});

	it("is told in what is worth something first, whatever a token's amount", () => {
		const token = { ...fact, asset: "a/erc20:0x1", least: 10n ** 30n, text: () => "1000000 SCAM", knownWorth: false };
		expect(of([token, fact])[0]?.facts["least"]).toBe("1 ETH and 1000000 SCAM");
	});

	it("makes the place that a seed marks a danger, and an exchange that was paid none", () => {
		expect(assess("x", of([], { seeds: ["tx:0x1"] }), []).verdict).toBe("danger");
		expect(codes(of([fact], { seeds: ["tx:0x1"], service: true, trustedService: true }))).toEqual(["service-received"]);
		// A weak label or behaviour takes no warning away from a place where a seed's own money arrived.
		expect(codes(of([fact], { seeds: ["tx:0x1"], service: true }))).toEqual(["marked-stolen", "tainted"]);
		expect(assess("x", of([fact], { service: true }), []).verdict).toBe("clear");
		expect(codes(of([maybe], { service: true }))).toEqual(["service-maybe-received"]);
		// Who was named as the thief is no less one for a label.
		expect(codes(of([fact], { seeds: ["account:0x1"], isSeed: true, service: true, trustedService: true }))).toEqual([
			"marked-stolen",
			"tainted",
		]);
	});
});

it("calls nothing clear that was not looked at, and a danger a danger all the same", async () => {
	const unlooked = assess("x", [], ["sanctions"]);
	expect(unlooked.verdict).toBe("not-checked");
	expect(adviceOf(unlooked, await readMessages()).sentence).toMatch(
		/^Not checked: none of the lists that are loaded claims to hold the sanctioned/,
	);
	expect(assess("x", [], []).verdict).toBe("clear");
	expect(assess("x", [reason("listed", "attribution", {})], ["sanctions"]).verdict).toBe("danger");
});

it("knows an approval to a person from one to a contract, and a place that nobody used", () => {
	const facts = { nonce: 0n, balance: 0n, isContract: false, delegate: undefined, approvals: [], node: "n" };
	expect(codes(onlineReasons(facts))).toEqual(["never-used"]);
	const delegate = { address: `0x${"d1".repeat(20)}`, codeHash: undefined };
	expect(onlineReasons({ ...facts, nonce: 5n, delegate })).toMatchObject([
		{ code: "delegated", points: 0, facts: { delegate: delegate.address, how: "says n; which has no code now" } },
	]);
	expect(codes(onlineReasons({ ...facts, nonce: 5n, approvals: ["0x1"] }))).toEqual(["approved-person"]);
	expect(codes(onlineReasons({ ...facts, isContract: true, nonce: 1n, approvals: ["0x1"] }))).toEqual(["new-contract", "approved-by-you"]);
});

/** The facts that each text of a message file has a place for. */
function factsIn({ verdict, reason, question, heading }: Messages): readonly (readonly [string, readonly string[]])[] {
	return [verdict, reason, question, heading].flatMap((texts) =>
		Object.entries(texts).map(([key, text]) => [key, [...text.matchAll(/\{[^}]*\}/g)].map(([name]) => name).sort()] as const),
	);
}

describe("words", async () => {
	const messages = await readMessages();

	it("are complete in English", async () => {
		expect(await readMessages(fileURLToPath(new URL("../messages/en.json", import.meta.url)))).toEqual(messages);
	});

	it("are there for every reason, and show hostile text harmless", () => {
		expect(Object.keys(messages.reason).sort()).toEqual([...REASON_CODES].sort());
		const { sentence } = adviceOf(
			assess("x", labelReasons([claim({ entity: "\u202egood\u0007 https://evil.example" })], false, TODAY), []),
			messages,
		);
		expect(sentence).toContain("Do not pay.");
		for (const bad of ["\u202e", "\u0007", "https://"]) expect(sentence).not.toContain(bad);
	});

	it("never let an entity's text fill a placeholder", () => {
		const { sentence } = adviceOf(assess("x", labelReasons([claim({ entity: "{source}{sentence}" })], false, TODAY), []), messages);
		expect(sentence).toContain("{source}{sentence}");
	});

	it.each(WORD_LANGUAGES)("in %s are complete, with the facts of the English, and say whether they are a draft", async (language) => {
		const own = await readMessages(fileURLToPath(new URL(`../messages/${language}.json`, import.meta.url)));
		expect(own).toEqual(messagesIn(language));
		expect(factsIn(own)).toEqual(factsIn(messages));
		expect(own.draft === undefined).toBe(language === "en");
		expect(Object.values(own.do).map((one) => one.length)).toEqual(Object.values(messages.do).map((one) => one.length));
	});

	it("of another language must be complete", async () => {
		await expect(readMessages("/nonexistent.json")).rejects.toThrow("is no complete message file");
	});
});

it("knows what weight every reason has, and every category that can be a danger", () => {
	expect(Object.keys(POINTS).sort()).toEqual([...REASON_CODES].sort());
	expect(
		codes(LABEL_CATEGORIES.flatMap((category) => labelReasons([claim({ category })], false, TODAY))).filter((code) => code === "listed"),
	).toHaveLength(8);
});
