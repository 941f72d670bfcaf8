import { type ChainId, ClewError, type GraphStore, InputError, parseFollowedChain, type TraceResult, traceOfParts } from "@clew/core";
import { ENTRY_KINDS } from "@clew/core/recovery-entry";
import { z } from "zod";
import type { Told } from "./facts.js";
import type { Note } from "./own-words.js";

/** Kind and id of the document in which whoever makes the copy of a case says what the copy does not hold any more. */
export const SERVED = { kind: "served", id: "case" } as const;

const units = z.string().regex(/^(0|[1-9][0-9]*)$/);
const hex16 = z.string().regex(/^[0-9a-f]{16}$/);

/** What is known of the case besides its copy. */
export const servedCaseSchema = z.strictObject({
	/** Absent where the title held a victim's name: the id is a hash over it. */
	id: z.string().optional(),
	/** When the copy was made, ISO UTC. */
	servedAt: z.string(),
	custodyEntries: z.number().int(),
	custodyIntact: z.boolean(),
	custodyHead: z.string(),
	/** In the order in which they were run; `trace` is the id in the copy. */
	traces: z.array(z.strictObject({ trace: hex16, asOf: z.enum(["now", "written", "unknown"]), ranAt: z.string().optional() })),
	/** Ids of traces that are not to be relied on, and not in the copy. */
	unusable: z.array(hex16),
	/**
	 * Requests of the recovery ledger, in the order in which they were begun, and where every base unit of what each asks for is. Absent
	 * where the ledger is not to be relied on. Who was asked, and for whom, stays out: parties and victims are people.
	 */
	recovery: z
		.array(
			z.strictObject({
				state: z.enum(ENTRY_KINDS),
				asset: z.string(),
				...{ asked: units, frozen: units, seized: units, destroyed: units, returned: units },
			}),
		)
		.optional(),
	/** What labels of the case call entities, none of them a victim. */
	names: z.array(z.string()),
});
export type ServedCase = z.infer<typeof servedCaseSchema>;

/** A case as it is served: a copy that cannot be written, and what is known of the case besides. */
export interface Served {
	readonly store: GraphStore;
	readonly about: ServedCase;
}

/** What a tool answers with. */
export interface Answer {
	readonly facts: readonly Told[];
	readonly next?: string | undefined;
	readonly notes?: readonly Note[];
}

/** Reads what the maker of a copy wrote into it. Throws ClewError (CASE_CORRUPT). */
export async function servedOf(store: GraphStore): Promise<Served> {
	const json = await store.record(SERVED.kind, SERVED.id);
	const about = json === undefined ? undefined : servedCaseSchema.safeParse(JSON.parse(json));
	if (!about?.success) throw new ClewError("CASE_CORRUPT", "this is no copy that was made to be served");
	return { store, about: about.data };
}

/** The chain that a tool was asked about. Throws InputError. */
export async function chainAsked({ store }: Served, asked: string | undefined): Promise<ChainId> {
	if (asked === undefined) return store.info.chain;
	const chain = parseFollowedChain(asked);
	if (!(await store.chains()).includes(chain)) throw new InputError("the case holds nothing of that chain", { code: "USAGE" });
	return chain;
}

/** A kept trace by its id, or the last. Throws InputError (USAGE) where there is none. */
export async function traceAsked({ store, about }: Served, wanted: string): Promise<TraceResult> {
	const id = wanted === "last" ? about.traces[about.traces.length - 1]?.trace : wanted;
	const parts = id === undefined ? undefined : await store.trace(id);
	if (parts === undefined)
		throw new InputError(about.traces.length === 0 ? "the case keeps no trace" : "the case keeps no trace of that id", {
			code: "USAGE",
			hint: "case_status lists them; a person makes one with clew trace.",
		});
	return traceOfParts(parts);
}
