import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { ClewError } from "@clew/core";
import type { LabelList, ListedLabel } from "./read-list.js";

/** A list that ships with Clew, as `scripts/starter.mjs` wrote it. */
export interface StarterList extends Pick<LabelList, "id" | "publisher" | "licence" | "retrievedAt" | "answers" | "file" | "labels"> {
	/** Rows of the source about chains that Clew does not follow. */
	readonly notFollowed: number;
	/** Rows of the source that could not be used. */
	readonly unusable: number;
}

/** From `src` and from `dist` alike. */
const FILE = new URL("../dist/starter/lists.jsonl.gz", import.meta.url);
const MAX_BYTES = 64 << 20;

/**
 * The lists that ship with Clew, each with its source, date and licence (`packages/labels/starter`): wallets that custodians name as
 * theirs, reserve lists, GraphSense TagPacks, explorer tags, OFAC. Throws ClewError when the build lacks them.
 */
export function starterLists(): readonly StarterList[] {
	let text: string;
	try {
		text = gunzipSync(readFileSync(FILE), { maxOutputLength: MAX_BYTES }).toString("utf8");
	} catch (cause) {
		throw new ClewError("USAGE", "this build lacks the lists that ship with Clew", { hint: "Build it: npm run setup.", cause });
	}
	const lists: (StarterList & { readonly labels: ListedLabel[] })[] = [];
	for (const line of text.split("\n").slice(0, -1)) {
		const value = JSON.parse(line);
		if ("subject" in value) lists.at(-1)?.labels.push(value);
		else {
			const { list: id, publisher, licence, retrievedAt, answers, file, notFollowed, unusable } = value;
			lists.push({ id, publisher, licence, retrievedAt, answers, file, notFollowed, unusable, labels: [] });
		}
	}
	return lists;
}
