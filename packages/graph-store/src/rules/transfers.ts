import {
	type AccountId,
	type ChainEvent,
	type CoveredKind,
	conflict,
	coveredKind,
	type DecodedBlock,
	type Denial,
	ForkError,
	gapsOfTransaction,
	type Hash,
	isOfBlock,
	type MergeResult,
	mergeTransactions,
	movesAllTheSame,
	type PlacedTransaction,
	type ProvenanceTier,
	placeBlock,
	type Source,
	type SourcedTransaction,
	type SourcedTransfer,
	type StoredHeight,
	settled,
	type TransactionGap,
	type TransactionRecord,
	type TransferRecord,
} from "@clew/core";
import { storedGaps } from "./facts.js";
import { type FilesWords, filesWords, misplacedWords, timesDenied } from "./files-words.js";
import { checkHeight, type HeaderWriter } from "./headers.js";
import { markOpen, openStatuses } from "./status.js";

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
	/** The height at which a transaction stands, when that is another one than this. */
	elsewhere(chain: number, height: number, hash: Hash): number | undefined;
	/** Adds what the transactions of a height that was just filled leave untold; `clear` removes it. */
	noteGaps(chain: number, height: number, gaps: readonly TransactionGap[]): void;
	/**
	 * Fills an empty height, with the transactions that move nothing, too: they tell a place or a status. Without `told` every transfer knows
	 * its own source and provenance.
	 */
	write(chain: number, height: number, placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[], told?: Told): void;
	markContract(account: AccountId): void;
	/** Replaces the events of a height. */
	setEvents(chain: number, height: number, events: readonly ChainEvent[]): void;
}

const NO_WORDS: FilesWords = { left: [], denied: [] };
const NONE_OPEN: ReadonlySet<Hash> = new Set();

/** The rules of transfers over a backend's tables. */
export function transferWriter(table: TransferTable, headers: HeaderWriter): TransferWriter {
	const { load, clear } = table;

	function write(chain: number, height: number, transactions: readonly (TransactionRecord | SourcedTransaction)[], told?: Told): void {
		table.write(chain, height, placeBlock(transactions), told);
		const gaps = transactions.flatMap(gapsOfTransaction);
		if (gaps.length > 0) table.noteGaps(chain, height, gaps);
	}

	/** A transaction stands in one block: `settle` ends what another height says of it, or throws. */
	function checkHeights(
		chain: number,
		height: number,
		existing: readonly SourcedTransaction[],
		incoming: readonly TransactionRecord[],
		settle: (hash: Hash, other: number) => void,
	): void {
		const here = new Set(existing.map((tx) => tx.hash));
		for (const tx of incoming) {
			if (here.has(tx.hash) || isOfBlock(tx)) continue;
			for (let other = table.elsewhere(chain, height, tx.hash); other !== undefined; other = table.elsewhere(chain, height, tx.hash))
				settle(tx.hash, other);
		}
	}

	/** Takes a transaction out of a height where only files told of it. Throws ForkError where a node told the block there. */
	function takeOut(chain: number, height: number, hash: Hash, other: number): readonly Denial[] {
		if (headers.hashAt(chain, other) !== undefined)
			throw new ForkError(`transaction ${hash} stands in block ${height}, and in block ${other} of the stored chain`);
		const { left, denied } = misplacedWords(load(chain, other), hash);
		clear(chain, other);
		write(chain, other, left);
		return denied;
	}

	/**
	 * Merges what one source tells with what the height holds, and rewrites the height only when something changed, or by `force`.
	 * `open` as {@link markOpen} has it.
	 */
	function merge(
		chain: number,
		height: number,
		existing: readonly SourcedTransaction[],
		rows: readonly TransactionRecord[],
		told: Told,
		force: boolean,
		open: ReadonlySet<Hash>,
		settle: (hash: Hash, other: number) => void,
	): MergeResult {
		const incoming = rows.filter(tellsSomething).map(settled);
		checkHeights(chain, height, existing, incoming, settle);
		// Nothing to merge with: most of a large import or ingest goes this short way, without copies.
		if (existing.length === 0 && !hasTwice(incoming)) {
			if (force) clear(chain, height);
			write(chain, height, incoming, told);
			return { added: count(incoming).transfers, known: 0 };
		}
		const before = count(existing);
		const sourced = incoming.map((tx) => ({ ...tx, transfers: tx.transfers.map((t) => ({ ...t, ...told })) }));
		const merged = markOpen(mergeTransactions(existing, sourced), open);
		const after = count(merged);
		if (force || after.transfers !== before.transfers || after.placed !== before.placed || tellers(merged) !== tellers(existing)) {
			clear(chain, height);
			write(chain, height, merged);
		}
		const failed = { left: undone(incoming, merged), taken: undone(existing, merged) };
		const added = Math.max(0, after.transfers - (before.transfers - failed.taken));
		const known = count(incoming).transfers - failed.left - added;
		return { added, known, ...(failed.left + failed.taken === 0 ? {} : { failed }) };
	}

	return {
		putBlock(chain, block, source) {
			const { header, kinds } = block;
			checkHeight(header.height);
			headers.checkParent(chain, header);
			const existing = load(chain, header.height);
			const toldWhole = headers.hashAt(chain, header.height) !== undefined;
			const words = existing.length === 0 ? NO_WORDS : filesWords(existing, block.transactions, kinds, toldWhole);
			const kept = withoutKinds(words.left, kinds);
			const isOtherTime = !toldWhole && (headers.timeAt(chain, header.height) ?? header.time) !== header.time;
			const denied = [...words.denied, ...(isOtherTime ? timesDenied(existing) : [])];
			const told = { source: source.id, provenance: block.provenance };
			const open = existing.length === 0 ? NONE_OPEN : openStatuses(existing, toldWhole, block.transactions);
			const result = merge(chain, header.height, kept, block.transactions, told, existing.length > 0, open, (hash, other) => {
				denied.push(...takeOut(chain, header.height, hash, other));
			});
			headers.put(chain, header, storedGaps(block));
			table.setEvents(chain, header.height, block.events ?? []);
			for (const contract of block.contracts) table.markContract(contract);
			const before = count(existing).transfers;
			const after = count(kept).transfers + result.added;
			const known = Math.min(before, count(block.transactions).transfers);
			return { added: Math.max(0, after - before), known, ...(denied.length === 0 ? {} : { denied }) };
		},
		putHeight(chain, height, transactions, time, source, provenance) {
			checkHeight(height);
			if (time !== undefined) headers.putTime(chain, height, time);
			const existing = load(chain, height);
			const open = existing.length === 0 ? NONE_OPEN : openStatuses(existing, headers.hashAt(chain, height) !== undefined);
			return merge(chain, height, existing, transactions, { source: source.id, provenance }, false, open, (hash, other) =>
				conflict(hash, `block ${other} and block ${height}`),
			);
		},
		restore(chain, { height, header, gaps, transactions, events }) {
			checkHeight(height);
			clear(chain, height);
			write(chain, height, transactions);
			table.setEvents(chain, height, events);
			if (header !== undefined) headers.put(chain, header, gaps);
		},
	};
}

