import {
	type AccountId,
	type ChainId,
	CONSERVING_RULES,
	chainName,
	groupBy,
	isTransactionNode,
	parsePosition,
	type Rule,
	rangeOfRows,
	type TraceEdge,
	type TracePassage,
	type TraceResult,
} from "@clew/core";
import { documentExchange, documentRow, type RequestExchange, type RequestRow } from "./document-row.js";
import { isExchange } from "./exchanges.js";
import { type PassedOn, passedOn } from "./passed-on.js";
import type { FreezeRequest } from "./requests.js";

/** A movement on the way from the theft to an end point. */
export interface WayRow extends RequestRow {
	/** On Bitcoin: the output that it makes or spends. */
	readonly outpoint?: string;
	/** The trace begins with it: a seed marked what it brought. */
	readonly seeded?: true;
	/** The key of the passage that it came out of. */
	readonly passage?: string;
}

/** A bridge or a pool on the way; `paid` and `got` name their chains. */
export type WayPassage = Pick<TracePassage, "kind" | "protocol" | "key" | "paid"> & { readonly got: NonNullable<TracePassage["got"]> };

/** The way on a chain that the money was on before. */
export interface WayBefore {
	readonly chain: string;
	readonly chainName: string;
	/** The trace of that chain that its rows are numbered by. */
	readonly trace: string;
	readonly rules: readonly Rule[];
	readonly assets: TraceResult["assets"];
	readonly rows: readonly WayRow[];
	readonly exchanges: readonly RequestExchange[];
}

/**
 * Every movement by which the money that is asked for can have come from the seeds: with the exchanges and rows of the request, which stand
 * there alone, the whole way. It ends backwards at accounts that are seeds themselves. Of leads there is none.
 */
export interface RequestWay {
	readonly rows: readonly WayRow[];
	/** Numbers of the request's exchanges that are of the way. */
	readonly exchanges: readonly number[];
	/** Rows of the request, by their numbers, that came out of a passage: its key. */
	readonly arrived: readonly { readonly row: number; readonly passage: string }[];
	readonly passages: readonly WayPassage[];
	readonly before: readonly WayBefore[];
	/** Addresses that passed on to the end points what they got on the way. */
	readonly deposits: readonly PassedOn[];
}

const ACCOUNT_SEED = "account:";

/** The way to the end points of a request about an amount; `others` are traces of the same money on other chains. O(rows of the traces). */
export function wayOf(result: TraceResult, { kind, points }: FreezeRequest, others: readonly TraceResult[] = []): RequestWay {
	const ends = new Set(points.flatMap(({ rows }) => rows.map(({ row }) => row)));
	const walks = new Map<string, Walk>();
	const walkOf = (trace: TraceResult): Walk => {
		const known = walks.get(trace.chain) ?? new Walk(trace);
		walks.set(trace.chain, known);
		return known;
	};
	const passages = new Map<string, WayPassage>();
	const open: [Walk, TraceEdge[]][] = [[walkOf(result), result.edges.filter(({ row }) => ends.has(row))]];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		const [walk, rows] = next;
		for (const key of walk.back(rows)) {
			if (passages.has(key)) continue;
			for (const trace of [result, ...others]) {
				const found = trace.passages?.find((one) => one.key === key && one.tier === "structural");
				if (found?.got === undefined) continue;
				const { kind: sort, protocol, paid, got } = found;
				passages.set(key, { kind: sort, protocol, key, paid, got });
				open.push([walkOf(trace), trace.edges.filter((edge) => isPaid(edge, paid))]);
				break;
			}
		}
	}
	const own = walkOf(result);
	const rows = own.rows().filter((edge) => !ends.has(edge.row) && !isExchange(edge));
	const before = [...walks.values()].filter((walk) => walk !== own);
	return {
		rows: rows.map((edge) => own.written(edge)),
		exchanges: own.rows().flatMap(({ row, into }) => (into === undefined ? [] : [row])),
		arrived: own.rows().flatMap((edge) => {
			const { row, passage } = own.written(edge);
			return passage === undefined || !ends.has(row) ? [] : [{ row, passage }];
		}),
		passages: [...passages.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
		before: before
			.map((walk) => walk.before())
			.filter((one) => one.rows.length > 0)
			.sort((a, b) => (a.chain < b.chain ? -1 : 1)),
		deposits: kind === "custodian" ? passedOn(result, own.rows(), points, own.starts) : [],
	};
}

function isPaid(edge: TraceEdge, paid: TracePassage["paid"]): boolean {
	return edge.kind !== "fee" && edge.position === paid.position && edge.from === paid.from && edge.asset === paid.asset;
}

/** The accounts that are seeds themselves: all that they have is of the trace from there on. */
function startsOf({ seeds }: TraceResult): ReadonlySet<string> {
	const own = seeds.filter(({ spec }) => spec.startsWith(ACCOUNT_SEED));
	return new Set(own.flatMap(({ rows }) => rows.flatMap(({ account, passage }) => (passage === undefined ? [account] : []))));
}

