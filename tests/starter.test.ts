import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { starterLists } from "@clew/labels";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";

const folder = scratch();
const library = join(folder, "labels.db");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the lists that ship with Clew", () => {
	it("are those of the sources here, each with its date or none, and its licence", () => {
		const lists = starterLists();
		expect(lists.map(({ id, retrievedAt }) => [id, retrievedAt])).toEqual([
			["starter-custodians", "2026-08-22"],
			["starter-reserves", "2026-09-23"],
			["starter-tagpacks", "2026-05-12"],
			["starter-explorer-tags", ""],
			["starter-ofac-ETH", "2024-09-27"],
			["starter-ofac-XBT", "2024-09-27"],
		]);
		for (const { file, licence, labels } of lists) {
			expect([licence === "", labels.length > 100]).toEqual([false, true]);
			const path = ["packages/labels/starter", "fixtures/labels"].map((place) => join(ROOT, place, file.name)).find(existsSync);
			if (file.name !== "tagpacks")
				expect(
					createHash("sha256")
						.update(readFileSync(path ?? ""))
						.digest("hex"),
				).toBe(file.sha256);
		}
	});

	it("are in the library after one command, and what the user loads stands beside them", () => {
		const none = clew(["label", "show", "0x28c6c06298d514db089934071355e5743bf21d60", "--labels", library]);
		expect([none.code, none.err]).toEqual([2, expect.stringContaining("clew label starter")]);
		const { lists } = JSON.parse(mustClew("label", "starter", "--labels", library, "--json"));
		expect(lists.map(({ rows, added }: { rows: number; added: number }) => rows === added)).toEqual(Array(6).fill(true));
		const again = mustClew("label", "starter", "--labels", library);
		expect(again).toContain("(0 new, 0 no longer listed)");
		expect(again).toContain("rows about chains that Clew does not follow");
		const shown = mustClew("label", "show", "0x28c6c06298d514db089934071355e5743bf21d60", "--labels", library);
		expect(shown).toContain("Binance");
		// An exchange's own list is ownership, and stands before others.
		const tron = mustClew("label", "show", "TNXoiAJ3dct8Fjg4M9fkLFh9S2v9TXc32G", "--labels", library);
		expect(tron).toContain("Binance");
	});
});
