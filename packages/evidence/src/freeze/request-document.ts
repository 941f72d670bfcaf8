import {
	type AccountId,
	type AssetId,
	type CaseInfo,
	type ChainId,
	CONSERVING_RULES,
	chainName,
	countedAssets,
	displayAddress,
	openingsUnder,
	type Rule,
	type TraceAmounts,
	type TraceGap,
	type TraceLeaf,
	type TraceResult,
	tokenContract,
	type Valuing,
	whatIfOf,
} from "@clew/core";
import { type CaseDetails, requestDetails } from "../bundle/details.js";
import { pictureRule } from "../bundle/picture.js";
import { publishedChannel } from "./desks.js";
import { type Disputing, disputing } from "./disputes.js";
import { documentExchange, documentRow, type RequestExchange, type RequestRow, under } from "./document-row.js";
import { exchangesBehind, isExchange } from "./exchanges.js";
import { NO_FIELDS, type RequestFields, statements } from "./fields.js";
import { type FrozenNow, type IssuerCall, issuerCalls } from "./issuer-calls.js";
import type { CurrentBalance } from "./packet.js";
import { type RequestValues, requestValues } from "./request-values.js";
import { agreedOf, type FreezeRequest, type RequestPoint } from "./requests.js";
import { blanksOf, conditionsOf } from "./template.js";
import { type RequestWay, wayOf } from "./way.js";

/** An end point and its asset; `rows` are numbers of {@link RequestDocument.rows}. */
export interface DocumentPoint extends Pick<TraceLeaf, "account" | "stop" | "labels" | "agreed" | "range" | "open"> {
	readonly asset: string;
	/** Under every conserving rule. */
	readonly amounts: TraceAmounts;
	/** On Bitcoin: the outputs that it is the sum of. */
	readonly outpoints: readonly { readonly outpoint: string; readonly amount: string; readonly tainted: TraceAmounts }[];
	readonly rows: readonly number[];
	/** Labels that contradict that it is the recipient's; of requests of earlier forms it is absent. */
	readonly disputed?: readonly Disputing[];
}

/**
 * A freeze request as a machine reads it (`request.json`): all that its papers and tables are made from, so that whoever verifies can
 * make them again. It tells amounts under conserving rules alone: what poison says supports no request, and no row of it shows it.
 */
export interface RequestDocument {
	readonly schema: "clew.request/7";
	readonly whatIf?: string;
	readonly case: { readonly id: string; readonly chain: string };
	/** The chain of the trace, and what it is called in words. */
	readonly chain: string;
	readonly chainName: string;
	readonly details: ReturnType<typeof requestDetails>;
	/** What only a person can say of the request; empty where nobody did. */
	readonly fields: RequestFields;
	readonly trace: string;
	readonly cutoff: string;
	readonly kind: FreezeRequest["kind"];
	readonly to: {
		readonly entity: string;
		readonly name?: string;
		readonly address?: string;
		readonly channel?: string;
		readonly country?: string;
	};
	/** The conserving rules, all of which must agree. */
	readonly rules: readonly Rule[];
	/** The rule whose amounts the seeds are told by. */
	readonly rule: Rule;
	readonly seeds: readonly { readonly spec: string; readonly seeded: Readonly<Record<string, TraceAmounts>> }[];
	readonly assets: TraceResult["assets"];
	/** The contract of every token that is named, with its checksum (EIP-55). */
	readonly contracts: Readonly<Record<string, string>>;
	readonly asks: readonly string[];
	readonly asked: Readonly<Record<string, string>>;
	/** What only a person may fill in: places of this document that are empty, then the wording's own blanks behind `wording: `. */
	readonly blanks: readonly string[];
	readonly points: readonly DocumentPoint[];
	readonly leads: readonly DocumentPoint[];
	readonly rows: readonly RequestRow[];
	/** Every exchange behind the rows; of requests of earlier forms it is absent. */
	readonly exchanges?: readonly RequestExchange[];
	/** How the money came from the seeds to the end points that an amount is asked of; of requests of earlier forms it is absent. */
	readonly way?: RequestWay;
	/** Of an issuer: how it can freeze each end point. */
	readonly calls?: readonly IssuerCall[];
	/** Accounts whose balance before their history nobody read, and on which it rests that the amounts asked about are there. */
	readonly restsOn: readonly AccountId[];
	readonly balances: readonly {
		readonly account: string;
		readonly asset: string;
		readonly amount: string;
		readonly height: string;
		readonly blockHash: string;
		readonly known: "node" | "proven";
	}[];
	readonly differences: readonly TraceGap[];
	/** With prices of the case: what amounts were worth in their blocks; absent where no value was asked for. */
	readonly values?: RequestValues;
	/** The wording that text and PDF are made with. */
	readonly template: string;
}

/** What a document is written from. */
export interface DocumentInput {
	readonly info: CaseInfo;
	readonly details: CaseDetails;
	readonly fields?: RequestFields;
	readonly result: TraceResult;
	readonly request: FreezeRequest;
	readonly balances: readonly CurrentBalance[];
	/** Where the node says other than the trace. */
	readonly differences?: readonly TraceGap[];
	/** Traces of the same money on other chains, in which the way of what came over from there goes on. */
	readonly elsewhere?: readonly TraceResult[];
	/** Of a request to an issuer, where a node was asked: what is frozen already. */
	readonly frozen?: readonly FrozenNow[];
	/** What values at block time are asked from, where they are. */
	readonly valuing?: Valuing | undefined;
}

