import { type AssetId, KNOWN_TOKENS, publishedOtherwise } from "@clew/core";
import { expect, it } from "vitest";
import { checkTokens, publishedToken } from "../chain-family/tokens.js";

const USDT = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7";

it("tokens are published as the engine knows them, which has a table of its own", () => {
	for (const [asset, symbol] of KNOWN_TOKENS) {
		const [own, decimals = -1] = publishedToken(asset) ?? [];
		if (publishedOtherwise({ asset: asset as AssetId, symbol, decimals: -1 }) === undefined) continue;
		expect([asset, own]).toEqual([asset, symbol]);
		expect(publishedOtherwise({ asset: asset as AssetId, symbol, decimals })).toBeUndefined();
	}
	expect(publishedToken("eip155:1/erc20:__proto__")).toBeUndefined();
	expect(publishedToken(`eip155:1/erc20:0x${"a".repeat(40)}`)).toBeUndefined();
});

it("a well-known token of other decimals, or by another's symbol, is refused; another spelling is none", () => {
	const found = (symbol: string, decimals: number, asset = USDT) => {
		const failures: string[] = [];
		checkTokens({ [asset]: { symbol, decimals } }, "trace.json", (where, what) => failures.push(`${where}: ${what}`));
		return failures;
	};
	expect(found("USDT", 6)).toEqual([]);
	expect(found("USD-T", 6)).toEqual([]);
	expect(found("USDT", 0)).toEqual([`trace.json: ${USDT} has 6 decimals, as its makers publish, not 0`]);
	expect(found("", 0)).toEqual([]);
	expect(found("", 1)).toHaveLength(1);
	expect(found("usdc", 6)).toEqual([`trace.json: ${USDT} is called "usdc", and its makers call it USDT`]);
	expect(found("USDC", 0, `eip155:1/erc20:0x${"a".repeat(40)}`)).toEqual([]);
});
