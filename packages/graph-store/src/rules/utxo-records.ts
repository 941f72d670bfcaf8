import { type Hash, Heap, InputError, type OutputFacts, type UtxoRecord, type UtxoTransaction } from "@clew/core";
import type { UtxoTable } from "./utxo.js";

/** True when a stored transaction and a told one move the same money; version and locktime may be unknown to a source. */
export function sameMoney(held: UtxoTransaction, told: UtxoRecord): boolean {
	const words = (outputs: readonly OutputFacts[]) => outputs.map((o) => `${o.value} ${o.account}`).join();
	return held.coinbase === told.coinbase && held.inputs.length === told.inputs.length && words(held.outputs) === words(told.outputs);
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

/** Transactions of one block whose order nobody told: coinbase first, each after those whose outputs it spends, else by id (Kahn 1962, with a heap). */
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
