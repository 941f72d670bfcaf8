import { openBag } from "./bundle/bag.js";
import { checkCustody } from "./bundle/custody.js";
import { checkDetails, detailsInWords } from "./bundle/details.js";
import { checkDisclosure } from "./bundle/disclosure.js";
import { checkFacts, nftsOf, seenIn } from "./bundle/facts.js";
import {
	checkListed,
	FACTS,
	type Files,
	howChecked,
	parseCanonical,
	readJson,
	readLines,
	readManifest,
	sha256Hex,
	without,
} from "./bundle/files.js";
import { checkForm } from "./bundle/form.js";
import {
	type BalanceProof,
	type BundleRow,
	balanceShape,
	type Envelope,
	envelopeShape,
	type Manifest,
	rowShape,
	type Trace,
} from "./bundle/formats.js";
import { checkInputs, checkSources } from "./bundle/inputs.js";
import { blockHashes } from "./bundle/row-blocks.js";
import { type CheckedRows, reportRow, type Trust } from "./bundle/rows.js";
import { traceShape } from "./bundle/trace-shape.js";
import { checkCsv, type RowKnown } from "./bundle/transfers-csv.js";
import { checkWithheld } from "./bundle/withheld.js";
import { bytesOf, textOf, toHex } from "./encoding/bytes.js";
import { canonical } from "./encoding/canonical.js";
import { leafHash, merkleRoot } from "./encoding/merkle.js";
import { checkBalance } from "./evm/balance.js";
import { type Fail, Failures, Refusal } from "./failure.js";
import { isPackets, readPackets } from "./packet/packet.js";
import { answeredBlocks, checkAnswered } from "./proofs/answered.js";
import { checkNfts } from "./proofs/nft-claims.js";
import { anchor, RowChecker, readProofs } from "./proofs/proofs.js";
import { checkReceived } from "./proofs/received.js";
import { checkRules } from "./recompute/check-rules.js";
import { TooMuch } from "./recompute/replayed.js";
import { readOf } from "./recompute/unread.js";
import { isAnchored, type RowReport, reportOf, UNANCHORED, type VerifyReport } from "./report.js";
import { checkEnvelope } from "./signatures/dsse.js";
import { checkTimestamp, type TrustedTime } from "./signatures/timestamp.js";
import { checkArithmetic } from "./trace/arithmetic.js";
import { checkCoherence } from "./trace/coherence.js";
import { checkCoverage, coverageInWords } from "./trace/coverage.js";
import { checkFollowed } from "./trace/followed.js";
import { makersWord } from "./trace/makers-word.js";
import { checkPassages } from "./trace/passages.js";
import { CASE_ID, checkSentences } from "./trace/sentences.js";
import { checkTimes } from "./trace/times.js";
import { checkUnspent } from "./trace/unspent.js";
import { checkValues } from "./values/check-values.js";

export type { Trust };

/** More failures than this say nothing new. */
const MAX_SHOWN = 200;
const TRACE_ID_DIGITS = 16;
const LEDGERS = "ledgers.jsonl";

/**
 * Checks a bundle, or a disclosure of some of its rows, with nothing but its own bytes and what its reader trusts. Written apart from the
 * builder: it shares no code with it but the hash and curve libraries. Never throws for what a bundle holds.
 */
export async function verifyFiles(given: Files, trust: Trust): Promise<VerifyReport> {
	const failures = new Failures();
	try {
		return await verified(given, trust, failures);
	} catch (error) {
		failures.of("unreadable")("bundle", `could not be read: ${(error as Error).message.slice(0, MAX_SHOWN)}`);
		return reportOf("none", failures.found, { files: given.size });
	}
}

