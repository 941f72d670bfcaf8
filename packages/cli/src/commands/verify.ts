import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type FileAgain, readerOf } from "@clew/chains";
import {
	type CaseInfo,
	type ChainId,
	ClewError,
	defangLong,
	type ErrorCode,
	InputError,
	ledgerOf,
	parseChainId,
	type Source,
	throwIfAborted,
} from "@clew/core";
import {
	answeredBlocks,
	bundleText,
	type Failure,
	failure,
	failureText,
	reportOf,
	type Trust,
	type TrustedHeader,
	unanchoredAnswers,
	type VerifyReport,
	verifyFiles,
	withCompared,
	withFailures,
	wording,
} from "@clew/evidence";
import { type BundleReplay, isContradicted, mustHoldReplay, replayBundle } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import { isEncrypted, openBundle } from "../bundle-file.js";
import { createStore, onChain } from "../case-file.js";
import type { Context } from "../context.js";
import { noteReceived, withNotes } from "../custody-notes.js";
import { BY_OPTION, NOTE_OPTION, WHY_OPTION } from "../custody-statement.js";
import { openNode, QUORUM_OPTION, RPC_OPTION } from "../node.js";
import { json } from "../output.js";
import { tokenDecimals } from "../token-decimals.js";
import { TRUST_HEADER_OPTION, TRUST_KEY_OPTION, TRUST_TIME_OPTION, trustOf, withPapers } from "../trust.js";

/** `clew verify`: exit 0 when the bundle holds together, 1 with every failure named. */
export function verifyCommand(context: Context, finding: () => void) {
	return new Command("verify")
		.description("check an evidence bundle: every hash, row, sum and proof; needs no case, and without --rpc no network")
		.argument("<bundle>", "folder, zip, or zip encrypted with age")
		.option(...TRUST_HEADER_OPTION, collect, [])
		.option(...RPC_OPTION, collect, [])
		.option(...QUORUM_OPTION, positive)
		.option(...TRUST_KEY_OPTION, collect, [])
		.option(...TRUST_TIME_OPTION, collect, [])
		.option("--identity <file>", "age identity, for an encrypted bundle")
		.option("--replay", "also run the trace again from what the bundle holds: the bytes must be the same", false)
		.option("--rows", "say of every row what was checked, and against what", false)
		.option(...NOTE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "as one JSON object", false)
		.action((path, options) =>
			withNotes(context, options, async (notes) => {
				const trust = trustOf(options);
				const { judged, replayed, files } = await judge(context, path, trust, options);
				if (!judged.ok) finding();
				const decrypted = options.identity !== undefined && isEncrypted(path) && files !== undefined;
				await noteReceived(notes, path, judged, { files, decrypted });
				if (options.json) return context.print(json({ ...judged, ...(replayed ? { replay: replayed } : {}) }));
				if (files === undefined) {
					for (const one of judged.failures) context.print(coloured(context, `FAILED ${defangLong(failureText(one))}`));
					return;
				}
				for (const line of wording(judged, options.rows)) context.print(coloured(context, line));
				const against = judged.rows.filter(({ checked }) => isContradicted(checked)).length;
				if (against > 0)
					context.print(
						`by its maker's word ${against} of its rows are contradicted by the blocks that it was proven from: --rows names them`,
					);
				if (replayed !== undefined && replayed.differs === undefined && judged.ok)
					for (const line of replayLines(replayed)) context.print(line);
			}),
		);
}

interface Judged {
	readonly judged: VerifyReport;
	readonly replayed?: Awaited<ReturnType<typeof replay>> | undefined;
	/** Undefined for what cannot be opened. */
	readonly files?: ReadonlyMap<string, Uint8Array>;
}

/** Everything that was asked for about the bundle. Throws InputError (USAGE) for what is not there. */
async function judge(
	context: Context,
	path: string,
	trust: Trust,
	options: { identity?: string | undefined; rpc: readonly string[]; quorum?: number | undefined; replay: boolean },
): Promise<Judged> {
	let files: Map<string, Uint8Array>;
	try {
		files = await openBundle(path, options.identity);
	} catch (error) {
		// What is not there, or cannot be opened, is no damaged bundle.
		if (!(error instanceof InputError) || error.code === "USAGE") throw error;
		return { judged: reportOf("none", [failure("unreadable", path, error.message)], {}) };
	}
	// Headers are demanded of every proven block, and of every one that is replayed: with --rpc they are complete only when the node has
	// told its own.
	let { headers } = trust;
	let report = await verifyFiles(files, options.rpc.length > 0 ? { ...trust, headers: [] } : trust);
	if (options.rpc.length > 0 && report.ok) {
		headers = [...headers, ...(await headersOf(context, blocksOf(report, options.replay ? files : new Map()), options))];
		report = await verifyFiles(files, { ...trust, headers });
	}
	report = await withPapers(files, report, context.version);
	const replayed = options.replay && report.ok ? await replay(files, context) : undefined;
	if (replayed === undefined) return { judged: report, files };
	if (replayed.differs !== undefined)
		return { judged: withFailures(report, [failure("replay", "replay", `another result: ${replayed.differs}`)]), replayed, files };
	const judged = withFailures(withCompared(report, replayed.read), unanchored(files, report, headers));
	return { judged, replayed, files };
}

const MAX_NAMED = 10;

