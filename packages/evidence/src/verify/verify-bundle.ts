import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkArithmetic, type Fail } from "./arithmetic.js";
import { canonical } from "./canonical.js";
import { checkRows } from "./rows.js";
import { custodySchema, manifestSchema, traceSchema } from "./shape.js";

/** What was checked, and every failure as `file or row: what`. Empty failures: the bundle holds together. */
export interface VerifyReport {
	readonly failures: readonly string[];
	readonly files: number;
	readonly rows: number;
	readonly trace: string;
}

const MAX_FILE_BYTES = 512 << 20;
/** More failures than this say nothing new. */
const MAX_FAILURES = 1_000;
const CUSTODY_START = "0".repeat(64);
const TRACE_ID_DIGITS = 16;

/**
 * Checks a bundle with nothing but its own bytes. Written apart from the builder: it shares no code with it beyond the
 * schema library. Reads only regular files directly in the folder. Never throws for what a bundle holds.
 */
export function verifyBundle(folder: string): VerifyReport {
	const failures: string[] = [];
	const fail: Fail = (where, what) => {
		if (failures.length < MAX_FAILURES) failures.push(`${where}: ${what}`);
	};
	const files = readFiles(folder, fail);
	const manifest = checkManifest(files, fail);
	checkCustody(files.get("custody.jsonl"), fail);
	const rows = checkTrace(files, manifest?.trace, fail);
	return { failures, files: files.size, rows, trace: manifest?.trace ?? "" };
}

function readFiles(folder: string, fail: Fail): Map<string, Buffer> {
	const files = new Map<string, Buffer>();
	let names: string[] = [];
	try {
		names = readdirSync(folder).sort();
	} catch {
		fail(folder, "is not a folder that can be read");
	}
	for (const name of names) {
		const info = lstatSync(join(folder, name));
		if (!info.isFile()) fail(name, "is not a regular file (a link or a folder does not belong in a bundle)");
		else if (info.size > MAX_FILE_BYTES) fail(name, `is larger than ${MAX_FILE_BYTES >> 20} MiB`);
		else files.set(name, readFileSync(join(folder, name)));
	}
	return files;
}

function sha256(data: Buffer | string): string {
	return createHash("sha256").update(data).digest("hex");
}

/** Parses canonical JSON followed by one line end; anything else, a byte order mark or a doubled key included, fails. */
function parseCanonical(name: string, data: Buffer | undefined, fail: Fail): unknown {
	if (data === undefined) {
		fail(name, "is missing");
		return undefined;
	}
	try {
		const text = data.toString("utf8");
		const value: unknown = JSON.parse(text);
		if (`${canonical(value)}\n` !== text || !Buffer.from(text, "utf8").equals(data)) fail(name, "is not in canonical form (RFC 8785)");
		return value;
	} catch (error) {
		fail(name, `is not JSON: ${(error as Error).message.slice(0, 200)}`);
		return undefined;
	}
}

function checkManifest(files: ReadonlyMap<string, Buffer>, fail: Fail): { trace: string } | undefined {
	const value = parseCanonical("manifest.json", files.get("manifest.json"), fail);
	if (value === undefined) return undefined;
	const parsed = manifestSchema.safeParse(value);
	if (!parsed.success) {
		fail("manifest.json", `${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
		return undefined;
	}
	const { seal, ...open } = parsed.data;
	if (sha256(canonical(open)) !== seal) fail("manifest.json", "the seal does not match its content");
	const listed = new Set<string>();
	for (const entry of open.files) {
		if (listed.has(entry.path)) fail("manifest.json", `lists ${entry.path} twice`);
		listed.add(entry.path);
		const data = files.get(entry.path);
		if (data === undefined) {
			fail(entry.path, "is missing");
			continue;
		}
		if (data.length.toString() !== entry.bytes) fail(entry.path, `has ${data.length} bytes, the manifest says ${entry.bytes}`);
		if (sha256(data) !== entry.sha256) fail(entry.path, "does not hash to what the manifest says");
	}
	for (const name of files.keys()) if (name !== "manifest.json" && !listed.has(name)) fail(name, "is not listed in the manifest");
	for (const needed of ["trace.json", "transfers.csv", "custody.jsonl", "report.html"])
		if (!listed.has(needed)) fail("manifest.json", `does not list ${needed}`);
	return { trace: open.trace };
}

function checkCustody(data: Buffer | undefined, fail: Fail): void {
	if (data === undefined) return;
	let previous = CUSTODY_START;
	for (const [i, line] of data.toString("utf8").split("\n").slice(0, -1).entries()) {
		const where = `custody.jsonl line ${i + 1}`;
		const parsed = custodySchema.safeParse(parseCanonical(where, Buffer.from(`${line}\n`), fail));
		if (!parsed.success) {
			fail(where, "is not a custody entry");
			return;
		}
		const { hash, ...open } = parsed.data;
		if (open.sequence !== i + 1 || open.previous !== previous) fail(where, "does not continue the chain");
		if (sha256(canonical(open)) !== hash) fail(where, "does not hash to its own hash");
		previous = hash;
	}
}

function checkTrace(files: ReadonlyMap<string, Buffer>, traceId: string | undefined, fail: Fail): number {
	const value = parseCanonical("trace.json", files.get("trace.json"), fail);
	const parsed = traceSchema.safeParse(value);
	if (!parsed.success) {
		if (value !== undefined) fail("trace.json", `${parsed.error.issues[0]?.path.join(".")}: ${parsed.error.issues[0]?.message}`);
		return 0;
	}
	const trace = parsed.data;
	const { id, ...open } = value as { id: string };
	if (sha256(canonical(open)).slice(0, TRACE_ID_DIGITS) !== id) fail("trace.json", "its id is not the hash of its content");
	if (traceId !== undefined && traceId !== id) fail("manifest.json", `names trace ${traceId}, but trace.json is ${id}`);
	checkArithmetic(trace, fail);
	const csv = files.get("transfers.csv");
	if (csv !== undefined) checkRows(csv.toString("utf8"), trace, fail);
	return trace.edges.length;
}
