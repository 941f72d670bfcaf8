import {
	ENTRY_POINTS,
	entryPointVersion,
	FAMILIES,
	KNOWN_BRIDGES,
	PRICE_FEEDS,
	PRIVATE_POOLS,
	parseChainId,
	REFERENCE_AGE,
	trustedAccountId,
} from "@clew/core";
import { expect, it } from "vitest";
import { PLAIN_FEES as EXPORTED } from "../../../chains/src/evm/proofs.js";
import { limitsOf } from "./chain-family/registry.js";
import { PLAIN_FEES } from "./evm/block.js";
import { publishedBridge } from "./evm/bridges.js";
import { entryPoint } from "./evm/entry-points.js";
import { isPublished } from "./evm/price-feeds.js";
import { privatePoolDetail } from "./evm/private-pools.js";
import { REFERENCE_AGE as VERIFIED_AGE } from "./values/worth.js";

it("the verifier knows by itself the chains whose fees the exporter proves, and the same contracts of bridges", () => {
	expect([...PLAIN_FEES]).toEqual([...EXPORTED]);
	expect(KNOWN_BRIDGES.size).toBeGreaterThan(5);
	for (const [account, protocol] of PRIVATE_POOLS) expect(privatePoolDetail(account)).toBe(`published private pool of ${protocol}`);
	for (const [account, protocol] of KNOWN_BRIDGES) expect(publishedBridge(account)).toBe(protocol);
});

it("the verifier knows by itself the EntryPoints of ERC-4337, on every EVM chain and on no other", () => {
	expect(ENTRY_POINTS.size).toBe(4);
	for (const address of ENTRY_POINTS)
		for (const chain of ["eip155:1", "eip155:8453"] as const) {
			const account = trustedAccountId(parseChainId(chain), address);
			expect(entryPoint(account)).toBe(entryPointVersion(account));
			expect(entryPoint(account)).toMatch(/^0\.[6-9]$/);
		}
	expect(entryPoint("tron:0x2b6653dc:0x0000000071727de22e5e9d8baf0edac6f37da032")).toBeUndefined();
});

it("imports refuse more of a coin than there ever was where the verifier does, each by a table of its own", () => {
	const bounds = FAMILIES.flatMap((family) =>
		family.chains.map((chain) => [chain, family.mostCoins(chain), limitsOf(chain)?.coins] as const),
	);
	for (const [chain, imported, verified] of bounds) expect([chain, imported]).toEqual([chain, verified]);
	expect(bounds.filter(([, most]) => most !== undefined)).toHaveLength(4);
});

it("the verifier knows by itself which contracts are feeds of what, and how long a reference rate counts", () => {
	for (const { aggregator, ...feed } of PRICE_FEEDS) {
		expect([aggregator, isPublished({ account: aggregator, ...feed })]).toEqual([aggregator, true]);
		expect(isPublished({ account: aggregator, ...feed, decimals: 18 })).toBe(false);
	}
	expect(isPublished({ account: `eip155:1:0x${"1".repeat(40)}`, asset: "EUR", unit: "USD", decimals: 8 })).toBeUndefined();
	expect(VERIFIED_AGE).toBe(REFERENCE_AGE);
});
