import { describe, expect, it } from "vitest";
import { KNOWN_TOKENS } from "./chain-family/known-tokens.js";
import { imitatedBy, shownSymbol } from "./shown-symbol.js";

const token = (digit: string, chain = "eip155:1") => `${chain}/erc20:0x${digit.repeat(40)}`;
const FALSE = token("9");
const USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7";
const WETH = "eip155:1/erc20:0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2";

describe("a token that bears the symbol of the coin or of a well-known token", () => {
	it.each([
		["USDT", "USDT"],
		["usdt", "USDT"],
		["US\u200bDT", "USDT"],
		["USDT\u00a0", "USDT"],
		["\uff35\uff33\uff24\uff34", "USDT"],
		["U\u0405DT", "USDT"],
		["USD\u20ae", "USDT"],
		["U$DT", "USDT"],
		["U5DT", "USDT"],
		["\u00daSDT", "USDT"],
		["\u{1d414}SDT", "USDT"],
		["USD\ua4d4", "USDT"],
		["USDT\u2705", "USDT"],
		["UNl", "UNI"],
		["L1NK", "LINK"],
		["\u0395\u03a4\u0397", "ETH"],
		["eth", "ETH"],
		["\u0415TH", "ETH"],
		["WETH", "WETH"],
	])("is marked: %j", (symbol, known) => {
		expect(imitatedBy(FALSE, symbol)?.symbol).toBe(known);
		expect(shownSymbol(FALSE, symbol)).toMatch(new RegExp(`^".*" \\(not the (known|coin) ${known}: 0x9999\u20269999\\)$`, "u"));
	});

	it("is not the one whose contract is known, the coin, its wrapped form, or a token of no such name", () => {
		for (const [asset, symbol] of [
			[USDT, "USDT"],
			[USDT, "USD\u20ae0"],
			[WETH, "WETH"],
			["eip155:1/slip44:60", "ETH"],
			...KNOWN_TOKENS,
		] as const)
			expect([asset, imitatedBy(asset, symbol), shownSymbol(asset, symbol)]).toEqual([asset, undefined, symbol]);
		for (const symbol of ["TETHER", "USDTX", "PEPE", ""]) expect(shownSymbol(FALSE, symbol)).toBe(symbol);
		expect(shownSymbol("eip155:137/erc20:0x0000000000000000000000000000000000001010", "MATIC")).toBe("MATIC");
	});

	it("is told by the tokens and the coin of its own chain, where nothing else is known by the coin", () => {
		expect(shownSymbol(token("9", "eip155:56"), "BNB")).toBe('"BNB" (not the coin BNB: 0x9999\u20269999)');
		expect(shownSymbol(token("9", "eip155:56"), "ETH")).toBe("ETH");
		expect(shownSymbol(token("9", "eip155:100"), "xDai")).toBe('"xDai" (not the coin xDAI: 0x9999\u20269999)');
		expect(shownSymbol(token("9", "eip155:59144"), "USDT")).toBe("USDT");
		expect(shownSymbol(token("9", "eip155:987654321"), "ETH")).toBe("ETH");
		expect(shownSymbol(token("9", "nobody:1"), "ETH")).toBe("ETH");
	});
});

it("tokens of one symbol in one output are shown with their contracts, known ones without", () => {
	const assets = {
		[FALSE]: { symbol: "PEPE" },
		[token("8")]: { symbol: "pepe" },
		[token("7")]: { symbol: "DOGE" },
		[USDT]: { symbol: "USDT" },
	};
	expect(Object.entries(assets).map(([asset, { symbol }]) => shownSymbol(asset, symbol, assets))).toEqual([
		"PEPE (0x9999\u20269999)",
		"pepe (0x8888\u20268888)",
		"DOGE",
		"USDT",
	]);
});
