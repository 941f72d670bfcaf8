import { statSync } from "node:fs";
import {
	BlockFacts,
	FAMILY_READERS,
	type FamilyReader,
	type FileReport,
	formatsFor,
	type ImportReport,
	importFile,
	type RowImport,
	readExports,
	readerOf,
	settleCoverage,
	WholeBlocks,
} from "@clew/chains";
import {
	type AssetId,
	addressOf,
	type ChainId,
	defang,
	defangLong,
	filesInWords,
	type GraphStore,
	InputError,
	nftGap,
	tokenContract,
} from "@clew/core";
import { Argument, Command } from "@commander-js/extra-typings";
import { height } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { type ListedFile, listFiles } from "../files.js";
import { json, showAccount } from "../output.js";
import { tokenDecimals } from "../token-decimals.js";
import { withUnzipped } from "../unzipped.js";
import { importTransactions } from "./import-transactions.js";

const kindsOf = ({ rowImports, transactionImports }: FamilyReader) => [...rowImports, ...transactionImports].map(({ name }) => name);

/** The error for a kind of export that the chain's family does not have. */
function otherFamily(kind: string, chain: ChainId): InputError {
	const { name = "other", names = [], main } = FAMILY_READERS.find((reader) => kindsOf(reader).includes(kind))?.family ?? {};
	return new InputError(`the case is about ${chain}, and this is ${name} data`, {
		code: "USAGE",
		hint: `Make a case with: clew case new FILE --title TEXT --chain ${names[0] ?? main}`,
	});
}

/** Files of whole transactions or blocks: those of a folder as exports are looked for in it; what is no folder is left to its reader. */
function listTransactions(path: string): readonly ListedFile[] {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? listFiles(path) : [{ path, named: true }];
}

/** `clew import`: files into a case, all of them or none. */
export function importCommand(context: Context) {
	return new Command("import")
		.description("import exports of transactions into a case: a file, or every export in a folder")
		.addArgument(new Argument("<family>", "kind of export").choices([...new Set(FAMILY_READERS.flatMap(kindsOf))]))
		.argument("<paths...>", "files, folders or zips; for esplora also URLs")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option("--skip-bad", "leave out rows that do not parse, count and list them", false)
		.option("--first-height <height>", "blocks: height of the first block when its parent is in no source", height)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "as one JSON object", false)
		.action((family, paths, options) =>
			withChain(options, async (store) => {
				const reader = readerOf(store.info.chain);
				const whole = reader.transactionImports.find(({ name }) => name === family);
				const note = (text: string) => context.note(defangLong(text));
				if (whole !== undefined) {
					const unzipped = (files: readonly ListedFile[], shown: (text: string) => string) =>
						importTransactions(
							context,
							store,
							whole,
							files.map(({ path }) => path),
							{ ...options, shown },
						);
					return withUnzipped(paths, note, unzipped, { list: listTransactions });
				}
				const kind = reader.rowImports.find(({ name }) => name === family);
				if (kind === undefined) throw otherFamily(family, store.info.chain);
				const leftOut: LeftOut[] = [];
				const reports = await withUnzipped(paths, note, (files, shown) =>
					store.atomically(async (tx) => {
						const done = await importAll(tx, kind, files, options.skipBad, context, shown, leftOut);
						const added = done.reduce((sum, r) => sum + r.added, 0);
						const hashes = filesInWords(done.map(({ source }) => source.sha256));
						await tx.appendCustody(context.now(), "files imported", `${done.length} files, ${added} new transfers; ${hashes}`);
						return done.map((r) => ({ ...r, file: shown(r.file), bad: r.bad.map(shown), notes: r.notes.map(shown) }));
					}),
				);
				context.clearProgress();
				report(context, reports, leftOut, options.json);
			}),
		);
}

/** A file of which nothing was imported, and what it looks like, in words. */
interface LeftOut {
	readonly file: string;
	readonly why: string;
}

/** What a file that was left out looks like, and what to get instead; of one that is like nothing its columns. */
function likeness({ message, where = "", hint = "" }: InputError): string {
	const what = message.slice(where === "" ? 0 : `${where}: `.length);
	if (!what.startsWith("looks like")) return what.replace("those of no known export: ", "");
	return hint === "" || hint.startsWith("Known: ") ? what : `${what}. ${hint}`;
}

