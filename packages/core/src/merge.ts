import { namedCalls, unitedPaths } from "./call-path.js";
import { conflict } from "./conflict.js";
import { wholeFees } from "./fee-merge.js";
import { groupBy } from "./group-by.js";
import { addressOf, type Hash, isNative, isUnknownAccount, isUnnamedBlock } from "./ids.js";
import { withoutOwnCall } from "./own-call.js";
import { BLOCK_TX_INDEX } from "./position.js";
import { compareText } from "./text-order.js";
import { PROVENANCE_TIERS, type ProvenanceTier, type TransactionRecord, type TransferRecord } from "./transfer.js";

/** A transfer record with the source it came from. */
export interface SourcedTransfer extends TransferRecord {
	readonly provenance: ProvenanceTier;
	readonly source: string;
}

/** A transaction whose transfers know their source. */
export interface SourcedTransaction extends TransactionRecord {
	readonly transfers: readonly SourcedTransfer[];
}

/**
 * Merges what several sources tell of the transactions of one block. Commutative, associative and idempotent, so the
 * stored case does not depend on the order of imports.
 *
 * Two transfers are the same when kind, sender, receiver, asset and amount agree; a source that tells of n equal ones means n
 * transfers, and the largest n of any source wins, or the number of calls that ethereum-etl names. A receiver that a source names
 * replaces the unknown one. A transaction's own value that a list of calls tells again is one movement; see {@link withoutOwnCall}. A
 * transaction has one fee, one value and one status: sources that disagree on those are a conflict. One that failed moves nothing but
 * its fee, whoever tells of more. What a block itself pays is one group a block, which belongs to no transaction. Throws InputError
 * (CONFLICT).
 */
export function mergeTransactions(a: readonly SourcedTransaction[], b: readonly SourcedTransaction[]): SourcedTransaction[] {
	const merged = new Map<string, SourcedTransaction>();
	for (const tx of [...a, ...b]) {
		const key = isOfBlock(tx) ? "" : tx.hash;
		const known = merged.get(key);
		merged.set(key, known === undefined ? settled(tx) : mergeTransaction(known, tx));
	}
	return [...merged.values()];
}

/** True for the movements of a block itself (rewards, withdrawals, genesis), which stand behind its transactions. */
export function isOfBlock(tx: Pick<TransactionRecord, "txIndex">): boolean {
	return tx.txIndex === BLOCK_TX_INDEX;
}

/** What one source's words on a transaction come to: the fee alone when it failed, and its own value once. */
export function settled<X extends TransactionRecord>(tx: X): X {
	const transfers =
		tx.status === "failed" && tx.transfers.some((t) => t.kind !== "fee")
			? tx.transfers.filter((t) => t.kind === "fee")
			: withoutOwnCall(tx.transfers);
	return transfers === tx.transfers ? tx : { ...tx, transfers };
}

function mergeTransaction(a: SourcedTransaction, b: SourcedTransaction): SourcedTransaction {
	if (a.height !== b.height) conflict(a.hash, `block ${a.height} and block ${b.height}`);
	if (a.txIndex !== undefined && b.txIndex !== undefined && a.txIndex !== b.txIndex) {
		conflict(a.hash, `transaction index ${a.txIndex} and ${b.txIndex}`);
	}
	if (a.status !== undefined && b.status !== undefined && a.status !== b.status) conflict(a.hash, `it ${a.status} and it ${b.status}`);
	const txIndex = a.txIndex ?? b.txIndex;
	const status = a.status ?? b.status;
	const statusMissing = status === undefined && (a.statusMissing || b.statusMissing);
	const merged = status === "failed" ? mergeTransfers(keptByFailure(a), keptByFailure(b)) : mergeTransfers(a.transfers, b.transfers);
	const whole = new Set(wholeFees(merged.filter((t) => t.kind === "fee")));
	const transfers = merged.filter((t) => t.kind !== "fee" || whole.has(t));
	for (const kind of ["fee", "native"] as const) {
		const distinct = transfers.filter((t) => t.kind === kind);
		if (distinct.length > 1) conflict(a.hash, distinct.map((t) => wordsOf(t, distinct)).join(" and "));
	}
	return {
		hash: isOfBlock(a) ? blockHash(a.hash, b.hash) : a.hash,
		height: a.height,
		...(txIndex === undefined ? {} : { txIndex }),
		...(status === undefined ? {} : { status }),
		...(statusMissing ? { statusMissing } : {}),
		transfers: isOfBlock(a) ? strongestWord(transfers) : withoutOwnCall(transfers),
	};
}

/** A movement in words, with its sides where its amount alone does not tell it from the others. */
function wordsOf(t: TransferRecord, all: readonly TransferRecord[]): string {
	const alike = all.filter(({ amount }) => amount === t.amount).length > 1;
	return `${t.kind} of ${t.amount}${alike ? ` from ${addressOf(t.from)} to ${addressOf(t.to)}` : ""}`;
}

/** What a failed transaction moves all the same: its fee, and the coin that a deposit into a rollup brings into being. */
function keptByFailure(tx: SourcedTransaction): readonly SourcedTransfer[] {
	return tx.transfers.filter(movesAllTheSame);
}

/** Whether a movement is one that a failed transaction makes, too. */
export function movesAllTheSame({ kind, asset }: Pick<TransferRecord, "kind" | "asset">): boolean {
	return kind === "fee" || (kind === "mint" && isNative(asset));
}

