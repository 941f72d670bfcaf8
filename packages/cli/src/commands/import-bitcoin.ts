import { BlockFacts, importBitcoinCsv, importBlockFile, importEsplora, type UtxoImportReport } from "@clew/chains";
import { defang, defangLong, filesInWords, type GraphStore, InputError, isUtxoChain } from "@clew/core";
import type { Context } from "../context.js";
import { json } from "../output.js";

/** Kinds of Bitcoin data by the name a user types. */
export const BITCOIN_FAMILIES = ["blocks", "esplora", "csv"] as const;
type BitcoinFamily = (typeof BITCOIN_FAMILIES)[number];

/** True for a kind of Bitcoin data. */
export function isBitcoinFamily(family: string): family is BitcoinFamily {
	return (BITCOIN_FAMILIES as readonly string[]).includes(family);
}

/** `clew import blocks|esplora|csv`: all of the files, or none of them. */
export async function importBitcoin(
	context: Context,
	store: GraphStore,
	family: BitcoinFamily,
	paths: readonly string[],
	options: { readonly firstHeight?: number | undefined; readonly json: boolean },
): Promise<void> {
	if (!isUtxoChain(store.info.chain)) {
		throw new InputError(`the case is about ${store.info.chain}, and this is Bitcoin data`, {
			code: "USAGE",
			hint: "Make a case with: clew case new FILE --title TEXT --chain bitcoin",
		});
	}
	const reports = await store.atomically(async () => {
		const done = await importAll(context, store, family, paths, options.firstHeight);
		const added = done.reduce((sum, r) => sum + r.added, 0);
		// What an explorer's API answered has no file to hash.
		const hashes = filesInWords(done.flatMap(({ source }) => (source.sha256 === "" ? [] : [source.sha256])));
		await store.appendCustody(context.now(), "files imported", `${done.length} files, ${added} new transactions; ${hashes}`);
		return done;
	});
	context.clearProgress();
	const gaps = await store.blockGaps(store.info.chain);
	if (options.json) {
		const [added, known] = [reports.reduce((sum, r) => sum + r.added, 0), reports.reduce((sum, r) => sum + r.known, 0)];
		return context.print(json({ schema: "clew.import/1", files: reports.length, added, known, reports, gaps }));
	}
	for (const r of reports) {
		const heights = r.heights ? `, heights ${r.heights[0]} to ${r.heights[1]}` : "";
		context.print(
			`${defang(r.file)}: ${r.blocks ? `${r.blocks} blocks, ` : ""}${r.added} transactions added, ${r.known} known already${heights}`,
		);
	}
	for (const r of reports) for (const note of r.notes ?? []) context.note(`${defang(r.file)}: ${defangLong(note)}`);
	for (const gap of gaps) context.note(`gap: blocks ${gap.fromHeight} to ${gap.toHeight}: ${gap.gap}`);
}

async function importAll(
	context: Context,
	store: GraphStore,
	family: BitcoinFamily,
	paths: readonly string[],
	firstHeight: number | undefined,
): Promise<UtxoImportReport[]> {
	const { signal } = context;
	if (family === "csv") return importBitcoinCsv(store, paths, signal);
	const reports: UtxoImportReport[] = [];
	const told = new BlockFacts();
	for (const [i, path] of paths.entries()) {
		const begin = i === 0 && firstHeight !== undefined ? { firstHeight } : {};
		const onBlocks = (blocks: number, height: number) =>
			context.progress(`importing ${i + 1}/${paths.length} ${path}: ${blocks} blocks, height ${height}`);
		const onTransactions = (n: number) => context.progress(`fetching ${path}: ${n} transactions`);
		reports.push(
			family === "blocks"
				? await importBlockFile(store, path, { signal, onProgress: onBlocks, ...begin })
				: await importEsplora(store, path, { signal, onProgress: onTransactions, blocks: told }),
		);
	}
	return reports;
}