async function verified(given: Files, trust: Trust, failures: Failures): Promise<VerifyReport> {
	const files = openBag(given, failures.of("files"));
	if (!files.has("manifest.json") && isPackets(files)) return checkPackets(files, trust);
	if (!files.has("manifest.json") && files.has("balances.jsonl")) return checkBalances(files, trust);
	const manifest = readManifest(files, failures.of("form"));
	if (manifest === undefined) return reportOf("none", failures.found, { files: files.size });
	const disclosed = files.has("disclosure.json");
	const signedBy = checkSignature(files, trust, failures.of("signature"));
	const time = await checkTime(files, trust, failures.of("time-stamp"));
	const { rows, blocks, recomputed, rowsOfTrace, stated } = (disclosed ? checkDisclosure : checkBundle)(files, manifest, trust, failures);
	checkAnchors(rows, manifest.case.chain, trust, failures.of("header"));
	return reportOf(disclosed ? "disclosure" : "bundle", failures.found, {
		trace: manifest.trace,
		...(manifest.direction === undefined ? {} : { direction: "backward" as const }),
		...(manifest.whatIf === undefined ? {} : { whatIf: manifest.whatIf }),
		files: files.size,
		...(disclosed ? {} : howChecked(manifest)),
		...(recomputed === undefined ? {} : { recomputed }),
		...(stated === undefined ? {} : { stated }),
		rows,
		...(rowsOfTrace === undefined ? {} : { rowsOfTrace }),
		blocks: [...blocks.values()].map(({ chain, height, hash }) => ({ chain, height, hash })),
		signedBy,
		time,
	});
}

/**
 * Headers that are given are demanded: something must lead to one, and every proven row, unless all headers are of other chains than its
 * own.
 */
function checkAnchors(rows: readonly RowReport[], chain: string | undefined, { headers }: Trust, fail: Fail): void {
	if (headers.length === 0) return;
	const of = new Set(headers.map((header) => header.chain));
	const none = !rows.some(isAnchored);
	if (none) fail("headers", `no row leads to a header that you trust (given for ${[...of].join(", ")})`);
	if (none || chain === undefined || !of.has(chain)) return;
	for (const row of rows) if (row.tier === "proven" && !isAnchored(row)) fail(`row ${row.row}`, "does not lead to a header that you trust");
}

const NOTHING: CheckedRows = { rows: [], blocks: new Map() };

function checkSignature(files: Files, { keys }: Trust, fail: Fail): string[] {
	let signers: string[] = [];
	if (files.has("manifest.dsse.json")) {
		const envelope = readJson<Envelope>(files, "manifest.dsse.json", envelopeShape, fail);
		try {
			if (envelope !== undefined) signers = checkEnvelope(envelope, files.get("manifest.json") as Uint8Array);
		} catch (error) {
			fail("manifest.dsse.json", (error as Error).message);
		}
	}
	if (keys.length > 0 && !signers.some((key) => keys.includes(key)))
		fail(
			"manifest.dsse.json",
			signers.length === 0 ? "no signature holds, and one was expected" : `is signed by ${signers.join(", ")}, not by a key that you trust`,
		);
	return signers;
}

async function checkTime(files: Files, { timeRoots }: Trust, fail: Fail): Promise<TrustedTime | undefined> {
	const response = files.get("manifest.tsr");
	try {
		if (response === undefined) {
			if (timeRoots.length > 0) throw new Refusal("no time stamp is there, and one was expected");
			return undefined;
		}
		const time = await checkTimestamp(response, files.get("manifest.json") as Uint8Array, timeRoots);
		if (timeRoots.length > 0 && time.root === undefined)
			throw new Refusal(`the chain of ${JSON.stringify(time.authority)} does not end at a certificate that you trust`);
		return time;
	} catch (error) {
		fail("manifest.tsr", (error as Error).message);
		return undefined;
	}
}

