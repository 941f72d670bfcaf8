import { type Hash, isOfBlock, type SourcedTransaction, type TransactionRecord } from "@clew/core";

/** Stored as numbers: never reorder, only append. */
const STATUSES: readonly Pick<TransactionRecord, "status" | "statusMissing">[] = [
	{},
	{ status: "succeeded" },
	{ status: "failed" },
	{ statusMissing: true },
	// By a file alone: the node that told the block whole could not tell.
	{ status: "succeeded", statusMissing: true },
	{ status: "failed", statusMissing: true },
];

/** What the sources of a transaction say of its status, as a number. */
export function statusCode({ status, statusMissing }: Pick<TransactionRecord, "status" | "statusMissing">): number {
	return STATUSES.findIndex((s) => s.status === status && s.statusMissing === statusMissing);
}

/** What {@link statusCode} wrote. */
export function statusFrom(code: number): Pick<TransactionRecord, "status" | "statusMissing"> {
	return STATUSES[code] ?? {};
}

/** True where no node told whether a transaction of a block that one told whole succeeded: what is held of it is a file's word. */
function isOpen(tx: Pick<TransactionRecord, "status" | "statusMissing"> | undefined): boolean {
	return tx?.status === undefined || tx.statusMissing === true;
}

/**
 * The transactions of a height whose status files alone can tell, since the nodes that told the block could not. `block` is what a node
 * tells of it now, absent where a file tells; `toldWhole`: a node told the block before.
 */
export function openStatuses(
	existing: readonly SourcedTransaction[],
	toldWhole: boolean,
	block?: readonly TransactionRecord[],
): ReadonlySet<Hash> {
	const held = new Map(existing.map((tx) => [tx.hash, tx]));
	const open =
		block?.filter((tx) => tx.status === undefined && (!toldWhole || isOpen(held.get(tx.hash)))) ??
		(toldWhole ? existing.filter(isOpen) : []);
	return new Set(open.filter((tx) => !isOfBlock(tx)).map(({ hash }) => hash));
}

/** Marks what files told of {@link openStatuses}, so that a node's word comes before it. */
export function markOpen(transactions: readonly SourcedTransaction[], open: ReadonlySet<Hash>): readonly SourcedTransaction[] {
	if (open.size === 0) return transactions;
	return transactions.map((tx) => (tx.status !== undefined && open.has(tx.hash) ? { ...tx, statusMissing: true as const } : tx));
}
