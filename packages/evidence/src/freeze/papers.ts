import {
	type AccountId,
	compareText,
	countOf,
	csvLine,
	datesInWords,
	defang,
	defangLong,
	displayAddress,
	groupBy,
	imitatedBy,
	instantOf,
	rangeOfRows,
	shownSymbol,
	standingAt,
	standingInWords,
	standingOver,
} from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, cell, code, type Inline } from "../document/model.js";
import { toPdf } from "../document/pdf.js";
import { toText } from "../document/text.js";
import { names } from "./disputes.js";
import type { RequestExchange, RequestRow } from "./document-row.js";
import { statements } from "./fields.js";
import { firstTime } from "./path.js";
import { pathTable } from "./path-table.js";
import type { DocumentPoint, RequestDocument } from "./request-document.js";
import { type ByUnit, beyondEach } from "./request-values.js";
import { rowTable, spreadsheet } from "./row-table.js";
import { accountBlocks, inShort } from "./short-words.js";
import { conditionsOf, fillTemplate } from "./template.js";
import { thereNowBlocks } from "./there-now.js";
import { seedWords, sumLines, totalBlocks, valueLines } from "./value-words.js";
import { wayBlocks } from "./way-words.js";

/**
 * What people and their tools open of a packet, by name: a pure function of its request and of the version of Clew. Throws InputError for
 * a template that names what is not known.
 */
export async function papersOfRequest(request: RequestDocument, templateName = "freeze.txt"): Promise<Map<string, string | Uint8Array>> {
	const filled = fillTemplate(request.template, values(request), templateName);
	const paper = request.whatIf === undefined ? filled : { ...filled, title: `${filled.title} (what-if)` };
	const table = rowTable(request);
	const path = pathTable(request);
	return new Map<string, string | Uint8Array>([
		["request.txt", toText(paper)],
		["request.pdf", await toPdf(paper)],
		["transfers.csv", csv(table)],
		["transfers.xlsx", await spreadsheet(table, path)],
		...(path === undefined ? [] : [["path.csv", csv(path)] as const]),
	]);
}

const csv = (table: readonly (readonly string[])[]) => table.map((row) => csvLine(row)).join("");

/** A label, since and until when its source says so, and how it stood when the rows' money came. */
function labelInWords(label: DocumentPoint["labels"][number], rows: readonly RequestRow[]): string {
	const [first, last] = [rows[0], rows[rows.length - 1]].map((row) => standingAt(label, row && instantOf(row.time)));
	const dates = standingInWords(label, standingOver(first, last)) || datesInWords(label);
	return `${defang(label.entity)}, source ${defang(label.source)}, confidence ${label.confidence}${dates === "" ? "" : `, ${dates}`}`;
}

/** The labels that say of an end point that it is whose who is asked: of an issuer, whom a registry names, there are none. */
function namingAsked({ kind, to }: RequestDocument, labels: DocumentPoint["labels"]): DocumentPoint["labels"] {
	return kind === "issuer" ? [] : labels.filter((label) => names(label, to.entity));
}

/** The rows that lead to an end point, in order. */
function rowsOfPoint({ rows: numbers }: DocumentPoint, rows: readonly RequestRow[]): RequestRow[] {
	const own = new Set(numbers);
	return rows.filter(({ row }) => own.has(row));
}

