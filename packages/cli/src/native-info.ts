import { type AssetInfo, BITCOIN_DECIMALS, bitcoinNetwork, type ChainId, nativeAsset } from "@clew/core";

/** How the chain's own coin is written. */
export function nativeInfo(chain: ChainId): AssetInfo {
	const network = bitcoinNetwork(chain);
	const coin = network ? { decimals: BITCOIN_DECIMALS, symbol: network.symbol } : { decimals: 18, symbol: "ETH" };
	return { asset: nativeAsset(chain), ...coin };
}
