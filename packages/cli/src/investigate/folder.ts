import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { readerOf } from "@clew/chains";
import {
	type AccountId,
	addressOf,
	type ChainId,
	chainName,
	compareText,
	countOf,
	defang,
	type GraphStore,
	InputError,
	ledgerOf,
} from "@clew/core";
import { readCaseLabels } from "@clew/labels";
import { exportedAccounts, likelySeeds } from "@clew/workers";
import { importCommand } from "../commands/import.js";
import type { Context } from "../context.js";
import { fileDefaults } from "../label-file.js";
import { hasNode, nodePlaces } from "../node.js";
import { showAccount } from "../output.js";
import { answerTo } from "./papers.js";
import { ofAccount, type SeedWord } from "./seed-words.js";

/** A file of a folder of which no kind of export is known, and what it looks like, in words. */
export interface LeftOutFile {
	readonly file: string;
	readonly why: string;
}

/**
 * Imports a folder or file of exports into a closed case, as the first kind of its chain that knows one of the files; gives the files that
 * it left out. Throws InputError.
 */
export async function importFolder(context: Context, chain: ChainId, path: string, place: string): Promise<readonly LeftOutFile[]> {
	const { rowImports, transactionImports } = readerOf(chain);
	let refused: unknown;
	for (const { name } of [...rowImports, ...transactionImports])
		try {
			const told = await answerTo(context, importCommand, [name, path, "--case", place, "--chain", chain]);
			return (told as { readonly leftOut?: readonly LeftOutFile[] }).leftOut ?? [];
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			// What a kind says of a row of its own is told before that another kind knows none of the files.
			if (refused === undefined || !/no file to import/.test(error.message)) refused = error;
		}
	throw refused;
}

/**
 * {@link importFolder} into a case that was there before, whose chain nobody named but the case. Throws InputError that says of which chain
 * the case is, where the files are no exports of it.
 */
export async function importIntoCase(context: Context, chain: ChainId, path: string, place: string): Promise<readonly LeftOutFile[]> {
	try {
		return await importFolder(context, chain, path, place);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new InputError(`the case ${place} is of ${chainName(chain)}, and nothing could be taken as exports of it: ${error.message}`, {
			code: error.code,
			cause: error,
			hint: `Exports of another chain: name it with --chain, or another case with --case.${error.hint ? ` Else: ${error.hint}` : ""}`,
		});
	}
}

/**
 * On a chain of outputs the transactions of seeded addresses, from the index behind the first Esplora endpoint that is named: nodes find no
 * address by themselves, and Electrum servers are asked as the money is followed. Nothing where there is none. Throws InputError and NodeError.
 */
export async function fetchAddresses(
	context: Context,
	chain: ChainId,
	seeds: readonly SeedWord[],
	rpc: readonly string[],
	place: string,
): Promise<void> {
	if (ledgerOf(chain) !== "outputs" || !hasNode(rpc, chain)) return;
	const index = nodePlaces(context, rpc, chain).find(({ url }) => /\/api\/?$/.test(url))?.url;
	const addresses = seeds.flatMap(({ account }) => (account === undefined ? [] : [addressOf(account)]));
	for (const address of index === undefined ? [] : addresses)
		await answerTo(context, importCommand, [
			"esplora",
			`${index?.replace(/\/$/, "")}/address/${address}`,
			"--case",
			place,
			"--chain",
			chain,
		]);
}

/**
 * Takes files of labels that lie in a folder into the case: those whose columns name an entity. Gives their names, and how many, in
 * words.
 */
export async function labelsOfFolder(
	context: Context,
	store: GraphStore,
	path: string,
): Promise<readonly { readonly file: string; readonly words: string }[]> {
	const said: { readonly file: string; readonly words: string }[] = [];
	if (!statSync(path).isDirectory()) return said;
	for (const name of readdirSync(path)
		.filter((one) => /\.csv$/i.test(one))
		.sort(compareText)) {
		try {
			const { labels, source } = await readCaseLabels(store, join(path, name), fileDefaults(name));
			if (labels.length === 0) continue;
			await store.atomically(async (tx) => {
				await tx.putSource(source);
				await tx.putLabels(labels);
				await tx.appendCustody(context.now(), "labels imported", `${labels.length} from ${name}, sha256 ${source.sha256}`);
			});
			said.push({ file: name, words: `${countOf(labels.length, "label")} of ${defang(name)}` });
		} catch (error) {
			// An export is no list of labels.
			if (!(error instanceof InputError)) throw error;
		}
	}
	return said;
}

/** The account at which a trace of a folder most likely begins, and how it was found, in words. Throws InputError where several may. */
export async function seedOfFolder(store: GraphStore): Promise<{ readonly seed: SeedWord; readonly chosen: string }> {
	const exported = await exportedAccounts(store, store.info.chain);
	const [account, ...others] = await likelySeeds(store, exported);
	if (account === undefined || others.length > 0) {
		const some = [account, ...others].flatMap((one: AccountId | undefined) => (one === undefined ? [] : [showAccount(one)])).slice(0, 5);
		throw new InputError("the exports do not tell where the theft begins", {
			code: "USAGE",
			hint: `Name the address or transaction behind the folder${some.length > 0 ? `, such as one of ${some.join(", ")}` : ""}.`,
		});
	}
	const why =
		exported.length === 1
			? "this is the one account with exports"
			: `of ${exported.length} accounts with exports, payments lead from this one to the most of the others`;
	const chosen = `nobody named a seed: ${why}. If it is another, name it behind the folder`;
	return { seed: ofAccount(account), chosen };
}
