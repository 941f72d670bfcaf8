import { compareText, InputError, type TraceEdge } from "@clew/core";
import { figureOf } from "./figures.js";
import type { Figure, Hidden } from "./model.js";
import { type Sum, sumOf, weightOf } from "./money.js";
import type { PictureQuery } from "./query.js";
import { type Accounts, GROUP, OTHERS } from "./units.js";

/** Arrows that a picture has at most. */
export const MAX_LINKS = 500;

/** Rows of one asset between two boxes. */
export interface Bundle {
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly into: string | undefined;
	/** In the order of the trace. */
	readonly rows: readonly TraceEdge[];
	readonly sum: Sum;
	readonly got: Sum | undefined;
	/** Thousandths of the largest of its asset. */
	share: number;
}

/** A picture before it is placed: which accounts are a box, and which rows an arrow. */
export interface Picture {
	readonly accounts: Accounts;
	readonly figure: Figure;
	readonly counted: ReadonlySet<string>;
	/** Every asset that rows or end points name. */
	readonly assets: ReadonlySet<string>;
	readonly isWanted: (asset: string) => boolean;
	/** Accounts by the box that they are in, in the order of the boxes. */
	readonly boxes: ReadonlyMap<string, readonly string[]>;
	readonly boxOf: (account: string) => string;
	readonly bundles: readonly Bundle[];
	/** Rows that carry something and touch a box, drawn or not. */
	readonly rows: readonly TraceEdge[];
	readonly hidden: Hidden;
}

const edgeKey = (from: string, to: string, { asset, into }: TraceEdge) => `${from} ${to} ${asset} ${into?.asset ?? ""}`;

/**
 * Chooses what is drawn: seeds, what was asked for, then those that moved most, assets in turn since their amounts do not compare; the rest
 * is one box. Throws InputError for an asset that the trace does not name, or a rule that was not run.
 */
export function pictureOf(accounts: Accounts, query: PictureQuery): Picture {
	const { result } = accounts;
	const figure = figureOf(result, query.figure);
	const { counted, assets, heights } = accounts;
	if (query.asset !== "counted" && query.asset !== "all" && !assets.has(query.asset)) throw new InputError("the trace names no such asset");
	const isWanted = (asset: string) => query.asset === "all" || (query.asset === "counted" ? counted.has(asset) : asset === query.asset);
	const within = result.edges.filter(isInside(query, isWanted, heights));
	const unitOf = unitsFor(accounts, query);
	const own = chosen(accounts, within, unitOf, figure, query);
	const boxOf = (account: string) => {
		const unit = unitOf(account);
		return own.has(unit) ? unit : OTHERS;
	};
	const { bundles, inside, nothing } = bundlesOf(within, boxOf, figure);
	const [drawn, thin] = strongest(bundles);
	const members = new Map<string, Set<string>>();
	const join = (account: string) => {
		const box = boxOf(account);
		const known = members.get(box) ?? new Set();
		members.set(box, known.add(account));
	};
	for (const account of accounts.seeds) join(account);
	for (const { rows } of bundles) for (const { from, to } of rows) for (const account of [from, to]) join(account);
	const boxes = new Map([...members].map(([box, all]) => [box, [...all].sort(compareText)] as const));
	const single = [...boxes].filter(([box]) => !box.startsWith(GROUP)).length;
	const all = [...boxes.values()].reduce((sum, list) => sum + list.length, 0);
	const fees = result.edges.filter(({ kind }) => kind === "fee").length;
	return {
		accounts,
		figure,
		counted,
		assets,
		isWanted,
		boxes,
		boxOf,
		bundles: drawn,
		rows: within,
		hidden: {
			accounts: { shown: single, of: all },
			links: { shown: drawn.length, of: bundles.length },
			rows: {
				drawn: count(drawn),
				of: result.edges.length,
				fees,
				nothing,
				filtered: result.edges.length - fees - within.length,
				inside,
				thin: count(thin),
			},
		},
	};
}

const count = (bundles: readonly Bundle[]) => bundles.reduce((sum, { rows }) => sum + rows.length, 0);

function isInside(
	{ since = 0, until = Number.MAX_SAFE_INTEGER }: PictureQuery,
	isWanted: (asset: string) => boolean,
	heights: readonly number[],
) {
	return ({ kind, asset, into }: TraceEdge, at: number) => {
		if (kind === "fee" || !(isWanted(asset) || (into !== undefined && isWanted(into.asset)))) return false;
		const height = heights[at] ?? 0;
		return height >= since && height <= until;
	};
}

