import { ledgerOf } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { rangeOf, rulesRange } from "../trace/bounds.js";
import { checkCoins, nameOfChain } from "../trace/chains.js";
import { checkMovements, checkTime } from "../trace/movements.js";
import { comparePosition } from "../trace/positions.js";
import { conservingRulesOf, statesEach } from "../trace/rules.js";
import { isMoment } from "../trace/times.js";
import type { Request, RequestRow, RequestWay, WayBefore, WayRow } from "./formats.js";
import { checkFlow, type Part } from "./way-flow.js";

/**
 * The way that a request tells: its rows are movements of their chains, in order; each leads on to an end point that an amount is asked
 * of; each, and each row that brings such an amount, comes from a seed or from what came before; no rule finds that more goes on than had
 * come; and addresses that are said to have passed it on did so. Of earlier forms nothing is checked.
 */
export function checkWay(request: Request, where: string, fail: Fail): void {
	const { way, chain, rows, exchanges = [], points, seeds, rules } = request;
	if (way === undefined) return;
	const ends = new Set(points.flatMap((point) => point.rows));
	const numbers = new Set([...rows, ...exchanges].map(({ row }) => row));
	for (const { row } of way.rows) if (numbers.has(row)) fail(`${where} way row ${row}`, "has the number of another row");
	checkRows({ chain, rules, rows: way.rows, cutoff: request.cutoff }, `${where} way`, fail);
	const through = new Map(way.arrived.map(({ row, passage }) => [row, { passage }]));
	for (const row of through.keys())
		if (!ends.has(row)) fail(where, `row ${row} is said to have come out of a passage, and brings nothing asked for`);
	const stated = new Map(exchanges.map((one) => [one.row, one]));
	for (const row of way.exchanges) if (!stated.has(row)) fail(where, `its way passes exchange ${row}, which is not stated`);
	if (new Set(way.exchanges).size < way.exchanges.length) fail(where, "its way passes an exchange twice");
	const parts: Part[] = [
		{
			chain,
			rules,
			where: `${where} way`,
			rows: [
				...way.rows,
				...rows.filter(({ row }) => ends.has(row) && !stated.has(row)).map((row) => ({ ...row, ...through.get(row.row) })),
			],
			exchanges: way.exchanges.flatMap((row) => stated.get(row) ?? []),
			ends: (row) => ends.has(row),
		},
		...way.before.map((one): Part => {
			const at = `${where} way on ${one.chain}`;
			checkBefore(one, at, fail);
			return { chain: one.chain, rules: one.rules, where: at, rows: one.rows, exchanges: one.exchanges, ends: () => false };
		}),
	];
	if (new Set(parts.map((part) => part.chain)).size < parts.length) fail(where, "tells the way on a chain twice");
	checkPassages(way, parts, where, fail);
	checkFlow(parts, way.passages, seeds, fail);
	checkDeposits(request, way, ends, where, fail);
}

function checkBefore({ chain, chainName, rules, assets, rows, exchanges }: WayBefore, where: string, fail: Fail): void {
	if (rules.join() !== conservingRulesOf(chain).join()) fail(where, `was traced with the rules ${rules.join(", ")}`);
	if (chainName !== nameOfChain(chain)) fail(where, `calls it ${quoted(chainName)}`);
	checkCoins(
		assets,
		[...rows, ...exchanges.flatMap(({ paid, got }) => [paid, got])].map(({ asset }) => asset),
		where,
		fail,
	);
	checkRows({ chain, rules, rows }, where, fail);
}

/** Rows by themselves: what the rows of a request are held against, too. */
function checkRows(
	{ chain, rules, rows, cutoff }: { chain: string; rules: readonly string[]; rows: readonly WayRow[]; cutoff?: string },
	where: string,
	fail: Fail,
): void {
	let last: WayRow | undefined;
	const outputs = ledgerOf(chain) === "outputs";
	checkMovements(chain, rows, (i) => `${where} row ${rows[i]?.row}`, fail);
	for (const row of rows) {
		const at = `${where} row ${row.row}`;
		if (last !== undefined && (row.row <= last.row || comparePosition(last.position, row.position) > 0))
			fail(at, "does not stand in order");
		last = row;
		if (cutoff !== undefined && Number(row.position.split(".")[0]) > Number(cutoff))
			fail(at, `is behind block ${cutoff}, where the data ends`);
		if (!isMoment(row.time)) fail(at, `is of ${quoted(row.time)}, which is no time as requests state it`);
		checkTime(row.time, chain, (what) => fail(at, what));
		if (!statesEach(row.tainted, rules)) fail(at, "does not say what each rule says, and no other");
		const [least, most] = rangeOf(row);
		const [min, max] = rulesRange(row.tainted);
		if (least > min || most < max || most > BigInt(row.amount)) fail(at, `taints ${least} to ${most} of ${row.amount}`);
		if (outputs !== (row.outpoint !== undefined)) fail(at, outputs ? "names no output" : `names an output, which ${chain} has none of`);
	}
}

/** Both sides of a passage are rows of the way, and each passage is one that something came out of. */
function checkPassages({ passages }: RequestWay, parts: readonly Part[], where: string, fail: Fail): void {
	const rows = parts.flatMap((part) => part.rows as readonly WayRow[]);
	const same = (row: RequestRow, side: RequestWay["passages"][number]["paid"]) =>
		row.position === side.position && row.txHash === side.txHash && row.from === side.from && row.asset === side.asset;
	for (const { key, paid, got } of passages) {
		const out = rows.filter(({ passage }) => passage === key);
		if (out.length === 0) fail(where, `nothing of its way came out of passage ${quoted(key)}`);
		if (!rows.some((row) => same(row, paid) && row.to === paid.to)) fail(where, `no row of its way is what was paid into ${quoted(key)}`);
		for (const { row, to, txHash, asset, amount } of out)
			if (to !== got.to || txHash !== got.txHash || asset !== got.asset || amount !== got.amount)
				fail(where, `row ${row} is not what came out of ${quoted(key)}`);
	}
}

const PER_CENT = 99n;

/** An address that passed on what it got: all of its rows lead there and away, and no less than 99 per cent of what came went to end points. */
function checkDeposits({ chain, rows }: Request, way: RequestWay, ends: ReadonlySet<number>, where: string, fail: Fail): void {
	const outputs = ledgerOf(chain) === "outputs";
	const all: readonly RequestRow[] = [...way.rows, ...rows.filter(({ row }) => ends.has(row))].sort((a, b) => a.row - b.row);
	const sum = (some: readonly RequestRow[]) => some.reduce((total, { amount }) => total + BigInt(amount), 0n);
	const paysEnds = (account: string) => {
		const paid = all.filter(({ from }) => from === account);
		return paid.length > 0 && paid.every(({ row }) => ends.has(row));
	};
	for (const { account, asset, came, swept } of way.deposits) {
		const at = `${where}: ${account}`;
		const into = all.filter((row) => row.to === account && row.asset === asset);
		const out = all.filter((row) => row.from === account && row.asset === asset);
		if (into.map(({ row }) => row).join() !== came.join() || out.map(({ row }) => row).join() !== swept.join())
			fail(at, "is said to have passed on other rows than its way tells");
		if (!out.every(({ row, to }) => ends.has(row) || (outputs && paysEnds(to))))
			fail(at, "is said to have passed on all to the end points, and paid others");
		if (sum(out) * 100n < sum(into) * PER_CENT) fail(at, `is said to have passed on all, and paid ${sum(out)} of ${sum(into)}`);
	}
}
