import { wholeFees } from "./fee-merge.js";
import { type AccountId, type Hash, isUnknownAccount } from "./ids.js";
import { isOfBlock, settled } from "./merge.js";
import { withoutOwnCall } from "./own-call.js";
import { type CoveredKind, coveredKind, type TransactionRecord, type TransferRecord } from "./transfer.js";

/**
 * In what a file's word on a transaction differs from the block that a node told whole. `transaction`: the block does not hold it; `time`:
 * of its block.
 */
export const DENIED_WORDS = ["transaction", "status", "index", "fee", "value", "movement", "time"] as const;
export type DeniedWord = (typeof DENIED_WORDS)[number];

/** A word of a file on a transaction that the block, told whole by a node, does not bear out: it is left out of the case. */
export interface Denial {
	/** The block in which the file has the transaction. */
	readonly height: number;
	readonly hash: Hash;
	readonly what: DeniedWord;
	/** The file's source; undefined where the case does not hold who told it. */
	readonly source?: string;
	/** Who paid for a transaction that is not in the block, where the block holds no other one that the account paid for. */
	readonly payer?: AccountId;
}

/** What a whole block leaves of a file's word on one transaction. */
export interface BorneOut<X extends TransactionRecord> {
	/** Undefined where nothing is left. */
	readonly tx: X | undefined;
	/** Each word that is denied; of fee, value and movements with the transfer. */
	readonly denied: readonly { readonly what: DeniedWord; readonly transfer?: X["transfers"][number] }[];
}

/**
 * What is left of a transaction as files tell it where a node told its block whole: `own` is the transaction in the block, undefined where
 * the block does not hold it, and `kinds` those in which the block is complete; of others the file's word stays. The same whichever came
 * first. What files say that the block itself paid stays.
 */
export function borneOutBy<X extends TransactionRecord>(
	told: X,
	own: TransactionRecord | undefined,
	kinds: ReadonlySet<CoveredKind>,
): BorneOut<X> {
	if (isOfBlock(told)) return { tx: told, denied: [] };
	if (own === undefined) return { tx: undefined, denied: [{ what: "transaction" }] };
	const denied: { what: DeniedWord; transfer?: X["transfers"][number] }[] = [];
	const { status, txIndex, ...rest } = settled(told);
	// What files told in place of the node is no word of the block.
	const otherStatus = !own.statusMissing && differ(status, own.status);
	const otherIndex = differ(txIndex, own.txIndex);
	if (otherStatus) denied.push({ what: "status" });
	if (otherIndex) denied.push({ what: "index" });
	const held = [...own.transfers];
	const transfers = rest.transfers.filter((transfer) => {
		if (!kinds.has(coveredKind(transfer)) || takeFrom(held, transfer, own)) return true;
		const what = transfer.kind === "fee" ? "fee" : transfer.kind === "native" ? "value" : "movement";
		if (what === "movement" || transfer.amount > 0n) denied.push({ what, transfer });
		return false;
	});
	const left = { ...rest, transfers, ...(otherStatus ? {} : { status }), ...(otherIndex ? {} : { txIndex }) };
	return { tx: withoutUndefined(left) as unknown as X, denied };
}

function differ<T>(a: T | undefined, b: T | undefined): boolean {
	return a !== undefined && b !== undefined && a !== b;
}

function withoutUndefined<T extends object>(value: T): T {
	return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

/**
 * Takes a movement's match from those of the block. A list of calls may tell the transaction's own value once more, a file a part of the
 * fee.
 */
function takeFrom(held: TransferRecord[], t: TransferRecord, own: TransactionRecord): boolean {
	const at = held.findIndex((x) => isSame(x, t));
	if (at >= 0) held.splice(at, 1);
	if (at >= 0) return true;
	const value = own.transfers.find(({ kind }) => kind === "native");
	return t.kind === "internal" && value !== undefined && withoutOwnCall([value, t]).length === 1;
}

function isSame(x: TransferRecord, t: TransferRecord): boolean {
	if (x.kind !== t.kind || x.from !== t.from || x.asset !== t.asset) return false;
	if (t.kind === "fee")
		return (
			x.amount === t.amount ||
			wholeFees([
				{ ...x, provenance: "node" as const },
				{ ...t, provenance: "imported" as const },
			]).length === 1
		);
	return x.amount === t.amount && (x.to === t.to || isUnknownAccount(t.to));
}
