import { ledgerOf } from "../chain-family/registry.js";
import type { Fail } from "../failure.js";
import { statesEach } from "../trace/rules.js";
import type { Request, RequestExchange, RequestRow } from "./formats.js";

/** More lots than one exchange pays: each may get one base unit more than its share of the proceeds, by rounding. */
const MOST_LOTS = 100_000n;

/**
 * The exchanges that a request states: numbered in order, no side tainted with more than moved; what was got
 * is tainted in proportion to what was paid; each leads on to an end point; and a row by which an account pays itself is one of them.
 */
export function checkExchanges(request: Request, where: string, fail: Fail): void {
	const { exchanges, chain, rows } = request;
	if (exchanges === undefined) return;
	if (ledgerOf(chain) === "outputs" && exchanges.length > 0) fail(where, `names exchanges, which ${chain} has none of`);
	const byNumber = new Map(rows.map((row) => [row.row, row]));
	const takers = lastTakers(request);
	let last = 0;
	for (const exchange of exchanges) {
		const at = `${where} exchange ${exchange.row}`;
		if (exchange.row <= last) fail(at, "does not stand in order");
		last = exchange.row;
		checkSides(exchange, request, at, fail);
		const row = byNumber.get(exchange.row);
		if (row !== undefined && !isSame(row, exchange)) fail(at, `is not what row ${exchange.row} says`);
		if ((takers.get(exchange.got.asset) ?? 0) < exchange.row)
			fail(at, `leads to no end point: nothing behind it moves ${exchange.got.asset}`);
	}
	const numbers = new Set(exchanges.map(({ row }) => row));
	for (const { row, from, to } of rows)
		if (from === to && !numbers.has(row)) fail(where, `row ${row} is of an exchange, which is not stated`);
}

function checkSides({ paid, got }: RequestExchange, { rules }: Request, at: string, fail: Fail): void {
	for (const { tainted } of [paid, got]) if (!statesEach(tainted, rules)) fail(at, "does not say what each rule says, and no other");
	const [all, proceeds] = [BigInt(paid.amount), BigInt(got.amount)];
	for (const rule of rules) {
		const [out, into] = [BigInt(paid.tainted[rule] ?? "0"), BigInt(got.tainted[rule] ?? "0")];
		if (out > all || into > proceeds) {
			fail(at, `${rule} taints ${out} of ${all} paid, ${into} of ${proceeds} got`);
			continue;
		}
		const share = out === 0n ? 0n : (out * proceeds) / all;
		if (into > share + (out < MOST_LOTS ? out : MOST_LOTS))
			fail(at, `${rule} taints ${into} of ${proceeds} got, where its share for ${out} of ${all} paid is ${share}`);
	}
}

/** A row that shows what an end point's own exchange got. */
function isSame(row: RequestRow, { account, position, time, txHash, got, provenance }: RequestExchange): boolean {
	return (
		row.from === account &&
		row.to === account &&
		row.position === position &&
		row.time === time &&
		row.txHash === txHash &&
		row.provenance === provenance &&
		row.asset === got.asset &&
		row.amount === got.amount &&
		Object.entries(row.tainted).every(([rule, amount]) => got.tainted[rule] === amount)
	);
}

/** By asset the last row by which a row, or the next exchange behind it, can take what an exchange got. */
function lastTakers({ rows, exchanges = [] }: Request): ReadonlyMap<string, number> {
	const last = new Map<string, number>();
	const taken = (asset: string, row: number) => last.set(asset, Math.max(last.get(asset) ?? 0, row));
	for (const { asset, row } of rows) taken(asset, row);
	for (const { paid, row } of exchanges) taken(paid.asset, row - 1);
	return last;
}
