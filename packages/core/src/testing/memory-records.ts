import type { GraphStore } from "../ports/graph-store.js";
import { compareText } from "../text-order.js";

/** The documents of a case and nothing else of it: the simplest thing that fulfils that part of the port. */
export function memoryRecords(): Pick<GraphStore, "record" | "records" | "putRecord" | "removeRecord" | "atomically"> {
	const held = new Map<string, Map<string, string>>();
	const of = (kind: string) => held.get(kind) ?? new Map<string, string>();
	const records: ReturnType<typeof memoryRecords> = {
		record: async (kind, id) => of(kind).get(id),
		records: async (kind, after, limit) =>
			[...of(kind)]
				.map(([id, json]) => ({ id, json }))
				.filter(({ id }) => id > after)
				.sort((a, b) => compareText(a.id, b.id))
				.slice(0, limit),
		putRecord: async (kind, id, json) => void held.set(kind, of(kind).set(id, json)),
		removeRecord: async (kind, id) => of(kind).delete(id),
		atomically: (work) => work(records as GraphStore),
	};
	return records;
}
