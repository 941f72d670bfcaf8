import type { ChainId, Hash, PlacedTransaction, SourcedTransaction, SourcedTransfer, StoredHeight, TransferRecord } from "@clew/core";
import { type HeaderRow, headerFrom } from "../rules/headers.js";
import { endOfChain, hashPrefix, highPart, lowPart, packHeight, packTransaction } from "../rules/keys.js";
import type { Told, TransferTable } from "../rules/transfers.js";
import type { Db } from "./database.js";
import type { EventTable } from "./events.js";
import type { Interning } from "./interning.js";
import { kindCode, kindOf, tierCode, tierOf } from "./rows.js";

type StoredRow = {
	tx: number;
	event: number;
	hash: string;
	txIndexed: number;
	from: number;
	to: number;
	asset: number;
	amount: string;
	kind: number;
	tier: number;
	source: number;
	indexed: number;
};

interface SqliteTransfers extends TransferTable {
	/** Removes all that stands at or above a height, headers and coverage included. */
	rollback(chain: ChainId, height: number): void;
	/** Heights at or above `from` with a header or transfers, ascending. */
	heights(chain: number, from: number, limit: number): StoredHeight[];
}

/** Prepares the write statements of a case. */
export function transferTable(db: Db, names: Interning, events: EventTable): SqliteTransfers {
	const insertTransfer = db.prepare(`INSERT INTO transfers VALUES ((? << 30) | ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
	const insertTx = db.prepare(`INSERT INTO txs (key, hash, prefix, indexed) VALUES (?, ?, ?, ?)`);
	const deleteTransfers = db.prepare(`DELETE FROM transfers WHERE pos >= ? AND pos < ?`);
	const deleteTxs = db.prepare(`DELETE FROM txs WHERE key >= ? AND key < ?`);
	const deleteBlocks = db.prepare(`DELETE FROM blocks WHERE key >= ? AND key < ?`);
	const deleteGaps = db.prepare(`DELETE FROM block_gaps WHERE key >= ? AND key < ?`);
	const markContract = db.prepare(`UPDATE accounts SET contract = 1 WHERE id = ?`);
	const anyAt = db.prepare(`SELECT 1 FROM txs WHERE key >= ? AND key < ? LIMIT 1`).pluck();
	const stored = db.prepare(
		`SELECT (t.pos >> 16) & 0x3fff AS tx, t.pos & 0xffff AS event, x.hash AS hash, x.indexed AS txIndexed, t.from_id AS "from", t.to_id AS "to", t.asset_id AS asset,
			t.amount AS amount, t.kind AS kind, t.tier AS tier, t.source_id AS source, t.indexed AS indexed
		FROM transfers t JOIN txs x ON x.key = t.pos >> 16 WHERE t.pos >= ? AND t.pos < ? ORDER BY t.pos`,
	);

	const someHeights = db
		.prepare(
			`SELECT key FROM blocks WHERE key >= @from AND key < @end UNION SELECT DISTINCT key >> 14 FROM txs WHERE key >= @from << 14 AND key < @end << 14 ORDER BY 1 LIMIT @limit + 0`,
		)
		.pluck();
	const headerAt = db.prepare(`SELECT hash, parent, time FROM blocks WHERE key = ?`);
	const gapsAt = db.prepare(`SELECT gap FROM block_gaps WHERE key = ? ORDER BY gap`).pluck();

	function load(chain: number, height: number): SourcedTransaction[] {
		if (anyAt.get(packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0)) === undefined) return [];
		const transactions = new Map<number, { hash: Hash; height: number; txIndex?: number; transfers: SourcedTransfer[] }>();
		for (const row of stored.all(packHeight(chain, height), packHeight(chain, height + 1)) as StoredRow[]) {
			let tx = transactions.get(row.tx);
			if (tx === undefined) {
				tx = { hash: row.hash as Hash, height, ...(row.txIndexed === 1 ? { txIndex: row.tx } : {}), transfers: [] };
				transactions.set(row.tx, tx);
			}
			const source = names.sourceKey(row.source);
			tx.transfers.push({
				kind: kindOf(row.kind),
				from: names.accountName(row.from),
				to: names.accountName(row.to),
				asset: names.assetName(row.asset),
				amount: BigInt(row.amount),
				provenance: tierOf(row.tier),
				source,
				...(row.indexed === 1 ? { eventIndex: row.event } : {}),
			});
		}
		return [...transactions.values()];
	}

	function write(chain: number, height: number, placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[], told?: Told): void {
		// Two numbers make the key inside SQLite: packing it here would cost four bigints a row.
		const high = highPart(chain, height);
		for (const tx of placed) {
			if (tx.transfers.length === 0) continue;
			insertTx.run(packTransaction(chain, height, tx.txIndex), tx.hash, hashPrefix(tx.hash), tx.txIndexed ? 1 : 0);
			for (const { transfer: t, eventIndex, indexed } of tx.transfers) {
				const { provenance, source } = told ?? (t as SourcedTransfer);
				insertTransfer.run(
					high,
					lowPart(tx.txIndex, eventIndex),
					names.accountId(t.from),
					names.accountId(t.to),
					names.assetId(t.asset),
					t.amount.toString(),
					kindCode(t.kind),
					tierCode(provenance),
					names.storedSource(source),
					indexed ? 1 : 0,
				);
			}
		}
	}

	function clear(chain: number, height: number): void {
		deleteTransfers.run(packHeight(chain, height), packHeight(chain, height + 1));
		deleteTxs.run(packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0));
	}

	return {
		load,
		clear,
		write,
		setEvents: events.set,
		markContract: (account) => void markContract.run(names.accountId(account)),
		heights(chain, from, limit) {
			const base = highPart(chain, 0);
			const keys = someHeights.all({ from: base + from, end: highPart(chain + 1, 0), limit }) as number[];
			return keys.map((key) => {
				const row = headerAt.get(key) as HeaderRow | undefined;
				const height = key - base;
				return {
					height,
					header: row && headerFrom(row, height),
					gaps: gapsAt.all(key) as string[],
					transactions: load(chain, height),
					events: events.at(chain, height),
				};
			});
		},
		rollback(chainName, height) {
			const chain = names.knownChain(chainName);
			if (chain === undefined) return;
			const key = highPart(chain, height);
			const end = highPart(chain + 1, 0);
			deleteTransfers.run(packHeight(chain, height), endOfChain(chain));
			deleteTxs.run(packTransaction(chain, height, 0), packTransaction(chain + 1, 0, 0));
			deleteBlocks.run(key, end);
			deleteGaps.run(key, end);
			events.rollback(chain, height);
			db.prepare(`DELETE FROM coverage WHERE chain_id = ? AND from_height >= ?`).run(chain, height);
			db.prepare(`UPDATE coverage SET to_height = ? WHERE chain_id = ? AND to_height >= ?`).run(height - 1, chain, height);
			db.prepare(`DELETE FROM openings WHERE height >= ? AND account_id IN (SELECT id FROM accounts WHERE account LIKE ? || ':%')`).run(
				height,
				chainName,
			);
		},
	};
}
