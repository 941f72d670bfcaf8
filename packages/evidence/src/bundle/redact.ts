import {
	type AssetId,
	type CaseInfo,
	type ChainId,
	type CustodyEntry,
	caseId,
	compareText,
	InputError,
	isNative,
	KNOWN_TOKENS,
	type Label,
	type Source,
	type TraceResult,
	traceId,
} from "@clew/core";
import type { CaseDetails } from "./details.js";
import { type Depth, mayHoldName } from "./leak-scan.js";
import { type HiddenName, hiddenName, holdsName, rareWordIn, replaceNames } from "./names.js";
import { redactedLog, WITHHELD } from "./redact-log.js";

/** What was taken out, to be read by those it is encrypted to. */
export interface Victim {
	readonly placeholder: string;
	readonly account: string;
	readonly entity: string;
	readonly name: string;
	readonly source: string;
}

/** A label that is kept although it shares a word with a victim's name. */
export interface SharedWord {
	readonly account: string;
	readonly label: string;
	readonly word: string;
}

/** Takes the names of victims out of everything that leaves, and refuses what still holds one. */
export interface Redaction {
	readonly victims: readonly Victim[];
	/** Labels of others that share a word with a victim's name, such as a family's: they are kept, and whoever exports must know. */
	readonly shared: readonly SharedWord[];
	result(result: TraceResult): TraceResult;
	labels(labels: readonly Label[]): Label[];
	/** Names of structured text. */
	text(text: string): string;
	/** Names and single words of them, for what people wrote freely. */
	note(text: string): string;
	/** Title without names, and the id that a case of that title has. */
	info(info: CaseInfo): CaseInfo;
	details(details: CaseDetails): CaseDetails;
	/** Label files are left out, since they hold names; the names of others lose those of victims. */
	sources<T extends Omit<Source, "kind">>(sources: readonly T[]): T[];
	/** The log without names and what is hashed over them, its own hashes chained anew when an entry changed. */
	custody(entries: readonly CustodyEntry[]): readonly CustodyEntry[];
	/** A token's symbol, which anybody may write; those of well-known tokens stay. */
	symbol(asset: string, symbol: string): string;
	/** True for bytes of a person's own file that hold a name, a single telling word of one, or cannot be looked into. */
	holds(bytes: Uint8Array): boolean;
	/** Throws InputError for a file that still holds a name. */
	guard(path: string, bytes: Uint8Array): void;
}

/** Label files say so in the detail of their source. */
const LABEL_FILE = /^labels: /;
/** Lists of the label library whose publisher is written by Clew: those that ship with it, OFAC's, of scams, of explorers. */
const PUBLISHED = /^labels:(starter-|ofac|scamsniffer|metamask:|etherscan-labels:)/;
/** Files of the verifier and data of the chain, which anybody can read there. */
const OF_ALL = /^(verify\.(mjs|html)|manifest\.(dsse\.json|tsr)|victims\.age)$/;
const CHAIN_DATA = /^(proofs\/|answers\/|received\/|headers\.txt$)/;
/** Fields whose words are the structure of a result. */
const STRUCTURE = new Set([
	"account",
	"asset",
	"category",
	"chain",
	"from",
	"id",
	"key",
	"kind",
	"outpoint",
	"position",
	"provenance",
	"reason",
	"schema",
	"sha256",
	"spec",
	"tier",
	"to",
	"txHash",
]);

/**
 * Finds every victim of the trace's case: accounts that a label calls one, end points or not. Numbers follow the end points, then the
 * accounts.
 */
