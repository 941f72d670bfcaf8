import { type CustodyStatement, InputError } from "@clew/core";
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { toolVersion } from "./context.js";

/** What a person states for the custody log: the options of commands that take evidence in or write it out. */
export interface StatementOptions {
	readonly by?: string | undefined;
	readonly why?: string | undefined;
}

/** More is a document of its own. */
const MAX_STATED = 1_000;

/** Text of the option that says who; {@link WHY_OPTION} says why. */
export const BY_OPTION = ["--by <who>", "who does this, for the custody log (default: $CLEW_BY, else not stated)", statement] as const;
export const WHY_OPTION = ["--why <text>", "why, for the custody log", statement] as const;

/** Text of the option of commands that need no case: the case whose log is to say so. */
export const NOTE_OPTION = ["--case <place>", "note it in the custody log of this case (never taken from $CLEW_CASE)"] as const;

/** One line of free text. Throws InvalidArgumentError. */
function statement(text: string): string {
	const wrong = faultIn(text);
	if (wrong !== undefined) throw new InvalidArgumentError(wrong);
	return text.trim();
}

function faultIn(text: string): string | undefined {
	if (text.trim() === "") return "words, or leave it out";
	return text.length > MAX_STATED || /\p{Cc}/u.test(text) ? `one line of at most ${MAX_STATED} characters` : undefined;
}

/**
 * What entries of the custody log state. Who is what was said, and never guessed. Throws InputError (USAGE) for a $CLEW_BY that is no
 * line.
 */
export function statedBy({ by = byOfEnvironment(), why }: StatementOptions = {}): CustodyStatement {
	return { with: `clew ${toolVersion()}`, ...(by === undefined ? {} : { by }), ...(why === undefined ? {} : { why }) };
}

function byOfEnvironment(): string | undefined {
	const text = process.env["CLEW_BY"] ?? "";
	if (text.trim() === "") return undefined;
	const wrong = faultIn(text);
	if (wrong !== undefined) throw new InputError(`$CLEW_BY is not ${wrong}`, { code: "USAGE" });
	return text.trim();
}
