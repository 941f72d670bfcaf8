import { existsSync } from "node:fs";
import { type AccountId, DENIALS, DETECTIONS, InputError, type Label, NFTS, type StoredRecord, UNSPENT_OUTPUTS } from "@clew/core";
import { HISTORY_CHECK } from "../rules/facts.js";
import { type Db, guard, openDatabase } from "./database.js";
import { type LabelRow, labelOf } from "./facts.js";
import { withoutBytes } from "./stored-text.js";

/** What of a case goes into a copy that somebody less trusted reads, and in which words. */
export interface ReadingCopy {
	/** What becomes of free text and of labels, where something has to: names of sources and tokens, notes of coverage, gaps. */
	readonly clean: { readonly text: (text: string) => string; readonly labels: (labels: readonly Label[]) => readonly Label[] } | undefined;
	/** Documents of the copy's own. */
	readonly documents: readonly (StoredRecord & { readonly kind: string })[];
	/** Results, by id, in parts; those of the case are left out. */
	readonly traces: ReadonlyMap<string, readonly string[]>;
}

/**
 * Documents that go along: what was seen, checked and priced. All others, those of persons and of watches among them, are left out, as are
 * the custody log and notes of cuts.
 */
const KINDS = [DETECTIONS, HISTORY_CHECK, DENIALS, NFTS, UNSPENT_OUTPUTS, "price", "imported", "listed-account", "listed-transactions"];

/** Columns of free text. */
const WORDS = [
	["sources", "name"],
	["sources", "detail"],
	["coverage", "source"],
	["coverage", "note"],
	["openings", "source"],
	["block_gaps", "gap"],
	["tx_gaps", "gap"],
	["assets", "symbol"],
	["meta", "value"],
	["records", "json"],
] as const;

/**
 * Writes a copy of a case file that needs no further file to be opened for reading alone ({@link openReadingCopy}), and holds nothing of
 * what was left out, not in free pages either. Throws InputError (USAGE) where `to` exists, ClewError for what is no case. O(bytes of the
 * case).
 */
export function writeReadingCopy(path: string, to: string, { clean, documents, traces }: ReadingCopy): void {
	if (existsSync(to)) throw new InputError(`${to} exists already`, { code: "USAGE", hint: "Choose another name, or remove the file." });
	guard(() => {
		const source = openDatabase(path, false);
		try {
			source.prepare("VACUUM INTO ?").run(to);
		} finally {
			source.close();
		}
		const db = openDatabase(to, false);
		try {
			db.pragma("secure_delete = ON");
			db.transaction(() => {
				db.exec("DELETE FROM custody; DELETE FROM traces; DELETE FROM trace_parts; UPDATE cluster_cuts SET note = ''");
				db.prepare(`DELETE FROM records WHERE kind NOT IN (${KINDS.map(() => "?").join(", ")})`).run(...KINDS);
				if (clean !== undefined) {
					for (const [table, column] of WORDS) rewrite(db, table, column, clean.text);
					rewriteLabels(db, clean.labels);
				}
				const put = db.prepare("INSERT OR REPLACE INTO records (kind, id, json) VALUES (?, ?, ?)");
				for (const { kind, id, json } of documents) put.run(kind, id, json);
				const [trace, part] = [db.prepare("INSERT INTO traces (id) VALUES (?)"), db.prepare("INSERT INTO trace_parts VALUES (?, ?, ?)")];
				for (const [id, parts] of traces) {
					trace.run(id);
					for (const [i, piece] of parts.entries()) part.run(id, i, piece);
				}
			}).immediate();
			db.pragma("journal_mode = DELETE");
			db.exec("VACUUM");
		} finally {
			db.close();
		}
	});
}

function rewrite(db: Db, table: string, column: string, text: (value: string) => string): void {
	const found = db.prepare(`SELECT DISTINCT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).pluck().all() as string[];
	const change = db.prepare(`UPDATE OR REPLACE ${table} SET ${column} = ? WHERE ${column} = ?`);
	for (const value of found) {
		const left = text(value);
		if (left !== value) change.run(left, value);
	}
}

function rewriteLabels(db: Db, labels: NonNullable<ReadingCopy["clean"]>["labels"]): void {
	const rows = db
		.prepare("SELECT accounts.account, labels.* FROM labels JOIN accounts ON accounts.id = labels.account_id")
		.all() as (LabelRow & { readonly account: AccountId })[];
	const whole = rows.map((row) => labelOf(row.account, withoutBytes(row, "labels")));
	const put = db.prepare("INSERT OR REPLACE INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	const idOf = new Map(rows.map(({ account, account_id }) => [account, account_id]));
	db.exec("DELETE FROM labels");
	for (const { account, source, entity, name, category, retrievedAt, confidence, validFrom = "", validUntil = "" } of labels(whole))
		put.run(idOf.get(account), source, entity, name, category, retrievedAt, confidence, validFrom, validUntil);
}
