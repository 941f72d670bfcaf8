import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TRON_MAINNET, TRON_NOBODY, tronAddress } from "@clew/core";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { branchOf, checkTronBlock, transactionsRoot, treeOf } from "./check/check-block.js";
import { parseTronBlock, readTransaction, sha256 } from "./decode/block.js";
import { decodeTronBlock } from "./decode/decode.js";
import { parseInfoList } from "./decode/info.js";
import { Message } from "./decode/wire.js";
import { addressBytes, idOf, madeUpBlock, message, transaction } from "./made-up.test-util.js";

const FIXTURES = join(import.meta.dirname, "../../../../fixtures/tron");
const json = (name: string) => JSON.parse(readFileSync(join(FIXTURES, name), "utf8"));
const REAL = Buffer.from(json("block-79072107.json").blockExtention.slice(2), "hex");
const USDT = "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const USDT_ADDRESS = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const [ALICE, BOB, CAROL] = ["aa", "bb", "cc"].map((pair) => tronAddress(pair.repeat(20))) as [string, string, string];
const [A, B, C] = [ALICE, BOB, CAROL].map(addressBytes) as [Buffer, Buffer, Buffer];
const word = (address: string) => `${"0".repeat(24)}${addressBytes(address).toString("hex").slice(2)}`;
const amountWord = (amount: number) => amount.toString(16).padStart(64, "0");
const account = (address: string) => `${TRON_MAINNET}:${address}`;

/** Decodes a made-up block with a list of infos, or without. */
function decoded(transactions: readonly Buffer[], infos?: readonly Buffer[]) {
	const block = parseTronBlock(madeUpBlock(100, transactions));
	const list = infos === undefined ? undefined : parseInfoList(message(...infos.map((info) => [1, info] as const)));
	return decodeTronBlock(TRON_MAINNET, { block, checked: checkTronBlock(block), infos: list, provenance: "imported" });
}

/** Movements as sender, receiver, asset behind the chain, amount, kind and place. */
function movements(block: ReturnType<typeof decoded>) {
	return block.transactions.flatMap(({ transfers }) =>
		transfers.map(({ from, to, asset, amount, kind, eventIndex }) => [
			from.split(":")[2],
			to.split(":")[2],
			asset.split("/")[1],
			Number(amount),
			kind,
			eventIndex,
		]),
	);
}

describe("Tron mainnet block 79072107", () => {
	const block = parseTronBlock(REAL);

	it("recomputes: 619 ids, the root over whole transactions, the block's id, the witness's signature", () => {
		const checked = checkTronBlock(block, 79_072_107);
		expect(checked.id).toBe("0000000004b68b6be6d7223b1ecf2850f00f700292beeead2810c18e9e1548e2");
		expect(checked.signer).toBe(block.header.witness);
		expect(block.transactions).toHaveLength(619);
		const { expectedTxIndex, txId } = json("block-79072107.json");
		expect(block.transactions[Number(expectedTxIndex)]?.id).toBe(txId.slice(2));
	});

	it("holds 152 direct transfers of USDT, 515,426.94 in sum, and says what a block alone does not tell", () => {
		const result = decodeTronBlock(TRON_MAINNET, { block, checked: checkTronBlock(block), infos: undefined, provenance: "imported" });
		const sums = ["a9059cbb", "23b872dd"].map((selector) => {
			const usdt = result.transactions.flatMap(({ transfers, txIndex }) =>
				block.transactions[txIndex ?? -1]?.bytes.includes(Buffer.from(selector, "hex"))
					? transfers.filter(({ asset }) => asset === USDT)
					: [],
			);
			return [usdt.length, usdt.reduce((sum, { amount }) => sum + amount, 0n)];
		});
		// Called as `transfer`, and as `transferFrom` by whom the owner approved.
		expect(sums).toEqual([
			[152, 515_426_941_183n],
			[2, 422_861_448n],
		]);
		expect(result.kinds).toEqual(["native"]);
		expect(result.gaps).toEqual(["TransactionInfo is missing: fees, logs and calls inside transactions are not told"]);
		expect(result.transactions.every(({ status }) => status === "succeeded")).toBe(true);
		const coins = result.transactions.flatMap(({ transfers }) => transfers.filter(({ kind }) => kind === "native"));
		expect(coins).toHaveLength(230);
		expect(result.header).toMatchObject({ height: 79_072_107, time: 1_767_879_414 });
	});

	it("is refused at another height, and after any byte of a transaction, of its header or of its signature changed", () => {
		expect(() => checkTronBlock(block, 79_072_108)).toThrow("this is block 79072107, not block 79072108");
		for (const at of [200, 5_000, 90_000, REAL.length - 250, REAL.length - 120, REAL.length - 60]) {
			const changed = Buffer.from(REAL);
			changed[at] = (changed[at] as number) ^ 1;
			let told = "accepted";
			try {
				const other = parseTronBlock(changed);
				const { signer } = checkTronBlock(other);
				told = signer === other.header.witness ? "accepted" : "signed by another";
			} catch (error) {
				told = (error as Error).message;
			}
			expect([at, told]).not.toEqual([at, "accepted"]);
		}
	});

	it("and another real transaction gives its id and leaf", () => {
		const { tx } = json("trc20-78115149.json");
		const bytes = Buffer.from(tx.encodedTx.slice(2), "hex");
		expect(readTransaction(bytes, 0, undefined).id).toBe(tx.txId.slice(2));
		expect(sha256(bytes).toString("hex")).toBe(tx.txLeaf.slice(2));
	});

	it("every transaction hangs below the root by its branch", () => {
		const all = block.transactions.map(({ bytes }) => bytes);
		for (const index of [0, 1, 300, 617, 618]) {
			let hash = sha256(all[index] as Buffer);
			let [at, size] = [index, all.length];
			const branch = [...branchOf(treeOf(all), index)];
			for (; size > 1; at = Math.floor(at / 2), size = Math.ceil(size / 2)) {
				if (at % 2 === 0 && at === size - 1) continue;
				const sibling = Buffer.from(branch.shift() ?? "", "hex");
				hash = at % 2 === 0 ? sha256(hash, sibling) : sha256(sibling, hash);
			}
			expect([index, hash.toString("hex"), branch]).toEqual([index, transactionsRoot(all), []]);
		}
	});
});

