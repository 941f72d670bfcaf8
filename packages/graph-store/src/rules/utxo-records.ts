import {
	formatOutpoint,
	type Hash,
	Heap,
	InputError,
	type Outpoint,
	type OutputFacts,
	type UtxoRecord,
	type UtxoTransaction,
} from "@clew/core";
import type { UtxoTable } from "./utxo.js";

/** What an output is worth, and whose it is. */
export type PaidFacts = Pick<OutputFacts, "value" | "account">;

/**
 * True when two sources tell of one transaction alike: what it spends, in order, and what it pays; where both tell, what the spent
 * outputs hold. Version, locktime and place may be unknown to a source.
 */
export function sameTransaction(a: UtxoRecord, b: UtxoRecord): boolean {
	const paid = ({ value, account }: PaidFacts) => `${value} ${account}`;
	return (
		a.coinbase === b.coinbase &&
		a.height === b.height &&
		sameList(a.outputs, b.outputs, (x, y) => paid(x) === paid(y)) &&
		sameList(
			a.inputs,
			b.inputs,
			(x, y) =>
				formatOutpoint(x.outpoint) === formatOutpoint(y.outpoint) &&
				(x.previous === undefined || y.previous === undefined || paid(x.previous) === paid(y.previous)),
		)
	);
}

function sameList<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
	return a.length === b.length && a.every((x, i) => same(x, b[i] as T));
}

/** The record with what only the other telling of the same transaction says. */
export function completedBy(a: UtxoRecord, b: UtxoRecord): UtxoRecord {
	const txIndex = a.txIndex ?? b.txIndex;
	return {
		...a,
		...(txIndex === undefined ? {} : { txIndex }),
		version: a.version || b.version,
		locktime: a.locktime || b.locktime,
		inputs: a.inputs.map((input, i) => ({ ...b.inputs[i], ...input })),
	};
}

/** A stored transaction as the record it came from. */
export function recordOf(tx: UtxoTransaction, chain: number, table: Pick<UtxoTable, "txidAt">): UtxoRecord {
	return {
		txid: tx.txid,
		height: tx.height,
		...(tx.indexed ? { txIndex: tx.txIndex } : {}),
		version: tx.version,
		locktime: tx.locktime,
		coinbase: tx.coinbase,
		inputs: tx.inputs.map(({ sequence, place, outpoint, previous, signed }) => ({
			sequence,
			outpoint: outpoint ?? { txid: (place && table.txidAt(chain, place)) as Hash, vout: place?.index ?? 0 },
			...(previous ? { previous } : {}),
			...(signed ? { signed } : {}),
		})),
		outputs: tx.outputs.map(({ spender: _, ...output }) => output),
	};
}

/**
 * Transactions of one block whose order nobody told: coinbase first, each after those whose outputs it spends, else by id (Kahn 1962, with
 * a heap).
 */
export function inCausalOrder(transactions: readonly UtxoRecord[]): UtxoRecord[] {
	const ids = new Set(transactions.map((tx) => tx.txid));
	const children = new Map<Hash, UtxoRecord[]>();
	const waitsFor = new Map<Hash, number>();
	const ready = new Heap<UtxoRecord>((a, b) => (a.coinbase === b.coinbase ? a.txid < b.txid : a.coinbase));
	for (const tx of transactions) {
		const parents = new Set(tx.inputs.map((input) => input.outpoint.txid).filter((id) => ids.has(id)));
		waitsFor.set(tx.txid, parents.size);
		if (parents.size === 0) ready.push(tx);
		for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), tx]);
	}
	const ordered: UtxoRecord[] = [];
	for (let tx = ready.pop(); tx !== undefined; tx = ready.pop()) {
		ordered.push(tx);
		for (const child of children.get(tx.txid) ?? []) {
			const left = (waitsFor.get(child.txid) ?? 0) - 1;
			waitsFor.set(child.txid, left);
			if (left === 0) ready.push(child);
		}
	}
	if (ordered.length < transactions.length)
		throw new InputError(`transactions of block ${transactions[0]?.height} spend each other in a circle`);
	return ordered;
}

/** Sources that cannot both be right. */
export function conflict(what: string): InputError {
	return new InputError(what, { code: "CONFLICT", hint: "The sources are of different chains, or one was edited." });
}

/** An input's source must tell the output that it spends as the output's own source does. Throws InputError (CONFLICT). */
export function checkPrevious(outpoint: Outpoint, told: PaidFacts, held: PaidFacts): void {
	const apart = told.value !== held.value ? "values" : told.account !== held.account ? "owners" : undefined;
	if (apart !== undefined) throw conflict(`two sources give output ${formatOutpoint(outpoint)} different ${apart}`);
}
