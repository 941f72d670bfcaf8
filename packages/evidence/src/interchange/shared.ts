import { createHash } from "node:crypto";
import {
	type AccountId,
	type CaseInfo,
	defang,
	defangLong,
	displayAddress,
	namesInWords,
	shownSymbol,
	type TraceEdge,
	type TraceResult,
} from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { leafNamings } from "../bundle/leaf-groups.js";
import type { RowKnowledge } from "../bundle/rows.js";

/** What every format is written from. */
export interface InterchangeInput {
	readonly info: CaseInfo;
	readonly details: CaseDetails;
	readonly result: TraceResult;
	readonly known: readonly RowKnowledge[];
	/** What every format says of the whole: a what-if, and what is not counted; empty when there is nothing to say. */
	readonly note: string;
	/** Follows every title: ` (what-if)` or nothing. */
	readonly mark: string;
}

/** A trace larger than this in accounts or rows is given to other tools in its largest part only, and says so. */
const MAX_SHARED_ROWS = 5_000;

/** The namespace of STIX identifiers that follow from content (STIX 2.1, 2.9). */
const STIX_NAMESPACE = "00abedb4aa42466c9c01fed23315a9b7";

/** A version 5 UUID (RFC 9562) in the STIX namespace: the same text gives the same id. */
export function uuid5(text: string): string {
	const hash = createHash("sha1").update(Buffer.from(STIX_NAMESPACE, "hex")).update(text).digest().subarray(0, 16);
	hash[6] = ((hash[6] as number) & 0x0f) | 0x50;
	hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
	const hex = hash.toString("hex");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Rows that are shared: all, or the first of a large trace. */
export function sharedRows(result: TraceResult): readonly TraceEdge[] {
	return result.edges.slice(0, MAX_SHARED_ROWS);
}

/** Says what was left out; empty when nothing was. */
export function sharedNote({ result, note }: Pick<InterchangeInput, "result" | "note">): string {
	const cut =
		result.edges.length > MAX_SHARED_ROWS ? `The first ${MAX_SHARED_ROWS} of ${result.edges.length} rows; all stand in transfers.csv.` : "";
	return [note, cut].filter((text) => text !== "").join(" ");
}

/** How it may be handed on and how long it is kept, as the case states it: a sentence each; empty where it states neither. */
export function handlingNote({ handling, retention = "" }: CaseDetails): string {
	return [handling === "" ? "" : `Handling: ${defangLong(handling)}.`, retention === "" ? "" : `Retention: ${defangLong(retention)}.`]
		.filter((text) => text !== "")
		.join(" ");
}

/** The plain address of an account id, as its owner would write it. */
export function addressText(account: string): string {
	return displayAddress(account as AccountId);
}

/** A symbol that is safe to show, as `shownSymbol` has it; native coins have one always. */
export function symbolOf(result: TraceResult, asset: string): string {
	return shownSymbol(asset, result.assets[asset]?.symbol ?? "", result.assets) || "units";
}

/**
 * The entity of each end point, by account, as {@link leafNamings} calls it, with those of labels that contradict it.
 */
export function entities(result: TraceResult): Map<string, { entity: string; category: string; source: string; confidence: number }> {
	const namingOfLeaf = leafNamings(result);
	return new Map(
		result.leaves.flatMap((leaf) => {
			const naming = namingOfLeaf(leaf);
			if (naming === undefined) return [];
			const { label, against } = naming;
			const entity = defang(namesInWords(label, against));
			return [[leaf.account, { entity, category: label.category, source: defang(label.source), confidence: label.confidence }] as const];
		}),
	);
}

/** Text as XML content or attribute; characters that XML 1.0 cannot hold are replaced. */
export function xml(text: string): string {
	return (
		text
			// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/g, "\ufffd")
			.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
	);
}
