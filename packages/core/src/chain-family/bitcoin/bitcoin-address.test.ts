import { bech32, bech32m } from "@scure/base";
import { describe, expect, it } from "vitest";
import { base58Address, looksLikeBitcoin, normalizeBitcoinAddress, scriptAddress, segwitAddress } from "./address.js";
import { BITCOIN_MAINNET, BITCOIN_NETWORKS, type BitcoinNetwork, bitcoinNetwork, blockSubsidy } from "./networks.js";

const REGTEST = BITCOIN_NETWORKS.find(({ name }) => name === "bitcoin-regtest") as BitcoinNetwork;
const TESTNET = BITCOIN_NETWORKS.find(({ name }) => name === "bitcoin-testnet3") as BitcoinNetwork;
const bytes = (length: number) => new Uint8Array(length).fill(7);
const normal = (text: string, network = BITCOIN_MAINNET) => normalizeBitcoinAddress(text, network);

describe("addresses of Bitcoin", () => {
	it("of the BIPs are taken, segwit in small letters", () => {
		// BIP 173 and BIP 350, test vectors.
		const p2wpkh = "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4";
		expect(normal(p2wpkh)).toBe(p2wpkh.toLowerCase());
		const taproot = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
		expect(normal(taproot)).toBe(taproot);
		expect(normal("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa")).toBe("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
		const script = scriptAddress(bytes(3));
		expect([script.length, normal(script)]).toEqual([7 + 64, script]);
	});

	it("are made as they are read, by network and version", () => {
		for (const network of [BITCOIN_MAINNET, TESTNET, REGTEST]) {
			for (const version of [network.pubKeyHash, network.scriptHash])
				expect(normal(base58Address(bytes(20), version), network)).toBe(base58Address(bytes(20), version));
			for (const [version, length] of [
				[0, 20],
				[0, 32],
				[1, 32],
				[2, 2],
				[16, 40],
			] as const)
				expect(normal(segwitAddress(version, bytes(length), network.hrp), network)).toBe(
					segwitAddress(version, bytes(length), network.hrp),
				);
		}
	});

	it("of another length, version or coder than consensus has are none", () => {
		const words = (version: number, length: number) => [version, ...bech32.toWords(bytes(length))];
		for (const bad of [
			segwitAddress(0, bytes(21), "bc"),
			segwitAddress(0, bytes(31), "bc"),
			segwitAddress(1, bytes(1), "bc"),
			segwitAddress(1, bytes(41), "bc"),
			bech32m.encode("bc", words(17, 20)),
			bech32.encode("bc", words(1, 32)),
			bech32m.encode("bc", words(0, 20)),
			segwitAddress(0, bytes(20), "ltc"),
			base58Address(bytes(20), 0x41),
			"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
			"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb",
			"0xdac17f958d2ee523a2206206994597c13d831ec7",
		])
			expect(() => normal(bad), bad).toThrow(/is not a Bitcoin address|mistyped/);
	});

	it("of another network are refused by its name", () => {
		expect(() => normal(segwitAddress(0, bytes(20), "bcrt"))).toThrow("is an address of bitcoin-regtest, not of bitcoin");
		expect(() => normal(base58Address(bytes(20), 0x6f))).toThrow(
			/bitcoin-testnet3 or bitcoin-testnet4 or bitcoin-signet or bitcoin-regtest/,
		);
		expect(() => normal(base58Address(bytes(20), 0), REGTEST)).toThrow("is an address of bitcoin, not of bitcoin-regtest");
	});

	it("that were mistyped are told from what was never one", () => {
		expect(() => normal("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5")).toThrow("is a mistyped Bitcoin address");
		expect(() => normal("hello")).toThrow("is not a Bitcoin address");
		expect(["bc1qabcdef", "TB1qabcdef", "bcrt1abcdef", `1${"a".repeat(24)}`, `m${"a".repeat(34)}`].map(looksLikeBitcoin)).toEqual(
			new Array(5).fill(true),
		);
		expect(["bc1abcde", "bd1qabcdef", `1${"a".repeat(23)}`, `3${"a".repeat(35)}`, `4${"a".repeat(30)}`].map(looksLikeBitcoin)).toEqual(
			new Array(5).fill(false),
		);
	});
});

describe("networks of Bitcoin", () => {
	it("have as id the first 32 digits of their genesis block (CAIP-2, bip122)", () => {
		expect(BITCOIN_MAINNET.chain).toBe("bip122:000000000019d6689c085ae165831e93");
		for (const network of BITCOIN_NETWORKS) {
			expect(network.chain).toBe(`bip122:${network.genesis.slice(0, 32)}`);
			expect(bitcoinNetwork(network.chain)).toBe(network);
		}
		expect(new Set(BITCOIN_NETWORKS.map(({ chain, magic }) => `${chain} ${magic}`)).size).toBe(5);
	});

	it("halve what a block may create, down to nothing", () => {
		const at = (height: number, network = BITCOIN_MAINNET) => blockSubsidy(height, network);
		expect([at(0), at(209_999), at(210_000), at(840_000)]).toEqual([5_000_000_000n, 5_000_000_000n, 2_500_000_000n, 312_500_000n]);
		expect([at(149, REGTEST), at(150, REGTEST)]).toEqual([5_000_000_000n, 2_500_000_000n]);
		expect([at(210_000 * 32), at(210_000 * 33), at(210_000 * 64)]).toEqual([1n, 0n, 0n]);
	});
});
