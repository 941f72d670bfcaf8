import { createHash } from "node:crypto";
import {
	type BitcoinNetwork,
	bitcoinNetwork,
	type ChainEvent,
	formatOutpoint,
	type Hash,
	InputError,
	nullAccount,
	type OutputRecord,
	parseChainId,
	trustedAccountId,
	type UtxoBlock,
} from "@clew/core";
import type { Transaction } from "bitcoinjs-lib";
import { describe, expect, it } from "vitest";
import { parseBlock } from "../bitcoin/block.js";
import { eventsOf } from "../evm/events.js";
import type { RpcReceipt } from "../evm/shapes.js";
import { realBlock } from "../testing/real-block.js";
import { blockMaker } from "./bitcoin-block.js";
import { makeKeyring } from "./keyring.js";
import { eventLog } from "./logs.js";

const CHAIN = parseChainId("eip155:1");
const [HERE, THERE, TOKEN] = ["a1", "b2", "00"].map((byte) => `0x${byte.repeat(20)}`) as [string, string, string];
const account = (address: string) => trustedAccountId(CHAIN, address);
const { block: BLOCK, receipts: RECEIPTS } = realBlock(18500000);

const EVENTS: readonly Pick<ChainEvent, "kind" | "protocol" | "account" | "key" | "details">[] = [
	{ kind: "swap", protocol: "uniswap-v2", account: account(THERE), details: { paid: "7", got: "9" } },
	{
		kind: "bridge-out",
		protocol: "across",
		key: "across:1:12",
		details: { depositor: HERE, token: TOKEN, amount: "7", outToken: TOKEN, outAmount: "6", toChain: "eip155:10", receiver: THERE },
	},
	{
		kind: "bridge-in",
		protocol: "across",
		key: "across:10:12",
		account: account(THERE),
		details: {
			depositor: HERE,
			inToken: TOKEN,
			inAmount: "7",
			receiver: HERE,
			outAmount: "5",
			token: TOKEN,
			amount: "6",
			fromChain: "eip155:10",
		},
	},
	{ kind: "mixer-deposit", protocol: "tornado", details: {} },
	{ kind: "mixer-withdrawal", protocol: "tornado", account: account(THERE), details: { relayer: HERE, fee: "3" } },
	{ kind: "approval", protocol: "erc-20", account: account(THERE), details: { spender: HERE, amount: "5" } },
];

describe("logs of played contracts", () => {
	it.each(EVENTS)("are decoded as what was played: $protocol $kind", (told) => {
		const hash = BLOCK.transactions[0]?.hash as Hash;
		const event: ChainEvent = {
			...told,
			chain: CHAIN,
			txHash: hash,
			contract: account(HERE),
			position: { height: 1, txIndex: 0, eventIndex: 0 },
		};
		const { topics, data } = eventLog(event);
		const [receipt] = RECEIPTS as [RpcReceipt];
		const [real] = RECEIPTS.flatMap(({ logs }) => logs);
		const log = { ...(real as RpcReceipt["logs"][number]), address: HERE, topics, data };
		const [decoded] = eventsOf(CHAIN, { ...BLOCK, transactions: BLOCK.transactions.slice(0, 1) }, [{ ...receipt, logs: [log] }]);
		expect(decoded).toMatchObject({ ...told, contract: account(HERE) });
	});

	it("are refused for a protocol that nobody plays", () => {
		const event = { ...EVENTS[0], protocol: "curve" } as ChainEvent;
		expect(() => eventLog(event)).toThrow("cannot be acted");
	});
});

describe("a keyring", () => {
	it("gives the same address for the same text, and keys of its own addresses alone", () => {
		const ring = makeKeyring();
		expect(ring.addressOf("a")).toBe(makeKeyring().addressOf("a"));
		expect(ring.keyOf(ring.addressOf("a")).publicKey).toMatch(/^0x04/);
		expect(() => ring.keyOf(HERE)).toThrow(InputError);
	});
});

describe("blocks made of made-up ones", () => {
	const REGTEST = parseChainId("bitcoin-regtest");
	const network = bitcoinNetwork(REGTEST) as BitcoinNetwork;
	const txid = (n: number) => n.toString(16).padStart(64, "0") as Hash;
	const output = (name: string, scriptType: OutputRecord["scriptType"], value: bigint): OutputRecord => ({
		account: trustedAccountId(REGTEST, name),
		scriptType,
		value,
	});
	const coinbase = (n: number, height: number, outputs: readonly OutputRecord[]) =>
		({ txid: txid(n), height, txIndex: 0, version: 2, locktime: 0, coinbase: true, inputs: [], outputs }) as const;
	const header = (height: number) => ({ height, hash: txid(900 + height), time: 1_600_000_000 + height * 600 });
	const TYPES = ["p2pkh", "p2sh", "p2wpkh", "p2tr"] as const;
	const first: UtxoBlock = {
		header: header(1),
		transactions: [
			coinbase(
				1,
				1,
				TYPES.map((type) => output(`owner-${type}`, type, 100n)),
			),
		],
	};
	const second: UtxoBlock = {
		header: header(2),
		transactions: [
			coinbase(2, 2, [output("miner", "p2wpkh", 50n)]),
			{
				txid: txid(3),
				height: 2,
				txIndex: 1,
				version: 1,
				locktime: 1,
				coinbase: false,
				inputs: TYPES.map((_, vout) => ({ outpoint: { txid: txid(1), vout }, sequence: 0xfffffffd })),
				outputs: [output("payee", "p2tr", 300n), { account: nullAccount(REGTEST), scriptType: "op_return", value: 0n, data: "c0ffee" }],
			},
		],
	};

	it("hold together: work, Merkle root, witness commitment and parent, and pay what they should", () => {
		const maker = blockMaker(REGTEST);
		const [one, two] = [first, second].map((block) => parseBlock(maker.make(block), network, "made"));
		expect(one?.parent).toBe(network.genesis);
		expect(two?.parent).toBe(one?.hash);
		expect(two?.statedHeight).toBe(2);
		const raw = two?.transactions[1]?.raw as Transaction;
		expect(two?.transactions[1]?.txid).toBe(maker.txidOf(txid(3)));
		expect([raw.version, raw.locktime, raw.ins.map((input) => input.sequence)]).toEqual([1, 1, TYPES.map(() => 0xfffffffd)]);
		expect(raw.outs.map(({ value }) => value)).toEqual([300n, 0n]);
		expect(Buffer.from(raw.outs[1]?.script ?? []).toString("hex")).toBe("6a03c0ffee");
		expect(maker.accountOf(trustedAccountId(REGTEST, "payee"))).toMatch(/:bcrt1p/);
		// Signed: a taproot key spend has one item, 64 bytes; the others carry their public key.
		expect(raw.ins.map(({ witness }) => witness.map((item) => item.length).slice(-1)[0])).toEqual([undefined, 33, 33, 64]);
	});

	it("are the same each time, and refuse to spend what is not there", () => {
		const bytes = () => {
			const maker = blockMaker(REGTEST);
			return [first, second].map((block) => createHash("sha256").update(maker.make(block)).digest("hex"));
		};
		expect(bytes()).toEqual(bytes());
		expect(() => blockMaker(REGTEST).make(second)).toThrow(`${formatOutpoint({ txid: txid(1), vout: 0 })} is not there`);
	});
});
