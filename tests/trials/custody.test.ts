import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type CustodyEntry, canonicalJson, nextCustodyEntry } from "@clew/core";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolVersion } from "../../packages/cli/src/context.js";
import { MIGRATIONS } from "../../packages/graph-store/src/sqlite/schema.js";
import { clew, mustClew, ROOT, scratch } from "../clew.js";
import { resealManifest } from "../reseal.js";

/** The driver of the case file, which belongs to the store. */
const Database = createRequire(join(ROOT, "packages/graph-store/package.json"))("better-sqlite3");
const VERSION = toolVersion();
/** How many steps brought a case file to the form before entries stated anything. */
const BEFORE_STATEMENTS = MIGRATIONS.findIndex((sql) => sql.includes("stated_with"));
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [PAYER, THIEF, SHOP] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const row = ([block, from, to]: readonly [number, string, string]) =>
	`${block},${1_600_000_000 + block},${hash(block)},${from},${to},1${"0".repeat(18)},21000,0,21000,0,1,0,,1000`;
const sumOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");
const logOf = (place: string): CustodyEntry[] => JSON.parse(clew(["custody", "--case", place, "--json"]).out).entries;
const lastOf = (place: string) => logOf(place).at(-1) as CustodyEntry;

/* biome-ignore lint/suspicious/noExplicitAny: what is done to a file has no type. */
function inFile(place: string, work: (db: any) => void): void {
	const db = new Database(place);
	work(db);
	db.close();
}

/** A copy of a case, to work on. */
function copyOf(place: string, name: string): string {
	copyFileSync(place, at(name));
	return at(name);
}

/** The same case as a Clew from before statements wrote it. */
function aged(place: string): void {
	inFile(place, (db) => {
		const log: CustodyEntry[] = [];
		for (const { at, action, detail } of db.prepare("SELECT * FROM custody ORDER BY sequence").all())
			log.push(nextCustodyEntry(log.at(-1), at, action, detail));
		for (const column of ["stated_with", "stated_by", "stated_why"]) db.exec(`ALTER TABLE custody DROP COLUMN ${column}`);
		const change = db.prepare("UPDATE custody SET previous = @previous, hash = @hash WHERE sequence = @sequence");
		for (const { previous, hash, sequence } of log) change.run({ previous, hash, sequence });
		const then = new Database(":memory:");
		for (const sql of MIGRATIONS.slice(0, BEFORE_STATEMENTS)) then.exec(sql);
		db.exec(
			`ALTER TABLE transfers DROP COLUMN call_path; DROP TABLE trace_parts; DROP TABLE traces; CREATE TABLE traces (id TEXT PRIMARY KEY, json TEXT NOT NULL); DROP INDEX transfers_calls; DROP INDEX blocks_hash; DROP TABLE labels; ${then.prepare("SELECT sql FROM sqlite_master WHERE name = 'labels'").pluck().get()}`,
		);
		then.close();
		db.pragma(`user_version = ${BEFORE_STATEMENTS}`);
	});
}

beforeAll(() => {
	mkdirSync(at("files"));
	writeFileSync(join(at("files"), `${THIEF}.csv`), `${HEAD}\n${row([10, PAYER, THIEF])}\n${row([12, THIEF, SHOP])}\n`);
	writeFileSync(at("labels.csv"), `address,entity,category\n${SHOP},Example Exchange,exchange\n${PAYER},Waldemar Quitzow,victim\n`);
	mustClew("case", "new", at("old.clew"), "--title", "A theft");
	mustClew("import", "etherscan", at("files"), "--case", at("old.clew"));
	aged(at("old.clew"));
	copyFileSync(at("old.clew"), at("mixed.clew"));
	const stated = ["--case", at("mixed.clew"), "--by", "A. Person", "--why", "order 7 of the court"];
	mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", ...stated);
	mustClew("trace", "--case", at("mixed.clew"), "--seed", `tx:${hash(10)}`);
	mustClew("keys", "new", at("key.pem"));
	copyFileSync(at("mixed.clew"), at("exported.clew"));
	mustClew("export", "--case", at("exported.clew"), "--trace", "last", "--out", at("bundle"));
});