async function importAll(
	store: GraphStore,
	kind: RowImport,
	files: readonly ListedFile[],
	skipBad: boolean,
	context: Context,
	shown: (text: string) => string,
	leftOut: LeftOut[],
): Promise<ImportReport[]> {
	const decimals = await tokenDecimals(store);
	const paths = files.map(({ path }) => path);
	const formats = await formatsFor(kind, store, paths, decimals);
	const reports: FileReport[] = [];
	const elsewhere = readExports();
	const blocks = new BlockFacts();
	const whole = await WholeBlocks.of(store, store.info.chain);
	let rows = 0;
	for (const [i, { path, named }] of files.entries()) {
		const progress = (read: number) => context.progress(`importing ${i + 1}/${files.length} ${shown(path)}: ${rows + read} rows`);
		progress(0);
		let unknown: InputError | undefined;
		const done = await importFile(store, path, {
			chain: store.info.chain,
			formats,
			skipBad,
			blocks,
			whole,
			ignoreUnknown: !named,
			onUnknown: (why) => {
				unknown = why;
			},
			elsewhere,
			signal: context.signal,
			onProgress: progress,
		});
		if (done === undefined) {
			const why = unknown === undefined ? "" : likeness(unknown);
			leftOut.push({ file: shown(path), why });
			context.note(`${defang(shown(path))}: no known export, left out${why === "" ? "" : `: ${defangLong(why)}`}`);
			continue;
		}
		rows += done.rows;
		reports.push(done);
	}
	if (reports.length === 0)
		throw new InputError("no file to import was found", { hint: `Known formats: ${formats.map((f) => f.name).join("; ")}.` });
	return settleCoverage(store, store.info.chain, reports);
}

/** What is to say of whose export a file is, when its name does not tell. */
function whoseExport({ account, guess, kinds }: ImportReport): string | undefined {
	if (kinds.length === 0) return "such a list holds no kind of movement whole: no account counts as fetched because of it";
	if (guess === undefined)
		return account === undefined ? "not the export of one account, so no account counts as fetched because of it" : undefined;
	if (account !== undefined) return `taken for the export of ${showAccount(guess)}, the one account that every row touches`;
	return `every row touches ${showAccount(guess)}, but that does not show that it is this account's export: no account counts as fetched because of it; if it is, put the address into the file's name`;
}

/** Contracts named in one warning. */
const LISTED = 5;

function showAsset(asset: AssetId): string {
	const contract = tokenContract(asset);
	return contract === undefined ? asset : addressOf(contract);
}

function report(context: Context, reports: readonly ImportReport[], leftOut: readonly LeftOut[], asJson: boolean): void {
	const sum = (read: (r: ImportReport) => number) => reports.reduce((total, r) => total + read(r), 0);
	const totals = {
		files: reports.length,
		rows: sum((r) => r.rows),
		added: sum((r) => r.added),
		known: sum((r) => r.known),
		bad: sum((r) => r.badCount),
	};
	if (asJson) {
		context.print(json({ schema: "clew.import/1", ...totals, reports, leftOut }));
		return;
	}
	for (const r of reports.filter((x) => x.rows > 0)) {
		const whose = whoseExport(r);
		if (whose !== undefined) context.note(`${defang(r.file)}: ${whose}`);
	}
	for (const r of reports) {
		const file = defang(r.file);
		for (const [asset, rows] of Object.entries(r.nfts)) context.note(`${file}: ${rows} rows left out: ${nftGap(asset as AssetId)}`);
		if (r.taken > 0) context.note(`${file}: ${r.taken} transfers told as amounts before are ids of NFTs: taken out of the case`);
		if (r.untold.length > 0)
			context.note(
				`${file}: warning: a file of this kind does not tell amounts from ids of NFTs, and nothing in the case describes ${r.untold.slice(0, LISTED).map(showAsset).join(", ")}${r.untold.length > LISTED ? ` and ${r.untold.length - LISTED} more tokens` : ""}; ingest from a node, or import tokentx and tokennfttx exports`,
			);
	}
	for (const r of reports) for (const note of r.notes) context.note(`${defang(r.file)}: ${defangLong(note)}`);
	for (const r of reports) for (const line of r.bad) context.note(`left out ${defang(line)}`);
	const accounts = new Set(reports.flatMap((r) => (r.account && r.covers.length > 0 ? [showAccount(r.account)] : [])));
	context.print(
		`${totals.files} files, ${totals.rows} rows: ${totals.added} transfers added, ${totals.known} known already${totals.bad ? `, ${totals.bad} rows left out` : ""}; ${accounts.size} accounts fetched`,
	);
}
