import {
	bitcoinNetwork,
	blockSubsidy,
	type ChainId,
	type ClusterCut,
	checkUtxoRecord,
	formatOutpoint,
	type Hash,
	InputError,
	type InputRecord,
	MAX_MONEY,
	type MergeResult,
	type OutputFacts,
	type ProvenanceTier,
	SCRIPT_TYPES,
	type Source,
	sumValues,
	UNINDEXED_TX_BASE,
	UNKNOWN_PREVIOUS_GAP,
	type UtxoBlock,
	type UtxoRecord,
} from "@clew/core";
import type { Db } from "./database.js";
import type { HeaderWriter } from "./headers.js";
import type { Interning } from "./interning.js";
import { hashPrefix, packTransaction } from "./keys.js";
import { tierCode } from "./rows.js";
import type { UtxoReader } from "./utxo-reading.js";
import { inCausalOrder, recordOf, sameMoney } from "./utxo-records.js";

/** Writes of Bitcoin blocks and transactions; the caller holds the transaction. */
export interface UtxoWriter {
	putBlock(chain: ChainId, block: UtxoBlock, source: Source, provenance: ProvenanceTier): MergeResult;
	putHeight(
		chain: ChainId,
		height: number,
		transactions: readonly UtxoRecord[],
		time: number | undefined,
		source: Source,
		provenance: ProvenanceTier,
	): MergeResult;
	rollback(chain: number, height: number): void;
	putCut(cut: ClusterCut): void;
	removeCut(subject: string, heuristic: string): boolean;
}

/** Who told of a transaction (an interned source), and how sure that makes it. */
interface Told {
	readonly source: number;
	readonly provenance: ProvenanceTier;
}

/** Ids kept in memory so that most inputs are connected without a search; beyond it the cache starts anew. */
const CACHED_TXIDS = 200_000;