describe("a log of old and new entries", () => {
	it("holds: a case file of before opens, and what is added states its program, and who and why where somebody said so", () => {
		const [created, imported, labels, trace] = logOf(copyOf(at("mixed.clew"), "read.clew"));
		for (const old of [created, imported]) expect(Object.keys(old ?? {})).not.toContain("with");
		expect(labels).toMatchObject({ with: `clew ${VERSION}`, by: "A. Person", why: "order 7 of the court" });
		expect([trace?.with, trace?.by, trace?.why]).toEqual([`clew ${VERSION}`, undefined, undefined]);
		const { code, out } = clew(["custody", "--case", at("read.clew")]);
		expect([code, out]).toEqual([0, expect.stringContaining("4 entries, the chain of hashes holds")]);
		expect(out).toContain("by A. Person; why: order 7 of the court");
	});

	it("goes into a bundle that verifies, in Clew and in the single file, and stands in its report", async () => {
		expect(mustClew("verify", at("bundle"))).toMatch(/^intact/);
		expect((await verifyFiles(await readBundle(at("bundle")), NO_TRUST)).failures.map(failureText)).toEqual([]);
		const report = readFileSync(at("bundle/report.html"), "utf8");
		expect(report).toContain("by A. Person; why: order 7 of the court");
		expect(report).toContain(`with clew ${VERSION}`);
	});

	it("takes who from $CLEW_BY, and from nowhere else", () => {
		const place = copyOf(at("old.clew"), "environment.clew");
		const label = ["label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place];
		expect(clew(label, { USER: "root", LOGNAME: "root" }).code).toBe(0);
		expect(lastOf(place)).not.toHaveProperty("by");
		expect(clew(label, { CLEW_BY: " Desk 4 " }).code).toBe(0);
		expect(lastOf(place).by).toBe("Desk 4");
		expect(clew([...label, "--by", "Desk 5"], { CLEW_BY: "Desk 4" }).code).toBe(0);
		expect(lastOf(place).by).toBe("Desk 5");
		for (const bad of ["", " ", "two\nlines", "\u001b[2K", "x".repeat(1001)]) expect(clew([...label, "--why", bad]).code).toBe(2);
		expect(clew(label, { CLEW_BY: "two\nlines" }).code).toBe(2);
	});

	it("is copied with every hash, and both cases say so", () => {
		const place = copyOf(at("mixed.clew"), "from.clew");
		const before = logOf(place);
		mustClew("store", "copy", "--from", place, "--to", at("to.clew"), "--why", "backup");
		expect(logOf(at("to.clew")).slice(0, before.length)).toEqual(before);
		const shared = `everything up to entry ${before.length}, sha256 ${before.at(-1)?.hash}`;
		expect(lastOf(place)).toMatchObject({ action: "case copied", detail: expect.stringContaining(shared), why: "backup" });
		expect(lastOf(at("to.clew"))).toMatchObject({ action: "case copied here", detail: expect.stringContaining(shared), why: "backup" });
		expect(clew(["custody", "--case", at("to.clew")]).code).toBe(0);
	});
});

/** What is done to a log, as a change of the file and of an entry; which entry, and what is said of which. */
const FORGERIES: readonly [string, string, (entry: Record<string, unknown>) => void, number, number, string][] = [
	["a time", "at = '2020-01-01T00:00:00Z'", (e) => Object.assign(e, { at: "2020-01-01T00:00:00Z" }), 2, 2, "does not hash to its own hash"],
	["an action", "action = 'x'", (e) => Object.assign(e, { action: "x" }), 2, 2, "does not hash to its own hash"],
	["a detail", "detail = 'x'", (e) => Object.assign(e, { detail: "x" }), 3, 3, "does not hash to its own hash"],
	["the program", "stated_with = 'x'", (e) => Object.assign(e, { with: "x" }), 3, 3, "does not hash to its own hash"],
	["who", "stated_by = 'x'", (e) => Object.assign(e, { by: "x" }), 3, 3, "does not hash to its own hash"],
	["why", "stated_why = 'x'", (e) => Object.assign(e, { why: "x" }), 3, 3, "does not hash to its own hash"],
	["who, taken away", "stated_by = NULL", (e) => Reflect.deleteProperty(e, "by"), 3, 3, "does not hash to its own hash"],
	["the program, taken away", "stated_with = NULL", (e) => Reflect.deleteProperty(e, "with"), 4, 4, "does not hash to its own hash"],
	["who, in an old entry", "stated_by = 'x'", (e) => Object.assign(e, { by: "x" }), 1, 1, "does not hash to its own hash"],
	["a hash", `hash = '${"1".repeat(64)}'`, (e) => Object.assign(e, { hash: "1".repeat(64) }), 2, 2, "does not hash to its own hash"],
	[
		"the hash before",
		`previous = '${"1".repeat(64)}'`,
		(e) => Object.assign(e, { previous: "1".repeat(64) }),
		3,
		3,
		"previous is not the hash of",
	],
];

describe("a log that was changed", () => {
	it.each(FORGERIES)("in %s breaks at that link, for clew custody and for the verifier", async (name, set, edit, changed, broken, why) => {
		const place = copyOf(at("mixed.clew"), `forged-${FORGERIES.findIndex(([one]) => one === name)}.clew`);
		inFile(place, (db) => db.exec(`UPDATE custody SET ${set} WHERE sequence = ${changed}`));
		const told = JSON.parse(clew(["custody", "--case", place, "--json"]).out);
		expect(told).toMatchObject({ intact: false, firstBroken: { sequence: broken } });
		expect(told.firstBroken.faults.join()).toContain(why);
		expect(told.links.slice(0, broken - 1).every((link: { holds: boolean }) => link.holds)).toBe(true);
		const files = new Map(await readBundle(at("bundle")));
		const lines = readFileSync(at("bundle/custody.jsonl"), "utf8").split("\n").slice(0, -1);
		const entry = JSON.parse(lines[changed - 1] as string);
		edit(entry);
		lines[changed - 1] = canonicalJson(entry);
		files.set("custody.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
		const { failures } = await verifyFiles(resealManifest(files), NO_TRUST);
		expect(failures.map(failureText)[0]).toMatch(new RegExp(`^custody\\.jsonl line ${broken}: .*${why}`));
	});

	it("is found where an entry is missing, and at the next link where a changed one was hashed anew", () => {
		const gap = copyOf(at("mixed.clew"), "gap.clew");
		inFile(gap, (db) => db.exec("DELETE FROM custody WHERE sequence = 2"));
		expect(clew(["case", "inspect", gap]).out).toContain("custody: entry 3: entry 2 is missing");
		expect(clew(["custody", "--case", gap]).out).toMatch(
			/the first broken link is entry 3: entry 2 is missing; its previous is not the hash of entry 1/,
		);
		const anew = copyOf(at("mixed.clew"), "anew.clew");
		inFile(anew, (db) => {
			const [first, second] = db.prepare("SELECT * FROM custody ORDER BY sequence").all();
			const forged = nextCustodyEntry(first, second.at, second.action, "other files");
			db.prepare("UPDATE custody SET detail = ?, hash = ? WHERE sequence = 2").run(forged.detail, forged.hash);
		});
		expect(clew(["custody", "--case", anew]).out).toContain("the first broken link is entry 3: its previous is not the hash of entry 2");
	});

	it("is none where only its times run backwards: that is a warning in words", () => {
		const place = copyOf(at("mixed.clew"), "clock.clew");
		mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
		expect(clew(["custody", "--case", place]).out).not.toContain("warning");
		expect(clew(["trace", "--case", place, "--seed", `tx:${hash(10)}`], { SOURCE_DATE_EPOCH: "1600000000" }).code).toBe(0);
		const { code, out } = clew(["custody", "--case", place]);
		expect([code, out]).toEqual([0, expect.stringContaining("warning: its time is before that of entry 5")]);
	});
});

describe("what is written out and taken in", () => {
	it("an import names the hash of each file, and of very many the hash of their list", () => {
		expect(logOf(copyOf(at("mixed.clew"), "files.clew"))[1]?.detail).toContain(`sha256 ${sumOf(join(at("files"), `${THIEF}.csv`))}`);
		mkdirSync(at("many"));
		const names = Array.from({ length: 21 }, (_, i) => join(at("many"), `${String(i).padStart(2, "0")}.csv`));
		for (const [i, name] of names.entries()) writeFileSync(name, `${HEAD}\n${row([100 + i, PAYER, THIEF])}\n`);
		mustClew("case", "new", at("many.clew"), "--title", "Many");
		mustClew("import", "etherscan", ...names, "--case", at("many.clew"));
		const list = createHash("sha256")
			.update(names.map((name) => `${sumOf(name)}\n`).join(""))
			.digest("hex");
		expect(lastOf(at("many.clew")).detail).toContain(`sha256 of the list of their sha256 ${list}`);
	});

	it("an export stands in the case after the bundle, which ends before it; one that fails does not", () => {
		const place = copyOf(at("mixed.clew"), "out.clew");
		const before = logOf(place);
		const signed = ["--sign", at("key.pem"), "--why", "for the prosecutor"];
		mustClew("export", "--case", place, "--trace", "last", "--out", at("signed.zip"), "--zip", ...signed);
		const key = /key ([0-9a-f]{64})/.exec(lastOf(place).by ?? "")?.[1] ?? "no key";
		expect(mustClew("verify", at("signed.zip"), "--trust-key", key)).toMatch(/^intact/);
		const entry = lastOf(place);
		expect(entry).toMatchObject({ action: "bundle exported", by: `key ${key}`, why: "for the prosecutor" });
		expect(entry.detail).toMatch(/^trace [0-9a-f]{16} as a zip; manifest\.json sha256 [0-9a-f]{64}; signed by key/);
		expect(entry.detail).toContain(`the file sha256 ${sumOf(at("signed.zip"))}`);
		expect(logOf(place)).toHaveLength(before.length + 1);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("plain"), "--by", "A. Person");
		expect(lastOf(place)).toMatchObject({ by: "A. Person", detail: expect.stringContaining(sumOf(at("plain/manifest.json"))) });
		expect(
			readFileSync(at("plain/custody.jsonl"), "utf8")
				.trimEnd()
				.split("\n")
				.map((line) => JSON.parse(line)),
		).toEqual([...before, entry]);
		expect(clew(["export", "--case", place, "--trace", "last", "--out", at("plain")]).code).toBe(2);
		expect(clew(["export", "--case", place, "--trace", "last", "--out", at("n"), "--timestamp", at("none.tsr")]).code).toBe(2);
		expect(logOf(place)).toHaveLength(before.length + 2);
	});

	it("requests name the hash of each list of files, and are noted once they are written", () => {
		const place = copyOf(at("mixed.clew"), "requests.clew");
		mustClew("freeze", "--case", place, "--out", at("requests"), "--why", "money may leave");
		const [name] = /custodian-[a-z-]+/.exec(lastOf(place).detail) ?? [];
		expect(lastOf(place)).toMatchObject({ action: "requests written", why: "money may leave" });
		expect(lastOf(place).detail).toContain(`packet.json sha256 ${sumOf(join(at("requests"), name ?? "", "packet.json"))}`);
		expect(clew(["freeze", "--case", place, "--out", at("requests")]).code).toBe(2);
		expect(logOf(place).filter(({ action }) => action === "requests written")).toHaveLength(1);
	});

	it("a disclosure is noted where a case is named; else stderr says that it is not", () => {
		const place = copyOf(at("mixed.clew"), "disclosing.clew");
		const before = logOf(place).length;
		const silent = clew(["disclose", at("bundle"), "--rows", "1", "--out", at("twin")], { CLEW_CASE: place });
		expect([silent.code, silent.err]).toEqual([0, expect.stringContaining("no custody log notes it")]);
		expect(logOf(place)).toHaveLength(before);
		mustClew("disclose", at("bundle"), "--rows", "1,2", "--out", at("twin2"), "--case", place, "--by", "A. Person");
		const { action, detail, by } = lastOf(place);
		expect([action, by]).toEqual(["rows disclosed", "A. Person"]);
		for (const name of ["manifest.json", "disclosure.json"]) expect(detail).toContain(`${name} sha256 ${sumOf(join(at("twin2"), name))}`);
		expect(detail).toMatch(/^rows 1-2 of trace/);
		expect(clew(["disclose", at("bundle"), "--rows", "99", "--out", at("no"), "--case", place]).code).toBe(2);
		expect(clew(["disclose", at("bundle"), "--rows", "1", "--out", at("no"), "--case", at("none.clew")]).code).toBe(2);
		expect([logOf(place).length, existsSync(at("no"))]).toEqual([before + 1, false]);
	});

	it("what was received is noted with its hash and the verdict, good or bad", () => {
		const place = copyOf(at("mixed.clew"), "receiving.clew");
		mustClew("verify", at("bundle"), "--case", place, "--why", "sent by the other desk");
		expect(lastOf(place)).toMatchObject({
			action: "bundle received",
			why: "sent by the other desk",
			detail: expect.stringMatching(new RegExp(`manifest\\.json sha256 ${sumOf(at("bundle/manifest.json"))}; trace .*; verdict: intact$`)),
		});
		cpSync(at("bundle"), at("damaged"), { recursive: true });
		writeFileSync(at("damaged/custody.jsonl"), "");
		expect(clew(["verify", at("damaged"), "--case", place]).code).toBe(1);
		expect(lastOf(place).detail).toMatch(/verdict: not verified, \d+ failures$/);
		writeFileSync(at("junk.zip"), "no zip");
		expect(clew(["verify", at("junk.zip"), "--case", place]).code).toBe(1);
		expect(lastOf(place).detail).toBe(
			`the file sha256 ${sumOf(at("junk.zip"))}; no signature that holds; verdict: not verified, 1 failures`,
		);
		expect(clew(["custody", "--case", place]).code).toBe(0);
	});

	it("a decryption is noted where a case is named; else stderr says that it is not", async () => {
		const place = copyOf(at("mixed.clew"), "secret.clew");
		const mine = await generateX25519Identity();
		writeFileSync(at("mine.txt"), `${mine}\n`);
		const recipient = await identityToRecipient(mine);
		mustClew("export", "--case", place, "--trace", "last", "--encrypt-to", recipient, "--out", at("secret.zip.age"));
		expect(lastOf(place).detail).toContain(`encrypted to ${recipient}`);
		const open = ["verify", at("secret.zip.age"), "--identity", at("mine.txt")];
		expect(clew(open).err).toContain("bundle decrypted: no custody log notes it");
		mustClew(...open, "--case", place);
		const hashes = `the file sha256 ${sumOf(at("secret.zip.age"))}; manifest.json sha256 `;
		expect(lastOf(place)).toMatchObject({ action: "bundle decrypted", detail: expect.stringContaining(hashes) });
	});

	it("a case that came in is noted with its hash and the state of its log, in it or in another", () => {
		const got = copyOf(at("old.clew"), "got.clew");
		const sum = sumOf(got);
		const own = copyOf(at("mixed.clew"), "own.clew");
		mustClew("case", "inspect", got, "--case", own, "--by", "A. Person");
		expect(sumOf(got)).toBe(sum);
		expect(lastOf(own)).toMatchObject({
			action: "case received",
			by: "A. Person",
			detail: expect.stringContaining(`the file sha256 ${sum}`),
		});
		expect(lastOf(own).detail).toContain("2 custody entries; the chain of hashes holds, the last is ");
		mustClew("case", "inspect", got, "--case", got);
		expect(lastOf(got).detail).toContain(`the file sha256 ${sum}`);
		inFile(got, (db) => db.exec("UPDATE custody SET detail = 'x' WHERE sequence = 2"));
		mustClew("case", "inspect", got, "--case", own);
		expect(lastOf(own).detail).toContain("THE CHAIN IS BROKEN at entry 2");
	});
});

it("names of victims in who and why go, too, and the log is chained anew", () => {
	const place = copyOf(at("mixed.clew"), "redacted.clew");
	const stated = ["--by", "Quitzow & Partners", "--why", "Waldemar Quitzow asked"];
	mustClew("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place, ...stated);
	mustClew("export", "--case", place, "--trace", "last", "--redact", "victims", "--out", at("redacted"));
	const text = readFileSync(at("redacted/custody.jsonl"), "utf8");
	expect(text).not.toMatch(/quitzow|waldemar/i);
	const last = JSON.parse(text.trimEnd().split("\n").at(-1) as string) as CustodyEntry;
	expect(last).toMatchObject({ by: expect.stringContaining("Partners"), why: expect.stringContaining("asked"), with: `clew ${VERSION}` });
	expect(mustClew("verify", at("redacted"))).toMatch(/^intact/);
	expect(lastOf(place).detail).toContain("names of victims withheld");
});
