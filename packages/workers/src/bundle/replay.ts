import type { FileAgain } from "@clew/chains";
import {
	type AccountId,
	type AssetId,
	ClewError,
	type CustodyEntry,
	canonicalJson,
	compareAllListings,
	DETECTIONS,
	type DecodedBlock,
	type GraphStore,
	highestBlock,
	InputError,
	ledgerOf,
	NFTS,
	NODE_GAPS,
	nftsOf,
	type OutputFacts,
	type PartOfBlock,
	type ProvenanceTier,
	parseChainId,
	type Source,
	type TraceEdge,
	type TracePassage,
	type TraceResult,
	traceId,
	UNSPENT_OUTPUTS,
	type UtxoBlock,
	withoutNfts,
	withPrevious,
} from "@clew/core";
import { traceResultSchema } from "@clew/core/trace-schema";
import { bundleLines, bundleText } from "@clew/evidence";
import {
	buildResult,
	findPassages,
	ledgerLines,
	PASSAGES_NOT_SOUGHT,
	type Passage,
	requestOf,
	runTrace,
	type TraceRun,
} from "@clew/tracer";
import { putParts } from "../follow/parts.js";
import { withTier } from "../ingest-range.js";
import type { CaseFacts } from "./facts.js";
import { type ReadSet, recordReads } from "./read-set.js";
import { readAgain } from "./replay-coverage.js";
import { sourcesAgain, takenAsStated } from "./replay-stated.js";

/** A stored trace that was run again over its case. */
export interface TraceAgain {
	/** What it reads; on Bitcoin undefined, since any block may count. */
	readonly read: ReadSet | undefined;
	/** Lines that a stranger can play its rules again from; undefined where there are too many. */
	readonly ledgers: readonly string[] | undefined;
}

/** Runs a stored trace again over its case. Throws ClewError (CONFLICT) when the case gives another result now. */
export async function traceAgain(store: GraphStore, stored: TraceResult, signal?: AbortSignal): Promise<TraceAgain> {
	const read = ledgerOf(store.info.chain) === "outputs" ? undefined : recordReads(store);
	const run = await rerun(read?.source ?? store, stored, signal);
	// Only the case holds the far side of a passage, so its reads are not those of the trace.
	const again = await resultOf(store, await withPassages(run, store, stored), stored);
	if (again.id !== stored.id)
		throw new ClewError("CONFLICT", `the case gives trace ${again.id} now, no longer ${stored.id}: data, labels or Clew changed since`, {
			hint: "Run clew trace again, and use the new trace.",
		});
	return { read, ledgers: (await ledgerLines(run, store))?.map(canonicalJson) };
}

/** The same request over a source. */
async function rerun(source: GraphStore | ReadSet["source"], stored: TraceResult, signal?: AbortSignal): Promise<TraceRun> {
	const run = await runTrace(requestOf(stored), { source, ...(signal ? { signal } : {}) });
	return { ...run, passagesCut: ![undefined, PASSAGES_NOT_SOUGHT].includes(stored.parameters["passages"]) };
}

/** Looks for passages wherever the trace did, whether it states some or none. */
async function withPassages(run: TraceRun, store: GraphStore, { parameters, coverage: { gaps } }: TraceResult): Promise<TraceRun> {
	if (parameters["passages"] === PASSAGES_NOT_SOUGHT) return run;
	const passages = await findPassages(run, store);
	// Which were one too many, only a trace over all chains knows.
	const cut = gaps.filter(({ kind }) => kind === "unfollowed-passage");
	const isCut = ({ paid: { from, asset, position } }: Passage) =>
		cut.some((gap) => gap.account === from && gap.asset === asset && gap.fromHeight === position.height.toString());
	return { ...run, passages, ...(cut.length === 0 ? {} : { unfollowed: passages.filter(isCut) }) };
}

/** What the stored result says of its case, this one says again, but for what is `known` otherwise. */
async function resultOf(
	store: GraphStore,
	run: TraceRun,
	stored: TraceResult,
	known: { readonly cutoff?: number; readonly sources?: readonly Source[] } = {},
): Promise<TraceResult> {
	const { id, title } = stored.case;
	return buildResult(run, store, {
		id,
		title,
		cutoff: known.cutoff ?? Number(stored.coverage.cutoff),
		sources: known.sources ?? (stored.coverage.sources as readonly Source[]),
		nodeGaps: stored.coverage.gaps.filter(({ kind }) => NODE_GAPS.has(kind)),
	});
}

