import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseAmount } from "./amount.js";
import { readBounded } from "./bounded-body.js";
import { nativeAsset } from "./chain-family/accounts.js";
import { publishedOtherwise } from "./chain-family/known-tokens.js";
import { chainName, coinOf, parseChainId } from "./chain-family/registry.js";
import { erc20Asset } from "./ids.js";
import { RULES } from "./rules.js";
import { shapeProblem } from "./shape-problem.js";
import { compareText } from "./text-order.js";
import { mostTogether, openOf, rangeOfRows, wideningOf } from "./trace-range.js";
import type { TraceGap, TraceLeaf } from "./trace-schema.js";
import { computed, whatIfOf } from "./what-if.js";

const ETHEREUM = parseChainId("eip155:1");

describe("what a trace was asked other than plainly", () => {
	const asked = (parameters: Record<string, string> = {}, rules: readonly string[] = RULES) =>
		whatIfOf({ chain: ETHEREUM, rules: rules as never, parameters });

	it("is nothing for the usual parameters, said or not", () => {
		expect(asked()).toBeUndefined();
		expect(
			asked({ seedLimit: "none", seedAsset: "any", seedSince: "0", until: "end of data", dust: "none", conversions: "net", fee: "last" }),
		).toBeUndefined();
		expect(asked({ throughCoinJoins: "no", budgetBound: "no", minLabelConfidence: "20", serviceTransfers: "10000" })).toBeUndefined();
		expect(asked({ budgetBound: "yes", maxAccounts: "20000" })).toBeUndefined();
	});

	it.each([
		[{ seedLimit: "5" }, "--amount: at most 5 base units a seed"],
		[{ seedAsset: "a" }, "--asset: only a"],
		[{ seedSince: "9" }, "--since: only arrivals from block 9 on"],
		[{ until: "9" }, "--until: nothing after block 9"],
		[{ dust: "7" }, "--dust: arrivals below 7 are not followed"],
		[{ conversions: "none" }, "--no-conversions: exchanges are not followed"],
		[{ fee: "first" }, "--fee first"],
		[{ throughCoinJoins: "yes" }, "--through-coinjoins: followed through mixes by the letter of each rule"],
		[{ budgetBound: "yes", maxAccounts: "19999" }, "--max-accounts: only 19999 accounts are followed"],
		[{ minLabelConfidence: "21" }, "--min-confidence 21, usually 20"],
		[{ serviceTransfers: "9" }, "--service-transfers 9, usually 10000"],
		[{ minDetectionScore: "61" }, "--min-detection 61, usually 60"],
		[{ until: "9", dust: "7" }, "--until: nothing after block 9; --dust: arrivals below 7 are not followed"],
	])("is in words what %j narrowed", (parameters, words) => {
		expect(asked(parameters as Record<string, string>)).toBe(words);
	});

	it("is a rule that was not run, too; without any nothing is agreed", () => {
		expect(
			asked(
				{},
				RULES.filter((rule) => rule !== "lifo"),
			),
		).toBe("--rule: without lifo");
		expect(computed({ chain: ETHEREUM, rules: ["poison"] })("5")).toBe("not computed");
		expect(computed({ chain: ETHEREUM, rules: ["poison", "fifo"] })("5")).toBe("5");
	});
});

