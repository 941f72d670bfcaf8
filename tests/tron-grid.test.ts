import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatsFor, importFile, type RowImport, readerOf } from "@clew/chains";
import { type ChainId, type Hash, InputError, isNative, startOf, tronAddress } from "@clew/core";
import { createCase, openCase } from "@clew/graph-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTronBlock } from "../packages/chains/src/tron/answers.js";
import { Message } from "../packages/chains/src/tron/decode/wire.js";
import { idOf, message } from "../packages/chains/src/tron/made-up.test-util.js";
import { type Made, paidInside, serveChain, trx, usdt } from "../packages/chains/src/tron/node/fake-chain.test-util.js";
import { FakeTronNode } from "../packages/chains/src/tron/node/fake-node.test-util.js";
import { clew, clewAsync, mustClew, ROOT, scratch } from "./clew.js";

const [ANN, BOB, CAROL, POOL] = ["11", "22", "33", "44"].map((pair) => tronAddress(pair.repeat(20))) as [string, string, string, string];
const TRON = "tron:0x2b6653dc" as ChainId;
const USDT = "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const FAILED = message([3, 2]);
const paying = (fee: number, { tx, info }: Made): Made => ({ tx, info: [[2, fee], ...info] });
const PAID = paying(11, trx(BOB, CAROL, 300, 1));
/** What BOB takes part in; his own transactions pay fees, one that fails, too. */
const MADE: Record<number, readonly Made[]> = {
	1002: [trx(ANN, BOB, 900)],
	1003: [usdt(ANN, BOB, 80)],
	1005: [PAID],
	1006: [paying(12, trx(BOB, CAROL, 44, 2, FAILED))],
	1008: [paying(13, usdt(BOB, CAROL, 60, 3))],
	1010: [paidInside(ANN, POOL, BOB, 7)],
	1012: [trx(BOB, ANN, 5, 4)],
};
const LISTS = { transactions: "transactions", trc20: "transactions/trc20", internal: "internal-transactions" } as const;
type Page = { data: Record<string, unknown>[]; meta: Record<string, unknown>; success: boolean };

const folder = scratch();
const at = (name: string) => join(folder, name);
const save = (name: string, json: unknown) => {
	writeFileSync(at(name), JSON.stringify(json));
	return at(name);
};
const node = new FakeTronNode();
let url: string;
let cases = 0;
beforeAll(async () => {
	serveChain(node, 1_000, 1_014, MADE);
	node.grid = { lists: /^v1\/accounts\/.*transactions/, limit: 200 };
	url = await node.listen();
});
afterAll(() => node.close());

/** Commands keep this process from answering, and kept connections break meanwhile. */
const CLOSE = { headers: { connection: "close" } };
const ask = async (path: string) => (await (await fetch(`${url}/${path}`, CLOSE)).json()) as Page;
const list = (of: keyof typeof LISTS, account = BOB, query = "limit=200") => ask(`v1/accounts/${account}/${LISTS[of]}?${query}`);
const infos = async () => {
	const all: unknown[] = [];
	for (const height of [1_003, 1_010])
		all.push(
			...((await (
				await fetch(`${url}/wallet/gettransactioninfobyblocknum`, { ...CLOSE, method: "POST", body: `{"num":${height}}` })
			).json()) as []),
		);
	return all;
};
const newCase = () => {
	const place = at(`case-${cases++}.clew`);
	mustClew("case", "new", place, "--title", "T", "--chain", "tron");
	return place;
};
/** Imports files as the command does, in this process; gives why that was refused. */
async function refusal(...paths: string[]): Promise<string> {
	const { chain, kind } = { chain: TRON, kind: readerOf(TRON).rowImports.find(({ name }) => name === "trongrid") };
	const store = await createCase(at(`case-${cases++}.clew`), { title: "T", chain, at: "2026-01-01T00:00:00Z" });
	try {
		const formats = await formatsFor(kind as RowImport, store, paths, () => undefined);
		const signal = new AbortController().signal;
		for (const path of paths) await importFile(store, path, { chain, formats, skipBad: false, ignoreUnknown: false, signal });
		return "";
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return error.message;
	} finally {
		await store.close();
	}
}
const into = (place: string, ...paths: string[]) => clew(["import", "trongrid", ...paths, "--case", place]);