/** What a replay needs from elsewhere: an empty case, and the readers of answers and files. */
export interface ReplayTools {
	readonly store: GraphStore;
	readonly readAnswers: (answers: unknown, tier: ProvenanceTier) => DecodedBlock | PartOfBlock | UtxoBlock;
	/** Imports files of the bundle, given by their paths there, as `clew import` would; gives those that are data of a chain, by path. */
	readonly importFiles: (files: readonly FileAgain[]) => Promise<ReadonlyMap<string, Source>>;
}

/** How a replay ended. `differs` says what is not the same; undefined when all bytes are. */
export interface BundleReplay {
	readonly blocks: number;
	readonly files: number;
	readonly differs: string | undefined;
	/** What it took as the bundle states it, in words. */
	readonly stated: readonly string[];
	/** Paths of the files that it read. */
	readonly read: readonly string[];
}

interface AnswersLine {
	readonly source: string;
	readonly provenance: ProvenanceTier;
	readonly previous: Readonly<
		Record<string, { readonly value: string; readonly account: AccountId; readonly scriptType: OutputFacts["scriptType"] }>
	>;
	readonly answers: unknown;
}

/** What a replay starts from: the trace and the facts of a bundle. */
export interface ReplayStart {
	readonly stored: TraceResult;
	readonly facts: CaseFacts;
}

/**
 * What a replay of a bundle that was verified starts from. Throws InputError when it does not hold what a replay needs, for which nobody
 * may be to blame.
 */
export function mustHoldReplay(files: ReadonlyMap<string, Uint8Array>): ReplayStart {
	const [trace, told] = [bundleText(files, "trace.json"), bundleText(files, "facts.json")];
	if (told === "") throw new InputError("the bundle holds no facts.json to start a replay from");
	const stored = traceResultSchema.parse(JSON.parse(trace));
	const facts = JSON.parse(told) as CaseFacts;
	const inputs = inOrderOfImport(files);
	const missing = facts.sources.find(
		(source) =>
			source.kind === "file" &&
			source.sha256 !== "" &&
			!inputs.some((path) => path.startsWith(`inputs/${source.sha256.slice(0, 16)}/`)) &&
			isUsed(source, stored),
	);
	if (missing !== undefined)
		throw new InputError(`the bundle does not hold the imported file ${missing.name} (SHA-256 ${missing.sha256})`, {
			hint: "It was exported without --inputs.",
		});
	if (bundleLines(files, "answers/").length === 0 && stored.edges.some((edge) => edge.provenance !== "imported"))
		throw new InputError("the bundle does not hold the answers of nodes", {
			hint: "It was exported without --proofs, or depends on more blocks than a bundle keeps.",
		});
	return { stored, facts };
}

/**
 * Rebuilds a case from what a bundle holds (answers of nodes, imported files, facts), runs the trace and compares the bytes. The files are
 * those of a bundle that was verified, and `start` is what {@link mustHoldReplay} gives of them. Throws what reading it throws.
 */
export async function replayBundle(
	files: ReadonlyMap<string, Uint8Array>,
	{ stored, facts }: ReplayStart,
	{ store, readAnswers, importFiles }: ReplayTools,
): Promise<BundleReplay> {
	const inputs = inOrderOfImport(files);
	const lines = bundleLines(files, "answers/");
	await store.putAssets(facts.assets);
	// Before files and blocks: what they say of such contracts is no amount.
	for (const { id, json } of facts.nfts ?? []) await store.putRecord(NFTS, id, json);
	const nfts = await nftsOf(store);
	for (const source of facts.sources) await store.putSource(source);
	const imported = await importFiles(inputs.map((path) => ({ path, ...sourceOf(path, facts) })));
	// What files show of each other is known when all are in, as at the end of an import.
	await compareAllListings(store);
	const { unshown, wrong } = await readAgain(store, facts, new Set([...imported.values()].map(({ id }) => id as string)));
	let [several, unverified, traced, outputs] = [0, 0, 0, 0];
	const hidden = new Map<AssetId, number>();
	for (const text of lines) {
		const line = JSON.parse(text) as AnswersLine;
		if (line.provenance === "quorum") several++;
		if ((line.answers as { traces?: unknown }).traces != null) traced++;
		outputs += Object.keys(line.previous ?? {}).length;
		const put = await putAnswers(store, facts, nfts, line, readAnswers);
		if (put.unverified) unverified++;
		for (const [asset, count] of put.left) hidden.set(asset, (hidden.get(asset) ?? 0) + count);
	}
	const { chain } = store.info;
	const told = await highestBlock(store, chain);
	await putFacts(store, facts);
	// What a file that begins late lacked, blocks of nodes told.
	if (lines.length > 0 && imported.size > 0) await compareAllListings(store);
	const replayed = {
		several,
		unverified,
		traced,
		outputs,
		hidden,
		unshown,
		imported: [...imported.values()],
		told,
		end: await highestBlock(store, chain),
	};
	const cutoff = Number(stored.coverage.cutoff);
	const known = {
		cutoff: wasFollowed(files, stored) ? cutoff : Math.min(cutoff, replayed.end),
		sources: sourcesAgain(stored.coverage.sources, replayed.imported),
	};
	const run = await rerun(store, stored);
	const again = canonicalJson(withFarSides(await resultOf(store, await withPassages(run, store, stored), stored, known), stored));
	return {
		blocks: lines.length,
		files: imported.size,
		differs:
			wrong ??
			(again === bundleText(files, "trace.json").trimEnd()
				? await otherBlock(store, bundleLines(files, "rows.jsonl"))
				: difference(again, stored, known.cutoff)),
		stated: takenAsStated(stored, facts, JSON.parse(bundleText(files, "manifest.json")).details, replayed),
		read: [...[...files.keys()].filter((path) => path.startsWith("answers/")), ...imported.keys()],
	};
}

