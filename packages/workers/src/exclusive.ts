import type { GraphStore } from "@clew/core";
import pLimit from "p-limit";

/**
 * A store that several tasks of one process can share: calls go one after another, a transaction as one. (A store has one open transaction
 * at a time, and is not to be asked meanwhile.)
 */
export function exclusiveStore(store: GraphStore): GraphStore {
	const turn = pLimit(1);
	const waiting = Object.entries(store).map(([name, value]) => [
		name,
		typeof value !== "function" || name === "close" ? value : (...given: unknown[]) => turn(() => value(...given)),
	]);
	return Object.fromEntries(waiting) as GraphStore;
}
