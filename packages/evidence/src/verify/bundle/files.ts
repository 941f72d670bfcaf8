import { sha256 } from "@noble/hashes/sha2.js";
import { bytesOf, textOf, toHex } from "../encoding/bytes.js";
import { canonical } from "../encoding/canonical.js";
import { isRecord, type Shape } from "../encoding/shape.js";
import { type Fail, Refusal } from "../failure.js";
import type { VerifyReport } from "../report.js";
import { type Manifest, manifestShape } from "./formats.js";

/** Files of a bundle by path. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What stands outside the manifest because it is about the manifest. */
export const ABOUT_MANIFEST = ["manifest.json", "manifest.dsse.json", "manifest.tsr"] as const;
const NEEDED = ["trace.json", "rows.jsonl", "transfers.csv", "custody.jsonl", "facts.json", "report.html"] as const;
/** What a bundle may hold besides, as data and as papers. */
const MORE = [
	"values.json",
	"price-proofs.jsonl",
	"ledgers.jsonl",
	"headers.txt",
	"victims.age",
	"method.json",
	"flow.svg",
	"report.pdf",
	"verify.mjs",
	"verify.html",
];
const INTERCHANGE = ["stix.json", "misp.json", "case-uco.jsonld", "graph.gexf", "graph.graphml", "goaml-draft.xml"];
const ALLOWED = new Set<string>([...NEEDED, ...MORE, ...INTERCHANGE.map((name) => `interchange/${name}`)]);
export const FACTS = "facts.json";
/** Numbered parts of proofs and answers. */
export const PROOFS = /^proofs\/[0-9]{5}\.jsonl$/;
export const ANSWERS = /^answers\/[0-9]{5}\.jsonl$/;
export const RECEIVED = /^received\/[0-9]{5}\.jsonl$/;
/** Which files are checked against the facts is told where they are. */
const INPUTS = "inputs/";
/** Files whose content is checked here, but for proofs. Of others it is in part, or the hash alone. */
const READ = new Set<string>([
	"values.json",
	"price-proofs.jsonl",
	"ledgers.jsonl",
	"rows.jsonl",
	"transfers.csv",
	"custody.jsonl",
	"headers.txt",
]);
/** Texts that change no number here: which conventions there are is what the version of Clew that made the trace knows. */
const TRACE_READ = "all but its conventions, which are text that this did not check";
const FACTS_READ = "its case, sources, tokens and coverage with gaps, and that it holds the labels of end points, with trace.json";
const RECEIVED_READ = "size and SHA-256 of each answer as it came";
const readInPart = (path: string) =>
	path === "trace.json" ? TRACE_READ : path === "facts.json" ? FACTS_READ : RECEIVED.test(path) ? RECEIVED_READ : undefined;
export function sha256Hex(data: Uint8Array | string): string {
	if (typeof data === "string") return toHex(sha256(bytesOf(data)));
	const known = HASHES.get(data);
	if (known !== undefined) return known;
	const hash = toHex(sha256(data));
	HASHES.set(data, hash);
	return hash;
}

/** Hashes of files, which nobody changes: lists of a bag and of its bundle ask for the same one. */
const HASHES = new WeakMap<Uint8Array, string>();

/** Lists and objects that stand in one another at most; what Clew writes has ten. */
const MAX_DEPTH = 64;

/**
 * Throws Error for text whose brackets go deeper than any file of ours: parsing such text takes far more memory than it has bytes. O(n).
 */
export function mustBeFlat(text: string): void {
	let depth = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === QUOTE) i = endOfString(text, i);
		else if (code === OPEN_LIST || code === OPEN_OBJECT) {
			if (++depth > MAX_DEPTH) throw new Refusal(`is nested more than ${MAX_DEPTH} deep`);
		} else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
	}
}

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((c) => c.charCodeAt(0)) as [
	number,
	number,
	number,
	number,
	number,
	number,
];

/** Where the string ends that begins here. */
function endOfString(text: string, from: number): number {
	for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
		let escapes = 0;
		while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
		if (escapes % 2 === 0) return at;
	}
	return text.length;
}

/** Parses canonical JSON (RFC 8785) without a line end: a byte order mark, a doubled key, a number beyond 2^53 all fail. Throws Error. */
export function parseCanonical<T>(text: string, shape: Shape): T {
	let value: unknown;
	mustBeFlat(text);
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw new Refusal(`is not JSON: ${(error as Error).message.slice(0, 120)}`);
	}
	if (canonical(value) !== text) throw new Refusal("is not in canonical form (RFC 8785)");
	const wrong = shape(value, "$");
	if (wrong !== undefined) throw new Refusal(wrong);
	return value as T;
}

/** A canonical JSON file that ends with one line end; undefined, and a failure, when it is none. */
export function readJson<T>(files: Files, name: string, shape: Shape, fail: Fail): T | undefined {
	const lines = readLines(files, name, fail);
	if (lines === undefined) return undefined;
	const [line, ...more] = lines;
	try {
		if (line === undefined) throw new Refusal("is empty, or has no line that ends");
		if (more.length > 0) throw new Refusal("has more than one line");
		return parseCanonical<T>(line, shape);
	} catch (error) {
		fail(name, (error as Error).message);
		return undefined;
	}
}

