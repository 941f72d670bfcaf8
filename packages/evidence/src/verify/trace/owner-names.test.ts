import { disagree } from "@clew/core";
import { expect, it } from "vitest";
import { sameOwner } from "./owner-names.js";

/** Names as lists write them, and some that are made to look alike. */
const NAMES = [
	"Binance",
	"binance",
	"Binance US",
	"Binance 14 (hot wallet)",
	"binance reserve wallets BUSD (https://www.binance.com/en/blog)",
	"Kraken",
	"kraken.com",
	"OKX or Kraken",
	"Bin\u200bance",
	"\uff22inance",
	"",
	"(!)",
	"OFAC SDN",
	"OKX",
	"okex",
	"OKEx 2",
	"Tornado Cash",
	"tornado",
	"Tornado.Cash: Proxy",
	"Tornado.Cash: 10,000 DAI 2",
	"TORNADO CASH: Donate",
	"Tornado.Cash: TORN Token",
	"Tornado.Cash: Hacker",
	"Kraken: Proxy",
	"Upbit",
	"Upbit Ltd",
	"Upbit Korea Ltd",
	"Binance: US",
];

it("tells owners apart as the tracer's side does", () => {
	const label = (entity: string) => ({ category: "exchange", entity });
	for (const a of NAMES) for (const b of NAMES) expect([a, b, !sameOwner(a, b)]).toEqual([a, b, disagree([label(a), label(b)])]);
});
