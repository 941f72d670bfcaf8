import { createHash, createPublicKey, sign, verify as verifySignature } from "node:crypto";
import {
	ClewError,
	type CustodyEntry,
	canonicalJson,
	documentOf,
	type GraphStore,
	mustBeChained,
	recordsOf,
	sha256Hex,
	type TraceResult,
} from "@clew/core";
import type { SigningKey } from "@clew/evidence";
import {
	entryId,
	foldLedger,
	type LedgerState,
	type Limits,
	limitsOf,
	RECOVERY_ENTRIES,
	RECOVERY_LOGGED,
	type RecoveryEntry,
	readEntry,
} from "@clew/recovery";
import { forwardTrace } from "../stored-trace.js";

/** An entry before it has its place in the ledger. */
export type NewEntry = Omit<RecoveryEntry, "schema" | "sequence" | "at" | "key">;

/** The ledger of a case, with what its traces allow. */
export interface KeptLedger {
	readonly entries: readonly RecoveryEntry[];
	readonly traces: readonly TraceResult[];
	readonly limits: Limits;
	readonly state: LedgerState;
}

/**
 * Reads the ledger of a case and adds it up. Throws ClewError (CASE_CORRUPT) where the custody log does not bear out an entry, or one is
 * missing. `also` are traces besides those that entries name.
 */
export async function readLedger(store: GraphStore, also: readonly TraceResult[] = []): Promise<KeptLedger> {
	const entries = await readEntries(store);
	const known = new Map(also.map((trace) => [trace.id, trace]));
	for (const id of new Set(entries.flatMap(({ trace }) => trace ?? [])))
		if (!known.has(id)) known.set(id, await forwardTrace(store, id, "recover"));
	const traces = [...known.values()];
	const limits = limitsOf(traces);
	return { entries, traces, limits, state: foldLedger(entries, limits) };
}

const SAID = /^entry ([1-9][0-9]*): .*; entry sha256 ([0-9a-f]{64})$/;

/** Every entry of a ledger, each as the custody log says that it was logged. Throws ClewError (CASE_CORRUPT). */
export async function readEntries(store: GraphStore): Promise<readonly RecoveryEntry[]> {
	const custody = await store.custody();
	mustBeChained(custody);
	const said = saidOf(custody);
	const entries: RecoveryEntry[] = [];
	for await (const { id, json } of recordsOf(store, RECOVERY_ENTRIES)) {
		const sequence = entries.length + 1;
		if (id !== entryId(sequence)) throw corrupt(`entry ${sequence} of the recovery ledger is missing`);
		if (said.get(sequence) !== hashed(json))
			throw corrupt(`entry ${sequence} of the recovery ledger is not what the custody log says was logged`);
		const entry = documentOf(RECOVERY_ENTRIES, id, json, readEntry);
		mustBeSigned(entry);
		entries.push(entry);
	}
	if (said.size !== entries.length)
		throw corrupt(`the custody log tells of ${said.size} entries of the recovery ledger, and ${entries.length} are there`);
	return entries;
}

/** The machine's own SHA-256: a ledger has thousands of entries. */
const hashed = (text: string): string => createHash("sha256").update(text).digest("hex");

function saidOf(custody: readonly CustodyEntry[]): ReadonlyMap<number, string> {
	const said = new Map<number, string>();
	for (const { action, detail } of custody) {
		const [, sequence, hash] = action === RECOVERY_LOGGED ? (SAID.exec(detail) ?? []) : [];
		if (sequence !== undefined && hash !== undefined) said.set(Number(sequence), hash);
	}
	return said;
}

function corrupt(message: string): ClewError {
	return new ClewError("CASE_CORRUPT", message, {
		hint: "Nothing is added up from such a ledger: go back to a copy of the case that holds.",
	});
}

/**
 * Adds entries to the ledger, all or none, each with its entry of the custody log. Throws InputError (CONFLICT) with the arithmetic for
 * what cannot be; then nothing is written. `trace` is the one that new requests rest on, where they name one.
 */
export async function appendEntries(
	store: GraphStore,
	wanted: readonly NewEntry[],
	{
		at,
		trace,
		key,
		proofs = new Map(),
	}: {
		readonly at: string;
		readonly trace?: TraceResult | undefined;
		readonly key?: SigningKey | undefined;
		/** Documents that entries name as their proof, by SHA-256. */
		readonly proofs?: ReadonlyMap<string, string>;
	},
): Promise<readonly RecoveryEntry[]> {
	return store.atomically(async (tx) => {
		const { entries, limits } = await readLedger(tx, trace === undefined ? [] : [trace]);
		const added = wanted.map((entry, i): RecoveryEntry => {
			const whole = { schema: "clew.recovery-entry/1" as const, sequence: entries.length + i + 1, at, ...entry };
			return readEntry(key === undefined ? whole : signed(whole, key));
		});
		foldLedger([...entries, ...added], limits);
		for (const [id, proof] of proofs) await tx.putRecord(RECOVERY_PROOFS, id, proof);
		for (const entry of added) {
			const json = canonicalJson(entry);
			await tx.putRecord(RECOVERY_ENTRIES, entryId(entry.sequence), json);
			await tx.appendCustody(at, RECOVERY_LOGGED, inCustody(entry, sha256Hex(json)));
		}
		return added;
	});
}

/** Kind of a case's documents that prove entries; ids are their SHA-256. */
export const RECOVERY_PROOFS = "recovery-proof";

/** No name of a victim stands here: the log leaves with bundles. */
function inCustody({ sequence, kind, request, amount, asset, document, corrects, key }: RecoveryEntry, hash: string): string {
	const words = [
		`entry ${sequence}: ${kind}, request ${request}`,
		...(amount === undefined ? [] : [`${amount} of ${asset}`]),
		...(corrects === undefined ? [] : [`corrects entry ${corrects}`]),
		...(document === undefined ? [] : [`document sha256 ${document.sha256}`]),
		...(key === undefined ? [] : [`signed by key ${key.id}`]),
		`entry sha256 ${hash}`,
	];
	return words.join("; ");
}

const SIGNED = "clew.recovery-entry/1\n";

function signed(entry: RecoveryEntry, { id, publicKey, secret }: SigningKey): RecoveryEntry {
	const signature = sign(null, Buffer.from(SIGNED + canonicalJson(entry)), secret).toString("base64");
	return { ...entry, key: { id, publicKey, signature } };
}

/** SubjectPublicKeyInfo of an Ed25519 key before its 32 bytes (RFC 8410). */
const ED25519_SPKI = "302a300506032b6570032100";

function mustBeSigned({ key, ...entry }: RecoveryEntry): void {
	if (key === undefined) return;
	const spki = Buffer.from(ED25519_SPKI + key.publicKey, "hex");
	const open = createPublicKey({ key: spki, format: "der", type: "spki" });
	const text = Buffer.from(SIGNED + canonicalJson(entry));
	if (sha256Hex(spki) !== key.id || !verifySignature(null, text, open, Buffer.from(key.signature, "base64")))
		throw corrupt(`the signature of entry ${entry.sequence} of the recovery ledger does not hold`);
}