function checkBundle(files: Files, manifest: Manifest, trust: Trust, failures: Failures): CheckedRows {
	checkListed(files, manifest, failures.of("files"));
	const log = checkCustody(files, manifest, failures.of("statement"));
	checkWithheld(manifest, failures.of("statement"));
	const trace = readJson<Trace>(files, "trace.json", traceShape, failures.of("form"));
	if (trace === undefined) return NOTHING;
	const notForm = failures.of("form");
	const notRow = failures.of("row");
	const id = (trace as unknown as { id: string }).id;
	if (sha256Hex(canonical(without(trace, "id"))).slice(0, TRACE_ID_DIGITS) !== id)
		notForm("trace.json", "its id is not the hash of its content");
	if (manifest.trace !== id) notForm("manifest.json", `names trace ${manifest.trace}, but trace.json is ${id}`);
	const whatIf = trace.parameters["whatIf"];
	if (manifest.whatIf !== whatIf)
		notForm(
			"manifest.json",
			whatIf === undefined ? "calls the trace a what-if, which it is not" : "does not say that the trace is a what-if, as it does",
		);
	if (manifest.direction !== trace.direction) notForm("manifest.json", "does not say which way the trace goes, forward or back in time");
	if (manifest.case.chain !== trace.chain) notForm("manifest.json", `is about ${manifest.case.chain}, trace.json about ${trace.chain}`);
	if (!CASE_ID.test(manifest.case.id))
		notForm("manifest.json", `calls its case ${JSON.stringify(manifest.case.id.slice(0, MAX_SHOWN))}, which is no id of a case`);
	if (canonical(trace.case) !== canonical({ id: manifest.case.id, title: manifest.case.title }))
		notForm("trace.json", "is of another case than manifest.json");
	if (!checkForm(trace, failures.of("form"))) return NOTHING;
	checkDetails(manifest, trace, failures.of("statement"));
	checkCoherence(trace, failures.of("coherence"));
	checkArithmetic(trace, failures.of("arithmetic"));
	const blocks = readProofs(files, trace.chain, failures.of("proof"));
	const anchored = anchor(files, blocks, trust.headers, trace.chain, failures.of("header"));
	const answered = answeredBlocks(files, failures.of("source"));
	checkAnswered(answered, blocks, trace.chain, trust.headers, failures.of("header"));
	checkUnspent(trace, blocks, failures.of("coherence"));
	checkTimes(trace.chain, trace.edges, blocks, failures.of("coherence"));
	const lines = readLines(files, "rows.jsonl", failures.of("row")) ?? [];
	if (lines.length.toString() !== manifest.rows.count || lines.length !== trace.edges.length)
		notRow("rows.jsonl", `has ${lines.length} rows, the manifest says ${manifest.rows.count}, trace.json ${trace.edges.length}`);
	if (toHex(merkleRoot(lines.map((line) => leafHash(bytesOf(line))))) !== manifest.rows.root)
		notRow("rows.jsonl", "its Merkle root is not the manifest's");
	const checker = new RowChecker(blocks);
	const checkBlock = blockHashes([...answered, ...blocks.values()], trace.chain, trust.headers);
	const read: BundleRow[] = [];
	const reports = lines.map((line, i) => {
		const where = `rows.jsonl row ${i + 1}`;
		try {
			const row = parseCanonical<BundleRow>(line, rowShape);
			read[i] = row;
			if (canonical(row.edge) !== canonical(trace.edges[i] ?? null)) throw new Refusal("differs from trace.json");
			checkBlock(row);
			return reportRow(row, checker.check(row), blocks, anchored);
		} catch (error) {
			notRow(where, (error as Error).message);
			return { row: i + 1, tier: "failed", checked: (error as Error).message, anchor: "" };
		}
	});
	const known = read.map((row): RowKnown => row.known);
	checkText(files, trace, known, failures.of("text"));
	const facts = checkFacts(files, trace, manifest, failures.of("source"));
	checkFollowed(trace, facts === undefined ? {} : { labels: facts.labels, detections: seenIn(facts) }, failures.of("coherence"));
	if (facts !== undefined) checkCoverage(trace, facts.coverage, facts.openings, failures.of("source"));
	if (facts !== undefined || !files.has(FACTS)) checkInputs(manifest, facts?.sources, failures.of("source"));
	const notes = new Set((facts?.coverage ?? []).map(({ note = "" }) => note));
	const ledgers = files.has(LEDGERS) ? readLines(files, LEDGERS, failures.of("row")) : undefined;
	const sentences = checkSentences(trace, notes, ledgers, failures.of("text"));
	const nfts = checkNfts(facts?.nfts ?? [], blocks, failures.of("proof"));
	checkReceived(files, failures.of("source"));
	const stated = [
		...checkValues(files, trace, trust.headers, failures.of("values")),
		...checkPassages(trace, ledgers, failures.of("coherence")),
		...makersWord(trace, read, blocks, trust.headers),
		...coverageInWords(facts?.coverage ?? []),
		...nfts,
		...checkSources(manifest, trace.coverage.sources, trace.edges, failures.of("source")),
		...sentences,
		...detailsInWords(manifest.details),
		...log,
	];
	try {
		const read = facts && readOf(facts, ledgers ?? []);
		const recomputed = ledgers && checkRules(ledgers, trace, failures.of("recomputed"), blocks, facts && nftsOf(facts.nfts), read);
		return { rows: reports, blocks, recomputed, stated };
	} catch (error) {
		if (!(error instanceof TooMuch)) throw error;
		return { rows: reports, blocks, stated: [...stated, `amounts by each rule: ${error.message}`] };
	}
}