/** True when a transaction is told of more than once. */
function hasTwice(transactions: readonly TransactionRecord[]): boolean {
	return transactions.length > 1 && new Set(transactions.map((tx) => tx.hash)).size < transactions.length;
}

/** Movements that a source told of transactions and that are none, since another one says that these failed. */
function undone(told: readonly TransactionRecord[], merged: readonly TransactionRecord[]): number {
	const failed = new Set(merged.filter(({ status }) => status === "failed").map(({ hash }) => hash));
	if (failed.size === 0) return 0;
	const open = told.filter(({ hash, status }) => status !== "failed" && failed.has(hash));
	return open.reduce((sum, { transfers }) => sum + transfers.filter((t) => !movesAllTheSame(t)).length, 0);
}

function count(transactions: readonly TransactionRecord[]): { transfers: number; placed: number } {
	let transfers = 0;
	let placed = 0;
	for (const tx of transactions) {
		transfers += tx.transfers.length;
		if (tx.txIndex !== undefined) placed++;
		for (const t of tx.transfers) if (t.eventIndex !== undefined) placed++;
	}
	return { transfers, placed };
}

/**
 * Who told of what, in one order: a stronger source may tell of a transfer that is known already, another one whether the transaction
 * succeeded.
 */
function tellers(transactions: readonly SourcedTransaction[]): string {
	return transactions
		.flatMap((tx) => [
			`${tx.hash} ${tx.status ?? ""}${tx.statusMissing ? " missing" : ""}`,
			...tx.transfers.map(
				(t) => `${tx.hash} ${t.kind} ${t.from} ${t.to} ${t.asset} ${t.amount} ${t.provenance} ${t.source} ${t.callPath ?? ""}`,
			),
		])
		.sort()
		.join("\n");
}

/** False for a row of which nothing is left to keep. */
function tellsSomething(tx: TransactionRecord): boolean {
	return tx.transfers.length > 0 || tx.txIndex !== undefined || tx.status !== undefined || tx.statusMissing === true;
}

/**
 * What other sources told of kinds that the incoming block is not complete in, and of the status of its transactions. What files say that
 * the block itself paid stays, since a node tells of less (no uncles, no genesis); merging lets the stronger word on one account win.
 */
function withoutKinds(transactions: readonly SourcedTransaction[], kinds: readonly CoveredKind[]): SourcedTransaction[] {
	return transactions
		.map((tx) => {
			const replaced = (t: SourcedTransfer) => (isOfBlock(tx) ? t.provenance !== "imported" : kinds.includes(coveredKind(t)));
			return { ...tx, transfers: tx.transfers.filter((t) => !replaced(t)) };
		})
		.filter((tx) => tx.transfers.length > 0 || tx.status !== undefined);
}
