import { describe, expect, it } from "vitest";
import { chainName, parseAccount } from "../../index.js";
import { chainOfExplorer, parseFollowedChain } from "../names.js";
import { DEFAULT_CHAIN, parseChainId } from "../registry.js";
import { EVM_CHAINS, evmChain, knowsHashes } from "./chains.js";

const ONE = `0x${"1".repeat(40)}`;

describe("the table of EVM chains", () => {
	it("names every chain once, by number, name, short name and explorer", () => {
		for (const told of ["name", "short"] as const) {
			const names = EVM_CHAINS.map((chain) => evmChain(chain)?.[told]?.toLowerCase()).filter((name) => name !== undefined);
			expect(new Set(names).size, told).toBe(names.length);
		}
		const sites = EVM_CHAINS.flatMap((chain) => evmChain(chain)?.sites ?? []);
		expect(new Set(sites).size).toBe(sites.length);
		expect(new Set(EVM_CHAINS).size).toBe(EVM_CHAINS.length);
		for (const site of sites) expect(site).toMatch(/^([a-z0-9-]+\.)+[a-z]+$/);
	});

	it.each([
		["base", 8453],
		["Base", 8453],
		["arb1", 42_161],
		["arbitrum", 42_161],
		["Arbitrum One", 42_161],
		["polygon", 137],
		["bsc", 56],
		["eip155:8453", 8453],
		["8453", 8453],
		["0x2105", 8453],
		["cronos", 25],
		["op-mainnet", 10],
	])("%s is chain %i", (name, id) => expect(parseFollowedChain(name)).toBe(`eip155:${id}`));

	it.each(["", "bas", "eip155:0", "eip155:", "solana", "sei", "filecoin", "kava", "1e3"])("%s is none", (name) =>
		expect(() => parseFollowedChain(name)).toThrow("is no chain that can be followed"),
	);

	it("reads addresses with the chain's short name before them (EIP-3770)", () => {
		expect(parseAccount(`base:${ONE}`, DEFAULT_CHAIN)).toBe(`eip155:8453:${ONE}`);
		expect(() => parseAccount(`nochain:${ONE}`, DEFAULT_CHAIN)).toThrow("nochain");
	});

	it("knows whose explorer a host is", () => {
		expect([chainOfExplorer("BaseScan.org"), chainOfExplorer("www.bscscan.com"), chainOfExplorer("sepolia.basescan.org")]).toEqual([
			"eip155:8453",
			"eip155:56",
			"eip155:84532",
		]);
		expect([chainOfExplorer("basescan.org.example"), chainOfExplorer("")]).toEqual([undefined, undefined]);
	});

	it("says of which chains it knows the rule of hashes", () => {
		const known = ["eip155:1", "eip155:8453", "eip155:31337"].map((chain) => knowsHashes(parseChainId(chain)));
		const unknown = ["eip155:25", "eip155:999", "eip155:424242424"].map((chain) => knowsHashes(parseChainId(chain)));
		expect([known, unknown]).toEqual([
			[true, true, true],
			[false, false, false],
		]);
		expect(chainName(parseChainId("eip155:999"))).toBe("HyperEVM");
	});
});
