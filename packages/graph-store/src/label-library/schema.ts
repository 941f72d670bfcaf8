/** Marks a SQLite file as a library of labels ("CLWL" in ASCII). */
export const LIBRARY_ID = 0x434c574c;

/**
 * Migrations, in order; the index of the last one applied is the file's `user_version` (0 in files of the first form). Never edit one that
 * was released: append.
 *
 * A version is one sync of one list. An entry is there from the version that first had it (`first`) until the one that no longer had
 * it (`gone`). The key begins with the subject and then weakness (100 - confidence), so that the strongest claims are read first.
 */
export const LIBRARY_SCHEMA: readonly string[] = [
	`
CREATE TABLE versions (
	id INTEGER PRIMARY KEY, list TEXT NOT NULL, publisher TEXT NOT NULL, licence TEXT NOT NULL, retrieved_at TEXT NOT NULL,
	synced_at TEXT NOT NULL, sha256 TEXT NOT NULL, file TEXT NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL
);
CREATE INDEX versions_list ON versions (list, id);
CREATE TABLE entries (
	subject TEXT NOT NULL, weakness INTEGER NOT NULL, list TEXT NOT NULL, category TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
	first INTEGER NOT NULL, gone INTEGER, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL,
	PRIMARY KEY (subject, weakness, list, category, entity, name, first)
) WITHOUT ROWID;
CREATE INDEX entries_list ON entries (list, first);
CREATE INDEX entries_gone ON entries (list, gone) WHERE gone IS NOT NULL;
`,
	// A list may say the same of a subject of several times.
	`
CREATE TABLE dated_entries (
	subject TEXT NOT NULL, weakness INTEGER NOT NULL, list TEXT NOT NULL, category TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
	first INTEGER NOT NULL, gone INTEGER, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL,
	PRIMARY KEY (subject, weakness, list, category, entity, name, first, valid_from, valid_until)
) WITHOUT ROWID;
INSERT INTO dated_entries SELECT subject, weakness, list, category, entity, name, first, gone, valid_from, valid_until FROM entries;
DROP TABLE entries;
ALTER TABLE dated_entries RENAME TO entries;
CREATE INDEX entries_list ON entries (list, first);
CREATE INDEX entries_gone ON entries (list, gone) WHERE gone IS NOT NULL;
`,
	// Which question a list answers by its kind; before this any list with one sanctioned or scam row did.
	`
ALTER TABLE versions ADD COLUMN answers TEXT NOT NULL DEFAULT '';
ALTER TABLE versions ADD COLUMN part TEXT NOT NULL DEFAULT '';
UPDATE versions SET publisher = 'OFAC SDN list (US Treasury)' WHERE list GLOB 'starter-ofac-*';
UPDATE versions SET answers = 'sanctions' WHERE list = 'ofac' OR list GLOB 'ofac-*' OR list GLOB 'starter-ofac-*';
UPDATE versions SET part = CASE WHEN list GLOB '*ofac-*' THEN substr(list, instr(list, 'ofac-') + 5) ELSE '' END WHERE answers = 'sanctions';
UPDATE versions SET part = 'unnamed' WHERE list = 'ofac' AND retrieved_at = '';
UPDATE versions SET answers = 'scams' WHERE list IN ('scamsniffer', 'scamsniffer-addresses', 'scamsniffer-domains', 'metamask');
`,
];
