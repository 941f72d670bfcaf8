import {
	type AccountId,
	type AssetId,
	CONSERVING_RULES,
	groupBy,
	maxAmount,
	minAmount,
	type Rule,
	type TraceAmounts,
	type TraceResult,
} from "@clew/core";

/** Stolen money of one asset that arrived at an account in a trace, in base units; what came back is not counted again. */
export interface Arrived {
	/** Over the conserving rules and every placing of missing money: no less than this arrived, each unit counted once. */
	readonly least: bigint;
	/** No more than this, and never more than the seeds marked of the asset and exchanges brought of it. */
	readonly most: bigint;
	/** The same by poison, which screens. */
	readonly screened: bigint;
}

interface Row {
	readonly tainted: TraceAmounts;
	readonly range?: readonly [string, string] | undefined;
}

const low = ({ tainted, range }: Row, rule: Rule): bigint => BigInt(range?.[0] ?? tainted[rule] ?? "0");
const high = ({ tainted, range }: Row, rule: Rule): bigint => BigInt(range?.[1] ?? tainted[rule] ?? "0");
const sum = <T>(some: readonly T[], of: (one: T) => bigint): bigint => some.reduce((total, one) => total + of(one), 0n);

/**
 * What a trace shows of an account without counting the same units again each time they return. No unit is in two places at once and none
 * is marked twice, so that what was there at one time, and what seeds marked right there, are different units: the least. All rows
 * together may name a unit again: the most is theirs, but no more than there was.
 */
export function arrivedAt(result: TraceResult, account: AccountId, asset: AssetId): Arrived {
	const rules = result.rules.filter((rule) => CONSERVING_RULES.includes(rule));
	const arrivals = result.edges.filter((edge) => edge.to === account && edge.asset === asset && edge.into === undefined);
	const marked = result.seeds.flatMap(({ rows }) =>
		rows.filter((row) => row.asset === asset).map(({ account: at, seeded, range }) => ({ at, tainted: seeded, range })),
	);
	const gained: Row[] = [...marked, ...result.edges.flatMap(({ into }) => (into?.asset === asset ? [into] : []))];
	const here = marked.filter(({ at }) => at === account);
	// Under libr each seed is alone and marks what others marked too: the others say how much there was.
	const units = result.seeds.length > 1 && rules.length > 1 ? rules.filter((rule) => rule !== "libr") : rules;
	const most = (some: readonly Rule[], rows: readonly Row[]) =>
		some.map((rule) => sum(rows, (row) => high(row, rule))).reduce(maxAmount, 0n);
	const least = rules.map((rule) =>
		maxAmount(
			peak(result, account, asset, rule),
			sum(here, (row) => low(row, rule)),
		),
	);
	return {
		least: least.length === 0 ? 0n : least.reduce(minAmount),
		most: minAmount(most(rules, arrivals), most(units, gained)),
		screened: minAmount(
			sum(arrivals, ({ tainted }) => BigInt(tainted.poison ?? "0")),
			sum(gained, ({ tainted }) => BigInt(tainted.poison ?? "0")),
		),
	};
}

/**
 * The most that was surely there at one time of what arrived, in the order of the rows. What a seed marks on a transfer was not held as
 * stolen by who sent it, and more cannot leave than is there.
 */
function peak({ edges, seeds }: TraceResult, account: AccountId, asset: AssetId, rule: Rule): bigint {
	const marked = groupBy(
		seeds.flatMap(({ rows }) => rows).filter((row) => row.asset === asset),
		({ position }) => position,
	);
	let [held, found] = [0n, 0n];
	for (const edge of edges) {
		if (edge.asset !== asset) continue;
		if (edge.from === account) {
			const onTransfer = sum(marked.get(edge.position) ?? [], ({ seeded, range }) => low({ tainted: seeded, range }, rule));
			const left = maxAmount(high(edge, rule) - onTransfer, 0n);
			held = maxAmount(held - left, 0n);
		}
		if (edge.to === account && edge.into === undefined) held += low(edge, rule);
		found = maxAmount(found, held);
	}
	return found;
}
