import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Exchange, fileSource } from "@clew/chains";
import { type ChainId, type Currency, type GraphStore, InputError, type TraceResult } from "@clew/core";
import {
	askTimestamp,
	BundleDraft,
	detailsOf,
	encryptTo,
	fillBundle,
	type Redaction,
	type RowKnowledge,
	readCaseDetails,
	readKey,
	redactionOf,
	requireBundleSize,
	signManifest,
	writeZip,
} from "@clew/evidence";
import { MAX_LEDGER_MOVEMENTS } from "@clew/tracer";
import {
	contradictionLines,
	factsOf,
	headerChain,
	knownToCase,
	MAX_HEADERS,
	proveRows,
	type ReadSet,
	receivedLine,
	traceAgain,
} from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { collect, height, redaction as parseRedaction } from "../arguments.js";
import { CASE_OPTION, interruptible, onChain, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { logFor, noteExport } from "../custody-notes.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { addInputs } from "../export-inputs.js";
import { addValues } from "../export-values.js";
import { addVictims } from "../export-victims.js";
import { openNode, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { json } from "../output.js";
import { mustStillHold, namesIn, storedTrace } from "../stored-trace.js";
import { traceSummary } from "../trace-summary.js";
import { noteShared, noteTrace, noteWithheld } from "../trace-table.js";
import { PRICE_AGE_OPTION, UNIT_OPTION } from "../unit-option.js";

interface ExportOptions {
	readonly trace: string;
	readonly out: string;
	readonly zip: boolean;
	readonly bag: boolean;
	readonly sign?: string | undefined;
	readonly timestamp?: string | undefined;
	readonly encryptTo: readonly string[];
	readonly redact?: "victims" | undefined;
	readonly proofs: boolean;
	readonly asReceived: boolean;
	readonly anchor?: number | undefined;
	readonly inputs: readonly string[];
	readonly rpc: readonly string[];
	readonly trustNode: boolean;
	readonly unit?: readonly Currency[] | undefined;
	readonly priceAge: number;
	readonly json: boolean;
	readonly by?: string | undefined;
	readonly why?: string | undefined;
}

/** Blocks whose answers go into a bundle; more would make it larger than anybody reads. */
const MAX_REPLAY_BLOCKS = 5_000;

/** `clew export`: a stored trace as an evidence bundle. */
export function exportCommand(context: Context, finding?: Finding) {
	return new Command("export")
		.description("write an evidence bundle: a folder or zip that anyone can check, with the verifier inside")
		.option(...CASE_OPTION)
		.requiredOption("--trace <id>", "id that clew trace printed, or 'last'")
		.requiredOption("--out <path>", "folder to make; with --zip or --encrypt-to a file")
		.option("--zip", "one zip instead of a folder", false)
		.option("--bag", "as a BagIt bag (RFC 8493): the bundle below data/, with lists of SHA-256 and SHA-512", false)
		.option("--proofs", "fetch every cited block again, with inclusion proofs and the answers that a replay needs", false)
		.option("--as-received", "with --proofs: every answer of the nodes byte for byte, too, with request, time and endpoint", false)
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(
			"--anchor <height>",
			"with --proofs: headers from the rows' blocks, and those that a replay reads, up to this block, so that its hash anchors them all",
			height,
		)
		.option(
			"--inputs <paths...>",
			"imported files, or their folder, to go along, so that the trace can be run again from the bundle",
			collect,
			[],
		)
		.option("--sign <key>", "sign the manifest with a key of clew keys new")
		.option("--timestamp <url-or-file>", "an RFC 3161 authority's URL, or a time stamp that you got for this manifest")
		.option("--encrypt-to <recipient>", "age recipient (age1...); the zip is encrypted, several times for several", collect, [])
		.option(
			"--redact <what>",
			"victims: names of victims are replaced, and go along encrypted to --encrypt-to or not at all",
			parseRedaction,
		)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "what was written, as one JSON object (schema clew.export/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const contradicted = await exportTrace(context, store, options);
				for (const line of contradicted) context.note(line);
				if (contradicted.length > 0) finding?.();
			}),
		);
}

