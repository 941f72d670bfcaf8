import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Hash, nftsMovedIn } from "@clew/core";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";
import { undocumented } from "../documented.js";
import { A, apiRow, atDesk, B, C, csv, type Desk, ETHEREUM, hash, TOKEN, tokenRow } from "./reading.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ids = { from: A, to: C, contractAddress: TOKEN, tokenDecimal: "0" };

describe("a transaction that moved NFTs alone, as files tell", () => {
	it("is said to by show, and why a trace cannot begin with it", () => {
		const place = at("c.clew");
		mustClew("case", "new", place, "--title", "NFTs");
		mkdirSync(at("files"));
		const moves = [tokenRow(1, { ...ids, tokenID: "7" }), tokenRow(1, { ...ids, tokenID: "8" }), tokenRow(2, { ...ids, tokenID: "9" })];
		writeFileSync(at(`files/tokennfttx-${A}.csv`), csv(moves));
		writeFileSync(at(`files/txlist-${A}.csv`), csv([apiRow(1, { value: "0", to: TOKEN }), apiRow(2, { value: "5" })]));
		mustClew("import", "etherscan", at("files"), "--case", place);
		const words = `NFTs (2 of contract ${TOKEN}, as files tell): ids, which are not amounts`;
		expect(mustClew("show", hash(1), "--case", place)).toContain(
			`transaction ${hash(1)} stands in block 101 and moved no amounts, but ${words}`,
		);
		const json = JSON.parse(mustClew("show", hash(1), "--case", place, "--json"));
		expect([json.nfts, undocumented("clew.transaction/1", json)]).toEqual([
			[{ contract: `${ETHEREUM}:${TOKEN}`, count: 2, by: "files" }],
			[],
		]);
		const seeded = clew(["trace", "--case", place, "--seed", `tx:${hash(1)}`]);
		expect([seeded.code === 0, seeded.err]).toEqual([false, expect.stringContaining(`moved no amounts, but ${words}`)]);
		expect(clew(["trace", "--case", place, "--seed", `tx:${hash(2)}`]).err).toContain("also moved NFTs (1 of contract");
	});
});

describe("what a file told as amounts of a contract of ids", () => {
	const numbers = (desk: Desk) =>
		desk.file(`tokentx-${B}.csv`, csv([5, 5].map((n, i) => tokenRow(n, { from: B, to: C, value: `${i + 1}`, tokenDecimal: "" }))));
	const shown = (desk: Desk) => desk.file(`tokennfttx-${A}.csv`, csv([tokenRow(9, { ...ids, tokenID: "7" })]));
	const amounts = (desk: Desk) => desk.file(`tokentx-${A}.csv`, csv([tokenRow(1, { tokenDecimal: "6", value: "999", from: B, to: A })]));
	const moved = async ({ store }: Desk, n: number) =>
		(await nftsMovedIn(store, ETHEREUM, hash(n) as Hash))?.moved.map(({ count, by }) => [count, by]);

	it("moved NFTs, whichever file came first and however often it comes; none once somebody tells decimals", async () => {
		for (const files of [
			[numbers, shown],
			[shown, numbers, numbers],
		])
			await atDesk(async (desk) => {
				for (const file of files) await desk.load(file(desk));
				expect([await moved(desk, 5), await moved(desk, 9)]).toEqual([[[2, "files"]], [[1, "files"]]]);
				await desk.load(amounts(desk));
				expect([await moved(desk, 5), await moved(desk, 9)]).toEqual([files.length === 2 ? [] : undefined, [[1, "files"]]]);
			});
	});
});
