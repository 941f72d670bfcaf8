import type { AssetId } from "../../ids.js";
import type { PublishedToken } from "../known-tokens.js";
import { TRON_MAINNET } from "./family.js";

/** Contracts of widely used tokens, as their issuers publish them. */
const CONTRACTS: readonly (readonly [symbol: string, decimals: number, contract: string])[] = [
	["USDT", 6, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"],
	["USDC", 6, "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8"],
	["TUSD", 18, "TUpMhErZL2fhh4sVNULAbNKLokS4GjC1F4"],
];

/** By asset id. */
export const TRON_TOKENS: readonly (readonly [AssetId, PublishedToken])[] = CONTRACTS.map(([symbol, decimals, contract]) => [
	`${TRON_MAINNET}/trc20:${contract}` as AssetId,
	{ symbol, decimals },
]);
