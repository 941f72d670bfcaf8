import { ALLOWED_BY_LIST, ETHEREUM, InputError, isAddress, parseSite, quote, siteSubject, trustedAccountId } from "@clew/core";
import { z } from "zod";
import { type LabelList, type ListBytes, type ListedLabel, parseJson, type ReadOptions, tallyRows } from "../read-list.js";
import { CONFIDENCE } from "../taxonomy.js";

const texts = z.array(z.unknown());
/** A day's archive; the first ones had sites alone. */
const archive = z
	.strictObject({ domains: texts.default([]), address: texts.default([]) })
	.refine((day) => day.domains.length + day.address.length > 0);

/**
 * Reads Scam Sniffer's database: `address.json` or `domains.json` (arrays), `combined.json` (`{site: [addresses]}`), or a day's archive
 * (`{domains, address}`). Throws InputError.
 */
export function readScamSniffer(list: ListBytes, options: ReadOptions): LabelList {
	const json = parseJson(list);
	const tally = tallyRows(options);
	const labels: ListedLabel[] = [];
	const seen = new Set<string>();
	const add = (where: string, name: string, subject: () => string) =>
		tally.row(where, () => {
			const one = subject();
			if (seen.has(one)) return;
			seen.add(one);
			labels.push(reported(one, "Scam Sniffer report", name));
		});
	const each = (values: readonly unknown[], what: string, name: string, read: (text: unknown, where: string) => string) => {
		for (const [i, value] of values.entries()) {
			const where = `${list.path}: ${what} ${i + 1}`;
			add(where, name, () => read(value, where));
		}
	};
	const kind = kindOf(json);
	if (kind === undefined)
		throw new InputError("is none of Scam Sniffer's lists: an array, {site: [addresses]}, or {domains, address}", { where: list.path });
	if (kind.shape === "array")
		each(kind.rows, "row", "phishing report", (value, where) =>
			isAddress(String(value).trim()) ? address(value, where) : site(value, where),
		);
	else if (kind.shape === "archive") {
		each(kind.rows.domains, "domain", "phishing site", site);
		each(kind.rows.address, "address", "phishing report", address);
	} else
		for (const [name, addresses] of Object.entries(kind.rows)) {
			const where = `${list.path}: ${quote(name)}`;
			add(where, "phishing site", () => site(name, where));
			each(addresses, `${quote(name)}, address`, name === "" ? "phishing report" : `drains for ${name}`, address);
		}
	return {
		id: `scamsniffer${idOf(kind.shape, labels, list)}`,
		// A day's archive is what came in that day.
		...(kind.shape === "archive" ? {} : { answers: { question: "scams", part: "" } as const }),
		publisher: "Scam Sniffer scam database",
		licence: "as its repository says",
		retrievedAt: "",
		labels,
		skipped: tally.skipped,
		unusable: tally.unusable,
		notRead: [],
		file: list.file,
	};
}

type Kind =
	| { readonly shape: "array"; readonly rows: readonly unknown[] }
	| { readonly shape: "archive"; readonly rows: z.infer<typeof archive> }
	| { readonly shape: "combined"; readonly rows: Readonly<Record<string, readonly unknown[]>> };

function kindOf(json: unknown): Kind | undefined {
	if (Array.isArray(json)) return { shape: "array", rows: json };
	const day = archive.safeParse(json);
	if (day.success) return { shape: "archive", rows: day.data };
	const combined = z.record(z.string(), texts).safeParse(json);
	return combined.success ? { shape: "combined", rows: combined.data } : undefined;
}

/** A list replaces only its like; the archive of a day replaces no other day. */
function idOf(shape: Kind["shape"], labels: readonly ListedLabel[], { file }: ListBytes): string {
	if (shape === "archive") return `-${file.name.replace(/\.json$/, "")}`;
	if (shape === "combined") return "";
	return labels[0]?.subject.startsWith("domain:") ? "-domains" : "-addresses";
}

function site(value: unknown, where: string): string {
	if (typeof value !== "string") throw new InputError("is not text", { where });
	return siteSubject(parseSite(value, where));
}

function address(value: unknown, where: string): string {
	const text = typeof value === "string" ? value.trim() : "";
	if (!isAddress(text)) throw new InputError(`${quote(String(value))} is not an EVM address`, { where, code: "BAD_ADDRESS" });
	return trustedAccountId(ETHEREUM, text.toLowerCase());
}

const metamask = z.object({
	blacklist: texts.optional(),
	blocklist: texts.optional(),
	blocklistPaths: texts.optional(),
	whitelist: texts.optional(),
	allowlist: texts.optional(),
	fuzzylist: texts.optional(),
});

/**
 * Reads eth-phishing-detect's `config.json`, or its API's answer (`{data: ...}`): blocked sites and paths, and the sites that it allows
 * although a domain above them is blocked. Its list of names for similar spelling is not read. Throws InputError.
 */
export function readMetaMask(list: ListBytes, options: ReadOptions): LabelList {
	const json = parseJson(list);
	const wrapped = z.object({ data: metamask }).safeParse(json);
	const parsed = wrapped.success ? wrapped : metamask.safeParse(json);
	const config = !parsed.success ? undefined : "data" in parsed.data ? (parsed.data.data as z.infer<typeof metamask>) : parsed.data;
	const sites = config?.blacklist ?? config?.blocklist;
	if (config === undefined || sites === undefined)
		throw new InputError("is not eth-phishing-detect's config.json (no blacklist)", { where: list.path });
	const tally = tallyRows(options);
	const labels: ListedLabel[] = [];
	const seen = new Set<string>();
	const each = (values: readonly unknown[] | undefined, what: string, label: (subject: string) => ListedLabel) => {
		for (const [i, value] of (values ?? []).entries()) {
			const where = `${list.path}: ${what} ${i + 1}`;
			tally.row(where, () => {
				const one = label(site(value, where));
				if (seen.has(`${one.category} ${one.subject}`)) return;
				seen.add(`${one.category} ${one.subject}`);
				labels.push(one);
			});
		}
	};
	each(sites, "blacklist", (subject) => reported(subject, "eth-phishing-detect", "phishing site"));
	each(config.blocklistPaths, "blocklistPaths", (subject) => reported(subject, "eth-phishing-detect", "phishing page"));
	const blocked = labels.length;
	each(config.whitelist ?? config.allowlist, "whitelist", (subject) => ({
		...reported(subject, "eth-phishing-detect", ALLOWED_BY_LIST),
		category: "other",
	}));
	const fuzzy = config.fuzzylist?.length ?? 0;
	return {
		id: "metamask",
		answers: { question: "scams", part: "" },
		publisher: "MetaMask eth-phishing-detect",
		licence: "as its repository says",
		retrievedAt: "",
		labels: blocked === 0 ? [] : labels,
		skipped: tally.skipped,
		unusable: tally.unusable,
		notRead: fuzzy === 0 ? [] : [`${fuzzy} names of its fuzzylist: sites that are spelled like them are not looked for`],
		file: list.file,
	};
}

function reported(subject: string, entity: string, name: string): ListedLabel {
	return { subject, category: "phishing", entity, name, confidence: CONFIDENCE["trusted_provider"] ?? 0, validFrom: "", validUntil: "" };
}
