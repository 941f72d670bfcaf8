import type { Fail } from "../failure.js";
import { rangeOf } from "../trace/bounds.js";
import { checkTime } from "../trace/movements.js";
import { isMoment } from "../trace/times.js";
import { AmountChecker, checkStated, pricesInWords } from "../values/check-amounts.js";
import type { Request } from "./formats.js";

const NO_ONE_BLOCK = "the rules differ in which address it came to, and so in which block";

/**
 * Works out every value and total of a request again from its own amounts, times and prices. Gives in words what nothing in a packet shows:
 * what sources told, since proofs of prices are in bundles, when its seeds' arrivals were, and why amounts have no price. Nothing where no
 * value was asked for.
 */
export function checkRequestValues(request: Request, where: string, fail: Fail): string[] {
	const { values, rule, exchanges = [] } = request;
	if (values === undefined) return [];
	checkStated(values, where, fail);
	const check = new AmountChecker(values, request.assets, where, fail);
	checkArrivals(request, check, where, fail);
	sameLength("rows", values.rows, request.rows, where, fail);
	for (const [i, { row, amount, agreed }] of values.rows.entries()) {
		const own = request.rows[i];
		if (own?.row !== row) fail(where, `values of row ${row}: stand beside row ${own?.row ?? "none"}`);
		else {
			check.values(`row ${row}`, own, amount);
			check.values(`row ${row}, what is agreed`, { ...own, amount: rangeOf(own)[0].toString() }, agreed);
		}
	}
	sameLength("exchanges", values.exchanges, exchanges, where, fail);
	for (const [i, { row, paid, got }] of values.exchanges.entries()) {
		const own = exchanges[i];
		if (own?.row !== row) fail(where, `values of exchange ${row}: stand beside exchange ${own?.row ?? "none"}`);
		else
			for (const [side, stated, name] of [
				[own.paid, paid, "paid"],
				[own.got, got, "got"],
			] as const)
				check.values(`exchange ${row}, ${name}`, { asset: side.asset, amount: side.tainted[rule] ?? "0", time: own.time }, stated);
	}
	sameLength("end points", values.points, request.points, where, fail);
	for (const [i, { account, asset, values: stated }] of values.points.entries()) {
		const own = request.points[i];
		if (own?.account !== account || own.asset !== asset) fail(where, `values of ${account}: stand beside another end point`);
		else {
			// Rows stand in order of time, which is checked apart.
			const last = request.rows.filter((one) => own.rows.includes(one.row)).at(-1);
			check.values(account, { asset, amount: own.agreed, time: last?.time ?? "" }, stated);
		}
	}
	checkTogether(request, check, where, fail);
	const alone = values.points.filter((_, i) => request.points[i]?.agreed !== "0");
	const asked = [...alone, ...values.together].map((one) => one.values);
	check.totals("what is asked for", asked, values.totals);
	check.end();
	const timed = values.seeds.some(({ arrivals }) => arrivals.length > 0);
	return [...pricesInWords(values.prices, check.unpriced), ...(timed ? ["when money arrived at the seeds"] : [])];
}

/** What arrived at each seed adds up to what it is said to have marked, under the rule that tells seeds. */
function checkArrivals({ chain, values, seeds, rule }: Request, check: AmountChecker, where: string, fail: Fail): void {
	if (values === undefined) return;
	sameLength("seeds", values.seeds, seeds, where, fail);
	for (const [i, { arrivals, totals }] of values.seeds.entries()) {
		const name = `seed ${i + 1}`;
		const sums = new Map<string, bigint>();
		for (const arrival of arrivals) {
			sums.set(arrival.asset, (sums.get(arrival.asset) ?? 0n) + BigInt(arrival.amount));
			if (!isMoment(arrival.time)) fail(where, `${name}, an arrival: is of ${arrival.time}, which is no time of a calendar`);
			checkTime(arrival.time, chain, (what) => fail(where, `${name}, an arrival: ${what}`));
			check.values(`${name}, an arrival`, arrival, arrival.values);
		}
		const marked = Object.entries(seeds[i]?.seeded ?? {});
		for (const [asset, amounts] of marked)
			if ((sums.get(asset) ?? 0n) !== BigInt(amounts[rule] ?? "0"))
				fail(where, `${name}: ${sums.get(asset) ?? 0n} of ${asset} are valued, and ${amounts[rule] ?? "0"} were marked`);
		for (const asset of sums.keys())
			if (!marked.some(([one]) => one === asset)) fail(where, `${name}: values ${asset}, of which nothing was marked`);
		check.totals(
			name,
			arrivals.map((one) => one.values),
			totals,
		);
	}
}

/** Of each asset what is asked for beyond what is agreed of each end point, which has no value. */
function checkTogether({ values, asked, points }: Request, check: AmountChecker, where: string, fail: Fail): void {
	if (values === undefined) return;
	const due = Object.entries(asked).flatMap(([asset, all]) => {
		const own = points.filter((point) => point.asset === asset);
		const beyond = BigInt(all) - own.reduce((sum, { agreed }) => sum + BigInt(agreed), 0n);
		return beyond === 0n ? [] : [`${beyond} of ${asset}`];
	});
	const stated = values.together.map(({ asset, amount }) => `${amount} of ${asset}`);
	if (due.join() !== stated.join()) fail(where, "its values leave out, or add, what is asked for of end points together");
	for (const { values: own, ...one } of values.together) check.values("end points together", { ...one, time: "" }, own, NO_ONE_BLOCK);
}

function sameLength(what: string, values: readonly unknown[], all: readonly unknown[], where: string, fail: Fail): void {
	if (values.length !== all.length) fail(where, `has ${all.length} ${what}, and values of ${values.length}`);
}