function values(request: RequestDocument) {
	const { to, kind, details, rule, whatIf, rows } = request;
	const said = statements(request);
	const chain = `${request.chainName} (${request.chain})`;
	const points = [...request.points, ...request.leads];
	const times = rows
		.map(({ time }) => time)
		.filter((time) => time !== "")
		.sort();
	const labels = [
		...new Set(points.flatMap((point) => namingAsked(request, point.labels).map((l) => labelInWords(l, rowsOfPoint(point, rows))))),
	];
	const leadsOnly = request.points.length === 0;
	const disputed = points.filter((point) => point.disputed !== undefined && point.disputed.length > 0);
	const disputes =
		disputed.length === 0
			? ""
			: ` Lists disagree about whose ${disputed.length} of its ${countOf(points.length, "end point")} are: said below.`;
	return {
		conditions: conditionsOf(request),
		subtitle: `${leadsOnly ? "Leads only: records are asked to be preserved, and nothing to be frozen. " : ""}Case ${request.case.id}, trace ${request.trace}, chain ${chain}.${whatIf === undefined ? "" : ` What-if, not the usual trace of all of it: ${whatIf}.`}${disputes}`,
		handling: defang(details.handling),
		texts: {
			acts: leadsOnly ? "preserve records" : "preserve and freeze",
			rows_known: knownInWords(rows),
			recipient: defang(to.name || to.entity),
			request: inShort(request),
			recipient_place: kind === "custodian" ? "addresses that are labelled as yours" : "addresses that hold your token",
			...Object.fromEntries(said.map(({ placeholder, text }) => [placeholder, defangLong(text)])),
			chain,
			symbols: [
				...new Set(points.map(({ asset }) => shownSymbol(asset, request.assets[asset]?.symbol ?? "", request.assets) || asset)),
			].join(", "),
			rule,
			first_time: firstTime(request, times) ?? "the first transfer named here",
			labels: labels.join("; ") || "no label; the requester's registry of recipients calls you the issuer of the token",
			case: request.case.id,
			trace: request.trace,
			cutoff: request.cutoff,
		},
		empty: Object.fromEntries(said.filter(({ text }) => text === "").map(({ placeholder, words }) => [placeholder, words])),
		blocks: {
			path: wayBlocks(request),
			account: accountBlocks(request),
			assets: [assetList(request, chain)],
			seeds: [
				{
					kind: "list",
					items: request.seeds.map((seed, i) => [
						code(seed.spec),
						`: ${
							Object.entries(seed.seeded)
								.map(([asset, a]) => defang(describeAmount(request, asset, BigInt(a[rule] ?? "0"))))
								.join(", ") || "nothing arrived"
						}${request.values === undefined ? "" : seedWords(request.values, i)}`,
					]),
				},
				...exchangeTable(request),
			],
			transfers: [transferTable(request, rows)],
			asked: [...askedBlocks(request), ...disputeBlocks(request, disputed), ...totalBlocks(request)],
			rules: [ruleTable(request, points)],
			balances: thereNowBlocks(request),
		} satisfies Record<string, Block[]>,
	};
}

/** That a token is not what it calls itself, in a sentence; nothing of any other. */
function notTheKnown(asset: string, symbol: string, chain: string): Inline[] {
	const imitated = imitatedBy(asset, symbol);
	if (imitated === undefined) return [];
	const { symbol: known, contract } = imitated;
	if (contract === undefined) return [`. This contract calls its token by the name of ${known}, the coin of ${chain}, which it is not`];
	return [`. This contract calls its token by the name of ${known} and is not the known contract of ${known}, which is `, code(contract)];
}

/** What amounts are counted in: coins, and tokens by their contract. */
function assetList({ assets, contracts }: RequestDocument, chain: string): Block {
	const items = [...new Set([...Object.keys(assets), ...Object.keys(contracts)])].map((asset): Inline[] => {
		const { symbol = "", decimals = 0 } = assets[asset] ?? {};
		const contract = contracts[asset];
		const counted = symbol === "" && decimals === 0 ? "decimals not known" : `${decimals} decimals`;
		const what = contract === undefined ? [`: the coin of ${chain}`] : [": the token of contract ", code(contract), ` on ${chain}`];
		return [shownSymbol(asset, symbol, assets) || code(asset), ...what, `, ${counted}`, ...notTheKnown(asset, symbol, chain)];
	});
	return { kind: "list", items };
}

/** Where rows that no header shows were taken from. */
const TAKEN_FROM: Readonly<Record<string, string>> = {
	quorum: "from several nodes by the maker's word",
	node: "from one node",
	"node-unverified": "from one node, unchecked",
	imported: "from files",
};

/** How the rows of a request are known, counted: it says no more than the column `known` of its table. */
function knownInWords(rows: readonly RequestRow[]): string {
	const are = (n: number) => `${n} ${n === 1 ? "is" : "are"}`;
	const by = (tier: string) => rows.filter(({ provenance }) => provenance === tier).length;
	const others = [...new Set(rows.map(({ provenance }) => provenance))].filter((tier) => tier !== "proven").sort(compareText);
	return [
		`Of the ${countOf(rows.length, "row")} named here ${are(by("proven"))} proven to a block header`,
		...others.map((tier) => `${are(by(tier))} taken ${TAKEN_FROM[tier] ?? `from ${defang(tier)}`}`),
	]
		.join(", ")
		.concat(".");
}

function transferTable(request: RequestDocument, rows: readonly RequestRow[]): Block {
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
		rows: rows.map((edge, i): Cell[] => {
			const { asset, amount } = edge;
			const { least } = rangeOfRows([edge]) ?? { least: 0n };
			const { units, rows: valued = [] } = request.values ?? {};
			return [
				cell(edge.row.toString()),
				[[edge.time || "time not known"], [`block ${edge.position.split(".")[0]}`]],
				[
					[code(edge.txHash)],
					[code(displayAddress(edge.from as AccountId))],
					["to ", code(displayAddress(edge.to as AccountId))],
					[code(asset)],
				],
				[[defang(describeAmount(request, asset, BigInt(amount)))], [`${amount} base units`], ...valueLines(valued[i]?.amount, units)],
				[[defang(describeAmount(request, asset, least))], [`${least} base units`], ...valueLines(valued[i]?.agreed, units)],
			];
		}),
	};
}

