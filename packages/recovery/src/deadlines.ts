import { InputError, quote } from "@clew/core";
import { z } from "zod";
import { ENTRY_KINDS, type EntryKind, type RecoveryEntry } from "./entry.js";
import type { LedgerState, RequestState } from "./fold.js";

const ruleSchema = z.strictObject({
	id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/),
	where: z.string().min(1).max(200).describe("the country or court, or the desk"),
	begins: z.enum(ENTRY_KINDS).describe("the kind of entry with whose day it begins"),
	days: z.number().int().positive().max(36_500),
	what: z.string().min(1).max(1_000),
	ends: z.array(z.enum(ENTRY_KINDS)).describe("kinds of later entries of the request after which nobody has to be reminded"),
	source: z.string().min(1).max(1_000),
	read: z
		.string()
		.regex(/^\d{4}-\d{2}-\d{2}$/)
		.describe("the day on which a copy of the source was read"),
});

/** How long something lasts, or how long there is to do something. */
export type DeadlineRule = z.infer<typeof ruleSchema>;

const READ = "2026-12-01";
const MOVED = ["frozen", "seized", "destroyed", "returned"] as const satisfies readonly EntryKind[];

/**
 * Periods of which a copy of a text that states them was read. Nobody's counsel checked them. What is not here is not known: no desk was
 * seen to publish how long it holds what it froze of its own will.
 */
const SHIPPED: readonly DeadlineRule[] = [
	{
		...{ id: "us-preservation", where: "United States", begins: "sent", days: 90, ends: ["sent", ...MOVED] },
		what: "records that a provider was asked to preserve are kept until then; a renewed request extends it by 90 days",
		source:
			"18 U.S.C. 2703(f)(2), which names providers of communication and remote computing services; text as quoted at https://reason.com/volokh/2016/10/28/the-fourth-amendment-and-email/",
		read: READ,
	},
	{
		...{
			id: "budapest-preservation",
			where: "Parties to the Convention on Cybercrime",
			begins: "sent",
			days: 60,
			ends: ["sent", ...MOVED],
		},
		what: "the least time for which data are preserved for another Party, so that its request for mutual assistance can follow",
		source:
			"Convention on Cybercrime (Budapest, 2001), Article 29; as described at https://forensicspot.com/glossary/article-29-preservation-request",
		read: READ,
	},
	{
		...{ id: "us-seizure-notice", where: "United States", begins: "seized", days: 60, ends: ["returned", "released"] },
		what: "the latest day for the government's notice of a nonjudicial civil forfeiture to interested parties (90 days where a State turned the property over)",
		source: "18 U.S.C. 983(a)(1)(A)(i); text at https://forfeitureusa.com/?p=3175",
		read: READ,
	},
	{
		...{ id: "us-forfeiture-claim", where: "United States", begins: "seized", days: 35, ends: ["returned", "released"] },
		what: "a claim in a nonjudicial forfeiture, counted from the date of the seizure letter: log the entry with that day, and believe the letter's own date",
		source:
			"The Oklahoma Bar Journal, March 2023, page 27, on letters of the Department of Justice under 18 U.S.C. 983; https://user-35215390377.cld.bz/The-Oklahoma-Bar-Journal-March-2023/27/",
		read: READ,
	},
	{
		...{
			id: "uk-wallet-freezing",
			where: "United Kingdom",
			begins: "frozen",
			days: 730,
			ends: ["released", "seized", "destroyed", "returned"],
		},
		what: "the longest first term of a crypto wallet freezing order, two years, taken as 730 days; the order itself states its term",
		source:
			"Proceeds of Crime Act 2002, section 303Z37; as described at https://www.2harecourt.com/2025/06/11/crypto-wallet-freezing-orders-and-the-fight-against-crime/",
		read: READ,
	},
	{
		...{ id: "us-appeal", where: "United States, federal civil cases", begins: "refused", days: 30, ends: ["sent"] },
		what: "notice of appeal against an order of a district court",
		source: "Federal Rules of Appellate Procedure, Rule 4(a)(1)(A); http://www.ca2.uscourts.gov/clerk/Rules/FRAP/Rule_4.htm",
		read: READ,
	},
	{
		...{
			id: "us-appeal-government",
			where: "United States, federal civil cases with the United States as a party",
			begins: "refused",
			days: 60,
			ends: ["sent"],
		},
		what: "notice of appeal against an order of a district court",
		source: "Federal Rules of Appellate Procedure, Rule 4(a)(1)(B); http://www.ca2.uscourts.gov/clerk/Rules/FRAP/Rule_4.htm",
		read: READ,
	},
	{
		...{ id: "ew-appeal", where: "England and Wales, civil cases", begins: "refused", days: 21, ends: ["sent"] },
		what: "appellant's notice, where the lower court set no other time",
		source: "Civil Procedure Rules, rule 52.12(2)(b); https://legislation.gov.uk/uksi/1998/3132/part/52/crossheading/additional-rules",
		read: READ,
	},
];

/** The periods that ship with Clew, in the order of the docs. */
export function shippedDeadlines(): readonly DeadlineRule[] {
	return SHIPPED;
}

/** The shipped periods with those of a user's file, which take the place of those with the same id. `where` names the file in errors. */
export function withOwnDeadlines(text: string, where: string): readonly DeadlineRule[] {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw new InputError("is no JSON", { where, cause });
	}
	const read = z.array(ruleSchema).max(1_000).safeParse(value);
	if (!read.success) {
		const [issue] = read.error.issues;
		throw new InputError(`is no list of deadlines: ${quote(`${issue?.path.join(".")} ${issue?.message}`)}`, { where });
	}
	const own = new Map(read.data.map((rule) => [rule.id, rule]));
	return [...SHIPPED.filter(({ id }) => !own.has(id)), ...own.values()];
}

const DAY_MS = 86_400_000;

/** The day so many days after an ISO day. */
export function daysAfter(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** A deadline that an entry set and no later entry of its request ended. */
export interface DueRow {
	readonly request: string;
	readonly party: string;
	readonly entry: number;
	readonly id: string;
	readonly on: string;
	/** Days from today; negative: it is over. */
	readonly inDays: number;
	readonly what: string;
	readonly source: string;
}

/**
 * Deadlines that stand, by day. One that a document set is ended by every later entry of its request but an acknowledgement; a known one
 * by the kinds that its rule names. `today` is an ISO day.
 */
export function deadlinesOf({ requests }: LedgerState, rules: readonly DeadlineRule[], today: string): readonly DueRow[] {
	const ends = new Map(rules.map((rule) => [rule.id, new Set<EntryKind>(rule.ends)]));
	return requests
		.flatMap((request) => request.entries.flatMap((entry, at) => ofEntry(request, entry, request.entries.slice(at + 1), ends, today)))
		.sort((a, b) => (a.on === b.on ? a.entry - b.entry : a.on < b.on ? -1 : 1));
}

function ofEntry(
	{ id: request, party }: RequestState,
	{ sequence: entry, deadlines = [] }: RecoveryEntry,
	later: readonly RecoveryEntry[],
	ends: ReadonlyMap<string, ReadonlySet<EntryKind>>,
	today: string,
): DueRow[] {
	return deadlines
		.filter(({ id }) => !later.some(({ kind }) => ends.get(id)?.has(kind) ?? kind !== "acknowledged"))
		.map((deadline) => ({
			request,
			party,
			entry,
			...deadline,
			inDays: Math.round((Date.parse(deadline.on) - Date.parse(today)) / DAY_MS),
		}));
}
