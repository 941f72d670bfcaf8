import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { ClewError, compareText, InputError, type LabelCategory, quote, shapeProblem } from "@clew/core";
import { parseDocument, type Tags } from "yaml";
import { z } from "zod";
import {
	countUp,
	type LabelList,
	type ListBytes,
	type ListedLabel,
	type ReadOptions,
	type RowTally,
	readListBytes,
	tallyRows,
	utf8,
} from "../read-list.js";
import { CONFIDENCE, categoryOf } from "../taxonomy.js";
import { listedAccount } from "./chain-codes.js";

/** TagPacks are written by hand: what is larger is no TagPack. YAML needs many times its size in memory. */
const MAX_BYTES = 64 << 20;
const MAX_ALIASES = 100;
const MAX_FILES = 10_000;
const MAX_TEXT = 400;

const text = z.string();
const words = z.union([text.transform((word) => [word]), z.array(text)]);
/** Fields that a tag may carry itself or inherit from its TagPack's header (TagPack schema, graphsense-tagpack-tool). */
const fields = z.object({
	label: text.optional(),
	source: text.optional(),
	currency: text.optional(),
	network: text.optional(),
	category: text.optional(),
	concepts: words.optional(),
	abuse: text.optional(),
	confidence: text.optional(),
	lastmod: text.optional(),
	actor: text.optional(),
	address: text.optional(),
});
const pack = fields.extend({ title: text, creator: text, tags: z.array(z.unknown()).min(1) });

/**
 * Reads a TagPack, or every `.yaml` and `.yml` of a folder, in order of names. A tag inherits what it does not say from the header. Tags
 * that cannot be used are named by file and tag, those of other chains counted. Throws InputError; aliases beyond a few and custom YAML
 * tags are refused.
 */
export function readTagPacks(path: string, options: ReadOptions): LabelList {
	const files = filesOf(path);
	const labels: ListedLabel[] = [];
	const tally = tallyRows(options);
	const hash = createHash("sha256");
	let [bytes, newest] = [0, ""];
	for (const file of files) {
		const list = readListBytes(file);
		hash.update(list.file.sha256);
		bytes += list.file.bytes;
		for (const label of tagsOf(list, tally)) {
			labels.push(label);
			if (label.validFrom > newest) newest = label.validFrom;
		}
	}
	return {
		id: `tagpack-${basename(path).replace(/\.ya?ml$/, "")}`,
		publisher: `TagPack ${basename(path)}`,
		licence: "as the TagPack says",
		retrievedAt: newest,
		labels,
		skipped: tally.skipped,
		unusable: tally.unusable,
		notRead: [],
		file: { name: basename(path), sha256: hash.digest("hex"), bytes },
	};
}

function filesOf(path: string): string[] {
	try {
		if (!statSync(path).isDirectory()) return [path];
		const found = readdirSync(path, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
			.map((entry) => join(entry.parentPath, entry.name))
			.sort(compareText);
		if (found.length === 0) throw new InputError("holds no .yaml file", { where: path });
		if (found.length > MAX_FILES) throw new InputError(`holds more than ${MAX_FILES} TagPacks`, { where: path });
		return found;
	} catch (cause) {
		throw cause instanceof ClewError ? cause : new InputError("cannot be read", { where: path, cause });
	}
}

function tagsOf(list: ListBytes, tally: RowTally): ListedLabel[] {
	const parsed = pack.safeParse(parseYaml(list));
	if (!parsed.success) throw new InputError(`is no TagPack: ${shapeProblem(parsed.error, "document")}`, { where: list.path });
	const { tags, title: _, creator, ...header } = parsed.data;
	const labels: ListedLabel[] = [];
	for (const [i, written] of tags.entries()) {
		const where = `${list.path}: tag ${i + 1}`;
		tally.row(where, () => {
			const own = fields.safeParse(written);
			if (!own.success) throw new InputError(shapeProblem(own.error, "tag"), { where });
			const label = labelOf({ ...header, ...own.data }, creator, where);
			if ("notFollowed" in label) countUp(tally.skipped, label.notFollowed);
			else labels.push(label);
		});
	}
	return labels;
}

function labelOf(tag: z.infer<typeof fields>, creator: string, where: string): ListedLabel | { readonly notFollowed: string } {
	if (tag.address === undefined) throw new InputError("has no address", { where });
	if (tag.label === undefined) throw new InputError("has no label", { where });
	const listed = listedAccount(tag.address, tag.network ?? tag.currency ?? "");
	if ("notFollowed" in listed) return listed;
	const concepts = [...(tag.concepts ?? []), ...(tag.category === undefined ? [] : [tag.category])];
	return {
		subject: listed.subject,
		category: strongest(concepts, tag.abuse),
		entity: tag.actor ?? tag.label.slice(0, MAX_TEXT),
		name: `${tag.label} (${tag.source ?? creator})`.slice(0, MAX_TEXT),
		confidence: confidenceOf(tag.confidence, where),
		validFrom: dateOf(tag.lastmod, where),
		validUntil: "",
	};
}

/** What an abuse says outweighs what kind of service it is. */
function strongest(concepts: readonly string[], abuse: string | undefined): LabelCategory {
	const known = [...(abuse === undefined ? [] : [abuse]), ...concepts].map(categoryOf).filter((category) => category !== undefined);
	return known[0] ?? "other";
}

function confidenceOf(word: string | undefined, where: string): number {
	if (word === undefined) return CONFIDENCE["unknown"] ?? 0;
	const known = CONFIDENCE[word];
	if (known === undefined) throw new InputError(`confidence ${quote(word)} is not on GraphSense's scale`, { where });
	return known;
}

function dateOf(word: string | undefined, where: string): string {
	if (word === undefined) return "";
	if (!/^\d{4}-\d{2}-\d{2}/.test(word)) throw new InputError(`lastmod ${quote(word)} is not an ISO date`, { where });
	return word.slice(0, 10);
}

/** Words stay as they were written: YAML reads an address without quotes as a number, and 007 as 7. */
const asWritten = (tags: Tags) => tags.filter((tag) => typeof tag === "string" || !/:(?:int|float|bool)$/.test(tag.tag));

function parseYaml(list: ListBytes): unknown {
	if (list.bytes.length > MAX_BYTES) throw new InputError(`TagPacks above ${MAX_BYTES >> 20} MiB are not read`, { where: list.path });
	const fail = (why: string, cause?: unknown) =>
		new InputError(`is not YAML that Clew reads: ${why}`, {
			where: list.path,
			cause,
			hint: "A TagPack needs no custom tags and few aliases.",
		});
	const document = parseDocument(utf8(list), { schema: "core", version: "1.2", uniqueKeys: true, customTags: asWritten });
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) throw fail(problem.message.split("\n")[0] ?? "invalid", problem);
	try {
		return document.toJS({ maxAliasCount: MAX_ALIASES });
	} catch (cause) {
		throw fail((cause as Error).message, cause);
	}
}
