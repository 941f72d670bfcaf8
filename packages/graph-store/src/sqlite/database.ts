import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ClewError, DEFAULT_CHAIN, InputError, InterruptedError, quote } from "@clew/core";
import Database from "better-sqlite3";
import { APPLICATION_ID, MIGRATIONS } from "./schema.js";

export type Db = Database.Database;

const BUSY_TIMEOUT_MS = 2_000;
/** Page cache in KiB (negative: KiB, not pages). */
const CACHE_KIB = -65_536;
const MMAP_BYTES = 1 << 30;

/**
 * A bound limit. A plain `LIMIT ?` is looked at while SQLite plans (`sqlite3ExprIsInteger`), and the statement is then planned anew each
 * time it is bound, which costs more than reading a page; the value of a sum is not looked at.
 */
export const BOUND_LIMIT = "LIMIT ? + 0";

/**
 * Opens an existing case, or with `create` makes a new one; errors call it `shown`. Throws ClewError (CASE_CORRUPT, CASE_VERSION,
 * CASE_BUSY) or InputError.
 */
export function openDatabase(path: string, create: boolean, shown = path): Db {
	if (create && existsSync(path))
		throw new InputError(`${shown} exists already`, { code: "USAGE", hint: "Choose another name, or remove the file." });
	if (create && !existsSync(dirname(path)))
		throw new InputError(`the folder ${dirname(shown)} does not exist`, {
			where: shown,
			code: "USAGE",
			hint: "Make the folder first, or choose another.",
		});
	if (!create && !existsSync(path)) {
		throw new InputError(`there is no case at ${shown}`, {
			code: "USAGE",
			hint: `Make one with: clew case new FILE --title TEXT --chain ${DEFAULT_CHAIN}`,
		});
	}
	if (!create && !statSync(path).isFile())
		throw new InputError(`${shown} is a folder, a pipe or a device: a case is a file`, { code: "USAGE", hint: "Check the path." });
	return guard(() => {
		const db = new Database(path, { timeout: BUSY_TIMEOUT_MS });
		try {
			const id = db.pragma("application_id", { simple: true });
			if (!create && id !== APPLICATION_ID) {
				throw new ClewError("CASE_CORRUPT", `${shown} is a database, but not a Clew case`, { hint: "Check the path." });
			}
			if (!create && statSync(path).size <= CHECKED_AT_OPENING) mustBeSound(db, shown);
			const version = Number(db.pragma("user_version", { simple: true }));
			if (!create && version <= MIGRATIONS.length) refuseForeignObjects(db, shown, MIGRATIONS.slice(0, version));
			tune(db);
			db.pragma("foreign_keys = ON");
			db.pragma("temp_store = FILE");
			migrate(db, shown);
			return db;
		} catch (error) {
			db.close();
			throw error;
		}
	});
}

const READING_CACHE_KIB = -8_192;

/**
 * Opens a copy that was made to be read (`writeReadingCopy`): nothing can be written through it, and it needs no further file. Little of it
 * is kept in memory. Throws ClewError (CASE_CORRUPT, CASE_VERSION) or InputError.
 */
export function openReadOnly(path: string): Db {
	if (!existsSync(path)) throw new InputError(`there is no case at ${path}`, { code: "USAGE" });
	return guard(() => {
		const db = new Database(path, { readonly: true });
		try {
			if (db.pragma("application_id", { simple: true }) !== APPLICATION_ID)
				throw new ClewError("CASE_CORRUPT", `${path} is a database, but not a Clew case`, { hint: "Check the path." });
			if (Number(db.pragma("user_version", { simple: true })) !== MIGRATIONS.length)
				throw new ClewError("CASE_VERSION", `${path} was written by another Clew`, { hint: "Make the copy anew." });
			db.pragma("trusted_schema = OFF");
			db.pragma("query_only = ON");
			db.pragma("temp_store = MEMORY");
			db.pragma(`cache_size = ${READING_CACHE_KIB}`);
			return db;
		} catch (error) {
			db.close();
			throw error;
		}
	});
}

/** Files up to this many bytes are checked whenever they are opened: it takes a fraction of a second. */
const CHECKED_AT_OPENING = 1 << 26;

/**
 * Throws ClewError (CASE_CORRUPT) for a file whose pages contradict each other. A small file in which trees share their pages holds more
 * rows than anybody can read. O(bytes of the file).
 */
