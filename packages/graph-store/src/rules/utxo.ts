import {
	bitcoinNetwork,
	blockSubsidy,
	type ChainId,
	checkUtxoRecord,
	formatOutpoint,
	type Hash,
	InputError,
	type InputRecord,
	MAX_MONEY,
	type MergeResult,
	type Outpoint,
	type OutputFacts,
	type ProvenanceTier,
	type SignatureScope,
	type Source,
	sumValues,
	type TransactionPlace,
	tellsVersion,
	UNINDEXED_TX_BASE,
	UNKNOWN_PREVIOUS_GAP,
	type UtxoBlock,
	type UtxoRecord,
	type UtxoTransaction,
} from "@clew/core";
import type { HeaderWriter } from "./headers.js";
import { packTransaction } from "./keys.js";
import type { Told } from "./transfers.js";
import { checkPrevious, completedBy, conflict, inCausalOrder, type PaidFacts, recordOf, sameTransaction } from "./utxo-records.js";

/** Writes of Bitcoin blocks and transactions; the caller holds the transaction. */
export interface UtxoWriter {
	putBlock(chain: number, name: ChainId, block: UtxoBlock, source: Source, provenance: ProvenanceTier): MergeResult;
	putHeight(
		chain: number,
		height: number,
		transactions: readonly UtxoRecord[],
		time: number | undefined,
		source: Source,
		provenance: ProvenanceTier,
	): MergeResult;
}

/** An input stored before the transaction it spends. */
export interface WaitingInput {
	/** Key of the spending transaction, and the input's index there. */
	readonly spender: number;
	readonly vin: number;
	readonly vout: number;
	/** What its source said of the output. */
	readonly told: PaidFacts | undefined;
}

/** Where a backend keeps transactions with outputs, by the keys of `keys.ts`; the caller holds the transaction. */
export interface UtxoTable {
	/** The key of a transaction; of the later one where two coinbases have one id (BIP 30). */
	keyOf(chain: number, txid: Hash): number | undefined;
	/** Transactions with keys in [from, end). */
	range(from: number, end: number): UtxoTransaction[];
	txidAt(chain: number, place: TransactionPlace): Hash | undefined;
	/** Stores a transaction with its outputs, not its inputs. */
	insertTransaction(key: number, tx: UtxoRecord, told: Told): void;
	insertInput(key: number, vin: number, input: InputRecord, source: number, vout: number): void;
	/** An input whose output the case does not hold. */
	insertWaiting(key: number, vin: number, input: InputRecord): void;
	/** Notes who spends an output, and gives what it holds; undefined when there is no such output, or it is spent already. */
	spend(spender: number, vin: number, source: number, vout: number): PaidFacts | undefined;
	hasOutput(source: number, vout: number): boolean;
	/** True when some input of the case may wait for its output. */
	anyWaiting(): boolean;
	waitingFor(txid: Hash): readonly WaitingInput[];
	/** A waiting input found its output. */
	connect(source: number, vout: number, spender: number, vin: number): void;
	/** Another source told a transaction's version and locktime. */
	tellVersion(key: number, version: number, locktime: number): void;
	/** Another source told what an input's signatures agreed to. */
	tellSigned(spender: number, vin: number, signed: SignatureScope): void;
	/** Another source told what a waiting input spends. */
	tellPrevious(spender: number, vin: number, previous: OutputFacts): void;
	/** An input's output goes away: the input waits again. */
	disconnect(spender: number, vin: number, outpoint: Outpoint, facts: OutputFacts): void;
	/** Removes transactions with keys in [from, end); what they spent is unspent. */
	removeRange(from: number, end: number): void;
}

const SPENT = "which another transaction of the case spends already";

