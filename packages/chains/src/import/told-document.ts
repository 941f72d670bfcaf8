import { documentOf, type GraphStore } from "@clew/core";

/**
 * A document of the case that holds what files told, by name; empty where no import wrote it. Throws ClewError (CASE_CORRUPT) for one that
 * Clew does not write: an entry that `isEntry` refuses is `odd`.
 */
export async function toldDocument<T>(
	store: GraphStore,
	kind: string,
	id: string,
	isEntry: (value: unknown) => value is T,
	odd: string,
): Promise<Map<string, T>> {
	const json = await store.record(kind, id);
	if (json === undefined) return new Map();
	return documentOf(kind, id, json, (value) => {
		const told = new Map(Object.entries(value as Record<string, unknown>));
		for (const entry of told.values()) if (!isEntry(entry)) throw new Error(odd);
		return told as Map<string, T>;
	});
}
