/**
 * Migrations, in order; the index of the last one applied is the file's `user_version`. Never edit one that was
 * released: append.
 *
 * A transfer's key packs its position into one integer, so that the table and both indexes are in time order:
 * chain (3 bits), height (30), transaction index (14), event index (16).
 */
export const MIGRATIONS: readonly string[] = [
	`
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE chains (id INTEGER PRIMARY KEY, chain TEXT NOT NULL UNIQUE);
CREATE TABLE accounts (id INTEGER PRIMARY KEY, account TEXT NOT NULL UNIQUE, contract INTEGER NOT NULL DEFAULT 0);
CREATE TABLE assets (id INTEGER PRIMARY KEY, asset TEXT NOT NULL UNIQUE, decimals INTEGER, symbol TEXT);
CREATE TABLE sources (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE blocks (key INTEGER PRIMARY KEY, hash TEXT, parent TEXT, time INTEGER NOT NULL);
CREATE TABLE txs (key INTEGER PRIMARY KEY, hash TEXT NOT NULL, prefix INTEGER NOT NULL, indexed INTEGER NOT NULL);
CREATE INDEX txs_prefix ON txs (prefix);
CREATE TABLE transfers (
	pos INTEGER PRIMARY KEY,
	from_id INTEGER NOT NULL,
	to_id INTEGER NOT NULL,
	asset_id INTEGER NOT NULL,
	amount TEXT NOT NULL,
	kind INTEGER NOT NULL,
	tier INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	indexed INTEGER NOT NULL
);
CREATE INDEX transfers_from ON transfers (from_id);
CREATE INDEX transfers_to ON transfers (to_id);
CREATE TABLE labels (
	account_id INTEGER NOT NULL, source TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
	category TEXT NOT NULL, retrieved_at TEXT NOT NULL, confidence INTEGER NOT NULL,
	PRIMARY KEY (account_id, source, entity, name, category)
) WITHOUT ROWID;
CREATE TABLE coverage (
	chain_id INTEGER NOT NULL, account_id INTEGER, from_height INTEGER NOT NULL, to_height INTEGER NOT NULL,
	kinds TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL
);
CREATE INDEX coverage_account ON coverage (account_id);
CREATE TABLE openings (account_id INTEGER NOT NULL, asset_id INTEGER NOT NULL, height INTEGER NOT NULL, amount TEXT NOT NULL, source TEXT NOT NULL,
	PRIMARY KEY (account_id, asset_id, height)) WITHOUT ROWID;
CREATE TABLE block_gaps (key INTEGER NOT NULL, gap TEXT NOT NULL, PRIMARY KEY (key, gap)) WITHOUT ROWID;
CREATE TABLE traces (id TEXT PRIMARY KEY, json TEXT NOT NULL);
CREATE TABLE custody (sequence INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
`,
	// Bitcoin. A transaction's key is that of `txs`; an output's or input's is (transaction key << 16) | index. `prev` is the key of the
	// spent output when the case holds it; otherwise prev_hash and prev_vout name it, and value, account_id and type are what a source told.
	`
CREATE TABLE utxo_txs (
	key INTEGER PRIMARY KEY, version INTEGER NOT NULL, locktime INTEGER NOT NULL, coinbase INTEGER NOT NULL, tier INTEGER NOT NULL, source_id INTEGER NOT NULL
);
CREATE TABLE outputs (key INTEGER PRIMARY KEY, value INTEGER NOT NULL, account_id INTEGER NOT NULL, type INTEGER NOT NULL, data BLOB, spender INTEGER);
CREATE INDEX outputs_account ON outputs (account_id);
CREATE TABLE inputs (
	key INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, prev INTEGER,
	prev_prefix INTEGER, prev_hash TEXT, prev_vout INTEGER, value INTEGER, account_id INTEGER, type INTEGER
);
CREATE INDEX inputs_open ON inputs (prev_prefix) WHERE prev IS NULL;
CREATE INDEX inputs_foreign ON inputs (account_id) WHERE prev IS NULL AND account_id IS NOT NULL;
CREATE TABLE cluster_cuts (subject TEXT NOT NULL, heuristic TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (subject, heuristic)) WITHOUT ROWID;
`,
	// Small documents that jobs keep: watches, alerts, checkpoints.
	`
CREATE TABLE records (kind TEXT NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
`,
	// Since when a source says so, and until when; empty where it does not tell.
	`
ALTER TABLE labels ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
ALTER TABLE labels ADD COLUMN valid_until TEXT NOT NULL DEFAULT '';
`,
	// Decoded events of known protocols; `pos` is a transfer's key, `key` pairs the two sides of a bridge.
	`
CREATE TABLE events (pos INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT, json TEXT NOT NULL);
CREATE INDEX events_kind ON events (kind, pos);
CREATE INDEX events_key ON events (key) WHERE key IS NOT NULL;
`,
	// What OP_RETURNs carry, to find the Bitcoin side of a crossing by its memo.
	`
CREATE INDEX outputs_data ON outputs (data) WHERE data IS NOT NULL;
`,
	// What an input's signatures agreed to (place in SIGNATURE_SCOPES); NULL where no source told. Pay-to-anchor outputs stored as a future segwit version are named.
	`
ALTER TABLE inputs ADD COLUMN signed INTEGER;
UPDATE outputs SET type = 10 WHERE account_id IN (SELECT id FROM accounts WHERE account GLOB 'bip122:*:bc1pfeessrawgf' OR account GLOB 'bip122:*:tb1pfees9rn5nz' OR account GLOB 'bip122:*:bcrt1pfeesnyr2tx');
UPDATE inputs SET type = 10 WHERE account_id IN (SELECT id FROM accounts WHERE account GLOB 'bip122:*:bc1pfeessrawgf' OR account GLOB 'bip122:*:tb1pfees9rn5nz' OR account GLOB 'bip122:*:bcrt1pfeesnyr2tx');
`,
	// Whether a transaction succeeded (0 nobody said, 1 it did, 2 it failed, 3 a source that should know does not), and what the transactions of a
	// height leave untold of an account; `key` is a block's.
	`
ALTER TABLE txs ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
CREATE TABLE tx_gaps (key INTEGER NOT NULL, gap TEXT NOT NULL, account_id INTEGER NOT NULL, PRIMARY KEY (key, gap, account_id)) WITHOUT ROWID;
`,
	// What a custody entry states of the program, of who and why; NULL where it does not.
	`
ALTER TABLE custody ADD COLUMN stated_with TEXT;
ALTER TABLE custody ADD COLUMN stated_by TEXT;
ALTER TABLE custody ADD COLUMN stated_why TEXT;
`,
	// A source may say the same of an account of several times.
	`
CREATE TABLE dated_labels (
	account_id INTEGER NOT NULL, source TEXT NOT NULL, entity TEXT NOT NULL, name TEXT NOT NULL,
	category TEXT NOT NULL, retrieved_at TEXT NOT NULL, confidence INTEGER NOT NULL,
	valid_from TEXT NOT NULL, valid_until TEXT NOT NULL,
	PRIMARY KEY (account_id, source, entity, name, category, valid_from, valid_until)
) WITHOUT ROWID;
INSERT INTO dated_labels SELECT account_id, source, entity, name, category, retrieved_at, confidence, valid_from, valid_until FROM labels;
DROP TABLE labels;
ALTER TABLE dated_labels RENAME TO labels;
`,
	// Who paid inside of a call (kind 1): only code does. At which height a block's hash stands.
	`
CREATE INDEX transfers_calls ON transfers (from_id) WHERE kind = 1;
CREATE INDEX blocks_hash ON blocks (hash) WHERE hash IS NOT NULL;
`,
	// Where sources say that a call stands among those of its transaction; NULL where nobody does.
	`
ALTER TABLE transfers ADD COLUMN call_path TEXT;
`,
	// Results in parts, so that none is one long text.
	`
CREATE TABLE trace_parts (id TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, part)) WITHOUT ROWID;
INSERT INTO trace_parts SELECT id, 0, json FROM traces;
ALTER TABLE traces DROP COLUMN json;
`,
];

/** Marks a SQLite file as a Clew case ("CLEW" in ASCII). */
export const APPLICATION_ID = 0x434c4557;
