import { comparePositions, type Transfer } from "@clew/core";
import { testTransfer } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { Cursor } from "./cursor.js";

/** A ledger of transactions with these many transfers each, and how many reads a cursor made of it. */
function ledger(sizes: readonly number[]) {
	const transfers = sizes.flatMap((size, i) => Array.from({ length: size }, (_, event) => testTransfer([10 + i, 0, event], 1, 2, 1n)));
	const reads: number[] = [];
	const cursor = new Cursor(
		async (from, limit) => {
			const page = transfers.filter((t) => comparePositions(t.position, from) >= 0).slice(0, limit);
			reads.push(limit);
			return page;
		},
		{ height: 0, txIndex: 0, eventIndex: 0 },
	);
	return { transfers, cursor, reads };
}

describe("a cursor", () => {
	test.prop([fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 12 })])(
		"gives every transfer once and in order, in pages",
		async (sizes) => {
			const { transfers, cursor } = ledger(sizes);
			const seen: Transfer[] = [];
			await cursor.fill();
			while (cursor.head !== undefined) {
				seen.push(cursor.head);
				if (cursor.advance()) await cursor.fill();
			}
			expect(seen).toEqual(transfers);
		},
	);

	test.prop([fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 6 })])(
		"gives whole transactions, however many pages they take",
		async (sizes) => {
			const { cursor } = ledger(sizes);
			const seen: number[] = [];
			await cursor.fill();
			while (cursor.head !== undefined) {
				await cursor.fillHeadTransaction();
				const whole = cursor.headTransaction();
				expect(cursor.headStandsAlone).toBe(whole.length === 1);
				seen.push(whole.length);
				for (const _ of whole) if (cursor.advance()) await cursor.fill();
			}
			expect(seen).toEqual(sizes);
		},
	);

	it("asks no more behind the end, and for more the longer the ledger is", async () => {
		const short = ledger([3]);
		await short.cursor.fill();
		expect([1, 2, 3].map(() => short.cursor.advance())).toEqual([false, false, false]);
		await short.cursor.fill();
		expect([short.reads, short.cursor.head]).toEqual([[64], undefined]);
		const exact = ledger([64]);
		await exact.cursor.fill();
		for (let i = 0; i < 63; i++) expect(exact.cursor.advance()).toBe(false);
		expect(exact.cursor.advance()).toBe(true);
		await exact.cursor.fill();
		expect([exact.cursor.head, exact.reads]).toEqual([undefined, [64, 256]]);
	});
});
