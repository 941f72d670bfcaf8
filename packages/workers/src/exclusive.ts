import { AsyncLocalStorage } from "node:async_hooks";
import type { GraphStore } from "@clew/core";
import pLimit from "p-limit";

/**
 * A store that several tasks of one process can share: calls go one after another, and what happens inside `atomically` keeps all others
 * out until its end. (A store has one open transaction at a time; without this, a neighbour's call would fall into it.)
 */
export function exclusiveStore(store: GraphStore): GraphStore {
	const turn = pLimit(1);
	const inside = new AsyncLocalStorage<true>();
	return new Proxy(store, {
		get(target, property, receiver) {
			const value: unknown = Reflect.get(target, property, receiver);
			if (typeof value !== "function" || property === "close") return value;
			return (...args: unknown[]) => {
				const call = () => Reflect.apply(value, target, args) as Promise<unknown>;
				return inside.getStore() ? call() : turn(() => (property === "atomically" ? inside.run(true, call) : call()));
			};
		},
	});
}
