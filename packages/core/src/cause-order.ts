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
	for (const { brings } of waiting) for (const key of brings) bringers.set(key, (bringers.get(key) ?? 0) + 1);
	const payers = groupBy(
		waiting.flatMap(({ pays }, payer) => [...pays].map((key) => ({ key, payer }))),
		({ key }) => key,
	);
	const others = (key: string, one: Waiting) => (bringers.get(key) ?? 0) - (one.brings.has(key) && !one.done ? 1 : 0);
	for (const one of waiting) one.unmet = [...one.pays].filter((key) => others(key, one) > 0).length;
	const isTold = ({ behind: before }: Waiting) => before === undefined || waiting[before]?.done === true;
	const free = new Heap<number>((a, b) => a < b);
	const offer = (i: number | undefined) => {
		const one = i === undefined ? undefined : waiting[i];
		if (one !== undefined && !one.done && one.unmet === 0 && isTold(one)) free.push(i as number);
	};
	for (const i of waiting.keys()) offer(i);
	let cycles: Cycles | undefined;
	const beginCycle = (): number => {
		cycles ??= new Cycles(waiting);
		let at = cycles.next();
		while (at !== undefined && !(isTold(waiting[at] as Waiting) && waiting[at]?.done === false)) at = cycles.next();
		return at as number;
	};
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
			for (const { payer: i } of payers.get(key) ?? []) {
				const payer = waiting[i] as Waiting;
				// The last of the others that bring it has come.
				if (i === at || payer.done || left !== (payer.brings.has(key) ? 1 : 0)) continue;
				payer.unmet--;
				offer(i);
			}
		}
		one.done = true;
		ordered.push(list[at] as X);
		cycles?.finish(at, next.get(at));
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
 * Which things that wait for each other may go: those of cycles that wait for no other one. Cycles are the strongly connected components
 * of "gives cause to" (Kosaraju's two passes). Linear in what the things bring and pay.
 */
class Cycles {
	/** The component of each node: of the things, and behind them of what they bring and pay, so that there is one edge for each word. */
	private readonly component = new Map<number, number>();
	private readonly members: ReadonlyMap<number, readonly number[]>;
	private readonly behind: ReadonlyMap<number, readonly Edge[]>;
	/** How many edges lead to a component from others that are not gone, and how many things of it are not. */
	private readonly waits = new Map<number, number>();
	private readonly left = new Map<number, number>();
	private readonly free = new Heap<number>((a, b) => a < b);
	private readonly all: readonly Waiting[];

	constructor(all: readonly Waiting[]) {
		this.all = all;
		const edges = edgesOf(all);
		const nodes = new Set([...all.keys(), ...edges.flat()]);
		const [from, to] = [groupBy(edges, ([cause]) => cause), groupBy(edges, ([, effect]) => effect)];
		const effects = (node: number) => (from.get(node) ?? []).map(([, effect]) => effect);
		const causes = (node: number) => (to.get(node) ?? []).map(([cause]) => cause);
		for (const root of postOrder(nodes, effects).reverse())
			for (const node of postOrder([root], causes, this.component)) this.component.set(node, root);
		this.members = groupBy(nodes, (node) => this.of(node));
		const between = edges.map(([cause, effect]): Edge => [this.of(cause), this.of(effect)]).filter(([a, b]) => a !== b);
		this.behind = groupBy(between, ([cause]) => cause);
		for (const [, effect] of between) this.waits.set(effect, (this.waits.get(effect) ?? 0) + 1);
		for (const [i, { done }] of all.entries()) if (!done) this.left.set(this.of(i), (this.left.get(this.of(i)) ?? 0) + 1);
		for (const one of [...this.members.keys()].filter((c) => this.waits.get(c) === undefined)) this.open(one);
	}

	/** The first thing that may go and was not offered before. */
	next(): number | undefined {
		return this.free.pop();
	}

	/** A thing went; another one was told to come right after it. */
	finish(i: number, told: number | undefined): void {
		const own = this.of(i);
		const left = (this.left.get(own) ?? 0) - 1;
		this.left.set(own, left);
		if (told !== undefined && this.isOpen(this.of(told))) this.free.push(told);
		// One that things went from although it waits is gone when it waits no more, not twice.
		if (left === 0 && this.isOpen(own)) this.open(...this.close(own));
	}

	/** True where nothing outside of a component gives it cause any more. */
	private isOpen(component: number): boolean {
		return (this.waits.get(component) ?? 0) === 0;
	}

	private of(node: number): number {
		return this.component.get(node) as number;
	}

	/** Offers what is left of components that wait for nothing, and of those that wait for nothing once these are gone. */
	private open(...components: number[]): void {
		for (let one = components.pop(); one !== undefined; one = components.pop()) {
			for (const node of this.members.get(one) ?? []) if (this.all[node]?.done === false) this.free.push(node);
			if ((this.left.get(one) ?? 0) === 0) components.push(...this.close(one));
		}
	}

	/** A component is gone: gives those that now wait for nothing. */
	private close(component: number): number[] {
		return (this.behind.get(component) ?? []).flatMap(([, effect]) => {
			const waits = (this.waits.get(effect) ?? 0) - 1;
			this.waits.set(effect, waits);
			return waits === 0 ? [effect] : [];
		});
	}
}

function edgesOf(all: readonly Waiting[]): Edge[] {
	const money = new Map<string, number>();
	const nodeOf = (key: string) => {
		const node = money.get(key) ?? all.length + money.size;
		money.set(key, node);
		return node;
	};
	return all.flatMap(({ brings, pays, behind }, i): Edge[] => [
		...[...brings].map((key): Edge => [i, nodeOf(key)]),
		...[...pays].map((key): Edge => [nodeOf(key), i]),
		...(behind === undefined ? [] : [[behind, i] as const]),
	]);
}

/** The nodes that can be reached from some, each behind all that is first reached from it; without those that were left before. */
function postOrder(
	roots: Iterable<number>,
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
