import {
	type CaseInfo,
	type Coverage,
	canonicalJson,
	compareText,
	DETECTIONS,
	type GraphStore,
	importedOnto,
	NFTS,
	recordsOf,
	type StoredRecord,
	UNSPENT_OUTPUTS,
} from "@clew/core";
import type { Redaction } from "@clew/evidence";

/** What a trace depends on besides blocks and files: claims about accounts, and what was fetched. */
export interface CaseFacts {
	readonly schema: "clew.facts/1";
	readonly case: CaseInfo;
	readonly sources: Awaited<ReturnType<GraphStore["sources"]>>;
	readonly labels: Awaited<ReturnType<GraphStore["contents"]>>["labels"];
	readonly contracts: readonly string[];
	readonly assets: Awaited<ReturnType<GraphStore["assets"]>>;
	readonly coverage: readonly Coverage[];
	readonly openings: readonly {
		readonly account: string;
		readonly asset: string;
		readonly height: number;
		readonly amount: string;
		readonly source: string;
	}[];
	/** What heuristics saw, by account; absent in bundles of a case in which nothing was looked for. */
	readonly detections?: readonly StoredRecord[];
	/** Contracts whose numbers are ids of NFTs; absent where none is known. */
	readonly nfts?: readonly StoredRecord[];
	/** Up to which height nodes said that nobody spends an output, by chain and output; absent where none was asked. */
	readonly unspent?: readonly StoredRecord[];
	/**
	 * The chains, in text order, that a file was imported onto, by the id of its source; a file that is not named was imported onto the
	 * case's own alone. Absent where all were.
	 */
	readonly imports?: readonly { readonly source: string; readonly chains: readonly string[] }[];
}

/**
 * The facts of a case as canonical JSON: every source, and what is about accounts that the trace read; without `read`, about all. With a
 * redaction without the names of victims.
 */
export async function factsOf(store: GraphStore, read: ReadonlySet<string> | undefined, redaction?: Redaction): Promise<string> {
	const { contracts, labels: all, openings } = await store.contents();
	const labels = redaction === undefined ? all : redaction.labels(all);
	const sources = await store.sources();
	const said = (text: string) => redaction?.text(text) ?? text;
	/** Words that may name a file, which people call as they like. */
	const written = (text: string) => redaction?.note(text) ?? text;
	const isNamed = (account: string) => read?.has(account) ?? true;
	const about = <T>(list: readonly T[], accountOf: (one: T) => string) =>
		list.filter((one) => isNamed(accountOf(one))).sort((a, b) => compareText(canonicalText(a), canonicalText(b)));
	const detections: StoredRecord[] = [];
	for await (const record of recordsOf(store, DETECTIONS))
		if (isNamed(record.id)) detections.push({ ...record, json: inJson(record.json, said) });
	const nfts: StoredRecord[] = [];
	for await (const record of recordsOf(store, NFTS)) nfts.push({ ...record, json: inJson(record.json, written) });
	const unspent: StoredRecord[] = [];
	for await (const record of recordsOf(store, UNSPENT_OUTPUTS)) if (record.id.startsWith(`${store.info.chain} `)) unspent.push(record);
	const onto = await importedOnto(store);
	const imports = sources.flatMap(({ id, kind }) => {
		const chains = onto.get(id) ?? [];
		return kind !== "file" || chains.every((chain) => chain === store.info.chain) ? [] : [{ source: id, chains }];
	});
	const facts: CaseFacts = {
		schema: "clew.facts/1",
		case: redaction === undefined ? store.info : redaction.info(store.info),
		sources: redaction === undefined ? sources : redaction.sources(sources),
		labels: about(labels, (label) => label.account),
		contracts: about(contracts, (account) => account),
		assets: (await store.assets()).map((asset) => ({ ...asset, symbol: redaction?.symbol(asset.asset, asset.symbol) ?? asset.symbol })),
		coverage: (await store.coverage(store.info.chain))
			.filter(({ account }) => account === undefined || isNamed(account))
			.map((one) => ({ ...one, note: written(one.note) })),
		openings: about(openings, (opening) => opening.account).map((opening) => ({ ...opening, amount: opening.amount.toString() })),
		...(detections.length === 0 ? {} : { detections }),
		...(nfts.length === 0 ? {} : { nfts }),
		...(unspent.length === 0 ? {} : { unspent }),
		...(imports.length === 0 ? {} : { imports }),
	};
	return canonicalJson(facts);
}

/** A document with its texts changed, and no word of its own structure. */
function inJson(json: string, change: (text: string) => string): string {
	return JSON.stringify(JSON.parse(json, (_, value: unknown) => (typeof value === "string" ? change(value) : value)));
}

function canonicalText(value: unknown): string {
	return JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? one.toString() : one));
}
