import { ledgerOf } from "../chain-family/registry.js";
import { canonical } from "../encoding/canonical.js";
import type { Fail } from "../failure.js";
import { isClaim } from "../trace/rules.js";
import { neededOfSeeds, type Step } from "../trace/supply.js";
import type { Request, RequestExchange, RequestRow } from "./formats.js";
import { movementsOf } from "./order.js";

/** What of a request says where its money comes from. */
type Supply = Pick<Request, "chain" | "rules" | "seeds" | "points" | "leads" | "rows" | "exchanges">;

/** True where a request states all exchanges that its money passed through; on Bitcoin there are none. */
export function statesSupply({ chain, exchanges }: Pick<Request, "chain" | "exchanges">): boolean {
	return exchanges !== undefined || ledgerOf(chain) === "outputs";
}

/** No rule finds more at the end points than seeds marked and exchanges brought, at the time of each; unchecked without exchanges. */
export function checkMarked(request: Supply, where: string, fail: Fail): void {
	if (!statesSupply(request)) return;
	const { rules, seeds, points, leads } = request;
	for (const rule of rules) {
		const ends = [...points, ...leads].map(({ account, asset, amounts }) => ({ account, asset, amount: BigInt(amounts[rule] ?? "0") }));
		for (const [asset, needed] of neededOfSeeds(stepsOf(request, rule), ends)) {
			const marked = seeds.reduce((sum, { seeded }) => sum + BigInt(seeded[asset]?.[rule] ?? "0"), 0n);
			if (needed <= marked) continue;
			const beside = request.exchanges?.some(({ got, paid }) => [got.asset, paid.asset].includes(asset)) ? " that no exchange brought" : "";
			fail(where, `finds ${needed} of ${asset} under ${rule}${beside}, and its seeds marked ${marked}`);
		}
	}
}

/** The rows under one rule. A claim is the largest of those of the seeds, each of which the exchange brought as much at most. */
function stepsOf(request: Supply, rule: string): Step[] {
	const { rows, exchanges = [], seeds } = request;
	const origins = isClaim(rule) ? BigInt(seeds.length) : 1n;
	const brought = new Map(rows.map((row) => [row.row, row]));
	const exchanged = new Map(exchanges.map((exchange) => [exchange.row, exchange]));
	return movementsOf(request).map(({ row: number }): Step => {
		const row = brought.get(number);
		const { paid, got } = exchanged.get(number) ?? {};
		return {
			...(row && { brings: { account: row.to, asset: row.asset, amount: BigInt(row.tainted[rule] ?? "0") } }),
			...(got && { gets: { asset: got.asset, amount: BigInt(got.tainted[rule] ?? "0") * origins } }),
			...(paid && { pays: { asset: paid.asset, amount: BigInt(paid.tainted[rule] ?? "0") } }),
		};
	});
}

/**
 * Requests of one trace say the same of a row, an exchange and the seeds, and find no more together than these give. Of earlier forms,
 * which state no exchanges, nothing is compared.
 */
export function checkTogether(requests: readonly Request[], fail: Fail): void {
	const [first] = requests;
	const where = "the requests together";
	if (first === undefined || requests.length < 2 || requests.some(({ exchanges }) => exchanges === undefined)) return;
	const about = ({ chain, rules, seeds }: Request) => canonical({ chain, rules, seeds: seeds.map(({ spec }) => spec) });
	if (requests.some((request) => about(request) !== about(first))) {
		fail(where, "are of several chains, or begin at other seeds");
		return;
	}
	const say = <T>(all: readonly (readonly [string, T])[]): T[] => {
		const said = new Map<string, T>();
		for (const [what, one] of all) {
			const known = said.get(what) ?? one;
			if (canonical(known) !== canonical(one)) fail(where, `do not say the same of ${what}`);
			said.set(what, known);
		}
		return [...said.values()];
	};
	const numbered = (of: (request: Request) => readonly (RequestRow | RequestExchange)[], what: string) =>
		say(requests.flatMap((request) => of(request).map((one) => [`${what} ${one.row}`, one] as const)));
	const points = (of: (request: Request) => Request["points"]) =>
		say(requests.flatMap((request) => of(request).map((point) => [canonical(point), point] as const)));
	const seeds = first.seeds.map(({ spec }, i) => {
		const marks = requests.flatMap((request) => Object.entries(request.seeds[i]?.seeded ?? {}));
		const told = say(marks.map((mark) => [`what seed ${i + 1} marked of ${mark[0]}`, mark] as const));
		return { spec, seeded: Object.fromEntries(told) };
	});
	checkMarked(
		{
			chain: first.chain,
			rules: first.rules,
			seeds,
			points: points((request) => request.points),
			leads: points((request) => request.leads),
			rows: numbered(({ rows }) => rows, "row") as RequestRow[],
			exchanges: numbered(({ exchanges = [] }) => exchanges, "exchange") as RequestExchange[],
		},
		where,
		fail,
	);
}
