import { type Recipient, readRecipients, withKnownIssuers } from "@clew/evidence";

/** The user's registry of recipients, as it was named or by the environment, and the issuers that are known anyway. Throws InputError. */
export function recipientsOf(named: string | undefined): readonly Recipient[] {
	const registry = named ?? process.env["CLEW_RECIPIENTS"];
	return withKnownIssuers(registry ? readRecipients(registry) : []);
}
