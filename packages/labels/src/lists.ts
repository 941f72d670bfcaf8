import { type AccountId, InputError } from "@clew/core";
import { type LabelDefaults, readLabelsFrom } from "./import-labels.js";
import { readExplorerLabels } from "./lists/explorer.js";
import { readOfac } from "./lists/ofac.js";
import { readMetaMask, readScamSniffer } from "./lists/scam-lists.js";
import { readTagPacks } from "./lists/tagpack.js";
import { type LabelList, type ListBytes, listBytes, mustHoldLabels, readListBytes } from "./read-list.js";

/** Kinds of lists that {@link readList} knows. */
export const LIST_KINDS = ["ofac", "tagpack", "etherscan-labels", "scamsniffer", "metamask", "csv"] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** Where OFAC publishes its advanced XML. */
export const OFAC_URL = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/SDN_ADVANCED.XML";

/** Reads a list of a kind from a file, for TagPacks also from a folder. `csv` needs `defaults`. All rows parse, or none counts. Throws InputError. */
export function readList(kind: ListKind, path: string, defaults?: LabelDefaults): LabelList {
	return kind === "tagpack" ? mustHoldLabels(readTagPacks(path), path) : parseList(kind, readListBytes(path), defaults);
}

/** Reads a list from bytes that were downloaded. Throws InputError. */
export function readDownloaded(kind: ListKind, url: string, bytes: Buffer): LabelList {
	if (kind === "tagpack" || kind === "csv") throw new InputError(`${kind} is read from files`, { code: "USAGE" });
	return parseList(kind, listBytes(url, bytes), undefined);
}

function parseList(kind: Exclude<ListKind, "tagpack">, list: ListBytes, defaults: LabelDefaults | undefined): LabelList {
	return mustHoldLabels(parsers[kind](list, defaults), list.path);
}

const parsers: Readonly<Record<Exclude<ListKind, "tagpack">, (list: ListBytes, defaults: LabelDefaults | undefined) => LabelList>> = {
	ofac: readOfac,
	"etherscan-labels": readExplorerLabels,
	scamsniffer: readScamSniffer,
	metamask: readMetaMask,
	csv: (list, defaults) => {
		if (defaults === undefined) throw new InputError("a CSV list needs --source and --confidence", { code: "USAGE" });
		const labels = readLabelsFrom(list, defaults);
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
			skipped: new Map(),
			file: list.file,
		};
	},
};
