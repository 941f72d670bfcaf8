import { type CustodyEntry, type CustodyStatement, custodyStatement } from "@clew/core";

/** A custody entry as a store keeps it: what is not stated is null. */
export type CustodyRow = Omit<CustodyEntry, keyof CustodyStatement> & { readonly [K in keyof CustodyStatement]-?: string | null };

/** The entry that a store keeps, with no field for what is not stated: only so does its hash hold. */
export function storedEntry({ sequence, at, action, detail, previous, hash, ...stated }: CustodyRow): CustodyEntry {
	return { sequence: Number(sequence), at, action, detail, ...custodyStatement(stated), previous, hash };
}
