import { expect, it } from "vitest";
import { disagree, namesInWords, namingOf } from "./label-disagreement.js";
import { instantOf, standingAt } from "./validity.js";

it("takes two owners of two times for no contradiction, nor a service that was one before it was a thief's", () => {
	const owner = (entity: string, validFrom: string, validUntil: string, category: "exchange" | "phishing" = "exchange") =>
		({ category, entity, validFrom, validUntil }) as const;
	const first = owner("A", "", "2020-01-01");
	expect(disagree([first, owner("B", "2020-01-01", "")])).toBe(false);
	expect(disagree([first, owner("B", "2019-12-31", "")])).toBe(true);
	expect(disagree([first, owner("B", "", "")])).toBe(true);
	expect(disagree([first, owner("T", "2020-01-01", "", "phishing")])).toBe(false);
	expect(disagree([owner("T", "2019-01-01", "", "phishing"), first])).toBe(true);
	expect(disagree([first, owner("B", "no date", "")])).toBe(true);
});

it("names all whom labels that contradict each other name, and nobody else", () => {
	const label = (entity: string, category = "exchange", validUntil?: string) =>
		({ entity, category, ...(validUntil === undefined ? {} : { validUntil }) }) as const;
	const words = (...labels: ReturnType<typeof label>[]) => {
		const naming = namingOf(labels, (one) => standingAt(one, instantOf("2024-01-01")));
		return naming && namesInWords(naming.label, naming.against);
	};
	expect(words(label("Binance"), label("Kraken"), label("kraken"))).toBe("Binance or Kraken (lists disagree)");
	expect(words(label("Binance"), label("BINANCE"), label("OFAC", "sanctioned"), label("x", "other"))).toBe("Binance");
	expect(words(label("Binance"), label("Thief", "hack"))).toBe("Binance (exchange) or Thief (hack) (lists disagree)");
	expect(words(label("Binance"), label("Kraken", "exchange", "2023-01-01"))).toBe("Binance");
	expect(words(label("A"), label("B"), label("C"), label("D"), label("E"))).toBe("A or B or C or 2 more (lists disagree)");
	expect(words()).toBeUndefined();
});

const owner = (entity: string, category = "exchange") => ({ entity, category });

it.each([
	["Binance", "binance"],
	["Lazarus Group", "lazarusgroup"],
	["Crypto.com", "crypto com"],
	["Kraken", "kraken.com"],
	["Binance", "Binance 14 (hot wallet)"],
	["binance", "binance reserve wallets BUSD (https://www.binance.com/en/blog)"],
	["Huobi", "Old deposit wallet of Huobi"],
	["OKX", "okex"],
	["OKX", "OKEx 2"],
	["huobi", "HTX"],
	["Crypto.com", "Monaco"],
	["Tornado Cash", "tornado"],
	["Tornado.Cash", "Tornado.Cash: Proxy"],
	["tornado", "Tornado.Cash: 10,000 DAI 2"],
	["tornado", "Tornado.Cash: 500,000 cDAI 2"],
	["Tornado Cash", "Tornado.Cash: Donate"],
	["tornado", "TORNADO CASH: donate"],
	["Tornado.Cash", "Tornado.Cash: Fee Manager"],
	["tornado", "Tornado.Cash: L1 Helper"],
	["tornado", "Tornado.Cash: TORN Token"],
	["Tornado Cash: Proxy", "Tornado.Cash: Relayer Registry"],
	["Arbitrum: L1 Gateway", "Arbitrum"],
	["Upbit", "Upbit Ltd"],
	["Bitpanda", "Bitpanda GmbH"],
])("%s and %s are one owner", (a, b) => {
	expect(disagree([owner(a), owner(b)])).toBe(false);
	expect(disagree([owner(b), owner(a)])).toBe(false);
});

it.each([
	["Binance", "Kraken"],
	["Binance", "Binance US"],
	["OKX", "OKX or Kraken"],
	["Bit", "Bitfinex"],
	["Binance", "B\u0456nance"],
	["Binance", "Bin\u200bance"],
	["Kraken", "(!)"],
	["OFAC SDN", "Kraken"],
	["Upbit", "Upbit Korea Ltd"],
	["Upbit", "Upbit Singapore Pte Ltd"],
	["Coinbase", "Coinbase Prime"],
	["Coinbase", "Coinbase: Prime"],
	["Binance", "Binance: US"],
	["Binance", "Binance: Kraken"],
	["Poloniex", "Poloniex: Hacker"],
	["Poloniex", "Poloniex: Hacker Token"],
	["Binance: Proxy", "Kraken: Proxy"],
	["Binance: Kraken", "Binance: US"],
	["OKX", "Okcoin"],
	["Huobi", "Huobi Korea"],
	["Crypto.com", "The Monaco branch of somebody else"],
])("%s and %s are two", (a, b) => {
	expect(disagree([owner(a), owner(b)])).toBe(true);
	expect(disagree([owner(b), owner(a)])).toBe(true);
});

it("a list's own name is no owner of whom it lists", () => {
	expect(disagree([owner("OFAC SDN", "sanctioned"), owner("lazarusgroup", "sanctioned")])).toBe(false);
	expect(disagree([owner("Scam Sniffer report", "phishing"), owner("Inferno Drainer", "phishing")])).toBe(false);
	expect(disagree([owner("Asset listed under US Treasury OFAC Sanctions List", "other"), owner("Ronin exploiter", "other")])).toBe(false);
	expect(disagree([owner("Fake_Phishing13", "other"), owner("district-0x.io", "other")])).toBe(false);
	expect(disagree([owner("USDT_blacklisted", "other"), owner("Band Protocol Token", "other")])).toBe(false);
	expect(disagree([owner("Garantex", "sanctioned"), owner("lazarusgroup", "sanctioned")])).toBe(true);
});

it("one owner whom lists call an exchange and a custodian keeps others' money by both", () => {
	expect(disagree([owner("SwissBorg", "custodian"), owner("swissborg")])).toBe(false);
	expect(disagree([owner("SwissBorg", "custodian"), owner("Kraken")])).toBe(true);
	expect(disagree([owner("Ren", "bridge"), owner("ren", "defi")])).toBe(true);
});

it("spells an owner once", () => {
	expect(namesInWords(owner("Binance"), [owner("Kraken"), owner("kraken.com")])).toBe("Binance or Kraken (lists disagree)");
});
