import { ClewError, InputError } from "./errors.js";
import { wholeFees } from "./fee-merge.js";
import { groupBy } from "./group-by.js";
import { Heap } from "./heap.js";
import type { Hash } from "./ids.js";
import { BLOCK_TX_INDEX, EVENT_BAND, MAX_EVENT_INDEX, UNINDEXED_TX_BASE } from "./position.js";
import { compareText } from "./text-order.js";
import { PROVENANCE_TIERS, type ProvenanceTier, type TransactionRecord, type TransferKind, type TransferRecord } from "./transfer.js";

/** A transfer record with the source it came from. */
export interface SourcedTransfer extends TransferRecord {
	readonly provenance: ProvenanceTier;
	readonly source: string;
}

/** A transaction whose transfers know their source. */
export interface SourcedTransaction extends TransactionRecord {
	readonly transfers: readonly SourcedTransfer[];
}

/** A transaction with its place in the block and its transfers with their places in the transaction. */
export interface PlacedTransaction<T extends TransferRecord = TransferRecord> {
	readonly hash: Hash;
	readonly txIndex: number;
	/** False when the place in the block was derived, not told. */
	readonly txIndexed: boolean;
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

/** The band of event indices that a kind stands in; a reward or withdrawal keeps the index its source gave it. */
function bandOf(kind: TransferKind): Band {
	if (kind === "fee") return "fee";
	if (kind === "native") return "value";
	return kind === "internal" || kind === "reward" || kind === "withdrawal" ? "internal" : "log";
}

/**
 * Merges what several sources tell of the transactions of one block. Commutative, associative and idempotent, so the
 * stored case does not depend on the order of imports.
 *
 * Two transfers are the same when kind, sender, receiver, asset and amount agree; a source that tells of n equal ones
 * means n transfers, and the largest n of any source wins. A transaction has one fee and one value of its own:
 * sources that disagree on those are a conflict. Throws InputError (CONFLICT).
 */
export function mergeTransactions(a: readonly SourcedTransaction[], b: readonly SourcedTransaction[]): SourcedTransaction[] {
	const byHash = new Map<Hash, SourcedTransaction>();
	for (const tx of [...a, ...b]) {
		const known = byHash.get(tx.hash);
		byHash.set(tx.hash, known === undefined ? tx : mergeTransaction(known, tx));
	}
	return [...byHash.values()];
}

function mergeTransaction(a: SourcedTransaction, b: SourcedTransaction): SourcedTransaction {
	if (a.height !== b.height) conflict(a.hash, `block ${a.height} and block ${b.height}`);
	if (a.txIndex !== undefined && b.txIndex !== undefined && a.txIndex !== b.txIndex) {
		conflict(a.hash, `transaction index ${a.txIndex} and ${b.txIndex}`);
	}
	const txIndex = a.txIndex ?? b.txIndex;
	const groupsA = groupBy(a.transfers, identityOf);
	const groupsB = groupBy(b.transfers, identityOf);
	let transfers: SourcedTransfer[] = [];
	for (const identity of new Set([...groupsA.keys(), ...groupsB.keys()])) {
		transfers.push(...mergeEqual(groupsA.get(identity) ?? [], groupsB.get(identity) ?? []));
	}
	const whole = new Set(wholeFees(transfers.filter((t) => t.kind === "fee")));
	transfers = transfers.filter((t) => t.kind !== "fee" || whole.has(t));
	for (const kind of ["fee", "native"] as const) {
		const distinct = transfers.filter((t) => t.kind === kind);
		if (distinct.length > 1) conflict(a.hash, distinct.map((t) => `${kind} of ${t.amount}`).join(" and "));
	}
	return { hash: a.hash, height: a.height, ...(txIndex === undefined ? {} : { txIndex }), transfers };
}

function conflict(hash: Hash, what: string): never {
	throw new InputError(`transaction ${hash}: one source says ${what}`, {
		code: "CONFLICT",
		hint: "One of the files is of another chain, was edited or is damaged; nothing was imported.",
	});
}

function identityOf(t: TransferRecord): string {
	return `${t.kind} ${t.from} ${t.to} ${t.asset} ${t.amount}`;
}

/**
 * Merges two lists of equal transfers: known event indices are united, and transfers without one fill up to the larger
 * count; they carry the source that told of that many, the stronger one at a tie. Each part is a maximum or a union, so
 * the order of merging does not matter.
 */
function mergeEqual(a: readonly SourcedTransfer[], b: readonly SourcedTransfer[]): SourcedTransfer[] {
	const indexed = new Map<number, SourcedTransfer>();
	for (const t of [...a, ...b]) if (t.eventIndex !== undefined) indexed.set(t.eventIndex, stronger(indexed.get(t.eventIndex), t));
	const [looseA, looseB] = [firstLoose(a), firstLoose(b)];
	const missing = Math.max(a.length, b.length) - indexed.size;
	const teller =
		looseA === undefined || (looseB !== undefined && b.length > a.length)
			? looseB
			: b.length < a.length
				? looseA
				: stronger(looseB, looseA);
	return teller === undefined || missing <= 0
		? [...indexed.values()]
		: [...indexed.values(), ...new Array<SourcedTransfer>(missing).fill(teller)];
}

/** The strongest of the transfers without index. */
function firstLoose(transfers: readonly SourcedTransfer[]): SourcedTransfer | undefined {
	let first: SourcedTransfer | undefined;
	for (const t of transfers) if (t.eventIndex === undefined) first = stronger(first, t);
	return first;
}

function stronger(a: SourcedTransfer | undefined, b: SourcedTransfer): SourcedTransfer {
	if (a === undefined) return b;
	return (rank(a) - rank(b) || compareText(a.source, b.source)) <= 0 ? a : b;
}

function rank(t: SourcedTransfer): number {
	return PROVENANCE_TIERS.indexOf(t.provenance);
}

/**
 * Gives every transaction of a block its place, and every transfer its place in the transaction.
 *
 * What a source told stays. A transaction without index stands from 8192 on, in hash order. Transfers without index
 * stand in their band behind the known ones in causal order: a transfer comes after those that bring its sender the
 * same asset in the same transaction; ties, and cycles, by sender, receiver, asset and amount. So the places are a function of the set of facts
 * in the case, not of the order of import. Throws ClewError when a band overflows.
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
		return { hash: tx.hash, txIndex, txIndexed: tx.txIndex !== undefined, transfers: placeTransfers(tx) };
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
	const sorted = [...transfers].sort((a, b) => compareText(identityOf(a), identityOf(b)));
	const receives = sorted.map((t) => `${t.to} ${t.asset}`);
	const incoming = new Map<string, number>();
	const waiting = new Map<string, number[]>();
	for (const [i, t] of sorted.entries()) {
		if (t.from !== t.to) incoming.set(receives[i] as string, (incoming.get(receives[i] as string) ?? 0) + 1);
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
		if (t.from === t.to) continue;
		const left = (incoming.get(receives[next] as string) ?? 1) - 1;
		incoming.set(receives[next] as string, left);
		if (left === 0) for (const i of waiting.get(receives[next] as string) ?? []) if (!done.has(i)) free.push(i);
	}
	return ordered;
}