function mustBeSound(db: Db, shown: string): void {
	const found = db.pragma("quick_check(1)", { simple: true });
	if (found !== "ok")
		throw new ClewError("CASE_CORRUPT", `${shown} is damaged, or was made to look like a case: ${quote(String(found))}`, {
			hint: HINT_DAMAGED,
		});
}

const HINT_DAMAGED = "Ask its sender for it again, or take a backup.";

/** The same for a file of any size, which is only read. */
export function checkCaseFile(path: string, shown: string): void {
	guard(() => {
		const db = new Database(path, { readonly: true });
		try {
			mustBeSound(db, shown);
		} finally {
			db.close();
		}
	});
}

/**
 * A file that came from somebody else holds the tables and indexes that these statements make, and nothing besides: a trigger, a view, a
 * virtual table or a generated column would run when the file is used. Throws ClewError (CASE_CORRUPT).
 */
export function refuseForeignObjects(db: Db, path: string, schema: readonly string[]): void {
	const own = new Database(":memory:");
	try {
		for (const sql of schema) own.exec(sql);
		const expected = new Set(objectsOf(own));
		const found = objectsOf(db);
		const foreign = found.find((object) => !expected.delete(object)) ?? [...expected][0];
		if (foreign === undefined) return;
		const [type, name] = JSON.parse(foreign) as [string, string];
		const what = found.includes(foreign) ? "has something that Clew did not make, or not like this" : "lacks something that every case has";
		throw new ClewError("CASE_CORRUPT", `${path} ${what}: the ${type} ${quote(name)}`, {
			hint: "The file was made or changed by another program, and is not opened. Ask its sender for a file that Clew wrote.",
		});
	} finally {
		own.close();
	}
}

/** Everything that a file defines, as JSON of type, name, table and statement; what SQLite makes by itself is left out. */
function objectsOf(db: Db): string[] {
	const own = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE NOT (type = 'index' AND sql IS NULL)").raw();
	return (own.all() as string[][]).map((row) => JSON.stringify(row));
}

/** How every file of ours is read and written: a log of writes, and much of the file in memory. */
export function tune(db: Db): void {
	// What a file defines may not call what only its opener should.
	db.pragma("trusted_schema = OFF");
	db.pragma("journal_mode = WAL");
	db.pragma("synchronous = NORMAL");
	db.pragma(`cache_size = ${CACHE_KIB}`);
	db.pragma(`mmap_size = ${MMAP_BYTES}`);
}

function migrate(db: Db, path: string): void {
	const version = Number(db.pragma("user_version", { simple: true }));
	if (version > MIGRATIONS.length) {
		throw new ClewError("CASE_VERSION", `${path} was written by a newer Clew (version ${version}; this one knows ${MIGRATIONS.length})`, {
			hint: "Update Clew.",
		});
	}
	if (version === MIGRATIONS.length) return;
	db.transaction(() => {
		for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
		db.pragma(`application_id = ${APPLICATION_ID}`);
		db.pragma(`user_version = ${MIGRATIONS.length}`);
	}).immediate();
}

/** Runs database work and turns SQLite's errors into ours. */
export function guard<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		throw translate(error);
	}
}

/** SQLite's errors in our words; other errors as they are. */
export function translate(error: unknown): unknown {
	if (error instanceof ClewError || error instanceof InterruptedError || !(error instanceof Database.SqliteError)) return error;
	const { code } = error;
	if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
		return new ClewError("CASE_BUSY", "another process is writing to this case", {
			hint: "Wait for it to end, then run the command again; nothing was changed.",
			cause: error,
			retryable: true,
		});
	}
	if (code === "SQLITE_FULL" || code.startsWith("SQLITE_IOERR")) {
		return new ClewError("DISK_FULL", `the disk refused a write (${code})`, {
			hint: "Free some space and run the command again; the case is as it was.",
			cause: error,
		});
	}
	if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") {
		return new ClewError("CASE_CORRUPT", "this file is not an intact Clew case", {
			hint: "Check the path, or restore the file from a copy.",
			cause: error,
		});
	}
	if (code === "SQLITE_CANTOPEN" || code.startsWith("SQLITE_READONLY")) {
		return new ClewError("USAGE", `the case file cannot be opened for writing (${code})`, {
			hint: "Check the folder and its permissions.",
			cause: error,
		});
	}
	return error;
}