/** Rows of one trace against time. */
class Walk {
	readonly #feeders: ReadonlyMap<string, readonly TraceEdge[]>;
	readonly #exchanges: ReadonlyMap<string, readonly TraceEdge[]>;
	/** Of each key how many of its rows were taken, and what may be taken next. */
	readonly #taken = new Map<string, number>();
	readonly #found = new Map<number, TraceEdge>();
	readonly #passage = new Map<string, string | undefined>();
	readonly starts: ReadonlySet<string>;

	constructor(readonly trace: TraceResult) {
		const tainted = trace.edges.filter(isTainted);
		this.#feeders = groupBy(
			tainted.filter(({ into }) => into === undefined),
			bringsTo,
		);
		this.#exchanges = groupBy(
			tainted.filter(({ into }) => into !== undefined),
			(edge) => `exchanged ${bringsTo(edge)}`,
		);
		this.starts = startsOf(trace);
		for (const { rows } of trace.seeds)
			for (const { position, account, passage } of rows) this.#passage.set(`${position} ${account}`, passage);
	}

	/** Takes in these rows and all behind them; the keys of passages that some came out of. */
	back(rows: readonly TraceEdge[]): string[] {
		const open = [...rows];
		const keys: string[] = [];
		for (let edge = open.pop(); edge !== undefined; edge = open.pop()) {
			if (this.#found.has(edge.row)) continue;
			this.#found.set(edge.row, edge);
			const passage = this.#passage.get(seedKey(edge));
			if (passage !== undefined) keys.push(passage);
			if (this.starts.has(edge.from)) continue;
			const key = takesFrom(edge);
			const earlier = (one: TraceEdge) => one.row < edge.row;
			this.#take(this.#feeders, key, open, earlier);
			this.#take(this.#exchanges, `exchanged ${key}`, open, earlier);
			// The order of movements in one transaction may not be known: what stands behind may have brought it.
			const none = !this.#taken.get(key) && !this.#taken.get(`exchanged ${key}`);
			if (none) this.#take(this.#feeders, key, open, (one) => notAfter(one, edge));
		}
		return keys;
	}

	#take(from: ReadonlyMap<string, readonly TraceEdge[]>, key: string, into: TraceEdge[], may: (one: TraceEdge) => boolean): void {
		const feeders = from.get(key) ?? [];
		let at = this.#taken.get(key) ?? 0;
		for (let one = feeders[at]; one !== undefined && may(one); one = feeders[++at]) into.push(one);
		this.#taken.set(key, at);
	}

	rows(): TraceEdge[] {
		return [...this.#found.values()].sort((a, b) => a.row - b.row);
	}

	written(edge: TraceEdge): WayRow {
		const rules = this.trace.rules.filter((rule) => CONSERVING_RULES.includes(rule));
		const key = seedKey(edge);
		const passage = this.#passage.get(key);
		return {
			...documentRow(edge, rules),
			...(edge.outpoint === undefined ? {} : { outpoint: edge.outpoint }),
			...(this.#passage.has(key) ? { seeded: true as const } : {}),
			...(passage === undefined ? {} : { passage }),
		};
	}

	before(): WayBefore {
		const { chain, id, assets } = this.trace;
		const rules = this.trace.rules.filter((rule) => CONSERVING_RULES.includes(rule));
		const all = this.rows();
		const named = new Set(all.flatMap(({ asset, into }) => (into === undefined ? [asset] : [asset, into.asset])));
		return {
			chain,
			chainName: chainName(chain as ChainId),
			trace: id,
			rules,
			assets: Object.fromEntries(Object.entries(assets).filter(([asset]) => named.has(asset))),
			rows: all.flatMap((edge) => (isExchange(edge) ? [] : [this.written(edge)])),
			exchanges: all.flatMap((edge) => (isExchange(edge) ? [documentExchange(edge, rules)] : [])),
		};
	}
}

function seedKey({ position, to }: TraceEdge): string {
	return `${position} ${to}`;
}

function isTainted(edge: TraceEdge): boolean {
	return edge.kind !== "fee" && (rangeOfRows([edge.into ?? edge])?.most ?? 0n) > 0n;
}

/** Where a row brings its money: to an output, where it makes one, else to an account, of an asset. */
function bringsTo({ to, asset, into, outpoint, from }: TraceEdge): string {
	return outpoint !== undefined && isTransactionNode(from as AccountId) ? `output ${outpoint}` : `${to} ${into?.asset ?? asset}`;
}

function takesFrom({ from, asset, outpoint }: TraceEdge): string {
	return outpoint !== undefined && !isTransactionNode(from as AccountId) ? `output ${outpoint}` : `${from} ${asset}`;
}

/** In the same transaction, or an earlier one. */
function notAfter(one: TraceEdge, other: TraceEdge): boolean {
	const [a, b] = [parsePosition(one.position), parsePosition(other.position)];
	return a.height < b.height || (a.height === b.height && a.txIndex <= b.txIndex);
}
