import type { TraceResult } from "@clew/core";
import { OUTPUT_RULES, outputsTold } from "../../../packages/tracer/src/oracle/output-answers.test-util.js";
import { difference } from "../difference.js";
import { COIN, PLAIN, type ReadWorld, readWorld, wrongOf } from "./check.js";
import { type FilePlan, heightOf, type Transaction, type World, worldOf } from "./world.js";

/** The same chain told or asked otherwise, and what must not change by that. */
type Variant = (world: World, plain: ReadWorld, number: number) => Promise<string[]>;

/** Files in another order: nothing changes. */
const order: Variant = async (world, plain, number) => {
	const read = await readWorld(world, { ...PLAIN, order: number + 1 });
	return [...difference("held", read.held, plain.held), ...sameAnswers(plain, read)];
};

/** Files in two parts: nothing changes, since lists cover nothing, and blocks what they hold. */
const split: Variant = async (world, plain, number) => {
	const parts = { ...world, files: world.files.flatMap((file) => cut(file, number)) };
	const read = await readWorld(parts, PLAIN);
	return [...difference("held", read.held, plain.held), ...sameAnswers(plain, read)];
};

function cut(file: FilePlan, number: number): FilePlan[] {
	const { transactions, heights } = file;
	const [from, to] = heights;
	if (file.form === "blocks" || file.form === "node") {
		const at = from + (number % (to - from + 1));
		const ranges = [[from, at] as const, [at + 1, to] as const].filter(([a, b]) => a <= b);
		return ranges.map((range) => ({ ...file, heights: range }));
	}
	const at = number % (transactions.length + 1);
	return [transactions.slice(0, at), transactions.slice(at)].map((part) => ({ ...file, transactions: part }));
}

/** Other keys, addresses and ids: the conventions hold all the same. */
const renamed: Variant = async (world) => wrongOf(world, await readWorld(world, { ...PLAIN, salt: "y" }));

/** Strangers' blocks behind the last one: the same is said of every amount. */
const unrelated: Variant = async (world, plain, number) => {
	const last = heightOf(world.transactions);
	const strange = worldOf(number + 1_000_003).transactions.map(
		(tx): Transaction => ({
			...tx,
			id: tx.id + FAR,
			height: tx.height + last,
			inputs: tx.inputs.map(({ id, vout }) => ({ id: id + FAR, vout })),
			outputs: tx.outputs.map(({ party, value }) => ({ party: party === "nobody" ? party : party + FAR, value })),
		}),
	);
	const transactions = [...world.transactions, ...strange];
	const isWhole = world.files.some(({ heights }) => heights[1] === last);
	const more: FilePlan = isWhole
		? { form: "blocks", heights: [last + 1, heightOf(transactions)], transactions: [], tabs: false, shuffle: 0 }
		: { form: "esplora", heights: [0, 0], transactions: strange.map(({ id }) => id), tabs: false, shuffle: 0 };
	return sameAnswers(plain, await readWorld({ ...world, transactions, files: [...world.files, more] }, PLAIN));
};
const FAR = 1_000;

/** All values times a number: rules of order give so many times as much, `haircut` but for its rounding. */
const scaled: Variant = async (world, plain) => {
	const read = await readWorld(timesOf(world), PLAIN);
	return [...plain.results].flatMap(([n, result]) => {
		const more = read.results.get(n);
		const ask = world.asks[n];
		// Shares of a fee are rounded, and dust is told by every rule together.
		if (more === undefined || ask === undefined || ask.fee === "proportional" || ask.dust > 0) return [];
		return wronglyScaled(result, more, world.transactions.length).map((line) => `question ${n + 1}: ${line}`);
	});
};
const TIMES = 7;

function timesOf({ transactions, files, asks }: World): World {
	return {
		files,
		transactions: transactions.map((tx) => ({ ...tx, outputs: tx.outputs.map((o) => ({ ...o, value: o.value * TIMES })) })),
		asks: asks.map((ask) => ({
			...ask,
			dust: ask.dust * TIMES,
			seeds: ask.seeds.map((seed) => (seed.limit === undefined ? seed : { ...seed, limit: seed.limit * TIMES })),
		})),
	};
}

/** Places of rows stay, since ids of scaled transactions are others where only whole blocks told no order. */
function wronglyScaled(one: TraceResult, many: TraceResult, steps: number): string[] {
	const sums = ({ conservation }: TraceResult) => new Map(Object.entries(conservation).map(([rule, all]) => [rule, all?.[COIN]]));
	const [small, large] = [sums(one), sums(many)];
	return OUTPUT_RULES.filter((rule) => rule !== "poison").flatMap((rule) =>
		(["seeded", "fees"] as const).flatMap((what) => {
			const [a, b] = [Number(small.get(rule)?.[what] ?? 0), Number(large.get(rule)?.[what] ?? 0)];
			const allowed = rule === "haircut" ? TIMES * steps : 0;
			return Math.abs(b - a * TIMES) <= allowed ? [] : [`${what}: ${rule} gives ${a}, and ${b} of ${TIMES} times as much`];
		}),
	);
}

function sameAnswers(plain: ReadWorld, read: ReadWorld): string[] {
	const told = ({ results }: ReadWorld) =>
		Object.fromEntries([...results].map(([n, result]) => [`question ${n + 1}:`, outputsTold(result, COIN)]));
	return difference("", told(read), told(plain));
}

/** By name. */
export const VARIANTS: Readonly<Record<string, Variant>> = {
	"imported in another order": order,
	"in more files": split,
	"with other names": renamed,
	"beside strangers": unrelated,
	scaled,
};
