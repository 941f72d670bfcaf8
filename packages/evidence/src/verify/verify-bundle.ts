import { answeredBlocks, checkAnswered } from "./answered.js";
import { checkArithmetic, type Fail } from "./arithmetic.js";
import { openBag } from "./bag.js";
import { bytesOf, textOf, toHex } from "./bytes.js";
import { canonical } from "./canonical.js";
import { checkCoherence } from "./coherence.js";
import { checkCoverage } from "./coverage.js";
import { checkDetails } from "./details.js";
import { checkDisclosure } from "./disclosure.js";
import { checkEnvelope } from "./dsse.js";
import { checkBalance } from "./evm/balance.js";
import { checkFacts, nftsOf } from "./facts.js";
import {
	checkCustody,
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
} from "./files.js";
import { checkForm } from "./form.js";
import {
	type BalanceProof,
	type BundleRow,
	balanceShape,
	type Envelope,
	envelopeShape,
	type Manifest,
	rowShape,
	type Trace,
} from "./formats.js";
import { checkInputs } from "./inputs.js";
import { makersWord } from "./makers-word.js";
import { leafHash, merkleRoot } from "./merkle.js";
import { checkNfts } from "./nft-claims.js";
import { isPackets, readPackets } from "./packet.js";
import { checkPassages } from "./passages.js";
import { anchor, RowChecker, readProofs } from "./proofs.js";
import { checkReceived } from "./received.js";
import { isAnchored, type RowReport, reportOf, UNANCHORED, type VerifyReport } from "./report.js";
import { blockHashes } from "./row-blocks.js";
import { type CheckedRows, reportRow, type Trust } from "./rows.js";
import { checkRules } from "./second-hand/check-rules.js";
import { CASE_ID, checkSentences } from "./sentences.js";
import { checkTimes } from "./times.js";
import { checkTimestamp, type TrustedTime } from "./timestamp.js";
import { traceShape } from "./trace-shape.js";
import { checkCsv, type RowKnown } from "./transfers-csv.js";
import { checkUnspent } from "./unspent.js";
import { checkWithheld } from "./withheld.js";

export type { Trust };

/** More failures than this say nothing new. */
const MAX_FAILURES = 1_000;
const MAX_SHOWN = 200;
const TRACE_ID_DIGITS = 16;
const LEDGERS = "ledgers.jsonl";

/**
 * Checks a bundle, or a disclosure of some of its rows, with nothing but its own bytes and what its reader trusts. Written apart from the builder: it shares no code
 * with it but the hash and curve libraries. Never throws for what a bundle holds.
 */
export async function verifyFiles(given: Files, trust: Trust): Promise<VerifyReport> {
	const failures: string[] = [];
	const fail: Fail = (where, what) => {
		if (failures.length < MAX_FAILURES) failures.push(`${where}: ${what}`);
	};
	try {
		return await verified(given, trust, failures, fail);
	} catch (error) {
		fail("bundle", `could not be read: ${(error as Error).message.slice(0, MAX_SHOWN)}`);
		return reportOf("none", failures, { files: given.size });
	}
}

async function verified(given: Files, trust: Trust, failures: readonly string[], fail: Fail): Promise<VerifyReport> {
	const files = openBag(given, fail);
	if (!files.has("manifest.json") && isPackets(files)) return checkPackets(files, trust);
	if (!files.has("manifest.json") && files.has("balances.jsonl")) return checkBalances(files, trust);
	const manifest = readManifest(files, fail);
	if (manifest === undefined) return reportOf("none", failures, { files: files.size });
	const disclosed = files.has("disclosure.json");
	const signedBy = checkSignature(files, trust, fail);
	const time = await checkTime(files, trust, fail);
	const { rows, blocks, recomputed, rowsOfTrace, stated } = (disclosed ? checkDisclosure : checkBundle)(files, manifest, trust, fail);
	checkAnchors(rows, manifest.case.chain, trust, fail);
	return reportOf(disclosed ? "disclosure" : "bundle", failures, {
		trace: manifest.trace,
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
			if (timeRoots.length > 0) throw new Error("no time stamp is there, and one was expected");
			return undefined;
		}
		const time = await checkTimestamp(response, files.get("manifest.json") as Uint8Array, timeRoots);
		if (timeRoots.length > 0 && time.root === undefined)
			throw new Error(`the chain of ${JSON.stringify(time.authority)} does not end at a certificate that you trust`);
		return time;
	} catch (error) {
		fail("manifest.tsr", (error as Error).message);
		return undefined;
	}
}

