import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { pointedAt } from "./pointed-at.js";

const ONE = `0x${"1".repeat(40)}`;
const TWO = `0x${"2".repeat(40)}`;
const BITCOIN = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h";

/** What a URL points to, in short. */
const found = (url: string, chain?: string) =>
	pointedAt(url, chain === undefined ? undefined : parseChainId(chain)).map((one) =>
		one.kind === "account" ? one.account : one.kind === "ens" ? one.name : "not looked at",
	);

describe("what a URL points to", () => {
	it.each([
		[`https://etherscan.io/token/${ONE}?a=${TWO}`, [`eip155:1:${ONE}`, `eip155:1:${TWO}`]],
		[`https://app.example/swap?outputCurrency=${ONE}&recipient=${TWO}`, [`eip155:1:${ONE}`, `eip155:1:${TWO}`]],
		[`https://app.example/#/${ONE}/${ONE}`, [`eip155:1:${ONE}`]],
		[`https://a.example/%30x${"2".repeat(40)}`, [`eip155:1:${TWO}`]],
		[`https://a.example/?q=%2530x${"2".repeat(40)}`, [`eip155:1:${TWO}`]],
		[`https://a.example/${TWO.slice(0, 9)}\u200b${TWO.slice(9)}`, [`eip155:1:${TWO}`]],
		[`https://${ONE}.gateway.example/`, [`eip155:1:${ONE}`]],
		[`https://a.example/xdc${"2".repeat(40)}`, [`eip155:1:${TWO}`]],
		[`https://a.example/eip155:10:${TWO}`, [`eip155:10:${TWO}`]],
		[`https://a.example/pay/bitcoin:${BITCOIN}?amount=1`, [`bip122:000000000019d6689c085ae165831e93:${BITCOIN}`]],
		[`https://basescan.org/token/${ONE}?a=${TWO}`, [`eip155:8453:${ONE}`, `eip155:8453:${TWO}`]],
		["https://tronscan.org/#/address/TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzq", ["tron:0x2b6653dc:TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzq"]],
		["https://a.example/41a614f803b6fd780986a42c78ec9c7f77e6ded13c", ["tron:0x2b6653dc:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"]],
		["https://a.example/address/vitalik.eth", ["vitalik.eth"]],
		[`https://a.example/tx/0x${"3".repeat(64)}?to=${TWO}`, [`eip155:1:${TWO}`, "not looked at"]],
	])("%s: every one of them", (url, expected) => {
		expect(found(url)).toEqual(expected);
	});

	it("is on the chain that is asked for, where it can be of it", () => {
		expect(found(`https://a.example/${TWO}/${BITCOIN}`, "eip155:10")).toEqual([
			`eip155:10:${TWO}`,
			`bip122:000000000019d6689c085ae165831e93:${BITCOIN}`,
		]);
	});

	it.each([
		["a mistyped Tron address", "https://tronscan.org/#/address/TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzr"],
		["Litecoin", "https://litecoinspace.org/address/LM2WMpR1Rp6j3Sa59cMXMs1SPzj9eXpGc1"],
		["Litecoin, segwit", "https://litecoinspace.org/address/ltc1qzvcgmntglcuv4smv3lzj6k8szcvsrmvk0phrr9wfq8w493r096ssm2fgsw"],
		["Solana", "https://solscan.io/account/vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg"],
		["TON", "https://tonviewer.com/EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N"],
		["Stellar", "https://stellar.expert/explorer/public/account/GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN"],
		["a mistyped Bitcoin address", `https://a.example/${BITCOIN.slice(0, -1)}x`],
		["a mistyped EVM address", `https://a.example/${ONE}1`],
		["data of a call", `https://a.example/?data=0xa9059cbb${"0".repeat(24)}${TWO.slice(2)}`],
		["a name of another service", "https://a.example/?to=someone.crypto"],
	])("%s cannot be looked at, and is told", (_, url) => {
		expect(found(url)).toEqual(["not looked at"]);
	});

	it("is nothing for ordinary pages", () => {
		for (const url of [
			"https://example.com/",
			"https://example.com/2024/05/some-long-page-name/index.html?utm_source=a_b-c&id=1234567890#part-2.1",
			"https://example.com/HowToKeepYourWalletSafeFromThieves",
			"https://example.com/order/0f8fad5b-d9cb-469f-a165-70867728950e?chainId=0x1&value=0x38d7ea4c68000",
		])
			expect(found(url)).toEqual([]);
	});
});
