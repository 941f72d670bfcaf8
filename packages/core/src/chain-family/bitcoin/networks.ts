import type { ChainId } from "../../ids.js";

/** What tells one Bitcoin network from another. */
export interface BitcoinNetwork {
	/** The name a user may type instead of the CAIP-2 id. */
	readonly name: string;
	/** CAIP-2 in the bip122 namespace: the first 32 hex digits of the genesis block's hash. */
	readonly chain: ChainId;
	readonly genesis: string;
	/** The four bytes in front of every block in a file and every message between nodes, in file order, hex. */
	readonly magic: string;
	/** Version bytes of base58check addresses. */
	readonly pubKeyHash: number;
	readonly scriptHash: number;
	/** Human-readable part of segwit addresses (BIP 173). */
	readonly hrp: string;
	/** Largest target that a proof of work may have, as the compact `bits` of a header. */
	readonly easiestBits: number;
	/** Blocks between two halvings of the subsidy. */
	readonly halvingInterval: number;
	/** SLIP-44 coin type. */
	readonly coinType: number;
	readonly symbol: string;
	/** True where clocks are set by hand; absent where blocks are made at the times that they state. */
	readonly setsClock?: true;
}

/** CAIP-2 references are at most 32 characters. */
const CAIP_DIGITS = 32;
const MAINNET_INTERVAL = 210_000;
const TEST = { pubKeyHash: 0x6f, scriptHash: 0xc4, hrp: "tb", easiestBits: 0x1d00ffff, halvingInterval: MAINNET_INTERVAL, coinType: 1 };

/** Bitcoin's main network. */
export const BITCOIN_MAINNET = network("bitcoin", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", "f9beb4d9", {
	pubKeyHash: 0x00,
	scriptHash: 0x05,
	hrp: "bc",
	easiestBits: 0x1d00ffff,
	halvingInterval: MAINNET_INTERVAL,
	coinType: 0,
	symbol: "BTC",
});

/** Bitcoin's networks, from the chain parameters of Bitcoin Core (`src/kernel/chainparams.cpp`). */
export const BITCOIN_NETWORKS: readonly BitcoinNetwork[] = [
	BITCOIN_MAINNET,
	network("bitcoin-testnet3", "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943", "0b110907", { ...TEST, symbol: "tBTC" }),
	network("bitcoin-testnet4", "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043", "1c163f28", { ...TEST, symbol: "tBTC" }),
	network("bitcoin-signet", "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6", "0a03cf40", {
		...TEST,
		easiestBits: 0x1e0377ae,
		symbol: "sBTC",
	}),
	network("bitcoin-regtest", "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206", "fabfb5da", {
		...TEST,
		hrp: "bcrt",
		easiestBits: 0x207fffff,
		halvingInterval: 150,
		symbol: "rBTC",
		setsClock: true,
	}),
];

function network(
	name: string,
	genesis: string,
	magic: string,
	rest: Omit<BitcoinNetwork, "name" | "chain" | "genesis" | "magic">,
): BitcoinNetwork {
	return { name, chain: `bip122:${genesis.slice(0, CAIP_DIGITS)}` as ChainId, genesis, magic, ...rest };
}

const BY_CHAIN = new Map(BITCOIN_NETWORKS.map((n) => [n.chain, n]));

/** The network of a chain id; undefined when it is no known Bitcoin network. */
export function bitcoinNetwork(chain: ChainId): BitcoinNetwork | undefined {
	return BY_CHAIN.get(chain);
}

/** Satoshis in one bitcoin, as decimals. */
export const BITCOIN_DECIMALS = 8;
/** No amount is larger, by consensus (MAX_MONEY): 21 million bitcoin in satoshi, below 2^53. */
export const MAX_MONEY = 21_000_000n * 100_000_000n;
const FIRST_SUBSIDY = 50n * 100_000_000n;
const MAX_HALVINGS = 64;

/** What a block may create, in satoshi. */
export function blockSubsidy(height: number, { halvingInterval }: BitcoinNetwork): bigint {
	const halvings = Math.floor(height / halvingInterval);
	return halvings >= MAX_HALVINGS ? 0n : FIRST_SUBSIDY >> BigInt(halvings);
}
