import { parseChainId } from "@clew/core";
import { describe, expect, it } from "vitest";
import { A, atDesk, type Cells, csv } from "./reading.js";

const withdrawn = (index: number, over: Cells = {}): Cells => ({
	withdrawalIndex: `${index}`,
	validatorIndex: "117823",
	address: A,
	amount: "3402931175",
	blockNumber: "17034877",
	timestamp: "1681338599",
	...over,
});
const ledgerOf = (...rows: readonly Cells[]) =>
	atDesk(async ({ load, file, ledger }) => {
		const reports = await load(file(`txsBeaconWithdrawal-${A}.csv`, csv(rows)));
		return { covers: reports.map(({ covers }) => covers), ledger: (await ledger(A)).map((line) => line.replace(/^\S+ /, "")) };
	});

describe("a list of validators' withdrawals", () => {
	it("is read in gwei, each number once, equal ones apart, and covers nothing", async () => {
		const paid = "withdrawal 00>a1 3402931175000000000";
		expect(await ledgerOf(withdrawn(13), withdrawn(14), withdrawn(13))).toEqual({ covers: [[]], ledger: [paid, paid] });
		expect(await ledgerOf(withdrawn(13), withdrawn(14, { blockNumber: "17034878", timestamp: "1681338611", amount: "1" }))).toMatchObject({
			ledger: [paid, "withdrawal 00>a1 1000000000"],
		});
	});

	it("adds to what other lists tell, by number: equal payments of one block under other numbers are others", async () => {
		const paid = "withdrawal 00>a1 3402931175000000000";
		const rowsOf = (...numbers: readonly number[]) => numbers.map((index) => withdrawn(index));
		for (const files of [
			[rowsOf(1, 2), rowsOf(3, 4)],
			[rowsOf(3, 4), rowsOf(1, 2), rowsOf(2, 3)],
			[rowsOf(1, 2, 3, 4), rowsOf(2)],
			[rowsOf(999, 1000), rowsOf(1001), rowsOf(1000, 998)],
		]) {
			const ledger = await atDesk(async ({ load, file, ledger: of }) => {
				for (const [i, rows] of files.entries()) await load(file(`${i}/txsBeaconWithdrawal-${A}.csv`, csv(rows)));
				return of(A);
			});
			expect(ledger.map((line) => line.replace(/^\S+ /, ""))).toEqual([paid, paid, paid, paid]);
		}
		const apart = atDesk(async ({ load, file }) => {
			await load(file(`0/txsBeaconWithdrawal-${A}.csv`, csv(rowsOf(1))));
			await load(file(`1/txsBeaconWithdrawal-${A}.csv`, csv([withdrawn(1, { blockNumber: "17034878" })])));
		});
		await expect(apart).rejects.toMatchObject({
			code: "CONFLICT",
			message: expect.stringContaining("withdrawal 1 is told in another way"),
		});
	});

	it("is refused where one number is two payments, and where withdrawals pay tokens", async () => {
		await expect(ledgerOf(withdrawn(13), withdrawn(13, { amount: "1" }))).rejects.toMatchObject({ code: "CONFLICT" });
		const gnosis = atDesk(({ load, file }) => load(file("withdrawals.csv", csv([withdrawn(1)]))), parseChainId("eip155:100"));
		await expect(gnosis).rejects.toThrow(/pay tokens/);
	});
});