/** Writes and prints; gives lines on rows that the blocks of the asked node contradict. */
async function exportTrace(context: Context, whole: GraphStore, options: ExportOptions): Promise<readonly string[]> {
	const key = options.sign === undefined ? undefined : readKey(options.sign);
	const stamp = options.timestamp === undefined || isUrl(options.timestamp) ? undefined : readStamp(options.timestamp);
	if (options.asReceived && !options.proofs)
		throw new InputError("--as-received keeps what nodes answer, and without --proofs none is asked", { code: "USAGE" });
	const stored = await storedTrace(whole, options.trace);
	noteTrace(context, stored);
	const store = interruptible(onChain(whole, stored.chain as ChainId), context.signal);
	if (stored.edges.length + stored.leaves.length === 0)
		throw new InputError(`trace ${stored.id} found no money: there is nothing to export`, {
			hint: "Fetch what its gaps name, or seed what was stolen, and trace again.",
		});
	requireBundleSize(stored);
	await mustStillHold(whole, stored);
	const redaction = options.redact === undefined ? undefined : redactionOf(stored, await namesIn(whole));
	noteShared(context, redaction);
	const result = redaction?.result(stored) ?? stored;
	noteWithheld(context, stored, result);
	const packed = options.zip || options.encryptTo.length > 0;
	if (!packed && /\.zip$/i.test(options.out))
		throw new InputError(`${options.out} would be a folder`, { code: "USAGE", hint: "Add --zip for a zip, or leave the ending out." });
	if (packed && options.bag)
		throw new InputError("a bag is a folder", {
			code: "USAGE",
			hint: "Leave --zip and --encrypt-to out, and pack the bag as your archive wants it.",
		});
	const draft = new BundleDraft(options.out);
	if (redaction !== undefined) draft.checkWith(redaction.guard);
	try {
		const { known, leftOut } = await addEvidence(context, store, draft, { stored, result, redaction }, options);
		const redacted = redaction === undefined ? "" : await addVictims(draft, redaction.victims, leftOut, options);
		const values = await addValues(context, whole, draft, result, options);
		const [log, details] = [logFor(await store.custody(), stamp), detailsOf(await readCaseDetails(store), stored)];
		const custody = redaction?.custody(log) ?? log;
		const manifest = await fillBundle(draft, {
			info: redaction?.info(store.info) ?? store.info,
			details: redaction?.details(details) ?? details,
			result,
			custody,
			toolVersion: context.version,
			signal: context.signal,
			known,
			...(redacted === "" ? {} : { redacted }),
			...(values === undefined ? {} : { values }),
		});
		if (key !== undefined) draft.putUnlisted("manifest.dsse.json", `${signManifest(manifest, key)}\n`);
		if (options.timestamp !== undefined)
			draft.putUnlisted("manifest.tsr", stamp ?? (await askTimestamp(options.timestamp, manifest, context.signal)));
		context.clearProgress();
		const [files, unlisted] = [draft.files(), draft.unlisted()];
		const about = { version: context.version, trace: result.id };
		const paths = options.bag ? draft.wrapInBag(about) : [...files, ...unlisted].map(({ path }) => path);
		if (packed) {
			await draft.pack(async (folder, target) => {
				writeZip(folder, paths, target);
				return options.encryptTo.length === 0 ? undefined : encryptTo(options.encryptTo, readFileSync(target));
			});
		} else draft.finish();
		const archive = packed ? await archiveOf(options.out) : null;
		const form = options.encryptTo.length > 0 ? "encrypted" : packed ? "zip" : "folder";
		await noteExport(
			context,
			whole,
			{
				trace: stored.id,
				redactedAs: redaction === undefined ? undefined : result.id,
				form,
				manifest,
				archive: archive?.sha256,
				signedBy: key?.id,
				stamped: options.timestamp !== undefined,
				recipients: options.encryptTo,
			},
			options,
		);
		const proven = options.proofs ? known.filter(({ tier }) => tier === "proven").length : undefined;
		if (options.json) {
			context.print(
				json({
					schema: "clew.export/1",
					out: options.out,
					form,
					trace: traceSummary(result),
					storedTrace: stored.id,
					rows: result.edges.length,
					proven: proven ?? null,
					signedBy: key?.id ?? null,
					redacted: redacted || null,
					bag: options.bag,
					files,
					unlisted,
					archive,
				}),
			);
		} else
			context.print(
				`${options.out}: ${paths.length} files, ${result.edges.length} rows${proven === undefined ? "" : `, ${proven} of them proven`}${key === undefined ? ", not signed" : `, signed by key ${key.id}`}${packed ? "" : `; open ${join(options.out, options.bag ? "data" : "", "report.html")}`}`,
			);
		return contradictionLines(result, known);
	} finally {
		draft.discard();
	}
}

