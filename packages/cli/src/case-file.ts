import { type GraphStore, InputError } from "@clew/core";
import { openCase } from "@clew/graph-store";

/** The option that every command on a case shares. */
export interface CaseOption {
	readonly case?: string | undefined;
}

/** Text of the shared option. */
export const CASE_OPTION = ["--case <file>", "the case file (default: $CLEW_CASE)"] as const;

/** Opens the case, runs the work and closes it, whatever happens. Throws InputError (USAGE) when no case is named. */
export async function withCase<T>(options: CaseOption, work: (store: GraphStore) => Promise<T>): Promise<T> {
	const path = options.case ?? process.env["CLEW_CASE"];
	if (!path) throw new InputError("no case is named", { code: "USAGE", hint: "Give --case FILE, or set CLEW_CASE." });
	const store = await openCase(path);
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}
