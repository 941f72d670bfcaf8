import { InputError, quote } from "@clew/core";
import type { Format } from "./format.js";
import type { OutcomeSense } from "./outcome-columns.js";
import type { ParsedRow, Row } from "./row.js";

const YES = /^(1|1\.0+|0x1|true|yes|success(ful)?|succeeded|ok)$/i;
const NO = /^(0|0\.0+|0x0|false|no|fail(ed|ure)?|error|revert(ed)?)$/i;

/** Whether a cell says that something failed; undefined for words that nobody knows, and for nothing. */
function saysFailed(sense: OutcomeSense, text: string): boolean | undefined {
	if (text === "") return undefined;
	if (sense === "error") return NO.test(text) && !/[a-z]{2}/i.test(text) ? undefined : true;
	if (YES.test(text)) return sense === "failure";
	return NO.test(text) ? sense !== "failure" : undefined;
}

const outcomeWord = (failed: boolean) => (failed ? "a failure" : "a success");

const NONE: readonly string[] = [];

/**
 * Throws InputError, with both columns named, where a column of the row that its format does not read tells success or failure otherwise
 * than the format reads it. Of a row that tells no outcome of its own, a failure beside it is refused as well.
 */
export function checkOutcome({ status, call, failed }: ParsedRow, row: Row, { outcome = NONE }: Pick<Format, "outcome">): void {
	const told = failed ?? call?.failed ?? (status === undefined ? undefined : status === "failed");
	// A call that failed does not make its transaction fail.
	const ofCall = failed !== undefined || call !== undefined;
	for (const { column, sense, text } of row.outcomesBeside(outcome)) {
		const other = saysFailed(sense, text);
		if (other === undefined || other === (told ?? false) || (ofCall && sense === "receipt" && !other)) continue;
		const own = outcome.find((name) => row.optional(name) !== "") ?? outcome.find((name) => row.has(name));
		const beside =
			own === undefined
				? "the row tells what did not fail"
				: `column ${own} ${told === undefined ? "neither" : outcomeWord(told)}, ${quote(row.optional(own))}`;
		throw new InputError(`column ${column} tells ${outcomeWord(other)}, ${quote(text)}, and ${beside}`);
	}
}
