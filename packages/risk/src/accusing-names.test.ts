import { expect, it } from "vitest";
import { isAccusing, scamCollectorOf } from "./accusing-names.js";

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

it("knows lists that collect scams by their name or the host of a source, and by nothing behind it", () => {
	const of = (source: string, name = "") => scamCollectorOf({ source, name });
	const packs = "GraphSense TagPacks (public)";
	expect(of(packs, "x.com (https://cryptoscamdb.org/a)")).toBe("cryptoscamdb.org");
	expect(of("ScamSniffer")).toBe("ScamSniffer");
	expect(of("MetaMask eth-phishing-detect")).toBe("MetaMask eth-phishing-detect");
	for (const name of ["", "EtherScamDB: Donate", "Zaif (https://medium.com/the-zaif-scam)", "A (https://etherscan.io/x?scam)"])
		expect(of(packs, name)).toBeUndefined();
});
