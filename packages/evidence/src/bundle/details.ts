import { documentOf, type GraphStore, InputError, quote, type RecordStore, RULES, shapeProblem, type TraceResult } from "@clew/core";
import { z } from "zod";
import { LOOKS_BLANK, looksBlank } from "./blank-mark.js";

const stated = z.string().max(500);
const short = z.string().max(200);

/** What only a person can say of a case. Empty or absent: not stated. */
export const caseDetailsSchema = z.strictObject({
	requester: stated.default(""),
	legalBasis: stated.default(""),
	jurisdiction: z.string().max(200).default(""),
	/** How the papers may be handed on, for example TLP:AMBER or OFFICIAL-SENSITIVE. */
	handling: z.string().max(100).default(""),
	/** How long the papers are kept, by whom, and what happens then. */
	retention: stated.optional(),
	/** The rule under which a report quotes single figures, and why this one. */
	exhibitRule: z.enum(RULES).optional(),
	exhibitReason: stated.optional(),
	/** References to statements of victims, by the seed that each is about, as a trace writes it. */
	statements: z.record(z.string().max(200), short).optional(),
	/** What one unit of an asset is worth in money, by whose word, by asset. */
	values: z.record(z.string().max(200), z.strictObject({ value: short, source: short })).optional(),
});
export type CaseDetails = z.infer<typeof caseDetailsSchema>;

const RECORD = "case-details";

/** The details that a case keeps. */
export async function readCaseDetails(store: RecordStore): Promise<CaseDetails> {
	return documentOf(RECORD, RECORD, (await store.record(RECORD, RECORD)) ?? "{}", (value) => caseDetailsSchema.parse(value));
}

/** Details to change; of what may be absent an empty text takes it away, and so it does of one seed's statement or one asset's value. */
export type DetailChanges = Omit<{ readonly [K in keyof CaseDetails]?: CaseDetails[K] | "" }, "values"> & {
	readonly values?: Readonly<Record<string, NonNullable<CaseDetails["values"]>[string] | "">>;
};

/** Replaces the given details. Throws InputError for one that is too long, holds line ends, or names no rule. */
export async function putCaseDetails(store: GraphStore, changes: DetailChanges): Promise<CaseDetails> {
	const held = await readCaseDetails(store);
	const joined = <T extends object>(before: T | undefined, more: T | "" | undefined) => {
		const all = filled({ ...before, ...(more || {}) });
		return Object.keys(all).length === 0 ? undefined : all;
	};
	const merged = {
		...filled({ ...held, ...changes }),
		statements: joined<object>(held.statements, changes.statements),
		values: joined<object>(held.values, changes.values),
	};
	const details = caseDetailsSchema.safeParse(merged);
	if (!details.success) throw new InputError(shapeProblem(details.error, "details"), { code: "USAGE" });
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
	if (textsIn(details.data).some((text) => /[\u0000-\u001f]/.test(text)))
		throw new InputError("details are single lines of text", { code: "USAGE" });
	const blank = textsIn(details.data).find(looksBlank);
	if (blank !== undefined) throw new InputError(`${quote(blank)} ${LOOKS_BLANK}`, { code: "USAGE" });
	await store.putRecord(RECORD, RECORD, JSON.stringify(details.data));
	return details.data;
}

/** Every name and text in it. */
function textsIn(value: unknown): string[] {
	if (typeof value === "string") return [value];
	return Object.entries((value ?? {}) as object).flatMap(([name, one]) => [name, ...textsIn(one)]);
}

/** Without what is empty. */
function filled<T extends object>(values: T): Partial<T> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined)) as Partial<T>;
}

/**
 * The details as they concern one trace: statements about its own seeds, values of its own assets. Throws InputError (USAGE) where its
 * exhibit is to be under a rule that it did not run.
 */
export function detailsOf({ statements, values, ...details }: CaseDetails, { seeds, rules, id, assets }: TraceResult): CaseDetails {
	const { exhibitRule } = details;
	if (exhibitRule !== undefined && !rules.includes(exhibitRule))
		throw new InputError(`trace ${id} did not run ${exhibitRule}, the rule of the case's exhibits`, {
			code: "USAGE",
			hint: 'Run a trace with it, or name another with clew case set --exhibit-rule; "" names none.',
		});
	const own = Object.entries(statements ?? {}).filter(([spec]) => seeds.some((seed) => seed.spec === spec));
	const worth = Object.entries(values ?? {}).filter(([asset]) => Object.hasOwn(assets, asset));
	return {
		...details,
		...(own.length === 0 ? {} : { statements: Object.fromEntries(own) }),
		...(worth.length === 0 ? {} : { values: Object.fromEntries(worth) }),
	};
}

/** What requests state of them. */
export function requestDetails({ requester, legalBasis, jurisdiction, handling }: CaseDetails) {
	return { requester, legalBasis, jurisdiction, handling };
}
