import { isAccount, ledgerOf } from "../chain-family/registry.js";
import { shownContract } from "../chain-family/tokens.js";
import { quoted } from "../encoding/quoted.js";
import type { Fail } from "../failure.js";
import { leastOf, rangeOf, rulesRange } from "../trace/bounds.js";
import { checkCoins, nameOfChain } from "../trace/chains.js";
import { notEnded } from "../trace/label-dates.js";
import { checkMovements, checkTime, type Movement } from "../trace/movements.js";
import { conservingRulesOf, statesEach } from "../trace/rules.js";
import { checkBlanks } from "./blanks.js";
import { checkCalls } from "./calls.js";
import { checkDifferences } from "./differences.js";
import { CUSTODIANS, checkDisputed } from "./disputed.js";
import { checkExchanges } from "./exchanges.js";
import { ADDED_UP, type Request, type RequestPoint, type RequestRow } from "./formats.js";
import { checkOrder } from "./order.js";
import { checkPlausible } from "./plausible.js";
import { checkStated } from "./stated.js";
import { checkMarked } from "./supply.js";
import { checkWay } from "./way.js";

/**
 * Checks a request against itself: that it asks for no more than every rule finds in its own rows, at end points to which these rows
 * lead.
 */
export function checkClaims(request: Request, where: string, fail: Fail): void {
	const { chain, rules, rule, points, leads, asks, exchanges = [] } = request;
	const all = [...points, ...leads];
	const expected = conservingRulesOf(chain);
	if (rules.join() !== expected.join())
		fail(where, `was made with the rules ${rules.join(", ")}; on ${chain} there are ${expected.join(", ")}`);
	if (!rules.includes(rule)) fail(where, `tells seeds by ${rule}, which is none of its rules`);
	for (const { spec, seeded } of request.seeds)
		for (const amounts of Object.values(seeded))
			if (!statesEach(amounts, rules)) fail(where, `seed ${spec}: does not say what each rule says, and no other`);
	if (all.length === 0) fail(where, "names no end point");
	if (request.case.chain !== chain) fail(where, `is of a case on ${request.case.chain}, and of a trace on ${chain}`);
	checkCoins(
		request.assets,
		[...all, ...request.rows, ...(request.way?.rows ?? []), ...request.balances, ...exchanges.flatMap(({ paid, got }) => [paid, got])].map(
			({ asset }) => asset,
		),
		where,
		fail,
	);
	if (request.chainName !== nameOfChain(chain)) fail(where, `calls ${chain} ${JSON.stringify(request.chainName.slice(0, 100))}`);
	checkContracts(request, where, fail);
	checkBlanks(request, where, fail);
	checkOrder(request, where, fail);
	const [movements, place] = movementsIn(request, where);
	checkMovements(chain, movements, place, fail);
	const times = [...request.rows, ...exchanges].map(({ time }) => time);
	for (const [i, time] of times.entries()) checkTime(time, chain, (what) => fail(place(i), what));
	checkDifferences(request, where, fail);
	checkStated(request, where, fail);
	checkPlausible(request, where, fail);
	const may = points.length === 0 ? "preserve" : "preserve,freeze,produce";
	if (asks.join() !== may) fail(where, `asks to ${asks.join(", ")}, where ${points.length} end points have an amount`);
	const rows = rowsOf(request, where, fail);
	for (const point of all) checkPoint(point, request, rows, where, fail);
	checkDisputed(request, rows, where, fail);
	checkSums(all, rows, rules, where, fail);
	checkExchanges(request, where, fail);
	checkMarked(request, where, fail);
	checkWay(request, where, fail);
	checkCalls(request, where, fail);
	checkAsked(request, where, fail);
	const used = new Set(all.flatMap((point) => point.rows));
	for (const row of rows.keys()) if (!used.has(row)) fail(where, `row ${row} leads to no end point`);
	for (const account of request.restsOn ?? [])
		if (!isAccount(account, request.chain)) fail(where, `rests on ${quoted(account)}, which is no account of ${request.chain}`);
	const places = [...all, ...(request.way?.deposits ?? [])];
	for (const { account, asset } of request.balances)
		if (!places.some((place) => place.account === account && place.asset === asset)) fail(where, `${account}: a balance of no end point`);
}