describe("what a transaction moved", () => {
	const pays = (amount: bigint | number, ret?: Buffer, salt = 0) =>
		transaction(1, message([1, A], [2, B], [3, amount]), ret === undefined ? message([3, 1]) : ret, salt);

	it("is nothing where it failed, and open where its result says nothing", () => {
		const failed = [message([3, 2]), message([2, 1]), message([3, 10])].map((ret, i) => pays(5, ret, i));
		const untold = [message(), message([1, 7]), message([2, 1], [3, 1])].map((ret, i) => pays(5, ret, 10 + i));
		const block = decoded([...failed, ...untold]);
		expect(block.transactions.map(({ status, statusMissing, transfers }) => [status ?? statusMissing, transfers.length])).toEqual([
			...failed.map(() => ["failed", 0]),
			...untold.map(() => [true, 1]),
		]);
	});

	it("TRX, TRC-10 by number, and what calls take along stand in places of their own", () => {
		const block = decoded([
			pays(5),
			transaction(2, message([1, "1002000"], [2, A], [3, B], [4, 7])),
			transaction(31, message([1, A], [2, C], [3, 11], [5, 13], [6, 1_002_000])),
		]);
		expect(movements(block)).toEqual([
			[ALICE, BOB, "slip44:195", 5, "native", 1],
			[ALICE, BOB, "trc10:1002000", 7, "token", 1],
			[ALICE, CAROL, "slip44:195", 11, "native", 1],
			[ALICE, CAROL, "trc10:1002000", 13, "token", 2],
		]);
		expect(block.contracts).toEqual([account(CAROL)]);
	});

	it("staking, votes and settings move nothing; a type that nobody knows, and a token that is only named, are gaps by name", () => {
		const quiet = [4, 11, 12, 54, 55, 56, 57, 58].map((type) => transaction(type, message([1, A], [2, 99])));
		expect(movements(decoded(quiet))).toEqual([]);
		const strange = decoded([transaction(77, message([1, A])), transaction(2, message([1, "SEED"], [2, A], [3, B], [4, 7]))]);
		expect(movements(strange)).toEqual([]);
		expect(strange.unread).toEqual([{ account: account(ALICE), what: "contract type 77 is not known: what it moved was not looked at" }]);
		expect(strange.gaps.slice(0, 1)).toEqual(["TransferAssetContract: a TRC-10 token is named in place of its number, and was left out"]);
	});

	it("a call of a token's transfer counts without logs where its makers publish the contract, and only after SUCCESS", () => {
		const call = (contract: string, ret?: Buffer) =>
			transaction(
				31,
				message([1, A], [2, addressBytes(contract)], [4, Buffer.from(`a9059cbb${word(BOB)}${amountWord(9)}`, "hex")]),
				ret ?? message([3, 1]),
			);
		expect(movements(decoded([call(USDT_ADDRESS)]))).toEqual([[ALICE, BOB, USDT.split("/")[1], 9, "token", 16_384]]);
		expect(movements(decoded([call(CAROL), call(USDT_ADDRESS, message([3, 2]))]))).toEqual([]);
		expect(movements(decoded([call(USDT_ADDRESS, message([1, 4]))]))).toEqual([]);
	});

	it("fees, logs, calls inside and what issuers do are read from its info", () => {
		const call = transaction(31, message([1, A], [2, C], [3, 40], [4, Buffer.from("12345678", "hex")]));
		const topics = (...all: string[]) => all.map((topic) => [2, Buffer.from(topic, "hex")] as const);
		const log = (address: string, data: string, ...all: string[]) =>
			message([1, addressBytes(address).subarray(1)], ...topics(...all), [3, Buffer.from(data, "hex")]);
		const transfer = "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
		const inner = (values: readonly Buffer[], note: string, rejected = 0) =>
			message([2, C], [3, B], ...values.map((value) => [4, value] as const), [5, note], [6, rejected]);
		const info = message(
			[1, Buffer.from(idOf(call), "hex")],
			[2, 345],
			[3, 100],
			[7, message([7, 1])],
			[8, log(USDT_ADDRESS, amountWord(21), transfer, word(ALICE), word(BOB))],
			[8, log(CAROL, "", transfer, word(ALICE), word(BOB), amountWord(1))],
			[8, log(CAROL, amountWord(40), "e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c", word(ALICE))],
			[8, log(USDT_ADDRESS, amountWord(6), "61e6e66b0d6339b2980aecc6ccc0039736791f0ccde9ed512e789a7fbdd698c6", word(BOB))],
			[17, inner([message([1, 8]), message([1, 3], [2, "1002000"])], "call")],
			[17, inner([message([1, 9])], "call", 1)],
			[17, inner([message([1, 9])], "delegateResourceOfEnergy")],
			[17, inner([message([1, 2])], "suicide")],
			[17, inner([message([1, 9])], "teleport")],
		);
		const block = decoded([call], [info]);
		expect(movements(block)).toEqual([
			[ALICE, TRON_NOBODY, "slip44:195", 345, "fee", 0],
			[ALICE, CAROL, "slip44:195", 40, "native", 1],
			[CAROL, BOB, "slip44:195", 8, "internal", 3],
			[CAROL, BOB, "trc10:1002000", 3, "internal", 4],
			[CAROL, BOB, "slip44:195", 2, "internal", 9],
			[ALICE, BOB, USDT.split("/")[1], 21, "token", 16_384],
			[TRON_NOBODY, ALICE, `trc20:${CAROL}`, 40, "mint", 16_386],
			[BOB, TRON_NOBODY, USDT.split("/")[1], 6, "burn", 16_387],
		]);
		expect(block.kinds).toEqual(["internal", "native", "token"]);
		expect(block.gaps).toEqual([
			'a call of kind "teleport" is not known: what it moved was not looked at',
			"transfers of NFTs (ERC-721, ERC-1155) carry ids, not amounts: left out",
		]);
		expect(block.events?.map(({ kind, account: who, details }) => [kind, who, details["control"] ?? details["count"]])).toEqual([
			["nft-transfer", account(BOB), "1"],
			["token-control", account(BOB), "destroyed"],
		]);
	});

	it("a change of who may sign is an event with the new keys", () => {
		const key = message([1, C], [2, 1]);
		const [event] = decoded([transaction(46, message([1, A], [2, message([1, 0], [4, 1], [7, key])]))]).events ?? [];
		expect([event?.kind, event?.account, event?.details["owner"]]).toEqual(["permission-change", account(ALICE), `1 of ${CAROL}*1`]);
	});

	it("infos that are missing, of another block, told twice or that contradict the block are named or refused", () => {
		const [one, two] = [pays(1), pays(2)];
		const info = (tx: Buffer, ...more: (readonly [number, number | Buffer])[]) =>
			message([1, Buffer.from(idOf(tx), "hex")], [2, 5], [3, 100], ...more);
		const part = decoded([one, two], [info(one)]);
		expect(part.kinds).toEqual(["native"]);
		expect(part.gaps).toEqual([
			`TransactionInfo of 1 transactions, first of ${idOf(two)}, is missing: fees, logs and calls inside transactions are not told`,
		]);
		expect(() => decoded([one], [info(two)])).toThrow("or of none here");
		expect(() => decoded([one], [info(one), info(one)])).toThrow("two infos are of transaction");
		expect(() => decoded([one], [info(one, [9, 1])])).toThrow("the block says that transaction");
		expect(() => decoded([one], [info(one, [4, 1_000])])).toThrow("says another time than the block");
	});

	it("the logs of a direct call of a published token move what it was asked to move, or the info is not taken", () => {
		const call = transaction(
			31,
			message([1, A], [2, addressBytes(USDT_ADDRESS)], [4, Buffer.from(`a9059cbb${word(BOB)}${amountWord(500)}`, "hex")]),
			message([3, 1]),
		);
		const transfer = Buffer.from("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef", "hex");
		const log = (from: string, to: string, amount: number) =>
			message(
				[1, addressBytes(USDT_ADDRESS).subarray(1)],
				...[transfer, Buffer.from(word(from), "hex"), Buffer.from(word(to), "hex")].map((topic) => [2, topic] as const),
				[3, Buffer.from(amountWord(amount), "hex")],
			);
		const told = (logs: readonly Buffer[], asked = call) =>
			decoded(
				[asked, pays(7)],
				[
					message([1, Buffer.from(idOf(asked), "hex")], [2, 5], [3, 100], [7, message([7, 1])], ...logs.map((one) => [8, one] as const)),
					message([1, Buffer.from(idOf(pays(7)), "hex")], [3, 100]),
				],
			);
		const usdt = USDT.split("/")[1];
		const ofTokens = (block: ReturnType<typeof decoded>) => movements(block).filter(([, , asset]) => asset === usdt);
		expect(ofTokens(told([log(ALICE, BOB, 500)]))).toEqual([[ALICE, BOB, usdt, 500, "token", 16_384]]);
		// With a fee of the token's own; taken on from its receiver, as TrueUSD burns what is redeemed.
		for (const more of [log(ALICE, CAROL, 1), log(BOB, TRON_NOBODY, 499)]) {
			const first = more.equals(log(ALICE, CAROL, 1)) ? 499 : 500;
			const block = told([log(ALICE, BOB, first), more]);
			expect([ofTokens(block).length, block.gaps, block.kinds.length]).toEqual([2, [], 3]);
		}
		for (const logs of [
			[],
			[log(ALICE, BOB, 600)],
			[log(ALICE, BOB, 500), log(ALICE, BOB, 500)],
			[log(ALICE, CAROL, 500)],
			[log(CAROL, BOB, 500)],
			[log(ALICE, BOB, 500), log(BOB, CAROL, 501)],
		]) {
			const block = told(logs);
			expect(movements(block)).toEqual([
				[ALICE, BOB, usdt, 500, "token", 16_384],
				[ALICE, BOB, "slip44:195", 7, "native", 1],
			]);
			expect(block.gaps).toEqual([
				`the info of transaction ${idOf(call)} contradicts it and was not taken (its call moves 500 base units of ${USDT} to ${account(BOB)}, and its logs do not): its fee, logs and calls inside are not told`,
			]);
			expect(block.kinds).toEqual(["native"]);
		}
		// What runs no code logs nothing.
		const plain = told([log(ALICE, BOB, 500)], pays(9));
		expect([ofTokens(plain), plain.gaps.length, plain.kinds]).toEqual([[], 1, ["native"]]);
	});

	it("numbers above 2^63, several contracts and addresses of other chains are refused", () => {
		expect(() => decoded([pays(1n << 63n)])).toThrow("or above 2^63");
		expect(() => decoded([pays(-5n)])).toThrow("field 3 is -5");
		expect(() => decoded([transaction(1, message([1, Buffer.alloc(21, 0xa0)], [2, B], [3, 1]))])).toThrow("no address of Tron");
		expect(() => decoded([transaction(1, message([1, A], [2, B.subarray(1, 5)], [3, 1]))])).toThrow("no address of Tron");
	});
});

describe("bytes that are no message", () => {
	it("are refused, cut off, with a field twice, in another form or as groups", () => {
		for (const bytes of ["08", "0aff", "0a05aa", "0b", "0e", "00", "08ffffffffffffffffffff01"])
			expect(() => new Message(Buffer.from(bytes, "hex"), "it"), bytes).toThrow("its bytes are no message");
		expect(() => new Message(message([1, 1], [1, 2]), "it").number(1)).toThrow("field 1 stands twice");
		expect(() => new Message(message([1, 1]), "it").bytes(1)).toThrow("in place of bytes");
		expect(() => new Message(message([1, "a"]), "it").amount(1)).toThrow("in place of a number");
	});

	test.prop([fc.uint8Array({ maxLength: 200 })])("never do anything but be read or refused by name", (bytes) => {
		for (const read of [() => parseTronBlock(Buffer.from(bytes)), () => parseInfoList(Buffer.from(bytes))])
			try {
				read();
			} catch (error) {
				expect((error as { code?: string }).code).toBe("BAD_INPUT");
			}
	});

	test.prop([fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })])("numbers come back as they were written", (value) => {
		expect(new Message(message([9, value]), "it").amount(9)).toBe(value);
	});
});
