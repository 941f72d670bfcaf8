import { type Files, readJson } from "../bundle/files.js";
import type { Trace } from "../bundle/formats.js";
import { groupBy } from "../encoding/group-by.js";
import { checkEvents, PRICE_PROOFS } from "../evm/price-events.js";
import type { Fail } from "../failure.js";
import type { TrustedHeader } from "../proofs/proofs.js";
import { rangeOf } from "../trace/bounds.js";
import { comparePosition } from "../trace/positions.js";
import { conservingRulesOf } from "../trace/rules.js";
import { AmountChecker, checkStated, pricesInWords, type TimedAmount } from "./check-amounts.js";
import { type StatedAmount, type StatedValues, valuesShape } from "./form.js";

const VALUES = "values.json";

/**
 * Works out every value and total of a bundle again from the prices that it carries, and these from what proves them. Gives in words what
 * nothing shows: what sources told, and why something has no price. Nothing where the bundle states no values.
 */
export function checkValues(files: Files, trace: Trace, trusted: readonly TrustedHeader[], fail: Fail): string[] {
	if (!files.has(VALUES)) {
		if (files.has(PRICE_PROOFS)) fail(PRICE_PROOFS, "proves prices, and there are no values");
		return [];
	}
	const stated = readJson<StatedValues>(files, VALUES, valuesShape, fail);
	if (stated === undefined) return [];
	const { rules, prices } = stated;
	if (stated.trace !== (trace as unknown as { id: string }).id) fail(VALUES, "is of another trace than trace.json");
	if (rules.seeds !== trace.rules[0]) fail(VALUES, `counts what ${rules.seeds} marked, and the first rule is ${trace.rules[0]}`);
	checkStated(stated, VALUES, fail);
	const check = new AmountChecker(stated, trace.assets, VALUES, fail);
	const times = new Map(trace.edges.map(({ position, time }) => [position, time]));
	const timed = ({ asset, amount, position }: StatedAmount) => ({ asset, amount, time: times.get(position) ?? "" });
	checkSeeds(trace, stated, check, timed, fail);
	checkEndPoints(trace, stated, check, timed, fail);
	check.end();
	const unproven = prices.filter(({ origin }) => origin.tier !== "proven");
	return [...checkEvents(files, prices, trusted, fail), ...pricesInWords(unproven, check.unpriced)];
}

type Timed = (of: StatedAmount) => TimedAmount;

function checkSeeds(trace: Trace, stated: StatedValues, check: AmountChecker, timed: Timed, fail: Fail): void {
	if (stated.seeds.length !== trace.seeds.length) fail(VALUES, "has other seeds than trace.json");
	for (const [i, seed] of stated.seeds.entries()) {
		const rows = trace.seeds[i]?.rows ?? [];
		if (seed.origin !== i || seed.rows.length !== rows.length) fail(VALUES, `has other arrivals of seed ${i + 1} than trace.json`);
		for (const [j, one] of seed.rows.entries()) {
			const row = rows[j];
			const where = `arrival ${j + 1} of seed ${i + 1}`;
			const amount = row?.seeded[trace.rules[0] ?? ""] ?? "0";
			if (row === undefined || one.position !== row.position || one.asset !== row.asset || one.amount !== amount)
				fail(VALUES, `${where}: is another than in trace.json`);
			else check.values(where, timed(one), one.values);
		}
		check.totals(
			`seed ${i + 1}`,
			seed.rows.map(({ values }) => values),
			seed.totals,
		);
	}
}

function checkEndPoints(trace: Trace, stated: StatedValues, check: AmountChecker, timed: Timed, fail: Fail): void {
	if (stated.endPoints.length !== trace.leaves.length) fail(VALUES, "has other end points than trace.json");
	const unknown = trace.rules.some((rule) => conservingRulesOf(trace.chain).includes(rule))
		? undefined
		: "what every rule agrees on was not computed: no conserving rule was run";
	const lastOf = lastBrought(trace);
	for (const [i, one] of stated.endPoints.entries()) {
		const leaf = trace.leaves[i];
		const where = `end point ${i + 1}`;
		const isSame =
			leaf !== undefined &&
			one.account === leaf.account &&
			one.asset === Object.keys(leaf.amounts)[0] &&
			one.amount === leaf.agreed &&
			one.position === lastOf(leaf);
		if (isSame) check.values(where, timed(one), one.values, unknown);
		else fail(VALUES, `${where}: is another than in trace.json`);
	}
	check.totals(
		"end points",
		stated.endPoints.map(({ values }) => values),
		stated.endPointTotals,
	);
}

/** Where money last came to an end point under a conserving rule, or may have; else, as of what poison alone says, its last arrival. */
function lastBrought({ edges }: Trace): (leaf: Trace["leaves"][number]) => string | undefined {
	const rows = groupBy(edges, ({ to, asset, into }) => `${to} ${into?.asset ?? asset}`);
	return ({ account, amounts, arrivals }) => {
		if (arrivals === undefined || arrivals.count === 0) return arrivals?.last;
		const { first, last } = arrivals;
		const found = rows.get(`${account} ${Object.keys(amounts)[0]}`)?.findLast(({ kind, position, into, ...edge }) => {
			if (kind === "fee" || rangeOf(into ?? edge)[1] === 0n) return false;
			return comparePosition(first, position) <= 0 && comparePosition(position, last) <= 0;
		});
		return found?.position ?? last;
	};
}
