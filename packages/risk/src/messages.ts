import { z } from "zod";
import { QUESTIONS, REASON_CODES, type Verdict } from "./reason.js";

const VERDICTS = ["danger", "caution", "clear", "not-checked"] as const satisfies readonly Verdict[];

/** A message file: all words of one language. `{name}` stands for a fact. */
export const messagesSchema = z.strictObject({
	language: z.string(),
	verdict: z.record(z.enum(VERDICTS), z.string()),
	reason: z.record(z.enum(REASON_CODES), z.string()),
	question: z.record(z.enum(QUESTIONS), z.string()),
	do: z.record(z.enum(VERDICTS), z.array(z.string())),
});
export type Messages = z.infer<typeof messagesSchema>;
