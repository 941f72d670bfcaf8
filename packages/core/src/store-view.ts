import type { GraphStore } from "./ports/graph-store.js";

/** A case as seen otherwise: `change` gives what is other of it, of a case and of the same inside its transactions. */
export function viewOf(store: GraphStore, change: (of: GraphStore) => Partial<Omit<GraphStore, "atomically">>): GraphStore {
	return { ...store, ...change(store), atomically: (work) => store.atomically((tx) => work(viewOf(tx, change))) };
}
