import { type ChainId, parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { A, atDesk, C, type Cells, csv, hash, internalRow } from "./reading.js";

/** Who has what a contract left to itself, as the lists of calls of an account tell, each in an import of its own. */
const heirs = (rows: readonly Cells[], chain?: ChainId) =>
	atDesk(async ({ load, file, ledger }) => {
		for (const [i, row] of rows.entries()) await load(file(`${i}/${C}.csv`, csv([row])));
		return (await ledger(C)).map((line) => line.replace(/^\S+ /, ""));
	}, chain);
const suicide = (height: number, time: number) =>
	internalRow(1, { blockNumber: `${height}`, timeStamp: `${time}`, from: C, to: C, type: "suicide" });
const etl = (height: number): Cells => ({
	block_number: `${height}`,
	transaction_hash: hash(1),
	transaction_index: "0",
	from_address: C,
	to_address: C,
	value: "4",
	trace_type: "suicide",
	call_type: "",
	trace_address: "0",
	status: "1",
});

describe("a contract that destroyed itself in its own favour, from files", () => {
	it.each([
		["etherscan", suicide(19_426_586, 1_710_338_123)],
		["ethereum-etl", etl(19_426_586)],
	])("before Cancun nobody has its coins: %s", async (_, row) => {
		expect(await heirs([row])).toEqual(["internal c3>00 4"]);
	});

	it.each([
		["etherscan", suicide(19_426_587, 1_710_338_135)],
		["ethereum-etl", etl(19_426_587)],
	])("since then a row does not tell whether it kept them: %s", async (_, row) => {
		expect(await heirs([row])).toEqual(["internal c3>wn 4"]);
	});

	it("of a chain without a known rule, only the old days are known", async () => {
		const fantom = parseChainId("eip155:250");
		expect(await heirs([suicide(100, 1_700_000_000)], fantom)).toEqual(["internal c3>00 4"]);
		expect(await heirs([suicide(100, 1_720_000_000)], fantom)).toEqual(["internal c3>wn 4"]);
	});

	it("two files that tell it are one movement", async () => {
		expect(await heirs([suicide(100, 1_500_000_000), etl(100)])).toEqual(["internal c3>00 4"]);
	});

	it("and is an account's own call with value, which is no destruction, as before", async () => {
		expect(await heirs([{ ...suicide(100, 1_500_000_000), type: "call" }])).toEqual(["internal c3>c3 4"]);
		expect(await heirs([{ ...suicide(100, 1_500_000_000), to: A }])).toEqual(["internal c3>a1 4"]);
	});
});
