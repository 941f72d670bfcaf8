import {
	type AccountId,
	type AccountOutput,
	type ChainId,
	type ClusterCut,
	chainOf,
	groupBy,
	type Hash,
	type NamedTransaction,
	type Outpoint,
	type OutputPlace,
	type ProvenanceTier,
	type ScriptType,
	type SignatureScope,
	type TransactionPlace,
	type UtxoInput,
	type UtxoOutput,
	type UtxoTransaction,
} from "@clew/core";
import { endOfChain, packTransaction, unpackTransaction } from "../rules/keys.js";
import { slotPlace, storedNumber } from "../rules/stored-amount.js";
import type { Row, Run } from "./client.js";
import type { Names } from "./names.js";

const INDEX_BITS = 16n;
const INDEX_MASK = 0xffffn;

/** Key of an output or input: its transaction's key and its index there. */
export const slotKey = (transaction: number, index: number): bigint => (BigInt(transaction) << INDEX_BITS) | BigInt(index);
/** Key of the transaction that a slot belongs to. */
export const transactionOf = (slot: bigint): number => Number(slot >> INDEX_BITS);
/** Index of a slot in its transaction. */
export const indexOf = (slot: bigint): number => Number(slot & INDEX_MASK);

/** Rows as the database holds them, by slot key. */
export interface OutputRow {
	readonly key: bigint;
	value: bigint;
	account: AccountId;
	type: ScriptType;
	data: string | null;
	spender: bigint | null;
}
export interface InputRow {
	readonly key: bigint;
	sequence: number;
	prev: bigint | null;
	waitsFor: Hash | null;
	vout: number | null;
	value: bigint | null;
	account: AccountId | null;
	type: ScriptType | null;
	signed: SignatureScope | null;
}
export interface UtxoTxRow {
	readonly key: number;
	readonly txid: Hash;
	readonly indexed: boolean;
	readonly version: number;
	readonly locktime: number;
	readonly coinbase: boolean;
	readonly tier: ProvenanceTier;
	readonly source: string;
}
/** Transactions with all of their slots. */
export interface UtxoRows {
	readonly transactions: readonly UtxoTxRow[];
	readonly outputs: readonly OutputRow[];
	readonly inputs: readonly InputRow[];
	/** What the inputs spend, as far as the case holds it. */
	readonly spent: readonly OutputRow[];
}

const OUTPUT = `o.key AS key, o.value AS value, o.account AS account, o.type AS type, o.data AS data, o.spender AS spender`;
const INPUT = `i.key AS key, i.sequence AS sequence, i.prev AS prev, i.waitsFor AS waitsFor, i.vout AS vout, i.value AS value, i.account AS account, i.type AS type, i.signed AS signed`;

const outputPlace = (row: Row): string => slotPlace("output", placeOf(row["key"] as bigint));
const inputPlace = (row: Row): string => slotPlace("input", placeOf(row["key"] as bigint));
const outputRow = (row: Row): OutputRow => ({
	key: row["key"] as bigint,
	value: storedNumber(row["value"], outputPlace, row),
	account: row["account"] as AccountId,
	type: row["type"] as ScriptType,
	data: row["data"] as string | null,
	spender: row["spender"] as bigint | null,
});
const inputRow = (row: Row): InputRow => ({
	key: row["key"] as bigint,
	sequence: Number(row["sequence"]),
	prev: row["prev"] as bigint | null,
	waitsFor: row["waitsFor"] as Hash | null,
	vout: row["vout"] === null ? null : Number(row["vout"]),
	value: row["value"] === null ? null : storedNumber(row["value"], inputPlace, row),
	account: row["account"] as AccountId | null,
	type: row["type"] as ScriptType | null,
	signed: row["signed"] as SignatureScope | null,
});

/** Outputs by key. */
export async function outputsAt(run: Run, c: number, keys: readonly bigint[]): Promise<OutputRow[]> {
	if (keys.length === 0) return [];
	return (await run(`UNWIND $keys AS key MATCH (o:Output {c: $c, key: key}) RETURN ${OUTPUT}`, { c, keys })).map(outputRow);
}

