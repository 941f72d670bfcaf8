import { type AccountId, isTransactionNode, type TraceEdge, type TraceResult } from "@clew/core";
import type { RequestPoint } from "./requests.js";

/** An address that passed on to end points of a request what it got on the way, as deposit addresses do. Numbers of rows, in order. */
export interface PassedOn {
	readonly account: string;
	readonly asset: string;
	/** By which the money came there. */
	readonly came: readonly number[];
	/** By which it went on: on Bitcoin into a transaction that pays end points, else to end points. */
	readonly swept: readonly number[];
}

/** What an address must at least have passed on of what it got, in per cent: the rest pays fees. */
export const PASSED_ON_PERCENT = 99n;

/**
 * Addresses of the way that look like deposit addresses of who holds the end points: all of the traced money that ever left them went to
 * these, and no less than {@link PASSED_ON_PERCENT} per cent of what came. `way` are all rows of the way, ends included; `starts` begin the
 * trace and pass on nobody's money. O(rows of the trace).
 */
export function passedOn(
	{ edges }: TraceResult,
	way: readonly TraceEdge[],
	points: readonly RequestPoint[],
	starts: ReadonlySet<string>,
): PassedOn[] {
	const ends = new Set(points.flatMap(({ rows }) => rows.map(({ row }) => row)));
	const out = new Map<string, TraceEdge[]>();
	for (const edge of edges) {
		if (edge.kind === "fee" || edge.into !== undefined || isIdle(edge)) continue;
		const known = out.get(edge.from);
		if (known === undefined) out.set(edge.from, [edge]);
		else known.push(edge);
	}
	const leads = (edge: TraceEdge): boolean =>
		ends.has(edge.row) ||
		(isTransactionNode(edge.to as AccountId) &&
			(out.get(edge.to) ?? []).length > 0 &&
			(out.get(edge.to) ?? []).every(({ row }) => ends.has(row)));
	const held = new Set(points.map(({ leaf }) => leaf.account));
	const seen = new Set<string>();
	return way.flatMap((last): PassedOn[] => {
		const { from: account, asset } = last;
		const key = `${account} ${asset}`;
		if (!leads(last) || seen.has(key) || starts.has(account) || held.has(account) || isTransactionNode(account as AccountId)) return [];
		seen.add(key);
		const left = out.get(account) ?? [];
		const came = way.filter((edge) => edge.to === account && edge.asset === asset && edge.into === undefined);
		const swept = way.filter((edge) => edge.from === account && edge.asset === asset && edge.into === undefined);
		if (came.length === 0 || !left.every(leads) || !left.every((edge) => edge.asset === asset)) return [];
		return sumOf(swept) * 100n < sumOf(came) * PASSED_ON_PERCENT ? [] : [{ account, asset, came: numbers(came), swept: numbers(swept) }];
	});
}

function isIdle({ tainted, range }: TraceEdge): boolean {
	return range === undefined ? Object.entries(tainted).every(([rule, n]) => rule === "poison" || n === "0") : range[1] === "0";
}

const sumOf = (rows: readonly TraceEdge[]) => rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
const numbers = (rows: readonly TraceEdge[]) => rows.map(({ row }) => row);
