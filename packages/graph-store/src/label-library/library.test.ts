import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disagree } from "@clew/core";
import { fc, test } from "@fast-check/vitest";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LabelLibrary, type LibraryLabel, openLabelLibrary } from "./library.js";
import { LIBRARY_ID, LIBRARY_SCHEMA } from "./schema.js";

const label = (subject: string, rest: Partial<LibraryLabel> = {}): LibraryLabel => ({
	subject,
	category: "sanctioned",
	entity: "E",
	name: "E",
	confidence: 60,
	validFrom: "",
	validUntil: "",
	...rest,
});
const list = (labels: Iterable<LibraryLabel>, retrievedAt = "", id = "ofac") => ({
	id,
	publisher: "P",
	licence: "L",
	retrievedAt,
	file: { name: "f", sha256: "00", bytes: 1 },
	labels,
});

describe("label library", () => {
	let path: string;
	let library: LabelLibrary;
	beforeEach(() => {
		path = join(mkdtempSync(join(tmpdir(), "clew-library-")), "deep", "labels.db");
		library = openLabelLibrary(path, { create: true });
	});
	afterEach(() => library.close());
	const subjects = (entries: readonly { subject: string }[]) => entries.map((entry) => entry.subject);

	it("keeps what a newer list dropped as gone, with dates, and shows the difference since a date", () => {
		expect(library.put(list([label("a"), label("b")], "2024-01-01"), "2024-01-02T00:00:00Z")).toEqual({ rows: 2, added: 2, gone: 0 });
		expect(library.put(list([label("b"), label("c")], "2025-03-21"), "2025-03-22T00:00:00Z")).toEqual({ rows: 2, added: 1, gone: 1 });
		expect(library.lookup("a").entries[0]).toMatchObject({ firstSeen: "2024-01-01", goneSince: "2025-03-21" });
		expect(library.lookup("b").entries).toHaveLength(1);
		const diff = library.diff("ofac", "2024-06-01");
		expect([subjects(diff?.added ?? []), subjects(diff?.gone ?? [])]).toEqual([["c"], ["a"]]);
		expect(library.diff("ofac", "2023-01-01")).toBeUndefined();
		expect(library.lists()).toEqual([expect.objectContaining({ list: "ofac", rows: 2, retrievedAt: "2025-03-21", licence: "L" })]);
	});

	it("keeps every time that a list gives a claim, and what a newer list says of the claim in its place", () => {
		const times = () => library.lookup("a").entries.map((e) => `${e.validFrom}..${e.validUntil} ${e.firstSeen} ${e.goneSince}`);
		const first = label("a", { validFrom: "2015-09-01", validUntil: "2015-10-01" });
		const second = label("a", { validFrom: "2014-01-01", validUntil: "2014-06-01" });
		const open = label("a", { validFrom: "2020-01-01" });
		expect(library.put(list([first, second, open, open], "2024-01-01"), "2024-01-02T00:00:00Z")).toEqual({ rows: 3, added: 3, gone: 0 });
		expect(times()).toEqual(["2014-01-01..2014-06-01 2024-01-01 ", "2015-09-01..2015-10-01 2024-01-01 ", "2020-01-01.. 2024-01-01 "]);
		const ended = label("a", { validFrom: "2020-01-01", validUntil: "2023-01-01" });
		expect(library.put(list([first, ended], "2025-01-01"), "2025-01-02T00:00:00Z")).toEqual({ rows: 2, added: 0, gone: 0 });
		expect(times()).toEqual(["2015-09-01..2015-10-01 2024-01-01 ", "2020-01-01..2023-01-01 2024-01-01 "]);
		expect(library.put(list([label("b")], "2026-01-01"), "2026-01-02T00:00:00Z")).toMatchObject({ added: 1, gone: 2 });
		expect(times()).toEqual(["2015-09-01..2015-10-01 2024-01-01 2026-01-01", "2020-01-01..2023-01-01 2024-01-01 2026-01-01"]);
	});

	it("answers a question for a day only by what had not ended then", () => {
		const answers = { question: "sanctions", part: "" } as const;
		const put = (validUntil: string, id: string) =>
			library.put({ ...list([label("eip155:a", { validUntil })], "2024-01-01", id), answers }, "2024-01-02T00:00:00Z");
		const answering = (today: string) => library.answering("sanctions", "eip155:", today).map((one) => one.list);
		put("2001-01-01", "ofac");
		expect([answering("2000-12-31"), answering("2024-01-02")]).toEqual([["ofac"], []]);
		put("2030-01-01", "other");
		expect(answering("2024-01-02")).toEqual(["other"]);
		expect(library.answering("scams", "eip155:", "2024-01-02")).toEqual([]);
	});

	it("answers a question by lists that claim to, of a publisher by the newest whole copy, else by the newest of each part", () => {
		const put = (id: string, part: string | undefined, retrievedAt: string, publisher = "P") => {
			const answers = part === undefined ? undefined : ({ question: "sanctions", part } as const);
			library.put({ ...list([label("eip155:a")], retrievedAt, id), publisher, answers }, "2025-01-02T00:00:00Z");
		};
		const answering = () => library.answering("sanctions", "eip155:", "2025-01-02").map((one) => one.list);
		put("note", undefined, "2025-01-01");
		expect(answering()).toEqual([]);
		put("starter-ofac-ETH", "ETH", "2024-01-01");
		put("ofac-ETH", "ETH", "2024-06-01");
		put("ofac-BSC", "BSC", "2023-01-01");
		expect(answering()).toEqual(["ofac-BSC", "ofac-ETH"]);
		put("ofac", "", "2022-01-01");
		expect(answering()).toEqual(["ofac"]);
		put("undated", "", "");
		put("eu", "", "", "EU");
		expect(answering()).toEqual(["eu", "ofac"]);
	});

	it("of an earlier form is brought up to date, and keeps what it holds", () => {
		const old = join(mkdtempSync(join(tmpdir(), "clew-library-")), "old.db");
		const db = new Database(old);
		db.exec(LIBRARY_SCHEMA[0] ?? "");
		db.pragma(`application_id = ${LIBRARY_ID}`);
		db.exec(`INSERT INTO versions VALUES (1, 'ofac', 'P', 'L', '2024-01-01', '2024-01-02T00:00:00Z', '00', 'f', 1, 1);
			INSERT INTO entries VALUES ('a', 40, 'ofac', 'sanctioned', 'E', 'E', 1, NULL, '2020-01-01', '')`);
		db.close();
		const opened = openLabelLibrary(old, { create: false });
		expect(opened.lookup("a").entries).toMatchObject([{ list: "ofac", confidence: 60, validFrom: "2020-01-01", firstSeen: "2024-01-01" }]);
		opened.close();
		openLabelLibrary(old, { create: false }).close();
	});

	it("lists again what comes back, as a new claim", () => {
		for (const [n, labels] of [[label("a")], [label("b")], [label("a")]].entries())
			library.put(list(labels, `2024-01-0${n + 1}`), "2024-02-01T00:00:00Z");
		expect(library.lookup("a").entries.map((entry) => [entry.firstSeen, entry.goneSince])).toEqual([
			["2024-01-01", "2024-01-02"],
			["2024-01-03", ""],
		]);
	});

	it("leaves the library as it was when a list fails half-way", () => {
		library.put(list([label("a")]), "2024-01-02T00:00:00Z");
		const failing = function* () {
			yield label("b");
			throw new Error("cut off");
		};
		expect(() => library.put(list(failing()), "2024-01-03T00:00:00Z")).toThrow("cut off");
		expect([library.lookup("a").entries.length, library.lookup("b").entries.length, library.lists().length]).toEqual([1, 0, 1]);
	});

	it("answers with the strongest claims first, bounded, and says how many there are", () => {
		const many = Array.from({ length: 1000 }, (_, i) => label("a", { entity: `E${i}`, confidence: i % 100 }));
		library.put(list(many), "2024-01-02T00:00:00Z");
		const { entries, total } = library.lookup("a", 3);
		expect([entries.map((entry) => entry.confidence), total]).toEqual([[99, 99, 99], 1000]);
	});

	it("shows contradictions, and counts a sanctioned mixer as none", () => {
		library.put(list([label("mixer"), label("double")]), "2024-01-02T00:00:00Z");
		library.put(
			list(
				[
					label("mixer", { category: "mixing_service", entity: "Tornado" }),
					label("double", { entity: "Another" }),
					label("two", { category: "exchange" }),
					label("two", { category: "gambling" }),
				],
				"",
				"tags",
			),
			"2024-01-02T00:00:00Z",
		);
		expect(subjects(library.conflicts(10, "2024-02-01"))).toEqual(["double", "two"]);
		// What ended contradicts nobody, and what is to come does not yet.
		const others = (validFrom: string, validUntil: string) =>
			library.put(list([label("mixer", { entity: "Third", validFrom, validUntil })], "", "third"), "2024-01-02T00:00:00Z");
		others("", "2024-01-31");
		expect(subjects(library.conflicts(10, "2024-01-30"))).toEqual(["double", "mixer", "two"]);
		expect(subjects(library.conflicts(10, "2024-02-01"))).toEqual(["double", "two"]);
		others("2027-01-01", "");
		expect(subjects(library.conflicts(10, "2024-02-01"))).toEqual(["double", "two"]);
		expect(
			disagree([
				{ category: "exchange", entity: "X" },
				{ category: "phishing", entity: "Y" },
			]),
		).toBe(true);
	});

	it("refuses a file that is no library", () => {
		const other = join(mkdtempSync(join(tmpdir(), "clew-library-")), "x.db");
		writeFileSync(other, "not a database at all, but long enough to be read as one ".repeat(40));
		expect(() => openLabelLibrary(other, { create: true })).toThrow("not an intact Clew case");
	});
});

test.prop([fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 6 }), { minLength: 1, maxLength: 6 })], { numRuns: 40 })(
	"after any history of syncs exactly the last list's rows are current",
	(history) => {
		const library = openLabelLibrary(join(mkdtempSync(join(tmpdir(), "clew-library-")), "l.db"), { create: true });
		for (const [day, names] of history.entries())
			library.put(
				list(
					names.map((n) => label(`s${n}`)),
					`2024-01-0${day + 1}`,
				),
				"2024-02-01T00:00:00Z",
			);
		const current = [0, 1, 2, 3, 4, 5, 6].filter((n) => library.lookup(`s${n}`).entries.some((entry) => entry.goneSince === ""));
		library.close();
		expect(current).toEqual([...new Set(history[history.length - 1])].sort());
	},
);
