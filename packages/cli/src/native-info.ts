import { type AssetInfo, BITCOIN_DECIMALS, bitcoinNetwork, type ChainId, EVM_NATIVE_DECIMALS, evmChain, nativeAsset } from "@clew/core";

/** How the chain's own coin is written; the coin of a chain that is not in our table is called "native coin of CHAIN", never ETH. */
export function nativeInfo(chain: ChainId): AssetInfo {
	const network = bitcoinNetwork(chain);
	const coin = network
		? { decimals: BITCOIN_DECIMALS, symbol: network.symbol }
		: { decimals: EVM_NATIVE_DECIMALS, symbol: evmChain(chain)?.symbol ?? `native coin of ${chain}` };
	return { asset: nativeAsset(chain), ...coin };
}
