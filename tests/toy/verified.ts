import { accountKinds } from "../../packages/evidence/src/verify/chain-family/account-kinds.js";
import { accountSeeds, type VerifiedFamily } from "../../packages/evidence/src/verify/chain-family/family.js";

/** What a verifier knows by itself of the made-up chain. */
export const TOY_VERIFIED: VerifiedFamily = {
	namespace: "toynet",
	ledger: "accounts",
	reference: /^[a-z]+$/,
	chains: { alpha: ["Toy alpha", "PBL"] },
	limits: {},
	decimals: 3,
	hash: /^[0-9a-f]{64}$/,
	kindWrong: accountKinds("pebble-nobody"),
	seeds: accountSeeds("[0-9a-f]{64}"),
	burned: ["pebble-nobody", "pebble-gone"],
	storedAddress: (address) => address.toLowerCase(),
};