function unitsFor({ groupOf }: Accounts, { open, show }: PictureQuery): (account: string) => string {
	const [opened, shown] = [new Set(open), new Set(show)];
	return (account) => {
		const group = groupOf.get(account);
		return group === undefined || opened.has(group) || shown.has(account) ? account : group;
	};
}

/** Which units have a box: as many as were asked for, one of them for the rest. */
function chosen(
	{ seeds, leaves }: Accounts,
	rows: readonly TraceEdge[],
	unitOf: (account: string) => string,
	figure: Figure,
	{ nodes, show }: PictureQuery,
): ReadonlySet<string> {
	const moved = new Map<string, Map<string, bigint>>();
	const add = (asset: string, unit: string, amount: bigint) => {
		const ofAsset = moved.get(asset) ?? new Map<string, bigint>();
		ofAsset.set(unit, (ofAsset.get(unit) ?? 0n) + amount);
		moved.set(asset, ofAsset);
	};
	const named = new Set(rows.flatMap(({ from, to }) => [from, to]));
	for (const row of rows) {
		const amount = weightOf(row, figure);
		if (amount === 0n) continue;
		for (const account of [row.from, row.to]) add(row.asset, unitOf(account), amount);
		if (row.into !== undefined) add(row.into.asset, unitOf(row.to), weightOf(row.into, figure));
	}
	const ranked = [...moved.values()].map((units) => [...units].sort(([a, x], [b, y]) => (x === y ? compareText(a, b) : x > y ? -1 : 1)));
	const first = [...[...seeds].sort(compareText), ...show.filter((account) => named.has(account) || leaves.has(account))];
	const own = new Set<string>(first.map(unitOf).slice(0, nodes - 1));
	for (let rank = 0; own.size < nodes - 1 && ranked.some((list) => rank < list.length); rank++)
		for (const list of ranked) {
			const unit = list[rank]?.[0];
			if (unit !== undefined && own.size < nodes - 1) own.add(unit);
		}
	return own;
}

function bundlesOf(rows: readonly TraceEdge[], boxOf: (account: string) => string, figure: Figure) {
	const byKey = new Map<string, { from: string; to: string; rows: TraceEdge[] }>();
	let inside = 0;
	for (const row of rows) {
		const [from, to] = [boxOf(row.from), boxOf(row.to)];
		if (from === to && from.startsWith(GROUP)) {
			inside++;
			continue;
		}
		const key = edgeKey(from, to, row);
		const known = byKey.get(key);
		if (known === undefined) byKey.set(key, { from, to, rows: [row] });
		else known.rows.push(row);
	}
	let nothing = 0;
	const bundles: Bundle[] = [];
	for (const { from, to, rows: own } of byKey.values()) {
		const sum = sumOf(own, figure);
		const into = own[0]?.into?.asset;
		const got =
			into === undefined
				? undefined
				: sumOf(
						own.flatMap((row) => row.into ?? []),
						figure,
					);
		if (sum.amount === 0n && (got?.amount ?? 0n) === 0n) nothing += own.length;
		else bundles.push({ from, to, asset: own[0]?.asset ?? "", into, rows: own, sum, got, share: 0 });
	}
	const largest = new Map<string, bigint>();
	for (const { asset, sum } of bundles) if (sum.amount > (largest.get(asset) ?? 0n)) largest.set(asset, sum.amount);
	for (const bundle of bundles) bundle.share = thousandths(bundle.sum.amount, largest.get(bundle.asset) ?? 0n);
	return { bundles, inside, nothing };
}

const THOUSAND = 1_000n;
function thousandths(amount: bigint, largest: bigint): number {
	return largest === 0n ? 0 : Number((amount * THOUSAND) / largest);
}

/** At most so many arrows, the largest of their assets, in their order; and the others. */
function strongest(bundles: readonly Bundle[]): readonly [readonly Bundle[], readonly Bundle[]] {
	if (bundles.length <= MAX_LINKS) return [bundles, []];
	const kept = new Set([...bundles].sort((a, b) => b.share - a.share).slice(0, MAX_LINKS));
	return [bundles.filter((one) => kept.has(one)), bundles.filter((one) => !kept.has(one))];
}
