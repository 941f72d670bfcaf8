import { type Dice, dice } from "../../../packages/tracer/src/oracle/account-worlds.test-util.js";
import { less } from "../shrink.js";

const PARTIES = 8;
/** Questions on one world: to make and import its files takes longer than to ask. */
const ASKS = 4;
const FORMS = ["blocks", "node", "esplora", "dumps"] as const;

/** An output: `vout` of a transaction. */
export interface Spent {
	readonly id: number;
	readonly vout: number;
}

/** What a transaction pays; to nobody by an OP_RETURN. Values in satoshi. */
export interface Paid {
	readonly party: number | "nobody";
	readonly value: number;
}

/** A transaction; the first of a block is its coinbase. */
export interface Transaction {
	readonly id: number;
	readonly height: number;
	readonly index: number;
	readonly inputs: readonly Spent[];
	readonly outputs: readonly Paid[];
}

/** A file: whole blocks of a range of heights (raw, or as a node answers), or some transactions (Esplora's, Blockchair's dumps). */
export interface FilePlan {
	readonly form: (typeof FORMS)[number];
	readonly transactions: readonly number[];
	readonly heights: readonly [number, number];
	readonly tabs: boolean;
	readonly shuffle: number;
}

/** A seed; `limit` counts satoshi. */
export type SeedPlan = { readonly limit?: number } & (
	| { readonly kind: "account"; readonly party: number; readonly since: number }
	| { readonly kind: "tx"; readonly id: number }
	| { readonly kind: "outpoint"; readonly id: number; readonly vout: number }
);

/** A question; `dust` counts satoshi. */
export interface Ask {
	readonly seeds: readonly SeedPlan[];
	readonly fee: "last" | "proportional";
	readonly until: number;
	readonly dust: number;
	readonly serviceTransfers: number;
}

/** A chain from block 1 on, the files that tell of it, and questions. */
export interface World {
	readonly transactions: readonly Transaction[];
	readonly files: readonly FilePlan[];
	readonly asks: readonly Ask[];
}

/** Makes a world of a number. */
export function worldOf(number: number): World {
	const d = dice(number * 7901 + 31);
	const transactions = chainOf(d);
	const last = heightOf(transactions);
	return { transactions, files: filesOf(d, transactions, last), asks: Array.from({ length: ASKS }, () => askOf(d, transactions, last)) };
}

/** The last block of a chain. */
export const heightOf = (transactions: readonly Transaction[]) => Math.max(0, ...transactions.map(({ height }) => height));

function chainOf(d: Dice): Transaction[] {
	const made: Transaction[] = [];
	let unspent: (Spent & { readonly value: number })[] = [];
	const add = (height: number, index: number, inputs: readonly Spent[], outputs: readonly Paid[]) => {
		const id = made.length + 1;
		made.push({ id, height, index, inputs, outputs });
		return outputs.flatMap(({ party, value }, vout) => (party === "nobody" || value === 0 ? [] : [{ id, vout, value }]));
	};
	for (let height = 1, blocks = 3 + d(6); height <= blocks; height++) {
		const mined = add(height, 0, [], [{ party: d(PARTIES), value: 10 + d(30) }]);
		for (let index = 1, count = d(4); index <= count; index++) {
			const spent = Array.from({ length: Math.min(unspent.length, 1 + d(3)) }, () => unspent.splice(d(unspent.length), 1)).flat();
			const total = spent.reduce((sum, { value }) => sum + value, 0);
			const outputs = paymentsOf(d, total);
			if (spent.length === 0 || outputs.length === 0) {
				unspent.push(...spent);
				break;
			}
			unspent.push(
				...add(
					height,
					index,
					spent.map(({ id, vout }) => ({ id, vout })),
					outputs,
				),
			);
		}
		unspent = [...unspent, ...mined];
	}
	return made;
}

