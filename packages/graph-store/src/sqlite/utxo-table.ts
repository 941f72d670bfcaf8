import { type ClusterCut, type Hash, type OutputFacts, SCRIPT_TYPES, SIGNATURE_SCOPES, type SignatureScope } from "@clew/core";
import { hashPrefix, packTransaction, unpackTransaction } from "../rules/keys.js";
import { slotPlace, storedNumber } from "../rules/stored-amount.js";
import type { UtxoTable, WaitingInput } from "../rules/utxo.js";
import type { Db } from "./database.js";
import type { Interning } from "./interning.js";
import { tierCode } from "./rows.js";
import type { UtxoReader } from "./utxo-reading.js";

/** Ids kept in memory so that most inputs are connected without a search; beyond it the cache starts anew. */
const CACHED_TXIDS = 200_000;

/** A table that remembers what it wrote. */
export interface CachedUtxoTable extends UtxoTable {
	/** Forgets everything cached: after a rollback of the database. */
	reset(): void;
}

const placeOf =
	(kind: "output" | "input") =>
	([key, index]: readonly [key: number, index: number]): string =>
		slotPlace(kind, { ...unpackTransaction(key), index });

/** Prepares the write statements for Bitcoin transactions. */
export function utxoTable(db: Db, names: Interning, reader: UtxoReader): CachedUtxoTable {
	const insertTx = db.prepare(`INSERT INTO txs (key, hash, prefix, indexed) VALUES (?, ?, ?, ?)`);
	const insertUtxo = db.prepare(`INSERT INTO utxo_txs VALUES (?, ?, ?, ?, ?, ?)`);
	const insertOutput = db.prepare(`INSERT INTO outputs VALUES ((? << 16) | ?, ?, ?, ?, ?, NULL)`);
	const insertInput = db.prepare(`INSERT INTO inputs (key, sequence, signed, prev) VALUES ((? << 16) | ?, ?, ?, (? << 16) | ?)`);
	const insertForeign = db.prepare(
		`INSERT INTO inputs (key, sequence, signed, prev_prefix, prev_hash, prev_vout, value, account_id, type) VALUES ((? << 16) | ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const spend = db
		.prepare(`UPDATE outputs SET spender = (? << 16) | ? WHERE key = (? << 16 | ?) AND spender IS NULL RETURNING value, account_id`)
		.raw();
	const hasOutput = db.prepare(`SELECT 1 FROM outputs WHERE key = (? << 16 | ?)`).pluck();
	const anyOpen = db.prepare(`SELECT 1 FROM inputs WHERE prev IS NULL LIMIT 1`).pluck();
	const openFor = db
		.prepare(
			`SELECT key >> 16, key & 0xffff, prev_vout, value, account_id FROM inputs WHERE prev IS NULL AND prev_prefix = ? AND prev_hash = ?`,
		)
		.raw();
	const connect = db.prepare(
		`UPDATE inputs SET prev = (? << 16) | ?, prev_prefix = NULL, prev_hash = NULL, prev_vout = NULL, value = NULL, account_id = NULL, type = NULL WHERE key = (? << 16 | ?)`,
	);
	const tellVersion = db.prepare(`UPDATE utxo_txs SET version = ?, locktime = ? WHERE key = ?`);
	const tellSigned = db.prepare(`UPDATE inputs SET signed = ? WHERE key = (? << 16 | ?)`);
	const tellPrevious = db.prepare(`UPDATE inputs SET value = ?, account_id = ?, type = ? WHERE key = (? << 16 | ?)`);
	const disconnect = db.prepare(
		`UPDATE inputs SET prev = NULL, prev_prefix = ?, prev_hash = ?, prev_vout = ?, value = ?, account_id = ?, type = ? WHERE key = (? << 16 | ?)`,
	);
	const unspend = db.prepare(
		`UPDATE outputs SET spender = NULL WHERE key IN (SELECT prev FROM inputs WHERE key >= (? << 16) AND key < (? << 16) AND prev IS NOT NULL)`,
	);
	const remove = ["inputs", "outputs"].map((table) => db.prepare(`DELETE FROM ${table} WHERE key >= (? << 16) AND key < (? << 16)`));
	const removeTxs = ["utxo_txs", "txs"].map((table) => db.prepare(`DELETE FROM ${table} WHERE key >= ? AND key < ?`));

	/** Value, owner and type of an output as columns. */
	const factColumns = ({ value, account, scriptType }: OutputFacts) => [
		Number(value),
		names.accountId(account),
		SCRIPT_TYPES.indexOf(scriptType),
	];
	let recent = new Map<Hash, number>();

	return {
		keyOf: (chain, txid) => recent.get(txid) ?? reader.keyOf(chain, txid),
		range: (from, end) => reader.range(from, end, Number.MAX_SAFE_INTEGER),
		txidAt: (chain, place) => reader.hashAt(packTransaction(chain, place.height, place.txIndex)),
		insertTransaction(key, tx, told) {
			insertTx.run(key, tx.txid, hashPrefix(tx.txid), tx.txIndex === undefined ? 0 : 1);
			insertUtxo.run(key, tx.version, tx.locktime, tx.coinbase ? 1 : 0, tierCode(told.provenance), names.storedSource(told.source));
			if (recent.size >= CACHED_TXIDS) recent = new Map();
			recent.set(tx.txid, key);
			for (const [vout, output] of tx.outputs.entries()) {
				const bytes = output.data === undefined ? null : Buffer.from(output.data, "hex");
				insertOutput.run(key, vout, ...factColumns(output), bytes);
			}
		},
		insertInput: (key, vin, { sequence, signed }, source, vout) =>
			void insertInput.run(key, vin, sequence, signedCode(signed), source, vout),
		insertWaiting(key, vin, { outpoint, previous, sequence, signed }) {
			const facts = previous ? factColumns(previous) : [null, null, null];
			insertForeign.run(key, vin, sequence, signedCode(signed), hashPrefix(outpoint.txid), outpoint.txid, outpoint.vout, ...facts);
		},
		spend(spender, vin, source, vout) {
			const held = spend.get(spender, vin, source, vout) as [value: number, account: number] | undefined;
			return held && { value: storedNumber(held[0], placeOf("output"), [source, vout]), account: names.accountName(held[1]) };
		},
		hasOutput: (source, vout) => hasOutput.get(source, vout) !== undefined,
		anyWaiting: () => anyOpen.get() !== undefined,
		waitingFor: (txid) =>
			(openFor.all(hashPrefix(txid), txid) as [number, number, number, number | null, number | null][]).map(
				([spender, vin, vout, value, account]): WaitingInput => ({
					spender,
					vin,
					vout,
					told:
						value === null || account === null
							? undefined
							: { value: storedNumber(value, placeOf("input"), [spender, vin]), account: names.accountName(account) },
				}),
			),
		connect: (source, vout, spender, vin) => void connect.run(source, vout, spender, vin),
		tellVersion: (key, version, locktime) => void tellVersion.run(version, locktime, key),
		tellSigned: (spender, vin, signed) => void tellSigned.run(signedCode(signed), spender, vin),
		tellPrevious: (spender, vin, facts) => void tellPrevious.run(...factColumns(facts), spender, vin),
		disconnect: (spender, vin, { txid, vout }, facts) =>
			void disconnect.run(hashPrefix(txid), txid, vout, ...factColumns(facts), spender, vin),
		removeRange(from, end) {
			unspend.run(from, end);
			for (const statement of [...remove, ...removeTxs]) statement.run(from, end);
			recent = new Map();
		},
		reset() {
			recent = new Map();
		},
	};
}

const signedCode = (signed: SignatureScope | undefined) => (signed === undefined ? null : SIGNATURE_SCOPES.indexOf(signed));

/** Notes of what a person took out of the clustering. */
export function cutTable(db: Db) {
	const putCut = db.prepare(
		`INSERT INTO cluster_cuts (subject, heuristic, note, at) VALUES (@subject, @heuristic, @note, @at) ON CONFLICT DO UPDATE SET note = excluded.note, at = excluded.at`,
	);
	const removeCut = db.prepare(`DELETE FROM cluster_cuts WHERE subject = ? AND heuristic = ?`);

	return {
		putCut: (cut: ClusterCut): void => void putCut.run(cut),
		removeCut: (subject: string, heuristic: string): boolean => removeCut.run(subject, heuristic).changes > 0,
	};
}
