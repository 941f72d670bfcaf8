import { describe, expect, it } from "vitest";
import { EMPTY, ETHEREUM, legacyTx, madeEvm, receipt, rowOf } from "../blocks.test-util.js";
import type { Proof, Trace } from "../bundle/formats.js";
import { concat, fromHex } from "../encoding/bytes.js";
import { encodeRlp, type Rlp } from "../encoding/rlp.js";
import { provenBlocks } from "../proofs/proofs.js";
import { comparePlaces, type Ledgers, type LedgerTransfer, placeOf } from "./ledgers.js";
import { compareProven } from "./proven-ledgers.js";

const TRANSFER = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const NONE: Ledgers = { accounts: [], transfers: [], stops: [], transactions: [], blocks: [] };
const word = (text: string) => fromHex(text.padStart(64, "0"));
const [token, clean, payee, nobody] = ["c3", "d4", "b2", "00"].map((byte) => byte.repeat(20)) as [string, string, string, string];
const logged = (from: string, to: string, amount: string): Rlp => [fromHex(token), [TRANSFER, from, to].map(word), word(amount)];

function compared(raw: Uint8Array, logs: readonly Rlp[], transfers: (hash: string) => LedgerTransfer[], chain = ETHEREUM, by = "node") {
	const type = raw[0] === 0x7e ? [Uint8Array.of(0x7e)] : [];
	const proof = madeEvm({ transactions: [raw], receipts: [concat(...type, receipt(Uint8Array.of(1), logs))], chain });
	const [{ hash } = { hash: "" }] = proof.transactions;
	const found: string[] = [];
	const blocks = provenBlocks([{ proof: proof as Proof, where: "proof" }], chain, (where, what) => found.push(`${where}: ${what}`));
	const trace = { edges: [rowOf({ txHash: hash, provenance: by })], seeds: [{ spec: "transfer:1" }] } as unknown as Trace;
	const inOrder = transfers(hash).sort((a, b) => comparePlaces(placeOf(a.position), placeOf(b.position)));
	return { ...compareProven({ ...NONE, transfers: inOrder }, trace, blocks, (what) => found.push(what)), found };
}

describe("the order of ledgers is that of the proof", () => {
	const sent = legacyTx(payee);
	// Clean money comes in before stolen money goes out, and the same is paid twice.
	const logs = [
		logged(clean, sent.from, "5"),
		logged(sent.from, payee, "8"),
		[fromHex(token), [], EMPTY] as Rlp,
		logged(sent.from, payee, "8"),
	];
	const account = (address: string) => `${ETHEREUM}:0x${address}`;
	const look = (places: readonly [fee: string, value: string, into: string, out: string, again: string, call?: string], by?: string) =>
		compared(
			sent.raw,
			logs,
			(txHash) => {
				const move = (position: string, kind: string, from: string, to: string, amount: string, asset = `erc20:0x${token}`) => ({
					...{ position: position.includes(".") ? `5.${position}` : `5.0.${position}`, kind, txHash, amount },
					...{ from: account(from), to: account(to), asset: `${ETHEREUM}/${asset}` },
				});
				const [fee, value, into, out, again, call] = places;
				return [
					move(fee, "fee", sent.from, nobody, "210000", "slip44:60"),
					move(value, "native", sent.from, payee, "7", "slip44:60"),
					...(call === undefined ? [] : [move(call, "internal", payee, clean, "1", "slip44:60")]),
					move(into, "token", clean, sent.from, "5"),
					move(out, "token", sent.from, payee, "8"),
					move(again, "token", sent.from, payee, "8"),
				];
			},
			ETHEREUM,
			by,
		);
	const at = (position: string, what: string) => `the movement at 5.${position} does not stand where its proof shows it: ${what}`;

	it("wherever in the block its first log stands, with calls between value and logs", () => {
		expect(look(["0", "1", "16384", "16385", "16387"])).toEqual({ found: [], proven: 5, of: 5, otherwise: 0 });
		expect(look(["0", "1", "16394", "16395", "16397", "2"])).toEqual({ found: [], proven: 5, of: 6, otherwise: 0 });
	});

	it("and no other", () => {
		const logs = "its receipt logs it in another order, or another place";
		const all = (...places: string[]) => places.map((place) => at(`0.${place}`, logs));
		expect(look(["0", "1", "16386", "16385", "16387"]).found).toEqual(all("16385", "16386", "16387"));
		expect(look(["0", "1", "16384", "16385", "16386"]).found).toEqual(all("16384", "16385", "16386"));
		expect(look(["0", "1", "5", "6", "8"]).found).toHaveLength(3);
		expect(look(["1", "0", "16384", "16385", "16387"]).found).toEqual([
			at("0.0", "it stands at event 1 of its transaction"),
			at("0.1", "it stands at event 0 of its transaction"),
		]);
		expect(look(["0", "1", "16384", "16385", "16387", "16390"]).found).toEqual([
			at("0.16390", "a call stands behind the value and before the logs"),
		]);
	});

	it("nor at another place of the block, nor in another block", () => {
		const moved = (tx: string) => ["0", "1", "16384", "16385", "16387"].map((event) => `${tx}.${event}`);
		const look7 = look(moved("777") as never);
		expect(look7).toMatchObject({ proven: 0 });
		expect(look7.found[0]).toBe(at("777.0", "its transaction stands at place 0 of its block"));
		expect(look(moved("8192") as never).found).toHaveLength(5);
	});

	it("and where a file told it, what it says otherwise is not counted as proven", () => {
		expect(look(["8192.0", "8192.1", "8192.16384", "8192.16385", "8192.16386"], "imported")).toMatchObject({ found: [], proven: 5 });
		expect(look(["8192.0", "8192.1", "8192.16386", "8192.16384", "8192.16385"], "imported")).toMatchObject({
			...{ found: [], proven: 4, otherwise: 1 },
		});
		expect(look(["7.0", "7.1", "7.16384", "7.16385", "7.16386"], "imported")).toMatchObject({ found: [], proven: 0, otherwise: 5 });
	});
});

