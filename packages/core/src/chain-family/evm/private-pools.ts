import { type AccountId, trustedAccountId } from "../../ids.js";
import { evmChainId } from "./chains.js";

/**
 * Contracts of pools that hide who takes out what, by the addresses that the protocols publish for their deployments (Railgun's smart
 * wallets, and the contract that wraps coins for the one of Ethereum; Privacy Pools' entrypoints; Tornado Cash's pools of ether and its
 * routers).
 */
const PUBLISHED: readonly (readonly [protocol: string, chain: number, address: string])[] = [
	["Railgun", 1, "0xfa7093cdd9ee6932b4eb2c9e1cde7ce00b1fa4b9"],
	["Railgun", 1, "0x4025ee6512dbbda97049bcf5aa5d38c54af6be8a"],
	["Railgun", 56, "0x590162bf4b50f6576a459b75309ee21d92178a10"],
	["Railgun", 137, "0x19b620929f97b7b990801496c3b361ca5def8c71"],
	["Railgun", 42161, "0xfa7093cdd9ee6932b4eb2c9e1cde7ce00b1fa4b9"],
	["Privacy Pools", 1, "0x6818809eefce719e480a7526d76bd3e561526b46"],
	["Privacy Pools", 42161, "0x44192215fed782896be2ce24e0bfbf0bf825d15e"],
	["Tornado Cash", 1, "0x12d66f87a04a9e220743712ce6d9bb1b5616b8fc"],
	["Tornado Cash", 1, "0x47ce0c6ed5b0ce3d3a51fdb1c52dc66a7c3c2936"],
	["Tornado Cash", 1, "0x910cbd523d972eb0a6f4cae4618ad62622b39dbf"],
	["Tornado Cash", 1, "0xa160cdab225685da1d56aa342ad8841c3b53f291"],
	["Tornado Cash", 1, "0x722122df12d4e14e13ac3b6895a86e84145b6967"],
	["Tornado Cash", 1, "0xd90e2f925da726b50c4ed8d0fb90ad053324f31b"],
];

/** Their protocols, by account. */
export const PRIVATE_POOLS: ReadonlyMap<AccountId, string> = new Map(
	PUBLISHED.map(([protocol, chain, address]) => [trustedAccountId(evmChainId(chain), address), protocol]),
);

/** The protocol of a private pool whose published contract an account is; undefined for others. */
export function privatePool(account: AccountId): string | undefined {
	return PRIVATE_POOLS.get(account);
}
