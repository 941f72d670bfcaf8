import { accountSeeds, type VerifiedFamily } from "../../packages/evidence/src/verify/chain-family/family.js";

/** What a verifier knows by itself of the made-up chain. */
export const TOY_VERIFIED: VerifiedFamily = {
	namespace: "toynet",
	ledger: "accounts",
	reference: /^[a-z]+$/,
	chains: { alpha: ["Toy alpha", "PBL"] },
	limits: {},
	decimals: 3,
	seeds: accountSeeds("[0-9a-f]{64}"),
	burned: ["pebble-nobody", "pebble-gone"],
	storedAddress: (address) => address.toLowerCase(),
};
