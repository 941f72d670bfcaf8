import { InputError, namesChain, quote } from "@clew/core";

/** What a column of a CSV of labels may hold. */
export const LABEL_COLUMNS = [
	"address",
	"entity",
	"name",
	"category",
	"confidence",
	"source",
	"retrieved_at",
	"valid_from",
	"valid_until",
] as const;
export type LabelColumn = (typeof LABEL_COLUMNS)[number];

/** A header: which column of the file holds what, and those that are not read. */
export interface LabelHeader {
	readonly columns: ReadonlyMap<LabelColumn, string>;
	/** All that name the row's chain: a file may have its id and its name. */
	readonly chains: readonly string[];
	readonly notRead: readonly string[];
}

/** A name without what spellings differ in: case, spaces, underscores, hyphens and dots. */
const plain = (name: string): string => name.toLowerCase().replace(/[\s_.-]/g, "");

const KNOWN: ReadonlyMap<string, LabelColumn> = new Map<string, LabelColumn>([
	...LABEL_COLUMNS.map((column) => [plain(column), column] as const),
	["validto", "valid_until"],
]);

/** Names that mean validity, or may: what they say must not be passed over. */
const VALIDITY =
	/^(valid(?!at).*|(start|end|begin|expiry|expiration|expires?|delisted|delisting|listed|active|inactive)(date|time|datetime|at|on|day|ts|timestamp)?|(date|time|active|listed)?(from|to|until|till|since|start|end|thru|through)(date|time|at|day)?)$/;

/**
 * Reads the header of a CSV of labels. Throws InputError for one without an address or a name, for two columns of one meaning, and for
 * dates under other names.
 */
export function labelHeader(names: readonly string[], where: string): LabelHeader {
	const columns = new Map<LabelColumn, string>();
	const notRead: string[] = [];
	const chains = names.filter(namesChain);
	for (const name of names) {
		if (chains.includes(name)) continue;
		const column = KNOWN.get(plain(name));
		if (column === undefined) {
			if (VALIDITY.test(plain(name))) throw otherDates(name, where);
			notRead.push(name === "" ? "a column without a name" : `column ${quote(name)}`);
			continue;
		}
		const first = columns.get(column);
		if (first !== undefined) throw new InputError(`columns ${quote(first)} and ${quote(name)} both hold ${column}`, { where });
		columns.set(column, name);
	}
	if (!columns.has("address")) throw missing("address", names, where);
	if (!columns.has("entity") && !columns.has("name")) throw missing("entity", names, where);
	return { columns, chains, notRead };
}

function otherDates(name: string, where: string): InputError {
	return new InputError(`column ${quote(name)} may say since when or until when its labels hold, under a name that Clew does not know`, {
		where,
		hint: "Call it valid_from or valid_until if it does; else take it out, or give it a name that says what it is.",
	});
}

function missing(column: LabelColumn, names: readonly string[], where: string): InputError {
	const shown = names.slice(0, LABEL_COLUMNS.length).map((name) => quote(name));
	return new InputError(`has no column ${column}; its columns are ${shown.join(", ") || "none"}`, {
		where,
		hint: `The first line names the columns, with commas between them: address, entity and any of ${[...LABEL_COLUMNS.slice(2), "chain"].join(", ")}.`,
	});
}