export function redactionOf(
	result: TraceResult,
	{ labels, sources, createdAt }: { readonly labels: readonly Label[]; readonly sources: readonly Source[]; readonly createdAt: string },
): Redaction {
	const victims = victimsOf(result, labels);
	const files = sources.filter(({ kind, detail }) => kind === "file" && LABEL_FILE.test(detail));
	const names = namesOf(victims, namingVictims(victims, files));
	const text = (value: string) => replaceNames(value, names, false);
	const note = (value: string) =>
		files.reduce(
			(clean, { sha256 }) => (sha256 === "" || names.length === 0 ? clean : clean.replaceAll(sha256, WITHHELD)),
			replaceNames(value, names, true),
		);
	const published = new Set(files.filter(({ id }) => PUBLISHED.test(id)).map(publisherOf));
	/** What a list that is published calls itself is nobody's free words. */
	const sourceOf = (source: string) => (published.has(source) ? text(source) : note(source));
	const label = <T extends Omit<Label, "account">>(one: T, account: string): T => {
		if (one.category !== "victim") return { ...one, entity: text(one.entity), name: note(one.name), source: sourceOf(one.source) };
		const placeholder = victims.find((victim) => isOf(victim, one, account))?.placeholder ?? WITHHELD;
		return { ...one, entity: placeholder, name: placeholder, source: WITHHELD };
	};
	const ofSources = <T extends Omit<Source, "kind">>(list: readonly T[]): T[] =>
		list
			.filter(({ id }) => victims.length === 0 || !files.some((file) => file.id === id))
			// A file's detail is the name of its format, by which it is read again.
			.map((one) => ({ ...one, name: note(one.name), detail: one.id.startsWith("file:") ? text(one.detail) : note(one.detail) }));
	const holds = (bytes: Uint8Array, depth: Depth) => mayHoldName(bytes, names, depth);
	/** What people stated of the case, as it leaves, by its name: where a name is left in one, a refusal says in which. */
	const stated = new Map<string, string>();
	const detail = (name: string, said: string) => {
		const clean = note(said);
		stated.set(name, clean);
		return clean;
	};
	/** A case's id is a hash over its title. */
	const idOf = (id: string, title: string) => {
		const clean = note(title);
		return clean === title ? id : caseId({ title: clean, chain: result.chain as ChainId, at: createdAt });
	};
	const symbol = (asset: string, own: string) =>
		isNative(asset as AssetId) || KNOWN_TOKENS.get(asset) === own.toUpperCase() ? own : note(own);
	const redaction: Redaction = {
		victims,
		shared: sharedWords(result, labels, names),
		text,
		note,
		symbol,
		holds: (bytes) => holds(bytes, "words"),
		labels: (list) => list.map((one) => label(one, one.account)),
		info: (info) => ({ ...info, id: idOf(info.id, info.title), title: detail("title", info.title) }),
		details: ({ exhibitRule, statements, values, ...words }) => ({
			...(Object.fromEntries(Object.entries(words).map(([name, said]) => [name, detail(name, said ?? "")])) as typeof words),
			...(exhibitRule === undefined ? {} : { exhibitRule }),
			...(statements === undefined
				? {}
				: { statements: Object.fromEntries(Object.entries(statements).map(([seed, reference]) => [seed, note(reference)])) }),
			...(values === undefined
				? {}
				: {
						values: Object.fromEntries(
							Object.entries(values).map(([asset, { value, source }]) => [asset, { value: note(value), source: note(source) }]),
						),
					}),
		}),
		sources: ofSources,
		custody: (entries) => {
			if (names.length === 0) return entries;
			const ids = new Map([
				[result.id, redaction.result(result).id],
				[result.case.id, idOf(result.case.id, result.case.title)],
			]);
			return redactedLog(entries, { note, ids, kept: new Set(ofSources(sources).map(({ sha256 }) => sha256)) });
		},
		result(whole) {
			const { id: _, ...open } = deep(whole, text) as TraceResult;
			const redacted = {
				...open,
				case: { ...open.case, id: idOf(whole.case.id, whole.case.title), title: note(whole.case.title) },
				assets: Object.fromEntries(
					Object.entries(whole.assets).map(([asset, info]) => [asset, { ...info, symbol: symbol(asset, info.symbol) }]),
				),
				leaves: open.leaves.map((leaf, i) => ({
					...leaf,
					labels: (whole.leaves[i]?.labels ?? []).map((one) => label(one as Omit<Label, "account">, leaf.account) as typeof one),
				})),
				coverage: {
					...open.coverage,
					sources: ofSources(whole.coverage.sources),
					// They may name files, which people call as they like.
					gaps: open.coverage.gaps.map((gap) => ({ ...gap, text: note(gap.text) })),
				},
			};
			return { ...redacted, id: traceId(redacted) };
		},
		guard(path, bytes) {
			if (OF_ALL.test(path)) return;
			if (!holdsName(path, names) && !holds(bytes, CHAIN_DATA.test(path) ? "plain" : "all")) return;
			const left = [...stated].flatMap(([name, said]) => (holds(Buffer.from(said), "all") ? [name] : []));
			const where = left.length === 0 ? "" : `: it is left in the case's ${left.join(", ")}`;
			throw new InputError(`${holdsName(path, names) ? "a file's name" : path} would hold the name of a victim${where}`, {
				hint: "Nothing was written. Take the name out of titles, notes and labels, or export without what holds it.",
			});
		},
	};
	return redaction;
}

