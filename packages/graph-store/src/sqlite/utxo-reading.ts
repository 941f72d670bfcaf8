import {
	type AccountId,
	type AccountOutput,
	type ChainId,
	type ClusterCut,
	chainOf,
	type Hash,
	type NamedTransaction,
	type Outpoint,
	type OutputPlace,
	SCRIPT_TYPES,
	type ScriptType,
	SIGNATURE_SCOPES,
	type SignatureScope,
	type TransactionPlace,
	type UtxoInput,
	type UtxoOutput,
	type UtxoTransaction,
} from "@clew/core";
import { chainOfTransaction, endOfChain, hashPrefix, packTransaction, unpackTransaction } from "../rules/keys.js";
import { slotPlace, storedNumber } from "../rules/stored-amount.js";
import { BOUND_LIMIT, type Db } from "./database.js";
import type { Interning } from "./interning.js";
import { tierOf } from "./rows.js";

/** Reads of Bitcoin transactions. Methods as in the OutputReader port, but synchronous. */
export interface UtxoReader {
	/** The key of a transaction; of the later one where two coinbases have one id (BIP 30). */
	keyOf(chain: number, txid: Hash): number | undefined;
	/** All transactions with keys in [from, end), at most `limit`. */
	range(from: number, end: number, limit: number): UtxoTransaction[];
	hashAt(key: number): Hash | undefined;
	transaction(chain: ChainId, txid: Hash): UtxoTransaction | undefined;
	transactions(chain: ChainId, from: TransactionPlace, limit: number): UtxoTransaction[];
	outputsOf(account: AccountId, from: OutputPlace, limit: number): AccountOutput[];
	foreignSpendsOf(account: AccountId, from: OutputPlace, limit: number): OutputPlace[];
	txids(chain: ChainId, places: readonly (TransactionPlace | undefined)[]): (Hash | undefined)[];
	transactionsCarrying(data: string, limit: number): NamedTransaction[];
	unknownOutpoints(chain: ChainId, outpoints: readonly Outpoint[]): Outpoint[];
	countOutputs(account: AccountId, cap: number): number;
	busyAccounts(chain: ChainId, outputs: number): Set<AccountId>;
	labelledAccounts(): Set<AccountId>;
	cuts(): ClusterCut[];
}

type TxRow = [number, string, number, number, number, number, number, number];
type OutputRow = [number, number, number, number, number, Buffer | null, number | null, number | null];
type InputRow = [
	number,
	number,
	number | null,
	number | null,
	string | null,
	number | null,
	number | null,
	number | null,
	number | null,
	number | null,
	number,
];

function placeAt(key: number, index: number): OutputPlace {
	const { height, txIndex } = unpackTransaction(key);
	return { height, txIndex, index };
}

const outputPlace = (row: OutputRow): string => slotPlace("output", placeAt(row[0], row[4]));
const inputPlace = (row: InputRow): string => slotPlace("input", placeAt(row[0], row[10]));

