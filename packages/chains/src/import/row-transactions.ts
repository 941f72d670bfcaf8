import { chainOf, InputError, isUnknownAccount, otherSideOfWrapping, type TransactionRecord, type TransferRecord } from "@clew/core";
import type { ParsedRow } from "./row.js";

/** A transaction that rows are still added to. */
export type OpenTransaction = Omit<TransactionRecord, "txIndex" | "status"> & {
	txIndex?: number;
	status?: "succeeded" | "failed";
	transfers: TransferRecord[];
};

/** The transaction that a row is about. `listsTransactions`: the file is one of transactions, whose rows should tell their status. */
export function startTransaction(row: ParsedRow, listsTransactions: boolean): OpenTransaction {
	const { hash, height, txIndex, status } = row;
	return {
		hash,
		height,
		...(txIndex === undefined ? {} : { txIndex }),
		...(status === undefined ? {} : { status }),
		...(listsTransactions && status === undefined ? { statusMissing: true as const } : {}),
		transfers: transfersOf(row),
	};
}

/** What a row tells, with the other side of payments to and from the wrapped coin's contract. */
function transfersOf({ transfers, destroyed, callPath }: ParsedRow): TransferRecord[] {
	const placed = callPath === undefined ? transfers : transfers.map((t) => (t.kind === "internal" ? { ...t, callPath } : t));
	if (destroyed) return [...placed];
	return placed.flatMap((t) => {
		const other = otherSideOfWrapping(chainOf(t.from), t);
		return other === undefined ? [t] : [t, other];
	});
}

/**
 * Adds another row of the same transaction. A transaction has one fee and one value: the same row again tells nothing new, another one is a
 * conflict.
 */
export function addRow(tx: OpenTransaction, row: ParsedRow): void {
	if (row.height !== tx.height || (row.txIndex ?? tx.txIndex) !== (tx.txIndex ?? row.txIndex)) {
		throw conflict(tx, `block ${tx.height}, index ${tx.txIndex} and block ${row.height}, index ${row.txIndex}`);
	}
	if (tx.status !== undefined && row.status !== undefined && tx.status !== row.status) throw conflict(tx, `${tx.status} and ${row.status}`);
	if (row.status !== undefined) tx.status = row.status;
	if (row.txIndex !== undefined) tx.txIndex = row.txIndex;
	for (const t of transfersOf(row)) {
		const single = t.kind === "fee" || t.kind === "native";
		const at = single ? tx.transfers.findIndex((x) => x.kind === t.kind) : -1;
		const known = tx.transfers[at];
		if (known === undefined) tx.transfers.push(t);
		else if (known.amount === t.amount && known.from === t.from && isUnknownAccount(known.to)) tx.transfers[at] = t;
		else if (known.amount === t.amount && known.from === t.from && isUnknownAccount(t.to)) continue;
		else if (known.amount !== t.amount || known.from !== t.from || known.to !== t.to)
			throw conflict(tx, `${t.kind} of ${known.amount} and ${t.kind} of ${t.amount}`);
	}
}

function conflict(tx: OpenTransaction, what: string): InputError {
	return new InputError(`transaction ${tx.hash} has ${what}`, {
		code: "CONFLICT",
		hint: "The file was edited or is damaged; nothing was imported.",
	});
}
