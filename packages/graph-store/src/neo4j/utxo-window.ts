import type {
	AccountId,
	ChainId,
	Hash,
	InputRecord,
	MergeResult,
	OutputFacts,
	ProvenanceTier,
	Source,
	UtxoBlock,
	UtxoRecord,
} from "@clew/core";
import { byHeight, sumResults } from "../rules/batches.js";
import { headerWriter } from "../rules/headers.js";
import { packTransaction } from "../rules/keys.js";
import { type UtxoTable, utxoWriter } from "../rules/utxo.js";
import type { Run } from "./client.js";
import { flushHeaders, headerWindow, loadHeaders } from "./headers.js";
import type { Names } from "./names.js";
import {
	assemble,
	type InputRow,
	indexOf,
	inputsFor,
	keysOf,
	loadRange,
	type OutputRow,
	outputsAt,
	slotKey,
	transactionOf,
	txidsAt,
	type UtxoTxRow,
} from "./utxo-reading.js";

const WRITE_CHUNK = 5_000;

/** A slot's row in the window: as it was read, changed since, or made here. */
interface Tracked<T> {
	readonly row: T;
	state: "stored" | "changed" | "new";
}

/** Everything that a write may touch, read before; the rules work on it, then the changes are written. */
interface Window extends UtxoTable {
	flush(run: Run): Promise<void>;
}