const ASKS = { points: ["preserve", "freeze", "produce"], leads: ["preserve"] } as const;

/** The request as a document. */
export function requestDocument(
	{ info, details, fields = NO_FIELDS, result, request, balances, differences = [], valuing, elsewhere = [], frozen = [] }: DocumentInput,
	template: string,
): RequestDocument {
	const whatIf = whatIfOf(result);
	const { recipient, desk, points, leads } = request;
	const all = [...points, ...leads];
	const rules = result.rules.filter((rule) => CONSERVING_RULES.includes(rule));
	const openingsOf = openingsUnder(result);
	const way = wayOf(result, request, elsewhere);
	const behind = exchangesBehind(
		result.edges,
		all.flatMap((point) => point.rows),
	);
	const passed = new Set([...behind.map(({ row }) => row), ...way.exchanges]);
	const exchanges = result.edges.filter(isExchange).filter(({ row }) => passed.has(row));
	// What does not count as money is told where it was exchanged for what is asked about, or is asked about.
	const about = new Set([
		...countedAssets(result),
		...all.map(({ asset }) => asset),
		...exchanges.flatMap(({ asset, into }) => [asset, into.asset]),
	]);
	const seeds = result.seeds.map(({ spec, seeded }) => ({
		spec,
		seeded: Object.fromEntries(
			Object.entries(seeded).flatMap(([asset, amounts]) => (about.has(asset) ? [[asset, under(rules, amounts)]] : [])),
		),
	}));
	const rows = new Map(all.flatMap((point) => point.rows.map((edge) => [edge.row, documentRow(edge, rules)] as const)));
	const named = new Set([
		...way.rows.map(({ asset }) => asset),
		...seeds.flatMap(({ seeded }) => Object.keys(seeded)),
		...all.map(({ asset }) => asset),
		...exchanges.flatMap(({ asset, into }) => [asset, into.asset]),
		...[...balances, ...differences].map(({ asset = "" }) => asset),
	]);
	const published = desk === undefined ? {} : { channel: publishedChannel(desk) };
	const to =
		recipient === undefined
			? { entity: request.entity, ...published }
			: {
					entity: recipient.entity,
					name: recipient.name,
					address: recipient.address,
					channel: recipient.channel,
					...(recipient.country ? { country: recipient.country } : {}),
					...published,
				};
	const document: RequestDocument = {
		schema: "clew.request/7",
		...(whatIf === undefined ? {} : { whatIf }),
		case: { id: info.id, chain: result.chain },
		chain: result.chain,
		chainName: chainName(result.chain as ChainId),
		details: requestDetails(details),
		fields,
		trace: result.id,
		cutoff: result.coverage.cutoff,
		kind: request.kind,
		to,
		rules,
		rule: pictureRule(result),
		seeds,
		assets: Object.fromEntries(Object.entries(result.assets).filter(([asset]) => named.has(asset))),
		contracts: contractsOf([...named]),
		asks: points.length === 0 ? ASKS.leads : ASKS.points,
		asked: askedFor(points),
		blanks: [
			...statements({ details, fields, to }).flatMap(({ path, text }) => (text === "" ? [path] : [])),
			...blanksOf(template, conditionsOf(request)).map((words) => `wording: ${words}`),
		],
		points: points.map((point) => documentPoint(point, rules, request)),
		leads: leads.map((point) => documentPoint(point, rules, request)),
		rows: [...rows.values()].sort((a, b) => a.row - b.row),
		exchanges: exchanges.map((edge) => documentExchange(edge, rules)),
		way,
		calls: issuerCalls(request, frozen),
		restsOn: [...new Set(points.flatMap(({ leaf }) => openingsOf(leaf)))].sort(),
		balances: balances.map(({ account, asset, amount, height, blockHash, proof }) => ({
			account,
			asset,
			amount: amount.toString(),
			height: height.toString(),
			blockHash,
			known: proof === undefined ? "node" : "proven",
		})),
		differences,
		template,
	};
	return valuing === undefined ? document : { ...document, values: requestValues(document, result, valuing) };
}

/** Contracts of the tokens among these assets, by asset. */
function contractsOf(assets: readonly string[]): Record<string, string> {
	return Object.fromEntries(
		assets.flatMap((asset) => {
			const contract = tokenContract(asset as AssetId);
			return contract === undefined ? [] : [[asset, displayAddress(contract)]];
		}),
	);
}

function documentPoint(point: RequestPoint, rules: readonly Rule[], request: FreezeRequest): DocumentPoint {
	const { leaf, asset, rows } = point;
	return {
		account: leaf.account,
		asset,
		stop: leaf.stop,
		labels: leaf.labels,
		amounts: under(rules, leaf.amounts[asset]),
		agreed: leaf.agreed,
		range: leaf.range,
		...(leaf.open ? { open: leaf.open } : {}),
		outpoints: (leaf.outpoints ?? []).map(({ outpoint, amount, tainted }) => ({ outpoint, amount, tainted: under(rules, tainted) })),
		rows: rows.map(({ row }) => row),
		disputed: disputing(request, point),
	};
}

/** What every conserving rule agrees on over these end points, in base units by asset: what a request asks for. */
export function askedFor(points: readonly RequestPoint[]): Record<string, string> {
	const assets = [...new Set(points.map(({ asset }) => asset))];
	return Object.fromEntries(assets.map((asset) => [asset, agreedOf(points, asset).toString()]));
}
