import { type AccountId, trustedAccountId } from "../../ids.js";
import { evmChainId } from "./chains.js";

/**
 * Contracts of bridges whose events are believed without a label, by the addresses that the protocols publish for their deployments
 * (Across: docs.across.to, "Contract addresses"; Celer: cbridge-docs.celer.network; CCTP: developers.circle.com; Stargate's pools:
 * docs.stargate.finance; DLN: docs.debridge.finance, "Deployed contracts", one address on every chain; THORChain: the router that nodes
 * state under /thorchain/inbound_addresses).
 */
const KNOWN: readonly (readonly [protocol: string, chain: number, address: string])[] = [
	["across", 1, "0x5c7bcd6e7de5423a257d81b442095a1a6ced35c5"],
	["across", 10, "0x6f26bf09b1c792e3228e5467807a900a503c0281"],
	["across", 137, "0x9295ee1d8c5b022be115a2ad3c30c72e34e7f096"],
	["across", 8453, "0x09aea4b2242abc8bb4bb78d537a67a245a7bec64"],
	["across", 42161, "0xe35e9842fceaca96570b734083f4a58e8f7c5f2a"],
	["celer", 1, "0x5427fefa711eff984124bfbb1ab6fbf5e3da1820"],
	["cctp", 1, "0xbd3fa81b58ba92a82136038b25adec7066af3155"],
	["layerzero-oft", 1, "0x77b2043768d28e9c9ab44e1abfc95944bce57931"],
	["layerzero-oft", 1, "0xc026395860db2d07ee33e05fe50ed7bd583189c7"],
	["layerzero-oft", 1, "0x933597a323eb81cae705c5bc29985172fd5a3973"],
	["thorchain", 1, "0xd37bbe5744d730a1d98d8dc97c42f0ca46ad7146"],
];
/** DLN's two contracts stand at the same addresses on the chains that it names. */
const DLN_CHAINS = [1, 10, 56, 137, 8453, 42161, 43114];
const DLN = ["0xef4fb24ad0916217251f553c0596f8edc630eb66", "0xe7351fd770a37282b91d153ee690b63579d6dd7f"];

/** Their protocols, by account. */
export const KNOWN_BRIDGES: ReadonlyMap<AccountId, string> = new Map(
	[...KNOWN, ...DLN_CHAINS.flatMap((chain) => DLN.map((address) => ["dln", chain, address] as const))].map(([protocol, chain, address]) => [
		trustedAccountId(evmChainId(chain), address),
		protocol,
	]),
);
