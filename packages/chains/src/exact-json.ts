import { InputError } from "@clew/core";
import { parse } from "lossless-json";

/** Parses JSON with every number as the text it was written as, so that no amount passes through a float. Throws InputError. */
export function parseExactJson(text: string, where: string): unknown {
	try {
		return parse(text, null, (digits) => digits);
	} catch (cause) {
		throw new InputError("is not JSON; the answer may be cut off", { where, cause, hint: "Fetch it again." });
	}
}