/** Prepares the read statements for Bitcoin transactions. */
export function utxoReader(db: Db, names: Interning): UtxoReader {
	const findKeys = db.prepare(`SELECT key FROM txs WHERE prefix = ? AND hash = ? ORDER BY key DESC`).pluck();
	const hashAt = db.prepare(`SELECT hash FROM txs WHERE key = ?`).pluck();
	const txRows = db
		.prepare(
			`SELECT x.key, x.hash, x.indexed, u.version, u.locktime, u.coinbase, u.tier, u.source_id FROM utxo_txs u JOIN txs x ON x.key = u.key
			WHERE u.key >= ? AND u.key < ? ORDER BY u.key ${BOUND_LIMIT}`,
		)
		.raw();
	const outputRows = db
		.prepare(
			`SELECT key >> 16, value, account_id, type, key & 0xffff, data, spender >> 16, spender & 0xffff
			FROM outputs WHERE key >= (? << 16) AND key < (? << 16) ORDER BY key`,
		)
		.raw();
	const inputRows = db
		.prepare(
			`SELECT i.key >> 16, i.sequence, i.prev >> 16, i.prev & 0xffff, i.prev_hash, i.prev_vout,
				coalesce(o.value, i.value), coalesce(o.account_id, i.account_id), coalesce(o.type, i.type), i.signed, i.key & 0xffff
			FROM inputs i LEFT JOIN outputs o ON o.key = i.prev WHERE i.key >= (? << 16) AND i.key < (? << 16) ORDER BY i.key`,
		)
		.raw();
	const ofAccount = db
		.prepare(
			`SELECT key >> 16, value, account_id, type, key & 0xffff, NULL, spender >> 16, spender & 0xffff
			FROM outputs WHERE account_id = ? AND key >= (? << 16 | ?) AND key < ? ORDER BY key ${BOUND_LIMIT}`,
		)
		.raw();
	const foreign = db
		.prepare(
			`SELECT key >> 16, key & 0xffff FROM inputs WHERE prev IS NULL AND account_id = ? AND key >= (? << 16 | ?) AND key < ? ORDER BY key ${BOUND_LIMIT}`,
		)
		.raw();
	const countOutputs = db.prepare(`SELECT count(*) FROM (SELECT 1 FROM outputs WHERE account_id = ? ${BOUND_LIMIT})`).pluck();
	const busy = db
		.prepare(`SELECT account FROM accounts WHERE id IN (SELECT account_id FROM outputs GROUP BY account_id HAVING count(*) >= ?)`)
		.pluck();
	const labelled = db.prepare(`SELECT account FROM accounts WHERE id IN (SELECT account_id FROM labels)`).pluck();
	const carrying = db.prepare(`SELECT DISTINCT key >> 16 FROM outputs WHERE data = ? ORDER BY 1 ${BOUND_LIMIT}`).pluck();
	const hasOutput = db.prepare(`SELECT 1 FROM outputs WHERE key = (? << 16 | ?)`).pluck();
	const allCuts = db.prepare(`SELECT subject, heuristic, note, at FROM cluster_cuts ORDER BY subject, heuristic`);

	// Objects are built property by property: spreading small objects costs more than reading them from SQLite.
	const outputFrom = (row: OutputRow): UtxoOutput => {
		const output: { -readonly [K in keyof UtxoOutput]: UtxoOutput[K] } = {
			value: storedNumber(row[1], outputPlace, row),
			account: names.accountName(row[2]),
			scriptType: SCRIPT_TYPES[row[3]] as ScriptType,
		};
		if (row[5] !== null) output.data = row[5].toString("hex");
		if (row[6] !== null) output.spender = placeAt(row[6], row[7] as number);
		return output;
	};
	const inputFrom = (row: InputRow): UtxoInput => {
		const input: { -readonly [K in keyof UtxoInput]: UtxoInput[K] } = { sequence: row[1] };
		if (row[2] !== null) input.place = placeAt(row[2], row[3] as number);
		if (row[4] !== null) input.outpoint = { txid: row[4] as Hash, vout: row[5] as number };
		if (row[6] !== null) {
			const scriptType = SCRIPT_TYPES[row[8] as number] as ScriptType;
			input.previous = { value: storedNumber(row[6], inputPlace, row), account: names.accountName(row[7] as number), scriptType };
		}
		if (row[9] !== null) input.signed = SIGNATURE_SCOPES[row[9]] as SignatureScope;
		return input;
	};

	const keyOf = (chain: number, txid: Hash): number | undefined =>
		(findKeys.all(hashPrefix(txid), txid) as number[]).find(
			(key) => key >= packTransaction(chain, 0, 0) && key < packTransaction(chain + 1, 0, 0),
		);

	function range(from: number, end: number, limit: number): UtxoTransaction[] {
		const rows = txRows.all(from, end, limit) as TxRow[];
		const last = rows[rows.length - 1];
		if (last === undefined) return [];
		const outputs = outputRows.all(rows[0]?.[0], last[0] + 1) as OutputRow[];
		const inputs = inputRows.all(rows[0]?.[0], last[0] + 1) as InputRow[];
		let nextOutput = 0;
		let nextInput = 0;
		return rows.map(([key, txid, indexed, version, locktime, coinbase, tier, source]) => {
			const own: { inputs: UtxoInput[]; outputs: UtxoOutput[] } = { inputs: [], outputs: [] };
			for (; outputs[nextOutput]?.[0] === key; nextOutput++) own.outputs.push(outputFrom(outputs[nextOutput] as OutputRow));
			for (; inputs[nextInput]?.[0] === key; nextInput++) own.inputs.push(inputFrom(inputs[nextInput] as InputRow));
			const { height, txIndex } = unpackTransaction(key);
			return {
				height,
				txIndex,
				txid: txid as Hash,
				indexed: indexed === 1,
				version,
				locktime,
				coinbase: coinbase === 1,
				inputs: own.inputs,
				outputs: own.outputs,
				provenance: tierOf(tier),
				source: names.sourceKey(source),
			};
		});
	}

	return {
		keyOf,
		range,
		hashAt: (key) => hashAt.get(key) as Hash | undefined,
		transaction(chain, txid) {
			const id = names.knownChain(chain);
			const key = id === undefined ? undefined : keyOf(id, txid);
			return key === undefined ? undefined : range(key, key + 1, 1)[0];
		},
		transactions(chain, { height, txIndex }, limit) {
			const id = names.knownChain(chain);
			return id === undefined ? [] : range(packTransaction(id, height, txIndex), packTransaction(id + 1, 0, 0), limit);
		},
		outputsOf(account, { height, txIndex, index }, limit) {
			const chain = names.knownChain(chainOf(account));
			const id = names.knownAccount(account);
			if (chain === undefined || id === undefined) return [];
			const rows = ofAccount.all(id, packTransaction(chain, height, txIndex), index, endOfChain(chain), limit) as OutputRow[];
			return rows.map((row) => ({ ...outputFrom(row), place: { ...unpackTransaction(row[0]), index: row[4] } }));
		},
		foreignSpendsOf(account, { height, txIndex, index }, limit) {
			const chain = names.knownChain(chainOf(account));
			const id = names.knownAccount(account);
			if (chain === undefined || id === undefined) return [];
			const rows = foreign.all(id, packTransaction(chain, height, txIndex), index, endOfChain(chain), limit) as [number, number][];
			return rows.map(([key, vin]) => ({ ...unpackTransaction(key), index: vin }));
		},
		txids(chain, places) {
			const id = names.knownChain(chain);
			return places.map((place) =>
				id === undefined || place === undefined
					? undefined
					: (hashAt.get(packTransaction(id, place.height, place.txIndex)) as Hash | undefined),
			);
		},
		transactionsCarrying(data, limit) {
			const keys = carrying.all(Buffer.from(data, "hex"), limit) as number[];
			return keys.map((key) => ({ chain: names.chainName(chainOfTransaction(key)), txid: hashAt.get(key) as Hash }));
		},
		unknownOutpoints(chain, outpoints) {
			const id = names.knownChain(chain);
			if (id === undefined) return [...outpoints];
			return outpoints.filter(({ txid, vout }) => {
				const key = keyOf(id, txid);
				return key === undefined || hasOutput.get(key, vout) === undefined;
			});
		},
		countOutputs(account, cap) {
			const id = names.knownAccount(account);
			return id === undefined ? 0 : (countOutputs.get(id, cap) as number);
		},
		busyAccounts: (chain, outputs) => new Set((busy.all(outputs) as AccountId[]).filter((account) => chainOf(account) === chain)),
		labelledAccounts: () => new Set(labelled.all() as AccountId[]),
		cuts: () => allCuts.all() as ClusterCut[],
	};
}
