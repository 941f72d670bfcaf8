import {
	type ChainId,
	type CoveredKind,
	coveredKind,
	type DecodedBlock,
	type Hash,
	type MergeResult,
	mergeTransactions,
	type PlacedTransaction,
	type ProvenanceTier,
	placeBlock,
	type Source,
	type SourcedTransaction,
	type SourcedTransfer,
	type TransactionRecord,
	type TransferRecord,
} from "@clew/core";
import type { Db } from "./database.js";
import { checkHeight, type HeaderWriter } from "./headers.js";
import type { Interning } from "./interning.js";
import { endOfChain, hashPrefix, highPart, lowPart, packHeight, packTransaction } from "./keys.js";
import { kindCode, kindOf, tierCode, tierOf } from "./rows.js";

/** Writes of blocks and transactions; the caller holds the transaction. */
export interface TransferWriter {
	putBlock(chain: ChainId, block: DecodedBlock, source: Source): MergeResult;
	putHeight(
		chain: ChainId,
		height: number,
		transactions: readonly TransactionRecord[],
		time: number | undefined,
		source: Source,
		provenance: ProvenanceTier,
	): MergeResult;
	rollback(chain: ChainId, height: number): void;
}

/** Who told of a transfer, and how sure that makes it. */
interface Told {
	readonly source: string;
	readonly provenance: ProvenanceTier;
}

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

/** Prepares the write statements of a case. */
export function transferWriter(db: Db, names: Interning, headers: HeaderWriter): TransferWriter {
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

	/** Without `told` every transfer knows its own source and provenance. */
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

	/** Merges what one source tells with what the height holds, and rewrites the height only when something changed, or by `force`. */
	function merge(
		chain: number,
		height: number,
		existing: readonly SourcedTransaction[],
		incoming: readonly TransactionRecord[],
		told: Told,
		force: boolean,
	): MergeResult {
		// Nothing to merge with: most of a large import or ingest goes this short way, without copies.
		if (existing.length === 0 && !hasTwice(incoming)) {
			if (force) clear(chain, height);
			write(chain, height, placeBlock(incoming), told);
			return { added: count(incoming).transfers, known: 0 };
		}
		const before = count(existing);
		const merged = mergeTransactions(
			existing,
			incoming.map((tx) => ({ ...tx, transfers: tx.transfers.map((t) => ({ ...t, ...told })) })),
		);
		const after = count(merged);
		if (force || after.transfers !== before.transfers || after.indexed !== before.indexed) {
			clear(chain, height);
			write(chain, height, placeBlock(merged));
		}
		const added = after.transfers - before.transfers;
		return { added, known: count(incoming).transfers - added };
	}

	return {
		putBlock(chainName, block, source) {
			const chain = names.chainId(chainName);
			const { header, kinds } = block;
			checkHeight(header.height);
			names.sourceId(source);
			headers.checkParent(chain, header);
			const existing = load(chain, header.height);
			const kept = existing.length === 0 ? existing : withoutKinds(existing, kinds);
			const told = { source: source.id, provenance: block.provenance };
			const result = merge(chain, header.height, kept, block.transactions, told, existing.length > 0);
			headers.put(chain, header, block.gaps);
			for (const contract of block.contracts) markContract.run(names.accountId(contract));
			const before = count(existing).transfers;
			const after = count(kept).transfers + result.added;
			return { added: Math.max(0, after - before), known: Math.min(before, count(block.transactions).transfers) };
		},
		putHeight(chainName, height, transactions, time, source, provenance) {
			const chain = names.chainId(chainName);
			checkHeight(height);
			names.sourceId(source);
			if (time !== undefined) headers.putTime(chain, height, time);
			return merge(chain, height, load(chain, height), transactions, { source: source.id, provenance }, false);
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
			db.prepare(`DELETE FROM coverage WHERE chain_id = ? AND from_height >= ?`).run(chain, height);
			db.prepare(`UPDATE coverage SET to_height = ? WHERE chain_id = ? AND to_height >= ?`).run(height - 1, chain, height);
			db.prepare(`DELETE FROM openings WHERE height >= ? AND account_id IN (SELECT id FROM accounts WHERE account LIKE ? || ':%')`).run(
				height,
				chainName,
			);
		},
	};
}

/** True when a transaction is told of more than once. */
function hasTwice(transactions: readonly TransactionRecord[]): boolean {
	return transactions.length > 1 && new Set(transactions.map((tx) => tx.hash)).size < transactions.length;
}

function count(transactions: readonly TransactionRecord[]): { transfers: number; indexed: number } {
	let transfers = 0;
	let indexed = 0;
	for (const tx of transactions) {
		transfers += tx.transfers.length;
		if (tx.txIndex !== undefined) indexed++;
		for (const t of tx.transfers) if (t.eventIndex !== undefined) indexed++;
	}
	return { transfers, indexed };
}

/** What other sources told of kinds that the incoming block is not complete in. */
function withoutKinds(transactions: readonly SourcedTransaction[], kinds: readonly CoveredKind[]): SourcedTransaction[] {
	return transactions
		.map((tx) => ({ ...tx, transfers: tx.transfers.filter((t) => !kinds.includes(coveredKind(t.kind))) }))
		.filter((tx) => tx.transfers.length > 0);
}
