import { type BundleDraft, encryptTo, type Redaction } from "@clew/evidence";

/** Writes the names for those who may read them, and says what was withheld. */
export async function addVictims(
	draft: BundleDraft,
	victims: Redaction["victims"],
	leftOut: number,
	{ encryptTo: recipients }: { readonly encryptTo: readonly string[] },
): Promise<string> {
	const also = `; custody entries, titles and notes that named them are changed, and the log is chained anew; label files are left out${leftOut === 0 ? "" : `; ${leftOut} imported files that held one are left out`}`;
	if (victims.length === 0) return "no label of the case names a victim: nothing was replaced";
	if (recipients.length === 0) return `${victims.length} names of victims are replaced and not in this bundle${also}`;
	draft.put("victims.age", await encryptTo(recipients, `${JSON.stringify({ schema: "clew.victims/1", victims }, null, 1)}\n`));
	return `${victims.length} names of victims are replaced; victims.age holds them, encrypted${also}`;
}
