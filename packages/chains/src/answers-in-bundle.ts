import { InputError } from "@clew/core";

/** What kept answers are called where a node's name would stand. */
export const ANSWERS_IN_BUNDLE = "answers in the bundle";

/** The error for answers of another shape. */
export function notAsExpected({ issues }: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] }): InputError {
	return new InputError(`${ANSWERS_IN_BUNDLE}: not as expected: ${issues[0]?.path.join(".")}`);
}
