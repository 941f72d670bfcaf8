import { InputError, isAddress, parseChainId, quote, trustedAccountId } from "@clew/core";
import { z } from "zod";
import { type LabelList, type ListBytes, type ListedLabel, parseCsv, parseJson } from "../read-list.js";
import { CONFIDENCE, categoryOfTag } from "../taxonomy.js";

const CHAIN = parseChainId("eip155:1");
const MAX_TEXT = 200;
const jsonShape = z.record(z.string(), z.object({ name: z.string().default(""), labels: z.array(z.string()) }));
const rowShape = z.object({ address: z.string(), name: z.string(), labels: z.string() });

/**
 * Reads explorer name tags as brianleect/etherscan-labels publishes them: CSV with `address,name,labels` (several labels joined by `;`), or JSON
 * `{address: {name, labels}}`. Throws InputError with file:line.
 */
export function readExplorerLabels(list: ListBytes): LabelList {
	const rows = /^\s*\{/.test(list.bytes.subarray(0, 64).toString("latin1")) ? jsonRows(list) : csvRows(list);
	const labels: ListedLabel[] = [];
	for (const { address, name, slugs, where } of rows) {
		if (!isAddress(address)) throw new InputError(`${quote(address)} is not an EVM address`, { where, code: "BAD_ADDRESS" });
		const subject = trustedAccountId(CHAIN, address.toLowerCase());
		for (const slug of slugs) {
			labels.push({
				subject,
				category: categoryOfTag(slug, name),
				entity: entityOf(name, slug),
				name: (name === "" ? slug : name).slice(0, MAX_TEXT),
				confidence: CONFIDENCE["trusted_provider"] ?? 0,
				validFrom: "",
				validUntil: "",
			});
		}
	}
	return {
		id: "etherscan-labels",
		publisher: "Etherscan name tags",
		licence: "collected under MIT; the tags are Etherscan's",
		retrievedAt: "",
		labels,
		skipped: new Map(),
		file: list.file,
	};
}

interface Row {
	readonly address: string;
	readonly name: string;
	readonly slugs: readonly string[];
	readonly where: string;
}

function csvRows(list: ListBytes): Row[] {
	return parseCsv(list).map(({ record, line }) => {
		const where = `${list.path}:${line}`;
		const row = rowShape.safeParse(record);
		if (!row.success) throw new InputError("has no columns address, name and labels", { where });
		return { address: row.data.address, name: row.data.name, slugs: row.data.labels.split(";").filter((slug) => slug !== ""), where };
	});
}

function jsonRows(list: ListBytes): Row[] {
	const parsed = jsonShape.safeParse(parseJson(list));
	if (!parsed.success) throw new InputError("is not {address: {name, labels}}", { where: list.path, cause: parsed.error });
	return Object.entries(parsed.data).map(([address, { name, labels }]) => ({
		address,
		name,
		slugs: labels,
		where: `${list.path}: ${quote(address)}`,
	}));
}

/** `Binance 14` and `Binance: Hot Wallet` are Binance's; without a name the tag page is the entity. */
function entityOf(name: string, slug: string): string {
	const head =
		name
			.split(":")[0]
			?.replace(/\s+\d+$/, "")
			.trim() ?? "";
	return (head === "" ? slug : head).slice(0, MAX_TEXT);
}