/** Lines of a text file, each of which ends; undefined, and a failure, when the file is missing or no text. */
export function readLines(files: Files, name: string, fail: Fail): string[] | undefined {
	const data = files.get(name);
	if (data === undefined) {
		fail(name, "is missing");
		return undefined;
	}
	try {
		if (tooManyLines(data)) {
			fail(name, "has more lines than its bytes can say anything in");
			return undefined;
		}
		const lines = textOf(data).split("\n");
		if (lines.pop() !== "") fail(name, "its last line does not end");
		return lines;
	} catch {
		fail(name, "is not UTF-8 text");
		return undefined;
	}
}

/** Bytes that the lines of a file have at least, on average: each is a JSON object, or a header in hexadecimal digits. */
const LEAST_LINE = 16;

function tooManyLines(data: Uint8Array): boolean {
	let lines = 0;
	for (let at = data.indexOf(LINE_FEED); at !== -1; at = data.indexOf(LINE_FEED, at + 1))
		if (++lines * LEAST_LINE > data.length + 1_000) return true;
	return false;
}

const LINE_FEED = 10;

/** The manifest, when it is one; its seal is checked. */
export function readManifest(files: Files, fail: Fail): Manifest | undefined {
	const manifest = readJson<Manifest>(files, "manifest.json", manifestShape, fail);
	if (manifest === undefined) return undefined;
	const { seal, ...open } = manifest;
	if (sha256Hex(canonical(open)) !== seal) fail("manifest.json", "the seal does not match its content");
	return manifest;
}

/** Every listed file is there with its size and hash, and nothing else is. */
export function checkListed(files: Files, manifest: Manifest, fail: Fail): void {
	checkFiles(files, "", manifest.files, ABOUT_MANIFEST, NEEDED, "manifest.json", fail);
	checkNames(manifest, fail);
}

/** What a manifest lists of a bundle that is not there to be looked at: each file once, those that every bundle has, and no strange one. */
export function checkListing(manifest: Manifest, fail: Fail): void {
	const listed = new Set<string>();
	for (const { path } of manifest.files) {
		if (listed.has(path)) fail("manifest.json", `lists ${path} twice`);
		listed.add(path);
	}
	for (const one of NEEDED) if (!listed.has(one)) fail("manifest.json", `does not list ${one}`);
	checkNames(manifest, fail);
}

function checkNames({ files }: Manifest, fail: Fail): void {
	for (const { path } of files) if (!mayBe(path)) fail(path, "is no part of the evidence: no bundle has such a file");
}

function mayBe(path: string): boolean {
	return ALLOWED.has(path) || PROOFS.test(path) || ANSWERS.test(path) || RECEIVED.test(path) || path.startsWith(INPUTS);
}

/** Listed files by what is checked of them: the content, some of it, or its hash alone. */
export function howChecked({ files }: Manifest): Required<Pick<VerifyReport, "compared" | "comparedInPart" | "hashedOnly">> {
	const paths = files.map(({ path }) => path).sort();
	const isRead = (path: string) => READ.has(path) || PROOFS.test(path);
	return {
		compared: paths.filter(isRead),
		comparedInPart: paths.flatMap((path) => {
			const what = readInPart(path);
			return what === undefined ? [] : [{ path, what }];
		}),
		hashedOnly: paths.filter((path) => !isRead(path) && readInPart(path) === undefined),
	};
}

/** The same for a folder and its list: `about` are files about the list itself, `needed` those without which it is nothing. */
export function checkFiles(
	files: Files,
	folder: string,
	list: Manifest["files"],
	about: readonly string[],
	needed: readonly string[],
	where: string,
	fail: Fail,
): void {
	const listed = new Set<string>();
	for (const { path, bytes, sha256: hash } of list) {
		if (listed.has(path)) fail(where, `lists ${path} twice`);
		listed.add(path);
		const data = files.get(`${folder}${path}`);
		if (data === undefined) fail(`${folder}${path}`, "is missing");
		else if (data.length.toString() !== bytes) fail(`${folder}${path}`, `has ${data.length} bytes, the manifest says ${bytes}`);
		else if (sha256Hex(data) !== hash) fail(`${folder}${path}`, "does not hash to what the manifest says");
	}
	for (const name of files.keys()) {
		if (!name.startsWith(folder)) continue;
		const path = name.slice(folder.length);
		if (!listed.has(path) && !about.includes(path)) fail(name, "is not listed in the manifest");
	}
	for (const one of needed) if (!listed.has(one)) fail(where, `does not list ${one}`);
}

/** An object without one of its fields. */
export function without(value: unknown, field: string): unknown {
	if (!isRecord(value)) return value;
	const { [field]: _, ...rest } = value;
	return rest;
}
