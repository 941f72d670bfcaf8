import { InputError } from "../../errors.js";
import { RULES } from "../../rules.js";
import type { ChainFamily } from "../family.js";
import { normalizeBitcoinAddress } from "./address.js";
import { BITCOIN_DECIMALS, BITCOIN_NETWORKS, type BitcoinNetwork, bitcoinNetwork } from "./networks.js";

/** Names by which files call mainnet. */
const MAINNET_NAMES: ReadonlySet<string> = new Set(["btc", "xbt", "bitcoin"]);
const [MAINNET] = BITCOIN_NETWORKS;

/** Bitcoin and its test networks. */
export const BITCOIN: ChainFamily = {
	namespace: "bip122",
	name: "Bitcoin",
	ledger: "outputs",
	chains: BITCOIN_NETWORKS.map(({ chain }) => chain),
	typed: BITCOIN_NETWORKS.map(({ name }) => name).join(", "),
	typedChain: (text) => BITCOIN_NETWORKS.find(({ name, chain }) => name === text || chain === text)?.chain,
	namedChain: (name) =>
		MAINNET_NAMES.has(name) ? MAINNET?.chain : BITCOIN_NETWORKS.find((network) => network.name.replaceAll("-", " ") === name)?.chain,
	chainName: (chain) =>
		bitcoinNetwork(chain)
			?.name.replace(/^bitcoin-?/, "Bitcoin ")
			.trim(),
	coin(chain) {
		const { symbol, coinType } = networkOf(chain);
		return { symbol, decimals: BITCOIN_DECIMALS, known: true, slip44: coinType };
	},
	normalizeAddress: (address, chain) => normalizeBitcoinAddress(address, networkOf(chain)),
	displayAddress: (address) => address,
	nobody: "null",
	hash: { pattern: /^[0-9a-f]{64}$/, words: "64 hex digits" },
	rules: RULES.filter((rule) => rule !== "libr"),
	tokenAddress: () => undefined,
};

function networkOf(chain: Parameters<typeof bitcoinNetwork>[0]): BitcoinNetwork {
	const network = bitcoinNetwork(chain);
	if (network === undefined) throw new InputError(`${chain} is no network of Bitcoin that is known here`, { code: "USAGE" });
	return network;
}