function checkText(files: Files, trace: Trace, known: readonly RowKnown[], fail: Fail): void {
	const csv = files.get("transfers.csv");
	try {
		if (csv !== undefined) checkCsv(textOf(csv), trace, known, fail);
	} catch {
		fail("transfers.csv", "is not UTF-8 text");
	}
}

/** Files that may lie beside balances: they are checked by what runs them, or are of everybody. */
const BESIDE = new Set(["balances.jsonl", "verify.mjs", "verify.html"]);

/** The balances of a request, which has no manifest: each is proven by itself. */
function checkBalances(files: Files, trust: Trust): VerifyReport {
	const failures = new Failures();
	for (const name of files.keys())
		if (!BESIDE.has(name)) failures.of("files")(name, "stands in no list of hashes: nothing of it could be checked");
	const blocks: Block[] = [];
	const rows = balanceRows(files, "balances.jsonl", trust, blocks, failures.of("proof"));
	return unsigned("balances", { files: files.size, rows, blocks }, trust, failures);
}

/** A freeze request, or a folder of several: its list of files, what each says of itself, and the proofs of balances. */
function checkPackets(files: Files, trust: Trust): VerifyReport {
	const failures = new Failures();
	const blocks: Block[] = [];
	const { whatIf, ...found } = readPackets(files, (path) => balanceRows(files, path, trust, blocks, failures.of("proof")), failures);
	return unsigned("packet", { files: files.size, blocks, ...found, ...(whatIf === undefined ? {} : { whatIf }) }, trust, failures);
}

/** What carries neither signature nor time stamp fails where one is demanded. */
function unsigned(
	kind: "balances" | "packet",
	found: Pick<VerifyReport, "files" | "rows" | "blocks"> &
		Partial<Pick<VerifyReport, "trace" | "whatIf" | "sumsStated" | "stated" | "compared" | "hashedOnly">>,
	trust: Trust,
	failures: Failures,
): VerifyReport {
	const what = kind === "packet" ? "a freeze request" : "a file of balances";
	if (trust.keys.length > 0) failures.of("signature")("signature", `${what} carries none, and one was expected`);
	if (trust.timeRoots.length > 0) failures.of("time-stamp")("time stamp", `${what} carries none, and one was expected`);
	checkAnchors(found.rows, undefined, trust, failures.of("header"));
	return reportOf(kind, failures.found, found);
}

type Block = VerifyReport["blocks"][number];

/** The balances of a file; the blocks that they are proven of are added to `blocks`. */
function balanceRows(files: Files, path: string, trust: Trust, blocks: Block[], fail: Fail): RowReport[] {
	const lines = readLines(files, path, fail) ?? [];
	if (lines.length === 0) fail(path, "holds no balance");
	return lines.map((line, i): RowReport => {
		try {
			const proof = parseCanonical<BalanceProof>(line, balanceShape);
			const hash = checkBalance(proof);
			const known = trust.headers.find(({ chain, height }) => chain === proof.chain && height === Number(proof.height));
			if (known !== undefined && known.hash !== hash)
				throw new Refusal(`block ${proof.height} has hash ${hash} here, but ${known.hash} is what ${known.by}`);
			if (known === undefined && trust.headers.some(({ chain }) => chain === proof.chain))
				throw new Refusal(`block ${proof.height} is none whose header you trust`);
			const block = { chain: proof.chain, height: Number(proof.height), hash };
			if (!blocks.some((one) => one.chain === block.chain && one.hash === hash)) blocks.push(block);
			return {
				of: "balance",
				row: i + 1,
				tier: "proven",
				checked: `balance: ${proof.account} held ${proof.balance} base units at block ${proof.height}, ${hash}`,
				anchor: known?.by ?? UNANCHORED,
			};
		} catch (error) {
			fail(`${path} line ${i + 1}`, (error as Error).message);
			return { of: "balance", row: i + 1, tier: "failed", checked: (error as Error).message, anchor: "" };
		}
	});
}
