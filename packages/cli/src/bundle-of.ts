import type { Exchange } from "@clew/chains";
import { type ChainId, type Currency, type GraphStore, goesForward, InputError, type TraceResult } from "@clew/core";
import {
	BundleDraft,
	detailsOf,
	fillBundle,
	type Redaction,
	type RowKnowledge,
	readCaseDetails,
	redactionOf,
	requireBundleSize,
} from "@clew/evidence";
import { MAX_LEDGER_MOVEMENTS } from "@clew/tracer";
import { factsOf, headerChain, knownToCase, MAX_HEADERS, proveRows, type ReadSet, receivedLine, traceAgain } from "@clew/workers";
import { interruptible, onChain } from "./case-file.js";
import type { Context } from "./context.js";
import { logFor } from "./custody-notes.js";
import { addInputs } from "./export-inputs.js";
import { addValues } from "./export-values.js";
import { addVictims } from "./export-victims.js";
import { openNode } from "./node.js";
import { type PaperChoices, paperOf } from "./paper-options.js";
import { mustStillHold, namesIn, storedTrace } from "./stored-trace.js";
import { noteShared, noteTrace, noteWithheld } from "./trace-table.js";

/** Blocks whose answers go into a bundle; more would make it larger than anybody reads. */
const MAX_REPLAY_BLOCKS = 5_000;

/** What of an export decides a bundle's content. */
export interface BundleOptions extends PaperChoices {
	readonly trace: string;
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
}

/** A stored trace as a draft of a bundle, without signature and time stamp; whoever asks for it finishes or discards it. */
export async function bundleOf(
	context: Context,
	whole: GraphStore,
	options: BundleOptions,
	target: string,
	stamp?: Uint8Array,
): Promise<Traced & Pick<Evidence, "known"> & { readonly draft: BundleDraft; readonly manifest: string; readonly redacted: string }> {
	const stored = await storedTrace(whole, options.trace);
	noteTrace(context, stored);
	const store = interruptible(onChain(whole, stored.chain as ChainId), context.signal);
	if (stored.edges.length + stored.leaves.length === 0)
		throw new InputError(`trace ${stored.id} found no money: there is nothing to export`, {
			hint: "Fetch what its gaps name, or seed what was stolen, and trace again.",
		});
	requireBundleSize(stored);
	const paper = paperOf(options);
	if (paper?.language !== undefined && !goesForward(stored))
		throw new InputError("a report on sources has its first page in English alone", { code: "USAGE", hint: "Leave --lang out." });
	await mustStillHold(whole, stored);
	const redaction = options.redact === undefined ? undefined : redactionOf(stored, await namesIn(whole));
	noteShared(context, redaction);
	const result = redaction?.result(stored) ?? stored;
	noteWithheld(context, stored, result);
	const draft = new BundleDraft(target);
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
			...(paper === undefined ? {} : { paper }),
		});
		return { draft, stored, result, redaction, redacted, known, manifest };
	} catch (error) {
		draft.discard();
		throw error;
	}
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
	options: BundleOptions,
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
