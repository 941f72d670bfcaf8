import type { ReadPrices } from "@clew/chains";
import { countOf, defang, type GraphStore, putPrices } from "@clew/core";
import type { Context } from "./context.js";

/** Keeps what was read, whole or not at all, and says what it is. */
export async function keepPrices(context: Context, store: GraphStore, read: readonly ReadPrices[]): Promise<void> {
	const rows = read.flatMap((one) => one.rows);
	const answers = new Map(read.flatMap((one) => [...one.answers]));
	const pairs = new Set(rows.map(({ asset, unit }) => `${asset} in ${unit}`));
	const origins = [...new Set(rows.map(({ origin }) => origin.id))];
	const { added, known } = await store.atomically(async (tx) => {
		const put = await putPrices(tx, rows, answers);
		await tx.appendCustody(
			context.now(),
			"prices imported",
			`${put.added} new prices of ${origins.join(", ")}, from ${[...answers.keys()].map((sha256) => `sha256 ${sha256}`).join(", ")}`,
		);
		return put;
	});
	for (const note of read.flatMap(({ notes }) => notes)) context.note(note);
	context.print(
		`${countOf(added, "price")} added, ${known} known already, by ${defang(origins.join(", "))}: ${[...pairs].slice(0, NAMED_PAIRS).join("; ")}`,
	);
	if (pairs.size > NAMED_PAIRS) context.print(`... and ${pairs.size - NAMED_PAIRS} more pairs (clew price show)`);
}

/** Pairs that are named. */
const NAMED_PAIRS = 5;
