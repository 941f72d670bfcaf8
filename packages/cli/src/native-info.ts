import { type AssetId, type AssetInfo, assetChain, type ChainId, coinOf, type GraphStore, isNative, nativeAsset, viewOf } from "@clew/core";

/** How the chain's own coin is written; the coin of a chain that is not in our table is called "native coin of CHAIN", never ETH. */
export function nativeInfo(chain: ChainId): AssetInfo {
	const { symbol, decimals } = coinOf(chain);
	return { asset: nativeAsset(chain), decimals, symbol };
}

/**
 * The case with every chain's own coin described as it is: also those of chains that were added later, and of cases that were made when it
 * was called otherwise.
 */
export function withNativeCoins(store: GraphStore): GraphStore {
	const coin = (asset: AssetId) => nativeInfo(assetChain(asset));
	return viewOf(store, (of) => ({
		asset: async (asset) => (isNative(asset) ? coin(asset) : of.asset(asset)),
		assets: async () => (await of.assets()).map((info) => (isNative(info.asset) ? coin(info.asset) : info)),
	}));
}
