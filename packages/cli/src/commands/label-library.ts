import { DEFAULT_CHAIN, defang, InputError, LABEL_CATEGORIES, parseFollowedChain, quote } from "@clew/core";
import { LIST_QUESTIONS, type ListQuestion } from "@clew/graph-store/label-library";
import { type LabelList, LIST_KINDS, LIST_URLS, type ListKind, type ReadOptions, readDownloaded, readList } from "@clew/labels";
import { Argument, Command, Option } from "@commander-js/extra-typings";
import { confidence, isoDate, positive } from "../arguments.js";
import { CASE_OPTION, casePlace, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { download } from "../download.js";
import { printEntries } from "../label-entries.js";
import { LABELS_OPTION, libraryPath, withLibrary } from "../label-library-file.js";
import { labelsInto, labelsTold } from "../labels-into.js";
import { noteRows, STRICT_OPTION } from "../list-rows.js";
import { json } from "../output.js";
import { displayWithChain } from "../subject.js";
import { printTable } from "../table.js";

/** `clew label sync`: takes a list into the library. */
export function labelSyncCommand(context: Context) {
	return new Command("sync")
		.description(
			"take a list of labels into the library: each with its source, date, licence and confidence; nothing is downloaded unless --download says so",
		)
		.addArgument(new Argument("<kind>", "what the list is").choices(LIST_KINDS))
		.argument("[path]", "the file, for TagPacks also a folder")
		.option(...LABELS_OPTION)
		.option("--download [url]", "fetch the list first; for ofac, scamsniffer, metamask and etherscan-labels the URL is known")
		.option("--retrieved-at <date>", "ISO date of the list, where it does not say so itself", isoDate, "")
		.option("--source <text>", "csv: who says so")
		.option("--confidence <n>", "csv: 0 to 100 on GraphSense's scale, for rows that do not say", confidence)
		.option("--chain <chain>", "csv: chain of bare addresses", DEFAULT_CHAIN)
		.addOption(new Option("--category <name>", "csv: category of rows that do not say").choices(LABEL_CATEGORIES).default("other" as const))
		.addOption(
			new Option(
				"--answers <question>",
				"csv, tagpack, etherscan-labels: the list claims to be its publisher's whole list of these; without it what it lacks says nothing",
			).choices(LIST_QUESTIONS),
		)
		.option(...STRICT_OPTION, false)
		.option("--json", "as one JSON object", false)
		.action(async (kind, path, options) => {
			refuseClaim(kind, options.answers);
			const read =
				options.download === undefined ? fromFile(kind, path, options) : await fromNetwork(context, kind, options.download, options);
			const list = options.answers === undefined ? read : { ...read, answers: { question: options.answers, part: "" } };
			const retrievedAt = list.retrievedAt || options.retrievedAt;
			const report = withLibrary(options, true, (library) => library.put({ ...list, retrievedAt }, context.now()));
			const { id, publisher, file } = list;
			const { unusable, notRead } = list;
			if (options.json) {
				const rows = { ...report, skipped: Object.fromEntries(list.skipped), unusable, notRead };
				return context.print(json({ schema: "clew.label-sync/1", list: id, publisher, retrievedAt, ...file, ...rows }));
			}
			context.print(
				`${defang(id)}: ${report.rows} labels (${report.added} new, ${report.gone} no longer listed) from ${defang(publisher)}`,
			);
			context.print(
				`sha256 ${file.sha256} (${file.bytes} bytes)${retrievedAt === "" ? `; the list gives no date${list.answers === undefined ? "" : ", and answers no question without one (--retrieved-at)"}` : `, of ${retrievedAt}`}`,
			);
			noteRows(context, list);
		});
}

/** Throws InputError (USAGE) where the user says of what a list is, and its kind says so itself. */
function refuseClaim(kind: ListKind, question: ListQuestion | undefined): void {
	if (question !== undefined && (kind === "ofac" || kind === "scamsniffer" || kind === "metamask"))
		throw new InputError(`--answers is for lists that may be of anything; ${kind} says itself what it is of`, { code: "USAGE" });
}

function fromFile(kind: ListKind, path: string | undefined, options: CsvOptions): LabelList {
	if (path === undefined)
		throw new InputError(`${kind} needs a file`, {
			code: "USAGE",
			hint: kind === "ofac" ? "Name a file, or fetch the list with --download." : "Name the list's file.",
		});
	if (kind !== "csv") return readList(kind, path, undefined, options);
	if (options.source === undefined) throw new InputError("a CSV list needs --source", { code: "USAGE" });
	const defaults = {
		chain: parseFollowedChain(options.chain),
		source: options.source,
		confidence: options.confidence,
		category: options.category,
		retrievedAt: options.retrievedAt,
	};
	return readList(kind, path, defaults, options);
}

interface CsvOptions extends ReadOptions {
	readonly source?: string | undefined;
	readonly confidence?: number | undefined;
	readonly chain: string;
	readonly category: (typeof LABEL_CATEGORIES)[number];
	readonly retrievedAt: string;
}

export async function fromNetwork(context: Context, kind: ListKind, given: string | true, options: ReadOptions): Promise<LabelList> {
	const url = given === true ? LIST_URLS[kind] : given;
	if (url === undefined) throw new InputError(`--download needs the URL of the ${kind} list`, { code: "USAGE" });
	const { bytes, name } = await download(url, context);
	return readDownloaded(kind, name, bytes, options);
}

const ISO_DATE = 10;

/** `clew label conflicts`: subjects about which sources disagree. */
export function labelConflictsCommand(context: Context) {
	return new Command("conflicts")
		.description("accounts and sites about which current claims disagree")
		.option(...LABELS_OPTION)
		.option("--limit <n>", "at most this many", positive, 50)
		.option("--json", "as one JSON object", false)
		.action((options) => {
			const conflicts = withLibrary(options, false, (library) => library.conflicts(options.limit, context.now().slice(0, ISO_DATE)));
			if (options.json) return context.print(json({ schema: "clew.label-conflicts/1", conflicts }));
			if (conflicts.length === 0) return context.print("no source contradicts another");
			for (const { subject, entries } of conflicts) {
				context.print(context.colours.bold(displayWithChain(subject)));
				printEntries(context, entries);
			}
		});
}

/** `clew label diff`: what a list added and dropped. */
export function labelDiffCommand(context: Context) {
	return new Command("diff")
		.description("what a list added and dropped since a date; every synced version is kept")
		.argument("<list>", "such as ofac; clew label lists names them")
		.requiredOption("--since <date>", "ISO date", isoDate)
		.option(...LABELS_OPTION)
		.option("--json", "as one JSON object", false)
		.action((list, options) => {
			const diff = withLibrary(options, false, (library) => library.diff(list, options.since));
			if (diff === undefined)
				throw new InputError(`the library has no version of ${quote(list)} from ${options.since} or before`, {
					code: "USAGE",
					hint: "clew label lists shows what is there.",
				});
			if (options.json) return context.print(json({ schema: "clew.label-diff/1", ...diff }));
			context.print(`${defang(list)}: ${diff.added.length} added, ${diff.gone.length} gone since ${dateOf(diff.from)}`);
			for (const entry of diff.added) context.print(`+ ${displayWithChain(entry.subject)}  ${entry.category}  ${defang(entry.entity)}`);
			for (const entry of diff.gone) context.print(`- ${displayWithChain(entry.subject)}  ${entry.category}  ${defang(entry.entity)}`);
		});
}

/** `clew label lists`: what the library holds. */
export function labelListsCommand(context: Context) {
	return new Command("lists")
		.description("the lists of the library: publisher, licence, date, hash")
		.option(...LABELS_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) => {
			const lists = withLibrary(options, false, (library) => library.lists());
			if (options.json) return context.print(json({ schema: "clew.label-lists/1", library: libraryPath(options), lists }));
			printTable(
				context,
				[
					{ title: "list" },
					{ title: "labels", right: true },
					{ title: "of" },
					{ title: "publisher" },
					{ title: "licence", optional: true },
					{ title: "sha256", optional: true },
				],
				lists.map((v) => [defang(v.list), String(v.rows), dateOf(v), defang(v.publisher), defang(v.licence), v.sha256]),
			);
		});
}

const dateOf = (version: { readonly retrievedAt: string; readonly syncedAt: string }) =>
	version.retrievedAt || `no date, loaded ${version.syncedAt.slice(0, 10)}`;

/** `clew label use`: copies what the library says about a case's accounts into the case. */
export function labelUseCommand(context: Context) {
	return new Command("use")
		.description("copy what the library says about the accounts of a case into the case, where traces and bundles read it")
		.option(...CASE_OPTION)
		.option(...LABELS_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action(async (options) => {
			casePlace(options);
			await withCase(options, async (store) => {
				const { accounts } = await store.contents();
				const told = labelsTold(accounts, options);
				await labelsInto(context, store, told);
				const { labels, lists, elsewhere } = told;
				context.print(
					`${labels.length} labels for ${new Set(labels.map((l) => l.account)).size} of ${accounts.length} accounts, from ${lists.length} lists`,
				);
				if (elsewhere > 0)
					context.print(
						`${elsewhere} of the same keys on chains of another kind, whose addresses are others, were not taken: clew check and clew label show tell them`,
					);
			});
		});
}