/** The bundle's imported files as its log names their hashes, which is the order of import; others behind them by path. */
function inOrderOfImport(files: ReadonlyMap<string, Uint8Array>): string[] {
	const log = bundleText(files, "custody.jsonl");
	const placeOf = (path: string) => {
		const at = log.indexOf(digitsOf(path));
		return at === -1 ? log.length : at;
	};
	const inputs = [...files.keys()].filter((path) => path.startsWith("inputs/")).sort();
	const places = inputs.map((path) => [placeOf(path), path] as const);
	return places.sort(([a], [b]) => a - b).map(([, path]) => path);
}

/** What the facts call an imported file. */
function sourceOf(path: string, { sources, imports, case: { chain } }: CaseFacts): Omit<FileAgain, "path"> {
	const found = sources.find(({ kind, sha256 }) => kind === "file" && sha256.startsWith(digitsOf(path)));
	const chains = imports?.find(({ source }) => source === found?.id)?.chains.map(parseChainId) ?? [chain];
	return { source: found?.id ?? "", detail: found?.detail ?? "", chains };
}

/** The first digits of a file's hash, below which a bundle keeps it. */
const digitsOf = (path: string): string => path.split("/")[1] ?? "";

/** True for a trace whose log says that its money was followed: such data ends at the node's newest block, which may hold none of it. */
function wasFollowed(files: ReadonlyMap<string, Uint8Array>, { id }: TraceResult): boolean {
	return bundleLines(files, "custody.jsonl").some((line) => {
		const { action, detail } = JSON.parse(line) as CustodyEntry;
		return action.startsWith("money followed") && detail.startsWith(id);
	});
}

/**
 * The first row that names another block than the case that was rebuilt holds at its height; of blocks that it does not hold nothing is
 * said.
 */
async function otherBlock(store: GraphStore, rows: readonly string[]): Promise<string | undefined> {
	const hashes = new Map<number, string | undefined>();
	for (const line of rows) {
		const { edge, known } = JSON.parse(line) as { edge: Pick<TraceEdge, "row" | "position">; known: { block?: string } };
		const height = Number(edge.position.split(".")[0]);
		if (known.block === undefined) continue;
		if (!hashes.has(height)) hashes.set(height, (await store.header(store.info.chain, height))?.hash);
		const hash = hashes.get(height);
		if (hash !== undefined && hash !== known.block) return `row ${edge.row} names ${known.block} as its block ${height}, which is ${hash}`;
	}
	return undefined;
}

/**
 * A side of a passage that lies on another chain than the bundle's is taken as stated, where the side here is found again; and so is why a
 * lead over a bridge found none there.
 */
