import {
	type AccountId,
	defang,
	displayAddress,
	goesForward,
	groupBy,
	openOf,
	rangeOfLeaves,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import { figuresOf } from "./figures.js";
import { BOX_WIDTH, placeBoxes } from "./layout.js";
import type { LinkView, NodeView, TraceView } from "./model.js";
import { assetViews, money, sumIn } from "./money.js";
import type { Bundle, Picture } from "./picture.js";
import type { PictureQuery } from "./query.js";
import { GROUP, groupName, roleOf } from "./units.js";

/** Moments that a slider has at most. */
const MOMENTS = 120;
/** Ends that a box names; the account's page has all. */
const ENDS = 3;
const LINE = 15;
const HEADER = 38;
/** Height of the largest box of a flow. */
const LARGEST_FLOW = 220;
const THOUSAND = 1_000;
const SEEDS = 20;
/** Around a box at the rim. */
const ROOM = 20;

/** Names of accounts that the trace does not name, by account; hostile text. */
export type Names = ReadonlyMap<string, string>;

/** The picture with places, as a page draws it. O(rows); at most as many boxes and arrows as its bounds say. */
export function traceView(picture: Picture, query: PictureQuery, names: Names = new Map()): TraceView {
	const { accounts, figure, assets: used, counted, hidden, bundles, boxes } = picture;
	const { result } = accounts;
	const assets = assetViews(result.assets, used, counted);
	const places = new Map(assets.map(({ id }, i) => [id, i]));
	const ids = [...boxes.keys()];
	const placeOf = new Map(ids.map((id, i) => [id, i]));
	const endsOf = endsBy(picture, places);
	const flow = query.shape === "flow" ? throughput(bundles) : new Map<string, number>();
	const heights = ids.map((id) =>
		Math.max(HEADER + LINE * linesOf(endsOf(id)), Math.round(((flow.get(id) ?? 0) * LARGEST_FLOW) / THOUSAND)),
	);
	const firsts = firstRows(bundles);
	const isStart = (id: string) => (boxes.get(id) ?? []).some((account) => accounts.seeds.has(account));
	const arrows = bundles.map(({ from, to, rows }) => ({
		from: placeOf.get(from) ?? 0,
		to: placeOf.get(to) ?? 0,
		order: rows[0]?.row ?? 0,
	}));
	const forward = goesForward(result);
	const layout = placeBoxes(
		ids.map((id, i) => ({ first: firsts.get(id) ?? 0, height: heights[i] ?? HEADER, isStart: isStart(id) })),
		arrows,
	);
	const placed = (id: string) => accounts.marked?.places.get(id);
	const nodes = ids.map((id, i): NodeView => {
		const members = boxes.get(id) ?? [];
		const isGroup = id.startsWith(GROUP);
		const address = displayAddress(id as AccountId);
		return {
			id,
			role: roleOf(accounts, id),
			name: defang(
				isGroup
					? groupName(accounts, id, members)
					: (accounts.marked?.names.get(id) ?? accounts.entities.get(id) ?? names.get(id) ?? address),
			),
			...markedOf(accounts, id),
			...(isGroup ? {} : { address: defang(address) }),
			members: members.length,
			ends: endsOf(id).slice(0, ENDS),
			gaps: members.reduce((sum, account) => sum + (accounts.gaps.get(account) ?? 0), 0),
			hop: layout.places[i]?.hop ?? 0,
			x: placed(id)?.[0] ?? layout.places[i]?.x ?? 0,
			y: placed(id)?.[1] ?? layout.places[i]?.y ?? 0,
			w: BOX_WIDTH,
			h: heights[i] ?? HEADER,
		};
	});
	const links = bundles.map(
		({ asset, into, rows, sum, got, share }, i): LinkView => ({
			from: arrows[i]?.from ?? 0,
			to: arrows[i]?.to ?? 0,
			money: money(result.assets, places, asset, sum),
			...(into === undefined || got === undefined ? {} : { into: money(result.assets, places, into, got) }),
			transfers: rows.length,
			first: rows[0]?.time ?? "",
			tiers: [...new Set(rows.map(({ provenance }) => provenance))],
			share,
		}),
	);
	return {
		trace: {
			id: result.id,
			title: defang(result.case.title),
			chain: result.chain,
			forward,
			seeds: result.seeds.slice(0, SEEDS).map(({ spec }) => defang(spec)),
			whatIf: whatIfOf(result) ?? null,
			cutoff: result.coverage.cutoff,
		},
		figure,
		figures: figuresOf(result),
		shape: query.shape,
		assets,
		moments: momentsOf(result, accounts.heights),
		nodes,
		links,
		hidden,
		gaps: [...groupBy(result.coverage.gaps, ({ kind }) => kind)].map(([kind, all]) => ({ kind, count: all.length })),
		open: openWords(result),
		others: accounts.others ?? null,
		width: Math.max(layout.width, ...nodes.map(({ x, w }) => x + w + ROOM)),
		height: Math.max(layout.height, ...nodes.map(({ y, h }) => y + h + ROOM)),
	};
}

/** What people wrote of a box. */
function markedOf({ marked }: Picture["accounts"], id: string): Pick<NodeView, "notes" | "decision" | "isRenamed"> {
	const [notes, decision] = [marked?.notes.get(id), marked?.decisions.get(id)];
	return {
		...(notes === undefined ? {} : { notes }),
		...(decision === undefined ? {} : { decision }),
		...(marked?.names.has(id) ? { isRenamed: true } : {}),
	};
}

/** Lines that a box has for its ends: an amount, and under it what is open of it. */
function linesOf(ends: NodeView["ends"]): number {
	return ends.slice(0, ENDS).reduce((sum, { money: { range } }) => sum + (range === undefined ? 1 : 2), 0);
}

function openWords(result: TraceResult): string | null {
	const open = openOf(result.coverage);
	return open === undefined ? null : `${open.what.join(", ")}: ${open.holds}`;
}

/** Why the trace ends in a box and what stays there, by reason and asset, as the figure has it; the whole trace's, whatever the time. */
function endsBy({ accounts, boxes, figure, isWanted }: Picture, places: ReadonlyMap<string, number>): (id: string) => NodeView["ends"] {
	const { result, leaves } = accounts;
	const held = new Map<string, NodeView["ends"]>();
	for (const [id, members] of boxes) {
		const own = members.flatMap((account) => (leaves.get(account) ?? []).flatMap((place) => result.leaves[place] ?? []));
		const byEnd = groupBy(
			own.flatMap((leaf) =>
				Object.keys(leaf.amounts)
					.filter(isWanted)
					.map((asset) => ({ leaf, asset })),
			),
			({ leaf, asset }) => `${leaf.stop.reason} ${asset}`,
		);
		const ends = [...byEnd.values()].flatMap((all) => {
			const [{ asset, leaf } = { asset: "", leaf: undefined }] = all;
			const tainted = all.map((one) => ({ tainted: one.leaf.amounts[one.asset] ?? {} }));
			const sum = sumIn(
				tainted,
				figure,
				rangeOfLeaves(
					all.map((one) => one.leaf),
					asset,
				),
			);
			return sum.amount === 0n && (sum.most ?? 0n) === 0n
				? []
				: [{ reason: leaf?.stop.reason ?? "", money: money(result.assets, places, asset, sum) }];
		});
		held.set(id, ends);
	}
	return (id) => held.get(id) ?? [];
}

/** How much goes in or out of each box, the larger of both, in thousandths of the largest arrow of an asset; at most 1,000. */
function throughput(bundles: readonly Bundle[]): Map<string, number> {
	const [into, out] = [new Map<string, number>(), new Map<string, number>()];
	for (const { from, to, share } of bundles) {
		out.set(from, (out.get(from) ?? 0) + share);
		into.set(to, (into.get(to) ?? 0) + share);
	}
	const all = new Map<string, number>();
	for (const id of new Set([...into.keys(), ...out.keys()])) all.set(id, Math.max(into.get(id) ?? 0, out.get(id) ?? 0));
	const largest = Math.max(1, ...all.values());
	return new Map([...all].map(([id, share]) => [id, (share * THOUSAND) / largest]));
}

function firstRows(bundles: readonly Bundle[]): ReadonlyMap<string, number> {
	const first = new Map<string, number>();
	for (const { from, to, rows } of bundles)
		for (const id of [from, to]) first.set(id, Math.min(first.get(id) ?? Number.MAX_SAFE_INTEGER, rows[0]?.row ?? 0));
	return first;
}

/** Moments at which rows stand, evenly many rows apart, the first and the last among them. */
function momentsOf({ edges }: TraceResult, rowHeights: readonly number[]): TraceView["moments"] {
	const moments: { height: number; time: string }[] = [];
	const heights = edges.map(({ time }, i) => ({ height: rowHeights[i] ?? 0, time })).sort((a, b) => a.height - b.height);
	for (const one of heights) if (moments[moments.length - 1]?.height !== one.height) moments.push(one);
	if (moments.length <= MOMENTS) return moments;
	return Array.from({ length: MOMENTS }, (_, i) => moments[Math.round((i * (moments.length - 1)) / (MOMENTS - 1))]).flatMap(
		(one) => one ?? [],
	);
}