/** Rows and exchanges as movements, and where each stands. */
function movementsIn({ rows, exchanges = [] }: Request, where: string): [Movement[], (i: number) => string] {
	const exchanged = exchanges.map(({ account, paid, got, position, txHash }): Movement => {
		return { position, txHash, from: account, to: account, asset: paid.asset, amount: paid.amount, into: got };
	});
	const places = [...rows.map(({ row }) => `row ${row}`), ...exchanges.map(({ row }) => `exchange ${row}`)];
	return [[...rows, ...exchanged], (i) => `${where} ${places[i]}`];
}

/** Every token that is named has its contract, with the right checksum. */
function checkContracts({ contracts, points, leads, balances, seeds, way, exchanges = [] }: Request, where: string, fail: Fail): void {
	const sides = exchanges.flatMap(({ paid, got }) => [paid, got]);
	const named = [
		...[...points, ...leads, ...balances, ...sides, ...(way?.rows ?? [])].map(({ asset }) => asset),
		...seeds.flatMap(({ seeded }) => Object.keys(seeded)),
	];
	const expected = new Map(
		named.flatMap((asset) => {
			const contract = shownContract(asset);
			return contract === undefined ? [] : [[asset, contract] as const];
		}),
	);
	for (const [asset, contract] of expected) if (contracts[asset] !== contract) fail(where, `${asset}: its contract is ${contract}`);
	for (const asset of Object.keys(contracts)) if (!expected.has(asset)) fail(where, `names a contract of ${asset}, which it is not about`);
}

/** The rows by number; each within what moved, and in order. */
function rowsOf({ rows, rules }: Request, where: string, fail: Fail): ReadonlyMap<number, RequestRow> {
	const known = new Map<number, RequestRow>();
	let last = 0;
	const movements = new Set<string>();
	for (const row of rows) {
		const movement = `${row.position} ${row.from === row.to ? row.from : ""}`;
		if (movements.has(movement)) fail(where, `row ${row.row} stands on a movement that another row is of`);
		movements.add(movement);
		const at = `${where} row ${row.row}`;
		if (row.row <= last) fail(at, "does not stand in order");
		last = row.row;
		known.set(row.row, row);
		if (!statesEach(row.tainted, rules)) fail(at, "does not say what each rule says, and no other");
		const [least, most] = rangeOf(row);
		const [min, max] = rulesRange(row.tainted);
		if (least > min || most < max || most > BigInt(row.amount)) fail(at, `taints ${least} to ${most} of ${row.amount}`);
	}
	return known;
}

/** What an end point says of itself, of who is asked about it, and of the rows that it names. */
function checkPoint(point: RequestPoint, request: Request, rows: ReadonlyMap<number, RequestRow>, where: string, fail: Fail): void {
	const { account, asset, amounts, agreed, range, stop, labels } = point;
	if (!statesEach(amounts, request.rules)) fail(where, `${account}: does not say what each rule says, and no other`);
	checkOutpoints(point, request, where, fail);
	const [least, most] = rulesRange(amounts);
	// Where data was missing, bounds may be wider than what the rules that were run say; never narrower.
	if (agreed !== range[0] || BigInt(agreed) > least || BigInt(range[1]) < most)
		fail(where, `${account}: agreed ${agreed} and range ${range.join(" to ")} of ${asset} are not what its rules say`);
	let brought = 0n;
	let last = 0;
	for (const number of point.rows) {
		const row = rows.get(number);
		if (number <= last) fail(where, `${account}: its rows are not in order`);
		last = number;
		if (row === undefined) fail(where, `${account}: row ${number} is not there`);
		else if (row.to !== account || row.asset !== asset) fail(where, `${account}: row ${number} brings it no ${asset}`);
		else brought += rangeOf(row)[1];
	}
	if (BigInt(range[1]) > brought) fail(where, `${account}: holds up to ${range[1]} of ${asset}, and its rows bring ${brought}`);
	const { kind, to } = request;
	const same = (entity: string) => entity.toLowerCase() === to.entity.toLowerCase();
	if (kind === "custodian") {
		const named = labels.filter(({ entity, category }) => CUSTODIANS.has(category) && same(entity));
		if (stop.reason !== "service" || named.length === 0)
			fail(where, `${account}: no label calls it a custodian's of the name ${to.entity}`);
		else if (!point.rows.every((row) => named.some((label) => notEnded(label, rows.get(row)?.time ?? ""))))
			fail(where, `${account}: the label of the name ${to.entity} had ended, or may have, when money came there`);
	}
	if (kind === "issuer" && asset.includes("/slip44:")) fail(where, `${account}: nobody issued ${asset}`);
}

