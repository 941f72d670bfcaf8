import { type Detection, parseChainId, trustedAccountId } from "@clew/core";
import { expect, it } from "vitest";
import { type Claim, labelReasons, pageReasons } from "./label-reasons.js";
import { detectionReasons, lookAlikeReasons, onlineReasons, publishedReasons, tokenReasons } from "./reasons.js";
import { type TaintFact, taintReasons, type WhatIfFact } from "./taint-reasons.js";

const NOTHING = { seeds: [], isSeed: false, uncounted: 0, service: false, trustedService: false };

it("says that nothing arrived for sure as nothing, and where least and most are one says it once", () => {
	const fact: TaintFact = {
		kind: "full",
		trace: "t",
		asset: "a",
		least: 0n,
		most: 5n,
		text: (amount) => `${amount} ETH`,
		knownWorth: true,
	};
	const words = (least: bigint, most: bigint) => taintReasons({ ...NOTHING, facts: [{ ...fact, least, most }] })[0];
	expect(words(0n, 5n)).toMatchObject({ code: "maybe-tainted", facts: { least: "0 ETH", most: "5 ETH", more: ", at most 5 ETH" } });
	expect(words(0n, 1n)?.facts).toMatchObject({ least: "0 ETH", most: "1 ETH" });
	expect(words(5n, 5n)).toMatchObject({ code: "tainted", facts: { least: "5 ETH", more: "" }, evidence: ["trace t"] });
});

it("names three assets, coins and well-known tokens before others, and counts the rest", () => {
	const fact = (asset: string, knownWorth: boolean): TaintFact => ({
		kind: "full",
		trace: "t",
		asset,
		least: 1n,
		most: 1n,
		text: () => asset,
		knownWorth,
	});
	const said = (...facts: readonly TaintFact[]) => taintReasons({ ...NOTHING, facts })[0]?.facts["least"];
	const [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map((asset) => fact(asset, asset > "c")) as [
		TaintFact,
		TaintFact,
		TaintFact,
		TaintFact,
		TaintFact,
	];
	expect(said(b, a)).toBe("a and b");
	expect(said(c, d, a)).toBe("d and a and c");
	expect(said(c, d, a, b)).toBe("d and a and b and 1 more asset");
	expect(said(c, d, a, b, e)).toBe("d and e and a and 2 more assets");
});

it("says what one trace shows once, however many facts it has, and counts a what-if by the most that any shows", () => {
	const whatIf = (trace: string, most: bigint, how: string): WhatIfFact => ({
		kind: "what-if",
		trace,
		asset: "a",
		most,
		rules: "fifo",
		how,
		text: (amount) => `${amount} ETH`,
		knownWorth: true,
	});
	const [found, ...more] = taintReasons({ ...NOTHING, facts: [whatIf("t", 3n, "x"), whatIf("u", 7n, "y"), whatIf("t", 5n, "x")] });
	expect(more).toEqual([]);
	expect(found).toMatchObject({
		code: "what-if-tainted",
		facts: { most: "7 ETH", rules: "fifo", how: "y" },
		evidence: ["trace t", "trace u"],
	});
	// Each amount beside the words of its own trace.
	const [two] = taintReasons({ ...NOTHING, facts: [whatIf("t", 3n, "x"), { ...whatIf("u", 7n, "y"), asset: "b" }, whatIf("v", 2n, "z")] });
	expect(two?.facts).toMatchObject({ most: "3 ETH and 7 ETH", rules: "fifo", how: "3 ETH: x and 7 ETH: y" });
	const service = taintReasons({ ...NOTHING, service: true, facts: [whatIf("t", 3n, "x")] });
	expect(service.map(({ code }) => code)).toEqual(["service-maybe-received"]);
});

it("says of when a trace is that may be of another state of the case", () => {
	const fact = { kind: "full", trace: "t", asset: "a", least: 0n, most: 5n, text: (n: bigint) => `${n} ETH`, knownWorth: true } as const;
	const before = { ...fact, before: "at noon, and more came since" };
	const said = (...facts: readonly TaintFact[]) => taintReasons({ ...NOTHING, facts })[0]?.facts["asof"];
	expect(said(fact)).toBeUndefined();
	expect(said(before)).toBe(" This is as of the trace run at noon, and more came since.");
	expect(said(before, fact)).toBe(" This is in part as of the trace run at noon, and more came since.");
});

it("names the address that a look-alike imitates as its evidence", () => {
	const at = (middle: string) => trustedAccountId(parseChainId("eip155:1"), `0xabcd${middle.repeat(32)}6789`);
	const [found] = lookAlikeReasons(at("1"), [at("2")]);
	expect(found?.evidence).toEqual([`0xabcd${"2".repeat(32)}6789`]);
});

it("of several addresses names the one that a look-alike shares most with, of equal ones the first", () => {
	const id = (start: string, end: string, fill: string) =>
		trustedAccountId(parseChainId("eip155:1"), `0x${start}${fill.repeat(40 - start.length - end.length)}${end}`);
	const of = (...others: readonly ReturnType<typeof id>[]) => lookAlikeReasons(id("abcd", "6789", "1"), others)[0]?.facts;
	expect(of(id("abc", "789", "2"), id("abcd", "789", "3"))).toMatchObject({ start: "4", end: "3" });
	expect(of(id("abcd", "789", "3"), id("abc", "6789", "2"))).toMatchObject({ start: "4", end: "3" });
	expect(of(id("abc", "6789", "2"), id("abcd", "789", "3"))).toMatchObject({ start: "3", end: "4" });
});

const TODAY = "2026-06-01";
const claim = (rest: Partial<Claim>): Claim => ({
	category: "phishing",
	entity: "E",
	source: "S",
	confidence: 50,
	retrievedAt: "2026-01-01",
	...rest,
});
const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code);

