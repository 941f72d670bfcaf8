import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import {
	type AccountId,
	type BalanceProof,
	type CaseInfo,
	CONSERVING_RULES,
	canonicalJson,
	compareText,
	countedOf,
	csvLine,
	defang,
	displayAddress,
	minAmount,
	sha256Hex,
	type TraceAmounts,
	type TraceEdge,
	type TraceGap,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import type { CaseDetails } from "../details.js";
import { type Block, type Cell, cell, code } from "../document/model.js";
import { toPdf } from "../document/pdf.js";
import { toText } from "../document/text.js";
import { describeAmount, pictureRule } from "../picture.js";
import { NOT_STATED } from "../report/words.js";
import type { FreezeRequest, RequestPoint } from "./requests.js";
import { rowTable, spreadsheet } from "./row-table.js";
import { fillTemplate } from "./template.js";

/** What an end point holds now, as a node tells it. Tokens come without a proof: where a contract keeps balances is its own affair. */
export interface CurrentBalance {
	readonly account: string;
	readonly asset: string;
	readonly amount: bigint;
	readonly height: number;
	readonly blockHash: string;
	readonly proof?: BalanceProof;
}

/** What a packet is written from. `template` is the text of a template, and where it comes from. */
export interface PacketInput {
	readonly info: CaseInfo;
	readonly details: CaseDetails;
	readonly result: TraceResult;
	readonly request: FreezeRequest;
	readonly balances: readonly CurrentBalance[];
	/** Where the node says other than the trace. */
	readonly differences?: readonly TraceGap[];
	readonly template?: { readonly text: string; readonly where: string };
}

/** The template that is used when none is given. */
export function defaultTemplate(): string {
	return readFileSync(new URL("../../../templates/freeze.txt", import.meta.url), "utf8");
}

/** The files of one packet by name: the request as text, PDF and JSON, its rows as CSV and spreadsheet, proofs of balances. */
export async function packetFiles(input: PacketInput): Promise<Map<string, string | Uint8Array>> {
	const { template } = input;
	const whatIf = whatIfOf(input.result);
	const filled = fillTemplate(template?.text ?? defaultTemplate(), values(input), template?.where ?? "freeze.txt");
	const paper = whatIf === undefined ? filled : { ...filled, title: `${filled.title} (what-if)` };
	const table = rowTable(input.result, input.request, rulesOf(input.result));
	const files = new Map<string, string | Uint8Array>([
		["request.txt", toText(paper)],
		["request.pdf", await toPdf(paper)],
		["request.json", `${canonicalJson(machineForm(input))}\n`],
		["transfers.csv", table.map((row) => csvLine(row)).join("")],
		["transfers.xlsx", await spreadsheet(table)],
	]);
	const proofs = input.balances.flatMap(({ proof }) => (proof === undefined ? [] : [`${canonicalJson(proof)}\n`]));
	if (proofs.length > 0) files.set("balances.jsonl", proofs.join(""));
	files.set("packet.json", packetList(input, files));
	return files;
}

/** The packet's own list of its files: their hashes, sealed, so that a change is seen. It proves nothing of what they say. */
function packetList({ info, result, request }: PacketInput, files: ReadonlyMap<string, string | Uint8Array>): string {
	const listed = [...files].map(([path, content]) => {
		const bytes = Buffer.from(content);
		return { path, bytes: bytes.length.toString(), sha256: createHash("sha256").update(bytes).digest("hex") };
	});
	const open = {
		schema: "clew.packet/1",
		case: info.id,
		trace: result.id,
		points: (request.points.length + request.leads.length).toString(),
		rows: allPoints(request)
			.reduce((sum, { rows }) => sum + rows.length, 0)
			.toString(),
		files: listed.sort((a, b) => compareText(a.path, b.path)),
	};
	return `${canonicalJson({ ...open, seal: sha256Hex(canonicalJson(open)) })}\n`;
}

/** What is asked for, and leads behind it. */
function allPoints({ points, leads }: FreezeRequest): readonly RequestPoint[] {
	return [...points, ...leads];
}

function rulesOf(result: TraceResult) {
	return result.rules.filter((rule) => CONSERVING_RULES.includes(rule));
}

function values({ info, details, result, request, balances, differences = [] }: PacketInput) {
	const { recipient, kind } = request;
	const points = allPoints(request);
	const whatIf = whatIfOf(result);
	const rows = points.flatMap((point) => point.rows);
	const times = rows
		.map(({ time }) => time)
		.filter((time) => time !== "")
		.sort();
	const rule = pictureRule(result);
	const labels = [
		...new Set(
			points.flatMap(({ leaf }) => leaf.labels.map((l) => `${defang(l.entity)}, source ${defang(l.source)}, confidence ${l.confidence}`)),
		),
	];
	const stated = (text: string) => defang(text) || NOT_STATED;
	const leadsOnly = request.points.length === 0;
	return {
		conditions: { where_amounts: !leadsOnly, where_leads_only: leadsOnly },
		subtitle: `${leadsOnly ? "Leads only: records are asked to be preserved, and nothing to be frozen. " : ""}Case ${info.id}, trace ${result.id}, chain ${result.chain}.${whatIf === undefined ? "" : ` What-if, not where all of it went: ${whatIf}.`}`,
		handling: defang(details.handling),
		texts: {
			acts: leadsOnly ? "preserve records" : "preserve and freeze",
			rows_known: knownInWords(rows),
			recipient: defang(recipient?.name || request.entity),
			recipient_address: stated(recipient?.address ?? ""),
			recipient_channel: stated(recipient?.channel ?? ""),
			recipient_place: kind === "custodian" ? "addresses that are labelled as yours" : "addresses that hold your token",
			requester: stated(details.requester),
			legal_basis: stated(details.legalBasis),
			jurisdiction: stated(details.jurisdiction),
			symbols: [...new Set(points.map(({ asset }) => defang(result.assets[asset]?.symbol ?? "") || asset))].join(", "),
			rule,
			first_time: times[0] ?? "the first transfer named here",
			labels: labels.join("; ") || "none; the token's contract names its issuer",
			case: info.id,
			trace: result.id,
			cutoff: result.coverage.cutoff,
		},
		blocks: {
			seeds: [
				{
					kind: "list",
					items: countedOf(result).counted.seeds.map((seed) => [
						code(seed.spec),
						`: ${
							Object.entries(seed.seeded)
								.map(([asset, a]) => defang(describeAmount(result, asset, BigInt(a[rule] ?? "0"))))
								.join(", ") || "nothing arrived"
						}`,
					]),
				},
			],
			transfers: [transferTable(result, rows)],
			asked: [askedTable(result, request.points)],
			rules: [ruleTable(result, points)],
			balances: [...balanceBlocks(result, points, balances), ...differenceBlocks(result, differences)],
		} satisfies Record<string, Block[]>,
	};
}

/** Where rows that no header shows were taken from. */
const TAKEN_FROM: Readonly<Record<string, string>> = { quorum: "from several nodes", node: "from one node", imported: "from files" };

/** How the rows of a request are known, counted: it says no more than the column `known` of its table. */
function knownInWords(rows: readonly TraceEdge[]): string {
	const by = (tier: string) => rows.filter(({ provenance }) => provenance === tier).length;
	const others = [...new Set(rows.map(({ provenance }) => provenance))].filter((tier) => tier !== "proven").sort(compareText);
	return [
		`Of the ${rows.length} rows named here ${by("proven")} are proven to a block header`,
		...others.map((tier) => `${by(tier)} are taken ${TAKEN_FROM[tier] ?? `from ${defang(tier)}`}`),
	]
		.join(", ")
		.concat(".");
}

function transferTable(result: TraceResult, rows: readonly TraceEdge[]): Block {
	return {
		kind: "table",
		caption: "Transfers",
		columns: [
			{ name: "row", width: 0.7, numeric: true },
			{ name: "time (UTC) and block", width: 2.2 },
			{ name: "transaction, from, to, asset", width: 7 },
			{ name: "amount", width: 3, numeric: true },
			{ name: "tainted, agreed by every rule", width: 3, numeric: true },
		],
		rows: rows.map((edge): Cell[] => {
			const { asset, amount, tainted } = edge.into ?? edge;
			return [
				cell(edge.row.toString()),
				[[edge.time || "time not known"], [`block ${edge.position.split(".")[0]}`]],
				[
					[code(edge.txHash)],
					[code(displayAddress(edge.from as AccountId))],
					["to ", code(displayAddress(edge.to as AccountId))],
					[code(asset)],
				],
				[[defang(describeAmount(result, asset, BigInt(amount)))], [`${amount} base units`]],
				[[defang(describeAmount(result, asset, leastOf(result, tainted)))], [`${leastOf(result, tainted)} base units`]],
			];
		}),
	};
}

/** What every conserving rule says of a row at least. */
function leastOf(result: TraceResult, tainted: TraceAmounts): bigint {
	return rulesOf(result)
		.map((rule) => BigInt(tainted[rule] ?? "0"))
		.reduce(minAmount);
}

/** What is asked for, address by address. */
function askedTable(result: TraceResult, points: readonly RequestPoint[]): Block {
	if (points.length === 0)
		return { kind: "text", parts: ["No amount: the rules agree on none. These are leads, and records are asked to be preserved only."] };
	return {
		kind: "table",
		caption: "What every conserving rule agrees on",
		columns: [
			{ name: "address and asset", width: 7 },
			{ name: "asked for", width: 4, numeric: true },
		],
		rows: points.map(({ leaf, asset }): Cell[] => [
			[[code(displayAddress(leaf.account as AccountId))], [code(asset)]],
			[[defang(describeAmount(result, asset, BigInt(leaf.agreed)))], [`${leaf.agreed} base units`]],
		]),
	};
}

function ruleTable(result: TraceResult, points: readonly RequestPoint[]): Block {
	const rules = rulesOf(result);
	return {
		kind: "table",
		caption: "Annex: amounts at each address under every conserving rule, in base units",
		columns: [
			{ name: "address and asset", width: 5 },
			...rules.map((name) => ({ name, width: 2, numeric: true })),
			{ name: "agreed by all", width: 2, numeric: true },
			{ name: "at most by any", width: 2, numeric: true },
		],
		rows: points.map(({ leaf, asset }): Cell[] => [
			[[code(displayAddress(leaf.account as AccountId))], [code(asset)]],
			...rules.map((rule) => cell(leaf.amounts[asset]?.[rule] ?? "0")),
			cell(leaf.agreed),
			cell(leaf.range[1]),
		]),
	};
}

function balanceBlocks(result: TraceResult, points: readonly RequestPoint[], balances: readonly CurrentBalance[]): Block[] {
	const outputs = points.flatMap(({ leaf }) => leaf.outpoints ?? []);
	const blocks: Block[] = [];
	if (outputs.length > 0)
		blocks.push({
			kind: "table",
			caption: `Outputs that hold it, unspent or at the recipient, at block ${result.coverage.cutoff}`,
			columns: [
				{ name: "output", width: 7 },
				{ name: "satoshi", width: 2, numeric: true },
			],
			rows: outputs.map(({ outpoint, amount }): Cell[] => [cell(code(outpoint)), cell(amount)]),
		});
	if (balances.length > 0)
		blocks.push({
			kind: "table",
			caption: "Balances as a node tells them; proven means that balances.jsonl leads to the block's header",
			columns: [
				{ name: "address and asset", width: 6 },
				{ name: "balance", width: 3, numeric: true },
				{ name: "block", width: 5 },
				{ name: "known by", width: 1.5 },
			],
			rows: balances.map(({ account, asset, amount, height, blockHash, proof }): Cell[] => [
				[[code(displayAddress(account as AccountId))], [code(asset)]],
				[[defang(describeAmount(result, asset, amount))], [`${amount} base units`]],
				[[height.toString()], [code(blockHash)]],
				cell(proof === undefined ? "node" : "proven"),
			]),
		});
	if (blocks.length === 0) blocks.push({ kind: "text", parts: [`No node was asked. The data ends at block ${result.coverage.cutoff}.`] });
	return blocks;
}

/** What the node says otherwise, each with both figures where there are two. */
function differenceBlocks(result: TraceResult, differences: readonly TraceGap[]): Block[] {
	return differences.map(({ account = "", asset = "", amount, balance, text }) => {
		const show = (units: string) => defang(describeAmount(result, asset, BigInt(units)));
		const figures =
			amount === undefined || balance === undefined ? "" : ` (${show(amount)} by the trace or its data, ${show(balance)} at the node)`;
		return { kind: "text", parts: [code(displayAddress(account as AccountId)), `: ${defang(text)}${figures}.`] };
	});
}

function machineForm({ info, details, result, request, balances, differences = [] }: PacketInput) {
	const whatIf = whatIfOf(result);
	const { counted } = countedOf(result);
	return {
		schema: "clew.request/1",
		...(whatIf === undefined ? {} : { whatIf }),
		seeds: counted.seeds.map(({ spec, seeded }) => ({ spec, seeded })),
		asked: askedFor(request.points),
		case: { id: info.id, chain: info.chain },
		details,
		trace: result.id,
		cutoff: result.coverage.cutoff,
		kind: request.kind,
		to:
			request.recipient === undefined
				? { entity: request.entity }
				: {
						entity: request.recipient.entity,
						name: request.recipient.name,
						address: request.recipient.address,
						channel: request.recipient.channel,
					},
		rule: pictureRule(result),
		asks: request.points.length === 0 ? ["preserve"] : ["preserve", "freeze", "produce"],
		blanks: ["agency", "officer", "order", "until", "channel"],
		points: request.points.map(machinePoint),
		leads: request.leads.map(machinePoint),
		differences,
		balances: balances.map(({ account, asset, amount, height, blockHash, proof }) => ({
			account,
			asset,
			amount: amount.toString(),
			height: height.toString(),
			blockHash,
			known: proof === undefined ? "node" : "proven",
		})),
	};
}

function machinePoint({ leaf, asset, rows }: RequestPoint) {
	return {
		account: leaf.account,
		asset,
		stop: leaf.stop,
		labels: leaf.labels,
		amounts: leaf.amounts[asset],
		agreed: leaf.agreed,
		range: leaf.range,
		outpoints: leaf.outpoints ?? [],
		rows: rows.map(({ row }) => row),
	};
}

/** What every conserving rule agrees on over these end points, in base units by asset: what a request asks for. */
export function askedFor(points: readonly RequestPoint[]): Record<string, string> {
	const sums = new Map<string, bigint>();
	for (const { leaf, asset } of points) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(leaf.agreed));
	return Object.fromEntries([...sums].map(([asset, sum]) => [asset, sum.toString()]));
}