/** Inputs by key, and those that wait for one of these transactions. */
export async function inputsFor(run: Run, c: number, keys: readonly bigint[], waitsFor: readonly Hash[]): Promise<InputRow[]> {
	const at = await run(`UNWIND $keys AS key MATCH (i:Input {c: $c, key: key}) RETURN ${INPUT}`, { c, keys });
	const waiting = await run(`UNWIND $waitsFor AS id MATCH (i:Input {c: $c, waitsFor: id}) RETURN ${INPUT}`, { c, waitsFor });
	return [...at, ...waiting].map(inputRow);
}

/** The ids of transactions by key. */
export async function txidsAt(run: Run, c: number, keys: readonly number[]): Promise<Map<number, Hash>> {
	const rows = await run(`UNWIND $keys AS key MATCH (t:Transaction {c: $c, key: key}) RETURN key, t.hash AS hash`, { c, keys });
	return new Map(rows.map((row) => [Number(row["key"]), row["hash"] as Hash]));
}

/** The keys of transactions by id, the latest first where two coinbases have one id (BIP 30). */
export async function keysOf(run: Run, c: number, chain: number, txids: readonly Hash[]): Promise<Map<Hash, number[]>> {
	const keys = new Map<Hash, number[]>();
	if (txids.length === 0) return keys;
	const rows = await run(
		`UNWIND $txids AS id MATCH (t:Transaction {c: $c, hash: id}) WHERE t.version IS NOT NULL AND t.key >= $from AND t.key < $end RETURN id, t.key AS key ORDER BY key DESC`,
		{ c, txids, from: packTransaction(chain, 0, 0), end: packTransaction(chain + 1, 0, 0) },
	);
	for (const row of rows) {
		const id = row["id"] as Hash;
		keys.set(id, [...(keys.get(id) ?? []), Number(row["key"])]);
	}
	return keys;
}

/** At most `limit` transactions with keys in [from, end), with their slots and what they spend. */
export async function loadRange(run: Run, c: number, from: number, end: number, limit = Number.MAX_SAFE_INTEGER): Promise<UtxoRows> {
	const transactions = (
		await run(
			`MATCH (t:Transaction) WHERE t.c = $c AND t.key >= $from AND t.key < $end AND t.version IS NOT NULL
			RETURN t.key AS key, t.hash AS txid, t.indexed AS indexed, t.version AS version, t.locktime AS locktime, t.coinbase AS coinbase, t.tier AS tier, t.source AS source
			ORDER BY t.key LIMIT $limit`,
			{ c, from, end, limit },
		)
	).map(
		(row): UtxoTxRow => ({
			key: Number(row["key"]),
			txid: row["txid"] as Hash,
			indexed: row["indexed"] as boolean,
			version: Number(row["version"]),
			locktime: Number(row["locktime"]),
			coinbase: row["coinbase"] as boolean,
			tier: row["tier"] as ProvenanceTier,
			source: row["source"] as string,
		}),
	);
	const [first, last] = [transactions[0], transactions[transactions.length - 1]];
	if (first === undefined || last === undefined) return { transactions, outputs: [], inputs: [], spent: [] };
	const range = { c, from: slotKey(first.key, 0), end: slotKey(last.key + 1, 0) };
	const outputs = await run(`MATCH (o:Output) WHERE o.c = $c AND o.key >= $from AND o.key < $end RETURN ${OUTPUT} ORDER BY o.key`, range);
	const inputs = await run(`MATCH (i:Input) WHERE i.c = $c AND i.key >= $from AND i.key < $end RETURN ${INPUT} ORDER BY i.key`, range);
	const spent = await run(
		`MATCH (i:Input) WHERE i.c = $c AND i.key >= $from AND i.key < $end AND i.prev IS NOT NULL MATCH (o:Output {c: $c, key: i.prev}) RETURN ${OUTPUT}`,
		range,
	);
	return { transactions, outputs: outputs.map(outputRow), inputs: inputs.map(inputRow), spent: spent.map(outputRow) };
}