/** On Bitcoin an end point is the sum of its outputs, each named once. */
function checkOutpoints({ account, amounts, outpoints }: RequestPoint, { chain, rules }: Request, where: string, fail: Fail): void {
	const outputs = ledgerOf(chain) === "outputs";
	if (!outputs && outpoints.length > 0) fail(where, `${account}: names outputs, which ${chain} has none of`);
	if (!outputs) return;
	if (new Set(outpoints.map(({ outpoint }) => outpoint)).size < outpoints.length) fail(where, `${account}: names an output twice`);
	for (const { outpoint, amount, tainted } of outpoints) {
		if (!statesEach(tainted, rules)) fail(where, `${account}: output ${outpoint} does not say what each rule says, and no other`);
		if (rulesRange(tainted)[1] > BigInt(amount)) fail(where, `${account}: output ${outpoint} is tainted with more than it holds`);
	}
	for (const rule of rules) {
		const sum = outpoints.reduce((total, { tainted }) => total + BigInt(tainted[rule] ?? "0"), 0n);
		if (sum !== BigInt(amounts[rule] ?? "0")) fail(where, `${account}: ${amounts[rule]} under ${rule}, and its outputs add up to ${sum}`);
	}
}

/** No rule finds more at end points than it finds in their rows. */
export function checkSums(
	points: readonly RequestPoint[],
	rows: ReadonlyMap<number, RequestRow>,
	rules: readonly string[],
	where: string,
	fail: Fail,
): void {
	const places = new Map<string, RequestPoint[]>();
	for (const point of points) {
		const key = `${point.account} ${point.asset}`;
		places.set(key, [...(places.get(key) ?? []), point]);
	}
	for (const [key, some] of places) {
		const numbers = new Set(some.flatMap((point) => point.rows));
		for (const rule of rules) {
			const held = some.reduce((sum, { amounts }) => sum + BigInt(amounts[rule] ?? "0"), 0n);
			const brought = [...numbers].reduce((sum, number) => sum + BigInt(rows.get(number)?.tainted[rule] ?? "0"), 0n);
			if (held > brought) fail(where, `${key}: ${held} under ${rule}, and its rows bring ${brought}`);
		}
	}
}

/**
 * What is asked for of an asset is what is agreed of its end points together (in earlier requests, of each, added up). Of leads nothing is,
 * and an end point of which alone nothing is agreed is there only where all of them together hold more than the others do.
 */
function checkAsked({ schema, points, leads, asked: stated }: Request, where: string, fail: Fail): void {
	const sumOf = (some: readonly RequestPoint[]) =>
		ADDED_UP.has(schema) ? some.reduce((sum, { agreed }) => sum + BigInt(agreed), 0n) : leastOf(some);
	const said = new Map(Object.entries(stated).map(([asset, amount]) => [asset, BigInt(amount)]));
	for (const asset of new Set([...points.map((point) => point.asset), ...said.keys()])) {
		const own = points.filter((point) => point.asset === asset);
		const asked = sumOf(own);
		if (own.length === 0 || asked !== said.get(asset))
			fail(where, `asks for ${said.get(asset) ?? 0n} of ${asset}, its end points add up to ${asked}`);
		const alone = own.filter(({ agreed }) => BigInt(agreed) > 0n);
		if (alone.length === own.length || asked > sumOf(alone)) continue;
		for (const { account, agreed } of own)
			if (BigInt(agreed) === 0n) fail(where, `${account}: is asked about an amount, but nothing is agreed`);
	}
	for (const { account, agreed } of leads) if (BigInt(agreed) !== 0n) fail(where, `${account}: is called a lead, but ${agreed} are agreed`);
}