function victimsOf(result: TraceResult, labels: readonly Label[]): Victim[] {
	const victims: Victim[] = [];
	const add = (
		account: string,
		{ category, entity, name, source }: Omit<Label, "account"> | TraceResult["leaves"][number]["labels"][number],
	) => {
		if (category !== "victim" || victims.some((victim) => isOf(victim, { entity, name, source }, account))) return;
		victims.push({ placeholder: `victim ${victims.length + 1}`, account, entity, name, source });
	};
	for (const leaf of result.leaves) for (const one of leaf.labels) add(leaf.account, one);
	const key = ({ account, entity, name, source }: Label) => [account, entity, name, source].join("\n");
	for (const one of [...labels].sort((a, b) => compareText(key(a), key(b)))) add(one.account, one);
	return victims;
}

/**
 * Labels that are no victim's, of end points and of the case, in which a telling word of a victim's name is left when whole names are
 * taken out.
 */
function sharedWords(result: TraceResult, labels: readonly Label[], names: readonly HiddenName[]): SharedWord[] {
	const found = new Map<string, SharedWord>();
	const all = [...result.leaves.flatMap((leaf) => leaf.labels.map((one) => ({ ...one, account: leaf.account }))), ...labels];
	for (const { account, category, entity, name } of names.length === 0 ? [] : all) {
		if (category === "victim") continue;
		for (const label of new Set([entity, name])) {
			const word = rareWordIn(replaceNames(label, names, false), names);
			if (word !== undefined) found.set(`${account}\n${label}`, { account, label, word });
		}
	}
	return [...found].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one);
}

/** Whose word a label file is, as its labels have it for their source. */
function publisherOf({ detail }: Pick<Source, "detail">): string {
	return detail.replace(LABEL_FILE, "").replace(/; licence: .*$/, "");
}

/** Label files from which a victim's label may come, by its source: where one is of none that is known, all of them. */
function namingVictims(victims: readonly Victim[], files: readonly Source[]): readonly Source[] {
	const isFrom = ({ source }: Victim, file: Source) => publisherOf(file) === source;
	if (victims.some((victim) => !files.some((file) => isFrom(victim, file)))) return files;
	return files.filter((file) => victims.some((victim) => isFrom(victim, file)));
}

function isOf(victim: Victim, { entity, name, source }: Pick<Label, "entity" | "name" | "source">, account: string): boolean {
	return victim.account === account && victim.entity === entity && victim.name === name && victim.source === source;
}

/** The longest first, so that a short name does not break a longer one. */
function namesOf(victims: readonly Victim[], files: readonly Source[]): HiddenName[] {
	const names = new Map<string, HiddenName>();
	const keyOf = ({ name, exact }: HiddenName) => `${name}${exact ? " as written" : ""}`;
	const add = (name: HiddenName | undefined) => name !== undefined && !names.has(keyOf(name)) && names.set(keyOf(name), name);
	for (const { placeholder, entity, name } of victims) for (const one of [entity, name]) add(hiddenName(one, placeholder));
	for (const { name } of files) {
		const file = hiddenName(name, WITHHELD);
		// A word of a file's name is no secret, the whole is.
		if (file !== undefined) add({ ...file, words: undefined, telling: [] });
	}
	return [...names.values()].sort((a, b) => b.name.length - a.name.length || compareText(a.name, b.name));
}

/** Every free text of a value; structure stays. */
function deep(value: unknown, text: (value: string) => string, key = ""): unknown {
	if (typeof value === "string") return STRUCTURE.has(key) ? value : text(value);
	if (Array.isArray(value)) return value.map((one) => deep(one, text, key));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, deep(one, text, name)]));
}
