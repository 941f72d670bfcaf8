import { parseChainId, trustedAccountId } from "@clew/core";
import { expect, it } from "vitest";
import { lookAlikeReasons, type TaintFact, taintReasons } from "./reasons.js";

const NOTHING = { seeds: [], isSeed: false, uncounted: 0, service: false, trustedService: false };

it("says that nothing arrived for sure as nothing, and where least and most are one says it once", () => {
	const fact: TaintFact = {
		kind: "full",
		trace: "t",
		asset: "a",
		least: 0n,
		most: 5n,
		text: (amount) => `${amount} ETH`,
		knownWorth: true,
	};
	const words = (least: bigint, most: bigint) => taintReasons({ ...NOTHING, facts: [{ ...fact, least, most }] })[0];
	expect(words(0n, 5n)).toMatchObject({ code: "maybe-tainted", facts: { least: "0 ETH", most: "5 ETH", more: ", at most 5 ETH" } });
	expect(words(0n, 1n)?.facts).toMatchObject({ least: "0 ETH", most: "1 ETH" });
	expect(words(5n, 5n)).toMatchObject({ code: "tainted", facts: { least: "5 ETH", more: "" }, evidence: ["trace t"] });
});

it("names the address that a look-alike imitates as its evidence", () => {
	const at = (middle: string) => trustedAccountId(parseChainId("eip155:1"), `0xabcd${middle.repeat(32)}6789`);
	const [found] = lookAlikeReasons(at("1"), [at("2")]);
	expect(found?.evidence).toEqual([`0xabcd${"2".repeat(32)}6789`]);
});
