import { conflict } from "./conflict.js";
import { ClewError, InputError } from "./errors.js";
import { Heap } from "./heap.js";
import { addressOf, type Hash, ZERO_ADDRESS } from "./ids.js";
import { BLOCK_TX_INDEX, EVENT_BAND, MAX_EVENT_INDEX, UNINDEXED_TX_BASE } from "./position.js";
import { compareText } from "./text-order.js";
import type { TransactionRecord, TransactionStatus, TransferKind, TransferRecord } from "./transfer.js";

/** A transaction with its place in the block and its transfers with their places in the transaction. */
export interface PlacedTransaction<T extends TransferRecord = TransferRecord> {
	readonly hash: Hash;
	readonly txIndex: number;
	/** False when the place in the block was derived, not told. */
	readonly txIndexed: boolean;
	readonly status?: TransactionStatus;
	readonly statusMissing?: true;
	readonly transfers: readonly PlacedTransfer<T>[];
}

/** `indexed` is false when the event index was derived, not told. */
export interface PlacedTransfer<T extends TransferRecord = TransferRecord> {
	readonly transfer: T;
	readonly eventIndex: number;
	readonly indexed: boolean;
}

/** A transaction as far as placing it needs. */
interface Placeable<T extends TransferRecord> extends TransactionRecord {
	readonly transfers: readonly T[];
}

type Band = keyof typeof EVENT_BAND;
const BANDS: readonly Band[] = ["fee", "value", "internal", "log"];
const BAND_END: Record<Band, number> = {
	fee: EVENT_BAND.value,
	value: EVENT_BAND.internal,
	internal: EVENT_BAND.log,
	log: MAX_EVENT_INDEX + 1,
};

/** The band of event indices that a kind stands in; what a block itself pays keeps the index its source gave it. */
function bandOf(kind: TransferKind): Band {
	if (kind === "fee") return "fee";
	if (kind === "native") return "value";
	return kind === "token" || kind === "mint" || kind === "burn" ? "log" : "internal";
}

/**
 * Gives every transaction of a block its place, and every transfer its place in the transaction.
 *
 * What a source told stays. A transaction without index stands from 8192 on, in hash order. Transfers without index
 * stand in their band behind the known ones in causal order: a transfer comes after those that bring its sender the
 * same asset in the same transaction; the null account, which makes and destroys, brings nobody anything. Ties, and cycles, by sender, receiver,
 * asset and amount. So the places are a function of the set of facts in the case, not of the order of import. Throws ClewError when a band overflows.
 */
export function placeBlock<T extends TransferRecord>(transactions: readonly Placeable<T>[]): PlacedTransaction<T>[] {
	const unindexed = transactions.filter((tx) => tx.txIndex === undefined);
	if (unindexed.length > 1) unindexed.sort((a, b) => compareText(a.hash, b.hash));
	if (UNINDEXED_TX_BASE + unindexed.length >= BLOCK_TX_INDEX) throw new ClewError("BAD_INPUT", "too many transactions in one block");
	const taken = new Map<number, Hash>();
	return transactions.map((tx) => {
		const txIndex = tx.txIndex ?? UNINDEXED_TX_BASE + unindexed.indexOf(tx);
		const other = taken.get(txIndex);
		if (other !== undefined) conflict(tx.hash, `index ${txIndex} in block ${tx.height}, which another source gives to ${other}`);
		taken.set(txIndex, tx.hash);
		const { hash, status, statusMissing } = tx;
		return {
			hash,
			txIndex,
			txIndexed: tx.txIndex !== undefined,
			...(status === undefined ? {} : { status }),
			...(statusMissing ? { statusMissing } : {}),
			transfers: placeTransfers(tx),
		};
	});
}

function placeTransfers<T extends TransferRecord>(tx: Placeable<T>): PlacedTransfer<T>[] {
	const [first, second] = tx.transfers;
	// By far the commonest transaction: a fee and then a value, or one of them.
	if (tx.transfers.length <= 2 && first?.eventIndex === undefined && second?.eventIndex === undefined) {
		const bands = tx.transfers.map((t) => EVENT_BAND[bandOf(t.kind)]);
		if (bands.length < 2 || (bands[0] as number) < (bands[1] as number)) {
			return tx.transfers.map((transfer, i) => ({ transfer, eventIndex: bands[i] as number, indexed: false }));
		}
	}
	const placed: PlacedTransfer<T>[] = [];
	for (const band of BANDS) {
		const inBand = tx.transfers.filter((t) => bandOf(t.kind) === band);
		if (inBand.length === 0) continue;
		let next: number = EVENT_BAND[band];
		const used = new Set<number>();
		for (const t of inBand) {
			if (t.eventIndex === undefined) continue;
			if (used.has(t.eventIndex)) conflict(tx.hash, `two different transfers at event index ${t.eventIndex}`);
			used.add(t.eventIndex);
			placed.push({ transfer: t, eventIndex: t.eventIndex, indexed: true });
			next = Math.max(next, t.eventIndex + 1);
		}
		for (const t of causalOrder(inBand.filter((x) => x.eventIndex === undefined))) {
			if (next >= BAND_END[band]) throw new InputError(`transaction ${tx.hash} has too many ${band} events`);
			placed.push({ transfer: t, eventIndex: next++, indexed: false });
		}
	}
	return placed.sort((a, b) => a.eventIndex - b.eventIndex);
}

/** Orders transfers so that money arrives before it leaves; see {@link placeBlock}. O(n log n) in the transfers of one transaction. */
function causalOrder<T extends TransferRecord>(transfers: readonly T[]): T[] {
	if (transfers.length < 2) return [...transfers];
	const sorted = [...transfers].sort(compareTransfers);
	const receives = sorted.map((t) => `${t.to} ${t.asset}`);
	const incoming = new Map<string, number>();
	const waiting = new Map<string, number[]>();
	for (const [i, t] of sorted.entries()) {
		if (bringsMoney(t)) incoming.set(receives[i] as string, (incoming.get(receives[i] as string) ?? 0) + 1);
		const pays = `${t.from} ${t.asset}`;
		const list = waiting.get(pays);
		if (list) list.push(i);
		else waiting.set(pays, [i]);
	}
	const free = new Heap<number>((a, b) => a < b);
	for (const [pays, list] of waiting) if (!incoming.has(pays)) for (const i of list) free.push(i);
	const ordered: T[] = [];
	const done = new Set<number>();
	let smallest = 0;
	while (ordered.length < sorted.length) {
		let next = free.pop();
		// Only a cycle is left: begin it with its smallest.
		while (next === undefined || done.has(next)) next = smallest++;
		done.add(next);
		const t = sorted[next] as T;
		ordered.push(t);
		if (!bringsMoney(t)) continue;
		const left = (incoming.get(receives[next] as string) ?? 1) - 1;
		incoming.set(receives[next] as string, left);
		if (left === 0) for (const i of waiting.get(receives[next] as string) ?? []) if (!done.has(i)) free.push(i);
	}
	return ordered;
}

/** Whether the receiver can pay on what arrives: not itself again, nor the null account, where what it mints is new. */
function bringsMoney(t: TransferRecord): boolean {
	return t.from !== t.to && addressOf(t.to) !== ZERO_ADDRESS;
}

function compareTransfers(a: TransferRecord, b: TransferRecord): number {
	return (
		compareText(a.from, b.from) ||
		compareText(a.to, b.to) ||
		compareText(a.asset, b.asset) ||
		(a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : compareText(a.kind, b.kind))
	);
}