function paymentsOf(d: Dice, total: number): Paid[] {
	let left = total - d(4);
	const paid: Paid[] = [];
	for (let k = 1 + d(4); k > 0 && left > 0; k--) {
		const value = k === 1 && d(2) === 0 ? left : d(left + 1);
		paid.push({ party: d(12) === 0 ? "nobody" : d(PARTIES), value });
		left -= value;
	}
	return paid;
}

/** Whole blocks up to a height, or none, and some transactions, or all; often told twice. */
function filesOf(d: Dice, transactions: readonly Transaction[], last: number): FilePlan[] {
	const all = transactions.map(({ id }) => id);
	const common = () => ({ heights: [0, 0] as const, tabs: d(2) === 0, shuffle: d(2) === 0 ? 0 : 1 + d(1000), transactions: [] });
	const files: FilePlan[] = [];
	const end = d(3) === 0 ? 0 : d(3) === 0 ? d(last + 1) : last;
	for (let from = 1; from <= end; ) {
		const to = d(2) === 0 ? end : from + d(end - from + 1);
		files.push({ ...common(), form: FORMS[d(2)] as FilePlan["form"], heights: [from, to] });
		from = to + 1;
	}
	const lists = end === last ? d(2) : 1 + d(3);
	for (let n = 0; n < lists; n++) {
		const ids = d(2) === 0 ? all : all.filter(() => d(4) > 0);
		files.splice(d(files.length + 1), 0, { ...common(), form: FORMS[2 + d(2)] as FilePlan["form"], transactions: ids });
	}
	return files;
}

function askOf(d: Dice, transactions: readonly Transaction[], last: number): Ask {
	return {
		seeds: Array.from({ length: 1 + d(3) }, () => seedOf(d, transactions, last)),
		fee: d(2) === 0 ? "last" : "proportional",
		until: d(5) === 0 ? 1 + d(last) : 1000,
		dust: d(5) === 0 ? 2 + d(6) : 0,
		serviceTransfers: d(6) === 0 ? 3 + d(6) : 1000,
	};
}

function seedOf(d: Dice, transactions: readonly Transaction[], last: number): SeedPlan {
	const limit = d(3) === 0 ? { limit: 1 + d(20) } : {};
	const { id, outputs } = transactions[d(transactions.length)] as Transaction;
	const kind = d(3);
	if (kind === 0) return { ...limit, kind: "account", party: d(PARTIES), since: d(last) };
	return kind === 1 ? { ...limit, kind: "tx", id } : { ...limit, kind: "outpoint", id, vout: d(outputs.length) };
}

/** A world with less in it: questions, files, seeds, transactions that nobody spends, then options at their defaults. */
export function* smallerWorlds(world: World): Generator<World> {
	const { transactions, files, asks } = world;
	for (const ask of asks.length > 1 ? asks : []) yield { ...world, asks: [ask] };
	for (const some of less(files)) yield { ...world, files: some };
	for (const tx of [...transactions].reverse())
		if (mayGo(tx, transactions)) yield { ...world, transactions: transactions.filter((x) => x !== tx) };
	for (const [n, ask] of asks.entries()) {
		for (const seeds of ask.seeds.length > 1 ? less(ask.seeds) : []) yield { ...world, asks: asks.with(n, { ...ask, seeds }) };
		for (const over of [{ dust: 0 }, { serviceTransfers: 1000 }, { until: 1000 }, { fee: "last" }] as const)
			if (Object.entries(over).some(([key, value]) => ask[key as keyof Ask] !== value))
				yield { ...world, asks: asks.with(n, { ...ask, ...over }) };
	}
	for (const [n, file] of files.entries())
		for (const some of less(file.transactions)) yield { ...world, files: files.with(n, { ...file, transactions: some }) };
}

/** Nobody spends it, and its block, or the end of the chain, stays whole. */
function mayGo(tx: Transaction, all: readonly Transaction[]): boolean {
	const isSpent = all.some(({ inputs }) => inputs.some(({ id }) => id === tx.id));
	return !isSpent && (tx.index > 0 || (tx.height === heightOf(all) && all.filter(({ height }) => height === tx.height).length === 1));
}
