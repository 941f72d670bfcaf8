import type { AssetId } from "../../ids.js";
import type { PublishedToken } from "../known-tokens.js";

/**
 * Contracts of widely used tokens, as their issuers publish them: by chain, with symbol and decimals. A symbol alone
 * never makes a token known. Wrapped native coins stand in `chains.ts`.
 */
const CONTRACTS: Readonly<Record<string, string>> = {
	"eip155:1": `USDT 6 0xdac17f958d2ee523a2206206994597c13d831ec7 USDC 6 0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48
		DAI 18 0x6b175474e89094c44da98b954eedeac495271d0f SAI 18 0x89d24a6b4ccb1b6faa2625fe562bdd9a23260359
		WBTC 8 0x2260fac5e5542a773aa44fbcfedf7c193bc2c599 BUSD 18 0x4fabb145d64652a948d72533023f6e7a623c7c53
		TUSD 18 0x0000000000085d4780b73119b644ae5ecd22b376 USDP 18 0x8e870d67f660d95d5be530380d0ec0bd388289e1
		GUSD 2 0x056fd409e1d7a124bd7017459dfea2f387b6d5cd PYUSD 6 0x6c3ea9036406852006290770bedfcaba0e23a0e8
		FRAX 18 0x853d955acef822db058eb8505911ed77f175b99e LUSD 18 0x5f98805a4e8be255a32880fdec7f6728c6568ba0
		STETH 18 0xae7ab96520de3a18e5e111b5eaab095312d7fe84 WSTETH 18 0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0
		LINK 18 0x514910771af9ca656af840dff83e8264ecf986ca UNI 18 0x1f9840a85d5af5bf1d1762f925bdaddc4201f984
		AAVE 18 0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9 MKR 18 0x9f8f72aa9304c8b593d555f12ef6589cc3a579a2
		PAXG 18 0x45804880de22913dafe09f4980848ece6ecbaf78 SHIB 18 0x95ad61b0a150d79219dcf64e1e6cc01f0b64c4ce`,
	"eip155:10": `USDC 6 0x0b2c639c533813f4aa9d7837caf62653d097ff85 USDC.E 6 0x7f5c764cbc14f9669b88837ca1490cca17c31607
		USDT 6 0x94b008aa00579c1307b0ef2c499ad98a8ce58e58 DAI 18 0xda10009cbd5d07dd0cecc66161fc93d7c9000da1`,
	"eip155:56": `USDT 18 0x55d398326f99059ff775485246999027b3197955 USDC 18 0x8ac76a51cc950d9822d68b83fe1ad97b32cd580d
		BUSD 18 0xe9e7cea3dedca5984780bafc599bd69add087d56`,
	"eip155:137": `USDC 6 0x3c499c542cef5e3811e1192ce70d8cc03d5c3359 USDC.E 6 0x2791bca1f2de4661ed88a30c99a7a9449aa84174
		USDT 6 0xc2132d05d31c914a87c6611c10748aeb04b58e8f WETH 18 0x7ceb23fd6bc0add59e62ac25578270cff1b9f619
		DAI 18 0x8f3cf7ad23cd3c9adbd9735aff958023239c6063`,
	"eip155:8453": "USDC 6 0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",
	"eip155:42161": `USDC 6 0xaf88d065e77c8cc2239327c5edb3a432268e5831 USDC.E 6 0xff970a61a04b1ca14834a43f5de4533ebddb5cc8
		USDT 6 0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9 DAI 18 0xda10009cbd5d07dd0cecc66161fc93d7c9000da1`,
	"eip155:43114": `USDC 6 0xb97ef9ef8734c71904d8002f8b6bc66dd9c48a6e USDT 6 0x9702230a8ea53601f5cd2dc00fdbc13d4df4a8c7`,
};

/** By asset id. */
export const EVM_TOKENS: readonly (readonly [AssetId, PublishedToken])[] = Object.entries(CONTRACTS).flatMap(([chain, words]) =>
	[...words.matchAll(/(\S+)\s+([0-9]+)\s+(0x[0-9a-f]{40})/g)].map(
		([, symbol = "", decimals, contract]) => [`${chain}/erc20:${contract}` as AssetId, { symbol, decimals: Number(decimals) }] as const,
	),
);

/** Known tokens whose balances change without a transfer: what their contracts log is not what accounts hold. */
export const REBASING_TOKENS: ReadonlySet<string> = new Set(["eip155:1/erc20:0xae7ab96520de3a18e5e111b5eaab095312d7fe84"]);
