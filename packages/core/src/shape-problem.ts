import type { z } from "zod";

/** Beginnings of what the validator says of itself; what a schema of ours says begins otherwise. */
const RAW = /^(Invalid|Too (big|small)|Unrecognized|Expected)/;

/** What is wrong with data that a schema refused: the place in it, or `whole`, and the first problem in words. */
export function shapeProblem({ issues: [issue] }: z.ZodError, whole: string): string {
	return `${issue?.path.join(".") || whole}: ${issue === undefined ? "is not as expected" : issueInWords(issue)}`;
}

/** One problem in words of ours. */
export function issueInWords(issue: z.core.$ZodIssue): string {
	if (!RAW.test(issue.message)) return issue.message;
	switch (issue.code) {
		case "invalid_type":
			return / received undefined$/.test(issue.message) ? "is missing" : `is not what is expected here (${issue.expected})`;
		case "too_big":
			return `is too ${issue.origin === "string" ? "long" : "large"}: at most ${issue.maximum}${unit(issue.origin)}`;
		case "too_small":
			return `is too ${issue.origin === "string" ? "short" : "small"}: at least ${issue.minimum}${unit(issue.origin)}`;
		case "invalid_value":
			return `is none of ${issue.values.map(String).join(", ")}`;
		case "unrecognized_keys":
			return `has parts that nobody knows: ${issue.keys.join(", ")}`;
		default:
			return "is not as expected";
	}
}

function unit(origin: string): string {
	if (origin === "string") return " characters";
	return origin === "array" || origin === "set" ? " entries" : "";
}
