import { formatOutpoint, type UtxoRecord } from "@clew/core";
import { CLEAN } from "../lots.js";

/**
 * Taint over outputs in the most literal way: every satoshi of every output is one entry, its origin. The tape of a transaction is its
 * inputs' satoshi one after the other; `fifo` cuts it from the front, `lifo` from the end; the fee is what is left. The reference that
 * tests compare the sweep with.
 */
export function literalTape(
	transactions: readonly UtxoRecord[],
	seeds: readonly string[],
	rule: "fifo" | "lifo",
): Map<string, readonly number[]> {
	const satoshi = new Map<string, readonly number[]>();
	for (const tx of transactions) {
		let tape = tx.inputs.flatMap((input) => satoshi.get(formatOutpoint(input.outpoint)) ?? []);
		for (const [vout, { value }] of tx.outputs.entries()) {
			const n = Number(value);
			const own = tx.coinbase ? new Array<number>(n).fill(CLEAN) : rule === "fifo" ? tape.slice(0, n) : tape.slice(tape.length - n);
			tape = rule === "fifo" ? tape.slice(n) : tape.slice(0, tape.length - n);
			const outpoint = `${tx.txid}:${vout}`;
			const origin = seeds.indexOf(outpoint);
			satoshi.set(outpoint, origin < 0 ? own : own.map((o) => (o === CLEAN ? origin : o)));
		}
	}
	return satoshi;
}
