import { type AccountId, InputError } from "@clew/core";
import { type LabelDefaults, readLabelsFrom } from "./import-labels.js";
import { readExplorerLabels } from "./lists/explorer.js";
import { readOfac } from "./lists/ofac.js";
import { readMetaMask, readScamSniffer } from "./lists/scam-lists.js";
import { readTagPacks } from "./lists/tagpack.js";
import { type LabelList, type ListBytes, listBytes, mustBeUsable, type ReadOptions, readListBytes } from "./read-list.js";

/** Kinds of lists that {@link readList} knows. */
export const LIST_KINDS = ["ofac", "tagpack", "etherscan-labels", "scamsniffer", "metamask", "csv"] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** Where publishers keep the newest of their lists, each one file; seen in 2026. TagPacks are a folder, and a CSV is anybody's. */
export const LIST_URLS: Readonly<Partial<Record<ListKind, string>>> = {
	ofac: "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN_ADVANCED.XML",
	scamsniffer: "https://raw.githubusercontent.com/scamsniffer/scam-database/main/blacklist/combined.json",
	metamask: "https://raw.githubusercontent.com/MetaMask/eth-phishing-detect/main/src/config.json",
	"etherscan-labels": "https://raw.githubusercontent.com/brianleect/etherscan-labels/main/data/etherscan/combined/combinedAllLabels.json",
};

/**
 * Reads a list of a kind from a file, for TagPacks also from a folder. `csv` needs `defaults`. Usable rows are taken, the others named; a
 * list of which more than a tenth is unusable is refused, with `strict` one with a single such row. Throws InputError.
 */
export function readList(kind: ListKind, path: string, defaults?: LabelDefaults, options: ReadOptions = {}): LabelList {
	return kind === "tagpack" ? mustBeUsable(readTagPacks(path, options), path) : parseList(kind, readListBytes(path), defaults, options);
}

/** Reads a list from bytes that were downloaded. Throws InputError. */
export function readDownloaded(kind: ListKind, url: string, bytes: Buffer, options: ReadOptions = {}): LabelList {
	if (kind === "tagpack" || kind === "csv") throw new InputError(`${kind} is read from files`, { code: "USAGE" });
	return parseList(kind, listBytes(url, bytes), undefined, options);
}

type Parser = (list: ListBytes, options: ReadOptions, defaults: LabelDefaults | undefined) => LabelList;
type ParsedKind = Exclude<ListKind, "tagpack">;

function parseList(kind: ParsedKind, list: ListBytes, defaults: LabelDefaults | undefined, options: ReadOptions): LabelList {
	return mustBeUsable(parsers[kind](list, options, defaults), list.path);
}

const parsers: Readonly<Record<ParsedKind, Parser>> = {
	ofac: readOfac,
	"etherscan-labels": readExplorerLabels,
	scamsniffer: readScamSniffer,
	metamask: readMetaMask,
	csv: (list, options, defaults) => {
		if (defaults === undefined) throw new InputError("a CSV list needs --source", { code: "USAGE" });
		const { labels, skipped, unusable, notRead } = readLabelsFrom(list, defaults, options);
		return {
			id: `csv-${defaults.source}`,
			publisher: defaults.source,
			licence: "as its source says",
			retrievedAt: defaults.retrievedAt,
			labels: labels.map(({ account, category, entity, name, confidence, validFrom, validUntil }) => ({
				subject: account satisfies AccountId,
				category,
				entity,
				name,
				confidence,
				validFrom: validFrom ?? "",
				validUntil: validUntil ?? "",
			})),
			skipped,
			unusable,
			notRead,
			file: list.file,
		};
	},
};
