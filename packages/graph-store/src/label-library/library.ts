import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ClewError, DANGEROUS_CATEGORIES, disagree, instantOf, type Label, type LabelCategory, standingAt } from "@clew/core";
import Database from "better-sqlite3";
import { BOUND_LIMIT, guard, refuseForeignObjects, tune } from "../sqlite/database.js";
import { restsOn } from "./rests-on.js";
import { LIBRARY_ID, LIBRARY_SCHEMA } from "./schema.js";

/** A row of a list; `subject` is a CAIP-10 account or `domain:` and a host name. Dates are ISO, or empty. */
export interface LibraryLabel extends Pick<Label, "category" | "entity" | "name" | "confidence"> {
	readonly subject: string;
	readonly validFrom: string;
	readonly validUntil: string;
}

/** Questions that a list can claim to answer: who is sanctioned, and who was reported for scams and thefts. */
export const LIST_QUESTIONS = ["sanctions", "scams"] as const;
export type ListQuestion = (typeof LIST_QUESTIONS)[number];

/** That a list is its publisher's list of a question, or a part of it, such as the addresses of one asset; empty for the whole. */
export interface ListClaim {
	readonly question: ListQuestion;
	readonly part: string;
}

/** A list as it is put into the library. */
export interface LibraryList {
	readonly id: string;
	readonly publisher: string;
	readonly licence: string;
	readonly retrievedAt: string;
	/** The question that it claims to be the list of; none where it is not given: what it holds warns, what it lacks says nothing. */
	readonly answers?: ListClaim | undefined;
	readonly file: { readonly name: string; readonly sha256: string; readonly bytes: number };
	readonly labels: Iterable<LibraryLabel>;
}

/** One sync of a list. `syncedAt` is ISO UTC. */
export interface LibraryVersion {
	readonly id: number;
	readonly list: string;
	readonly publisher: string;
	readonly licence: string;
	readonly retrievedAt: string;
	readonly syncedAt: string;
	readonly sha256: string;
	readonly file: string;
	readonly bytes: number;
	readonly rows: number;
	/** The question that it claims to answer, and of which part; empty where it claims none, and for the whole. */
	readonly answers: ListQuestion | "";
	readonly part: string;
}

/** When a version's copy was taken (ISO date), or, where nobody said, when it was loaded. */
export function listDate({ retrievedAt, syncedAt }: Pick<LibraryVersion, "retrievedAt" | "syncedAt">): string {
	return (retrievedAt || syncedAt).slice(0, ISO_DATE);
}

/** What the library holds of a subject: the claim, where it comes from, and whether its list still makes it. */
export interface LibraryEntry extends LibraryLabel {
	readonly list: string;
	readonly publisher: string;
	/** Date of the list that first had it, or of its sync. */
	readonly firstSeen: string;
	/** False where that list gives no date, so that `firstSeen` is when it was loaded. */
	readonly dated: boolean;
	/** The same of the list that no longer had it; empty while it is listed. */
	readonly goneSince: string;
}

/** Entries of a subject, strongest first, at most as many as asked for, and how many there are. */
export interface LibraryAnswer {
	readonly entries: readonly LibraryEntry[];
	readonly total: number;
}

/** What a sync changed. */
export interface SyncReport {
	readonly rows: number;
	readonly added: number;
	readonly gone: number;
}

/** Subjects about which current claims disagree. */
export interface LabelConflict {
	readonly subject: string;
	readonly entries: readonly LibraryEntry[];
}

/** A collection of label lists outside any case, one file. Every method is synchronous; a lookup reads one place of one index. */
export interface LabelLibrary {
	/** Makes the list's rows the current ones: those that are no longer on it are kept as gone. One transaction. */
	put(list: LibraryList, syncedAt: string): SyncReport;
	lookup(subject: string, limit?: number): LibraryAnswer;
	/** Current entries of dangerous categories whose subjects begin so, in order of subject, at most `limit`. */
	dangersUnder(prefix: string, limit: number): readonly LibraryEntry[];
	/** The subjects of all current entries of dangerous categories, as they are stored; one may come several times. */
	dangers(): IterableIterator<string>;
	/**
	 * The lists on which an answer about subjects that begin so rests on a day (ISO date): those that claim to answer the question
	 * (see {@link restsOn}) and say more than guesses of such subjects, which had not ended. None where no list does.
	 */
	answering(question: ListQuestion, prefix: string, today: string): readonly LibraryVersion[];
	/** Newest version of each list, in order of list. */
	lists(): readonly LibraryVersion[];
	/** What changed in a list since its last version of a date (ISO) or before. Undefined when there was none then. */
	diff(
		list: string,
		since: string,
	):
		| { readonly from: LibraryVersion; readonly to: LibraryVersion; readonly added: LibraryEntry[]; readonly gone: LibraryEntry[] }
		| undefined;
	/** Subjects whose claims that hold on a day (ISO date) contradict each other (see `disagree`); at most `limit`, in order of subject. */
	conflicts(limit: number, today: string): readonly LabelConflict[];
	close(): void;
}

