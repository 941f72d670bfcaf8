import { readRecipients } from "@clew/evidence";

export const RECIPIENTS_OPTION = [
	"--recipients <file>",
	"your registry of recipients (default: $CLEW_RECIPIENTS); see docs/freeze.md",
] as const;

/** The user's registry of recipients; nobody where none is named. Throws InputError with the place. */
export function ownRecipients({ recipients }: { readonly recipients?: string | undefined }): ReturnType<typeof readRecipients> {
	const registry = recipients ?? process.env["CLEW_RECIPIENTS"];
	return registry ? readRecipients(registry) : [];
}