/** What a demanded header does not say of blocks that were replayed: none, or one line for all of them. */
function unanchored(
	files: ReadonlyMap<string, Uint8Array>,
	{ blocks }: Pick<VerifyReport, "blocks">,
	headers: readonly TrustedHeader[],
): Failure[] {
	const heights = unanchoredAnswers(files, blocks[0]?.chain ?? chainOf(files), headers);
	if (heights.length === 0) return [];
	const more = heights.length > MAX_NAMED ? ` and ${heights.length - MAX_NAMED} more` : "";
	const which = `${heights.slice(0, MAX_NAMED).join(", ")}${more}`;
	return [failure("header", "replay", `blocks of answers/ do not lead to a header that you trust: ${which}`)];
}

/** What a replay gave, and what of it no block and no file shows. */
function replayLines({ blocks, files, stated }: BundleReplay): string[] {
	return [
		`replayed: ${blocks} blocks and ${files} files give the same trace, to the byte, with what it takes as stated:`,
		...stated.map((words) => `as stated, not replayed: ${words}`),
	];
}

function coloured({ colours }: Context, line: string): string {
	return line
		.replace(/^(FAILED|not verified)/, (word) => colours.red(word))
		.replace(/^(intact|proven in part|proven)(?=:)/, (word) => colours.yellow(word))
		.replace(/^verified(?=:)/, (word) => colours.green(word));
}

/** A block that a header is asked for of. */
type Asked = Pick<TrustedHeader, "chain" | "height">;

/** Blocks that are proven, and those of `answers/`, each height once. */
function blocksOf(report: VerifyReport, files: ReadonlyMap<string, Uint8Array>): readonly Asked[] {
	const proven = new Set(report.blocks.map(({ height }) => height));
	const answered = new Set(answeredBlocks(files, () => {}).map(({ height }) => height));
	const more = [...answered].filter((height) => !proven.has(height));
	return [...report.blocks, ...more.map((height) => ({ chain: report.blocks[0]?.chain ?? chainOf(files), height }))];
}

/** The chain of a bundle that verifies. */
function chainOf(files: ReadonlyMap<string, Uint8Array>): string {
	return (JSON.parse(bundleText(files, "manifest.json")) as { case: { chain: string } }).case.chain;
}

/** Hashes of blocks, as nodes tell them now. */
async function headersOf(
	context: Context,
	blocks: readonly Asked[],
	options: { rpc: readonly string[]; quorum?: number | undefined },
): Promise<TrustedHeader[]> {
	const headers: TrustedHeader[] = [];
	const [first] = blocks;
	if (first === undefined) return headers;
	const node = await openNode(context, parseChainId(first.chain), options);
	try {
		for (const [i, { chain, height }] of blocks.entries()) {
			throwIfAborted(context.signal);
			context.progress(`asking for headers: ${i} of ${blocks.length}`);
			headers.push({ chain, height, hash: (await node.rawHeader(height)).hash, by: `${node.name} tells` });
		}
	} finally {
		context.clearProgress();
		node.close();
	}
	return headers;
}

/** Rebuilds the case in a folder of its own, which is removed afterwards. */
async function replay(files: ReadonlyMap<string, Uint8Array>, context: Context): Promise<BundleReplay> {
	const start = mustHoldReplay(files);
	const { facts } = start;
	const folder = mkdtempSync(join(tmpdir(), "clew-replay-"));
	const info: CaseInfo = facts.case;
	const chain = parseChainId(info.chain);
	const store = await createStore(join(folder, "replay.clew"), { title: info.title, chain, at: info.createdAt });
	const reader = readerOf(chain);
	try {
		return await replayBundle(files, start, {
			store,
			readAnswers: await reader.answersReader(chain),
			importFiles: async (again) => {
				for (const { path } of again) {
					mkdirSync(dirname(join(folder, path)), { recursive: true });
					writeFileSync(join(folder, path), files.get(path) ?? new Uint8Array(0));
				}
				const options = { coverage: facts.coverage, decimalsOf: await tokenDecimals(store), signal: context.signal };
				const imported = new Map<string, Source>();
				for (const onto of chainsOf(again, chain)) {
					const placed = again.filter(({ chains }) => chains.includes(onto)).map((one) => ({ ...one, path: join(folder, one.path) }));
					const done = await readerOf(onto).importAgain(onto === chain ? store : onChain(store, onto), placed, options);
					for (const [name, source] of done) imported.set(relative(folder, name), source);
				}
				return imported;
			},
		});
	} catch (error) {
		// What it holds contradicts itself, or is what no honest bundle holds: that is a finding, not a machine that could not look.
		if (!(error instanceof ClewError && FINDINGS.has(error.code))) throw error;
		return unreadable(error.message.replaceAll(`${folder}/`, ""));
	} finally {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

/**
 * The chains onto which files are imported again, the bundle's own first. Not those others whose money lies in outputs: the trace reads
 * nothing there, and what their files lack only coverage of theirs tells, which a bundle does not hold.
 */
function chainsOf(files: readonly FileAgain[], own: ChainId): readonly ChainId[] {
	const others = files.flatMap(({ chains }) => chains).filter((chain) => chain !== own && ledgerOf(chain) === "accounts");
	return [own, ...new Set(others)];
}

const FINDINGS: ReadonlySet<ErrorCode> = new Set([
	"BAD_INPUT",
	"BAD_ADDRESS",
	"BAD_AMOUNT",
	"CONFLICT",
	"CONSERVATION",
	"NODE_BAD_ANSWER",
	"NODE_LIED",
	"NODE_UNVERIFIED",
	"NODE_WRONG_CHAIN",
]);

const unreadable = (why: string): BundleReplay => ({
	blocks: 0,
	files: 0,
	differs: `none: what the bundle holds cannot be read again: ${why}`,
	stated: [],
	read: [],
});
