import { segwitAddress } from "../chain-family/bitcoin/address.js";
import { type BitcoinNetwork, bitcoinNetwork } from "../chain-family/bitcoin/networks.js";
import { parseChainId } from "../chain-family/registry.js";
import type { Coverage, Label } from "../claims.js";
import { type AccountId, type ChainId, type Hash, trustedAccountId } from "../ids.js";
import type { LedgerReader } from "../ports/ledger-reader.js";
import type { OutputReader } from "../ports/output-reader.js";
import {
	type AccountOutput,
	type ClusterCut,
	formatOutpoint,
	type InputRecord,
	type OutputFacts,
	type OutputPlace,
	outputKey,
	placeKey,
	type UtxoRecord,
	type UtxoTransaction,
} from "../utxo.js";
import { memoryLedger } from "./memory-ledger.js";

/** The chain of every made-up Bitcoin transaction. */
export const TEST_UTXO_CHAIN: ChainId = parseChainId("bitcoin-regtest");
/** Its network. */
export const TEST_NETWORK = bitcoinNetwork(TEST_UTXO_CHAIN) as BitcoinNetwork;

/** Address number n of the test network. */
export function testAddress(n: number): AccountId {
	const program = new Uint8Array(20);
	new DataView(program.buffer).setUint32(0, n);
	return trustedAccountId(TEST_UTXO_CHAIN, segwitAddress(0, program, TEST_NETWORK.hrp));
}

/** Which of the first hundred test addresses it is. */
export function testAddressNumber(account: string): number | undefined {
	return [...Array(100).keys()].find((n) => testAddress(n) === account);
}

/** A made-up txid; equal numbers give equal ids. */
export function testTxid(n: number): Hash {
	return n.toString(16).padStart(64, "0") as Hash;
}

/** A made-up transaction: what it spends as [transaction number, output], what it pays as [address number, satoshi]. */
export function testUtxo(
	n: number,
	at: readonly [height: number, txIndex: number],
	spends: readonly (readonly [tx: number, vout: number])[],
	pays: readonly (readonly [address: number, satoshi: bigint])[],
	rest: Partial<Pick<UtxoRecord, "version" | "locktime" | "coinbase">> & {
		sequence?: number;
		types?: readonly OutputFacts["scriptType"][];
	} = {},
): UtxoRecord {
	const { sequence, types, ...own } = rest;
	return {
		txid: testTxid(n),
		height: at[0],
		txIndex: at[1],
		version: 2,
		locktime: 0,
		coinbase: spends.length === 0,
		inputs: spends.map(([tx, vout]): InputRecord => ({ outpoint: { txid: testTxid(tx), vout }, sequence: sequence ?? 0xffffffff })),
		outputs: pays.map(([address, value], i) => ({ value, account: testAddress(address), scriptType: types?.[i] ?? "p2wpkh" })),
		...own,
	};
}

/** What a memory source knows besides transactions. Without `coverage` every block up to the last is in the data. */
export interface MemoryOutputsOptions {
	readonly labels?: readonly Label[];
	readonly coverage?: readonly Coverage[];
	readonly cuts?: readonly ClusterCut[];
	/** Heights whose time nobody knows. */
	readonly timeless?: ReadonlySet<number>;
}

