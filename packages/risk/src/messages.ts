import { z } from "zod";
import { QUESTIONS, REASON_CODES, type Verdict } from "./reason.js";

const VERDICTS = ["danger", "caution", "clear", "not-checked"] as const satisfies readonly Verdict[];

/** A message file: all words of one language. `{name}` stands for a fact. */
export const messagesSchema = z.strictObject({
	language: z.string(),
	/** One sentence that says so where no native speaker has read the words yet. */
	draft: z.string().optional(),
	verdict: z.record(z.enum(VERDICTS), z.string()),
	reason: z.record(z.enum(REASON_CODES), z.string()),
	question: z.record(z.enum(QUESTIONS), z.string()),
	do: z.record(z.enum(VERDICTS), z.array(z.string())),
	/** What stands before an open question and before what to do. English in a file that was written before there were any. */
	heading: z.strictObject({ open: z.string(), do: z.string() }).default({ open: "Not checked: {question}.", do: "What to do now:" }),
});
export type Messages = z.infer<typeof messagesSchema>;
