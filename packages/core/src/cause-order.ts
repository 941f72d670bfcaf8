import { knownFamily } from "./chain-family/registry.js";
import { groupBy } from "./group-by.js";
import { Heap } from "./heap.js";
import { type AccountId, addressOf, chainOf } from "./ids.js";
import type { TransferRecord } from "./transfer.js";

/** What decides where something stands: money that it brings and pays, and a place among the others that was told. */
export interface Causes {
	readonly transfers: readonly TransferRecord[];
	readonly told?: number;
}

interface Waiting {
	readonly brings: ReadonlySet<string>;
	readonly pays: ReadonlySet<string>;
	/** Index of the one that was told to stand before it. */
	readonly behind: number | undefined;
	/** What it pays and others still bring. */
	unmet: number;
	done: boolean;
}

/**
 * Puts things in an order in which what was told to come first does, and money arrives before it leaves. Among several the first of the
 * list goes first; where only cycles are left, the first of a cycle that waits for no other cycle. O(n log n) in the transfers where
 * there is no cycle.
 */
export function orderByCause<X>(list: readonly X[], causesOf: (one: X) => Causes): X[] {
	const waiting = waitingOf(list.map(causesOf));
	const next = new Map(waiting.flatMap(({ behind }, i) => (behind === undefined ? [] : [[behind, i] as const])));
	const bringers = new Map<string, number>();
	const payers = new Map<string, number[]>();
	for (const [i, { brings, pays }] of waiting.entries()) {
		for (const key of brings) bringers.set(key, (bringers.get(key) ?? 0) + 1);
		for (const key of pays) payers.set(key, [...(payers.get(key) ?? []), i]);
	}
	const others = (key: string, one: Waiting) => (bringers.get(key) ?? 0) - (one.brings.has(key) && !one.done ? 1 : 0);
	for (const one of waiting) one.unmet = [...one.pays].filter((key) => others(key, one) > 0).length;
	const isTold = ({ behind: before }: Waiting) => before === undefined || waiting[before]?.done === true;
	const free = new Heap<number>((a, b) => a < b);
	const offer = (i: number | undefined) => {
		const one = i === undefined ? undefined : waiting[i];
		if (one !== undefined && !one.done && one.unmet === 0 && isTold(one)) free.push(i as number);
	};
	for (const i of waiting.keys()) offer(i);
	let cycles: readonly number[] | undefined;
	const beginCycle = (): number => {
		cycles ??= causesFirst(waiting);
		return cycles.find((i) => isReady(waiting[i] as Waiting)) as number;
	};
	const isReady = (one: Waiting) => !one.done && isTold(one);
	const ordered: X[] = [];
	while (ordered.length < list.length) {
		let at = free.pop();
		while (at !== undefined && waiting[at]?.done) at = free.pop();
		at ??= beginCycle();
		const one = waiting[at] as Waiting;
		for (const key of one.brings) {
			const left = (bringers.get(key) ?? 1) - 1;
			bringers.set(key, left);
			if (left > 1) continue;
			for (const i of payers.get(key) ?? []) {
				const payer = waiting[i] as Waiting;
				// The last of the others that bring it has come.
				if (i === at || payer.done || left !== (payer.brings.has(key) ? 1 : 0)) continue;
				payer.unmet--;
				offer(i);
			}
		}
		one.done = true;
		ordered.push(list[at] as X);
		offer(next.get(at));
	}
	return ordered;
}

function waitingOf(causes: readonly Causes[]): readonly Waiting[] {
	const told = causes.map((one, i) => ({ at: one.told, i })).filter(({ at }) => at !== undefined);
	told.sort((a, b) => (a.at ?? 0) - (b.at ?? 0) || a.i - b.i);
	const behind = new Map(told.slice(1).map(({ i }, n) => [i, told[n]?.i as number]));
	return causes.map(({ transfers }, i) => ({
		brings: new Set(transfers.filter(bringsMoney).map((t) => `${t.to} ${t.asset}`)),
		pays: new Set(transfers.map((t) => `${t.from} ${t.asset}`)),
		behind: behind.get(i),
		unmet: 0,
		done: false,
	}));
}

/** Whether the receiver can pay on what arrives: not itself again, nor the null account, where what it mints is new. */
export function bringsMoney(t: TransferRecord): boolean {
	return t.from !== t.to && !isNobody(t.to);
}

/** The null account, which makes and destroys. */
export function isNobody(account: AccountId): boolean {
	return addressOf(account) === knownFamily(chainOf(account))?.nobody;
}

/** From what gives cause to what waits for it. */
type Edge = readonly [number, number];

/**
 * All of them so that each cycle stands before what waits for it: the strongly connected components of "gives cause to", in topological
 * order (Kosaraju's two passes), in each the first of the list first. Linear in what they bring and pay.
 */
function causesFirst(all: readonly Waiting[]): readonly number[] {
	// Nodes are the things, and behind them what they bring and pay: so there is one edge for each word, not one for each pair.
	const money = new Map<string, number>();
	const nodeOf = (key: string) => {
		const node = money.get(key) ?? all.length + money.size;
		money.set(key, node);
		return node;
	};
	const edges = all.flatMap(({ brings, pays, behind }, i): Edge[] => [
		...[...brings].map((key): Edge => [i, nodeOf(key)]),
		...[...pays].map((key): Edge => [nodeOf(key), i]),
		...(behind === undefined ? [] : [[behind, i] as const]),
	]);
	const from = groupBy(edges, ([cause]) => cause);
	const to = groupBy(edges, ([, effect]) => effect);
	const effects = (node: number) => (from.get(node) ?? []).map(([, effect]) => effect);
	const causes = (node: number) => (to.get(node) ?? []).map(([cause]) => cause);
	const nodes = [...Array(all.length + money.size).keys()];
	const component = new Map<number, number>();
	for (const [rank, root] of postOrder(nodes, effects).reverse().entries()) {
		for (const node of postOrder([root], causes, component)) component.set(node, rank);
	}
	const rankOf = (i: number) => component.get(i) as number;
	return [...all.keys()].sort((a, b) => rankOf(a) - rankOf(b) || a - b);
}

/** The nodes that can be reached from some, each behind all that is first reached from it; without those that were left before. */
function postOrder(
	roots: readonly number[],
	nextOf: (node: number) => readonly number[],
	before: ReadonlyMap<number, unknown> = new Map(),
): number[] {
	const seen = new Set<number>();
	const order: number[] = [];
	const path: { readonly node: number; readonly next: Iterator<number> }[] = [];
	const enter = (node: number) => {
		if (seen.has(node) || before.has(node)) return;
		seen.add(node);
		path.push({ node, next: nextOf(node).values() });
	};
	for (const root of roots) {
		enter(root);
		for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
			const { done, value } = at.next.next();
			if (!done) enter(value);
			else order.push((path.pop() as typeof at).node);
		}
	}
	return order;
}