/** What a case holds of BOB: movements with their blocks, and what counts as fetched. */
async function held(place: string) {
	const store = await openCase(place);
	try {
		const account = `tron:0x2b6653dc:${BOB}` as never;
		const moved = await store.ledger(account, startOf(0), 100);
		const { coverage } = await store.profile(account, 1);
		return {
			moved: moved.map((t) => [
				t.position.height,
				t.kind,
				t.from.slice(-4),
				t.to.slice(-4),
				t.asset === USDT ? "USDT" : "TRX",
				Number(t.amount),
			]),
			coverage: coverage.map(({ fromHeight, toHeight, kinds }) => [fromHeight, toHeight, [...kinds].join()]),
		};
	} finally {
		await store.close();
	}
}

describe("lists of TronGrid", () => {
	it("give what the blocks give, and count as fetched from their first row to their last", async () => {
		const blocks = newCase();
		expect(await clewAsync(["ingest", "--case", blocks, "--rpc", url, "--from", "1000", "--to", "1014"])).toMatchObject({ code: 0 });
		const lists = newCase();
		const paths = [save("infos.json", await infos())];
		for (const of of ["transactions", "trc20", "internal"] as const) paths.push(save(`${of}-${BOB}.json`, await list(of)));
		const { code, out, err } = into(lists, ...paths);
		expect([code, err]).toEqual([0, expect.any(String)]);
		expect(out).toContain("1 accounts fetched");
		const [told, whole] = [await held(lists), await held(blocks)];
		expect(told.moved).toEqual(whole.moved);
		expect(told.moved).toHaveLength(9);
		expect(told.coverage).toEqual([
			[1_002, 1_012, "native"],
			[1_003, 1_008, "token"],
			[1_010, 1_010, "internal"],
		]);
	});

	it("are traced, exported and replayed from their files, whose blocks other files tell", async () => {
		const place = newCase();
		const paths = [
			save("told.json", await infos()),
			save(`trc20-${BOB}.json`, await list("trc20")),
			save(`own-${BOB}.json`, await list("transactions")),
		];
		expect(into(place, ...paths)).toMatchObject({ code: 0 });
		mustClew("trace", "--case", place, "--seed", `account:${BOB}`, "--seed", `tx:0x${idOf(PAID.tx).toUpperCase()}`, "--json");
		mustClew("export", "--case", place, "--trace", "last", "--inputs", ...paths, "--out", at("bundle"));
		expect(mustClew("verify", at("bundle"), "--replay")).toMatch(/^intact/);
	});

	it("are read in pages of one list, and a page that others follow is cut", async () => {
		const first = await list("transactions", BOB, "limit=3");
		const second = await list("transactions", BOB, `limit=3&fingerprint=${first.meta["fingerprint"]}`);
		const place = newCase();
		expect(into(place, save(`one-${BOB}.json`, first)).err).toContain("the answer says that more pages follow (fingerprint)");
		expect((await held(place)).coverage).toEqual([[1_007, 1_011, "native"]]);
		const both = newCase();
		expect(into(both, save(`both-${BOB}.json`, [first, second]))).toMatchObject({ code: 0, out: expect.stringContaining("5 rows") });
		expect((await held(both)).coverage).toEqual([[1_002, 1_012, "native"]]);
		writeFileSync(at(`lines-${BOB}.json`), `${JSON.stringify(first)}\n${JSON.stringify(second)}\n`);
		expect(await refusal(at(`lines-${BOB}.json`))).toBe("");
		for (const [pages, why] of [
			[[first, first], "again"],
			[[second, first], "nothing follows"],
			[[{ ...first, data: [] }], "tells nothing"],
			[[{ ...first, success: false }], "did not succeed"],
		] as const)
			expect(await refusal(save("odd.json", pages))).toContain(why);
	});

	it("of which a part was asked for are whole in nothing", async () => {
		const page = await list("transactions");
		const next = { fingerprint: "x", links: { next: "https://api.trongrid.io/v1/x?only_to=true&fingerprint=x" } };
		const place = newCase();
		expect(into(place, save(`part-${BOB}.json`, { ...page, meta: next }))).toMatchObject({ code: 0 });
		expect((await held(place)).coverage).toEqual([]);
	});

	it("refuse what contradicts itself or is told by nobody", async () => {
		const [own, tokens, inside] = [await list("transactions"), await list("trc20"), await list("internal")];
		const changed = (page: Page, change: (row: Record<string, unknown>) => object) => ({
			...page,
			data: page.data.map((row) => ({ ...row, ...change(row) })),
		});
		const told = save("blocks.json", await infos());
		const odd: readonly (readonly [object, string])[] = [
			[changed(own, ({ raw_data_hex }) => ({ raw_data_hex: `${raw_data_hex}`.replace(/..$/, "7f") })), "the id that its raw data gives"],
			[changed(own, () => ({ raw_data_hex: "zz" })), "bytes in hex"],
			[changed(own, () => ({ block_timestamp: "soon" })), "block_timestamp"],
			[changed(tokens, () => ({ type: "Moved" })), "Transfer or Approval"],
			[changed(tokens, () => ({ value: "1e9" })), "base units"],
			[changed(tokens, () => ({ from: "TD5gsCwxykWsLN9aPrq2TAfNjByuZKYp4F" })), "wrong checksum"],
			[changed(tokens, () => ({ block_timestamp: 1_700_000_001_000 })), "the time of block"],
			[changed(tokens, () => ({ unconfirmed: true })), "solid block"],
			[changed(inside, ({ data }) => ({ data: { ...(data as object), rejected: "maybe" } })), "true, false"],
		];
		for (const [page, why] of odd) expect(await refusal(told, save("own.json", own), save("odd.json", page))).toContain(why);
		expect(await refusal(save("alone.json", tokens))).toContain("does not tell the block of transaction");
	});

	it("call a token by other decimals than its makers publish: that is said, and the published ones are kept", async () => {
		const page = await list("trc20");
		const data = page.data.map((row) => ({ ...row, token_info: { ...(row["token_info"] as object), decimals: 8 } }));
		const { err } = into(
			newCase(),
			save("told-8.json", await infos()),
			save("own-8.json", await list("transactions")),
			save("eight.json", { ...page, data }),
		);
		expect(err).toMatch(/with 8 decimals .* its makers publish USDT with 6, which is kept/);
	});

	it("whose result says nothing leave open what came of a transaction", async () => {
		const page = await list("transactions");
		const data = page.data.map(({ ret: _, ...row }) => row);
		expect(into(newCase(), save(`untold-${BOB}.json`, { ...page, data }))).toMatchObject({
			code: 0,
			err: expect.stringContaining("do not tell their fee"),
		});
	});

	it("that list nothing reach as far as the account's other files", async () => {
		const place = newCase();
		const nothing = { data: [], success: true, meta: { at: 1_700_000_000_000, page_size: 0 } };
		const all = save(`all-${BOB}.json`, await list("transactions"));
		expect(into(place, all, save(`internal-transactions-${BOB}.json`, nothing))).toMatchObject({ code: 0 });
		expect((await held(place)).coverage).toEqual([
			[0, 1_012, "internal"],
			[1_002, 1_012, "native"],
		]);
		expect(await refusal(save(`trc20-${BOB}.json`, { ...nothing, meta: { fingerprint: "x" } }))).toContain("tells nothing");
	});

	it("of a real block's transactions give what its bytes give of TRX", async () => {
		const file = join(ROOT, "fixtures/tron/block-79072107.json");
		const bytes = Buffer.from(JSON.parse(readFileSync(file, "utf8")).blockExtention.replace(/^0x/, ""), "hex");
		const { block } = readTronBlock(bytes, undefined);
		const data = block.transactions.map((tx) => ({
			txID: tx.id,
			blockNumber: block.header.height,
			block_timestamp: block.header.time,
			ret: [{ contractRet: tx.outcome === "succeeded" ? "SUCCESS" : "REVERT" }],
			raw_data_hex: new Message(tx.bytes, "transaction").bytes(1)?.toString("hex"),
		}));
		const [lists, blocks] = [newCase(), newCase()];
		expect(into(lists, save("real.json", { data, success: true, meta: {} }))).toMatchObject({
			code: 0,
			out: expect.stringContaining("619 rows"),
		});
		mustClew("import", "blocks", file, "--case", blocks);
		const [one, other] = [await openCase(lists), await openCase(blocks)];
		let compared = 0;
		for (const { id } of block.transactions) {
			const of = async (store: typeof one) =>
				(await store.transaction(TRON, id as Hash))
					.filter(({ asset, kind }) => isNative(asset) && kind !== "internal")
					.map(({ kind, from, to, amount }) => [kind, from, to, amount]);
			const moved = await of(other);
			expect(await of(one)).toEqual(moved);
			compared += moved.length;
		}
		expect(compared).toBeGreaterThan(200);
		await Promise.all([one.close(), other.close()]);
	});
});
