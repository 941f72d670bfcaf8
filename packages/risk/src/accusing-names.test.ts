import { expect, it } from "vitest";
import { isAccusing } from "./accusing-names.js";

it.each([
	"Fake_Phishing13",
	"FAKE: TenX",
	"Hacker",
	"Upbit Hacker 1.1",
	"Multisig Exploit Hacker",
	"bZx Exploiter 2: Contract",
	"Scam: RHOC Token 3",
	"Plus Token Ponzi 2",
	"USDT_blacklisted",
	"Asset listed under US Treasury OFAC Sanctions List",
	"ｐｈｉｓｈｉｎｇ",
])("%s says itself what its address is of", (name) => expect(isAccusing(name)).toBe(true));

it.each([
	"",
	"Binance 14",
	"BankHeist3D",
	"Blockchain Cuties",
	"EtherScamDB: Donate",
	"Gitcoin Grants: White Hat Hacking",
	"White-Hat Hacker",
	"Bitfinex Hack Victim 2",
	"Zaif (https://medium.com/investigation-of-the-zaif-exchange-hack-a3b4)",
])("%s does not", (name) => expect(isAccusing(name)).toBe(false));
