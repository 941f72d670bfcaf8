import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { lastBrought } from "./last-brought.js";
import { parsePrice } from "./price-row.js";
import { RationalSum, rationalOf, rationalText, rounded } from "./rational.js";
import { parseCurrency } from "./unit.js";
import { totalInWords, type Value, ValueSum, valueInWords, worthOf } from "./value.js";

const USD = parseCurrency("USD");
const price = (low: string, high = low) =>
	({ kind: "price", value: rationalOf(low), low: rationalOf(low), high: rationalOf(high), tier: "quoted", rows: [] }) as const;
const range: Value = { kind: "range", low: rationalOf("10"), high: rationalOf("12"), tier: "quoted", rows: [] };
const none = { kind: "none", why: "nobody tells", rows: [] } as const satisfies Value;

describe("values", () => {
	it("are exact, and rounded only when they are shown, half up", () => {
		const value = worthOf(1n, 18, price("210.005"));
		expect(value.kind === "value" && rationalText(value.value)).toBe("42001/200000000000000000000");
		expect(["0.005", "0.0049", "1.995", "2.675"].map((text) => rounded(rationalOf(text), 2))).toEqual(["0.01", "0.00", "2.00", "2.68"]);
	});

	it("that round to nothing are said to be little, and a part without a price is counted in a total", () => {
		expect([worthOf(1n, 18, price("210")), worthOf(0n, 18, price("210")), range, none].map((value) => valueInWords(value, USD))).toEqual([
			...["less than 0.01 USD", "0.00 USD", "10.00 to 12.00 USD, sources differ", "no price"],
		]);
		const sum = new ValueSum();
		for (const one of [worthOf(5n, 0, price("2")), none, none]) sum.add(one);
		expect(totalInWords(sum.total(), USD)).toBe("10.00 USD, without 2 of 3 amounts that have no price");
		sum.add(range);
		expect(totalInWords(sum.total(), USD)).toBe("20.00 to 22.00 USD, sources differ, without 2 of 4 amounts that have no price");
	});

	it("of which none has a price add up to no price, not to 0", () => {
		const sum = new ValueSum();
		sum.add(none);
		expect(worthOf(0n, 18, none)).toMatchObject({ kind: "value", value: { numerator: 0n } });
		expect(totalInWords(sum.total(), USD)).toBe("no price in USD");
		sum.add(worthOf(0n, 18, none));
		expect([sum.total().value, totalInWords(sum.total(), USD)]).toEqual([undefined, "no price in USD"]);
		const zeros = new ValueSum();
		zeros.add(worthOf(0n, 18, none));
		expect([new ValueSum(), zeros].map((one) => totalInWords(one.total(), USD))).toEqual(["0.00 USD", "0.00 USD"]);
	});
});

describe("a price", () => {
	it("is a plain number above 0 that something can be worth", () => {
		expect(rationalText(parsePrice("0210.50"))).toBe("421/2");
		for (const [text, why] of [
			["1,234.5", "has a comma"],
			["-3", "is negative"],
			["0.000", "is 0"],
			["1e3", "is no plain decimal number"],
			["", "is no plain decimal number"],
			["1000000000000001", "is more than anything is worth"],
			["0.0000000000000000000001", "is less than any price"],
		] as const)
			expect(() => parsePrice(text), text).toThrow(why);
	});

	it("is in no unit that nobody knows", () => {
		for (const unit of ["usd", "XYZ", "", "USDT"]) expect(() => parseCurrency(unit)).toThrow("is no currency that prices are known in");
	});
});

const rational = fc.record({ numerator: fc.bigInt({ min: 0n, max: 10n ** 30n }), denominator: fc.bigInt({ min: 1n, max: 50n }) });
test.prop([fc.array(rational, { maxLength: 20 })])("a sum is the same in any order", (all) => {
	const totalOf = (list: typeof all) => {
		const sum = new RationalSum();
		for (const one of list) sum.add(one);
		return rationalText(sum.total());
	};
	expect(totalOf([...all].reverse())).toBe(totalOf(all));
});

describe("the block in which an end point counts", () => {
	const edge = (height: number, fifo: string, poison: string) => ({
		...{ row: height, position: `${height}.0.1`, time: "", txHash: "", from: "a", to: "b", asset: "x", amount: "9", kind: "native" },
		...{ tainted: { fifo, poison }, provenance: "imported" },
	});
	const leaf = (last: string) => ({ account: "b", amounts: { x: {} }, arrivals: { first: "1.0.1", last, count: 3 } });
	const lastOf = lastBrought({ edges: [edge(1, "9", "9"), edge(2, "1", "9"), edge(3, "0", "9"), edge(4, "5", "9")] as never });

	it("is that of the last row that a conserving rule calls tainted, within its own arrivals", () => {
		expect([lastOf(leaf("3.0.1")), lastOf(leaf("1.0.1")), lastOf(leaf("4.0.1"))]).toEqual(["2.0.1", "1.0.1", "4.0.1"]);
	});

	it("is that of its last arrival where poison alone came", () => {
		expect(lastBrought({ edges: [edge(3, "0", "9")] as never })(leaf("3.0.1"))).toBe("3.0.1");
	});
});
