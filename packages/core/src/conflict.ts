import { InputError } from "./errors.js";
import type { Hash } from "./ids.js";

/** Throws InputError (CONFLICT): what one source says of a transaction, and another does not. */
export function conflict(hash: Hash, what: string): never {
	throw new InputError(`transaction ${hash}: one source says ${what}`, {
		code: "CONFLICT",
		hint: "One of the files is of another chain, was edited or is damaged; nothing was imported.",
	});
}
