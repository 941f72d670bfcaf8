import { type AssetId, nftsOf } from "@clew/core";
import { describe, expect, it } from "vitest";
import { A, atDesk, B, C, csv, type Desk, ETHEREUM, TOKEN, tokenRow } from "./reading.js";

const ASSET = `${ETHEREUM}/erc20:${TOKEN}` as AssetId;
const ids = { from: A, to: C, contractAddress: TOKEN, tokenID: "7", tokenDecimal: "0" };
const FILES = {
	/** Lists the token with an id. */
	ids: (desk: Desk) => desk.file(`tokennfttx-${A}.csv`, csv([tokenRow(9, ids)])),
	/** Lists it with amounts and decimals. */
	amounts: (desk: Desk) => desk.file(`tokentx-${A}.csv`, csv([tokenRow(1, { tokenDecimal: "6", value: "999", from: B, to: A })])),
	/** Lists it with numbers and cannot tell. */
	numbers: (desk: Desk) =>
		desk.file(`tokentx-${B}.csv`, csv([5, 6].map((n) => tokenRow(n, { from: B, to: C, value: `${n}`, tokenDecimal: "" })))),
};

const moved = async (desk: Desk) =>
	(await desk.store.scan(ETHEREUM, { height: 0, txIndex: 0, eventIndex: 0 }, 99)).map(({ amount }) => amount);
const load = async (desk: Desk, ...names: (keyof typeof FILES)[]) => {
	const notes: string[] = [];
	for (const name of names) for (const { notes: own } of await desk.load(FILES[name](desk))) notes.push(...own);
	return notes.join("\n");
};

describe("a token that files tell with ids and with decimals", () => {
	it("counts in amounts whichever file came first, and both are named", async () => {
		for (const order of [["amounts", "ids"] as const, ["ids", "amounts"] as const])
			await atDesk(async (desk) => {
				expect(await load(desk, ...order)).toMatch(/its numbers are amounts, though (this file|tokennfttx-.*) lists it with ids of tokens/);
				expect(await moved(desk)).toEqual([999n]);
				expect((await nftsOf(desk.store)).has(ASSET)).toBe(false);
			});
	});
	it("is told again by files of which rows were left out before decimals were known: they are named, and their coverage says so", async () => {
		for (const order of [["ids", "numbers", "amounts"] as const, ["numbers", "ids", "amounts"] as const])
			await atDesk(async (desk) => {
				// Rows that are imported again are no more rows.
				await load(desk, order[0], order[1], order[1]);
				expect(await load(desk, "amounts")).toMatch(
					/2 transfers of .* were left out on another's word as ids of NFTs.* import tokentx-.* again/,
				);
				expect(await moved(desk)).toEqual([999n]);
				const notes = (await desk.store.coverage(ETHEREUM)).map(({ note }) => note);
				expect(notes).toContainEqual(expect.stringMatching(/2 transfers of .* were left out on another's word/));
				await load(desk, "numbers");
				expect(await moved(desk)).toEqual([999n, 5n, 6n]);
			});
	});
	it("that is widely known keeps its amounts", async () => {
		await atDesk(async (desk) => {
			const usdt = "0xdac17f958d2ee523a2206206994597c13d831ec7";
			const [report] = await desk.load(desk.file(`tokennfttx-${A}.csv`, csv([tokenRow(9, { ...ids, contractAddress: usdt })])));
			expect(report?.notes.join("\n")).toMatch(/dac17f.* its numbers are amounts/);
			expect((await nftsOf(desk.store)).has(`${ETHEREUM}/erc20:${usdt}` as AssetId)).toBe(false);
		});
	});
});