function withFarSides({ id: _, passages: found = [], ...result }: TraceResult, { chain, passages: stated }: TraceResult): TraceResult {
	const isOpen = (passage: TracePassage | undefined) => passage?.kind === "bridge" && passage.tier === "lead" && passage.got === undefined;
	const isHere = ({ asset }: TracePassage["paid"]) => asset.startsWith(`${chain}/`);
	const hereOf = ({ kind, protocol, key, paid }: TracePassage) => canonicalJson({ kind, protocol, key, paid });
	const passages = found.map((one, i) => {
		const { got, alternatives = [] } = stated?.[i] ?? {};
		const sides = [...(got === undefined ? [] : [got]), ...alternatives];
		const away = sides.some((side) => !isHere(side)) || (sides.length === 0 && isOpen(stated?.[i]) && isOpen(one));
		return stated?.[i] !== undefined && away && hereOf(stated[i]) === hereOf(one) ? stated[i] : one;
	});
	const open = { ...result, ...(passages.length === 0 ? {} : { passages }) };
	return { ...open, id: traceId(open) };
}

/** Label files are sources too; their labels are among the facts. */
function isUsed(source: Source, { edges }: TraceResult): boolean {
	return edges.some((edge) => edge.source.split(",").includes(source.id));
}

/**
 * Stores a block; gives how many of its logs are left out as ids, by the claims of the facts, by asset, and whether something of it does
 * not come out. Throws InputError for a block that does not come out and is said to.
 */
async function putAnswers(
	store: GraphStore,
	facts: CaseFacts,
	nfts: ReadonlySet<AssetId>,
	line: AnswersLine,
	readAnswers: ReplayTools["readAnswers"],
): Promise<{ readonly left: ReadonlyMap<AssetId, number>; readonly unverified: boolean }> {
	const { chain } = store.info;
	const block = readAnswers(line.answers, line.provenance);
	const isPart = "of" in block;
	const unverified = isPart || ("provenance" in block && block.provenance === "node-unverified");
	if (unverified && line.provenance !== "node-unverified")
		throw new InputError(
			`block ${(isPart ? block.of : block.header).height} does not come out from its answers, and the bundle says that it is known by ${line.provenance}`,
			{
				where: "answers/",
			},
		);
	const source = facts.sources.find(({ id }) => id === line.source) ?? {
		id: line.source,
		kind: "node" as const,
		name: line.source,
		sha256: "",
		detail: "",
	};
	if (isPart) {
		const { transactions, left } = withoutNfts(block.transactions, (asset) => nfts.has(asset));
		await store.atomically((tx) => putParts(tx, chain, [{ ...block, transactions }], source));
		return { left, unverified };
	}
	if (ledgerOf(chain) === "accounts") {
		const { transactions, left } = withoutNfts((block as DecodedBlock).transactions, (asset) => nfts.has(asset));
		await store.putBlocks(chain, [{ ...withTier(block as DecodedBlock, line.provenance), transactions }], source);
		return { left, unverified };
	}
	const previous = new Map(
		Object.entries(line.previous).map(([outpoint, { value, ...rest }]) => [outpoint, { ...rest, value: BigInt(value) }]),
	);
	await store.putUtxoBlocks(chain, [withPrevious(block as UtxoBlock, previous)], source, line.provenance);
	return { left: new Map(), unverified };
}

async function putFacts(store: GraphStore, facts: CaseFacts): Promise<void> {
	await store.putLabels(facts.labels);
	for (const { id, json } of facts.detections ?? []) await store.putRecord(DETECTIONS, id, json);
	for (const { id, json } of facts.unspent ?? []) await store.putRecord(UNSPENT_OUTPUTS, id, json);
	await store.putContracts(facts.contracts as readonly AccountId[]);
	await store.putCoverage(facts.coverage);
	for (const { account, asset, height, amount, source } of facts.openings) {
		const origin = facts.sources.find(({ id }) => id === source) ?? {
			id: source,
			kind: "node" as const,
			name: source,
			sha256: "",
			detail: "",
		};
		await store.putOpeningBalance(account as AccountId, asset as AssetId, height, BigInt(amount), origin);
	}
}

/** Which part of the result is another, for a person; `cutoff` is the last block that the data reaches. */
function difference(again: string, stored: TraceResult, cutoff: number): string {
	const other = JSON.parse(again) as Record<string, unknown>;
	const keys = [...new Set([...Object.keys(stored), ...Object.keys(other)])];
	const parts = keys.filter((key) => canonicalJson(other[key] ?? null) !== canonicalJson((stored as Record<string, unknown>)[key] ?? null));
	const at = stored.edges.findIndex((edge, i) => canonicalJson(edge) !== canonicalJson((other["edges"] as unknown[])[i] ?? null));
	const stated = stored.coverage.cutoff;
	const end = Number(stated) === cutoff ? "" : `; the data ends at block ${cutoff}, and the trace says ${stated}`;
	return `${parts.join(", ")}${at >= 0 ? `; first at row ${at + 1}` : ""}${end}`;
}