/** A source over an array of transactions, in any order: the simplest thing that fulfils the port. */
export function memoryOutputs(records: readonly UtxoRecord[], options: MemoryOutputsOptions = {}): LedgerReader & OutputReader {
	const sorted = connect(records);
	const keys = sorted.map(placeKey);
	const outputs = new Map<AccountId, AccountOutput[]>();
	for (const tx of sorted) {
		for (const [index, output] of tx.outputs.entries()) {
			const list = outputs.get(output.account) ?? [];
			list.push({ ...output, place: { height: tx.height, txIndex: tx.txIndex, index } });
			outputs.set(output.account, list);
		}
	}
	const foreign = new Map<AccountId, OutputPlace[]>();
	for (const tx of sorted) {
		for (const [index, { place, previous }] of tx.inputs.entries()) {
			if (place !== undefined || previous === undefined) continue;
			const list = foreign.get(previous.account) ?? [];
			list.push({ height: tx.height, txIndex: tx.txIndex, index });
			foreign.set(previous.account, list);
		}
	}
	const last = sorted[sorted.length - 1]?.height ?? 0;
	const everything: Coverage = { chain: TEST_UTXO_CHAIN, fromHeight: 0, toHeight: last, kinds: ["native"], source: "test", note: "" };
	const { labels = [], timeless = new Set() } = options;
	const ledger = memoryLedger([], { labels, timeless, coverage: () => options.coverage ?? [everything] });
	const byId = new Map(sorted.map((tx) => [tx.txid, tx]));
	const byKey = new Map(sorted.map((tx) => [placeKey(tx), tx]));
	return {
		...ledger,
		async profile(account, cap) {
			return { ...(await ledger.profile(account, cap)), transfers: Math.min(cap, outputs.get(account)?.length ?? 0) };
		},
		utxoTransaction: async (_, txid) => byId.get(txid),
		async utxoTransactions(_, from, limit) {
			const start = firstAtOrAfter(keys, placeKey(from));
			return sorted.slice(start, start + limit);
		},
		async outputsOf(account, from, limit) {
			return (outputs.get(account) ?? []).filter((o) => outputKey(o.place) >= outputKey(from)).slice(0, limit);
		},
		async foreignSpendsOf(account, from, limit) {
			return (foreign.get(account) ?? []).filter((place) => outputKey(place) >= outputKey(from)).slice(0, limit);
		},
		busyAccounts: async (_, least) => new Set([...outputs].filter(([, list]) => list.length >= least).map(([account]) => account)),
		labelledAccounts: async () => new Set((options.labels ?? []).map((label) => label.account)),
		txids: async (_, places) => places.map((place) => place && byKey.get(placeKey(place))?.txid),
		transactionsCarrying: async (data, limit) =>
			sorted
				.filter((tx) => tx.outputs.some((output) => output.data === data))
				.slice(0, limit)
				.map(({ txid }) => ({ chain: TEST_UTXO_CHAIN, txid })),
		clusterCuts: async () => options.cuts ?? [],
	};
}

function connect(records: readonly UtxoRecord[]): UtxoTransaction[] {
	const sorted = [...records].sort((a, b) => placeKey({ txIndex: 0, ...a }) - placeKey({ txIndex: 0, ...b }));
	const made = new Map<string, { place: OutputPlace; facts: OutputFacts }>();
	const spent = new Map<string, OutputPlace>();
	for (const tx of sorted) {
		const at = { height: tx.height, txIndex: tx.txIndex ?? 0 };
		for (const [index, output] of tx.outputs.entries()) made.set(`${tx.txid}:${index}`, { place: { ...at, index }, facts: output });
		for (const [index, input] of tx.inputs.entries()) spent.set(formatOutpoint(input.outpoint), { ...at, index });
	}
	return sorted.map((tx) => ({
		...tx,
		txIndex: tx.txIndex ?? 0,
		indexed: true,
		provenance: "imported",
		source: "test",
		inputs: tx.inputs.map(({ sequence, outpoint, previous, signed }) => {
			const held = made.get(formatOutpoint(outpoint));
			const facts = held?.facts ?? previous;
			return {
				sequence,
				...(held ? { place: held.place } : { outpoint }),
				...(facts ? { previous: { value: facts.value, account: facts.account, scriptType: facts.scriptType } } : {}),
				...(signed ? { signed } : {}),
			};
		}),
		outputs: tx.outputs.map((output, index) => {
			const spender = spent.get(`${tx.txid}:${index}`);
			return spender ? { ...output, spender } : output;
		}),
	}));
}

function firstAtOrAfter(keys: readonly number[], key: number): number {
	let low = 0;
	let high = keys.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((keys[middle] as number) < key) low = middle + 1;
		else high = middle;
	}
	return low;
}
