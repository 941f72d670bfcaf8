import { knownFamily } from "./chain-family/registry.js";
import { conflict } from "./conflict.js";
import { ClewError, InputError } from "./errors.js";
import { Heap } from "./heap.js";
import { addressOf, chainOf, type Hash } from "./ids.js";
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
 * What a source told stays. Transactions without index stand from 8192 on: in the order of their logs where these were told, else in
 * causal order, as below. Transfers without index stand in their band behind the known ones in causal order: a transfer comes after those
 * that bring its sender the same asset in the same transaction; the null account, which makes and destroys, brings nobody anything. Ties,
 * and cycles, by sender, receiver, asset and amount, of transactions by hash. So the places are a function of the set of facts in the
 * case, not of the order of import. Throws ClewError when a band overflows.
 */
export function placeBlock<T extends TransferRecord>(transactions: readonly Placeable<T>[]): PlacedTransaction<T>[] {
	const unindexed = new Map(orderUnindexed(transactions.filter((tx) => tx.txIndex === undefined)).map((tx, i) => [tx, i]));
	if (UNINDEXED_TX_BASE + unindexed.size >= BLOCK_TX_INDEX) throw new ClewError("BAD_INPUT", "too many transactions in one block");
	const taken = new Map<number, Hash>();
	return transactions.map((tx) => {
		const txIndex = tx.txIndex ?? UNINDEXED_TX_BASE + (unindexed.get(tx) as number);
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
	return orderByCause([...transfers].sort(compareTransfers), (t) => ({ transfers: [t] }));
}

/** Orders transactions whose index no source told; see {@link placeBlock}. */
function orderUnindexed<T extends TransferRecord>(transactions: readonly Placeable<T>[]): Placeable<T>[] {
	if (transactions.length < 2) return [...transactions];
	const byHash = [...transactions].sort((a, b) => compareText(a.hash, b.hash));
	return orderByCause(byHash, ({ transfers }) => {
		const logs = transfers.flatMap((t) => (t.eventIndex !== undefined && bandOf(t.kind) === "log" ? [t.eventIndex] : []));
		return { transfers, ...(logs.length === 0 ? {} : { told: Math.min(...logs) }) };
	});
}

/** What decides where something stands: money that it brings and pays, and a place among the others that was told. */
interface Causes {
	readonly transfers: readonly TransferRecord[];
	readonly told?: number;
}

interface Waiting {
	readonly brings: ReadonlySet<string>;
	readonly pays: ReadonlySet<string>;
	/** Index of the one that was told to stand before it. */
	readonly behind: number | undefined;
	/** What it pays and others still bring. */
	unmet: number;
	done: boolean;
}

/**
 * Puts things in an order in which what was told to come first does, and money arrives before it leaves. Among several, and in cycles,
 * the first of the list goes first. O(n log n) in the transfers where there is no cycle.
 */
function orderByCause<X>(list: readonly X[], causesOf: (one: X) => Causes): X[] {
	const causes = list.map(causesOf);
	const told = causes.map((one, i) => ({ at: one.told, i })).filter(({ at }) => at !== undefined);
	told.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.i - b.i);
	const behind = new Map(told.slice(1).map(({ i }, n) => [i, told[n]?.i as number]));
	const next = new Map([...behind].map(([one, before]) => [before, one]));
	const waiting = causes.map(({ transfers }, i): Waiting => {
		const brings = new Set(transfers.filter(bringsMoney).map((t) => `${t.to} ${t.asset}`));
		const pays = new Set(transfers.map((t) => `${t.from} ${t.asset}`));
		return { brings, pays, behind: behind.get(i), unmet: 0, done: false };
	});
	const bringers = new Map<string, number>();
	const payers = new Map<string, number[]>();
	for (const [i, { brings, pays }] of waiting.entries()) {
		for (const key of brings) bringers.set(key, (bringers.get(key) ?? 0) + 1);
		for (const key of pays) payers.set(key, [...(payers.get(key) ?? []), i]);
	}
	const others = (key: string, one: Waiting) => (bringers.get(key) ?? 0) - (one.brings.has(key) && !one.done ? 1 : 0);
	for (const one of waiting) one.unmet = [...one.pays].filter((key) => others(key, one) > 0).length;
	const isTold = ({ behind: before }: Waiting) => before === undefined || waiting[before]?.done === true;
	const free = new Heap<number>((a, b) => a < b);
	const offer = (i: number | undefined) => {
		const one = i === undefined ? undefined : waiting[i];
		if (one !== undefined && !one.done && one.unmet === 0 && isTold(one)) free.push(i as number);
	};
	for (const i of waiting.keys()) offer(i);
	const ordered: X[] = [];
	while (ordered.length < list.length) {
		let at = free.pop();
		while (at !== undefined && waiting[at]?.done) at = free.pop();
		// Only a cycle is left: begin it with its first.
		at ??= waiting.findIndex((one) => !one.done && isTold(one));
		const one = waiting[at] as Waiting;
		for (const key of one.brings) {
			const left = (bringers.get(key) ?? 1) - 1;
			bringers.set(key, left);
			if (left > 1) continue;
			for (const i of payers.get(key) ?? []) {
				const payer = waiting[i] as Waiting;
				// The last of the others that bring it has come.
				if (i === at || payer.done || left !== (payer.brings.has(key) ? 1 : 0)) continue;
				payer.unmet--;
				offer(i);
			}
		}
		one.done = true;
		ordered.push(list[at] as X);
		offer(next.get(at));
	}
	return ordered;
}

/** Whether the receiver can pay on what arrives: not itself again, nor the null account, where what it mints is new. */
function bringsMoney(t: TransferRecord): boolean {
	return t.from !== t.to && addressOf(t.to) !== knownFamily(chainOf(t.to))?.nobody;
}

function compareTransfers(a: TransferRecord, b: TransferRecord): number {
	return (
		compareText(a.from, b.from) ||
		compareText(a.to, b.to) ||
		compareText(a.asset, b.asset) ||
		(a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : compareText(a.kind, b.kind))
	);
}