describe("the range of some rows", () => {
	it("is the least and the most over rules of their sum, and of wider rows the sum of ranges", () => {
		const rows = [{ tainted: { fifo: "5", lifo: "1", poison: "99" } }, { tainted: { fifo: "1", lifo: "8" } }];
		expect(rangeOfRows(rows)).toEqual({ least: 6n, most: 9n });
		expect(rangeOfRows([...rows, { tainted: { fifo: "3" }, range: ["2", "20"] }])).toEqual({ least: 8n, most: 29n });
		expect(rangeOfRows([{ tainted: { fifo: "4", lifo: "4" }, range: ["1", "7"] }])).toEqual({ least: 1n, most: 7n });
		expect(rangeOfRows([{ tainted: { poison: "4" } }])).toBeUndefined();
		expect(rangeOfRows([])).toBeUndefined();
	});

	it("is wider by asset where bounds are", () => {
		const leaf = (asset: string, range: [string, string]) =>
			({ amounts: { [asset]: { fifo: "5", lifo: "3" } }, range }) as unknown as TraceLeaf;
		expect(wideningOf([leaf("a", ["3", "5"]), leaf("b", ["1", "5"]), leaf("c", ["3", "6"]), leaf("b", ["0", "9"])])).toEqual([
			{ asset: "b", agreed: 5n, most: 4n },
			{ asset: "c", agreed: 0n, most: 1n },
		]);
	});

	it("is together no more than was taken, where nothing else can have come", () => {
		const sums = (seeded: string, convertedIn = "0") => ({
			a: { seeded, convertedIn, convertedOut: "0", held: "0", stopped: "0", fees: "0" },
		});
		const of = (byRule: object, kinds: TraceGap["kind"][] = []) =>
			mostTogether({ conservation: byRule, coverage: { gaps: kinds.map((kind) => ({ kind, text: "" })) } } as never, "a");
		expect(of({ fifo: sums("5"), lifo: sums("7"), poison: sums("9") })).toBe(7n);
		expect([of({ fifo: sums("5", "1") }), of({ fifo: sums("5") }, ["open-passage"]), of({ poison: sums("5") }), of({ fifo: {} })]).toEqual(
			Array(4).fill(undefined),
		);
	});

	it("is open for what is missing, unread or without an order", () => {
		const of = (...kinds: TraceGap["kind"][]) => openOf({ gaps: kinds.map((kind) => ({ kind, text: "" })) } as never);
		expect(of("source-note")).toBeUndefined();
		expect(of("missing-inflow")).toEqual({ what: ["inflows are missing"], holds: "agreed and at most hold whatever they were" });
		expect(of("unread-outflow", "order-unknown")).toEqual({
			what: ["outflows are unread", "the order in blocks is unknown"],
			holds: "agreed holds whatever they were, at most of what the case tells",
		});
		expect(of("order-unknown")?.holds).toMatch(/^agreed holds/);
	});
});

describe("what is wrong with data, in words", () => {
	const shape = z.strictObject({
		name: z.string().min(2).max(3),
		list: z.array(z.number().max(5)).min(1),
		kind: z.enum(["a", "b"]),
		site: z.url().optional(),
		several: z.array(z.number()).max(2).optional(),
		odd: z
			.number()
			.refine((n) => n % 2 === 0, "is even to nobody")
			.optional(),
	});
	const good = { name: "ab", list: [1], kind: "a" };
	it.each([
		[{ list: [1], kind: "a" }, "name: is missing"],
		[{ ...good, name: 7 }, "name: is not what is expected here (string)"],
		[{ ...good, name: "a" }, "name: is too short: at least 2 characters"],
		[{ ...good, name: "abcd" }, "name: is too long: at most 3 characters"],
		[{ ...good, list: [] }, "list: is too small: at least 1 entries"],
		[{ ...good, list: [1, 9] }, "list.1: is too large: at most 5"],
		[{ ...good, kind: "c" }, "kind: is none of a, b"],
		[{ ...good, more: 1 }, "data: has parts that nobody knows: more"],
		[null, "data: is not what is expected here (object)"],
		[{ ...good, site: "no site" }, "site: is not as expected"],
		[{ ...good, several: [1, 2, 3] }, "several: is too large: at most 2 entries"],
		[{ ...good, odd: 1 }, "odd: is even to nobody"],
	])("%j", (data, words) => {
		const { error } = shape.safeParse(data);
		expect(error === undefined ? "" : shapeProblem(error, "data")).toBe(words);
	});
});

it("texts stand in the order of their code units, and are equal to themselves", () => {
	expect([compareText("a", "b"), compareText("b", "a"), compareText("a", "a"), compareText("Z", "a"), compareText("", "a")]).toEqual([
		-1, 1, 0, -1, -1,
	]);
});

