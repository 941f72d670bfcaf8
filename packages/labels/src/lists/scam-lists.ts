import { domainSubject, InputError, isAddress, parseChainId, quote, trustedAccountId } from "@clew/core";
import { z } from "zod";
import { type LabelList, type ListBytes, type ListedLabel, parseJson } from "../read-list.js";
import { CONFIDENCE } from "../taxonomy.js";

const CHAIN = parseChainId("eip155:1");
const scamSniffer = z.union([z.array(z.string()), z.record(z.string(), z.array(z.string()))]);

/**
 * Reads Scam Sniffer's database: `address.json` or `domains.json` (arrays), or `combined.json` (`{site: [addresses]}`). Throws InputError.
 */
export function readScamSniffer(list: ListBytes): LabelList {
	const parsed = scamSniffer.safeParse(parseJson(list));
	if (!parsed.success) throw new InputError("is none of Scam Sniffer's lists: an array, or {site: [addresses]}", { where: list.path });
	const labels: ListedLabel[] = [];
	const seen = new Set<string>();
	const add = (subject: string, name: string) => {
		if (seen.has(subject)) return;
		seen.add(subject);
		labels.push(reported(subject, "Scam Sniffer report", name));
	};
	const subject = (text: string) => (isAddress(text) ? trustedAccountId(CHAIN, text.toLowerCase()) : domainSubject(text, list.path));
	if (Array.isArray(parsed.data)) for (const text of parsed.data) add(subject(text), "phishing report");
	else
		for (const [site, addresses] of Object.entries(parsed.data)) {
			add(domainSubject(site, list.path), "phishing site");
			for (const address of addresses) {
				if (!isAddress(address)) throw new InputError(`${quote(address)} is not an EVM address`, { where: list.path, code: "BAD_ADDRESS" });
				add(subject(address), `drains for ${site}`);
			}
		}
	const kind = Array.isArray(parsed.data) ? (labels[0]?.subject.startsWith("domain:") ? "-domains" : "-addresses") : "";
	return {
		id: `scamsniffer${kind}`,
		publisher: "Scam Sniffer scam database",
		licence: "as its repository says",
		retrievedAt: "",
		labels,
		skipped: new Map(),
		file: list.file,
	};
}

const metamask = z.object({
	blacklist: z.array(z.string()).optional(),
	blocklist: z.array(z.string()).optional(),
	version: z.number().optional(),
});

/** Reads the block list of MetaMask's eth-phishing-detect, `config.json`: sites, no addresses. Throws InputError. */
export function readMetaMask(list: ListBytes): LabelList {
	const parsed = metamask.safeParse(parseJson(list));
	const sites = parsed.success ? (parsed.data.blacklist ?? parsed.data.blocklist) : undefined;
	if (sites === undefined) throw new InputError("is not eth-phishing-detect's config.json (no blacklist)", { where: list.path });
	const subjects = new Set(sites.map((site) => domainSubject(site, list.path)));
	return {
		id: "metamask",
		publisher: "MetaMask eth-phishing-detect",
		licence: "as its repository says",
		retrievedAt: "",
		labels: [...subjects].map((subject) => reported(subject, "eth-phishing-detect", "phishing site")),
		skipped: new Map(),
		file: list.file,
	};
}

function reported(subject: string, entity: string, name: string): ListedLabel {
	return { subject, category: "phishing", entity, name, confidence: CONFIDENCE["trusted_provider"] ?? 0, validFrom: "", validUntil: "" };
}
