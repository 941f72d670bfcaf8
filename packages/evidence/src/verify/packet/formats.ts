import {
	type Amounts,
	amounts,
	type Edge,
	height,
	integer,
	line,
	type Manifest,
	movedFields,
	outpoint,
	path,
	provenance,
	sha256,
	type Trace,
} from "../bundle/formats.js";
import { int, is, isRecord, list, object, record, type Shape, text } from "../encoding/shape.js";
import type { LabelDates } from "../trace/label-dates.js";
import { STOP_REASONS } from "../trace/stops.js";
import { type RequestValues, requestValuesShape } from "../values/form.js";

/** The list of files of a freeze request. */
export const packetShape = object({
	schema: is("clew.packet/2"),
	tool: object({ name: is("clew"), version: line, lockSha256: line }),
	case: line,
	trace: text(/^[0-9a-f]{16}$/),
	points: integer,
	rows: integer,
	files: list(object({ path, bytes: integer, sha256 })),
	seal: sha256,
});

export interface Packet {
	readonly case: string;
	readonly trace: string;
	readonly points: string;
	readonly rows: string;
	readonly files: Manifest["files"];
	readonly seal: string;
}

const pointFields = {
	account: line,
	asset: line,
	stop: object({ reason: is(...STOP_REASONS), detail: text() }),
	labels: list(
		object({
			entity: line,
			name: line,
			category: line,
			source: line,
			retrievedAt: line,
			confidence: int(0, 100),
			"validFrom?": line,
			"validUntil?": line,
			tier: is("attribution"),
		}),
	),
	amounts,
	agreed: integer,
	range: list(integer, 2, 2),
	"open?": is(true),
	outpoints: list(object({ outpoint, amount: integer, tainted: amounts })),
	rows: list(int(1), 1),
};
const olderPoint = object(pointFields);
const disputing = object({ entity: line, category: line, source: line });
const requestPoint = object({ ...pointFields, disputed: list(disputing) });

const difference = object({
	kind: line,
	"account?": line,
	"asset?": line,
	"amount?": integer,
	"balance?": integer,
	"fromHeight?": height,
	"toHeight?": height,
	text: line,
});

/** What a node tells other than the trace. */
export type RequestDifference = Trace["coverage"]["gaps"][number];

/** What only a person can say of a request. */
export const FIELDS = [
	...["agency", "officer", "badge", "email", "telephone", "authority", "counsel"],
	...["order", "urgency", "until", "channel", "suspects", "victims"],
] as const;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const field = text(/^[^\u0000-\u001f]{0,500}$/);

const side = object({ asset: line, amount: integer, tainted: amounts });
const { row, position, time, txHash } = movedFields;
const exchange = object({ row, position, time, txHash, account: line, paid: side, got: side, provenance });

const numbers = list(int(1));
const wayRow = object({ ...movedFields, provenance, "outpoint?": outpoint, "seeded?": is(true), "passage?": line });
const moved = object({ position, txHash: line, from: line, to: line, asset: line, amount: integer });
const wayShape = object({
	rows: list(wayRow),
	exchanges: numbers,
	arrived: list(object({ row: int(1), passage: line })),
	passages: list(object({ kind: is("bridge", "swap"), protocol: line, key: line, paid: moved, got: moved })),
	before: list(
		object({
			chain: line,
			chainName: line,
			trace: text(/^[0-9a-f]{16}$/),
			rules: list(line, 1),
			assets: record(object({ symbol: text(), decimals: int(0, 255) })),
			rows: list(wayRow),
			exchanges: list(exchange),
		}),
	),
	deposits: list(object({ account: line, asset: line, came: list(int(1), 1), swept: list(int(1), 1) })),
});
const callShape = object({
	account: line,
	asset: line,
	contract: line,
	freezes: line,
	data: text(/^0x[0-9a-f]{72}$/),
	frozen: is("yes", "no", "no answer", "not asked"),
	"height?": height,
});

/** A request that states no exchanges. */
const WITHOUT_EXCHANGES = "clew.request/3";
/** One that does not say where labels contradict the name of who is asked. */
const WITHOUT_DISPUTES = "clew.request/4";

/** One that asks for what the rules agree on of each end point, and not of all of them together. */
const EACH_ALONE = "clew.request/5";
/** One that does not tell the way from the seeds. */
const WITHOUT_WAY = "clew.request/6";
/** Requests that add up what is agreed of each end point. */
export const ADDED_UP: ReadonlySet<string> = new Set([WITHOUT_EXCHANGES, WITHOUT_DISPUTES, EACH_ALONE]);

