import { canonical } from "../encoding/canonical.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { type Files, parseCanonical, readLines, sha256Hex } from "./files.js";
import { type CustodyLine, custodyShape, type Manifest } from "./formats.js";

/** What the first entry of a case's log says was done. */
const CREATED = "case created";
/** What the entry of a case's creation says: its title, and its first chain. */
const TITLED = /^([\s\S]*) \([^()]*\)$/;
/** What an entry says was done where a trace was made; its detail begins with the trace's id. */
const RUN = /^(trace run|money followed)( again)?$/;
/** What entries say was done, in every version. */
const ACTIONS: ReadonlySet<string> = new Set([
	...["case created", "case received", "case copied", "case copied here", "details set", "files imported", "blocks ingested"],
	...["chain reorganised", "labels imported", "labels used", "detection run", "cluster cut", "cluster cut taken back"],
	...["watch added", "watch removed", "alert acknowledged", "bundle exported", "bundle received", "bundle decrypted"],
	...["requests written", "rows disclosed", "certification drafted", "prices imported", "balances compared"],
	...["assistant served", "assistant's proposal accepted", "assistant's proposal refused"],
	...["view marked", "view mark taken back"],
]);
const TRACE = /^[0-9a-f]{16}\b/;
const CUSTODY_START = "0".repeat(64);

/** A moment as logs state it: ISO 8601, UTC, with or without parts of a second. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?Z$/;
const TIMES = "when the case was created, and when the entries of its log were made";

/** True for a time of a log: one of the calendar. */
export function isInstant(text: string): boolean {
	const [, seconds] = INSTANT.exec(text) ?? [];
	const at = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`);
	return !Number.isNaN(at) && new Date(at).toISOString().slice(0, seconds?.length) === seconds;
}

type About = Pick<Manifest, "case" | "trace" | "redacted">;

/**
 * Each custody entry hashes to its own hash, carries the hash of the one before, and is numbered by its line. A log begins with the case:
 * when the manifest says that it was created, under the title that it states (on the case's first chain, which may be another than the
 * trace's). An entry says that the trace was run; where names were taken out, logs of earlier versions call it by its id from before, and
 * may begin with an action in which a name was. Gives in words what is its maker's: the times, those that run back (clocks do), and the
 * entries that say what Clew does not.
 */
export function checkCustody(files: Files, manifest: About, fail: Fail): string[] {
	const { trace, redacted } = manifest;
	checkCreated(manifest.case, fail);
	const strange: string[] = [];
	const back: number[] = [];
	const run = new Set<string>();
	let [previous, last] = [CUSTODY_START, ""];
	for (const [i, line] of (readLines(files, "custody.jsonl", fail) ?? []).entries()) {
		const where = `custody.jsonl line ${i + 1}`;
		try {
			const { hash, ...open } = parseCanonical<CustodyLine>(line, custodyShape);
			const { at, action } = open;
			if (open.sequence !== i + 1) fail(where, `is numbered ${open.sequence}: entries are missing, added or out of order`);
			if (open.previous !== previous)
				fail(where, `does not continue the chain: its previous is not the ${i === 0 ? "beginning" : `hash of line ${i}`}`);
			if (sha256Hex(canonical(open)) !== hash) fail(where, "does not hash to its own hash");
			if (!isInstant(at)) fail(where, `was made at ${quoted(at)}, which is no time as logs state it`);
			else if (Date.parse(at) < Date.parse(last)) back.push(i + 1);
			[previous, last] = [hash, at];
			if (RUN.test(action)) run.add(TRACE.exec(open.detail)?.[0] ?? "");
			else if (!ACTIONS.has(action)) strange.push(`line ${i + 1} ${JSON.stringify(action.slice(0, 60))}`);
			if (i === 0) checkFirst(open, manifest, where, fail);
		} catch (error) {
			fail(where, (error as Error).message);
			return [];
		}
	}
	if (!run.has(trace) && (redacted === undefined || run.size === 0)) fail("custody.jsonl", `no entry says that trace ${trace} was run`);
	return [
		TIMES,
		...(back.length > 0 ? [`times of custody.jsonl that run backwards (${back.length}), first at line ${back[0]}`] : []),
		...(strange.length > 0 ? [`entries of custody.jsonl by actions that Clew has not (${strange.length}), first ${strange[0]}`] : []),
	];
}

/** A case was created at a time. */
export function checkCreated({ createdAt }: Manifest["case"], fail: Fail): void {
	if (!isInstant(createdAt)) fail("manifest.json", `its case was created at ${quoted(createdAt)}, which is no time as cases state it`);
}

function checkFirst({ at, action, detail }: Omit<CustodyLine, "hash">, { case: info, redacted }: About, where: string, fail: Fail): void {
	const { createdAt, title } = info;
	if (action !== CREATED) {
		if (redacted === undefined || ACTIONS.has(action) || RUN.test(action))
			fail(where, `the log begins with ${quoted(action)}, and every case's with ${JSON.stringify(CREATED)}`);
		return;
	}
	if (at !== createdAt) fail(where, `the case was created at ${at}, and manifest.json says ${createdAt}`);
	if (TITLED.exec(detail)?.[1] !== title) fail(where, `the case was created as ${quoted(detail)}, and manifest.json calls it otherwise`);
}