function mergeTransfers(a: readonly SourcedTransfer[], b: readonly SourcedTransfer[]): SourcedTransfer[] {
	const groupsA = groupBy(a, identityOf);
	const groupsB = groupBy(b, identityOf);
	const transfers: SourcedTransfer[] = [];
	for (const identity of new Set([...groupsA.keys(), ...groupsB.keys()])) {
		transfers.push(...mergeEqual(groupsA.get(identity) ?? [], groupsB.get(identity) ?? []));
	}
	return transfers.some((t) => isUnknownAccount(t.to)) ? nameReceivers(transfers, a, b) : transfers;
}

/**
 * Leaves out transfers to the unknown receiver that another source names: of the transfers of one amount from one sender the case holds as
 * many as the source that lists most, and the unknown receiver stands only for those that nobody names.
 */
function nameReceivers(
	merged: readonly SourcedTransfer[],
	a: readonly SourcedTransfer[],
	b: readonly SourcedTransfer[],
): SourcedTransfer[] {
	const payment = (t: TransferRecord) => `${t.kind} ${t.from} ${t.asset} ${t.amount}`;
	const [paidA, paidB, paid] = [a, b, merged].map((list) => groupBy(list, payment));
	const left = new Map<string, number>();
	return merged.filter((t) => {
		if (!isUnknownAccount(t.to)) return true;
		const key = payment(t);
		const named = (paid?.get(key) ?? []).filter((x) => !isUnknownAccount(x.to)).length;
		const unnamed = left.get(key) ?? Math.max(paidA?.get(key)?.length ?? 0, paidB?.get(key)?.length ?? 0) - named;
		left.set(key, unnamed - 1);
		return unnamed > 0;
	});
}

/** The hash of a block, from sources of which some do not name it. */
function blockHash(a: Hash, b: Hash): Hash {
	if (a === b || isUnnamedBlock(b)) return a;
	if (!isUnnamedBlock(a)) conflict(a, `block hash ${a} and ${b}`);
	return b;
}

/** Of what a block pays one account, the word of the strongest source alone: sources reckon a reward with or without the tips in it. */
function strongestWord(transfers: readonly SourcedTransfer[]): SourcedTransfer[] {
	const best = new Map<string, number>();
	const paid = (t: SourcedTransfer) => `${t.kind} ${t.to}`;
	for (const t of transfers) best.set(paid(t), Math.min(rank(t), best.get(paid(t)) ?? rank(t)));
	return transfers.filter((t) => rank(t) === best.get(paid(t)));
}

function identityOf(t: TransferRecord): string {
	return `${t.kind} ${t.from} ${t.to} ${t.asset} ${t.amount}`;
}

/**
 * Merges two lists of equal transfers: known event indices are united, and calls that ethereum-etl names; transfers without either fill
 * up to the larger count and carry the source that told of that many, the stronger one at a tie. Each part is a maximum or a union, so
 * the order of merging does not matter. Other words on where calls stand go to the transfers in order.
 */
function mergeEqual(a: readonly SourcedTransfer[], b: readonly SourcedTransfer[]): SourcedTransfer[] {
	const all = [...a, ...b];
	const indexed = new Map<number, SourcedTransfer>();
	for (const t of all) if (t.eventIndex !== undefined) indexed.set(t.eventIndex, stronger(indexed.get(t.eventIndex), t));
	const named = new Map<string, SourcedTransfer>();
	for (const t of all) for (const call of namedCalls(t)) named.set(call, stronger(named.get(call), t));
	const count = Math.max(a.length, b.length, indexed.size, named.size);
	const paths = unitedPaths(all, count);
	const places = [...indexed.values()];
	const [plainA, plainB] = [firstPlain(a), firstPlain(b)];
	const teller =
		plainA === undefined || (plainB !== undefined && b.length > a.length)
			? plainB
			: b.length < a.length
				? plainA
				: stronger(plainB, plainA);
	return paths.map((callPath, i) => {
		// Those with an index come last: they take what calls leave of the places.
		const place = places[i - (count - places.length)];
		const told = place ?? named.get(namedCalls({ callPath })[0] ?? "") ?? teller ?? (all[0] as SourcedTransfer);
		return placedAt(told, place?.eventIndex, callPath);
	});
}

function placedAt(t: SourcedTransfer, eventIndex: number | undefined, callPath: string | undefined): SourcedTransfer {
	const { eventIndex: _, callPath: __, ...rest } = t;
	return { ...rest, ...(eventIndex === undefined ? {} : { eventIndex }), ...(callPath === undefined ? {} : { callPath }) };
}

/** The strongest of the transfers of which nothing tells where they stand. */
function firstPlain(transfers: readonly SourcedTransfer[]): SourcedTransfer | undefined {
	let first: SourcedTransfer | undefined;
	for (const t of transfers) if (t.eventIndex === undefined && namedCalls(t).length === 0) first = stronger(first, t);
	return first;
}

function stronger(a: SourcedTransfer | undefined, b: SourcedTransfer): SourcedTransfer {
	if (a === undefined) return b;
	return (rank(a) - rank(b) || compareText(a.source, b.source)) <= 0 ? a : b;
}

function rank(t: SourcedTransfer): number {
	return PROVENANCE_TIERS.indexOf(t.provenance);
}
