import {
	type ChainId,
	type Hash,
	InputError,
	type PlacedTransaction,
	type SourcedTransaction,
	type SourcedTransfer,
	type StoredHeight,
	type TransferRecord,
} from "@clew/core";
import { type HeaderRow, headerFrom } from "../rules/headers.js";
import {
	chainOfTransaction,
	endOfChain,
	hashPrefix,
	highPart,
	lowPart,
	packHeight,
	packTransaction,
	unpackTransaction,
} from "../rules/keys.js";
import { statusCode, statusFrom } from "../rules/status.js";
import { storedAmount, transferPlace } from "../rules/stored-amount.js";
import type { Told, TransferTable } from "../rules/transfers.js";
import type { Db } from "./database.js";
import type { EventTable } from "./events.js";
import type { Interning } from "./interning.js";
import { kindCode, kindOf, PLACE, tierCode, tierOf } from "./rows.js";

type StoredRow = {
	tx: number;
	event: number;
	from: number;
	to: number;
	asset: number;
	amount: string;
	kind: number;
	tier: number;
	source: number;
	indexed: number;
	path: string | null;
};

/**
 * Hashes of a chain that share 48 bits are next to none: among so many no chain's, each more is refused, since to look for it takes
 * as long.
 */
const MOST_OF_ONE_PREFIX = 10_000;

/** Index, hash, whether the index was told, status. */
type StoredTx = [number, string, number, number];

interface SqliteTransfers extends TransferTable {
	/** Removes all that stands at or above a height, headers and coverage included. */
	rollback(chain: ChainId, height: number): void;
	/** Heights at or above `from` with a header or transfers, ascending. */
	heights(chain: number, from: number, limit: number): StoredHeight[];
}

/** Prepares the write statements of a case. */
export function transferTable(db: Db, names: Interning, events: EventTable): SqliteTransfers {
	const insertTransfer = db.prepare(`INSERT INTO transfers VALUES ((? << 30) | ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
	const insertTx = db.prepare(`INSERT INTO txs (key, hash, prefix, indexed, status) VALUES (?, ?, ?, ?, ?)`);
	const placesOf = db.prepare(`SELECT key FROM txs WHERE prefix = ? AND hash = ?`).pluck();
	const alike = db.prepare(`SELECT key FROM txs WHERE prefix = ? LIMIT 1 OFFSET ${MOST_OF_ONE_PREFIX}`).pluck();
	const insertGap = db.prepare(`INSERT INTO tx_gaps (key, gap, account_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`);
	const removeGaps = db.prepare(`DELETE FROM tx_gaps WHERE key >= ? AND key < ?`);
	const deleteTransfers = db.prepare(`DELETE FROM transfers WHERE pos >= ? AND pos < ?`);
	const deleteTxs = db.prepare(`DELETE FROM txs WHERE key >= ? AND key < ?`);
	const deleteBlocks = db.prepare(`DELETE FROM blocks WHERE key >= ? AND key < ?`);
	const deleteGaps = db.prepare(`DELETE FROM block_gaps WHERE key >= ? AND key < ?`);
	const markContract = db.prepare(`UPDATE accounts SET contract = 1 WHERE id = ?`);
	const storedTxs = db.prepare(`SELECT key & 0x3fff, hash, indexed, status FROM txs WHERE key >= ? AND key < ? ORDER BY key`).raw();
	const stored = db.prepare(
		`SELECT (pos >> 16) & 0x3fff AS tx, pos & 0xffff AS event, from_id AS "from", to_id AS "to", asset_id AS asset,
			amount, kind, tier, source_id AS source, indexed, call_path AS path
		FROM transfers WHERE pos >= ? AND pos < ? ORDER BY pos`,
	);

	const someHeights = db
		.prepare(
			`SELECT key FROM blocks WHERE key >= @from AND key < @end UNION SELECT DISTINCT key >> 14 FROM txs WHERE key >= @from << 14 AND key < @end << 14 ORDER BY 1 LIMIT @limit + 0`,
		)
		.pluck();
	const headerAt = db.prepare(`SELECT hash, parent, time FROM blocks WHERE key = ?`);
	const gapsAt = db.prepare(`SELECT gap FROM block_gaps WHERE key = ? ORDER BY gap`).pluck();

	function load(chain: number, height: number): SourcedTransaction[] {
		const txs = storedTxs.all(packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0)) as StoredTx[];
		if (txs.length === 0) return [];
		const transactions = new Map<number, SourcedTransaction & { transfers: SourcedTransfer[] }>();
		for (const [txIndex, hash, indexed, status] of txs)
			transactions.set(txIndex, {
				hash: hash as Hash,
				height,
				...(indexed === 1 ? { txIndex } : {}),
				...statusFrom(status),
				transfers: [],
			});
		const placeOf = ({ tx, event }: StoredRow) => transferPlace({ height, txIndex: tx, eventIndex: event }, transactions.get(tx)?.hash);
		for (const row of stored.all(packHeight(chain, height), packHeight(chain, height + 1)) as StoredRow[]) {
			const source = names.sourceKey(row.source);
			transactions.get(row.tx)?.transfers.push({
				kind: kindOf(row.kind),
				from: names.accountName(row.from),
				to: names.accountName(row.to),
				asset: names.assetName(row.asset),
				amount: storedAmount(row.amount, placeOf, row),
				provenance: tierOf(row.tier),
				source,
				...(row.indexed === PLACE.told ? { eventIndex: row.event } : {}),
				...(row.path === null ? {} : { callPath: row.path }),
			});
		}
		return [...transactions.values()];
	}

	function write(chain: number, height: number, placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[], told?: Told): void {
		// Two numbers make the key inside SQLite: packing it here would cost four bigints a row.
		const high = highPart(chain, height);
		for (const tx of placed) {
			insertTx.run(packTransaction(chain, height, tx.txIndex), tx.hash, hashPrefix(tx.hash), tx.txIndexed ? 1 : 0, statusCode(tx));
			for (const { transfer: t, eventIndex, indexed, untold } of tx.transfers) {
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
					indexed ? PLACE.told : untold ? PLACE.untold : PLACE.derived,
					t.callPath ?? null,
				);
			}
		}
	}

	function clear(chain: number, height: number): void {
		deleteTransfers.run(packHeight(chain, height), packHeight(chain, height + 1));
		deleteTxs.run(packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0));
		removeGaps.run(highPart(chain, height), highPart(chain, height + 1));
	}

	return {
		load,
		clear,
		write,
		elsewhere(chain, height, hash) {
			const prefix = hashPrefix(hash);
			if (alike.get(prefix) !== undefined)
				throw new InputError(
					`more than ${MOST_OF_ONE_PREFIX} transactions of the case have hashes that begin as ${hash} does: no chain has such`,
					{
						hint: "The hashes are made up: ask another source.",
					},
				);
			for (const key of placesOf.iterate(prefix, hash) as Iterable<number>) {
				if (chainOfTransaction(key) !== chain) continue;
				const place = unpackTransaction(key);
				if (place.height !== height) return place.height;
			}
			return undefined;
		},
		noteGaps(chain, height, gaps) {
			for (const { account, gap } of gaps) insertGap.run(highPart(chain, height), gap, names.accountId(account));
		},
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
			removeGaps.run(key, end);
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
