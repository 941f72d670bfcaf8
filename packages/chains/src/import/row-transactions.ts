import { InputError, type TransactionRecord, type TransferRecord } from "@clew/core";
import type { ParsedRow } from "./row.js";

/** A transaction that rows are still added to. */
export type OpenTransaction = Omit<TransactionRecord, "txIndex" | "status"> & {
	txIndex?: number;
	status?: "succeeded" | "failed";
	transfers: TransferRecord[];
};

/** The transaction that a row is about. */
export function startTransaction(row: ParsedRow): OpenTransaction {
	const { hash, height, txIndex, status, transfers } = row;
	return {
		hash,
		height,
		...(txIndex === undefined ? {} : { txIndex }),
		...(status === undefined ? {} : { status }),
		transfers: [...transfers],
	};
}

/** Adds another row of the same transaction. A transaction has one fee and one value: the same row again tells nothing new, another one is a conflict. */
export function addRow(tx: OpenTransaction, row: ParsedRow): void {
	if (row.height !== tx.height || (row.txIndex ?? tx.txIndex) !== (tx.txIndex ?? row.txIndex)) {
		throw conflict(tx, `block ${tx.height}, index ${tx.txIndex} and block ${row.height}, index ${row.txIndex}`);
	}
	if (tx.status !== undefined && row.status !== undefined && tx.status !== row.status) throw conflict(tx, `${tx.status} and ${row.status}`);
	if (row.status !== undefined) tx.status = row.status;
	if (row.txIndex !== undefined) tx.txIndex = row.txIndex;
	for (const t of row.transfers) {
		const single = t.kind === "fee" || t.kind === "native";
		const known = single ? tx.transfers.find((x) => x.kind === t.kind) : undefined;
		if (known === undefined) tx.transfers.push(t);
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
