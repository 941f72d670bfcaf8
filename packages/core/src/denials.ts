import type { ChainId, Hash } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf, recordsOf } from "./records.js";
import { compareText } from "./text-order.js";
import type { Denial, DeniedWord } from "./whole-block.js";

/**
 * Kind of the case's documents that hold what files said of transactions and whole blocks of a node do not bear out, by the file's source.
 */
export const DENIALS = "told-otherwise";
/** Transactions of one file that are kept: the lowest, in any order of imports. */
const KEPT = 1_000;

/** The transactions of one file that stand otherwise in blocks that a node told whole, ascending. */
export interface FileDenials {
	readonly chain: ChainId;
	readonly denied: readonly { readonly height: number; readonly hash: Hash; readonly what: readonly DeniedWord[] }[];
	/** True where there are more than are kept. */
	readonly more: boolean;
}

/** What the document of a source holds. Throws ClewError (CASE_CORRUPT). */
export function denialsFrom(source: string, json: string): FileDenials {
	return documentOf(DENIALS, source, json, (value) => {
		const { chain, denied, more } = value as FileDenials;
		const isOne = (one: FileDenials["denied"][number]) =>
			Number.isInteger(one.height) && typeof one.hash === "string" && Array.isArray(one.what) && one.what.length > 0;
		if (typeof chain !== "string" || typeof more !== "boolean" || !Array.isArray(denied) || denied.length === 0 || !denied.every(isOne))
			throw new Error("no denials");
		return { chain, denied, more };
	});
}

const IN_WORDS: Readonly<Record<DeniedWord, string>> = {
	transaction: "which does not hold it",
	status: "its status",
	index: "its place in the block",
	fee: "its fee",
	value: "its value",
	movement: "what it moves",
	time: "the time of the block",
};

/** What is denied of a transaction, in words. */
export function deniedWords(what: readonly DeniedWord[]): string {
	return what.map((word) => IN_WORDS[word]).join(", ");
}

/** How many transactions stand otherwise: the beginning of a sentence. */
export function transactionsStand(count: number): string {
	return count === 1 ? "1 transaction stands" : `${count} transactions stand`;
}

/** What a file's coverage says of them, in words; the same whichever came first. */
export function denialNote({ denied, more }: FileDenials): string {
	const [first] = denied;
	const many = more ? `more than ${transactionsStand(denied.length)}` : transactionsStand(denied.length);
	const where = first === undefined ? "" : `, first ${first.hash} of block ${first.height} (${deniedWords(first.what)})`;
	return `${many} otherwise in blocks that a node told whole, and what it says there was left out${where}`;
}

/** Adds denials to what the case knows of their files, each once, and gives what it knows of them then, by source. */
export async function keepDenials(
	store: RecordStore,
	chain: ChainId,
	denials: readonly Denial[],
): Promise<ReadonlyMap<string, FileDenials>> {
	const kept = new Map<string, FileDenials>();
	for (const source of new Set(denials.flatMap((one) => one.source ?? []))) {
		const json = await store.record(DENIALS, source);
		const known = json === undefined ? undefined : denialsFrom(source, json);
		const all = byTransaction([
			...(known?.denied ?? []).flatMap(({ what, ...rest }) => what.map((word) => ({ ...rest, what: word }))),
			...denials.filter((one) => one.source === source),
		]);
		const joined = { chain, denied: all.slice(0, KEPT), more: known?.more === true || all.length > KEPT };
		await store.putRecord(DENIALS, source, JSON.stringify(joined));
		kept.set(source, joined);
	}
	return kept;
}

/** Words of any order as transactions, by height and hash. */
export function byTransaction(denials: readonly Pick<Denial, "height" | "hash" | "what">[]): FileDenials["denied"] {
	const found = new Map<string, { height: number; hash: Hash; what: DeniedWord[] }>();
	for (const { height, hash, what } of denials) {
		const one = found.get(`${height} ${hash}`) ?? { height, hash, what: [] };
		found.set(`${height} ${hash}`, one);
		if (!one.what.includes(what)) one.what = [...one.what, what].sort(compareText);
	}
	return [...found.values()].sort((a, b) => a.height - b.height || compareText(a.hash, b.hash));
}

/** What the case knows of each file whose words were denied, by source. */
export async function allDenials(store: GraphStore): Promise<ReadonlyMap<string, FileDenials>> {
	const found = new Map<string, FileDenials>();
	for await (const { id, json } of recordsOf(store, DENIALS)) found.set(id, denialsFrom(id, json));
	return found;
}

/** Forgets denials at or above a height, whose blocks a reorganisation took away. */
export async function forgetDenials(store: GraphStore, chain: ChainId, height: number): Promise<void> {
	for (const [source, one] of await allDenials(store)) {
		if (one.chain !== chain) continue;
		const denied = one.denied.filter((at) => at.height < height);
		if (denied.length === 0) await store.removeRecord(DENIALS, source);
		else if (denied.length < one.denied.length) await store.putRecord(DENIALS, source, JSON.stringify({ ...one, denied, more: false }));
	}
}