/** Writes of Bitcoin blocks and transactions of one case; each call takes the open transaction. */
export function utxoWrites(names: Names) {
	const { c } = names;

	async function change(
		run: Run,
		chain: number,
		heights: readonly number[],
		records: readonly UtxoRecord[],
		work: (writer: ReturnType<typeof utxoWriter>) => MergeResult,
	): Promise<MergeResult> {
		const headers = headerWindow(await loadHeaders(run, c, chain, heights));
		const window = await openWindow(run, chain, heights, records);
		const result = work(utxoWriter(window, headerWriter(headers)));
		await window.flush(run);
		await flushHeaders(run, c, headers);
		return result;
	}

	async function openWindow(run: Run, chain: number, heights: readonly number[], records: readonly UtxoRecord[]): Promise<Window> {
		const own = [...new Set(records.map((tx) => tx.txid))];
		const outpoints = records.flatMap((tx) => tx.inputs.map((input) => input.outpoint));
		const keys = await keysOf(run, c, chain, [...new Set([...own, ...outpoints.map(({ txid }) => txid)])]);
		const ranges = heights.map((height) => [packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0)] as const);
		const elsewhere = own.flatMap((txid) => keys.get(txid) ?? []).filter((key) => !ranges.some(([from, end]) => key >= from && key < end));
		const transactions = new Map<number, UtxoTxRow>();
		const outputs = new Map<bigint, Tracked<OutputRow>>();
		const inputs = new Map<bigint, Tracked<InputRow>>();
		const keep = <T extends { readonly key: bigint }>(map: Map<bigint, Tracked<T>>, rows: readonly T[]) => {
			for (const row of rows) if (!map.has(row.key)) map.set(row.key, { row, state: "stored" });
		};
		for (const [from, end] of [...ranges, ...elsewhere.map((key) => [key, key + 1] as const)]) {
			const rows = await loadRange(run, c, from, end);
			for (const tx of rows.transactions) transactions.set(tx.key, tx);
			keep(outputs, rows.outputs);
			keep(inputs, rows.inputs);
			keep(outputs, rows.spent);
		}
		// Stored transactions are written anew when their height changes: by name, so the names of what they spend are needed too.
		const spent = [...inputs.values()].flatMap(({ row }) => (row.prev === null ? [] : [transactionOf(row.prev)]));
		const unnamed = [...(await txidsAt(run, c, [...new Set(spent)])).values(), ...[...transactions.values()].map((tx) => tx.txid)];
		const missing = [...new Set(unnamed)].filter((txid) => !keys.has(txid));
		for (const [txid, found] of await keysOf(run, c, chain, missing)) keys.set(txid, found);
		const wanted = outpoints.flatMap(({ txid, vout }) => (keys.get(txid) ?? []).map((key) => slotKey(key, vout)));
		keep(
			outputs,
			await outputsAt(
				run,
				c,
				wanted.filter((key) => !outputs.has(key)),
			),
		);
		const spenders = [...outputs.values()].flatMap(({ row }) => (row.spender === null ? [] : [row.spender]));
		const stored = [...own, ...[...transactions.values()].map((tx) => tx.txid)];
		// Other inputs may wait for what these spend.
		const unheld = outpoints.flatMap(({ txid }) => (keys.has(txid) ? [] : [txid]));
		keep(inputs, await inputsFor(run, c, [...new Set(spenders)], [...new Set([...stored, ...unheld])]));
		return windowOver(keys, transactions, outputs, inputs);
	}

	function windowOver(
		keys: Map<Hash, number[]>,
		transactions: Map<number, UtxoTxRow>,
		outputs: Map<bigint, Tracked<OutputRow>>,
		inputs: Map<bigint, Tracked<InputRow>>,
	): Window {
		const removed: (readonly [number, number])[] = [];
		const made = new Set<number>();
		/** Transactions that were there before, whose version another source told now. */
		const retold = new Set<number>();
		const waiting = new Map<Hash, Set<InputRow>>();
		const accounts = new Set<AccountId>();
		const wait = (row: InputRow) => {
			if (row.waitsFor === null) return;
			const list = waiting.get(row.waitsFor) ?? new Set();
			waiting.set(row.waitsFor, list.add(row));
		};
		for (const { row } of inputs.values()) wait(row);
		const touch = (slot: Tracked<unknown>) => {
			if (slot.state === "stored") slot.state = "changed";
		};
		const input = (key: bigint, { sequence, signed }: InputRecord, rest: Partial<InputRow>): InputRow => {
			const empty = { prev: null, waitsFor: null, vout: null, value: null, account: null, type: null };
			const row = { key, sequence, signed: signed ?? null, ...empty, ...rest };
			inputs.set(key, { row, state: "new" });
			return row;
		};
		const facts = (told: OutputFacts) => {
			accounts.add(told.account);
			return { value: told.value, account: told.account, type: told.scriptType };
		};
		/** The slots of a transaction that is in the window whole. */
		const slotsOf = <T>(slots: ReadonlyMap<bigint, Tracked<T>>, key: number): T[] => {
			const rows: T[] = [];
			for (let slot = slots.get(slotKey(key, 0)); slot !== undefined; slot = slots.get(slotKey(key, rows.length))) rows.push(slot.row);
			return rows;
		};

		return {
			keyOf: (_, txid) => keys.get(txid)?.[0],
			range(from, end) {
				const wanted = [...transactions.values()].filter(({ key }) => key >= from && key < end).sort((a, b) => a.key - b.key);
				return assemble(
					wanted,
					(key) => slotsOf(outputs, key),
					(key) => slotsOf(inputs, key),
					(key) => outputs.get(key)?.row,
				);
			},
			txidAt(chain, { height, txIndex }) {
				const key = packTransaction(chain, height, txIndex);
				const known = transactions.get(key)?.txid;
				return known ?? [...keys].find(([, list]) => list.includes(key))?.[0];
			},
			insertTransaction(key, tx, told) {
				transactions.set(key, {
					key,
					txid: tx.txid,
					indexed: tx.txIndex !== undefined,
					version: tx.version,
					locktime: tx.locktime,
					coinbase: tx.coinbase,
					tier: told.provenance,
					source: told.source,
				});
				made.add(key);
				keys.set(
					tx.txid,
					[...new Set([key, ...(keys.get(tx.txid) ?? [])])].sort((a, b) => b - a),
				);
				for (const [vout, output] of tx.outputs.entries()) {
					const slot = slotKey(key, vout);
					outputs.set(slot, { row: { key: slot, ...facts(output), data: output.data ?? null, spender: null }, state: "new" });
				}
			},
			insertInput: (key, vin, told, source, vout) => void input(slotKey(key, vin), told, { prev: slotKey(source, vout) }),
			insertWaiting(key, vin, record) {
				const { outpoint, previous } = record;
				const told = previous === undefined ? {} : facts(previous);
				wait(input(slotKey(key, vin), record, { waitsFor: outpoint.txid, vout: outpoint.vout, ...told }));
			},
			spend(spender, vin, source, vout) {
				const slot = outputs.get(slotKey(source, vout));
				if (slot === undefined || slot.row.spender !== null) return undefined;
				slot.row.spender = slotKey(spender, vin);
				touch(slot);
				return slot.row;
			},
			hasOutput: (source, vout) => outputs.has(slotKey(source, vout)),
			anyWaiting: () => waiting.size > 0,
			waitingFor: (txid) =>
				[...(waiting.get(txid) ?? [])].map((row) => ({
					spender: transactionOf(row.key),
					vin: indexOf(row.key),
					vout: row.vout ?? 0,
					told: row.value === null || row.account === null ? undefined : { value: row.value, account: row.account },
				})),
			connect(source, vout, spender, vin) {
				const slot = inputs.get(slotKey(spender, vin));
				if (slot === undefined) return;
				if (slot.row.waitsFor !== null) waiting.get(slot.row.waitsFor)?.delete(slot.row);
				Object.assign(slot.row, { prev: slotKey(source, vout), waitsFor: null, vout: null, value: null, account: null, type: null });
				touch(slot);
			},
			tellVersion(key, version, locktime) {
				const row = transactions.get(key);
				if (row === undefined) return;
				transactions.set(key, { ...row, version, locktime });
				retold.add(key);
			},
			tellSigned(spender, vin, signed) {
				const slot = inputs.get(slotKey(spender, vin));
				if (slot === undefined) return;
				slot.row.signed = signed;
				touch(slot);
			},
			tellPrevious(spender, vin, told) {
				const slot = inputs.get(slotKey(spender, vin));
				if (slot === undefined) return;
				Object.assign(slot.row, facts(told));
				touch(slot);
			},
			disconnect(spender, vin, { txid, vout }, told) {
				const slot = inputs.get(slotKey(spender, vin));
				if (slot === undefined) return;
				Object.assign(slot.row, { prev: null, waitsFor: txid, vout, ...facts(told) });
				touch(slot);
				wait(slot.row);
			},
			removeRange(from, end) {
				removed.push([from, end]);
				for (const { key, txid } of [...transactions.values()]) {
					if (key < from || key >= end) continue;
					for (const row of slotsOf(inputs, key)) {
						const spent = row.prev === null ? undefined : outputs.get(row.prev);
						if (spent !== undefined) {
							spent.row.spender = null;
							touch(spent);
						}
						if (row.waitsFor !== null) waiting.get(row.waitsFor)?.delete(row);
						inputs.delete(row.key);
					}
					transactions.delete(key);
					made.delete(key);
					retold.delete(key);
					const left = (keys.get(txid) ?? []).filter((k) => k !== key);
					if (left.length > 0) keys.set(txid, left);
					else keys.delete(txid);
				}
				for (const key of [...outputs.keys()]) if (key >= slotKey(from, 0) && key < slotKey(end, 0)) outputs.delete(key);
			},
			async flush(run) {
				for (const [from, end] of removed) await removeUtxoRange(run, c, from, end);
				await names.putAccounts(run, accounts);
				const each = async (cypher: string, rows: readonly object[]) => {
					for (let i = 0; i < rows.length; i += WRITE_CHUNK) await run(cypher, { c, rows: rows.slice(i, i + WRITE_CHUNK) });
				};
				const pick = <T>(slots: Map<bigint, Tracked<T>>, state: Tracked<T>["state"]): T[] =>
					[...slots.values()].filter((slot) => slot.state === state).map((slot) => slot.row);
				await each(
					`UNWIND $rows AS row CREATE (t:Transaction {c: $c, key: row.key, hash: row.txid, indexed: row.indexed, version: row.version, locktime: row.locktime, coinbase: row.coinbase, tier: row.tier, source: row.source})`,
					[...made].map((key) => transactions.get(key) as UtxoTxRow),
				);
				await each(
					`UNWIND $rows AS row MATCH (t:Transaction {c: $c, key: row.key}) SET t.version = row.version, t.locktime = row.locktime`,
					[...retold].flatMap((key) => transactions.get(key) ?? []),
				);
				const fresh = pick(outputs, "new");
				await each(
					`UNWIND $rows AS row MATCH (t:Transaction {c: $c, key: row.tx}) MATCH (a:Account {c: $c, id: row.account})
					CREATE (t)-[:MAKES]->(o:Output {c: $c, key: row.key, value: row.value, account: row.account, type: row.type, data: row.data, spender: row.spender})-[:PAYS]->(a)`,
					fresh.map((row) => ({ ...row, tx: transactionOf(row.key) })),
				);
				await each(
					`UNWIND $rows AS row CREATE (i:Input {c: $c, key: row.key, sequence: row.sequence, prev: row.prev, waitsFor: row.waitsFor, vout: row.vout, value: row.value, account: row.account, type: row.type, signed: row.signed})`,
					pick(inputs, "new"),
				);
				const respent = pick(outputs, "changed");
				await each(`UNWIND $rows AS row MATCH (o:Output {c: $c, key: row.key}) SET o.spender = row.spender`, respent);
				await each(
					`UNWIND $rows AS row MATCH (i:Input {c: $c, key: row.key}) SET i.prev = row.prev, i.waitsFor = row.waitsFor, i.vout = row.vout, i.value = row.value, i.account = row.account, i.type = row.type, i.signed = row.signed`,
					pick(inputs, "changed"),
				);
				await each(
					`UNWIND $rows AS row MATCH (o:Output {c: $c, key: row.key}) MATCH (t:Transaction {c: $c, key: row.tx}) MERGE (o)-[:SPENT_BY]->(t)`,
					[...fresh, ...respent].flatMap((row) => (row.spender === null ? [] : [{ key: row.key, tx: transactionOf(row.spender) }])),
				);
			},
		};
	}

	return {
		async putUtxoBlocks(
			run: Run,
			chain: number,
			name: ChainId,
			blocks: readonly UtxoBlock[],
			source: Source,
			tier: ProvenanceTier,
		): Promise<MergeResult> {
			const heights = blocks.map((block) => block.header.height);
			const records = blocks.flatMap((block) => block.transactions);
			return change(run, chain, heights, records, (writer) =>
				sumResults(blocks.map((block) => writer.putBlock(chain, name, block, source, tier))),
			);
		},
		async putUtxoTransactions(
			run: Run,
			chain: number,
			records: readonly UtxoRecord[],
			times: ReadonlyMap<number, number>,
			source: Source,
			tier: ProvenanceTier,
		): Promise<MergeResult> {
			const groups = byHeight(records);
			const heights = groups.map(([height]) => height);
			return change(run, chain, heights, records, (writer) =>
				sumResults(groups.map(([height, txs]) => writer.putHeight(chain, height, txs, times.get(height), source, tier))),
			);
		},
	};
}

/** Removes transactions with keys in [from, end) with their slots; what they spent from outside is unspent. */
export async function removeUtxoRange(run: Run, c: number, from: number, end: number): Promise<void> {
	const slots = { c, from: slotKey(from, 0), end: slotKey(end, 0) };
	await run(
		`MATCH (i:Input) WHERE i.c = $c AND i.key >= $from AND i.key < $end AND i.prev IS NOT NULL MATCH (o:Output {c: $c, key: i.prev}) REMOVE o.spender`,
		slots,
	);
	for (const label of ["Input", "Output"])
		await run(`MATCH (n:${label}) WHERE n.c = $c AND n.key >= $from AND n.key < $end DETACH DELETE n`, slots);
	await run(`MATCH (t:Transaction) WHERE t.c = $c AND t.key >= $from AND t.key < $end DETACH DELETE t`, { c, from, end });
}
