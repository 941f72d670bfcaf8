import { describe, expect, it } from "vitest";
import { hostileTexts } from "../../../tests/hostile-texts.js";
import { outside, refOf } from "./outside.js";

describe("a text that somebody outside wrote", () => {
	it("does not leave where it orders or lures, in whatever letters", () => {
		for (const text of hostileTexts(600, 7)) {
			const shown = outside(text);
			expect(shown.flags, text).not.toEqual([]);
			expect(shown).toEqual({ ref: refOf(text), preview: `withheld: ${text.length} characters`, flags: shown.flags });
		}
	});

	it("leaves as a plain name where it is one, so that an answer can name a service", () => {
		const names = ["Upbit 3", "Binance 14", "Uniswap V2: USDC-ETH", "Fake_Phishing1234", "Crédit Agricole", "explorer name tags", "WETH"];
		expect(names.map((name) => outside(name))).toEqual(names.map((name) => ({ ref: refOf(name), preview: name, flags: [] })));
	});

	it("is bounded whatever it is: no preview is longer than a name", () => {
		for (const text of ["", "a".repeat(100_000), "x ".repeat(50), "\u0000", "a.b.c.d.ef"])
			expect(outside(text).preview.length).toBeLessThanOrEqual(40);
	});
});
