import { type AssetId, erc20Asset } from "../../ids.js";
import { ETHEREUM } from "./chains.js";

/** Contracts of Ethereum from before ERC-721 was settled: their logs do not index the id, and so look like those of an amount. */
const OLD_CONTRACTS: readonly (readonly [name: string, address: string])[] = [
	["CryptoKitties", "0x06012c8cf97bead5deae237070f9587f8e7a266d"],
	["SuperRare, version 1", "0x41a322b28d0ff354040e2cbc676f0320d8c8850d"],
	["Cryptovoxels", "0x79986af15539de2db9a5086382daeda917a9cf0c"],
];

/** The same by asset (CAIP-19), with their names. */
export const OLD_NFTS: ReadonlyMap<AssetId, string> = new Map(
	OLD_CONTRACTS.map(([name, address]) => [erc20Asset(ETHEREUM, address), name]),
);
