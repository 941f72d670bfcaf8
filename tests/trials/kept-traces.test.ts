import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { canonicalJson, nextCustodyEntry, traceId, traceOfParts } from "@clew/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "../clew.js";

/** The driver of the case file, which belongs to the store. */
const Database = createRequire(join(ROOT, "packages/graph-store/package.json"))("better-sqlite3");

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [PAYER, THIEF, SHOP, OTHER] = ["a", "b", "d", "e"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const SENT = [
	[10, PAYER, THIEF, 10],
	[12, THIEF, SHOP, 8],
	[14, THIEF, OTHER, 1],
] as const;

/* biome-ignore lint/suspicious/noExplicitAny: what a forger changes has no type. */
type Loose = any;

beforeAll(() => {
	mkdirSync(at("files"));
	const line = ([block, from, to, ether]: (typeof SENT)[number]) =>
		`${block},${1_600_000_000 + block},${hash(block)},${from},${to},${ether}${"0".repeat(18)},21000,0,21000,0,1,0,,1000`;
	writeFileSync(join(at("files"), `${THIEF}.csv`), `${[HEAD, ...SENT.map(line)].join("\n")}\n`);
	writeFileSync(at("labels.csv"), `address,entity,category\n${SHOP},Example Exchange,exchange\n`);
	mustClew("case", "new", at("sent.clew"), "--title", "A theft");
	mustClew("import", "etherscan", at("files"), "--case", at("sent.clew"));
	mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", at("sent.clew"));
	mustClew("trace", "--case", at("sent.clew"), "--seed", `tx:${hash(10)}`);
});

/** The case as a stranger sends it, after he worked on its file. */
function received(name: string, forge: (db: Loose) => void): string {
	copyFileSync(at("sent.clew"), at(name));
	const db = new Database(at(name));
	forge(db);
	db.close();
	return at(name);
}

const partsIn = (db: Loose): string[] => db.prepare("SELECT text FROM trace_parts ORDER BY part").pluck().all();

function putIn(db: Loose, id: string, parts: readonly string[]): void {
	db.prepare("UPDATE traces SET id = ?").run(id);
	db.exec("DELETE FROM trace_parts");
	for (const [i, part] of parts.entries()) db.prepare("INSERT INTO trace_parts VALUES (?, ?, ?)").run(id, i, part);
}

/** Changes the kept trace, and with `fresh` gives it the id that fits. */
function changeTrace(db: Loose, edit: (trace: Loose) => void, fresh = true): string {
	const { id, ...content } = traceOfParts(partsIn(db)) as Loose;
	edit(content);
	const given = fresh ? traceId(content) : id;
	putIn(db, given, [canonicalJson({ ...content, id: given })]);
	return given;
}

const richer = (trace: Loose) => {
	for (const leaf of trace.leaves) leaf.labels = [];
};

const judged = (place: string, account: string) => JSON.parse(clew(["check", account, "--case", place, "--json"]).out);

describe("a trace that nobody ran", () => {
	let made = "";
	let place = "";
	beforeAll(() => {
		place = received("made-up.clew", (db) => {
			made = changeTrace(db, richer);
		});
	});

	it.each([
		["export", ["--trace", "last", "--out", at("never")]],
		["freeze", ["--trace", "last", "--out", at("never")]],
		["freeze of leads", ["--trace", "last", "--include-leads", "--out", at("never")]],
	])("makes no %s, though its id fits its content", (command, more) => {
		const { code, out } = clew([command.split(" ")[0] as string, "--case", place, ...more, "--json"]);
		expect(code).not.toBe(0);
		expect(JSON.parse(out)).toMatchObject({
			code: "CASE_CORRUPT",
			message: expect.stringContaining(`trace ${made} is unverified (no entry of the custody log says that it was run)`),
			hint: expect.stringContaining("Run clew trace again"),
		});
	});

	it("is a fault that doctor finds", () => {
		const { code, out } = clew(["doctor", "--case", place]);
		expect([code, out]).toEqual([1, expect.stringMatching(new RegExp(`FAIL case: trace ${made} is unverified`))]);
		expect(clew(["doctor", "--case", at("sent.clew")]).code).toBe(0);
	});

	it("is left out of a check, which says so, and of a score", () => {
		const { open, notLookedAt } = judged(place, SHOP);
		expect(open).toContain("stolen-money");
		expect(notLookedAt.join("\n")).toContain(`trace ${made} is unverified`);
		expect(clew(["score", made, "--case", place, "--json"]).out).toContain("CASE_CORRUPT");
	});

	it("is named by inspect, and running the trace again gives one that counts", () => {
		expect(JSON.parse(mustClew("case", "inspect", place, "--json")).traces).toEqual([
			{ id: made, fault: expect.stringContaining("is unverified") },
		]);
		mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("run-again"));
		expect(mustClew("verify", at("run-again"))).toContain("hashes agree");
	});

	it("is not made one by an entry of another kind, nor by a note that looks like one", () => {
		const noted = received("noted.clew", (db) => {
			const id = changeTrace(db, richer);
			const entries = db.prepare("SELECT * FROM custody ORDER BY sequence").all();
			const note = nextCustodyEntry(entries.at(-1), "2026-01-01T00:00:00Z", "alert acknowledged", `${id}: tx:1`);
			db.prepare(
				"INSERT INTO custody (sequence, at, action, detail, previous, hash) VALUES (@sequence, @at, @action, @detail, @previous, @hash)",
			).run(note);
		});
		expect(clew(["export", "--case", noted, "--out", at("never"), "--trace", "last"]).err).toContain("is unverified");
	});
});

