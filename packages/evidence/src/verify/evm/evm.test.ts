import { keccak_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { EMPTY, ETHEREUM, type Loose, legacyTx, madeEvm, realEvm, receipt, rowOf } from "../blocks.test-util.js";
import type { Edge, EvmProof } from "../bundle/formats.js";
import { concat, fromHex, toHex } from "../encoding/bytes.js";
import { encodeRlp, type Rlp } from "../encoding/rlp.js";
import { evmBlock } from "./block.js";
import { evmKindWrong } from "./kinds.js";

const word = (address: string) => fromHex(`${"0".repeat(24)}${address}`);
const [ALICE, BOB] = ["a1", "b2"].map((digits) => digits.repeat(20)) as [string, string];
const account = (address: string) => `${ETHEREUM}:0x${address}`;
const COIN = `${ETHEREUM}/slip44:60`;
const NOBODY = account("0".repeat(40));
const TRANSFER = fromHex("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

const legacy = (rest: Readonly<Record<number, Uint8Array>> = {}) => legacyTx(BOB, rest);

/** A block of one transaction, and a row of it. */
function made(raw: Uint8Array, told = receipt(), chain = ETHEREUM): { proof: Loose<EvmProof>; row: (edge: Partial<Edge>) => Edge } {
	const proof = madeEvm({ transactions: [raw], receipts: [told], chain });
	return { proof, row: (edge) => rowOf({ txHash: proof.transactions[0]?.hash ?? "", asset: COIN, ...edge }) };
}

describe("a proof of a real block", () => {
	const { proof, rows } = realEvm(Array.from({ length: 40 }, (_, i) => i));

	it("shows every row that is called proven, and none of them with another sender, receiver, asset, amount or kind", () => {
		const block = evmBlock(proof);
		expect(block).toMatchObject({ chain: ETHEREUM, height: 18_500_000, heightShown: true });
		expect(new Set(rows.map(({ edge }) => edge.kind))).toEqual(new Set(["fee", "native", "token", "mint", "burn"]));
		for (const { edge, log } of rows) {
			expect(block.place(edge, log).transaction).toBe(Number(edge.position.split(".")[1]));
			for (const change of [{ from: NOBODY }, { to: account(ALICE) }, { amount: `${edge.amount}1` }, { asset: `${COIN}1` }])
				if (Object.entries(change).some(([name, value]) => edge[name as keyof Edge] !== value))
					expect(() => block.place({ ...edge, ...change }, log)).toThrow(/^(sender|receiver|asset|amount): the row says/);
			const kind = edge.kind === "mint" ? "burn" : "mint";
			if (log !== undefined) expect(() => block.place({ ...edge, kind }, log)).toThrow(`kind: the row says ${kind}`);
		}
	});

	it.each<[string, RegExp, (proof: Loose<EvmProof>) => void]>([
		["another hash", /^block hash/, (p) => (p.hash = `0x${"1".repeat(64)}`)],
		["another height", /^height of the header/, (p) => (p.height = "18500001")],
		[
			"a transaction twice",
			/names a transaction twice/,
			(p) => p.transactions.push({ ...(p.transactions[0] as (typeof p.transactions)[0]) }),
		],
	])("with %s is none", (_, message, spoil) => {
		const copy = structuredClone(proof);
		spoil(copy);
		expect(() => evmBlock(copy)).toThrow(message);
	});

	it.each<[string, RegExp, (entry: Loose<EvmProof>["transactions"][number], proof: Loose<EvmProof>) => void]>([
		["a node that is not there", /names a node that it does not have/, (entry) => (entry.transaction = [100_000])],
		["another place", /leads|not the one/, (entry) => (entry.index = 7)],
		["the receipt's nodes for its own", /not the one that its parent names/, (entry) => (entry.transaction = [...entry.receipt])],
		["a way that ends early", /ends before the value/, (entry) => entry.receipt.pop()],
		["a node too many", /nodes that are not on the way/, (entry) => entry.receipt.push(0)],
		[
			"a node with a changed byte",
			/not the one|RLP/,
			({ transaction: [, , at = 0] }, p) => (p.nodes[at] = `${p.nodes[at]?.slice(0, -2)}00`),
		],
	])("with %s shows no row of it", (_, message, spoil) => {
		const copy = structuredClone(proof);
		const { edge } = rows.find((row) => row.edge.kind === "native") as (typeof rows)[number];
		spoil(copy.transactions.find(({ hash }) => hash === edge.txHash) as Loose<EvmProof>["transactions"][number], copy);
		expect(() => evmBlock(copy).place(edge, undefined)).toThrow(message);
		expect(evmBlock(proof).place(edge, undefined)).toMatchObject({ index: 1, isLog: false });
	});

	it("shows no transaction that it does not name, and no row of a kind that a receipt does not tell", () => {
		const block = evmBlock(proof);
		const { edge } = rows[0] as (typeof rows)[number];
		expect(() => block.place({ ...edge, txHash: `0x${"2".repeat(64)}` }, undefined)).toThrow(/no proof of transaction 0x2222/);
		expect(() => block.place({ ...edge, kind: "internal" }, undefined)).toThrow("a row of kind internal cannot be proven by a receipt");
	});
});

describe("a transaction", () => {
	const plain = legacy();
	const value = { from: account(plain.from), to: account(BOB), amount: "7" };

	it("of a rollup shows no fee, which may be more than gas times price", () => {
		const rollup = "eip155:10";
		const sent = legacyTx(BOB);
		const { proof, row } = made(sent.raw, receipt(), rollup);
		const fee = row({ kind: "fee", from: `${rollup}:${sent.from}`, to: `${rollup}:0x${"0".repeat(40)}`, asset: `${rollup}/slip44:60` });
		expect(() => evmBlock(proof).place({ ...fee, amount: "210000" }, undefined)).toThrow(
			"a fee of this chain may be more than a receipt shows",
		);
	});

	it("that is whole shows its value and its fee", () => {
		const { proof, row } = made(plain.raw);
		expect(evmBlock(proof).place(row(value), undefined)).toEqual({ transaction: 0, event: 1, index: 1, isLog: false });
		const fee = row({ kind: "fee", from: value.from, to: NOBODY, amount: "210000" });
		expect(evmBlock(proof).place(fee, undefined)).toEqual({ transaction: 0, event: 0, index: 0, isLog: false });
	});

	it("of a header with too few fields is none", () => {
		expect(() => evmBlock(madeEvm({ length: 14 }))).toThrow("the header has too few fields");
		expect(evmBlock(madeEvm({ length: 15 })).height).toBe(5);
	});

	it("of a failed or untold outcome moved nothing that is proven", () => {
		for (const [outcome, message] of [
			[EMPTY, "the transaction failed and moved nothing"],
			[new Uint8Array(32), "a receipt from before Byzantium does not say"],
		] as const) {
			const { proof, row } = made(plain.raw, receipt(outcome));
			expect(() => evmBlock(proof).place(row(value), undefined)).toThrow(message);
			expect(evmBlock(proof).place(row({ kind: "fee", from: value.from, to: NOBODY, amount: "210000" }), undefined).index).toBe(0);
		}
	});

	const typed = (type: number, fields: readonly Rlp[]) => concat(Uint8Array.of(type), encodeRlp(fields));
	const numbers = (count: number, rest: Readonly<Record<number, Uint8Array>> = {}) =>
		Array.from({ length: count }, (_, i) => rest[i] ?? Uint8Array.of(1));
	it.each<[string, RegExp, Uint8Array, string]>([
		["of a type that nobody knows", /type 5 is not known/, typed(5, numbers(9)), ETHEREUM],
		["of type 0, written as a type", /type 0 is not known/, typed(0, numbers(9)), ETHEREUM],
		["that lacks a field", /wrong number of fields/, encodeRlp(numbers(8)), ETHEREUM],
		["with an impossible signature", /impossible signature/, legacy({ 6: Uint8Array.of(30) }).raw, ETHEREUM],
		["that was signed for another chain", /^chain of the transaction/, legacy({ 6: Uint8Array.of(39) }).raw, ETHEREUM],
		["of a later type for another chain", /^chain of the transaction/, typed(2, numbers(12, { 0: Uint8Array.of(5) })), ETHEREUM],
		["that is a deposit, on a chain that is no rollup", /cannot stand in a block of this chain/, typed(0x7e, numbers(8)), ETHEREUM],
		["that is a deposit with a field too many", /wrong number of fields/, typed(0x7e, numbers(11)), "eip155:10"],
		["that is a deposit to nobody", /does not follow from it/, typed(0x7e, numbers(8, { 2: EMPTY })), "eip155:10"],
	])("%s is refused", (_, message, raw, chain) => {
		const { proof, row } = made(raw, receipt(), chain);
		expect(() => evmBlock(proof).place(row({}), undefined)).toThrow(message);
	});

	it("that is a deposit mints what it says, for its sender alone", () => {
		const chain = "eip155:10";
		const deposit = (mint: Uint8Array) => typed(0x7e, numbers(8, { 1: fromHex(ALICE), 2: fromHex(BOB), 3: mint, 4: EMPTY }));
		const edge = {
			kind: "mint",
			asset: `${chain}/slip44:60`,
			from: `${chain}:0x${"0".repeat(40)}`,
			to: `${chain}:0x${ALICE}`,
			amount: "9",
		};
		const { proof, row } = made(deposit(Uint8Array.of(9)), receipt(), chain);
		expect(evmBlock(proof).place(row(edge), undefined).index).toBe(0);
		expect(() => evmBlock(proof).place(row({ ...edge, to: `${chain}:0x${BOB}` }), undefined)).toThrow(/^receiver/);
		const without = made(deposit(EMPTY), receipt(), chain);
		expect(() => evmBlock(without.proof).place(without.row(edge), undefined)).toThrow("the transaction mints nothing");
	});

	it.each<[string, number, Uint8Array[], { mint?: string; value?: string; escrow?: true }]>([
		["Arbitrum's deposit", 0x64, [EMPTY, EMPTY, fromHex(ALICE), fromHex(BOB), Uint8Array.of(7)], { mint: "7", value: "7" }],
		[
			"Arbitrum's call from outside",
			0x65,
			[EMPTY, fromHex(ALICE), EMPTY, EMPTY, EMPTY, fromHex(BOB), Uint8Array.of(7), EMPTY],
			{ value: "7" },
		],
		[
			"a contract's call from outside",
			0x66,
			[EMPTY, EMPTY, fromHex(ALICE), EMPTY, EMPTY, fromHex(BOB), Uint8Array.of(7), EMPTY],
			{ value: "7" },
		],
		[
			"a redeemed ticket",
			0x68,
			[EMPTY, EMPTY, fromHex(ALICE), EMPTY, EMPTY, fromHex(BOB), Uint8Array.of(7), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY],
			{ value: "7" },
		],
		[
			"a submitted ticket",
			0x69,
			[EMPTY, EMPTY, fromHex(ALICE), EMPTY, Uint8Array.of(9), ...Array(3).fill(EMPTY), Uint8Array.of(7), ...Array(4).fill(EMPTY)],
			{ mint: "9", value: "7", escrow: true },
		],
		[
			"Mantle's deposit",
			0x7e,
			[EMPTY, fromHex(ALICE), fromHex(BOB), Uint8Array.of(9), Uint8Array.of(7), ...Array(4).fill(EMPTY)],
			{ mint: "9", value: "7" },
		],
		["a message to Scroll", 0x7e, [EMPTY, EMPTY, fromHex(BOB), Uint8Array.of(7), EMPTY, fromHex(ALICE)], { value: "7" }],
	])("%s shows by its own words what it mints and pays, and nothing else", (_, type, fields, told) => {
		const chain = "eip155:42161";
		const named = type === 0x7e ? fields : [fromHex("a4b1"), ...fields.slice(1)];
		const { proof, row } = made(typed(type, named), receipt(), chain);
		const escrow = toHex(
			keccak_256(concat(new TextEncoder().encode("retryable escrow"), fromHex(proof.transactions[0]?.hash.slice(2) ?? ""))).subarray(12),
		);
		const coin = { asset: `${chain}/slip44:60` };
		const mint = { ...coin, kind: "mint", from: `${chain}:0x${"0".repeat(40)}`, to: `${chain}:0x${ALICE}`, amount: told.mint ?? "1" };
		const value = {
			...coin,
			kind: "native",
			from: `${chain}:0x${ALICE}`,
			to: `${chain}:0x${told.escrow ? escrow : BOB}`,
			amount: told.value ?? "1",
		};
		for (const [edge, amount] of [
			[mint, told.mint],
			[value, told.value],
		] as const) {
			const shown = () => evmBlock(proof).place(row(edge), undefined);
			if (amount === undefined) expect(shown).toThrow();
			else expect(shown().transaction).toBe(0);
			expect(() => evmBlock(proof).place(row({ ...edge, amount: "8" }), undefined)).toThrow();
		}
		if (type !== 0x7e) {
			const other = made(typed(type, [fromHex("a4ba"), ...fields.slice(1)]), receipt(), chain);
			expect(() => evmBlock(other.proof).place(other.row(value), undefined)).toThrow(/^chain of the transaction/);
		}
		const fee = { ...coin, kind: "fee", from: value.from, to: mint.from, amount: "0" };
		expect(() => evmBlock(proof).place(row(fee), undefined)).toThrow("a fee of this chain may be more than a receipt shows");
	});

	it("with blobs shows no fee, whose price the receipt does not tell", () => {
		const { proof, row } = made(typed(3, numbers(14)));
		expect(() => evmBlock(proof).place(row({ kind: "fee" }), undefined)).toThrow("the price of blobs does not stand in a receipt");
	});
});

describe("the kind of a movement", () => {
	it("lets coin be burned by exports alone, in a transaction, to whoever is not named", () => {
		const avalanche = "eip155:43114";
		const burn = {
			...{ kind: "burn", txHash: `0x${"1".repeat(64)}`, position: "9.1.2", asset: `${avalanche}/slip44:60`, amount: "1" },
			...{ from: `${avalanche}:0x${ALICE}`, to: `${avalanche}:unknown` },
		};
		expect(evmKindWrong(burn, avalanche)).toBeUndefined();
		expect(evmKindWrong({ ...burn, to: `${avalanche}:0x${BOB}` }, avalanche)).toBe("names who got what left the chain");
		expect(evmKindWrong({ ...burn, position: "9.16383.2" }, avalanche)).toMatch(/in no transaction/);
		expect(evmKindWrong({ ...burn, asset: `${ETHEREUM}/slip44:60` }, ETHEREUM)).toMatch(/which is no token/);
	});
});

describe("a log", () => {
	const CONTRACT = "c3".repeat(20);
	const edge = { kind: "token", asset: `${ETHEREUM}/erc20:0x${CONTRACT}`, from: account(ALICE), to: account(BOB), amount: "5" };
	const logged = (topics: readonly Uint8Array[], data: Uint8Array) =>
		made(legacy().raw, receipt(Uint8Array.of(1), [[fromHex(CONTRACT), topics, data]]));
	const amount = fromHex("5".padStart(64, "0"));

	it("of a transfer shows it, wherever the amount stands", () => {
		for (const [topics, data] of [
			[[TRANSFER, word(ALICE), word(BOB)], amount],
			[[TRANSFER], concat(word(ALICE), word(BOB), amount)],
		] as const) {
			const { proof, row } = logged(topics, data);
			expect(evmBlock(proof).place(row(edge), 0)).toEqual({ transaction: 0, event: 2, index: 0, isLog: true });
		}
	});

	it.each<[string, RegExp, readonly Uint8Array[], Uint8Array, number | undefined]>([
		["that is not named", /no such log/, [TRANSFER, word(ALICE), word(BOB)], amount, undefined],
		["that is not there", /no such log/, [TRANSFER, word(ALICE), word(BOB)], amount, 1],
		["whose sender is no address", /does not name an address/, [TRANSFER, fromHex("f".repeat(64)), word(BOB)], amount, 0],
		["of another event", /no transfer of a token/, [fromHex("1".repeat(64)), word(ALICE), word(BOB)], amount, 0],
		["of a token that has numbers (ERC-721)", /no transfer of a token/, [TRANSFER, word(ALICE), word(BOB), amount], EMPTY, 0],
		["with half a word", /no transfer of a token/, [TRANSFER, word(ALICE), word(BOB)], concat(amount, Uint8Array.of(1)), 0],
		["with a word too many", /no transfer of a token/, [TRANSFER, word(ALICE), word(BOB)], concat(amount, amount), 0],
	])("%s shows nothing", (_, message, topics, data, log) => {
		const { proof, row } = logged(topics, data);
		expect(() => evmBlock(proof).place(row(edge), log)).toThrow(message);
	});

	it("of wrapped ether shows who wrapped, and nobody where it names nobody", () => {
		const WRAP = fromHex("e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c");
		const [wraps, weth] = [[WRAP, word(ALICE)], "c02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"];
		const { proof, row } = logged(wraps, amount);
		const minted = row({ ...edge, kind: "mint", from: NOBODY, to: account(ALICE) });
		expect(() => evmBlock(proof).place({ ...minted, kind: "token" }, 0)).toThrow(/^kind/);
		// Nothing shows a payment: only of a published wrapped coin its own log tells of one.
		expect(() => evmBlock(proof).place(minted, 0)).toThrow("the receipt shows no payment that bears out the wrapping");
		const told = (contract: string, more: readonly Rlp[] = []) => {
			const logs = [[fromHex(contract), wraps, amount] as Rlp, ...more];
			const block = made(legacyTx(contract).raw, receipt(Uint8Array.of(1), logs));
			const asset = `${ETHEREUM}/erc20:0x${contract}`;
			return evmBlock(block.proof).place({ ...minted, asset, txHash: block.proof.transactions[0]?.hash ?? "" }, 0);
		};
		expect(told(weth).isLog).toBe(true);
		const twin: Rlp = [fromHex(weth), [TRANSFER, word("0".repeat(40)), word(ALICE)], amount];
		expect(() => told(weth, [twin])).toThrow("the log of a wrapping moves nothing that a Transfer of its receipt does not tell");
		const odd = logged([WRAP, fromHex("f".repeat(64))], amount);
		expect(() => evmBlock(odd.proof).place(odd.row(edge), 0)).toThrow("the log does not name an address");
	});
});
