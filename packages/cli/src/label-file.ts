import type { GraphStore } from "@clew/core";
import { readCaseLabels } from "@clew/labels";
import type { Context } from "./context.js";
import { noteRows } from "./list-rows.js";

/** What a file of labels that is given beside a seed is taken for where it does not say: a list of exchanges by a trusted provider. */
export function fileDefaults(source: string) {
	return { source, confidence: 50, category: "exchange" as const, retrievedAt: "" };
}

/** Takes a file of labels into a case, and says what of it was left out. Throws InputError for what is none. */
export async function takeLabels(context: Context, store: GraphStore, path: string): Promise<void> {
	const { labels, source, ...others } = await readCaseLabels(store, path, fileDefaults(path));
	noteRows(context, others);
	await store.putSource(source);
	await store.putLabels(labels);
}
