import type { CustodyEntry, CustodyStatement } from "../claims.js";

/** A small document that a part of Clew keeps in a case, such as a watch or an alert. */
export interface StoredRecord {
	readonly id: string;
	readonly json: string;
}

/** Documents that a case keeps: results, the custody log, and small ones of jobs. Writes are atomic and idempotent. */
export interface RecordStore {
	/**
	 * Stores a result under its id, as the last; one that is stored already is replaced, and becomes the last again. In parts, at least one,
	 * as {@link traceParts} makes them.
	 */
	putTrace(id: string, parts: Iterable<string>): Promise<void>;
	/** The parts of a stored result, in their order. */
	trace(id: string): Promise<readonly string[] | undefined>;
	/** In the order in which they were stored last. */
	traceIds(): Promise<readonly string[]>;
	/** Writes the next entry of the custody log, with what is stated and nothing else. */
	appendCustody(at: string, action: string, detail: string, stated?: CustodyStatement): Promise<CustodyEntry>;
	custody(): Promise<readonly CustodyEntry[]>;
	/** Stores a document, or replaces the one with this kind and id. Ids are ASCII. */
	putRecord(kind: string, id: string, json: string): Promise<void>;
	record(kind: string, id: string): Promise<string | undefined>;
	/** Documents of a kind with ids after `after`, in id order, at most `limit`. */
	records(kind: string, after: string, limit: number): Promise<readonly StoredRecord[]>;
	/** Returns false when there was no such document. */
	removeRecord(kind: string, id: string): Promise<boolean>;
}