it("a movement stands in the block that proves its transaction", () => {
	const sent = legacyTx(payee);
	const fee = (txHash: string): LedgerTransfer => ({
		...{ position: "9.0.0", kind: "fee", txHash, amount: "210000", asset: `${ETHEREUM}/slip44:60` },
		...{ from: `${ETHEREUM}:0x${sent.from}`, to: `${ETHEREUM}:0x${nobody}` },
	});
	expect(compared(sent.raw, [], (hash) => [fee(hash)]).found).toEqual([
		"the movement at 9.0.0 does not stand where its proof shows it: its transaction stands in block 5",
	]);
	expect(compared(sent.raw, [], (hash) => [fee(hash)], ETHEREUM, "imported")).toMatchObject({ found: [], proven: 0, otherwise: 1 });
});

describe("a deposit of a rollup", () => {
	const [OP, user] = ["eip155:10", "a1".repeat(20)];
	const deposit = (mint: Uint8Array) =>
		concat(
			Uint8Array.of(0x7e),
			encodeRlp([word("01"), fromHex(clean), fromHex(payee), mint, EMPTY, Uint8Array.of(0x52, 0x08), EMPTY, EMPTY]),
		);
	const mint = (hash: string, position: string, to: string, asset: string, amount: string): LedgerTransfer => ({
		...{ position, kind: "mint", txHash: hash, from: `${OP}:0x${nobody}`, to: `${OP}:0x${to}`, asset: `${OP}/${asset}`, amount },
	});
	const bridged = [logged(nobody, user, "5")];

	it("shows the tokens that its receipt mints, and the coin that it brings", () => {
		const token20 = `erc20:0x${token}`;
		expect(compared(deposit(EMPTY), bridged, (hash) => [mint(hash, "5.0.16384", user, token20, "5")], OP)).toEqual({
			...{ found: [], proven: 1, of: 1, otherwise: 0 },
		});
		const both = (coin: string) => (hash: string) => [
			mint(hash, "5.0.0", clean, "slip44:60", coin),
			mint(hash, "5.0.16384", user, token20, "5"),
		];
		expect(compared(deposit(Uint8Array.of(9)), bridged, both("9"), OP)).toEqual({ found: [], proven: 2, of: 2, otherwise: 0 });
		expect(compared(deposit(Uint8Array.of(9)), bridged, both("8"), OP).found).toEqual([
			"the movement at 5.0.0 is none that the proof of its transaction shows",
		]);
		expect(compared(deposit(EMPTY), bridged, (hash) => [mint(hash, "5.0.16384", user, token20, "6")], OP).found).toHaveLength(1);
	});
});