describe("a custody log that was changed", () => {
	const forgeries: readonly [string, string][] = [
		["names another trace", "UPDATE custody SET detail = (SELECT id FROM traces) || ': tx:1' WHERE action = 'trace run'"],
		["lacks an entry", "DELETE FROM custody WHERE sequence = 2"],
		["has another number at its end", "UPDATE custody SET sequence = 99 WHERE sequence = (SELECT max(sequence) FROM custody)"],
		["says another hash before it", "UPDATE custody SET previous = hash WHERE sequence = (SELECT max(sequence) FROM custody)"],
	];
	it.each(forgeries)("and %s vouches for no trace, is not copied, and is no log that doctor passes", (_, sql) => {
		const place = received(`log-${forgeries.findIndex(([name]) => name === _)}.clew`, (db) => {
			if (sql.includes("traces")) changeTrace(db, richer);
			db.exec(sql);
		});
		const { err } = clew(["export", "--case", place, "--trace", "last", "--out", at("never")]);
		expect(err).toMatch(/is unverified \(the custody log was changed at entry \d+\)[\s\S]*Make a case anew from its sources/);
		expect(judged(place, SHOP).notLookedAt.join()).toContain("the custody log was changed");
		expect(clew(["store", "copy", "--from", place, "--to", `${place}.copy`]).err).toContain("the custody log was changed at entry");
		expect(clew(["doctor", "--case", place])).toMatchObject({ code: 1, out: expect.stringContaining("FAIL case") });
		expect(clew(["custody", "--case", place]).code).toBe(1);
	});
});

describe("a trace that was run", () => {
	it("counts when it was narrowed, run twice, or copied to another place", () => {
		const place = received("honest.clew", () => {});
		const whatIf = JSON.parse(mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`, "--until", "13", "--json")).id;
		mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
		mustClew("store", "copy", "--from", place, "--to", at("copied.clew"));
		for (const from of [place, at("copied.clew")]) {
			for (const [i, id] of [whatIf, "last"].entries()) mustClew("export", "--case", from, "--trace", id, "--out", `${from}.bundle-${i}`);
			mustClew("freeze", "--case", from, "--trace", "last", "--out", `${from}.requests`);
			expect(judged(from, SHOP).notLookedAt.join()).not.toContain("trace");
			expect(JSON.parse(mustClew("case", "inspect", from, "--json")).traces.map((one: Loose) => one.fault)).toEqual([null, null]);
		}
	});

	it("takes the place of one that was changed under its id", () => {
		const place = received("mended.clew", (db) => void changeTrace(db, richer, false));
		const before = clew(["export", "--case", place, "--trace", "last", "--out", at("mended")]);
		expect(before.err).toContain("was changed after it was made");
		mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("mended"));
	});

	it("does not hide that another was not looked at, whatever that one was made to name", () => {
		for (const [name, from, to] of [
			["account", SHOP, `0x${"9".repeat(40)}`],
			["chain", `"chain":"eip155:1"`, `"chain":"eip155:9"`],
		] as const) {
			const place = received(`hidden-${name}.clew`, (db) => {
				const id = db.prepare("SELECT id FROM traces").pluck().get();
				putIn(
					db,
					id,
					partsIn(db).map((part) => part.replaceAll(from, to)),
				);
			});
			mustClew("trace", "--case", place, "--seed", `account:${THIEF}`);
			const { open, notLookedAt } = judged(place, SHOP);
			expect(open).toContain("stolen-money");
			expect(notLookedAt.join("\n")).toMatch(/was changed after it was made.*and was not looked at/);
		}
	});
});

describe("a case file that cannot be used", () => {
	it("is named by inspect as the user named it", () => {
		writeFileSync(at("text.clew"), "no database at all, and long enough to be taken for one? no");
		const empty = new Database(at("other.clew"));
		empty.exec("CREATE TABLE t (a)");
		empty.close();
		const changed = received("trigger.clew", (db) => db.exec("CREATE TRIGGER t AFTER INSERT ON traces BEGIN DELETE FROM custody; END"));
		const newer = received("newer.clew", (db) => db.pragma("user_version = 999"));
		for (const file of [at("other.clew"), changed, newer]) {
			const { code, err } = clew(["case", "inspect", file]);
			expect(code).not.toBe(0);
			expect(err).toContain(file);
			expect(err).not.toContain("clew-inspect-");
		}
		for (const file of [at("text.clew"), at("none.clew"), folder]) {
			const { code, err } = clew(["case", "inspect", file]);
			expect(code).not.toBe(0);
			expect(err).not.toMatch(/clew-inspect-|defect of Clew/);
		}
	});
});

describe("an amount that was changed in the file", () => {
	it.each(["", "abc"])("to %j is found, and the place is named", (amount) => {
		const place = received(`amount-${amount}.clew`, (db) =>
			db.prepare("UPDATE transfers SET amount = ? WHERE pos = (SELECT max(pos) FROM transfers)").run(amount),
		);
		for (const args of [
			["trace", "--seed", `tx:${hash(10)}`],
			["show", THIEF],
		]) {
			const { code, out } = clew([...args, "--case", place, "--json"]);
			expect(code).not.toBe(0);
			expect(JSON.parse(out)).toMatchObject({ code: "CASE_CORRUPT", message: expect.stringMatching(/^the transfer at 14\.\d+\.\d+/) });
		}
	});
});
