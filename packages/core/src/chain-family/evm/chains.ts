import { InputError } from "../../errors.js";
import type { ChainId } from "../../ids.js";

/** What is known of one EVM chain; facts of the registry `ethereum-lists/chains` (MIT) and of each coin's published wrapped contract. */
export interface EvmChain {
	/** Chain id of EIP-155. */
	readonly id: number;
	readonly name: string;
	/** Symbol of the native coin; all of these have 18 decimals. */
	readonly symbol: string;
	/** Names of the coin from before it was renamed, and those that sites use instead. */
	readonly otherSymbols?: readonly string[];
	/** Contract that wraps the native coin as a token, lower case; absent where none is known. */
	readonly wrapped?: `0x${string}`;
	/** True where blocks carry deposit transactions of type 0x7e (OP stack). */
	readonly opStack?: true;
	/** True where Bor makes blocks, whose state-sync transactions stand in no root. */
	readonly bor?: true;
}

/** Base units in a gwei, in which validators' withdrawals are counted. */
export const GWEI = 10n ** 9n;

/** The id of a chain by its number (EIP-155). */
export function evmChainId(number: number | string): ChainId {
	return `eip155:${number}` as ChainId;
}

/** Ethereum's main chain. */
export const ETHEREUM = evmChainId(1);

/** Gnosis Chain and its test network, whose validators stake a token: a withdrawal there is claimed from a contract, as that token. */
const STAKE_TOKENS: ReadonlySet<string> = new Set(["eip155:100", "eip155:10200"]);

/** True where a validator's withdrawal, as a block tells it, adds to an account's coins (EIP-4895). */
export function creditsWithdrawals(chain: ChainId): boolean {
	return !STAKE_TOKENS.has(chain);
}

/** Decimals of every native coin of an EVM chain: the protocol counts value in 10^-18. */
export const EVM_NATIVE_DECIMALS = 18;

const OP_STACK_WETH = "0x4200000000000000000000000000000000000006";

const CHAINS: readonly EvmChain[] = [
	{ id: 1, name: "Ethereum", symbol: "ETH", wrapped: "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2" },
	{ id: 10, name: "OP Mainnet", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 25, name: "Cronos", symbol: "CRO", wrapped: "0x5c7f8a570d578ed84e63fdfa7b1ee72deae1ae23" },
	{ id: 56, name: "BNB Smart Chain", symbol: "BNB", wrapped: "0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c" },
	{ id: 61, name: "Ethereum Classic", symbol: "ETC" },
	{ id: 100, name: "Gnosis", symbol: "xDAI", wrapped: "0xe91d153e0b41518a2ce8dd3d7944fa863463a97d" },
	{ id: 109, name: "Shibarium", symbol: "BONE", bor: true },
	{ id: 130, name: "Unichain", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{
		id: 137,
		name: "Polygon PoS",
		symbol: "POL",
		otherSymbols: ["MATIC"],
		wrapped: "0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270",
		bor: true,
	},
	{ id: 204, name: "opBNB", symbol: "BNB", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 250, name: "Fantom", symbol: "FTM", wrapped: "0x21be370d5312f44cb42ce377bc9b8a0cef1a4c83" },
	{ id: 252, name: "Fraxtal", symbol: "FRAX", otherSymbols: ["frxETH"], opStack: true },
	{ id: 324, name: "ZKsync Era", symbol: "ETH", wrapped: "0x5aea5775959fbc2557cc8789bc1bf90a239d9a91" },
	{ id: 480, name: "World Chain", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 1135, name: "Lisk", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 1337, name: "geth development chain", symbol: "ETH" },
	{ id: 5000, name: "Mantle", symbol: "MNT", wrapped: "0x78c1b0c915c4faa5fffa6cabf0219da63d7f4cb8" },
	{ id: 8453, name: "Base", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 31337, name: "anvil development chain", symbol: "ETH" },
	{ id: 34443, name: "Mode", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 42161, name: "Arbitrum One", symbol: "ETH", wrapped: "0x82af49447d8a07e3bd95bd0d56f35241523fbab1" },
	{ id: 42170, name: "Arbitrum Nova", symbol: "ETH", wrapped: "0x722e8bdd2ce80a4422e880164f2079488e115365" },
	{ id: 42220, name: "Celo", symbol: "CELO" },
	{ id: 43114, name: "Avalanche C-Chain", symbol: "AVAX", wrapped: "0xb31f66aa3c1e785363f0875a1b74e27b85fd66c7" },
	{ id: 57073, name: "Ink", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 59144, name: "Linea", symbol: "ETH", wrapped: "0xe5d7c2a44ffddf6b295a15c148167daaaf5cf34f" },
	{ id: 80002, name: "Polygon Amoy", symbol: "POL", otherSymbols: ["MATIC"], bor: true },
	{ id: 81457, name: "Blast", symbol: "ETH", wrapped: "0x4300000000000000000000000000000000000004", opStack: true },
	{ id: 84531, name: "Base Goerli", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 84532, name: "Base Sepolia", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 534352, name: "Scroll", symbol: "ETH", wrapped: "0x5300000000000000000000000000000000000004" },
	{ id: 7777777, name: "Zora", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
	{ id: 11155111, name: "Sepolia", symbol: "ETH", wrapped: "0xfff9976782d46cc05630d1f6ebab18b2324d6b14" },
	{ id: 11155420, name: "OP Sepolia", symbol: "ETH", wrapped: OP_STACK_WETH, opStack: true },
];

const BY_ID: ReadonlyMap<string, EvmChain> = new Map(CHAINS.map((chain) => [`eip155:${chain.id}`, chain]));

/** Every EVM chain of the table. */
export const EVM_CHAINS: readonly ChainId[] = CHAINS.map(({ id }) => evmChainId(id));

/** What is known of an EVM chain; undefined for one that the table does not hold, and for every other kind of chain. */
export function evmChain(chain: ChainId): EvmChain | undefined {
	return BY_ID.get(chain);
}

/** Chains besides the OP stack whose transactions pay for their data on the first layer apart from gas: Mantle and Scroll. */
const OTHERS_WITH_L1_FEE: ReadonlySet<number> = new Set([5000, 534352]);

/** True where a transaction's fee has a part that gas used times gas price leaves out: a receipt's `l1Fee`. */
export function chargesL1Fee(chain: ChainId): boolean {
	const known = evmChain(chain);
	return known !== undefined && (known.opStack === true || OTHERS_WITH_L1_FEE.has(known.id));
}

/** The numeric chain id of an `eip155` chain. Throws InputError for another namespace. */
export function evmChainNumber(chain: ChainId): bigint {
	const [namespace, reference] = chain.split(":");
	if (namespace !== "eip155" || reference === undefined || !/^[0-9]+$/.test(reference)) {
		throw new InputError(`${chain} is not an EVM chain`);
	}
	return BigInt(reference);
}
