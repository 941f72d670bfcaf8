import { addressOf, type Hash, parseChainId, type Transfer, type TransferKind, tokenContract } from "@clew/core";
import { memoryLedger } from "@clew/core/testing";
import { detect } from "@clew/tracer";
import { AbiCoder, getCreate2Address, keccak256, solidityPacked } from "ethers";
import { expect, it } from "vitest";
import { decodeBlock } from "../packages/chains/src/evm/decode.js";
import { realBlock } from "../packages/chains/src/testing/real-block.js";

const CHAIN = parseChainId("eip155:1");
/** Factories and the hashes of their pools' code, as Uniswap (versions 2 and 3) and SushiSwap publish them. */
const PAIR_FACTORIES = [
	["0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f", "0x96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f"],
	["0xC0AEe478e3658e2610c5F7A4A2E1777cE9e4f2Ac", "0xe18a34eb0e04b04f7a0ac29a6e80748dca96319b42c54d679cb821dca90c6303"],
] as const;
const POOL_FACTORY = [
	"0x1F98431c8aD98523631AE4a59f267346ea31F984",
	"0xe34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54",
] as const;
const POOL_FEES = [100, 500, 3_000, 10_000];

/** Every address that a published factory gives to a pool of two tokens (EIP-1014). */
function poolsOf(a: string, b: string): string[] {
	const salts = POOL_FEES.map((fee) => keccak256(AbiCoder.defaultAbiCoder().encode(["address", "address", "uint24"], [a, b, fee])));
	return [
		...PAIR_FACTORIES.map(([factory, code]) => getCreate2Address(factory, keccak256(solidityPacked(["address", "address"], [a, b])), code)),
		...salts.map((salt) => getCreate2Address(POOL_FACTORY[0], salt, POOL_FACTORY[1])),
	].map((address) => address.toLowerCase());
}

it("finds the pools of block 18500000 by their deeds, nearly all of them by addresses that published factories give", async () => {
	const { block, receipts } = realBlock(18500000);
	const { transactions, contracts, events = [] } = decodeBlock(CHAIN, { block, receipts, calls: undefined, gaps: [] });
	const transfers = transactions.flatMap(({ hash, height, txIndex = 0, transfers: own }) =>
		own.map(
			(t): Transfer => ({
				...t,
				kind: t.kind as TransferKind,
				chain: CHAIN,
				txHash: hash as Hash,
				position: { height, txIndex, eventIndex: t.eventIndex ?? 0 },
				provenance: "node",
				source: "",
			}),
		),
	);
	const found = await detect(memoryLedger(transfers, { contracts: new Set(contracts), events }), CHAIN);
	const pools = found.filter(({ kind }) => kind === "dex-pool").map(({ account }) => account);
	expect(new Set(pools)).toEqual(new Set(events.filter(({ kind }) => kind === "swap").map(({ contract }) => contract)));
	const derived = pools.filter((pool) => {
		const dealt = transfers.filter((t) => t.from === pool || t.to === pool).flatMap((t) => tokenContract(t.asset) ?? []);
		const tokens = [...new Set(dealt.map(addressOf))].sort();
		return tokens.some((a, i) => tokens.slice(i + 1).some((b) => poolsOf(a, b).includes(addressOf(pool))));
	});
	expect([pools.length, derived.length]).toEqual([40, 37]);
});
