import { InputError, quote } from "@clew/core";
import { entrySchema, type RecoveryEntry } from "@clew/core/recovery-entry";

export { ENTRY_KINDS, type EntryKind, type RecoveryEntry } from "@clew/core/recovery-entry";

/** Kind of a case's documents that are entries of the ledger; their ids are {@link entryId}. */
export const RECOVERY_ENTRIES = "recovery";
/** The custody log says this of every entry; its detail ends with the SHA-256 of the entry's bytes. */
export const RECOVERY_LOGGED = "recovery logged";

const ID_DIGITS = 9;

/** Id of an entry's document: ids sort as the entries do. */
export function entryId(sequence: number): string {
	return sequence.toString().padStart(ID_DIGITS, "0");
}

/** Reads one entry as a case keeps it. Throws InputError. */
export function readEntry(value: unknown): RecoveryEntry {
	const read = entrySchema.safeParse(value);
	if (read.success) return read.data;
	const [issue] = read.error.issues;
	throw new InputError(`is no entry of a recovery ledger: ${quote(`${issue?.path.join(".")} ${issue?.message}`)}`);
}