it("pages of a site speak of it while a list that counts in full names them, and with all of them as evidence", () => {
	expect(codes(pageReasons([claim({})], TODAY))).toEqual(["pages-listed"]);
	expect(pageReasons([claim({ confidence: 49 }), claim({ dropped: true }), claim({ validUntil: TODAY })], TODAY)).toEqual([]);
	const [found] = pageReasons(
		[claim({ listed: "a.example/x", confidence: 10 }), claim({ listed: "a.example/y" }), claim({ source: "T" })],
		TODAY,
	);
	expect(found).toMatchObject({ facts: { listed: "a.example/y", dates: "" }, evidence: ["a.example/x", "a.example/y", "T"] });
});

it("says who is a service and since when, and that another list calls the same account a danger; a sanctioned service is no contradiction", () => {
	const who = (...claims: readonly Claim[]) =>
		labelReasons(claims, false, TODAY).find(({ facts }) => facts["who"] !== undefined)?.facts["who"];
	const exchange = (rest: Partial<Claim>) => claim({ category: "exchange", ...rest });
	expect(who(exchange({}))).toBe("E, says S of 2026-01-01");
	expect(who(exchange({ validFrom: "2026-07-01" }))).toBe("E, says S of 2026-01-01, listed from 2026-07-01 on");
	expect(who(exchange({ validUntil: "2026-05-01" }))).toBe("E, said S until 2026-05-01");
	expect(who(exchange({ confidence: 90, validFrom: "2026-07-01" }), exchange({ entity: "F", confidence: 20 }))).toBe(
		"F, says S of 2026-01-01",
	);
	expect(codes(labelReasons([exchange({}), claim({ category: "sanctioned" })], false, TODAY))).toEqual(["listed", "service"]);
	expect(codes(labelReasons([exchange({}), claim({ confidence: 49 })], false, TODAY))).toEqual([
		"listed-weakly",
		"conflicting-labels",
		"service",
	]);
	expect(codes(labelReasons([exchange({ confidence: 19 }), claim({})], false, TODAY))).toEqual([
		"listed",
		"conflicting-labels",
		"maybe-service",
	]);
});

it("a token's contract is no place to send money to; one that wraps a coin gives tokens for that", () => {
	expect(tokenReasons("USDT", false)).toMatchObject([
		{ code: "token-contract", points: 30, facts: { token: "USDT", what: "coins and tokens" } },
	]);
	expect(tokenReasons("WETH", true)).toMatchObject([{ facts: { what: "tokens" } }]);
});

it("a mixer is one while somebody says so with more than a guess", () => {
	const mixer = (rest: Partial<Claim>) => codes(labelReasons([claim({ category: "mixing_service", ...rest })], false, TODAY));
	expect([mixer({}), mixer({ confidence: 20 }), mixer({ confidence: 19 }), mixer({ dropped: true })]).toEqual([
		["mixer"],
		["mixer"],
		["rumoured"],
		["formerly-listed"],
	]);
});