function checkBundle(files: Files, manifest: Manifest, trust: Trust, fail: Fail): CheckedRows {
	checkListed(files, manifest, fail);
	const strange = checkCustody(files, manifest, fail);
	checkWithheld(manifest, fail);
	const trace = readJson<Trace>(files, "trace.json", traceShape, fail);
	if (trace === undefined) return NOTHING;
	const id = (trace as unknown as { id: string }).id;
	if (sha256Hex(canonical(without(trace, "id"))).slice(0, TRACE_ID_DIGITS) !== id)
		fail("trace.json", "its id is not the hash of its content");
	if (manifest.trace !== id) fail("manifest.json", `names trace ${manifest.trace}, but trace.json is ${id}`);
	const whatIf = trace.parameters["whatIf"];
	if (manifest.whatIf !== whatIf)
		fail(
			"manifest.json",
			whatIf === undefined ? "calls the trace a what-if, which it is not" : "does not say that the trace is a what-if, as it does",
		);
	if (manifest.case.chain !== trace.chain) fail("manifest.json", `is about ${manifest.case.chain}, trace.json about ${trace.chain}`);
	if (!CASE_ID.test(manifest.case.id))
		fail("manifest.json", `calls its case ${JSON.stringify(manifest.case.id.slice(0, MAX_SHOWN))}, which is no id of a case`);
	if (canonical(trace.case) !== canonical({ id: manifest.case.id, title: manifest.case.title }))
		fail("trace.json", "is of another case than manifest.json");
	if (!checkForm(trace, fail)) return NOTHING;
	checkDetails(manifest, trace, fail);
	checkCoherence(trace, fail);
	checkArithmetic(trace, fail);
	const blocks = readProofs(files, trace.chain, fail);
	const anchored = anchor(files, blocks, trust.headers, trace.chain, fail);
	const answered = answeredBlocks(files, fail);
	checkAnswered(answered, blocks, trace.chain, trust.headers, fail);
	checkUnspent(trace, blocks, fail);
	checkTimes(trace.chain, trace.edges, blocks, fail);
	const lines = readLines(files, "rows.jsonl", fail) ?? [];
	if (lines.length.toString() !== manifest.rows.count || lines.length !== trace.edges.length)
		fail("rows.jsonl", `has ${lines.length} rows, the manifest says ${manifest.rows.count}, trace.json ${trace.edges.length}`);
	if (toHex(merkleRoot(lines.map((line) => leafHash(bytesOf(line))))) !== manifest.rows.root)
		fail("rows.jsonl", "its Merkle root is not the manifest's");
	const checker = new RowChecker(blocks);
	const checkBlock = blockHashes([...answered, ...blocks.values()], trace.chain, trust.headers);
	const read: BundleRow[] = [];
	const reports = lines.map((line, i) => {
		const where = `rows.jsonl row ${i + 1}`;
		try {
			const row = parseCanonical<BundleRow>(line, rowShape);
			read[i] = row;
			if (canonical(row.edge) !== canonical(trace.edges[i] ?? null)) throw new Error("differs from trace.json");
			checkBlock(row);
			return reportRow(row, checker.check(row), blocks, anchored);
		} catch (error) {
			fail(where, (error as Error).message);
			return { row: i + 1, tier: "failed", checked: (error as Error).message, anchor: "" };
		}
	});
	const known = read.map((row): RowKnown => row.known);
	checkText(files, trace, known, fail);
	const facts = checkFacts(files, trace, manifest, fail);
	if (facts !== undefined) checkCoverage(trace, facts.coverage, facts.openings, fail);
	if (facts !== undefined || !files.has(FACTS)) checkInputs(manifest, facts?.sources, fail);
	const notes = new Set((facts?.coverage ?? []).map(({ note = "" }) => note));
	const sentences = checkSentences(trace, notes, fail);
	const nfts = checkNfts(facts?.nfts ?? [], blocks, fail);
	checkReceived(files, fail);
	const ledgers = files.has(LEDGERS) ? readLines(files, LEDGERS, fail) : undefined;
	const stated = [
		...checkPassages(trace, ledgers, fail),
		...makersWord(trace, read, blocks, trust.headers),
		...nfts,
		...sentences,
		...strange,
	];
	const recomputed = ledgers && checkRules(ledgers, trace, fail, blocks, facts && nftsOf(facts.nfts));
	return { rows: reports, blocks, recomputed, stated };
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
	const failures: string[] = [];
	const fail: Fail = (where, what) => {
		if (failures.length < MAX_FAILURES) failures.push(`${where}: ${what}`);
	};
	for (const name of files.keys()) if (!BESIDE.has(name)) fail(name, "stands in no list of hashes: nothing of it could be checked");
	const blocks: Block[] = [];
	const rows = balanceRows(files, "balances.jsonl", trust, blocks, fail);
	return unsigned("balances", { files: files.size, rows, blocks }, trust, failures, fail);
}

/** A freeze request, or a folder of several: its list of files, what each says of itself, and the proofs of balances. */
function checkPackets(files: Files, trust: Trust): VerifyReport {
	const failures: string[] = [];
	const fail: Fail = (where, what) => {
		if (failures.length < MAX_FAILURES) failures.push(`${where}: ${what}`);
	};
	const blocks: Block[] = [];
	const { whatIf, ...found } = readPackets(files, (path) => balanceRows(files, path, trust, blocks, fail), fail);
	return unsigned("packet", { files: files.size, blocks, ...found, ...(whatIf === undefined ? {} : { whatIf }) }, trust, failures, fail);
}

/** What carries neither signature nor time stamp fails where one is demanded. */
function unsigned(
	kind: "balances" | "packet",
	found: Pick<VerifyReport, "files" | "rows" | "blocks"> &
		Partial<Pick<VerifyReport, "trace" | "whatIf" | "sumsStated" | "stated" | "compared" | "hashedOnly">>,
	trust: Trust,
	failures: readonly string[],
	fail: Fail,
): VerifyReport {
	const what = kind === "packet" ? "a freeze request" : "a file of balances";
	if (trust.keys.length > 0) fail("signature", `${what} carries none, and one was expected`);
	if (trust.timeRoots.length > 0) fail("time stamp", `${what} carries none, and one was expected`);
	checkAnchors(found.rows, undefined, trust, fail);
	return reportOf(kind, failures, found);
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
				throw new Error(`block ${proof.height} has hash ${hash} here, but ${known.hash} is what ${known.by}`);
			if (known === undefined && trust.headers.some(({ chain }) => chain === proof.chain))
				throw new Error(`block ${proof.height} is none whose header you trust`);
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