it("of a stream is read what is allowed, exactly so much too, and nothing of a longer one", async () => {
	async function* parts(...sizes: readonly number[]) {
		for (const [i, size] of sizes.entries()) yield new Uint8Array(size).fill(i + 1);
	}
	const told: number[] = [];
	expect(await readBounded(parts(2, 3), 5, (bytes) => told.push(bytes))).toEqual(new Uint8Array([1, 1, 2, 2, 2]));
	expect(told).toEqual([2, 5]);
	expect(await readBounded(parts(2, 3), 4)).toBeUndefined();
	expect([await readBounded(null, 0), await readBounded(undefined, 0)]).toEqual([new Uint8Array(), new Uint8Array()]);
});

describe("a chain's coin", () => {
	it("has the chain's own symbol and decimals, and no made-up ones", () => {
		expect(coinOf(ETHEREUM)).toEqual({ symbol: "ETH", decimals: 18, known: true, slip44: 60 });
		expect(coinOf(parseChainId("bitcoin"))).toEqual({ symbol: "BTC", decimals: 8, known: true, slip44: 0 });
		expect(coinOf(parseChainId("eip155:987654"))).toEqual({
			symbol: "native coin of eip155:987654",
			decimals: 18,
			known: false,
			slip44: 60,
		});
		expect([chainName(ETHEREUM), chainName(parseChainId("bitcoin-signet")), chainName(parseChainId("eip155:987654"))]).toEqual([
			"Ethereum",
			"Bitcoin signet",
			"chain eip155:987654",
		]);
	});

	it("is what an amount with a unit is of; a token has none", () => {
		const [coin, token] = [nativeAsset(ETHEREUM), erc20Asset(ETHEREUM, `0x${"a".repeat(40)}`)];
		expect([parseAmount("1.5eth", coin), parseAmount("1.5 native", coin), parseAmount("15", token)]).toEqual([
			15n * 10n ** 17n,
			15n * 10n ** 17n,
			15n,
		]);
		expect(() => parseAmount("1.5USDT", token)).toThrow(/base units/);
		expect(() => parseAmount("1.5BTC", coin)).toThrow(/not an amount of this chain's coin, ETH/);
		const unknown = nativeAsset(parseChainId("eip155:987654"));
		expect(() => parseAmount("1.5ETH", unknown)).toThrow(/native coin of eip155:987654/);
		expect(parseAmount("1.5native", unknown)).toBe(15n * 10n ** 17n);
	});
});

describe("a widely used token", () => {
	const usdt = (decimals: number, symbol: string) =>
		publishedOtherwise({ asset: erc20Asset(ETHEREUM, "0xdac17f958d2ee523a2206206994597c13d831ec7"), decimals, symbol });

	it("has the decimals that its makers publish, and is not called another one; another spelling is no contradiction", () => {
		const published = { symbol: "USDT", decimals: 6 };
		expect([usdt(5, "USDT"), usdt(6, "USDC"), usdt(18, "")]).toEqual([published, published, published]);
		expect([usdt(6, "TRX"), usdt(6, "ETH"), usdt(6, "Foo")]).toEqual([published, published, published]);
		// To a spreadsheet these are formulas.
		for (const formula of ["=USDT", "+USDT", "-USDT", "@USDT", "USDT!"]) expect(usdt(6, formula)).toEqual(published);
		const other = (contract: string, decimals: number, symbol: string) =>
			publishedOtherwise({ asset: erc20Asset(ETHEREUM, contract), decimals, symbol });
		// What the first DAI calls itself, and stETH as it is written.
		expect(other("0x89d24a6b4ccb1b6faa2625fe562bdd9a23260359", 18, "DAI")).toBeUndefined();
		expect(other("0xae7ab96520de3a18e5e111b5eaab095312d7fe84", 18, "stETH")).toBeUndefined();
		expect([usdt(6, "USDT"), usdt(6, "usdt"), usdt(6, "USD₮0"), usdt(6, "")]).toEqual([undefined, undefined, undefined, undefined]);
		expect(publishedOtherwise({ asset: erc20Asset(ETHEREUM, `0x${"a".repeat(40)}`), decimals: 1, symbol: "USDT" })).toBeUndefined();
	});
});
