import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { accountId, type ChainId, ClewError, compareText, InputError, type LabelCategory, parseChainId, quote } from "@clew/core";
import { parseDocument } from "yaml";
import { z } from "zod";
import { countUp, type LabelList, type ListBytes, type ListedLabel, readListBytes, utf8 } from "../read-list.js";
import { CONFIDENCE, categoryOf } from "../taxonomy.js";

/** TagPacks are written by hand: what is larger is no TagPack. YAML needs many times its size in memory. */
const MAX_BYTES = 64 << 20;
const MAX_ALIASES = 100;
const MAX_FILES = 10_000;
const MAX_TEXT = 400;

const CHAINS: Readonly<Record<string, ChainId>> = {
	BTC: parseChainId("bitcoin"),
	ETH: parseChainId("eip155:1"),
};

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
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
const pack = fields.extend({ title: text, creator: text, tags: z.array(fields).min(1) });

/**
 * Reads a TagPack, or every `.yaml` and `.yml` of a folder, in order of names. A tag inherits what it does not say from the header.
 * Throws InputError naming file and tag; tags of other chains are counted. Aliases beyond a few and custom YAML tags are refused.
 */
export function readTagPacks(path: string): LabelList {
	const files = filesOf(path);
	const labels: ListedLabel[] = [];
	const skipped = new Map<string, number>();
	const hash = createHash("sha256");
	let [bytes, newest] = [0, ""];
	for (const file of files) {
		const list = readListBytes(file);
		hash.update(list.file.sha256);
		bytes += list.file.bytes;
		for (const label of tagsOf(list, skipped)) {
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
		skipped,
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

function tagsOf(list: ListBytes, skipped: Map<string, number>): ListedLabel[] {
	const parsed = pack.safeParse(parseYaml(list));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new InputError(`is no TagPack: ${issue?.path.join(".") || "document"}: ${issue?.message ?? "invalid"}`, { where: list.path });
	}
	const { tags, title: _, creator, ...header } = parsed.data;
	const labels: ListedLabel[] = [];
	for (const [i, own] of tags.entries()) {
		const tag = { ...header, ...own };
		const where = `${list.path}: tag ${i + 1}`;
		if (tag.address === undefined) throw new InputError("has no address", { where });
		if (tag.label === undefined) throw new InputError("has no label", { where });
		const currency = (tag.network ?? tag.currency ?? "").toUpperCase();
		const chain = CHAINS[currency];
		if (chain === undefined) {
			countUp(skipped, currency === "" ? "no currency" : currency);
			continue;
		}
		const concepts = [...(tag.concepts ?? []), ...(tag.category === undefined ? [] : [tag.category])];
		labels.push({
			subject: subjectOf(chain, tag.address, where),
			category: strongest(concepts, tag.abuse),
			entity: tag.actor ?? tag.label.slice(0, MAX_TEXT),
			name: `${tag.label} (${tag.source ?? creator})`.slice(0, MAX_TEXT),
			confidence: confidenceOf(tag.confidence, where),
			validFrom: dateOf(tag.lastmod, where),
			validUntil: "",
		});
	}
	return labels;
}

/** What an abuse says outweighs what kind of service it is. */
function strongest(concepts: readonly string[], abuse: string | undefined): LabelCategory {
	const known = [...(abuse === undefined ? [] : [abuse]), ...concepts].map(categoryOf).filter((category) => category !== undefined);
	return known[0] ?? "other";
}

function subjectOf(chain: ChainId, address: string, where: string): string {
	try {
		return accountId(chain, address);
	} catch (error) {
		throw error instanceof ClewError ? new InputError(error.message, { where, code: error.code, cause: error }) : error;
	}
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

function parseYaml(list: ListBytes): unknown {
	if (list.bytes.length > MAX_BYTES) throw new InputError(`TagPacks above ${MAX_BYTES >> 20} MiB are not read`, { where: list.path });
	const fail = (why: string, cause?: unknown) =>
		new InputError(`is not YAML that Clew reads: ${why}`, {
			where: list.path,
			cause,
			hint: "A TagPack needs no custom tags and few aliases.",
		});
	const document = parseDocument(utf8(list), { schema: "core", version: "1.2", uniqueKeys: true });
	const [problem] = [...document.errors, ...document.warnings];
	if (problem !== undefined) throw fail(problem.message.split("\n")[0] ?? "invalid", problem);
	try {
		return document.toJS({ maxAliasCount: MAX_ALIASES });
	} catch (cause) {
		throw fail((cause as Error).message, cause);
	}
}
