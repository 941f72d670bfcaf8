import { documentOf, type GraphStore, InputError, shapeProblem } from "@clew/core";
import { z } from "zod";

/** What only a person can say of a case. Empty: not stated. */
export const caseDetailsSchema = z.strictObject({
	requester: z.string().max(500).default(""),
	legalBasis: z.string().max(500).default(""),
	jurisdiction: z.string().max(200).default(""),
	/** How the papers may be handed on, for example TLP:AMBER or OFFICIAL-SENSITIVE. */
	handling: z.string().max(100).default(""),
});
export type CaseDetails = z.infer<typeof caseDetailsSchema>;

const RECORD = "case-details";

/** The details that a case keeps. */
export async function readCaseDetails(store: GraphStore): Promise<CaseDetails> {
	return documentOf(RECORD, RECORD, (await store.record(RECORD, RECORD)) ?? "{}", (value) => caseDetailsSchema.parse(value));
}

/** Replaces the given details. Throws InputError for one that is too long or holds line ends. */
export async function putCaseDetails(store: GraphStore, changes: Partial<CaseDetails>): Promise<CaseDetails> {
	const details = caseDetailsSchema.safeParse({ ...(await readCaseDetails(store)), ...changes });
	if (!details.success) throw new InputError(shapeProblem(details.error, "details"), { code: "USAGE" });
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
	if (Object.values(details.data).some((text) => /[\u0000-\u001f]/.test(text)))
		throw new InputError("details are single lines of text", { code: "USAGE" });
	await store.putRecord(RECORD, RECORD, JSON.stringify(details.data));
	return details.data;
}
