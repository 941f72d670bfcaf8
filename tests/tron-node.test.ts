import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readerOf } from "@clew/chains";
import type { ChainId, ChainSource } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { ingestRange } from "@clew/workers";
import { afterEach, expect, it } from "vitest";
import { addressBytes, message, transaction } from "../packages/chains/src/tron/made-up.test-util.js";
import { extended, FakeTronNode } from "../packages/chains/src/tron/node/fake-node.test-util.js";

const TRON = "tron:0x2b6653dc" as ChainId;
const FIRST = 1_000;
const folder = mkdtempSync(join(tmpdir(), "clew-tron-node-"));
const node = new FakeTronNode();
afterEach(() => {
	node.close();
	rmSync(folder, { recursive: true, force: true });
});

/** Serves blocks up to a height, those from `fork` on with other payments; each stands upon the one before. */
function serveChain(to: number, fork = Number.POSITIVE_INFINITY): void {
	const [from, receiver] = [addressBytes("TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"), addressBytes("TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy")];
	let parent: string | undefined;
	for (let height = FIRST; height <= to; height++) {
		const amount = height * 10 + (height >= fork ? 1 : 0);
		const block = extended(height, [transaction(1, message([1, from], [2, receiver], [3, amount]))], parent);
		parent = block.id;
		node.serve(block);
	}
}

it("blocks of another fork take the place of those that the node told before", async () => {
	serveChain(FIRST + 5);
	const url = await node.listen();
	const source = (await readerOf(TRON).open(url, TRON, {})) as ChainSource;
	const store = await createCase(join(folder, "case.clew"), { title: "fork", chain: TRON, at: "2026-01-01T00:00:00Z" });
	const range = { concurrency: 2, batch: 3 };
	const first = await ingestRange(store, source, { ...range, from: FIRST, to: (await source.head()).height });
	expect(first).toMatchObject({ blocks: 6, added: 6, reorganisedAt: [] });
	serveChain(FIRST + 8, FIRST + 4);
	const again = await ingestRange(store, source, { ...range, from: FIRST, to: FIRST + 8 });
	expect(again.reorganisedAt).toEqual([FIRST + 4]);
	expect((await store.header(TRON, FIRST + 4))?.hash).toBe((await source.rawHeader(FIRST + 4)).hash);
	expect((await store.head(TRON))?.height).toBe(FIRST + 8);
	await store.close();
});
