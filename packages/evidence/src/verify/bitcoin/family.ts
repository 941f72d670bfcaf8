import { ACCOUNT, type VerifiedFamily } from "../chain-family/family.js";
import { remembered } from "../encoding/remembered.js";
import { isAddress, NETWORKS } from "./address.js";
import { outputKindWrong } from "./kinds.js";

const MAIN = "000000000019d6689c085ae165831e93";

/** Bitcoin's networks by the first 32 hex digits of their genesis block's hash (CAIP-2). */
const CHAINS: VerifiedFamily["chains"] = {
	[MAIN]: ["Bitcoin", "BTC"],
	"000000000933ea01ad0ee984209779ba": ["Bitcoin testnet3", "tBTC"],
	"00000000da84f2bafbbc53dee25a72ae": ["Bitcoin testnet4", "tBTC"],
	"00000008819873e925422c1ff0f99f7c": ["Bitcoin signet", "sBTC"],
	"0f9188f13cb7b2c71f2a335e3a4fc328": ["Bitcoin regtest", "rBTC"],
};

/** Parties without an address: a transaction as a node between addresses, a script by its hash, nobody, whom no source names. */
const NAMES = /^(tx-[0-9a-f]{64}|script-[0-9a-f]{64}|null|unknown)$/;
/** What addresses of networks look like that are not known here. */
const FORM = /^([a-z]{2,20}1[0-9a-z]{6,90}|[1-9A-HJ-NP-Za-km-z]{20,50})$/;
const isOf = new Map(
	Object.entries(NETWORKS).map(([reference, network]) => [reference, remembered((address) => isAddress(address, network))] as const),
);

/** Bitcoin and its test networks. */
export const BITCOIN: VerifiedFamily = {
	namespace: "bip122",
	ledger: "outputs",
	reference: /^[0-9a-f]{32}$/,
	chains: CHAINS,
	// 21,000,000 BTC in satoshi.
	limits: { [MAIN]: { genesis: "2009-01-03T18:15:05Z", coins: 2_100_000_000_000_000n } },
	decimals: 8,
	asset: (asset, reference) => asset === `slip44:${reference === MAIN ? 0 : 1}`,
	account: (address, reference) => NAMES.test(address) || (isOf.get(reference)?.(address) ?? FORM.test(address)),
	hash: /^[0-9a-f]{64}$/,
	// Two coinbases that later ones repeat byte for byte (BIP-30): blocks 91722 and 91880, 91812 and 91842.
	repeated: [
		"e3bf3d07d4b0375638d5f1db5255fe07ba2c4cb067cd81b84ee974b6585fb468",
		"d5d27987d2a3dfc724e359870c6644b40e497bdc0589a033220fe15429d88599",
	],
	kindWrong: outputKindWrong,
	seeds: [ACCOUNT, /^tx:[0-9a-fA-F]{64}$/, /^outpoint:[0-9a-fA-F]{64}:\d{1,10}$/],
	burned: ["null"],
	// Addresses of the older forms alone tell letters apart.
	storedAddress: (address) => (/^(bc|tb|bcrt)1/i.test(address) ? address.toLowerCase() : address),
};