const DEFAULT_LIMIT = 50;
const MAX_CONFIDENCE = 100;
/** Below "web crawl" a claim is a guess (GraphSense's scale), and a list of guesses answers no question. */
const GUESS = 20;
const ISO_DATE = 10;

const DANGERS = JSON.stringify([...DANGEROUS_CATEGORIES]);
/** What lists of a question say. */
const SPOKEN: Readonly<Record<ListQuestion, string>> = {
	sanctions: JSON.stringify(["sanctioned"]),
	scams: JSON.stringify([...DANGEROUS_CATEGORIES].filter((category) => category !== "sanctioned")),
};
/** The first text behind all that begin with this ASCII one. */
const after = (prefix: string): string => prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

/** Whether a claim holds on a day (ISO date), at its first second. */
function heldOn({ validFrom, validUntil }: LibraryEntry, today: string): boolean {
	return standingAt({ validFrom: validFrom || undefined, validUntil: validUntil || undefined }, instantOf(today)) === "held";
}

/** Columns of an entry: subject, weakness, list, category, entity, name, valid from, valid until, first, gone. */
type Row = readonly [string, number, string, string, string, string, string, string, number, number | null];

/** Opens the library, or makes it with its folder when it is not there and `create` is set. Throws ClewError. */
export function openLabelLibrary(path: string, options: { readonly create: boolean }): LabelLibrary {
	return guard(() => {
		if (options.create) mkdirSync(dirname(path), { recursive: true });
		const db = new Database(path, { fileMustExist: !options.create, timeout: 5_000 });
		try {
			prepare(db, path);
			return libraryOver(db);
		} catch (error) {
			db.close();
			throw error;
		}
	});
}

function prepare(db: Database.Database, path: string): void {
	const id = db.pragma("application_id", { simple: true });
	const empty = db.prepare(`SELECT count(*) FROM sqlite_master`).pluck().get() === 0;
	if (id !== LIBRARY_ID && !empty)
		throw new ClewError("CASE_CORRUPT", `${path} is a database, but no label library`, { hint: "Check the path." });
	// The first form was not counted: it is what a file without a number has.
	const applied = empty ? 0 : Number(db.pragma("user_version", { simple: true })) || 1;
	if (applied > LIBRARY_SCHEMA.length) throw new ClewError("CASE_VERSION", `${path} was written by a newer Clew`, { hint: "Update Clew." });
	if (!empty) refuseForeignObjects(db, path, LIBRARY_SCHEMA.slice(0, applied));
	tune(db);
	if (applied < LIBRARY_SCHEMA.length)
		db.transaction(() => {
			for (const sql of LIBRARY_SCHEMA.slice(applied)) db.exec(sql);
			db.pragma(`application_id = ${LIBRARY_ID}`);
			db.pragma(`user_version = ${LIBRARY_SCHEMA.length}`);
		}).immediate();
}

const accused = `category IN (SELECT value FROM json_each(?))`;

/** Reads the whole file, through a connection of its own, so that none of it stays in memory. */
function* dangersIn(path: string): IterableIterator<string> {
	const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
	try {
		db.pragma("trusted_schema = OFF");
		db.pragma("mmap_size = 0");
		yield* db
			.prepare<[string], string>(`SELECT subject FROM entries WHERE gone IS NULL AND ${accused}`)
			.pluck()
			.iterate(DANGERS) as IterableIterator<string>;
	} finally {
		db.close();
	}
}

