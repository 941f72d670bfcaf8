import { compareText, countedAssets, countedOf, namesInWords, parsePosition, type TraceResult } from "@clew/core";
import { leafNamings } from "@clew/evidence";
import type { Marked } from "../marks/marks.js";
import type { Role } from "./model.js";

/** What begins with this is several accounts as one box. */
export const GROUP = "@";
export const OTHERS = "@others";
const DUST = "@dust";
const PAYERS = "@payers";
const SERVICE = "@service:";
const OWN = "@own:";
const HIDDEN = "@hidden";

/** What a trace says of accounts, apart from their rows. */
export interface Accounts {
	readonly result: TraceResult;
	readonly seeds: ReadonlySet<string>;
	/** Places of end points in the result, by account. */
	readonly leaves: ReadonlyMap<string, readonly number[]>;
	/** By whose labels end points are called, or by whose of several that disagree; hostile text. */
	readonly entities: ReadonlyMap<string, string>;
	readonly gaps: ReadonlyMap<string, number>;
	/** Every asset that rows or end points name, those that count as money, and what is said of the others. */
	readonly assets: ReadonlySet<string>;
	readonly counted: ReadonlySet<string>;
	readonly others: string | undefined;
	/** Of each row, by its place in the result. */
	readonly heights: readonly number[];
	/** Every account that it names. */
	readonly named: ReadonlySet<string>;
	/** Which accounts belong together, by their group: one owner's services, dust, who only paid the seeds. */
	readonly groups: ReadonlyMap<string, readonly string[]>;
	readonly groupOf: ReadonlyMap<string, string>;
	/** What people of the case wrote; undefined where nothing is read of it. */
	readonly marked?: Marked;
}

/** The same with what people wrote: who is hidden is in one box, who has a group in that. O(marks). */
export function withMarks(accounts: Accounts, marked: Marked): Accounts {
	const groupOf = new Map(accounts.groupOf);
	for (const [account, name] of marked.groups) if (accounts.named.has(account)) groupOf.set(account, `${OWN}${name.replaceAll(" ", "_")}`);
	for (const account of marked.hidden) if (accounts.named.has(account)) groupOf.set(account, HIDDEN);
	return { ...accounts, groupOf, marked };
}

/** Reads it once for a trace; O(rows). */
export function accountsOf(result: TraceResult): Accounts {
	const seeds = new Set(result.seeds.flatMap(({ rows }) => rows.map(({ account }) => account)));
	const leaves = new Map<string, number[]>();
	const entities = new Map<string, string>();
	const namingOf = leafNamings(result);
	for (const [i, leaf] of result.leaves.entries()) {
		leaves.set(leaf.account, [...(leaves.get(leaf.account) ?? []), i]);
		const naming = namingOf(leaf);
		if (naming !== undefined && !entities.has(leaf.account)) entities.set(leaf.account, namesInWords(naming.label, naming.against));
	}
	const gaps = new Map<string, number>();
	for (const { account } of result.coverage.gaps) if (account !== undefined) gaps.set(account, (gaps.get(account) ?? 0) + 1);
	const groups = new Map<string, string[]>();
	const add = (group: string, account: string) => {
		const members = groups.get(group) ?? [];
		members.push(account);
		groups.set(group, members);
	};
	for (const [account, places] of leaves) {
		if (seeds.has(account)) continue;
		const reasons = new Set(places.map((place) => result.leaves[place]?.stop.reason));
		const entity = entities.get(account);
		if (reasons.has("service") && entity !== undefined) add(`${SERVICE}${entity.toLowerCase().replaceAll(" ", "_")}`, account);
		else if (reasons.size === 1 && reasons.has("dust")) add(DUST, account);
	}
	for (const account of onlyPayers(result, seeds, leaves)) add(PAYERS, account);
	const several = [...groups].filter(([, members]) => members.length > 1);
	for (const [, members] of several) members.sort(compareText);
	return {
		result,
		seeds,
		leaves,
		entities,
		gaps,
		assets: assetsOf(result),
		counted: countedAssets(result),
		others: countedOf(result).others,
		heights: result.edges.map(({ position }) => parsePosition(position).height),
		named: new Set([...seeds, ...leaves.keys(), ...result.edges.flatMap(({ from, to }) => [from, to])]),
		groups: new Map(several),
		groupOf: new Map(several.flatMap(([group, members]) => members.map((account) => [account, group] as const))),
	};
}

/** Who sent what seeds mark and received nothing that is traced. */
function onlyPayers(result: TraceResult, seeds: ReadonlySet<string>, leaves: ReadonlyMap<string, unknown>): ReadonlySet<string> {
	const marked = new Set(result.seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	const payers = new Set<string>();
	for (const { from, position, kind } of result.edges) if (kind !== "fee" && marked.has(position)) payers.add(from);
	for (const { to } of result.edges) payers.delete(to);
	for (const account of payers) if (seeds.has(account) || leaves.has(account)) payers.delete(account);
	return payers;
}

/** What a box is. */
export function roleOf({ result, seeds, leaves }: Accounts, id: string): Role {
	if (id === OTHERS) return "others";
	if (id === HIDDEN) return "hidden";
	if (id.startsWith(OWN)) return "group";
	if (id === DUST) return "dust";
	if (id === PAYERS) return "payers";
	if (id.startsWith(SERVICE)) return "service";
	if (seeds.has(id)) return "seed";
	const reasons = (leaves.get(id) ?? []).map((place) => result.leaves[place]?.stop.reason);
	if (reasons.includes("service")) return "service";
	return reasons.some((reason) => reason !== "unspent") ? "end" : "followed";
}

/** What a group is called. */
export function groupName({ entities, marked }: Accounts, id: string, members: readonly string[]): string {
	const n = members.length;
	if (id === DUST) return `${n} ends with dust`;
	if (id === PAYERS) return `${n} who paid in`;
	if (id === OTHERS) return `${n} smaller accounts`;
	if (id === HIDDEN) return `${n} hidden`;
	if (id.startsWith(OWN)) return `${marked?.groups.get(members[0] ?? "") ?? ""} (group of ${n})`;
	return `${entities.get(members[0] ?? "") ?? ""} (${n} addresses)`;
}

function assetsOf({ edges, leaves, seeds }: TraceResult): ReadonlySet<string> {
	const assets = new Set(seeds.flatMap(({ seeded }) => Object.keys(seeded)));
	for (const { asset, into } of edges) {
		assets.add(asset);
		if (into !== undefined) assets.add(into.asset);
	}
	for (const { amounts } of leaves) for (const asset of Object.keys(amounts)) assets.add(asset);
	return assets;
}
