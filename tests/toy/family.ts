import { type ChainFamily, type ChainId, InputError, quote, RULES } from "@clew/core";

export const TOY_CHAIN = "toynet:alpha" as ChainId;
const ADDRESS = /^pebble-[a-z]{4,12}$/;
const isAddress = (text: string) => ADDRESS.test(text.toLowerCase());

/** A made-up chain of accounts: addresses such as `pebble-alice`, hashes without `0x`, a coin of three decimals. */
export const TOY: ChainFamily = {
	namespace: "toynet",
	name: "Toy",
	ledger: "accounts",
	main: TOY_CHAIN,
	chains: [TOY_CHAIN],
	names: ["toy"],
	typed: "toy",
	typedChain: (text) => (text === "toy" || text === TOY_CHAIN ? TOY_CHAIN : undefined),
	namedChain: (name) => (name === "toy" ? TOY_CHAIN : undefined),
	chainName: (chain) => (chain === TOY_CHAIN ? "Toy alpha" : undefined),
	coin: () => ({ symbol: "PBL", decimals: 3, known: true, slip44: 7_654_321 }),
	normalizeAddress(text) {
		if (!isAddress(text)) throw new InputError(`${quote(text)} is no pebble`, { code: "BAD_ADDRESS" });
		return text.toLowerCase();
	},
	displayAddress: (address) => address,
	chainOfAddress: (text) => (isAddress(text) ? TOY_CHAIN : undefined),
	requestedAccount: (text) => /^pay-pebble:(.*)$/.exec(text)?.[1],
	addressesIn: (fileName) => fileName.match(/pebble-[a-z]{4,12}/g) ?? [],
	burns: ["pebble-gone"],
	sharedKeys: false,
	nobody: "pebble-nobody",
	hash: { pattern: /^[0-9a-f]{64}$/, words: "64 hex digits" },
	rules: RULES.filter((rule) => rule !== "tiho"),
	mostCoins: () => undefined,
	setsClock: () => false,
	unorderedTimes: 0,
	earlyTimes: 60,
	modelled: false,
	mispType: "text",
	words: { ingested: "transfers", stored: "transfers", hash: "HASH", imports: "FILES" },
};
