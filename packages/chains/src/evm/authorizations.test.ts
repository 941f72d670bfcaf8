import { readFileSync } from "node:fs";
import { addressOf, type ChainId, delegationOf, evmChainId, parseChainId, ZERO_ADDRESS } from "@clew/core";
import { keccak256, Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import { realBlock } from "../testing/real-block.js";
import { authorizationsIn } from "./authorizations.js";
import { decodeBlock } from "./decode.js";
import { encodeTransaction } from "./encoding.js";
import { type RpcBlock, type RpcTransaction, transactionShape } from "./shapes.js";

const MAINNET: ChainId = parseChainId("eip155:1");
const { block: BLOCK } = realBlock(18500000);
const DELEGATE = `0x${"d1".repeat(20)}`;
const OTHER = `0x${"e2".repeat(20)}`;
const AUTHORITY = new Wallet(`0x${"11".repeat(32)}`);
const SPONSOR = new Wallet(`0x${"22".repeat(32)}`);

const recorded = (name: string): RpcTransaction =>
	transactionShape.parse(JSON.parse(readFileSync(new URL(`../../../../fixtures/ethereum/type-4/${name}.json`, import.meta.url), "utf8")));
const inBlock = (...transactions: readonly RpcTransaction[]): RpcBlock => ({ ...BLOCK, transactions: [...transactions] });

interface Signed {
	readonly by?: Wallet;
	readonly address?: string;
	readonly nonce: number | bigint;
	readonly chainId?: number;
}

const tuple = ({ by = AUTHORITY, address = DELEGATE, nonce, chainId = 1 }: Signed) => {
	const { signature } = by.authorizeSync({ address, nonce, chainId });
	const hex = (value: number | bigint) => `0x${BigInt(value).toString(16)}`;
	return { chainId: hex(chainId), address, nonce: hex(nonce), yParity: hex(signature.yParity), r: signature.r, s: signature.s };
};

const sent = (index: number, from: Wallet, nonce: number, list?: readonly object[]): RpcTransaction =>
	transactionShape.parse({
		...BLOCK.transactions[0],
		hash: `0x${index.toString(16).padStart(64, "0")}`,
		transactionIndex: `0x${index.toString(16)}`,
		from: from.address,
		nonce: `0x${nonce.toString(16)}`,
		...(list === undefined ? { type: "0x2" } : { type: "0x4", authorizationList: list }),
	});

const effects = (...transactions: readonly RpcTransaction[]) =>
	authorizationsIn(MAINNET, inBlock(...transactions)).events.map((event) => delegationOf(event)?.effect);
const brought = (...list: readonly Signed[]) => sent(5, SPONSOR, 9, list.map(tuple));

describe("authorisations (EIP-7702)", () => {
	it("of a real transaction of mainnet: its sender let MetaMask's delegator act for it, which took effect", () => {
		const tx = recorded("ethereum-ba43fa28");
		expect(keccak256(encodeTransaction(MAINNET, tx) as Uint8Array)).toBe(tx.hash);
		const { events, delegated, gaps } = authorizationsIn(MAINNET, inBlock(tx));
		expect(events).toEqual([
			{
				chain: MAINNET,
				position: { height: 22526256, txIndex: 75, eventIndex: 2 },
				txHash: tx.hash,
				kind: "delegation",
				protocol: "eip-7702",
				contract: `eip155:1:${tx.from}`,
				account: `eip155:1:${tx.from}`,
				key: `eip7702:${tx.from}`,
				details: {
					delegate: "0x63c0c19a282a1b52b07dd5a65b58948a07dae32b",
					signedFor: "eip155:1",
					nonce: "4",
					effect: "yes",
					why: "the account sent it itself, at this nonce",
				},
			},
		]);
		expect([delegated, gaps]).toEqual([[`eip155:1:${tx.from}`], []]);
	});

	it("of a real transaction of a test network: signed for mainnet, so nothing took effect there", () => {
		const tx = recorded("devnet-7a52896b");
		expect(keccak256(encodeTransaction(evmChainId(7072151312), tx) as Uint8Array)).toBe(tx.hash);
		const { events, delegated } = authorizationsIn(evmChainId(7072151312), inBlock(tx));
		expect(events.map(({ details }) => [details["effect"], details["why"]])).toEqual([["no", "signed for another chain"]]);
		expect(delegated).toEqual([]);
	});

	it("are events of who signed, not of who brought them", () => {
		const [event] = authorizationsIn(MAINNET, inBlock(brought({ nonce: 0 }))).events;
		expect(event?.account).toBe(`eip155:1:${AUTHORITY.address.toLowerCase()}`);
	});

	it("are unknown where the block does not tell the account's nonce", () => {
		expect(effects(brought({ nonce: 3 }))).toEqual(["unknown"]);
		expect(effects(sent(2, AUTHORITY, 2), brought({ nonce: 3 }))).toEqual(["unknown"]);
		expect(effects(brought({ nonce: 3 }), sent(7, AUTHORITY, 4))).toEqual(["unknown"]);
	});

	it("take no effect at a nonce that the account's own transactions rule out, for another chain, or at the last nonce", () => {
		expect(effects(sent(2, AUTHORITY, 3), brought({ nonce: 3 }))).toEqual(["no"]);
		expect(effects(brought({ nonce: 3 }), sent(7, AUTHORITY, 3))).toEqual(["no"]);
		expect(effects(brought({ nonce: 3, chainId: 8453 }))).toEqual(["no"]);
		expect(effects(brought({ nonce: 2n ** 64n - 1n }))).toEqual(["no"]);
	});

	it("of the sender count on from its own nonce, which its transaction has taken", () => {
		const own = (...nonces: readonly number[]) =>
			effects(
				sent(
					5,
					AUTHORITY,
					9,
					nonces.map((nonce) => tuple({ nonce })),
				),
			);
		expect(own(9)).toEqual(["no"]);
		expect(own(10, 11, 11)).toEqual(["yes", "yes", "no"]);
	});

	it("for chain 0 hold on every chain, and for no contract they take back", () => {
		const { events, delegated } = authorizationsIn(MAINNET, inBlock(brought({ nonce: 0, chainId: 0, address: ZERO_ADDRESS })));
		const [one] = events.map((event) => delegationOf(event));
		expect([one?.signedFor, one?.to, one?.effect]).toEqual(["every chain", undefined, "unknown"]);
		expect(delegated).toEqual([]);
	});

	it("leave out what is nobody's signature: the higher s, a parity that is none, zeros", () => {
		const good = tuple({ nonce: 0 });
		const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
		const high = { ...good, s: `0x${(order - BigInt(good.s)).toString(16)}`, yParity: good.yParity === "0x0" ? "0x1" : "0x0" };
		expect(effects(sent(5, SPONSOR, 9, [high, { ...good, yParity: "0x2" }, { ...good, r: "0x0", s: "0x0" }]))).toEqual([]);
		expect(effects(sent(5, SPONSOR, 9, [{ ...good, yParity: null, v: good.yParity }]))).toEqual(["unknown"]);
	});

	it("hold though the transaction fails, and the account is read as one that pays by calls", () => {
		const { receipts } = realBlock(18500000);
		const block = inBlock(sent(0, AUTHORITY, 9, [tuple({ nonce: 10 }), tuple({ by: SPONSOR, nonce: 1, address: OTHER })]));
		const failed = [{ ...receipts[0], status: "0x0", logs: [] }] as typeof receipts;
		const { events = [], contracts } = decodeBlock(MAINNET, { block, receipts: failed, calls: undefined, gaps: [] });
		expect(events.map(({ position, details }) => [position.eventIndex, details["effect"]])).toEqual([
			[2, "yes"],
			[3, "unknown"],
		]);
		expect(contracts.map(addressOf)).toEqual([AUTHORITY, SPONSOR].map(({ address }) => address.toLowerCase()));
	});

	it("that cannot be read are a gap, and never none", () => {
		const tx = sent(5, SPONSOR, 9, [{ ...tuple({ nonce: 0 }), address: "0x12" }]);
		expect(authorizationsIn(MAINNET, inBlock(tx)).gaps).toEqual([expect.stringContaining("cannot be read")]);
		expect(authorizationsIn(MAINNET, inBlock({ ...tx, authorizationList: undefined })).gaps).toHaveLength(1);
	});
});
