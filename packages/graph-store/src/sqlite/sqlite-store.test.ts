import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	BITCOIN_NETWORKS,
	FIRST_OUTPUT,
	type GraphStore,
	type Hash,
	type InputRecord,
	nativeAsset,
	SCRIPT_TYPES,
	segwitAddress,
	startOf,
	unnamedBlock,
} from "@clew/core";
import {
	graphStoreContract,
	nftWordsContract,
	type StoreFixture,
	TEST_CHAIN,
	TEST_UTXO_CHAIN,
	testAccount,
	testAddress,
	testUtxo,
	utxoStoreContract,
} from "@clew/core/testing";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkCaseFile, createCase, openCase } from "../index.js";
import { hashPrefix, packTransaction } from "../rules/keys.js";
import { MIGRATIONS } from "./schema.js";

const NEW = { title: "t", chain: TEST_CHAIN, at: "2026-01-01T00:00:00Z" };

const fixture = (): StoreFixture => {
	const folder = mkdtempSync(join(tmpdir(), "clew-store-"));
	const path = join(folder, "a.clew");
	return {
		open: () => createCase(path, NEW),
		reopen: async (store) => {
			await store.close();
			return openCase(path);
		},
		destroy: async () => rmSync(folder, { recursive: true, force: true }),
	};
};
graphStoreContract("sqlite", fixture);
nftWordsContract("sqlite", fixture);
utxoStoreContract("sqlite", fixture);

