import { parseChainId } from "@clew/core";
import { keccak256, recoverAddress, Transaction, Wallet } from "ethers";
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
		["Avalanche's of 2023", AVALANCHE, headerShape.parse(chainFixture("avalanche-header-30806757"))],
		["an authority's", GNOSIS, aura[0]],
		["the first one of an authority's chain", GNOSIS, aura[1]],
		["Ethereum's", ETHEREUM, realBlock(18500000).block],
		[
			"Sepolia's since Prague, with blobs and the hash of requests",
			chain(11_155_111),
			headerShape.parse(chainFixture("sepolia-header-11319411")),
		],
		["OP Mainnet's since Jovian", chain(10), headerShape.parse(chainFixture("optimism-header-157796868"))],
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

	it("real messages from the first layer to Mantle and Scroll, and no others of their type", () => {
		const [mantle, scroll] = transactionShape.array().parse(chainFixture("first-layer-messages"));
		const told = [
			[chain(5000), mantle],
			[chain(534_352), scroll],
		] as const;
		for (const [of, tx] of told) {
			if (tx === undefined) throw new Error("no transaction");
			for (const on of [of, UNKNOWN]) expect(keccak256(encodeTransaction(on, tx) as Uint8Array)).toBe(tx.hash);
			expect(encodeTransaction(UNKNOWN, { ...tx, gas: "0x1" })).toBeUndefined();
			expect(signedFor(of, tx)).toBeUndefined();
		}
	});

	// Hashes that Nitro itself gives for these made-up transactions.
	const address = (digit: string) => `0x${digit.repeat(40)}`;
	const [chainId, from, to] = ["0xa4b1", address("1"), address("2")];
	it.each<[string, object, string]>([
		[
			"0x65",
			{ nonce: "0x7", gasPrice: "0x3039", gas: "0x5208", value: "0x64", input: "0xdeadbeef" },
			"0x815fe243a019e4903168fa746b13bc64eeb677d3f9f87ce40ff8ce95fe25eae4",
		],
		[
			"0x66",
			{ requestId: `0x${"aa".repeat(32)}`, gasPrice: "0x3039", gas: "0xc350", value: "0x1", input: "0xabcdef" },
			"0xb05db1de136f0945ec6ba3bdee8d432a02ba7a2b760501fbcfb2f32cef2e7825",
		],
		[
			"0x68",
			{
				...{ nonce: "0x3", gasPrice: "0x22b", gas: "0x13880", value: "0x5", input: "0x0102", ticketId: `0x${"bb".repeat(32)}` },
				...{ refundTo: address("3"), maxRefund: "0x3e8", submissionFeeRefund: "0x7d0" },
			},
			"0x365cb4747eec1a5703fde8496018afffc055ba835361159935bdefd051510bd5",
		],
		[
			"0x69",
			{
				...{ requestId: `0x${"aa".repeat(32)}`, l1BaseFee: "0x64", depositValue: "0xc8", gasPrice: "0x12c", gas: "0x61a80" },
				...{ retryTo: to, retryValue: "0x32", beneficiary: address("4"), maxSubmissionFee: "0x258", refundTo: address("5") },
				...{ retryData: "0x01020304", to: address("6"), value: "0x0", input: "0xc9f95d32" },
			},
			"0x7c21633a95b29d2af5bf71d2efe4f36352e5aa8cf1980c968245d4b1069ad95e",
		],
		["0x64", { requestId: `0x${"cc".repeat(32)}`, value: "0x7b" }, "0xd53dd73b1b2534d4023508fa3c26f4c7ea74b923c0f190a8874dd689a2c1cd21"],
		["0x6a", { input: "0x1122334455" }, "0x5546c6af5de10e9bcaf1943ac8feddeb2ba2bb1f4252fddd69b16763fb454ab4"],
	])("Arbitrum's type %s hashes as Nitro does it", (type, fields, hash) => {
		const place = { blockNumber: "0x1", transactionIndex: "0x0", hash };
		const tx = transactionShape.parse({ type, chainId, from, to, value: "0x0", ...place, ...fields });
		for (const on of [ARBITRUM, UNKNOWN]) expect(keccak256(encodeTransaction(on, tx) as Uint8Array)).toBe(hash);
	});

	it("those with blobs and with authorizations hash as another implementation does it", async () => {
		const wallet = new Wallet(`0x${"5".repeat(64)}`);
		const fees = { chainId: 1, nonce: 300, gasLimit: 21_000, maxFeePerGas: 9n, maxPriorityFeePerGas: 1n, value: 0n, data: "0x01ff" };
		const hash = `0x01${"ab".repeat(31)}`;
		const delegated = await wallet.authorize({ address: address("3"), nonce: 0, chainId: 0 });
		const both = [
			{ type: 3, maxFeePerBlobGas: 7n, blobVersionedHashes: [hash, hash] },
			{ type: 4, authorizationList: [delegated, delegated] },
		];
		for (const own of both) {
			const accessList = [{ address: address("4"), storageKeys: [`0x${"0".repeat(63)}1`] }];
			const signed = Transaction.from(await wallet.signTransaction({ to: address("2"), ...fees, accessList, ...own }));
			const hex = (value: bigint | number | null) => `0x${(value ?? 0).toString(16)}`;
			const told = {
				...{
					type: hex(own.type),
					chainId: "0x1",
					nonce: hex(fees.nonce),
					gas: hex(21_000),
					maxFeePerGas: "0x9",
					maxPriorityFeePerGas: "0x1",
				},
				...{ from: wallet.address, to: address("2"), value: "0x0", input: "0x01ff", accessList, hash: signed.hash },
				...{ blockNumber: "0x1", transactionIndex: "0x0", maxFeePerBlobGas: "0x7", blobVersionedHashes: [hash, hash] },
				...{ yParity: hex(signed.signature?.yParity ?? 0), r: signed.signature?.r, s: signed.signature?.s },
				authorizationList: (signed.authorizationList ?? []).map(({ address, nonce, chainId, signature }) => ({
					...{ address, nonce: hex(nonce), chainId: hex(chainId), yParity: hex(signature.yParity), r: signature.r, s: signature.s },
				})),
			};
			expect(keccak256(encodeTransaction(ETHEREUM, transactionShape.parse(told)) as Uint8Array)).toBe(signed.hash);
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
