import {
	type AccountId,
	type ChainEvent,
	type CoveredKind,
	coveredKind,
	type DecodedBlock,
	type MergeResult,
	mergeTransactions,
	type PlacedTransaction,
	type ProvenanceTier,
	placeBlock,
	type Source,
	type SourcedTransaction,
	type SourcedTransfer,
	type StoredHeight,
	type TransactionRecord,
	type TransferRecord,
} from "@clew/core";
import { checkHeight, type HeaderWriter } from "./headers.js";

/** Writes of blocks and transactions; the caller holds the transaction. */
export interface TransferWriter {
	putBlock(chain: number, block: DecodedBlock, source: Source): MergeResult;
	putHeight(
		chain: number,
		height: number,
		transactions: readonly TransactionRecord[],
		time: number | undefined,
		source: Source,
		provenance: ProvenanceTier,
	): MergeResult;
	/** Writes a height as another case held it. */
	restore(chain: number, held: StoredHeight): void;
}

/** Who told of a transfer, and how sure that makes it. */
export interface Told {
	readonly source: string;
	readonly provenance: ProvenanceTier;
}

/** Where a backend keeps transfers; the caller holds the transaction. */
export interface TransferTable {
	/** What a height holds. */
	load(chain: number, height: number): SourcedTransaction[];
	/** Removes what a height holds. */
	clear(chain: number, height: number): void;
	/** Fills an empty height. Without `told` every transfer knows its own source and provenance. */
	write(chain: number, height: number, placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[], told?: Told): void;
	markContract(account: AccountId): void;
	/** Replaces the events of a height. */
	setEvents(chain: number, height: number, events: readonly ChainEvent[]): void;
}

/** The rules of transfers over a backend's tables. */
export function transferWriter(table: TransferTable, headers: HeaderWriter): TransferWriter {
	const { load, clear, write } = table;

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
		if (force || after.transfers !== before.transfers || after.indexed !== before.indexed || tellers(merged) !== tellers(existing)) {
			clear(chain, height);
			write(chain, height, placeBlock(merged));
		}
		const added = after.transfers - before.transfers;
		return { added, known: count(incoming).transfers - added };
	}

	return {
		putBlock(chain, block, source) {
			const { header, kinds } = block;
			checkHeight(header.height);
			headers.checkParent(chain, header);
			const existing = load(chain, header.height);
			const kept = existing.length === 0 ? existing : withoutKinds(existing, kinds);
			const told = { source: source.id, provenance: block.provenance };
			const result = merge(chain, header.height, kept, block.transactions, told, existing.length > 0);
			headers.put(chain, header, block.gaps);
			table.setEvents(chain, header.height, block.events ?? []);
			for (const contract of block.contracts) table.markContract(contract);
			const before = count(existing).transfers;
			const after = count(kept).transfers + result.added;
			return { added: Math.max(0, after - before), known: Math.min(before, count(block.transactions).transfers) };
		},
		putHeight(chain, height, transactions, time, source, provenance) {
			checkHeight(height);
			if (time !== undefined) headers.putTime(chain, height, time);
			return merge(chain, height, load(chain, height), transactions, { source: source.id, provenance }, false);
		},
		restore(chain, { height, header, gaps, transactions, events }) {
			checkHeight(height);
			clear(chain, height);
			write(chain, height, placeBlock(transactions));
			table.setEvents(chain, height, events);
			if (header !== undefined) headers.put(chain, header, gaps);
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

/** Who told of what, in one order: a stronger source may tell of a transfer that is known already. */
function tellers(transactions: readonly SourcedTransaction[]): string {
	return transactions
		.flatMap((tx) => tx.transfers.map((t) => `${tx.hash} ${t.kind} ${t.from} ${t.to} ${t.asset} ${t.amount} ${t.provenance} ${t.source}`))
		.sort()
		.join("\n");
}

/** What other sources told of kinds that the incoming block is not complete in. */
function withoutKinds(transactions: readonly SourcedTransaction[], kinds: readonly CoveredKind[]): SourcedTransaction[] {
	return transactions
		.map((tx) => ({ ...tx, transfers: tx.transfers.filter((t) => !kinds.includes(coveredKind(t))) }))
		.filter((tx) => tx.transfers.length > 0);
}
