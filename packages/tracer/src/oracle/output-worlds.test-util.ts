import { type AccountId, type Label, nativeAsset, startOf, type UtxoRecord } from "@clew/core";
import { memoryOutputs, TEST_UTXO_CHAIN, testAddress, testUtxo } from "@clew/core/testing";
import { parseSeed, type Seed } from "../seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../stops.js";
import { defaultRequest } from "../trace.js";
import { type Dice, dice } from "./account-worlds.test-util.js";
import { labelsByDice } from "./labels.test-util.js";
import type { OutputOracleSeed, OutputQuestion } from "./output-oracle.test-util.js";

export const COIN = nativeAsset(TEST_UTXO_CHAIN);
const ADDRESSES = 8;
/** A transaction that no world holds. */
const UNKNOWN = 999;

/** A small chain with everything in it that changes a number, and a question about it. */
export interface OutputWorld {
	readonly question: Omit<OutputQuestion, "rules">;
	readonly specs: readonly { readonly spec: string; readonly account?: AccountId; readonly limit?: bigint; readonly since?: number }[];
	readonly coverage: readonly (readonly [number, number])[];
	readonly labels: readonly Label[];
}

/** Makes a chain of a number. */
export function outputWorld(number: number): OutputWorld {
	const d = dice(number * 104_729 + 7);
	const transactions = chainOf(d);
	const last = Math.max(...transactions.map((tx) => tx.height));
	const hole = d(4) === 0 ? 1 + d(last) : undefined;
	const coverage: [number, number][] =
		hole === undefined
			? [[0, last]]
			: [
					[0, hole - 1],
					[hole + 1, last],
				];
	const end = Math.max(...coverage.filter(([from, to]) => from <= to).map(([, to]) => to));
	const account = testAddress(d(ADDRESSES));
	const { labels, said } = d(3) === 0 ? labelsByDice(d, account, last) : { labels: [], said: [] };
	const timeless = new Set<number>(d(3) === 0 ? [1 + d(last)] : []);
	const seeds = Array.from({ length: 1 + d(3) }, () => seedOf(d, transactions, last));
	return {
		question: {
			transactions,
			seeds: seeds.map(({ oracle }) => oracle),
			fee: d(2) === 0 ? "last" : "proportional",
			until: d(4) === 0 ? 1 + d(last) : 1000,
			dust: d(4) === 0 ? 2 + d(6) : 0,
			serviceTransfers: d(4) === 0 ? 2 + d(6) : 1000,
			labels: new Map([[account, said]]),
			timeless,
			fetchedFrom: (height) => coverage.some(([from, to]) => from <= height && height <= to && to === end),
		},
		specs: seeds.map(({ spec }) => spec),
		coverage: coverage.filter(([from, to]) => from <= to),
		labels,
	};
}

function chainOf(d: Dice): UtxoRecord[] {
	const made: UtxoRecord[] = [];
	const unspent: [number, number, number][] = [];
	const blocks = 3 + d(6);
	let n = 0;
	for (let height = 1; height <= blocks; height++) {
		for (let txIndex = 0, count = 1 + d(3); txIndex < count; txIndex++) {
			const spends: [number, number, number][] = [];
			if (txIndex > 0 || height > 3)
				for (let k = d(4); k > 0 && unspent.length > 0; k--) spends.push(...unspent.splice(d(unspent.length), 1));
			const coinbase = spends.length === 0;
			const foreign = !coinbase && d(12) === 0;
			let left = coinbase ? 10 + d(30) : spends.reduce((sum, [, , value]) => sum + value, foreign ? 10 : 0) - d(4);
			const pays: [number, bigint][] = [];
			const types: ("p2wpkh" | "op_return")[] = [];
			for (let k = 1 + d(4); k > 0 && left > 0; k--) {
				const value = k === 1 && d(2) === 0 ? left : d(left + 1);
				pays.push([d(ADDRESSES), BigInt(value)]);
				types.push(d(12) === 0 ? "op_return" : "p2wpkh");
				left -= value;
			}
			if (pays.length === 0) {
				unspent.push(...spends);
				continue;
			}
			n++;
			const inputs = [...spends.map(([tx, vout]) => [tx, vout] as const), ...(foreign ? [[UNKNOWN, n] as const] : [])];
			made.push(testUtxo(n, [height, txIndex], inputs, pays, { coinbase, types }));
			for (const [vout, [, value]] of pays.entries()) if (types[vout] !== "op_return" && value > 0n) unspent.push([n, vout, Number(value)]);
		}
	}
	return made;
}

function seedOf(
	d: Dice,
	transactions: readonly UtxoRecord[],
	last: number,
): { spec: OutputWorld["specs"][number]; oracle: OutputOracleSeed } {
	const limit = d(3) === 0 ? 1 + d(20) : undefined;
	const spec = limit === undefined ? {} : { limit: BigInt(limit) };
	const oracle = limit === undefined ? {} : { limit };
	const tx = transactions[d(transactions.length)] as UtxoRecord;
	const kind = d(3);
	if (kind === 0) {
		const [account, since] = [testAddress(d(ADDRESSES)), d(last)];
		return { spec: { ...spec, spec: `account:${account}`, account, since }, oracle: { ...oracle, kind: "account", account, since } };
	}
	if (kind === 1) return { spec: { ...spec, spec: `tx:${tx.txid}` }, oracle: { ...oracle, kind: "tx", txid: tx.txid } };
	const outpoint = `${tx.txid}:${d(tx.outputs.length)}`;
	return { spec: { ...spec, spec: `outpoint:${outpoint}` }, oracle: { ...oracle, kind: "outpoint", outpoint } };
}

/** The chain as a source, and the question as a request. Throws InputError where a seed is refused. */
export function askedOf({ question, specs, coverage, labels }: OutputWorld) {
	const common = { chain: TEST_UTXO_CHAIN, source: "s", note: "", kinds: ["native"] as const };
	const source = memoryOutputs(question.transactions, {
		coverage: coverage.map(([fromHeight, toHeight]) => ({ ...common, fromHeight, toHeight })),
		labels,
		timeless: question.timeless,
	});
	// Addresses of the test network have no checksum, so that an account is no text to parse.
	const seeds = specs.map(({ spec, account, limit, since = 0 }): Seed => {
		const limited = limit === undefined ? {} : { asset: COIN, limit };
		if (account !== undefined) return { spec, ...limited, kind: "account", account, since: startOf(since) };
		return parseSeed(spec, TEST_UTXO_CHAIN, limit === undefined ? {} : { amount: limit });
	});
	const request = {
		...defaultRequest(TEST_UTXO_CHAIN, seeds),
		throughCoinJoins: true,
		fee: question.fee,
		until: question.until,
		dust: new Map(question.dust === 0 ? [] : [[COIN, BigInt(question.dust)]]),
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: question.serviceTransfers },
	};
	return { source, request };
}
