import { COVERED_KINDS, type Coverage, compareText, countOf, type GraphStore, groupBy, type TraceResult, transferPages } from "@clew/core";
import { readRuns } from "@clew/tracer";
import type { CaseFacts } from "./facts.js";

/** What the facts of a bundle say was read, held against what its files show when they are imported again. */
export interface ReadAgain {
	/** What no file shows. */
	readonly unshown: readonly Coverage[];
	/** A claim that the file which it names rules out, in words. */
	readonly wrong: string | undefined;
}

/** Accounts that are named one by one: those first of which the trace says most. */
const MAX_NAMED = 50;

/**
 * Holds what the facts claim was read by imported files against the claims that the store has of these files, imported again. A file of
 * no rows tells by its name alone whose it is, and equal files are kept once; a claim of a file with a row that is not of its account is
 * wrong. Reads the chain once where there is such a claim.
 */
export async function readAgain(store: GraphStore, { coverage }: CaseFacts, imported: ReadonlySet<string>): Promise<ReadAgain> {
	const { chain } = store.info;
	const shown = groupBy(await store.coverage(chain), ({ account }) => account);
	const ofAll = shown.get(undefined) ?? [];
	const unshown = [...groupBy(coverage, ({ account }) => account)].flatMap(([account, claims]) => {
		const own = account === undefined ? ofAll : [...ofAll, ...(shown.get(account) ?? [])];
		const runs = new Map(COVERED_KINDS.map((kind) => [kind, readRuns(own, kind)]));
		return claims.filter(
			({ fromHeight, toHeight, kinds }) =>
				!kinds.every((kind) => runs.get(kind)?.some(({ from, to }) => from <= fromHeight && toHeight <= to)),
		);
	});
	const suspect = unshown.filter(({ source, account }) => account !== undefined && imported.has(source));
	const wrong = suspect.length === 0 ? undefined : await ruledOut(store, suspect);
	return {
		unshown,
		wrong:
			wrong &&
			`facts.json says that ${wrong.source} tells the ${wrong.kinds.join(" and ")} transfers of ${wrong.account}, and not every row of that file is of it`,
	};
}

/** The first claim whose file has a row without its account. */
async function ruledOut(store: GraphStore, claims: readonly Coverage[]): Promise<Coverage | undefined> {
	const bySource = groupBy(claims, ({ source }) => source as string);
	const { chain } = store.info;
	for await (const page of transferPages((at, limit) => store.scan(chain, at, limit)))
		for (const { source, from, to } of page)
			for (const one of source.split(","))
				for (const claim of bySource.get(one) ?? []) if (claim.account !== from && claim.account !== to) return claim;
	return undefined;
}

/**
 * What nothing shows was read, in words: ranges of whole blocks, and of accounts, each named: end points in the order of the trace, then
 * accounts of its rows, then those that it does not name.
 */
export function unshownInWords(unshown: readonly Coverage[], { leaves, edges }: Pick<TraceResult, "leaves" | "edges">): string[] {
	const of = groupBy(unshown, ({ account }) => account);
	const whole = of.get(undefined) ?? [];
	of.delete(undefined);
	const places = new Map<string, number>();
	for (const account of [...leaves.map((leaf) => leaf.account), ...edges.flatMap(({ from, to }) => [from, to])])
		if (!places.has(account)) places.set(account, places.size);
	const placeOf = (account = "") => places.get(account) ?? places.size;
	const accounts = [...of].sort(([a = ""], [b = ""]) => placeOf(a) - placeOf(b) || compareText(a, b));
	const named = accounts
		.slice(0, MAX_NAMED)
		.map(
			([account, claims]) =>
				`${[...new Set(claims.flatMap(({ kinds }) => kinds))].sort(compareText).join(" and ")} transfers of ${account}`,
		);
	const more = accounts.length > MAX_NAMED ? [`those of ${countOf(accounts.length - MAX_NAMED, "more account")}`] : [];
	return [
		...(whole.length === 0 ? [] : [`that ${countOf(whole.length, "range")} of blocks ${whole.length === 1 ? "was" : "were"} read whole`]),
		...(accounts.length === 0 ? [] : [`that histories were read which no file shows to be whole: ${[...named, ...more].join("; ")}`]),
	];
}