/** What the money was exchanged for on its way, by the two assets: sums over the exchanges, which `request.json` names one by one. */
function exchangeTable(request: RequestDocument): Block[] {
	const { exchanges = [], rule, values } = request;
	const numbered = exchanges.map((exchange, i) => ({ ...exchange, worth: values?.exchanges[i] }));
	const pairs = groupBy(numbered, ({ paid, got }) => `${paid.asset} ${got.asset}`);
	const sumOf = (sides: readonly RequestExchange["paid"][], worth: readonly (ByUnit | undefined)[]): Cell => {
		const asset = sides[0]?.asset ?? "";
		const sum = sides.reduce((total, { tainted }) => total + BigInt(tainted[rule] ?? "0"), 0n);
		return [[defang(describeAmount(request, asset, sum))], [`${sum} base units`], ...sumLines(worth, values?.units), [code(asset)]];
	};
	const rows = [...pairs.values()].map((some): Cell[] => [
		cell(some.length.toString()),
		sumOf(
			some.map(({ paid }) => paid),
			some.map(({ worth }) => worth?.paid),
		),
		sumOf(
			some.map(({ got }) => got),
			some.map(({ worth }) => worth?.got),
		),
	]);
	if (rows.length === 0) return [];
	return [
		{
			kind: "table",
			caption: `Exchanges on the way (request.json names each): what of it was paid and got under ${rule}; it may pass several`,
			columns: [
				{ name: "exchanges", width: 1, numeric: true },
				{ name: "paid", width: 5 },
				{ name: "got", width: 5 },
			],
			rows,
		},
	];
}

/** What is asked for, address by address. */
function askedBlocks(request: RequestDocument): Block[] {
	const { points } = request;
	if (points.length === 0)
		return [{ kind: "text", parts: ["No amount: the rules agree on none. These are leads, and records are asked to be preserved only."] }];
	const table: Block = {
		kind: "table",
		caption: "What every conserving rule agrees on, of each address",
		columns: [
			{ name: "address and asset", width: 7 },
			{ name: "asked for", width: 4, numeric: true },
		],
		rows: points.map(({ account, asset, agreed }, i): Cell[] => [
			[[code(displayAddress(account as AccountId))], [code(asset)]],
			[
				[defang(describeAmount(request, asset, BigInt(agreed)))],
				[`${agreed} base units`],
				...valueLines(request.values?.points[i]?.values, request.values?.units),
			],
		]),
	};
	return [table, ...togetherBlocks(request)];
}

/** Of assets of which every rule finds more at the addresses together than all of them find at each: the rules part it otherwise. */
function togetherBlocks(request: RequestDocument): Block[] {
	const { points, asked } = request;
	return beyondEach(request).map(({ asset }): Block => {
		const own = points.filter((point) => point.asset === asset);
		const amount = asked[asset] ?? "0";
		const sum = `${defang(describeAmount(request, asset, BigInt(amount)))} (${amount} base units)`;
		return {
			kind: "text",
			parts: [
				`Together the ${own.length} addresses above got at least ${sum} of `,
				code(asset),
				" by every conserving rule, and that is what is asked for. The rules differ in which of the addresses got how much of it; the annex says what each finds.",
			],
		};
	});
}

/** Of each end point about which lists disagree, whose others say it is. */
function disputeBlocks({ to }: RequestDocument, points: readonly DocumentPoint[]): Block[] {
	if (points.length === 0) return [];
	const whose = ({ disputed = [] }: DocumentPoint) =>
		disputed.map(({ entity, category, source }) => `${defang(entity)}'s (${category}), says ${defang(source)}`).join("; ");
	return [
		{
			kind: "text",
			parts: [
				`Lists disagree about whose these addresses are. A label says that they are those of ${defang(to.name || to.entity)}; others:`,
			],
		},
		{
			kind: "list",
			items: points.map((point) => [code(displayAddress(point.account as AccountId)), `: ${whose(point)}`]),
		},
	];
}

function ruleTable({ rules }: RequestDocument, points: readonly DocumentPoint[]): Block {
	return {
		kind: "table",
		caption: "Annex: amounts at each address under every conserving rule, in base units",
		columns: [
			{ name: "address and asset", width: 5 },
			...rules.map((name) => ({ name, width: 2, numeric: true })),
			{ name: "agreed by all", width: 2, numeric: true },
			{ name: "at most by any", width: 2, numeric: true },
		],
		rows: points.map(({ account, asset, amounts, agreed, range }): Cell[] => [
			[[code(displayAddress(account as AccountId))], [code(asset)]],
			...rules.map((rule) => cell(amounts[rule] ?? "0")),
			cell(agreed),
			cell(range[1]),
		]),
	};
}
