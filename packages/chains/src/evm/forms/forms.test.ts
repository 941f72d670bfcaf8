import { type ChainId, parseChainId } from "@clew/core";
import { keccak256, recoverAddress } from "ethers";
import { describe, expect, it } from "vitest";
import { chainFixture } from "../../testing/chain-fixture.js";
import { realBlock } from "../../testing/real-block.js";
import { encodeTransaction, signedFor } from "../encoding.js";
import { blockShape, headerShape, type RpcHeader, transactionShape } from "../shapes.js";
import { orderedTrieRoot } from "../trie.js";
import { encodedHeader, hashDoubt } from "./headers.js";
import { formOf, signingHash } from "./transactions.js";

const chain = (id: number) => parseChainId(`eip155:${id}`);
const [ETHEREUM, ARBITRUM, AVALANCHE] = [chain(1), chain(42_161), chain(43_114)];
const [GNOSIS, CELO, UNKNOWN] = [chain(100), chain(42_220), chain(99_999_999)];
const arbitrum = blockShape.parse(chainFixture("arbitrum-350791066"));
const avalanche = blockShape.parse(chainFixture("avalanche-5760288"));
const aura = headerShape.array().parse(chainFixture("aura-headers"));
const celo = transactionShape.array().parse(chainFixture("celo-transactions"));

describe("headers of real blocks give their hashes in their chain's form", () => {
	it.each([
		["Arbitrum's", ARBITRUM, arbitrum],
		["Avalanche's, with the hash of its atomic transactions", AVALANCHE, avalanche],
		["an authority's", GNOSIS, aura[0]],
		["the first one of an authority's chain", GNOSIS, aura[1]],
		["Ethereum's", ETHEREUM, realBlock(18500000).block],
	])("%s, on a chain that the table does not hold, too", (_, chain, block) => {
		if (block === undefined) throw new Error("the fixture lacks a header");
		for (const of of [chain, UNKNOWN]) expect(encodedHeader(of, block)).toMatchObject({ hash: block.hash });
		const changed = { ...block, stateRoot: block.parentHash };
		expect(encodedHeader(chain, changed).hash).not.toBe(block.hash);
	});

	it("another hash is a lie where the form is certain, and a doubt in words where it is not", () => {
		const sure = [hashDoubt(ETHEREUM, realBlock(18500000).block), hashDoubt(ARBITRUM, arbitrum), hashDoubt(AVALANCHE, avalanche)];
		expect(sure).toEqual([undefined, undefined, undefined]);
		expect(hashDoubt(ARBITRUM, { ...arbitrum, number: "0x100" })).toMatch(/before Nitro/);
		expect(hashDoubt(UNKNOWN, arbitrum)).toMatch(/has a rule of its own is not known here/);
		expect(hashDoubt(AVALANCHE, { ...avalanche, extDataHash: undefined })).toMatch(/leaves out fields/);
		expect(hashDoubt(CELO, { ...arbitrum, number: "0x100" })).toMatch(/before Celo became a rollup/);
		expect(hashDoubt(GNOSIS, arbitrum)).toMatch(/does not tell the seal/);
		expect(hashDoubt(GNOSIS, aura[0] as RpcHeader)).toBeUndefined();
	});

	it("a seal is read by its fields, too, and not from other words", () => {
		const { step: _step, signature: _signature, ...sealed } = aura[0] as Record<string, unknown>;
		expect(encodedHeader(GNOSIS, headerShape.parse(sealed)).hash).toBe(sealed["hash"]);
		expect(hashDoubt(GNOSIS, headerShape.parse({ ...sealed, sealFields: ["0x", 5] }))).toMatch(/does not tell the seal/);
	});
});

describe("transactions of other clients", () => {
	it.each([
		["Arbitrum's", ARBITRUM, arbitrum],
		["Avalanche's", AVALANCHE, avalanche],
	])("%s real block: every hash and the root", (_, chain, block) => {
		const encoded = block.transactions.map((tx) => encodeTransaction(chain, tx) as Uint8Array);
		expect(encoded.map((bytes) => keccak256(bytes))).toEqual(block.transactions.map(({ hash }) => hash));
		expect(orderedTrieRoot(encoded)).toBe(block.transactionsRoot);
	});

	it("Celo's real ones, whose gas a token pays, give their hashes and signers, and name their chain", () => {
		for (const tx of celo) {
			const form = formOf(CELO, tx);
			if (form === undefined) throw new Error("no form");
			expect(keccak256(encodeTransaction(CELO, tx) as Uint8Array)).toBe(tx.hash);
			const signature = { r: String(tx["r"]), s: String(tx["s"]), yParity: Number(tx["v"]) as 0 | 1 };
			expect(recoverAddress(signingHash(form, tx), signature).toLowerCase()).toBe(tx.from);
			expect(signedFor(CELO, tx)).toBe(BigInt(String(tx["chainId"])));
			expect([form.paysGas(tx), form.paysGas({ ...tx, feeCurrency: null })]).toEqual([false, true]);
		}
	});

	it("on a chain whose forms are not known, the form is the one that gives the hash, or none", () => {
		const [internal] = arbitrum.transactions;
		if (internal === undefined) throw new Error("no transaction");
		expect(formOf(UNKNOWN, internal)?.publisher).toBe("nitro");
		expect(formOf(UNKNOWN, { ...internal, input: "0x00" })).toBeUndefined();
		expect(formOf(ARBITRUM, { ...internal, input: "0x00" })?.publisher).toBe("nitro");
		expect(formOf(ARBITRUM, { ...internal, type: "0x78" })).toBeUndefined();
	});
});
