import { existsSync } from "node:fs";
import {
	type AccountId,
	chainName,
	chainOf,
	everyChain,
	familyOf,
	InputError,
	type Label,
	parseSite,
	type Site,
	type Source,
	siteSubject,
	subjectsAbove,
} from "@clew/core";
import { type LabelLibrary, type LibraryEntry, openLabelLibrary } from "@clew/graph-store/label-library";
import { dataFile } from "./data-file.js";
import { chainsOfKey, crosses, elsewhere } from "./key-elsewhere.js";

/** The option of every command that looks labels up. */
export const LABELS_OPTION = [
	"--labels <file>",
	"the library of label lists (default: $CLEW_LABELS, else labels.db in the user's data folder)",
] as const;

export interface LabelsOption {
	readonly labels?: string | undefined;
}

/** Where the library is. */
export function libraryPath({ labels }: LabelsOption): string {
	return labels ?? dataFile("labels.db", "CLEW_LABELS");
}

/** Opens the library for work that needs it. Throws InputError (USAGE) when there is none and it is not to be made. */
export function withLibrary<T>(options: LabelsOption, create: boolean, work: (library: LabelLibrary) => T): T {
	const path = libraryPath(options);
	if (!create && !existsSync(path))
		throw new InputError(`there is no label library at ${path}`, {
			code: "USAGE",
			hint: "Make one with: clew label starter, which takes the lists that ship with Clew, or clew label sync KIND FILE",
		});
	const library = openLabelLibrary(path, { create });
	try {
		return work(library);
	} finally {
		library.close();
	}
}

/**
 * Entries of one host that are read to find a page under another spelling: a library that was filled before keeps paths as lists write
 * them.
 */
const PAGES_OF_HOST = 2_000;

/** What the library says of a site and of all above it; pages under any spelling of their path. */
export function entriesOfSite(library: LabelLibrary, site: Site): readonly LibraryEntry[] {
	const above = subjectsAbove(site);
	const exact = above.flatMap((subject) => library.lookup(subject).entries);
	if (site.path.length === 0) return exact;
	const wanted = new Set(above);
	const spelled = above
		.filter((subject) => !subject.includes("/"))
		.flatMap((host) => library.dangersUnder(`${host}/`, PAGES_OF_HOST))
		.filter(({ subject }) => !wanted.has(subject) && wanted.has(siteSubject(parseSite(subject.slice("domain:".length), subject))));
	return [...exact, ...spelled];
}

/**
 * What the library says of an account. Where a key has one address on all chains of a family, as on EVM chains, what is said of it on the
 * main one is looked up too, and what lists of dangers say of it on any other; who a contract belongs to differs from chain to chain.
 */
export function entriesOf(library: LabelLibrary, account: AccountId): readonly LibraryEntry[] {
	const own = library.lookup(account).entries;
	return [
		...own,
		...entriesElsewhere(library, account).filter(({ subject, category }) =>
			crosses(chainOf(subject as AccountId), chainOf(account), category),
		),
	];
}

/** What the library says of the same key on other chains, whether it is about the account or not; first on all and on the main one. */
export function entriesElsewhere(library: LabelLibrary, account: AccountId): readonly LibraryEntry[] {
	return elsewhere(account, chainsOfKey(account)).flatMap((other) => library.lookup(other).entries);
}

/** The chain that an entry is about, in words; undefined where that is the account's own. */
export function otherChainOf({ subject }: LibraryEntry, account: AccountId): string | undefined {
	const chain = chainOf(subject as AccountId);
	return chain === chainOf(account) ? undefined : chainName(chain);
}

/**
 * An entry as a label of a case. What a list says of the same address on another chain of the family says so in its name; what it says of
 * the same key in another family, whose address is another, is no label of this account: undefined.
 */
export function labelFrom(entry: LibraryEntry, account: AccountId): Label | undefined {
	const on = chainOf(entry.subject as AccountId);
	if (familyOf(on) !== familyOf(chainOf(account))) return undefined;
	const claim = claimFrom(entry);
	const other = on === everyChain(familyOf(on)) ? undefined : otherChainOf(entry, account);
	return { account, ...claim, name: other === undefined ? claim.name : `${claim.name}${claim.name === "" ? "" : "; "}listed on ${other}` };
}

const OF_LIBRARY = "labels:";

/** The id of a list of the library (its name and SHA-256) as a source of a case. */
export const librarySourceId = (list: string, sha256: string): string => `${OF_LIBRARY}${list}:${sha256.slice(0, 16)}`;

/** Whether a source of a case is a list of the library, and no file that was imported into the case itself. */
export const isOfLibrary = ({ id }: Pick<Source, "id">): boolean => id.startsWith(OF_LIBRARY);

/** What an entry says, whoever it is about; one that its list dropped is valid until then. */
export function claimFrom(entry: LibraryEntry): Omit<Label, "account"> {
	const until = entry.validUntil || entry.goneSince;
	return {
		category: entry.category,
		entity: entry.entity,
		name: entry.name,
		source: entry.publisher,
		retrievedAt: entry.firstSeen,
		confidence: entry.confidence,
		...(entry.validFrom === "" ? {} : { validFrom: entry.validFrom }),
		...(until === "" ? {} : { validUntil: until }),
	};
}
