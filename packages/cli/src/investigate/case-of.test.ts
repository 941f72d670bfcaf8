import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evmChainId } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { afterAll, describe, expect, it } from "vitest";
import { dropIfEmpty } from "./case-of.js";

const folder = mkdtempSync(join(tmpdir(), "clew-case-of-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const CHAIN = evmChainId(1);
const made = (name: string) => createCase(join(folder, name), { title: "t", chain: CHAIN, at: "2026-01-01T00:00:00Z" });

describe("the case of a call that failed", () => {
	it("is taken away where nothing of a chain is in it", async () => {
		await (await made("empty.clew")).close();
		await dropIfEmpty(join(folder, "empty.clew"));
		expect(readdirSync(folder).filter((name) => name.startsWith("empty"))).toEqual([]);
	});

	it("stays where something was read, if only that there was nothing", async () => {
		const store = await made("read.clew");
		await store.putSource({ id: "node:n", kind: "node", name: "n", sha256: "", detail: "" });
		await store.putCoverage([{ chain: CHAIN, fromHeight: 0, toHeight: 9, kinds: ["token"], source: "node:n", note: "" }]);
		await store.close();
		await dropIfEmpty(join(folder, "read.clew"));
		expect(existsSync(join(folder, "read.clew"))).toBe(true);
	});
});
