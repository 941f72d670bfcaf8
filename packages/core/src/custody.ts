import { canonicalJson, sha256Hex } from "./canonical.js";
import type { CustodyEntry, CustodyStatement } from "./claims.js";
import { ClewError } from "./errors.js";

/** `previous` of the first entry. */
export const CUSTODY_GENESIS = "0".repeat(64);
/** The action of an entry that says how balances of a case came out beside a node's. */
export const BALANCES_COMPARED = "balances compared";
/** Hashes of files that one entry names; of more it names the hash of their list. */
const NAMED_FILES = 20;

/**
 * Makes the next entry of a custody log: its hash covers every field that is there, what is stated too, and the hash before it. What is not
 * stated is no field, so that an entry of a time before statements hashes as it did.
 */
export function nextCustodyEntry(
	last: CustodyEntry | undefined,
	at: string,
	action: string,
	detail: string,
	stated: CustodyStatement = {},
): CustodyEntry {
	const previous = last?.hash ?? CUSTODY_GENESIS;
	const open = { sequence: (last?.sequence ?? 0) + 1, at, action, detail, ...custodyStatement(stated), previous };
	return { ...open, hash: sha256Hex(canonicalJson(open)) };
}

/** What an entry, or any object with these fields, states of who, why and with what; only what it does state. */
export function custodyStatement({
	with: tool,
	by,
	why,
}: { readonly [K in keyof CustodyStatement]?: CustodyStatement[K] | null | undefined }): CustodyStatement {
	return {
		...(typeof tool === "string" ? { with: tool } : {}),
		...(typeof by === "string" ? { by } : {}),
		...(typeof why === "string" ? { why } : {}),
	};
}

/** How one entry of a custody log stands to itself and to the one before, in words. */
export interface CustodyLink {
	readonly sequence: number;
	readonly holds: boolean;
	/** What does not hold; empty where all does. */
	readonly faults: readonly string[];
	/** What is odd and breaks nothing. */
	readonly warnings: readonly string[];
}

/** Checks a custody log link by link, in its order: own hash, number, hash before; a time that runs backwards is a warning. */
export function custodyLinks(entries: readonly CustodyEntry[]): CustodyLink[] {
	return entries.map((entry, i) => {
		const before = entries[i - 1];
		const faults = [...numberFaults(entry, before), ...hashFaults(entry, before)];
		return { sequence: entry.sequence, holds: faults.length === 0, faults, warnings: timeWarnings(entry, before) };
	});
}

function numberFaults({ sequence }: CustodyEntry, before: CustodyEntry | undefined): string[] {
	const due = (before?.sequence ?? 0) + 1;
	if (sequence === due) return [];
	if (sequence < due) return [`its number does not follow ${due - 1}`];
	return [sequence === due + 1 ? `entry ${due} is missing` : `entries ${due} to ${sequence - 1} are missing`];
}

function hashFaults({ hash, ...open }: CustodyEntry, before: CustodyEntry | undefined): string[] {
	const faults: string[] = [];
	if (open.previous !== (before?.hash ?? CUSTODY_GENESIS))
		faults.push(
			before === undefined
				? "it is not the first: its previous is the hash of an entry that is not there"
				: `its previous is not the hash of entry ${before.sequence}`,
		);
	if (sha256Hex(canonicalJson(open)) !== hash) faults.push("its content does not hash to its own hash");
	return faults;
}

function timeWarnings({ at }: CustodyEntry, before: CustodyEntry | undefined): string[] {
	const time = Date.parse(at);
	if (Number.isNaN(time)) return ["its time cannot be read"];
	return before !== undefined && time < Date.parse(before.at) ? [`its time is before that of entry ${before.sequence}`] : [];
}

/** The first entry of a custody log that does not hash to what it says, or does not continue the chain; undefined where the chain holds. */
export function firstBroken(entries: readonly CustodyEntry[]): CustodyLink | undefined {
	return custodyLinks(entries).find(({ holds }) => !holds);
}

/** Throws ClewError (CASE_CORRUPT) for a custody log whose chain does not hold. */
export function mustBeChained(entries: readonly CustodyEntry[]): void {
	const broken = firstBroken(entries);
	if (broken === undefined) return;
	throw new ClewError("CASE_CORRUPT", `the custody log was changed at entry ${broken.sequence}: ${broken.faults.join("; ")}`, {
		hint: "Make a case anew from its sources: what this one says of its history is nobody's word.",
	});
}

/**
 * Hashes of files as an entry names them, in their order; of many the SHA-256 of their list, one a line, each line ended by a line feed.
 */
export function filesInWords(hashes: readonly string[]): string {
	if (hashes.length === 0) return "no file";
	if (hashes.length <= NAMED_FILES) return `sha256 ${hashes.join(", ")}`;
	return `sha256 of the list of their sha256 ${sha256Hex(hashes.map((hash) => `${hash}\n`).join(""))}`;
}

/** Who, why and with what, in words, for one line; empty where nothing is stated. */
export function statementInWords({ with: tool, by, why }: CustodyStatement): string {
	const words = [by === undefined ? [] : `by ${by}`, why === undefined ? [] : `why: ${why}`, tool === undefined ? [] : `with ${tool}`];
	return words.flat().join("; ");
}