const requestFields = {
	schema: is(WITHOUT_EXCHANGES, WITHOUT_DISPUTES, EACH_ALONE, WITHOUT_WAY, "clew.request/7"),
	"whatIf?": line,
	case: object({ id: line, chain: line }),
	chain: line,
	chainName: line,
	details: object({ requester: line, legalBasis: line, jurisdiction: line, handling: line }),
	fields: object({ ...Object.fromEntries(FIELDS.map((name) => [name, field])), until: text(/^(\d{4}-\d{2}-\d{2})?$/) }),
	trace: text(/^[0-9a-f]{16}$/),
	cutoff: height,
	kind: is("custodian", "issuer"),
	to: object({ entity: line, "name?": line, "address?": line, "channel?": line, "country?": line }),
	rules: list(line, 1),
	rule: line,
	seeds: list(object({ spec: line, seeded: record(amounts) })),
	assets: record(object({ symbol: text(), decimals: int(0, 255) })),
	contracts: record(text(/^(0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33})$/)),
	asks: list(is("preserve", "freeze", "produce"), 1),
	asked: record(integer),
	blanks: list(line),
	points: list(olderPoint),
	leads: list(olderPoint),
	rows: list(object({ ...movedFields, provenance })),
	balances: list(object({ account: line, asset: line, amount: integer, height, blockHash: line, known: is("node", "proven") })),
	differences: list(difference),
	template: text(),
};
const withExchanges = { ...requestFields, exchanges: list(exchange) };
const requestPoints = { points: list(requestPoint), leads: list(requestPoint) };
const olderShapes: Readonly<Record<string, Shape>> = {
	[WITHOUT_EXCHANGES]: object(requestFields),
	[WITHOUT_DISPUTES]: object(withExchanges),
	[EACH_ALONE]: object({ ...withExchanges, ...requestPoints }),
	[WITHOUT_WAY]: object({ ...withExchanges, ...requestPoints, "values?": requestValuesShape }),
};
const currentShape = object({
	...withExchanges,
	...requestPoints,
	"values?": requestValuesShape,
	way: wayShape,
	calls: list(callShape),
	restsOn: list(line),
});

export const requestShape: Shape = (value, path) =>
	((isRecord(value) ? olderShapes[String(value["schema"])] : undefined) ?? currentShape)(value, path);

export interface RequestPoint {
	readonly account: string;
	readonly asset: string;
	readonly stop: { readonly reason: string; readonly detail: string };
	readonly labels: readonly (LabelDates & Disputing & { readonly confidence: number })[];
	readonly amounts: Amounts;
	readonly agreed: string;
	readonly range: readonly [string, string];
	readonly open?: true;
	readonly outpoints: readonly { readonly outpoint: string; readonly amount: string; readonly tainted: Amounts }[];
	readonly rows: readonly number[];
	readonly disputed?: readonly Disputing[];
}

/** What a label says that contradicts another. */
interface Disputing {
	readonly entity: string;
	readonly category: string;
	readonly source: string;
}

export type RequestRow = Pick<
	Edge,
	"row" | "position" | "time" | "txHash" | "from" | "to" | "asset" | "amount" | "tainted" | "range" | "provenance"
>;

/** One side of an exchange: all that moved net, and what of it each rule says is tainted; base units. */
interface ExchangeSide {
	readonly asset: string;
	readonly amount: string;
	readonly tainted: Amounts;
}

/** An exchange that the money passed through on its way to the end points. */
export interface RequestExchange extends Pick<Edge, "row" | "position" | "time" | "txHash" | "provenance"> {
	readonly account: string;
	readonly paid: ExchangeSide;
	readonly got: ExchangeSide;
}

/** A movement of the way. */
export interface WayRow extends RequestRow {
	readonly outpoint?: string;
	readonly seeded?: true;
	readonly passage?: string;
}

type Moved = Pick<RequestRow, "position" | "txHash" | "from" | "to" | "asset" | "amount">;

/** The way on a chain that the money was on before. */
export interface WayBefore {
	readonly chain: string;
	readonly chainName: string;
	readonly rules: readonly string[];
	readonly assets: Request["assets"];
	readonly rows: readonly WayRow[];
	readonly exchanges: readonly RequestExchange[];
}

/** How the money came from the seeds to the end points that an amount is asked of. */
export interface RequestWay {
	readonly rows: readonly WayRow[];
	readonly exchanges: readonly number[];
	readonly arrived: readonly { readonly row: number; readonly passage: string }[];
	readonly passages: readonly { readonly key: string; readonly paid: Moved; readonly got: Moved }[];
	readonly before: readonly WayBefore[];
	readonly deposits: readonly {
		readonly account: string;
		readonly asset: string;
		readonly came: readonly number[];
		readonly swept: readonly number[];
	}[];
}

export interface Request {
	readonly schema: string;
	readonly restsOn?: readonly string[];
	readonly trace: string;
	readonly whatIf?: string;
	readonly case: { readonly id: string; readonly chain: string };
	readonly chain: string;
	readonly chainName: string;
	readonly details: Readonly<Record<string, string>>;
	readonly fields: Readonly<Record<string, string>>;
	readonly cutoff: string;
	readonly kind: "custodian" | "issuer";
	readonly to: { readonly entity: string; readonly address?: string; readonly channel?: string };
	readonly rules: readonly string[];
	readonly rule: string;
	readonly seeds: readonly { readonly spec: string; readonly seeded: Readonly<Record<string, Amounts>> }[];
	readonly assets: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>;
	readonly contracts: Readonly<Record<string, string>>;
	readonly asks: readonly string[];
	readonly blanks: readonly string[];
	readonly template: string;
	readonly asked: Readonly<Record<string, string>>;
	readonly points: readonly RequestPoint[];
	readonly leads: readonly RequestPoint[];
	readonly rows: readonly RequestRow[];
	/** Absent in requests of an earlier form, which state none. */
	readonly exchanges?: readonly RequestExchange[];
	/** Absent in requests of an earlier form. */
	readonly way?: RequestWay;
	readonly calls?: readonly {
		readonly account: string;
		readonly asset: string;
		readonly contract: string;
		readonly freezes: string;
		readonly data: string;
		readonly frozen: string;
		readonly height?: string;
	}[];
	readonly balances: readonly {
		readonly account: string;
		readonly asset: string;
		readonly amount: string;
		readonly height: string;
		readonly blockHash: string;
		readonly known: string;
	}[];
	readonly differences: readonly RequestDifference[];
	/** Absent where no value was asked for. */
	readonly values?: RequestValues;
}