function libraryOver(db: Database.Database): LabelLibrary {
	const columns = `subject, weakness, list, category, entity, name, valid_from, valid_until, first, gone`;
	const find = db
		.prepare(
			`SELECT ${columns} FROM entries WHERE subject = ? ORDER BY weakness, list, category, entity, name, first, valid_from, valid_until ${BOUND_LIMIT}`,
		)
		.raw();
	const count = db.prepare(`SELECT count(*) FROM entries WHERE subject = ?`).pluck();
	const insertVersion = db.prepare(
		`INSERT INTO versions (list, publisher, licence, retrieved_at, synced_at, sha256, file, bytes, rows, answers, part) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
	);
	const versionColumns = `id, list, publisher, licence, retrieved_at AS retrievedAt, synced_at AS syncedAt, sha256, file, bytes, rows, answers, part`;
	const versionById = db.prepare(`SELECT ${versionColumns} FROM versions WHERE id = ?`);
	const newest = db.prepare(
		`SELECT ${versionColumns} FROM versions WHERE id IN (SELECT max(id) FROM versions GROUP BY list) ORDER BY list`,
	);
	const newestOf = db.prepare(`SELECT ${versionColumns} FROM versions WHERE list = ? ORDER BY id DESC LIMIT 1`);
	const versionAt = db.prepare(
		`SELECT ${versionColumns} FROM versions WHERE list = ? AND CASE retrieved_at WHEN '' THEN substr(synced_at, 1, 10) ELSE retrieved_at END <= ? ORDER BY id DESC LIMIT 1`,
	);
	const addedSince = db
		.prepare(
			`SELECT ${columns} FROM entries WHERE list = ? AND first > ? AND gone IS NULL ORDER BY subject, weakness, category, entity, name`,
		)
		.raw();
	const goneSince = db
		.prepare(`SELECT ${columns} FROM entries WHERE list = ? AND first <= ? AND gone > ? ORDER BY subject, weakness, category, entity, name`)
		.raw();
	const conflicting = db
		.prepare(
			`SELECT subject FROM entries WHERE gone IS NULL GROUP BY subject
			HAVING count(*) > 1 AND (count(DISTINCT category) > 1 OR count(DISTINCT lower(entity)) > 1) ORDER BY subject`,
		)
		.pluck();
	const current = db
		.prepare(`SELECT ${columns} FROM entries WHERE subject = ? AND gone IS NULL ORDER BY weakness, list ${BOUND_LIMIT}`)
		.raw();
	const under = db
		.prepare(
			`SELECT ${columns} FROM entries WHERE subject >= ? AND subject < ? AND gone IS NULL AND ${accused} ORDER BY subject, weakness, list ${BOUND_LIMIT}`,
		)
		.raw();
	const anyUnder = db
		.prepare(
			`SELECT 1 FROM entries WHERE list = ? AND subject >= ? AND subject < ? AND gone IS NULL AND ${accused} AND weakness <= ${MAX_CONFIDENCE - GUESS}
				AND (valid_until = '' OR valid_until > ?) LIMIT 1`,
		)
		.pluck();
	db.exec(`CREATE TEMP TABLE incoming (subject TEXT NOT NULL, weakness INTEGER NOT NULL, category TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
		valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, PRIMARY KEY (subject, weakness, category, entity, name, valid_from, valid_until)) WITHOUT ROWID`);
	const insertIncoming = db.prepare(`INSERT OR IGNORE INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?)`);
	const same = `i.subject = entries.subject AND i.weakness = entries.weakness AND i.category = entries.category AND i.entity = entries.entity AND i.name = entries.name`;
	const markGone = db.prepare(
		`UPDATE entries SET gone = @version WHERE list = @list AND gone IS NULL AND NOT EXISTS (SELECT 1 FROM incoming i WHERE ${same})`,
	);
	const claim = `e.list = @list AND e.gone IS NULL AND e.subject = i.subject AND e.weakness = i.weakness AND e.category = i.category AND e.entity = i.entity AND e.name = i.name`;
	const time = `e.valid_from = i.valid_from AND e.valid_until = i.valid_until`;
	const columnsOf = (first: string) =>
		`i.subject, i.weakness, @list, i.category, i.entity, i.name, ${first}, NULL, i.valid_from, i.valid_until`;
	const addNew = db.prepare(
		`INSERT INTO entries SELECT ${columnsOf("@version")} FROM incoming i WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE ${claim})`,
	);
	// A claim that the list still makes is as old as it was, whatever times the list gives it now.
	const addTimes = db.prepare(
		`INSERT INTO entries SELECT ${columnsOf(`(SELECT min(e.first) FROM entries e WHERE ${claim})`)} FROM incoming i
		WHERE NOT EXISTS (SELECT 1 FROM entries e WHERE ${claim} AND ${time})`,
	);
	const dropTimes = db.prepare(
		`DELETE FROM entries WHERE list = @list AND gone IS NULL
		AND NOT EXISTS (SELECT 1 FROM incoming i WHERE ${same} AND i.valid_from = entries.valid_from AND i.valid_until = entries.valid_until)`,
	);
	const setRows = db.prepare(`UPDATE versions SET rows = (SELECT count(*) FROM incoming) WHERE id = ?`);

	/** Who published a version and when; few, so that a lookup reads entries alone. */
	const versions = new Map<number, { readonly publisher: string; readonly date: string; readonly dated: boolean }>();
	const versionOf = (id: number) => {
		const known = versions.get(id);
		if (known !== undefined) return known;
		const { publisher, retrievedAt, syncedAt } = versionById.get(id) as LibraryVersion;
		const version = { publisher, date: listDate({ retrievedAt, syncedAt }), dated: retrievedAt !== "" };
		versions.set(id, version);
		return version;
	};
	const entryOf = (row: Row): LibraryEntry => {
		const [subject, weakness, list, category, entity, name, validFrom, validUntil, first, gone] = row;
		const { publisher, date, dated } = versionOf(first);
		return {
			subject,
			category: category as LabelCategory,
			entity,
			name,
			confidence: MAX_CONFIDENCE - weakness,
			validFrom,
			validUntil,
			list,
			publisher,
			firstSeen: date,
			dated,
			goneSince: gone === null ? "" : versionOf(gone).date,
		};
	};

	const answering = (question: ListQuestion, prefix: string, today: string): readonly LibraryVersion[] => {
		const asked = (newest.all() as LibraryVersion[]).filter(({ answers }) => answers === question);
		return restsOn(asked.filter(({ list }) => anyUnder.get(list, prefix, after(prefix), SPOKEN[question], today) !== undefined));
	};

	const put = db.transaction((list: LibraryList, syncedAt: string): SyncReport => {
		const { file, answers } = list;
		const version = Number(
			insertVersion.run(
				...[list.id, list.publisher, list.licence, list.retrievedAt, syncedAt, file.sha256, file.name, file.bytes],
				...[answers?.question ?? "", answers?.part ?? ""],
			).lastInsertRowid,
		);
		db.exec(`DELETE FROM incoming`);
		for (const l of list.labels)
			insertIncoming.run(l.subject, MAX_CONFIDENCE - l.confidence, l.category, l.entity, l.name, l.validFrom, l.validUntil);
		const gone = markGone.run({ list: list.id, version }).changes;
		const added = addNew.run({ list: list.id, version }).changes;
		addTimes.run({ list: list.id });
		dropTimes.run({ list: list.id });
		setRows.run(version);
		db.exec(`DELETE FROM incoming`);
		return { rows: (newestOf.get(list.id) as LibraryVersion).rows, added, gone };
	});

	return {
		put: (list, syncedAt) => guard(() => put.immediate(list, syncedAt)),
		lookup(subject, limit = DEFAULT_LIMIT) {
			const rows = find.all(subject, limit) as Row[];
			return { entries: rows.map(entryOf), total: rows.length < limit ? rows.length : (count.get(subject) as number) };
		},
		dangersUnder: (prefix, limit) => (under.all(prefix, after(prefix), DANGERS, limit) as Row[]).map(entryOf),
		dangers: () => dangersIn(db.name),
		answering,
		lists: () => newest.all() as LibraryVersion[],
		diff(list, since) {
			const to = newestOf.get(list) as LibraryVersion | undefined;
			const from = versionAt.get(list, since) as LibraryVersion | undefined;
			if (to === undefined || from === undefined) return undefined;
			return {
				from,
				to,
				added: (addedSince.all(list, from.id) as Row[]).map(entryOf),
				gone: (goneSince.all(list, from.id, from.id) as Row[]).map(entryOf),
			};
		},
		conflicts(limit, today) {
			const found: LabelConflict[] = [];
			for (const subject of conflicting.all() as string[]) {
				const entries = (current.all(subject, DEFAULT_LIMIT) as Row[]).map(entryOf).filter((entry) => heldOn(entry, today));
				if (disagree(entries)) found.push({ subject, entries });
				if (found.length === limit) break;
			}
			return found;
		},
		close: () => void db.close(),
	};
}
