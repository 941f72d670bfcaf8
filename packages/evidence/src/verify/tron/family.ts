import { accountSeeds, type VerifiedFamily } from "../chain-family/family.js";
import { remembered } from "../encoding/remembered.js";
import { addressDigits, isAddress, NOBODY, storedAddress } from "./address.js";
import { tronHeader } from "./header.js";
import { tronKindWrong } from "./kinds.js";
import { MAIN, TRON_TOKENS } from "./tokens.js";

/** The contract of Tether, which has the source of that of 2017. */
const TETHER = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const TRC20 = "trc20:";
const isKnown = remembered(isAddress);

/** Tron's main network, by the end of its genesis block's id (CAIP-2). */
export const TRON: VerifiedFamily = {
	namespace: "tron",
	ledger: "accounts",
	reference: /^0x[0-9a-f]{8}$/,
	chains: { [MAIN]: ["Tron", "TRX"] },
	// Some 100,000,000,000 TRX were made at the start, in sun.
	limits: { [MAIN]: { genesis: "2018-06-25T01:51:09Z", coins: 1_000_000_000_000n * 10n ** 6n } },
	decimals: 6,
	asset: (asset) => /^(slip44:195|trc10:1[0-9]{6,8})$/.test(asset) || (asset.startsWith(TRC20) && isKnown(asset.slice(TRC20.length))),
	hash: /^[0-9a-f]{64}$/,
	kindWrong: tronKindWrong,
	account: (address) => address === "unknown" || isKnown(address),
	tokens: {
		standard: "trc20",
		published: TRON_TOKENS,
		shown: (contract) => contract,
		freezes: (contract, reference) => (reference === MAIN && contract === TETHER ? "addBlackList(address)" : undefined),
		digits: addressDigits,
	},
	seeds: accountSeeds("[0-9a-fA-F]{64}"),
	burned: [NOBODY, "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy"],
	header: tronHeader,
	storedAddress,
};