describe("the case file", () => {
	let folder: string;
	const at = (name: string) => join(folder, name);
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "clew-case-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it("refuses to write over a case, to open what is none, and what a newer version wrote", async () => {
		await (await createCase(at("a.clew"), NEW)).close();
		await expect(createCase(at("a.clew"), NEW)).rejects.toMatchObject({ code: "USAGE" });
		await expect(openCase(at("missing.clew"))).rejects.toMatchObject({ code: "USAGE" });
		writeFileSync(at("text.clew"), "this is no database, whatever its name says ".repeat(40));
		await expect(openCase(at("text.clew"))).rejects.toMatchObject({ code: "CASE_CORRUPT" });
		const foreign = new Database(at("foreign.clew"));
		foreign.exec("CREATE TABLE t (a)");
		foreign.close();
		await expect(openCase(at("foreign.clew"))).rejects.toMatchObject({ code: "CASE_CORRUPT" });
		const newer = new Database(at("a.clew"));
		newer.pragma("user_version = 99");
		newer.close();
		await expect(openCase(at("a.clew"))).rejects.toMatchObject({ code: "CASE_VERSION" });
	});

	it("an older case learns what signatures said, and which of its outputs are anchors", () => {
		const step = MIGRATIONS.findIndex((sql) => sql.includes("ADD COLUMN signed"));
		const db = new Database(":memory:");
		for (const sql of MIGRATIONS.slice(0, step)) db.exec(sql);
		const addresses = BITCOIN_NETWORKS.map(({ chain, hrp }) => `${chain}:${segwitAddress(1, Buffer.from("4e73", "hex"), hrp)}`);
		const other = `${BITCOIN_NETWORKS[0]?.chain}:${segwitAddress(2, Buffer.from("4e73", "hex"), "bc")}`;
		for (const [i, account] of [...addresses, other].entries()) {
			db.prepare("INSERT INTO accounts (id, account) VALUES (?, ?)").run(i, account);
			db.prepare("INSERT INTO outputs VALUES (?, 240, ?, ?, NULL, NULL)").run(i, i, SCRIPT_TYPES.indexOf("witness_unknown"));
			db.prepare("INSERT INTO inputs (key, sequence, value, account_id, type) VALUES (?, 0, 240, ?, ?)").run(
				i,
				i,
				SCRIPT_TYPES.indexOf("witness_unknown"),
			);
		}
		db.exec(MIGRATIONS[step] ?? "");
		const types = [...addresses.map(() => "anchor"), "witness_unknown"];
		for (const table of ["outputs", "inputs"])
			expect((db.prepare(`SELECT type FROM ${table} ORDER BY key`).pluck().all() as number[]).map((n) => SCRIPT_TYPES[n])).toEqual(types);
		expect(db.prepare("SELECT DISTINCT signed FROM inputs").pluck().all()).toEqual([null]);
		db.close();
	});

	it("opens a case of earlier versions: nobody said of its transactions whether they succeeded, and importing again tells it", async () => {
		const native = nativeAsset(TEST_CHAIN);
		const payment = { kind: "native", from: testAccount(0), to: testAccount(1), asset: native, amount: 5n } as const;
		const tx = { hash: unnamedBlock(1), height: 10, txIndex: 0, transfers: [payment] };
		const file = { id: "file:1", kind: "file", name: "a", sha256: "", detail: "" } as const;
		const first = await createCase(at("a.clew"), NEW);
		await first.putTransactions(TEST_CHAIN, [tx], new Map(), file, "imported");
		await first.close();
		const old = new Database(at("a.clew"));
		const version = MIGRATIONS.findIndex((sql) => sql.includes("ADD COLUMN status"));
		const then = new Database(":memory:");
		for (const sql of MIGRATIONS.slice(0, version)) then.exec(sql);
		const labels = then.prepare("SELECT sql FROM sqlite_master WHERE name = 'labels'").pluck().get() as string;
		then.close();
		old.exec(
			`ALTER TABLE txs DROP COLUMN status; ALTER TABLE transfers DROP COLUMN call_path; DROP TABLE trace_parts; DROP TABLE traces; CREATE TABLE traces (id TEXT PRIMARY KEY, json TEXT NOT NULL); INSERT INTO traces VALUES ('kept', '{}'); DROP TABLE tx_gaps; DROP INDEX transfers_calls; DROP INDEX blocks_hash; DROP TABLE labels; ${labels}`,
		);
		for (const column of ["stated_with", "stated_by", "stated_why"]) old.exec(`ALTER TABLE custody DROP COLUMN ${column}`);
		old.pragma(`user_version = ${version}`);
		old.close();
		const store = await openCase(at("a.clew"));
		expect([await store.traceIds(), await store.trace("kept")]).toEqual([["kept"], ["{}"]]);
		const statusOf = async () => (await store.heights(TEST_CHAIN, 0, 9))[0]?.transactions[0]?.status;
		expect([await statusOf(), await store.blockGaps(TEST_CHAIN)]).toEqual([undefined, []]);
		expect(await store.ledger(testAccount(0), startOf(0), 9)).toHaveLength(1);
		await store.putTransactions(TEST_CHAIN, [{ ...tx, status: "failed" }], new Map(), file, "imported");
		expect(await statusOf()).toBe("failed");
		expect(await store.ledger(testAccount(0), startOf(0), 9)).toEqual([]);
		await store.close();
	});

	it("an older case keeps its labels, and takes another time of the same claim beside them", () => {
		const step = MIGRATIONS.findIndex((sql) => sql.includes("dated_labels"));
		const db = new Database(":memory:");
		for (const sql of MIGRATIONS.slice(0, step)) db.exec(sql);
		db.exec("INSERT INTO accounts (id, account) VALUES (1, 'a')");
		const row = "(account_id, source, entity, name, category, valid_from, valid_until, retrieved_at, confidence)";
		db.exec(`INSERT INTO labels ${row} VALUES (1, 's', 'E', 'n', 'exchange', '2015-09-01', '2015-10-01', '2026-01-01', 60)`);
		const before = db.prepare("SELECT * FROM labels").all();
		db.exec(MIGRATIONS[step] ?? "");
		expect(db.prepare("SELECT * FROM labels").all()).toEqual(before);
		db.exec(`INSERT INTO labels ${row} VALUES (1, 's', 'E', 'n', 'exchange', '2014-01-01', '2014-06-01', '2026-01-01', 60)`);
		expect(db.prepare("SELECT valid_from FROM labels").pluck().all()).toEqual(["2014-01-01", "2015-09-01"]);
		db.close();
	});

	it("takes hashes that begin alike while it can look for each of them, and then says that no chain has such", async () => {
		const store = await createCase(at("a.clew"), NEW);
		const begin = `0x${"ab".repeat(12)}`;
		const numbered = (n: number) => `${begin}${n.toString(16).padStart(40, "0")}` as Hash;
		const db = new Database(at("a.clew"));
		const insert = db.prepare("INSERT INTO txs (key, hash, prefix, indexed, status) VALUES (?, ?, ?, 1, 0)");
		const fill = (from: number, end: number) =>
			db.transaction(() => {
				for (let n = from; n < end; n++) insert.run(packTransaction(1, 1000 + n, 0), numbered(n), hashPrefix(begin));
			})();
		const file = { id: "file:1", kind: "file", name: "a", sha256: "", detail: "" } as const;
		const payment = { kind: "native", from: testAccount(0), to: testAccount(1), asset: nativeAsset(TEST_CHAIN), amount: 5n } as const;
		const put = (hash: Hash, height: number) =>
			store.putTransactions(TEST_CHAIN, [{ hash, height, transfers: [payment] }], new Map(), file, "imported");
		await put(numbered(0), 5);
		fill(1, 9_000);
		await expect(put(numbered(8_500), 7)).rejects.toMatchObject({ code: "CONFLICT" });
		await put(numbered(9_000), 8);
		fill(9_001, 10_001);
		await expect(put(numbered(10_001), 9)).rejects.toThrow("no chain has such");
		await put(unnamedBlock(3), 10);
		db.close();
		await store.close();
	});

	it.each([
		["a trigger", "CREATE TRIGGER t AFTER INSERT ON traces BEGIN DELETE FROM custody; END"],
		["a view", "CREATE VIEW v AS SELECT * FROM traces"],
		["a table", "CREATE TABLE more (a)"],
		["a virtual table", "CREATE VIRTUAL TABLE words USING fts5(a)"],
		["an index", "CREATE INDEX i ON records (json)"],
		["a generated column", "ALTER TABLE records ADD COLUMN g TEXT GENERATED ALWAYS AS (upper(json)) VIRTUAL"],
		["a table that is missing", "DROP TABLE records"],
		["a table of another form", "DROP TABLE records; CREATE TABLE records (kind TEXT, id TEXT, json TEXT)"],
	])("from somebody else with %s is not opened, and stays as it was", async (_, sql) => {
		await (await createCase(at("a.clew"), NEW)).close();
		const db = new Database(at("a.clew"));
		db.exec(sql);
		db.pragma("wal_checkpoint(TRUNCATE)");
		db.close();
		const before = readFileSync(at("a.clew"));
		await expect(openCase(at("a.clew"))).rejects.toMatchObject({ code: "CASE_CORRUPT", hint: expect.stringContaining("another program") });
		expect(readFileSync(at("a.clew")).equals(before)).toBe(true);
	});

	it.each([
		["labels", "entity", (store: GraphStore) => store.labelsOf(testAccount(0))],
		["labels", "source", (store: GraphStore) => store.contents()],
		["accounts", "account", (store: GraphStore) => store.scan(TEST_CHAIN, startOf(0), 9)],
		["assets", "symbol", (store: GraphStore) => store.asset(nativeAsset(TEST_CHAIN))],
		["assets", "symbol", (store: GraphStore) => store.assets()],
		["sources", "name", (store: GraphStore) => store.sources()],
		["coverage", "note", (store: GraphStore) => store.coverage(TEST_CHAIN)],
		["records", "json", (store: GraphStore) => store.record("k", "1")],
		["records", "json", (store: GraphStore) => store.records("k", "", 9)],
		["custody", "detail", (store: GraphStore) => store.custody()],
		["trace_parts", "text", (store: GraphStore) => store.trace("t")],
	] as const)("says so where bytes stand in %s.%s", async (table, column, read) => {
		const file = { id: "file:1", kind: "file", name: "a", sha256: "", detail: "" } as const;
		const native = nativeAsset(TEST_CHAIN);
		const payment = { kind: "native", from: testAccount(0), to: testAccount(1), asset: native, amount: 5n } as const;
		const store = await createCase(at("a.clew"), NEW);
		await store.putTransactions(
			TEST_CHAIN,
			[{ hash: unnamedBlock(1), height: 10, txIndex: 2, transfers: [payment] }],
			new Map(),
			file,
			"imported",
		);
		const label = {
			account: testAccount(0),
			entity: "E",
			name: "",
			category: "exchange",
			source: "s",
			retrievedAt: "",
			confidence: 50,
		} as const;
		await store.putLabels([label]);
		await store.putAssets([{ asset: native, decimals: 18, symbol: "ETH" }]);
		await store.putCoverage([{ chain: TEST_CHAIN, fromHeight: 0, toHeight: 9, kinds: ["native"], source: file.id, note: "n" }]);
		await store.putRecord("k", "1", "{}");
		await store.putTrace("t", ["{}"]);
		await store.close();
		const db = new Database(at("a.clew"));
		db.prepare(`UPDATE ${table} SET ${column} = CAST(${column} AS BLOB)`).run();
		db.close();
		const changed = await openCase(at("a.clew"));
		await expect(read(changed)).rejects.toMatchObject({ code: "CASE_CORRUPT", message: expect.stringContaining(table) });
		await changed.close();
	});

	it.each(["", "0x10", "007", "abc", "-5", " 5", "1e3", "1.0", "٣", "9".repeat(79), (1n << 256n).toString()])(
		"says where an amount was changed to %j, however it is read",
		async (changed) => {
			const native = nativeAsset(TEST_CHAIN);
			const payment = { kind: "native", from: testAccount(0), to: testAccount(1), asset: native, amount: 5n } as const;
			const file = { id: "file:1", kind: "file", name: "a", sha256: "", detail: "" } as const;
			const store = await createCase(at("a.clew"), NEW);
			const tx = { hash: unnamedBlock(1), height: 10, txIndex: 2, transfers: [payment] };
			await store.putTransactions(TEST_CHAIN, [tx], new Map(), file, "imported");
			await store.putOpeningBalance(testAccount(0), native, 3, 7n, file);
			const db = new Database(at("a.clew"));
			db.prepare("UPDATE transfers SET amount = ?").run(changed);
			const reads = [
				store.ledger(testAccount(0), startOf(0), 9),
				store.scan(TEST_CHAIN, startOf(0), 9),
				store.transfersOf(testAccount(1), {}),
				store.transaction(TEST_CHAIN, tx.hash),
				store.heights(TEST_CHAIN, 0, 9),
				store.balancesBefore(testAccount(1), startOf(99)),
			];
			for (const read of reads)
				await expect(read).rejects.toMatchObject({ code: "CASE_CORRUPT", message: expect.stringMatching(/^the transfer at 10\.2\.\d+/) });
			db.prepare("UPDATE transfers SET amount = '5'").run();
			db.prepare("UPDATE openings SET amount = ?").run(changed);
			for (const read of [
				store.openingBalance(testAccount(0), native, 3),
				store.balancesBefore(testAccount(0), startOf(99)),
				store.contents(),
			])
				await expect(read).rejects.toMatchObject({
					code: "CASE_CORRUPT",
					message: expect.stringMatching(/^the opening balance of .* block 3/),
				});
			db.close();
			await store.close();
		},
	);

	it.each(["-5", "1.5", "'abc'", "''", "9007199254740993", "x'01'"])(
		"says which output or input of Bitcoin was changed to hold %s",
		async (changed) => {
			const coinbase = testUtxo(1, [1, 0], [], [[1, 50n]]);
			const payment = testUtxo(2, [2, 3], [[9, 0]], [[2, 40n]]);
			const input = { ...payment.inputs[0], previous: { value: 45n, account: testAddress(1), scriptType: "p2wpkh" } } as InputRecord;
			const file = { id: "file:1", kind: "file", name: "a", sha256: "", detail: "" } as const;
			const store = await createCase(at("a.clew"), { ...NEW, chain: TEST_UTXO_CHAIN });
			const records = [coinbase, { ...payment, inputs: [input] }];
			await store.putUtxoTransactions(TEST_UTXO_CHAIN, records, new Map([1, 2].map((height) => [height, height])), file, "imported");
			const db = new Database(at("a.clew"));
			db.exec(`UPDATE inputs SET value = ${changed}`);
			const told = (place: string) => ({ code: "CASE_CORRUPT", message: expect.stringContaining(`${place}: the amount`) });
			const read = () => store.utxoTransactions(TEST_UTXO_CHAIN, { height: 0, txIndex: 0 }, 9);
			await expect(read()).rejects.toMatchObject(told("input 0 of the transaction at 2.3"));
			db.exec(`UPDATE inputs SET value = 45; UPDATE outputs SET value = ${changed} WHERE value = 50`);
			await expect(read()).rejects.toMatchObject(told("output 0 of the transaction at 1.0"));
			await expect(store.outputsOf(testAddress(1), FIRST_OUTPUT, 9)).rejects.toMatchObject(told("output 0 of the transaction at 1.0"));
			db.close();
			await store.close();
		},
	);

	it("tells a second writer that the case is busy, and lets readers read meanwhile", async () => {
		const first = await createCase(at("a.clew"), NEW);
		const second = await openCase(at("a.clew"));
		await first.atomically(async (tx) => {
			await tx.putTrace("x", ["{}"]);
			await expect(second.putTrace("y", ["{}"])).rejects.toMatchObject({ code: "CASE_BUSY", retryable: true });
			expect(await second.traceIds()).toEqual([]);
		});
		expect(await second.traceIds()).toEqual(["x"]);
		await second.close();
		await first.close();
	});

	it("refuses a file in which a tree holds one page twice, which a small file makes more rows of than anybody reads", async () => {
		const made = await createCase(at("a.clew"), NEW);
		await made.appendCustody("2026-01-01T00:00:00Z", "a", "b");
		await made.close();
		const db = new Database(at("a.clew"));
		db.pragma("journal_mode = DELETE");
		const root = Number(db.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'custody'").pluck().get());
		const size = Number(db.pragma("page_size", { simple: true }));
		db.close();
		const bytes = readFileSync(at("a.clew"));
		const [page, pages] = [(root - 1) * size, bytes.length / size];
		const leaf = Buffer.from(bytes.subarray(page, page + size));
		// An inner page with one cell, whose two children are one and the same.
		const inner = Buffer.alloc(size);
		inner[0] = 5;
		inner.writeUInt16BE(1, 3);
		inner.writeUInt16BE(size - 5, 5);
		inner.writeUInt32BE(pages + 1, 8);
		inner.writeUInt16BE(size - 5, 12);
		inner.writeUInt32BE(pages + 1, size - 5);
		inner[size - 1] = 1;
		inner.copy(bytes, page);
		bytes.writeUInt32BE(pages + 1, 28);
		writeFileSync(at("a.clew"), Buffer.concat([bytes, leaf]));
		await expect(openCase(at("a.clew"))).rejects.toMatchObject({ code: "CASE_CORRUPT", message: expect.stringContaining("is damaged") });
		expect(() => checkCaseFile(at("a.clew"), "a")).toThrow("is damaged");
	});

	it("survives kill -9 in the middle of a write", async () => {
		await (await createCase(at("a.clew"), NEW)).close();
		const script = `
			import Database from ${JSON.stringify(import.meta.resolve("better-sqlite3"))};
			const db = new Database(${JSON.stringify(at("a.clew"))});
			db.exec("BEGIN IMMEDIATE");
			const insert = db.prepare("INSERT INTO traces (id) VALUES (?)");
			for (let i = 0; i < 20000; i++) insert.run("t" + i + "x".repeat(500));
			console.log("ready");
			setInterval(() => {}, 1000);`;
		const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
		await new Promise((resolve) => child.stdout.once("data", resolve));
		child.kill("SIGKILL");
		await new Promise((resolve) => child.once("exit", resolve));
		const store = await openCase(at("a.clew"));
		expect(await store.traceIds()).toEqual([]);
		expect(await store.ledger(testAccount(0), startOf(0), 10)).toEqual([]);
		await store.putTrace("after", ["{}"]);
		await store.close();
	});

	it("gives a full disk a clear error and leaves the case as it was", async () => {
		const store = await createCase(at("a.clew"), NEW);
		await store.close();
		const db = new Database(at("a.clew"));
		const pages = Number(db.pragma("page_count", { simple: true }));
		db.close();
		// SQLite's own page limit answers SQLITE_FULL as a full disk does; it holds for a connection, so it is set through a hook of the driver.
		const limited = `
			import Database from ${JSON.stringify(import.meta.resolve("better-sqlite3"))};
			const prepare = Database.prototype.pragma;
			Database.prototype.pragma = function (text, options) {
				const result = prepare.call(this, text, options);
				if (text === "temp_store = FILE") prepare.call(this, "max_page_count = ${pages + 1}");
				return result;
			};
			const { openCase } = await import(${JSON.stringify(new URL("../../dist/index.js", import.meta.url).href)});
			const store = await openCase(${JSON.stringify(at("a.clew"))});
			try { await store.putTrace("big", ["x".repeat(1_000_000)]); console.log("stored"); }
			catch (error) { console.log(error.code); }
			await store.close();`;
		const out = execFileSync(process.execPath, ["--input-type=module", "-e", limited], { encoding: "utf8" });
		expect(out.trim()).toBe("DISK_FULL");
		const after = await openCase(at("a.clew"));
		expect(await after.traceIds()).toEqual([]);
		await after.close();
	});
});