/** The rules of Bitcoin transactions over a backend's tables. */
export function utxoWriter(table: UtxoTable, headers: HeaderWriter): UtxoWriter {
	/** First key of a height's transactions, and the end of them. */
	const keysOf = (chain: number, height: number) => [packTransaction(chain, height, 0), packTransaction(chain, height + 1, 0)] as const;
	/** True when some stored input may wait for the transaction it spends. */
	let waiting = false;

	/**
	 * Inserts a transaction, connects its inputs, and later inputs that waited for it. Returns what its inputs are worth, undefined when one
	 * is unknown.
	 */
	function insert(chain: number, tx: UtxoRecord, txIndex: number, told: Told): bigint | undefined {
		const key = packTransaction(chain, tx.height, txIndex);
		table.insertTransaction(key, tx, told);
		let spent: bigint | undefined = 0n;
		for (const [vin, input] of tx.inputs.entries()) {
			const value = insertOne(chain, key, vin, input, tx.txid);
			spent = spent === undefined || value === undefined ? undefined : spent + value;
		}
		return spent;
	}

	function insertOne(chain: number, key: number, vin: number, input: InputRecord, txid: Hash): bigint | undefined {
		const { outpoint, previous } = input;
		const source = table.keyOf(chain, outpoint.txid);
		if (source === undefined) {
			// The case may hold another input that waits for the same output.
			if (waiting && table.waitingFor(outpoint.txid).some(({ vout }) => vout === outpoint.vout))
				throw conflict(`${txid} spends ${formatOutpoint(outpoint)}, ${SPENT}`);
			waiting = true;
			table.insertWaiting(key, vin, input);
			return previous?.value;
		}
		if (source >= key) throw new InputError(`transaction ${txid} spends ${formatOutpoint(outpoint)}, which stands after it`);
		const held = table.spend(key, vin, source, outpoint.vout);
		if (held === undefined) throw conflict(whyUnspendable(source, outpoint.vout, `${txid} spends ${formatOutpoint(outpoint)}`));
		if (previous !== undefined) checkPrevious(outpoint, previous, held);
		table.insertInput(key, vin, input, source, outpoint.vout);
		return held.value;
	}

	function whyUnspendable(source: number, vout: number, what: string): string {
		return `${what}, ${table.hasOutput(source, vout) ? SPENT : "an output that does not exist"}`;
	}

	/** Connects inputs that were stored before the transaction they spend. */
	function connectWaiting(chain: number, tx: UtxoRecord): void {
		const key = table.keyOf(chain, tx.txid) as number;
		for (const { spender, vin, vout, told } of table.waitingFor(tx.txid)) {
			if (spender <= key) throw new InputError(`an input spends ${tx.txid}:${vout} before it is made`);
			const held = table.spend(spender, vin, key, vout);
			if (held === undefined) throw conflict(whyUnspendable(key, vout, `an input spends ${tx.txid}:${vout}`));
			if (told !== undefined) checkPrevious({ txid: tx.txid, vout }, told, held);
			table.connect(key, vout, spender, vin);
		}
	}

	/** Removes the transactions with keys in [from, end); inputs beyond `end` that spend them wait again. */
	function clear(chain: number, from: number, end: number): void {
		for (const tx of table.range(from, end)) {
			for (const [vout, output] of tx.outputs.entries()) {
				if (output.spender === undefined) continue;
				const spender = packTransaction(chain, output.spender.height, output.spender.txIndex);
				if (spender >= end) table.disconnect(spender, output.spender.index, { txid: tx.txid, vout }, output);
			}
		}
		table.removeRange(from, end);
	}

	/** Inserts the transactions of one height, which holds none, and checks its money. True when all that it spends is known. */
	function insertHeight(
		chain: number,
		transactions: readonly UtxoRecord[],
		toldBy: (tx: UtxoRecord) => Told,
		subsidy: bigint | undefined,
	): boolean {
		checkPlaces(transactions);
		waiting = table.anyWaiting();
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

	/** A stored transaction must be the one that another source tells of. Throws InputError (CONFLICT). */
	function checkSame(chain: number, held: UtxoTransaction, told: UtxoRecord): void {
		if (!sameTransaction(recordOf(held, chain, table), told)) throw toldTwice(told.txid);
	}

	/** Two transactions with one id are possible for coinbases alone, and were until block 91,880 (BIP 30). */
	function checkDuplicates(chain: number, transactions: readonly UtxoRecord[]): void {
		for (const tx of transactions) {
			const key = table.keyOf(chain, tx.txid);
			if (key === undefined) continue;
			const [held] = table.range(key, key + 1);
			if (held !== undefined && held.height !== tx.height && !(held.coinbase && tx.coinbase))
				throw conflict(`transaction ${tx.txid} is in block ${tx.height}, and the case holds it in block ${held.height}`);
		}
	}

	return {
		putBlock(chain, name, { header, transactions }, source, provenance) {
			const { height } = header;
			headers.checkParent(chain, header);
			if (headers.hashAt(chain, height) !== undefined) return { added: 0, known: transactions.length };
			transactions.forEach(checkUtxoRecord);
			const [twice] = repeated(transactions);
			if (twice !== undefined) throw conflict(`block ${height} holds transaction ${twice.txid} twice`);
			checkDuplicates(chain, transactions);
			const [from, end] = keysOf(chain, height);
			const partial = table.range(from, end);
			const whole = new Map(transactions.map((tx) => [tx.txid, tx]));
			for (const held of partial) {
				const tx = whole.get(held.txid);
				if (tx === undefined)
					throw conflict(`${held.source} says that transaction ${held.txid} is in block ${height}, which does not hold it`);
				checkSame(chain, held, tx);
				whole.set(held.txid, completedBy(tx, recordOf(held, chain, table)));
			}
			if (partial.length > 0) clear(chain, from, end);
			const network = bitcoinNetwork(name);
			const told = { source: source.id, provenance };
			const complete = insertHeight(chain, [...whole.values()], () => told, network ? blockSubsidy(height, network) : MAX_MONEY);
			headers.put(chain, header, complete ? [] : [UNKNOWN_PREVIOUS_GAP]);
			return { added: transactions.length - partial.length, known: partial.length };
		},
		putHeight(chain, height, told, time, source, provenance) {
			told.forEach(checkUtxoRecord);
			const transactions = onceEach(told);
			if (time !== undefined) headers.putTime(chain, height, time);
			const teller = { source: source.id, provenance };
			const [from, end] = keysOf(chain, height);
			const fresh = transactions.filter((tx) => {
				const key = table.keyOf(chain, tx.txid);
				if (key === undefined) return true;
				const [held] = table.range(key, key + 1);
				if (key < from || key >= end)
					throw conflict(`transaction ${tx.txid} is in block ${held?.height} by one source, in ${height} by another`);
				if (held !== undefined) checkSame(chain, held, tx);
				if (held !== undefined && !tellsVersion(held) && tellsVersion(tx)) table.tellVersion(key, tx.version, tx.locktime);
				for (const [vin, { signed, previous }] of tx.inputs.entries()) {
					const known = held?.inputs[vin];
					if (signed !== undefined && known?.signed === undefined) table.tellSigned(key, vin, signed);
					if (previous !== undefined && known?.previous === undefined) table.tellPrevious(key, vin, previous);
				}
				return false;
			});
			const known = told.length - fresh.length;
			if (fresh.length === 0) return { added: 0, known };
			if (headers.hashAt(chain, height) !== undefined)
				throw conflict(`transaction ${fresh[0]?.txid} is not in block ${height}, which the case holds whole`);
			const before = table.range(from, end);
			const toldBefore = new Map(before.map((tx) => [tx.txid, { source: tx.source, provenance: tx.provenance }]));
			const all = inCausalOrder([...before.map((tx) => recordOf(tx, chain, table)), ...fresh]);
			if (before.length > 0) clear(chain, from, end);
			insertHeight(chain, all, (tx) => toldBefore.get(tx.txid) ?? teller, undefined);
			return { added: fresh.length, known };
		},
	};
}

/** A block has one coinbase, its first transaction, whose coins nobody spends in it, and one transaction at a place. Throws InputError. */
function checkPlaces(transactions: readonly UtxoRecord[]): void {
	const places = new Map<number, Hash>();
	let coinbase: UtxoRecord | undefined;
	for (const tx of transactions) {
		const { txid, txIndex, height } = tx;
		const other = txIndex === undefined ? undefined : places.get(txIndex);
		if (other !== undefined) throw conflict(`block ${height} holds two transactions at place ${txIndex}: ${other} and ${txid}`);
		if (txIndex !== undefined) places.set(txIndex, txid);
		if (!tx.coinbase) continue;
		if (coinbase !== undefined) throw conflict(`block ${height} has two coinbases: ${coinbase.txid} and ${txid}`);
		if (txIndex !== undefined && txIndex > 0)
			throw conflict(`transaction ${txid} is a coinbase, and stands at place ${txIndex} of block ${height}`);
		coinbase = tx;
	}
	const spender = transactions.find(({ inputs }) => inputs.some(({ outpoint }) => outpoint.txid === coinbase?.txid));
	if (spender !== undefined) throw conflict(`transaction ${spender.txid} spends the coinbase of its own block ${spender.height}`);
}

/** Transactions that are told of again, in order. */
function repeated(transactions: readonly UtxoRecord[]): UtxoRecord[] {
	const seen = new Set<Hash>();
	return transactions.filter(({ txid }) => seen.size === seen.add(txid).size);
}

/** Each transaction once: tellings that agree are one. Throws InputError (CONFLICT) for others. */
function onceEach(transactions: readonly UtxoRecord[]): readonly UtxoRecord[] {
	if (transactions.length < 2) return transactions;
	const once = new Map<Hash, UtxoRecord>();
	for (const tx of transactions) {
		const known = once.get(tx.txid);
		if (known !== undefined && !sameTransaction(known, tx)) throw toldTwice(tx.txid);
		once.set(tx.txid, known === undefined ? tx : completedBy(known, tx));
	}
	return [...once.values()];
}

function toldTwice(txid: Hash): InputError {
	return conflict(`transaction ${txid} is told in two ways`);
}