const placeOf = (slot: bigint): OutputPlace => ({ ...unpackTransaction(transactionOf(slot)), index: indexOf(slot) });

function outputFrom(row: OutputRow): UtxoOutput {
	return {
		value: row.value,
		account: row.account,
		scriptType: row.type,
		...(row.data === null ? {} : { data: row.data }),
		...(row.spender === null ? {} : { spender: placeOf(row.spender) }),
	};
}

function inputFrom(row: InputRow, spent: OutputRow | undefined): UtxoInput {
	const facts = spent ?? (row.value === null ? undefined : row);
	return {
		sequence: row.sequence,
		...(row.prev === null ? {} : { place: placeOf(row.prev) }),
		...(row.waitsFor === null ? {} : { outpoint: { txid: row.waitsFor, vout: row.vout ?? 0 } }),
		...(facts === undefined
			? {}
			: { previous: { value: facts.value as bigint, account: facts.account as AccountId, scriptType: facts.type as ScriptType } }),
		...(row.signed === null ? {} : { signed: row.signed }),
	};
}

/** Transactions from their rows; every list in key order. `spentAt` gives the output that an input spends. */
export function assemble(
	transactions: readonly UtxoTxRow[],
	outputsOf: (key: number) => readonly OutputRow[],
	inputsOf: (key: number) => readonly InputRow[],
	spentAt: (key: bigint) => OutputRow | undefined,
): UtxoTransaction[] {
	return transactions.map((row) => ({
		...unpackTransaction(row.key),
		txid: row.txid,
		indexed: row.indexed,
		version: row.version,
		locktime: row.locktime,
		coinbase: row.coinbase,
		inputs: inputsOf(row.key).map((input) => inputFrom(input, input.prev === null ? undefined : spentAt(input.prev))),
		outputs: outputsOf(row.key).map(outputFrom),
		provenance: row.tier,
		source: row.source,
	}));
}

/** Slots by their transaction's key. */
function bySlotOwner<T extends { readonly key: bigint }>(rows: readonly T[]): (key: number) => readonly T[] {
	const groups = groupBy(rows, (row) => transactionOf(row.key));
	return (key) => groups.get(key) ?? [];
}

