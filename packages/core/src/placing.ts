import { toldCalls } from "./call-path.js";
import { bringsMoney, isNobody, orderByCause } from "./cause-order.js";
import { conflict } from "./conflict.js";
import { ClewError, InputError } from "./errors.js";
import { groupBy } from "./group-by.js";
import type { Hash } from "./ids.js";
import { BLOCK_TX_INDEX, EVENT_BAND, MAX_EVENT_INDEX, MAX_TX_INDEX, UNINDEXED_TX_BASE } from "./position.js";
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

/**
 * `indexed` is false when the event index was derived, not told; `untold` is true where its order among others of an account that pays of
 * the same asset is not told.
 */
export interface PlacedTransfer<T extends TransferRecord = TransferRecord> {
	readonly transfer: T;
	readonly eventIndex: number;
	readonly indexed: boolean;
	readonly untold?: true;
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
 * causal order, as below. Transfers without index stand in their band behind the known ones: calls in the order that sources tell, all
 * else in causal order: a transfer comes after those that bring its sender the same asset in the same transaction; the null account, which
 * makes and destroys, brings nobody anything. A cycle is begun where only cycles are left, and by one of its own. Ties, and what stands
 * in a cycle, by sender, receiver, asset and amount, of transactions by hash. So the places are a function of the set of facts in the
 * case, not of the order of import. Throws ClewError when a band overflows.
 */
export function placeBlock<T extends TransferRecord>(transactions: readonly Placeable<T>[]): PlacedTransaction<T>[] {
	const unindexed = new Map(orderUnindexed(transactions.filter((tx) => tx.txIndex === undefined)).map((tx, i) => [tx, i]));
	if (UNINDEXED_TX_BASE + unindexed.size >= BLOCK_TX_INDEX) throw new ClewError("BAD_INPUT", "too many transactions in one block");
	const taken = new Map<number, Hash>();
	return transactions.map((tx) => {
		const txIndex = tx.txIndex ?? UNINDEXED_TX_BASE + (unindexed.get(tx) as number);
		if (txIndex > MAX_TX_INDEX)
			throw new InputError(`transaction ${tx.hash} stands behind the ${MAX_TX_INDEX} that a block has places for`);
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
			if (t.eventIndex >= BAND_END[band]) throw new InputError(`transaction ${tx.hash} has too many ${band} events`);
			if (used.has(t.eventIndex)) conflict(tx.hash, `two different transfers at event index ${t.eventIndex}`);
			used.add(t.eventIndex);
			placed.push({ transfer: t, eventIndex: t.eventIndex, indexed: true });
			next = Math.max(next, t.eventIndex + 1);
		}
		const loose = inBand.filter((x) => x.eventIndex === undefined);
		const told = toldCalls(loose);
		const untold = loose.length === 0 || inBand.length < 2 ? NONE : untoldOf(inBand, told);
		for (const t of causalOrder(loose, told)) {
			if (next >= BAND_END[band]) throw new InputError(`transaction ${tx.hash} has too many ${band} events`);
			placed.push({ transfer: t, eventIndex: next++, indexed: false, ...(untold.has(t) ? { untold: true } : {}) });
		}
	}
	return placed.sort((a, b) => a.eventIndex - b.eventIndex);
}

/**
 * Orders transfers as sources say that calls stand, and so that money arrives before it leaves; see {@link placeBlock}. O(n log n) in
 * the transfers of one transaction.
 */
function causalOrder<T extends TransferRecord>(transfers: readonly T[], told: ReadonlyMap<T, number>): T[] {
	if (transfers.length < 2) return [...transfers];
	return orderByCause([...transfers].sort(compareTransfers), (t) => ({ transfers: [t], ...at(told.get(t)) }));
}

const NONE: ReadonlySet<never> = new Set();

/** The transfers without index that stand in an order that nobody tells with others of an account that pays of the same asset. */
function untoldOf<T extends TransferRecord>(transfers: readonly T[], told: ReadonlyMap<T, number>): ReadonlySet<T> {
	const moving = transfers.filter((t) => t.from !== t.to);
	const untold = new Set<T>();
	const came = groupBy(moving.filter(bringsMoney), (t) => `${t.to} ${t.asset}`);
	for (const [money, payments] of groupBy(
		moving.filter(({ from }) => !isNobody(from)),
		(t) => `${t.from} ${t.asset}`,
	)) {
		const all = [...payments, ...(came.get(money) ?? [])];
		if (all.length < 2 || all.every((t) => t.eventIndex !== undefined) || all.every((t) => told.has(t))) continue;
		for (const t of all) if (t.eventIndex === undefined) untold.add(t);
	}
	return untold;
}

/** Orders transactions whose index no source told; see {@link placeBlock}. */
function orderUnindexed<T extends TransferRecord>(transactions: readonly Placeable<T>[]): Placeable<T>[] {
	if (transactions.length < 2) return [...transactions];
	const byHash = [...transactions].sort((a, b) => compareText(a.hash, b.hash));
	return orderByCause(byHash, ({ transfers }) => {
		const logs = transfers.flatMap((t) => (t.eventIndex !== undefined && bandOf(t.kind) === "log" ? [t.eventIndex] : []));
		return { transfers, ...at(logs.length === 0 ? undefined : Math.min(...logs)) };
	});
}

function at(told: number | undefined): { told?: number } {
	return told === undefined ? {} : { told };
}

function compareTransfers(a: TransferRecord, b: TransferRecord): number {
	return (
		compareText(a.from, b.from) ||
		compareText(a.to, b.to) ||
		compareText(a.asset, b.asset) ||
		(a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : compareText(a.kind, b.kind)) ||
		compareText(a.callPath ?? "~", b.callPath ?? "~")
	);
}
