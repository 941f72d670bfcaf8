import type { TransactionRecord } from "@clew/core";

/** Stored as numbers: never reorder, only append. */
const STATUSES: readonly Pick<TransactionRecord, "status" | "statusMissing">[] = [
	{},
	{ status: "succeeded" },
	{ status: "failed" },
	{ statusMissing: true },
];

/** What the sources of a transaction say of its status, as a number. */
export function statusCode({ status, statusMissing }: Pick<TransactionRecord, "status" | "statusMissing">): number {
	return STATUSES.findIndex((s) => s.status === status && (status !== undefined || s.statusMissing === statusMissing));
}

/** What {@link statusCode} wrote. */
export function statusFrom(code: number): Pick<TransactionRecord, "status" | "statusMissing"> {
	return STATUSES[code] ?? {};
}
