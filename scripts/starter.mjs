// Makes the lists of labels that ship with Clew, in one compressed file, from the dated sources in packages/labels/starter and
// fixtures/labels: `clew label starter` reads it. The same sources give the same lines.
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { readList } from "../packages/labels/dist/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "packages/labels/dist/starter");
const starter = (name) => join(root, "packages/labels/starter", name);
const fixture = (name) => join(root, "fixtures/labels", name);
const CONFIDENCE = { "self-published": 100, research: 50, "explorer-tag": 50, unstated: 20 };
const csv = (confidence, retrievedAt, source) => ({ chain: "eip155:1", source, confidence, category: "exchange", retrievedAt });

const custodians = "Wallets of custodians, as they or reserve dashboards name them (gathered by DefiLlama)";
const reserves = "Proof-of-reserves lists, explorer tags and research (gathered by crypttrace)";
const lists = [
	{
		...readList("csv", starter("custodians.csv"), csv(50, "2026-08-22", custodians)),
		id: "custodians",
		licence: "facts, from DefiLlama-Adapters 1eb4e81d",
	},
	{ ...reserveWallets(), id: "reserves", licence: "facts, from crypttrace 0.29.0 (MIT)" },
	{
		...readList("tagpack", starter("tagpacks")),
		id: "tagpacks",
		publisher: "GraphSense TagPacks (public)",
		retrievedAt: "2026-05-12",
		licence: "MIT",
	},
	{
		...readList("etherscan-labels", fixture("etherscan-labels.csv")),
		id: "explorer-tags",
		publisher: "Etherscan name tags (copy by brianleect)",
		licence: "MIT",
	},
	...["ETH", "XBT"].map((asset) => ({
		...readList("ofac", fixture(`ofac-${asset}.txt`)),
		id: `ofac-${asset}`,
		retrievedAt: "2024-09-27",
	})),
];

mkdirSync(target, { recursive: true });
writeFileSync(join(target, "lists.jsonl.gz"), gzipSync(lines().join(""), { level: 9 }));

/** A line a list, then one for each of its labels. */
function lines() {
	return lists.flatMap(({ id, publisher, licence, retrievedAt, answers, file, labels, skipped, unusable }) => {
		const rows = labels.map((label) => `${JSON.stringify(label)}\n`);
		const notFollowed = [...skipped.values()].reduce((sum, count) => sum + count, 0);
		const head = {
			list: `starter-${id}`,
			publisher,
			licence,
			retrievedAt,
			answers,
			file,
			rows: rows.length,
			notFollowed,
			unusable: unusable.length,
		};
		return [`${JSON.stringify(head)}\n`, ...rows];
	});
}

/** Their columns put as a CSV list has them: who it is, in one word, beside the name as it stands there. */
function reserveWallets() {
	const path = starter("reserve-wallets.csv");
	const bytes = readFileSync(path);
	const [head, ...rows] = bytes.toString("utf8").trimEnd().split("\n").map(cellsOf);
	const folder = mkdtempSync(join(tmpdir(), "clew-starter-"));
	try {
		const copy = join(folder, "reserve-wallets.csv");
		const out = rows.map((cells) => {
			const row = Object.fromEntries(head.map((column, i) => [column, cells[i]]));
			const said = [row.publisher, row.retrieved_at].filter((cell) => cell).join(", ");
			const name = said ? `${row.name} (${said})` : row.name;
			return [row.address, entityOf(row.name), name, row.chain, row.category, CONFIDENCE[row.source_kind]];
		});
		const columns = ["address", "entity", "name", "chain", "category", "confidence"];
		writeFileSync(copy, [columns, ...out].map((cells) => `${cells.map(cell).join(",")}\n`).join(""));
		const file = { name: "reserve-wallets.csv", sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
		return { ...readList("csv", copy, csv(20, "2026-09-23", reserves)), file };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function entityOf(name) {
	return name
		.replace(/ \(.*$|:.*$| - .*$/, "")
		.replace(/ reserve wallet$| \d+$/, "")
		.trim();
}

function cell(value) {
	return `"${String(value).replaceAll('"', '""')}"`;
}

function cellsOf(line) {
	return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
		.slice(0, -1)
		.map(([, text]) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text));
}
