import { ClewError } from "@clew/core";

/** Why a store does nothing while a transaction is open: what is done then belongs to it, and goes through what it was given. */
export const NOT_OF_IT = "a write is open already: what belongs to it goes through the case that it was given, all else waits for its end";

/** A transaction in a transaction, or its end from inside. Throws ClewError (USAGE). */
export async function nested(): Promise<never> {
	throw new ClewError("USAGE", "a transaction has none inside it, and ends where its work does");
}