/** The one file that was written, by its own name. */
async function archiveOf(path: string) {
	const { sha256 } = await fileSource(path, "");
	return { path: basename(path), bytes: statSync(path).size.toString(), sha256 };
}

interface Traced {
	readonly stored: TraceResult;
	readonly result: TraceResult;
	readonly redaction: Redaction | undefined;
}

/** How rows are known, and imported files that were left out since they hold a name. */
interface Evidence {
	readonly known: readonly RowKnowledge[];
	readonly leftOut: number;
}

/** Proofs and answers from a node, imported files, and the facts of the case: what a replay starts from. */
async function addEvidence(
	context: Context,
	store: GraphStore,
	draft: BundleDraft,
	{ stored, result, redaction }: Traced,
	options: ExportOptions,
): Promise<Evidence> {
	const leftOut = await addInputs(context, store, draft, options.inputs, redaction);
	const read = await addLedgers(context, store, draft, stored);
	if (!options.proofs) {
		draft.put("facts.json", `${await factsOf(store, undefined, redaction)}\n`);
		return { known: await knownToCase(store, result), leftOut };
	}
	draft.put("facts.json", `${await factsOf(store, read?.accounts(), redaction)}\n`);
	let keep = options.asReceived;
	const onExchange = (exchange: Exchange) => {
		if (keep) draft.line("received", receivedLine(exchange, context.now()));
	};
	const node = await openNode(context, store.info.chain, { rpc: options.rpc, trustNode: options.trustNode, onExchange });
	try {
		const heights = (await read?.heights()) ?? (await allHeights(store));
		if (heights.length > MAX_REPLAY_BLOCKS)
			context.note(
				`the trace may depend on ${heights.length} blocks, more than ${MAX_REPLAY_BLOCKS}: answers are left out, and nobody can replay it from the bundle alone`,
			);
		const alsoKeep = heights.length > MAX_REPLAY_BLOCKS ? [] : heights;
		const known = await proveRows(store, node, result, {
			alsoKeep,
			onProof: (line) => draft.line("proofs", line),
			onAnswers: (line) => draft.line("answers", line),
			onProgress: (done, of) => context.progress(`fetching evidence: ${done} of ${of} blocks`),
			signal: context.signal,
		});
		if (options.anchor !== undefined) {
			// Who demands the anchor demands it of what is replayed, too: from the lowest block of all on, where the way is not too long.
			const least = (all: readonly number[]) => all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
			const ofRows = least(result.edges.map(({ position }) => Number(position.split(".")[0])));
			const all = Math.min(ofRows, least(alsoKeep));
			const lowest = options.anchor - all > MAX_HEADERS ? ofRows : all;
			const onProgress = (done: number, of: number) => context.progress(`fetching headers: ${done} of ${of}`);
			const headers = await headerChain(node, lowest, options.anchor, { onProgress, signal: context.signal });
			draft.put("headers.txt", headers.map((header) => `${header}\n`).join(""));
		}
		return { known, leftOut };
	} finally {
		keep = false;
		node.close();
	}
}

/**
 * Runs the trace again, and adds the ledgers that its rules can be played again from. Throws ClewError (CONFLICT) where the case gives
 * another trace by now: what it says of its data would be of now, and the trace of before.
 */
async function addLedgers(context: Context, store: GraphStore, draft: BundleDraft, stored: TraceResult): Promise<ReadSet | undefined> {
	context.progress("running the trace again");
	try {
		const { read, ledgers } = await traceAgain(store, stored, context.signal);
		if (ledgers === undefined)
			context.note(
				`its ledgers have more than ${MAX_LEDGER_MOVEMENTS} movements: they are left out, and the verifier cannot play the rules again`,
			);
		else draft.put("ledgers.jsonl", ledgers.map((line) => `${line}\n`).join(""));
		return read;
	} finally {
		context.clearProgress();
	}
}

/** On Bitcoin a trace may depend on any block of the case. */
async function allHeights(store: GraphStore): Promise<number[]> {
	const heights: number[] = [];
	for (const { account, fromHeight, toHeight, source } of await store.coverage(store.info.chain)) {
		if (account !== undefined || !source.startsWith("node:")) continue;
		for (let height = fromHeight; height <= toHeight; height++) heights.push(height);
	}
	return heights;
}

const isUrl = (place: string) => /^https?:\/\//.test(place);

/** A time stamp that was got elsewhere, as it is. Throws InputError. */
function readStamp(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause });
	}
}
