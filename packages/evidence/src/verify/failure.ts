/**
 * Every kind of failure by its code, and what it says. A code names the check that found it; codes are only ever added.
 */
export const FAILURE_CODES = {
	unreadable: "what was given could not be read, or held nothing to check",
	files: "a file is missing, stands in no list, or is not what its hash says",
	form: "a file is not of its form, or not of this case, trace or chain",
	statement: "what the maker states of the case is about something else than this trace",
	signature: "no signature holds, or none of a key that the reader trusts",
	"time-stamp": "no time stamp holds, or none under a certificate that the reader trusts",
	header: "a block, or a row, does not lead to a header that the reader trusts",
	coherence: "what the trace says in one place is not what it says in another, or cannot be",
	arithmetic: "amounts do not add up",
	proof: "a proof does not hold, or shows something else",
	row: "a row is not the one of the trace, or not under the root that the manifest states",
	source: "sources, coverage or imported files do not tell what the trace says",
	text: "a table or a sentence says something else than the trace, or what no version of the tool says",
	recomputed: "the rules, played again from the ledgers in the bundle, give something else",
	values: "a price is not what proves it, or a value or a total is not what the prices in the bundle give",
	papers: "a report or a request is not what its data gives",
	replay: "the answers and files in the bundle give another result",
	packet: "a request says something else than its rows, or asks for more than they show",
	disclosure: "disclosed rows are not of the bundle that the manifest seals",
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;

/** Something that does not hold. */
export interface Failure {
	readonly code: FailureCode;
	/** Where it is, in words: a file, and a row, line or item of it by its number from 1. */
	readonly place: string;
	/** The file, where it is in one. */
	readonly file?: string;
	/** The number of the row, line or item, from 1, where it is in one. */
	readonly row?: number;
	readonly message: string;
}

/** Takes a failure: where it is (a file, or `FILE ITEM NUMBER`, or `row NUMBER`), and what is wrong there. */
export type Fail = (where: string, what: string) => void;

/** What a verifier refuses, in words: it becomes a failure. Anything else that is thrown is a fault of the verifier's own. */
export class Refusal extends Error {
	override readonly name = "Refusal";
}

const MAX_FAILURES = 1_000;

export function failure(code: FailureCode, place: string, message: string): Failure {
	const [, file] = /^(\S+\.[a-z]+)(?= |$)/.exec(place) ?? [];
	const [, row] = / (\d+)$/.exec(place) ?? [];
	return { code, place, ...(file === undefined ? {} : { file }), ...(row === undefined ? {} : { row: Number(row) }), message };
}

/** A failure on one line, as it is printed. */
export function failureText({ place, message }: Failure): string {
	return `${place}: ${message}`;
}

/** Collects failures, the first thousand of them. */
export class Failures {
	readonly found: Failure[] = [];

	/** What takes the failures of one kind of check. */
	of(code: FailureCode): Fail {
		return (where, what) => {
			if (this.found.length < MAX_FAILURES) this.found.push(failure(code, where, what));
		};
	}
}
