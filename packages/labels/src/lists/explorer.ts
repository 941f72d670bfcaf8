import { ETHEREUM, InputError, isAddress, quote, trustedAccountId } from "@clew/core";
import { z } from "zod";
import { type LabelList, type ListBytes, type ListedLabel, parseCsv, parseJson, type ReadOptions, tallyRows } from "../read-list.js";
import { CONFIDENCE, categoryOfTag } from "../taxonomy.js";

const MAX_TEXT = 200;
const jsonShape = z.object({ name: z.string().default(""), labels: z.array(z.string()) });
const rowShape = z.object({ address: z.string(), name: z.string(), labels: z.string() });

/**
 * Reads explorer name tags as brianleect/etherscan-labels publishes them: CSV with `address,name,labels` (several labels joined by `;`), or
 * JSON `{address: {name, labels}}`. Throws InputError with file:line.
 */
export function readExplorerLabels(list: ListBytes, options: ReadOptions): LabelList {
	const rows = /^\s*\{/.test(list.bytes.subarray(0, 64).toString("latin1")) ? jsonRows(list) : csvRows(list);
	const labels: ListedLabel[] = [];
	const tally = tallyRows(options);
	for (const { where, read } of rows)
		tally.row(where, () => {
			const { address, name, slugs } = read();
			if (!isAddress(address.trim())) throw new InputError(`${quote(address)} is not an EVM address`, { where, code: "BAD_ADDRESS" });
			if (slugs.length === 0) throw new InputError("has no label", { where });
			for (const slug of slugs)
				labels.push({
					subject: trustedAccountId(ETHEREUM, address.trim().toLowerCase()),
					category: categoryOfTag(slug, name),
					entity: entityOf(name, slug),
					name: (name === "" ? slug : name).slice(0, MAX_TEXT),
					confidence: CONFIDENCE["trusted_provider"] ?? 0,
					validFrom: "",
					validUntil: "",
				});
		});
	return {
		id: "etherscan-labels",
		publisher: "Etherscan name tags",
		licence: "collected under MIT; the tags are Etherscan's",
		retrievedAt: "",
		labels,
		skipped: tally.skipped,
		unusable: tally.unusable,
		notRead: [],
		file: list.file,
	};
}

interface Row {
	readonly where: string;
	/** Throws InputError. */
	read(): { readonly address: string; readonly name: string; readonly slugs: readonly string[] };
}

function csvRows(list: ListBytes): Row[] {
	return parseCsv(list).rows.map(({ where, cells }) => ({
		where,
		read: () => {
			const row = rowShape.safeParse(cells());
			if (!row.success) throw new InputError("has no columns address, name and labels", { where });
			return { address: row.data.address, name: row.data.name, slugs: row.data.labels.split(";").filter((slug) => slug !== "") };
		},
	}));
}

function jsonRows(list: ListBytes): Row[] {
	const parsed = z.record(z.string(), z.unknown()).safeParse(parseJson(list));
	if (!parsed.success) throw new InputError("is not {address: {name, labels}}", { where: list.path, cause: parsed.error });
	return Object.entries(parsed.data).map(([address, value]) => {
		const where = `${list.path}: ${quote(address)}`;
		return {
			where,
			read: () => {
				const row = jsonShape.safeParse(value);
				if (!row.success) throw new InputError("is not {name, labels}", { where, cause: row.error });
				return { address, name: row.data.name, slugs: row.data.labels };
			},
		};
	});
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
