import { InputError } from "../../errors.js";
import type { ChainId } from "../../ids.js";
import { RULES } from "../../rules.js";
import type { ChainFamily } from "../family.js";
import { looksLikeBitcoin, normalizeBitcoinAddress } from "./address.js";
import { BITCOIN_DECIMALS, BITCOIN_MAINNET, BITCOIN_NETWORKS, type BitcoinNetwork, bitcoinNetwork, MAX_MONEY } from "./networks.js";

/** Names by which files call mainnet. */
const MAINNET_NAMES: ReadonlySet<string> = new Set(["btc", "xbt", "bitcoin"]);

/** Hosts of explorers of mainnet; the first answers as Esplora does. */
const EXPLORERS = ["blockstream.info", "mempool.space"];

/** Bitcoin and its test networks. */
export const BITCOIN: ChainFamily = {
	namespace: "bip122",
	name: "Bitcoin",
	ledger: "outputs",
	main: BITCOIN_MAINNET.chain,
	chains: BITCOIN_NETWORKS.map(({ chain }) => chain),
	names: BITCOIN_NETWORKS.map(({ name }) => name),
	typed: BITCOIN_NETWORKS.map(({ name }) => name).join(", "),
	typedChain: (text) => BITCOIN_NETWORKS.find(({ name, chain }) => name === text || chain === text)?.chain,
	namedChain: (name) =>
		MAINNET_NAMES.has(name) ? BITCOIN_MAINNET.chain : BITCOIN_NETWORKS.find((network) => network.name.replaceAll("-", " ") === name)?.chain,
	explorerChain: (host) => (EXPLORERS.includes(host.replace(/^www\./, "")) ? BITCOIN_MAINNET.chain : undefined),
	accountPage: (chain, address) => (chain === BITCOIN_MAINNET.chain ? `https://${EXPLORERS[0]}/api/address/${address}` : undefined),
	explorerPage: (chain, kind, id) =>
		chain === BITCOIN_MAINNET.chain ? `https://${EXPLORERS[0]}/${kind === "address" ? "address" : "tx"}/${id}` : undefined,
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
	// A mistyped one is of no network: it is told as what it was meant to be.
	chainOfAddress: (text, usual) => networkOfAddress(text, usual) ?? (looksLikeBitcoin(text) ? BITCOIN_MAINNET.chain : undefined),
	requestedAccount(text) {
		// BIP 21; all in capitals as QR codes have it.
		const address = /^bitcoin:([^/?]+)(?:\?.*)?$/i.exec(text)?.[1];
		return address === undefined ? undefined : `bitcoin:${address}`;
	},
	// Its files are of blocks and transactions, and what nobody can spend is told by the script.
	addressesIn: () => [],
	burns: [],
	sharedKeys: false,
	nobody: "null",
	hash: { pattern: /^[0-9a-f]{64}$/, words: "64 hex digits" },
	mostCoins: (chain) => (chain === BITCOIN_MAINNET.chain ? MAX_MONEY : undefined),
	setsClock: (chain) => networkOf(chain).setsClock === true,
	// Later than the median of the last 11 (BIP 113).
	unorderedTimes: 11,
	// A block's time is later than the median of eleven before it, and those may bear times of an hour and more before the clock's.
	earlyTimes: 7_200,
	modelled: false,
	mispType: "btc",
	words: { ingested: "transactions", stored: "outputs", hash: "TXID", imports: "blocks or esplora" },
	rules: RULES.filter((rule) => rule !== "libr"),
};

/** The network of an address: the usual one where it can be of it, else the first that has such addresses. */
function networkOfAddress(address: string, usual: ChainId): ChainId | undefined {
	const networks = [...BITCOIN_NETWORKS].sort((a, b) => Number(b.chain === usual) - Number(a.chain === usual));
	return networks.find((network) => {
		try {
			return normalizeBitcoinAddress(address, network) !== "";
		} catch {
			return false;
		}
	})?.chain;
}

function networkOf(chain: ChainId): BitcoinNetwork {
	const network = bitcoinNetwork(chain);
	if (network === undefined) throw new InputError(`${chain} is no network of Bitcoin that is known here`, { code: "USAGE" });
	return network;
}
