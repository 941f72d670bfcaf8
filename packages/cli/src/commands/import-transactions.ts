import type { TransactionImport } from "@clew/chains";
import { defang, defangLong, familyOf, filesInWords, type GraphStore, noteImported } from "@clew/core";
import type { Context } from "../context.js";
import { json } from "../output.js";

/** `clew import` of files that hold whole transactions or blocks: all of the files, or none of them. */
export async function importTransactions(
	context: Context,
	store: GraphStore,
	kind: TransactionImport,
	paths: readonly string[],
	options: { readonly firstHeight?: number | undefined; readonly json: boolean; readonly shown: (text: string) => string },
): Promise<void> {
	const reports = await store.atomically(async (tx) => {
		const { firstHeight } = options;
		const onProgress = (words: string) => context.progress(options.shown(words));
		const done = await kind.run(tx, paths, { firstHeight, signal: context.signal, onProgress });
		for (const { source } of done) if (source.kind === "file") await noteImported(tx, source, tx.info.chain);
		const added = done.reduce((sum, r) => sum + r.added, 0);
		// What an explorer's API answered has no file to hash.
		const hashes = filesInWords(done.flatMap(({ source }) => (source.sha256 === "" ? [] : [source.sha256])));
		await tx.appendCustody(
			context.now(),
			"files imported",
			`${done.length} files, ${added} new ${familyOf(tx.info.chain).words.ingested}; ${hashes}`,
		);
		return done.map((r) => ({ ...r, file: options.shown(r.file) }));
	});
	context.clearProgress();
	const gaps = await store.blockGaps(store.info.chain);
	if (options.json) {
		const [added, known] = [reports.reduce((sum, r) => sum + r.added, 0), reports.reduce((sum, r) => sum + r.known, 0)];
		return context.print(json({ schema: "clew.import/1", files: reports.length, added, known, reports, gaps }));
	}
	const counted = familyOf(store.info.chain).words.ingested;
	for (const r of reports) {
		const heights = r.heights ? `, heights ${r.heights[0]} to ${r.heights[1]}` : "";
		context.print(
			`${defang(r.file)}: ${r.blocks ? `${r.blocks} blocks, ` : ""}${r.added} ${counted} added, ${r.known} known already${heights}`,
		);
	}
	for (const r of reports) for (const note of r.notes ?? []) context.note(`${defang(r.file)}: ${defangLong(note)}`);
	for (const gap of gaps) context.note(`gap: blocks ${gap.fromHeight} to ${gap.toHeight}: ${gap.gap}`);
}