/** Reads of Bitcoin transactions, as in the OutputReader port. */
export function utxoQueries(names: Names) {
	const { c } = names;
	async function range(run: Run, from: number, end: number, limit: number): Promise<UtxoTransaction[]> {
		const { transactions, outputs, inputs, spent } = await loadRange(run, c, from, end, limit);
		const prev = new Map(spent.map((row) => [row.key, row]));
		return assemble(transactions, bySlotOwner(outputs), bySlotOwner(inputs), (key) => prev.get(key));
	}
	/** Slots of an account at or after a place. */
	async function slots(run: Run, account: AccountId, from: OutputPlace) {
		const chain = await names.knownChain(run, chainOf(account));
		if (chain === undefined) return undefined;
		return { c, account, from: slotKey(packTransaction(chain, from.height, from.txIndex), from.index), end: endOfChain(chain) };
	}
	return {
		async utxoTransaction(run: Run, chain: ChainId, txid: Hash): Promise<UtxoTransaction | undefined> {
			const id = await names.knownChain(run, chain);
			const [key] = id === undefined ? [] : ((await keysOf(run, c, id, [txid])).get(txid) ?? []);
			return key === undefined ? undefined : (await range(run, key, key + 1, 1))[0];
		},
		async utxoTransactions(run: Run, chain: ChainId, { height, txIndex }: TransactionPlace, limit: number): Promise<UtxoTransaction[]> {
			const id = await names.knownChain(run, chain);
			return id === undefined ? [] : range(run, packTransaction(id, height, txIndex), packTransaction(id + 1, 0, 0), limit);
		},
		async outputsOf(run: Run, account: AccountId, from: OutputPlace, limit: number): Promise<AccountOutput[]> {
			const bounds = await slots(run, account, from);
			if (bounds === undefined) return [];
			const rows = await run(
				`MATCH (o:Output) WHERE o.c = $c AND o.account = $account AND o.key >= $from AND o.key < $end RETURN ${OUTPUT} ORDER BY o.key LIMIT $limit`,
				{ ...bounds, limit },
			);
			return rows.map(outputRow).map((row) => ({ ...outputFrom({ ...row, data: null }), place: placeOf(row.key) }));
		},
		async foreignSpendsOf(run: Run, account: AccountId, from: OutputPlace, limit: number): Promise<OutputPlace[]> {
			const bounds = await slots(run, account, from);
			if (bounds === undefined) return [];
			const rows = await run(
				`MATCH (i:Input) WHERE i.c = $c AND i.account = $account AND i.key >= $from AND i.key < $end RETURN i.key AS key ORDER BY i.key LIMIT $limit`,
				{ ...bounds, limit },
			);
			return rows.map((row) => placeOf(row["key"] as bigint));
		},
		async txids(run: Run, chain: ChainId, places: readonly (TransactionPlace | undefined)[]): Promise<(Hash | undefined)[]> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return places.map(() => undefined);
			const keys = places.map((place) => place && packTransaction(id, place.height, place.txIndex));
			const found = await txidsAt(
				run,
				c,
				keys.filter((key) => key !== undefined),
			);
			return keys.map((key) => (key === undefined ? undefined : found.get(key)));
		},
		async transactionsCarrying(run: Run, data: string, limit: number): Promise<NamedTransaction[]> {
			const rows = await run(
				`MATCH (t:Transaction)-[:MAKES]->(o:Output) WHERE o.c = $c AND o.data = $data
				WITH t, min(o.account) AS account ORDER BY t.key LIMIT $limit RETURN t.hash AS txid, account`,
				{ c, data, limit },
			);
			return rows.map((row) => ({ chain: chainOf(row["account"] as AccountId), txid: row["txid"] as Hash }));
		},
		async unknownOutpoints(run: Run, chain: ChainId, outpoints: readonly Outpoint[]): Promise<Outpoint[]> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return [...outpoints];
			const keys = await keysOf(run, c, id, [...new Set(outpoints.map(({ txid }) => txid))]);
			const slotOf = ({ txid, vout }: Outpoint) => {
				const key = keys.get(txid)?.[0];
				return key === undefined ? undefined : slotKey(key, vout);
			};
			const wanted = outpoints.map(slotOf).filter((slot) => slot !== undefined);
			const held = new Set((await outputsAt(run, c, wanted)).map((row) => row.key));
			return outpoints.filter((outpoint) => {
				const slot = slotOf(outpoint);
				return slot === undefined || !held.has(slot);
			});
		},
		async countOutputs(run: Run, account: AccountId, cap: number): Promise<number> {
			const [row] = await run(
				`MATCH (o:Output) WHERE o.c = $c AND o.account = $account AND o.key >= 0 WITH o LIMIT $cap RETURN count(o) AS n`,
				{ c, account, cap },
			);
			return Number(row?.["n"] ?? 0);
		},
		async busyAccounts(run: Run, chain: ChainId, outputs: number): Promise<Set<AccountId>> {
			const rows = await run(
				`MATCH (o:Output) WHERE o.c = $c AND o.account IS NOT NULL WITH o.account AS account, count(*) AS n WHERE n >= $outputs RETURN account`,
				{ c, outputs },
			);
			return new Set(rows.map((row) => row["account"] as AccountId).filter((account) => chainOf(account) === chain));
		},
		async labelledAccounts(run: Run): Promise<Set<AccountId>> {
			const rows = await run(`MATCH (l:Label) WHERE l.c = $c RETURN DISTINCT l.account AS account`, { c });
			return new Set(rows.map((row) => row["account"] as AccountId));
		},
		async clusterCuts(run: Run): Promise<ClusterCut[]> {
			const rows = await run(
				`MATCH (k:ClusterCut) WHERE k.c = $c RETURN k.subject AS subject, k.heuristic AS heuristic, k.note AS note, k.at AS at`,
				{ c },
			);
			const cuts = rows as unknown as ClusterCut[];
			const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
			return cuts.sort((a, b) => order(a.subject, b.subject) || order(a.heuristic, b.heuristic));
		},
	};
}
