import { type Coverage, compareText, countOf, groupBy, NODE_GAPS, type Source, type TraceResult } from "@clew/core";
import { detailsInWords } from "@clew/evidence";
import { PASSAGES_NOT_SOUGHT } from "@clew/tracer";
import type { CaseFacts } from "./facts.js";
import { unshownInWords } from "./replay-coverage.js";

/** What a replay read, and how far it went. */
export interface Replayed {
	/** Blocks that several nodes are said to have told alike. */
	readonly several: number;
	/** Blocks of which something comes out by no rule known here, or of which not all receipts are told. */
	readonly unverified: number;
	/** Blocks of account chains whose calls inside transactions a node told: no header shows them. */
	readonly traced: number;
	/** Outputs of earlier blocks that the blocks spend, as the bundle describes them. */
	readonly outputs: number;
	/** Logs of the blocks that are left out because the facts call their numbers ids, by asset. */
	readonly hidden: ReadonlyMap<string, number>;
	/** What the facts say was read and no file shows. */
	readonly unshown: readonly Coverage[];
	/** Files that were imported again, as the import names them. */
	readonly imported: readonly Source[];
	/** The highest block that these told, or that a file shows to be fetched. */
	readonly told: number;
	/** The highest block with data in the case that was rebuilt; above `told` only by what the facts say was fetched. */
	readonly end: number;
}

/**
 * The sources of a trace, of files that were imported again as the import gives them; what they are called is as stated. Equal files are
 * one source, which is what the first of them to be imported was.
 */
export function sourcesAgain(stated: TraceResult["coverage"]["sources"], imported: readonly Source[]): Source[] {
	const again = groupBy(imported, ({ id }) => id as string);
	return stated.map((source) => {
		const equal = again.get(source.id) ?? [];
		return { ...(source as Source), ...(equal.find(({ detail }) => detail === source.detail) ?? equal[0]), name: source.name };
	});
}

/** What a replay takes as the bundle states it, in words: nothing that it read shows it. `details` are those of the manifest. */
export function takenAsStated(
	stored: TraceResult,
	facts: CaseFacts,
	details: Parameters<typeof detailsInWords>[0],
	{ several, unverified, traced, outputs, hidden, unshown, imported, told, end }: Replayed,
): string[] {
	const { sources, gaps } = stored.coverage;
	const cutoff = Number(stored.coverage.cutoff);
	const again = new Set(imported.map(({ id }) => id as string));
	const nodes = sources.filter(({ kind }) => kind === "node").length;
	const files = sources.filter(({ id, kind }) => kind === "file" && again.has(id)).length;
	const unread = sources.length - nodes - files;
	const asked = gaps.filter(({ kind }) => NODE_GAPS.has(kind)).length;
	// What a seed marks of its own words, and of passages that are found again, is replayed.
	const found = new Set((stored.passages ?? []).flatMap(({ key, got }) => (got === undefined ? [] : [`${key} ${got.position}`])));
	const rows = stored.seeds.flatMap((seed) => seed.rows.filter(({ passage }) => passage !== undefined));
	const arrived = rows.filter(({ passage, position }) => !found.has(`${passage} ${position}`)).length;
	return [
		"id and title of the case, when it was created and what its log says",
		...detailsInWords(details),
		...(told < cutoff ? [`that the data goes to block ${cutoff} (what is replayed ends at block ${told})`] : []),
		...(end > cutoff ? [`that the data ended at block ${cutoff} (what is replayed goes on to block ${end})`] : []),
		...some(nodes, "node", (words) => `name and software of ${words}`),
		...some(files, "file", (words) => `name of ${words}`),
		...some(unread, "source", (words) => `${words} of labels, or of data that no row needs`),
		...some(several, "block", (words) => `that several nodes told ${words} alike`),
		...some(
			unverified,
			"block",
			(words) => `what a node told of ${words} unchecked: hashes come out by no rule known here, or its receipts came without others`,
		),
		...some(traced, "block", (words) => `calls inside transactions, as nodes told them (of ${words})`),
		...some(outputs, "output", (words) => `${words} of earlier blocks`),
		...hiddenInWords(hidden),
		...some(asked, "gap", (words) => `${words} that a node's answers showed`),
		...(stored.parameters["passages"] === PASSAGES_NOT_SOUGHT
			? ["that its money went through no bridge or pool, which nobody looked for"]
			: []),
		...some(arrived, "movement", (words) => `how much of ${words} came over passages from elsewhere`),
		...some(stored.passages?.length ?? 0, "passage", (words) => `${words}, as far as a side lies on another chain`),
		...unshownInWords(unshown, stored),
		...factsInWords(facts),
	];
}

function some(n: number, what: string, words: (counted: string) => string): string[] {
	return n === 0 ? [] : [words(countOf(n, what))];
}

/** Assets that are named one by one. */
const MAX_NAMED = 20;

/** What claims about contracts hide of the blocks; each contract by its asset, most logs first. */
function hiddenInWords(hidden: ReadonlyMap<string, number>): string[] {
	if (hidden.size === 0) return [];
	const all = [...hidden].sort(([a, n], [b, m]) => m - n || compareText(a, b));
	const named = all.slice(0, MAX_NAMED).map(([asset, count]) => `${count} of ${asset}`);
	const more = all.length > MAX_NAMED ? ` and of ${all.length - MAX_NAMED} more` : "";
	const logs = [...hidden.values()].reduce((sum, count) => sum + count, 0);
	return [`that ${countOf(logs, "log")} of these blocks ${logs === 1 ? "is" : "are"} of NFTs, and no amounts: ${named.join(", ")}${more}`];
}

/** What the facts claim of accounts. */
function factsInWords({ labels, contracts, openings, detections = [], nfts = [], assets, imports = [] }: CaseFacts): string[] {
	const parts = [
		...some(labels.length, "label", String),
		...some(contracts.length, "contract", String),
		...some(openings.length, "opening balance", String),
		...some(detections.length + nfts.length, "finding", String),
		...some(imports.length, "file", (words) => `the chains onto which ${words} ${imports.length === 1 ? "was" : "were"} imported`),
		...some(assets.length, "asset", (words) => `symbol and decimals of ${words}`),
	];
	return parts.length === 0 ? [] : [`of facts.json ${parts.join(", ")}`];
}