it("a place that nobody used is new, one that sent, holds something or has made a contract is not", () => {
	const online = (rest: object) =>
		codes(onlineReasons({ nonce: 0n, balance: 0n, isContract: false, delegate: undefined, approvals: [], node: "n", ...rest }));
	expect([online({}), online({ nonce: 1n }), online({ balance: 1n })]).toEqual([["never-used"], [], []]);
	const contract = (rest: object) => online({ isContract: true, ...rest });
	expect([contract({}), contract({ nonce: 1n }), contract({ nonce: 2n }), contract({ balance: 1n })]).toEqual([
		["new-contract"],
		["new-contract"],
		[],
		[],
	]);
	expect([online({ nonce: 1n, approvals: ["b"] }), contract({ nonce: 2n, approvals: ["b"] })]).toEqual([
		["approved-person"],
		["approved-by-you"],
	]);
});

it("each kind of behaviour has its reason, once, of whom it is about and with its rows", () => {
	const kinds = [
		"address-poisoning",
		"drainer",
		"mixer-pool",
		"mixer-link",
		"deposit-address",
		"custodial-service",
		"hot-wallet",
		"cold-wallet",
	] as const;
	const at = trustedAccountId(parseChainId("eip155:1"), `0x${"1".repeat(40)}`);
	const seen = (kind: (typeof kinds)[number], rest: Partial<Detection> = {}): Detection => ({
		account: at,
		kind,
		tier: "structural",
		heuristic: kind,
		version: 1,
		score: 80,
		reasons: ["r", "s"],
		parameters: {},
		source: "",
		evidence: ["1.2.3"],
		...rest,
	});
	expect(
		codes(
			detectionReasons(
				kinds.map((kind) => seen(kind)),
				60,
			),
		),
	).toEqual(["detected-poisoning", "detected-drainer", "mixer", "mixer-link", "service", "service", "service", "service"]);
	expect(codes(detectionReasons([seen("drainer", { tier: "lead" }), seen("drainer")], 60))).toEqual(["detected-drainer"]);
	const [plain] = detectionReasons([seen("hot-wallet")], 60);
	expect(plain).toMatchObject({
		evidence: ["1.2.3"],
		facts: { who: "by how it behaves (hot-wallet, score 80)", why: "r; s", other: "", score: "80" },
	});
	const counterpart = trustedAccountId(parseChainId("eip155:1"), `0x${"2".repeat(40)}`);
	const [of] = detectionReasons([seen("deposit-address", { counterpart })], 60);
	expect(of?.facts).toMatchObject({
		who: `by how it behaves, of 0x${"2".repeat(40)} (deposit-address, score 80)`,
		other: `0x${"2".repeat(40)}`,
	});
});

it("takes a bridge or a pool for a service by the labels and detections at which a trace ends, and names them", () => {
	const account = trustedAccountId(parseChainId("eip155:1"), `0x${"3".repeat(40)}`);
	const seen = (kind: Detection["kind"], score: number): Detection => ({
		account,
		kind,
		tier: "structural",
		heuristic: kind,
		version: 1,
		score,
		reasons: [],
		parameters: {},
		source: "",
		evidence: [],
	});
	expect(codes(detectionReasons([seen("bridge", 60), seen("dex-pool", 60)], 60))).toEqual(["service", "service"]);
	// A trace goes on where the score is too low to stop it.
	expect(codes(detectionReasons([seen("bridge", 59), seen("hot-wallet", 59)], 60))).toEqual(["maybe-service", "maybe-service"]);
	const label = { category: "defi_dex", entity: "Uniswap V2", source: "tags", confidence: 90, retrievedAt: "" } as const;
	expect(labelReasons([label], false, "2026-06-01")).toMatchObject([
		{ code: "service", facts: { who: "Uniswap V2 (defi_dex), says tags of no known date" } },
	]);
	expect(publishedReasons(trustedAccountId(parseChainId("eip155:10"), "0x6f26bf09b1c792e3228e5467807a900a503c0281"))).toMatchObject([
		{ code: "service", points: 0, facts: { who: "published contract of across" } },
	]);
	expect(publishedReasons(account)).toEqual([]);
});

it("names the chain where the address that one looks like was paid on another", () => {
	const on = (chain: string, digits: string) => trustedAccountId(parseChainId(chain), `0x${digits}`);
	const [alike] = lookAlikeReasons(on("eip155:1", `abcd${"1".repeat(32)}ef01`), [on("eip155:10", `abcd${"2".repeat(32)}ef01`)]);
	expect(alike?.facts["other"]).toBe(`0xabcd${"2".repeat(32)}ef01 on OP Mainnet`);
});
