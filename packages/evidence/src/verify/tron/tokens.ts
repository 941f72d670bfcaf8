import type { PublishedTokens } from "../chain-family/family.js";

/** The main network, by the end of its genesis block's id (CAIP-2). */
export const MAIN = "0x2b6653dc";

/** What makers of widely used tokens publish: contract, symbol, decimals. A table of the verifier's own. */
export const TRON_TOKENS = {
	[MAIN]: {
		TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t: ["USDT", 6],
		TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8: ["USDC", 6],
		TUpMhErZL2fhh4sVNULAbNKLokS4GjC1F4: ["TUSD", 18],
	},
} as const satisfies PublishedTokens;