/** Prepares the write statements for Bitcoin transactions. */
export function utxoWriter(db: Db, names: Interning, headers: HeaderWriter, reader: UtxoReader): UtxoWriter {
	const insertTx = db.prepare(`INSERT INTO txs (key, hash, prefix, indexed) VALUES (?, ?, ?, ?)`);
	const insertUtxo = db.prepare(`INSERT INTO utxo_txs VALUES (?, ?, ?, ?, ?, ?)`);
	const insertOutput = db.prepare(`INSERT INTO outputs VALUES ((? << 16) | ?, ?, ?, ?, ?, NULL)`);
	const insertInput = db.prepare(`INSERT INTO inputs (key, sequence, prev) VALUES ((? << 16) | ?, ?, (? << 16) | ?)`);
	const insertForeign = db.prepare(
		`INSERT INTO inputs (key, sequence, prev_prefix, prev_hash, prev_vout, value, account_id, type) VALUES ((? << 16) | ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const spend = db
		.prepare(`UPDATE outputs SET spender = (? << 16) | ? WHERE key = (? << 16 | ?) AND spender IS NULL RETURNING value`)
		.pluck();
	const outputAt = db.prepare(`SELECT value, account_id, type, spender >> 16 FROM outputs WHERE key = (? << 16 | ?)`).raw();
	const anyOpen = db.prepare(`SELECT 1 FROM inputs WHERE prev IS NULL LIMIT 1`).pluck();
	const openFor = db
		.prepare(
			`SELECT key >> 16, key & 0xffff, prev_vout, value, account_id FROM inputs WHERE prev IS NULL AND prev_prefix = ? AND prev_hash = ?`,
		)
		.raw();
	const connect = db.prepare(
		`UPDATE inputs SET prev = (? << 16) | ?, prev_prefix = NULL, prev_hash = NULL, prev_vout = NULL, value = NULL, account_id = NULL, type = NULL WHERE key = (? << 16 | ?)`,
	);
	const disconnect = db.prepare(
		`UPDATE inputs SET prev = NULL, prev_prefix = ?, prev_hash = ?, prev_vout = ?, value = ?, account_id = ?, type = ? WHERE key = (? << 16 | ?)`,
	);
	const unspend = db.prepare(
		`UPDATE outputs SET spender = NULL WHERE key IN (SELECT prev FROM inputs WHERE key >= (? << 16) AND key < (? << 16) AND prev IS NOT NULL)`,
	);
	const remove = ["inputs", "outputs"].map((table) => db.prepare(`DELETE FROM ${table} WHERE key >= (? << 16) AND key < (? << 16)`));
	const removeTxs = ["utxo_txs", "txs"].map((table) => db.prepare(`DELETE FROM ${table} WHERE key >= ? AND key < ?`));
	const putCut = db.prepare(
		`INSERT INTO cluster_cuts (subject, heuristic, note, at) VALUES (@subject, @heuristic, @note, @at) ON CONFLICT DO UPDATE SET note = excluded.note, at = excluded.at`,
	);
	const removeCut = db.prepare(`DELETE FROM cluster_cuts WHERE subject = ? AND heuristic = ?`);

	/** Value, owner and type of an output as columns. */
	const factColumns = ({ value, account, scriptType }: OutputFacts) => [
		Number(value),
		names.accountId(account),
		SCRIPT_TYPES.indexOf(scriptType),
	];
	/** First key of a height's transactions, and the end of them. */
	const keysOf = (chain: number, height: number) => [packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0)] as const;
	let recent = new Map<Hash, number>();
	/** True when some stored input may wait for the transaction it spends. */
	let waiting = false;
	const keyOf = (chain: number, txid: Hash): number | undefined => recent.get(txid) ?? reader.keyOf(chain, txid);

	/** Inserts a transaction, connects its inputs, and later inputs that waited for it. Returns what its inputs are worth, undefined when one is unknown. */
	function insert(chain: number, tx: UtxoRecord, txIndex: number, told: Told): bigint | undefined {
		const key = packTransaction(chain, tx.height, txIndex);
		insertTx.run(key, tx.txid, hashPrefix(tx.txid), tx.txIndex === undefined ? 0 : 1);
		insertUtxo.run(key, tx.version, tx.locktime, tx.coinbase ? 1 : 0, tierCode(told.provenance), told.source);
		if (recent.size >= CACHED_TXIDS) recent = new Map();
		recent.set(tx.txid, key);
		for (const [vout, output] of tx.outputs.entries()) {
			const bytes = output.data === undefined ? null : Buffer.from(output.data, "hex");
			insertOutput.run(key, vout, ...factColumns(output), bytes);
		}
		let spent: bigint | undefined = 0n;
		for (const [vin, input] of tx.inputs.entries()) {
			const value = insertOne(chain, key, vin, input, tx.txid);
			spent = spent === undefined || value === undefined ? undefined : spent + value;
		}
		return spent;
	}

	function insertOne(chain: number, key: number, vin: number, input: InputRecord, txid: Hash): bigint | undefined {
		const { outpoint, previous, sequence } = input;
		const source = keyOf(chain, outpoint.txid);
		if (source === undefined) {
			const facts = previous ? factColumns(previous) : [null, null, null];
			waiting = true;
			insertForeign.run(key, vin, sequence, hashPrefix(outpoint.txid), outpoint.txid, outpoint.vout, ...facts);
			return previous?.value;
		}
		if (source >= key) throw new InputError(`transaction ${txid} spends ${formatOutpoint(outpoint)}, which stands after it`);
		const value = spend.get(key, vin, source, outpoint.vout) as number | undefined;
		if (value === undefined) throw new InputError(whyUnspendable(source, outpoint.vout, `${txid} spends ${formatOutpoint(outpoint)}`));
		if (previous !== undefined && previous.value !== BigInt(value)) throw contradiction(formatOutpoint(outpoint));
		insertInput.run(key, vin, sequence, source, outpoint.vout);
		return BigInt(value);
	}

	function whyUnspendable(source: number, vout: number, what: string): string {
		const row = outputAt.get(source, vout) as [number, number, number, number | null] | undefined;
		return row === undefined ? `${what}, an output that does not exist` : `${what}, which another transaction of the case spends already`;
	}

	/** Connects inputs that were stored before the transaction they spend. */
	function connectWaiting(chain: number, tx: UtxoRecord): void {
		const key = keyOf(chain, tx.txid) as number;
		for (const row of openFor.all(hashPrefix(tx.txid), tx.txid)) {
			const [spender, vin, vout, value] = row as [number, number, number, number | null];
			if (spender <= key) throw new InputError(`an input spends ${tx.txid}:${vout} before it is made`);
			const held = spend.get(spender, vin, key, vout) as number | undefined;
			if (held === undefined) throw new InputError(whyUnspendable(key, vout, `an input spends ${tx.txid}:${vout}`));
			if (value !== null && value !== held) throw contradiction(`${tx.txid}:${vout}`);
			connect.run(key, vout, spender, vin);
		}
	}

	/** Removes the transactions with keys in [from, end); inputs beyond `end` that spend them wait again. */
	function clear(chain: number, from: number, end: number): void {
		for (const tx of reader.range(from, end, Number.MAX_SAFE_INTEGER)) {
			for (const [vout, output] of tx.outputs.entries()) {
				if (output.spender === undefined) continue;
				const spender = packTransaction(chain, output.spender.height, output.spender.txIndex);
				if (spender >= end) disconnect.run(hashPrefix(tx.txid), tx.txid, vout, ...factColumns(output), spender, output.spender.index);
			}
		}
		removeRange(from, end);
	}

	function removeRange(from: number, end: number): void {
		unspend.run(from, end);
		for (const statement of remove) statement.run(from, end);
		for (const statement of removeTxs) statement.run(from, end);
		recent = new Map();
	}

	/** Inserts the transactions of one height, which holds none, and checks its money. True when all that it spends is known. */
	function insertHeight(
		chain: number,
		transactions: readonly UtxoRecord[],
		toldBy: (tx: UtxoRecord) => Told,
		subsidy: bigint | undefined,
	): boolean {
		waiting = anyOpen.get() !== undefined;
		let fees: bigint | undefined = 0n;
		let created = 0n;
		for (const [i, tx] of transactions.entries()) {
			const spent = insert(chain, tx, tx.txIndex ?? UNINDEXED_TX_BASE + i, toldBy(tx));
			if (waiting) connectWaiting(chain, tx);
			const paid = sumValues(tx.outputs);
			if (tx.coinbase) created = paid;
			else if (spent === undefined) fees = undefined;
			else if (spent < paid) throw new InputError(`transaction ${tx.txid} pays out ${paid - spent} satoshi more than it spends`);
			else if (fees !== undefined) fees += spent - paid;
		}
		if (subsidy !== undefined && fees !== undefined && created > subsidy + fees)
			throw new InputError(`the coinbase of block ${transactions[0]?.height} creates ${created - subsidy - fees} satoshi too many`);
		return fees !== undefined;
	}

	/** Two transactions with one id are possible for coinbases alone, and were until block 91,880 (BIP 30). */
	function checkDuplicates(chain: number, transactions: readonly UtxoRecord[]): void {
		for (const tx of transactions) {
			const key = keyOf(chain, tx.txid);
			if (key === undefined) continue;
			const [held] = reader.range(key, key + 1, 1);
			if (held !== undefined && held.height !== tx.height && !(held.coinbase && tx.coinbase))
				throw conflict(`transaction ${tx.txid} is in block ${tx.height}, and the case holds it in block ${held.height}`);
		}
	}

	return {
		putBlock(chainName, { header, transactions }, source, provenance) {
			const chain = names.chainId(chainName);
			const { height } = header;
			headers.checkParent(chain, header);
			if (headers.hashAt(chain, height) !== undefined) return { added: 0, known: transactions.length };
			transactions.forEach(checkUtxoRecord);
			checkDuplicates(chain, transactions);
			const [from, end] = keysOf(chain, height);
			const partial = reader.range(from, end, Number.MAX_SAFE_INTEGER);
			const ids = new Set(transactions.map((tx) => tx.txid));
			const stray = partial.find((tx) => !ids.has(tx.txid));
			if (stray !== undefined)
				throw conflict(`${stray.source} says that transaction ${stray.txid} is in block ${height}, which does not hold it`);
			if (partial.length > 0) clear(chain, from, end);
			const network = bitcoinNetwork(chainName);
			const told = { source: names.sourceId(source), provenance };
			const complete = insertHeight(chain, transactions, () => told, network ? blockSubsidy(height, network) : MAX_MONEY);
			headers.put(chain, header, complete ? [] : [UNKNOWN_PREVIOUS_GAP]);
			return { added: transactions.length - partial.length, known: partial.length };
		},
		putHeight(chainName, height, transactions, time, source, provenance) {
			const chain = names.chainId(chainName);
			transactions.forEach(checkUtxoRecord);
			if (time !== undefined) headers.putTime(chain, height, time);
			const told = { source: names.sourceId(source), provenance };
			const [from, end] = keysOf(chain, height);
			const fresh = transactions.filter((tx) => {
				const key = keyOf(chain, tx.txid);
				if (key === undefined) return true;
				const [held] = reader.range(key, key + 1, 1);
				if (key < from || key >= end)
					throw conflict(`transaction ${tx.txid} is in block ${held?.height} by one source, in ${height} by another`);
				if (held !== undefined && !sameMoney(held, tx)) throw conflict(`two sources tell transaction ${tx.txid} differently`);
				return false;
			});
			const known = transactions.length - fresh.length;
			if (fresh.length === 0) return { added: 0, known };
			if (headers.hashAt(chain, height) !== undefined)
				throw conflict(`transaction ${fresh[0]?.txid} is not in block ${height}, which the case holds whole`);
			const before = reader.range(from, end, Number.MAX_SAFE_INTEGER);
			const toldBefore = new Map(before.map((tx) => [tx.txid, { source: names.storedSource(tx.source), provenance: tx.provenance }]));
			const all = inCausalOrder([...before.map((tx) => recordOf(tx, chainName, reader)), ...fresh]);
			if (before.length > 0) clear(chain, from, end);
			insertHeight(chain, all, (tx) => toldBefore.get(tx.txid) ?? told, undefined);
			return { added: fresh.length, known };
		},
		rollback(chain, height) {
			removeRange(packTransaction(chain, height, 0), packTransaction(chain + 1, 0, 0));
		},
		putCut: (cut) => void putCut.run(cut),
		removeCut: (subject, heuristic) => removeCut.run(subject, heuristic).changes > 0,
	};
}

function conflict(what: string): InputError {
	return new InputError(what, { code: "CONFLICT", hint: "The sources are of different chains, or one was edited." });
}

function contradiction(outpoint: string): InputError {
	return conflict(`two sources give output ${outpoint} different values`);
}
