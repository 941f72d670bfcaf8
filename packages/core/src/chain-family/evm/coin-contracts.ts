import type { ChainId } from "../../ids.js";
import { evmChainId } from "./chains.js";

/**
 * Contracts through which a chain's coin itself is moved as a token, by chain: Polygon and Amoy, zkSync Era, Celo, as their makers publish
 * them.
 */
export const COIN_CONTRACTS: ReadonlyMap<ChainId, string> = new Map([
	[evmChainId(137), "0x0000000000000000000000000000000000001010"],
	[evmChainId(80002), "0x0000000000000000000000000000000000001010"],
	[evmChainId(324), "0x000000000000000000000000000000000000800a"],
	[evmChainId(42220), "0x471ece3750da237f93b8e339c536989b8978a438"],
]);
