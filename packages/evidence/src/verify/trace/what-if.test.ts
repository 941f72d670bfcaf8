import { whatIfOf as asCore, type ChainId, FEE_CONVENTIONS, rulesOf } from "@clew/core";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { BITCOIN, ETHEREUM } from "../blocks.test-util.js";
import { checkWhatIf, checkWhatIfSaid, rulesBy, whatIfOf } from "./what-if.js";

const COIN = "eip155:1/slip44:60";
const number = fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String);
const or = (plain: string, ...values: fc.Arbitrary<string>[]) => fc.option(fc.oneof(fc.constant(plain), ...values), { nil: undefined });
const parameters = fc
	.record({
		seedLimit: or("none", number),
		seedAsset: or("any", fc.constant(COIN)),
		seedSince: or("0", number),
		until: or("end of data", number),
		dust: or(
			"none",
			number.map((n) => `${n} of ${COIN}`),
			number.map((n) => `${n} of ${COIN}, 1 of eip155:1/erc20:0x${"a".repeat(40)}`),
		),
		conversions: or("net", fc.constant("off")),
		fee: or("last", fc.constantFrom(...FEE_CONVENTIONS)),
		throughCoinJoins: or("no", fc.constant("yes")),
		budgetBound: fc.constantFrom("no", "yes"),
		maxAccounts: fc.constantFrom("5", "19999", "20000", "30000"),
		minLabelConfidence: or("20", number),
		serviceTransfers: or("10000", number),
		minDetectionScore: or("60", number),
	})
	.map((all) => Object.fromEntries(Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined)));
const asked = fc.constantFrom<ChainId>(ETHEREUM as ChainId, BITCOIN as ChainId).chain((chain) =>
	fc.record({
		chain: fc.constant(chain),
		rules: fc.subarray([...rulesOf(chain)], { minLength: 1 }),
		parameters,
	}),
);

const complaints = (trace: Parameters<typeof checkWhatIf>[0]) => {
	const found: string[] = [];
	checkWhatIf(trace, (where, what) => found.push(`${where}: ${what}`));
	return found;
};

describe("a what-if", () => {
	test.prop([asked])("is said in the words in which results say it, which tell the rules that were run", (one) => {
		const words = whatIfOf(one);
		expect(words).toBe(asCore(one));
		expect(complaints(words === undefined ? one : { ...one, parameters: { ...one.parameters, whatIf: words } })).toEqual([]);
		expect([...(rulesBy(words, one.chain) ?? [])].sort()).toEqual([...one.rules].sort());
	});

	test.prop([asked, fc.string()])("is said in no other words", (one, other) => {
		fc.pre(other !== whatIfOf(one));
		expect(complaints({ ...one, parameters: { ...one.parameters, whatIf: other } })).not.toEqual([]);
	});

	it.each([
		"",
		"confirmed by a court",
		"--fee last; --fee coinbase",
		"--fee coinbase; --until: nothing after block 5",
		"--until: nothing after block 5; and checked by a court",
		"--until: nothing after block 2020-01-01",
		"--dust: arrivals below what a court said are not followed",
		"--rule: without guess",
		"--rule: without lifo, fifo",
		"--rule: without fifo, lifo, haircut, poison, libr, difo, dilo",
	])("of a request is not said as %j", (whatIf) => {
		const found: string[] = [];
		checkWhatIfSaid({ whatIf, chain: ETHEREUM, rules: [] }, "request.json", (where, what) => found.push(`${where}: ${what}`));
		expect(found).toEqual(["request.json: calls itself a what-if in words that no trace says"]);
	});

	it("of a request leaves the rules that it gives amounts by", () => {
		const said = (whatIf: string | undefined, rules: readonly string[]) => {
			const found: string[] = [];
			const one = { chain: ETHEREUM, rules, ...(whatIf === undefined ? {} : { whatIf }) };
			checkWhatIfSaid(one, "request.json", (where, what) => found.push(`${where}: ${what}`));
			return found;
		};
		expect(said(undefined, ["fifo"])).toEqual([]);
		expect(said("--until: nothing after block 5; --rule: without poison; --min-confidence 50, usually 20", ["fifo", "lifo"])).toEqual([]);
		expect(said("--rule: without lifo", ["fifo", "lifo"])).toEqual(["request.json: gives amounts by a rule that it says was not run"]);
	});
});
