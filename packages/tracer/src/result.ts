import {
	type AssetId,
	type ChainId,
	compareText,
	formatOutpoint,
	formatPosition,
	isNative,
	isoTime,
	type Label,
	type LedgerReader,
	ledgerOf,
	maxAmount,
	minAmount,
	type Rule,
	type TraceAmounts,
	type TraceEdge,
	type TraceLeaf,
	type TracePassage,
	type TraceResult,
	type Transfer,
	traceId,
} from "@clew/core";
import { auditOrigin, auditTotals } from "./audit.js";
import type { LeafOutpoint } from "./books.js";
import { raisedLeast } from "./bounds/floors.js";
import { conventionsOf } from "./conventions.js";
import { buildGaps } from "./gaps.js";
import { statedParameters } from "./parameters.js";
import { originAmounts, tallyOf, totalAmounts } from "./tally.js";
import type { CaseReference, TraceRun } from "./trace.js";
import { conservingRange, statedAmounts, type TracedEdge, widened } from "./traced-edge.js";
import { withUnreadWork } from "./unread-work.js";

/**
 * Turns a run into the documented result. Pure but for reading labels, coverage and headers from the source. Throws ClewError
 * (CONSERVATION) when the sums do not add up.
 */
export async function buildResult(run: TraceRun, read: LedgerReader, reference: CaseReference): Promise<TraceResult> {
	const { request, outcome } = run;
	const { rules, chain } = request;
	const source = await withUnreadWork(read, chain);
	const origins = request.seeds.length;
	const edges = await buildEdges(run, source);
	const leaves = await buildLeaves(run, origins, source);
	const open: Omit<TraceResult, "id"> = {
		schema: "clew.trace/1",
		...(request.direction === "backward" ? { direction: "backward" as const } : {}),
		chain,
		case: { id: reference.id, title: reference.title },
		seeds: buildSeeds(run),
		rules: [...rules],
		conventions: { ...conventionsOf(chain, request.fee, request.direction) },
		parameters: statedParameters(run),
		assets: await assetTable(edges, leaves, source),
		edges,
		leaves,
		...passagesOf(run),
		coverage: {
			cutoff: reference.cutoff.toString(),
			sources: reference.sources.map((s) => ({ ...s })),
			gaps: [...(await buildGaps(run, source)), ...(reference.nodeGaps ?? [])],
		},
		conservation: auditTotals(outcome.sums, rules, origins),
		...(origins > 1
			? { conservationByOrigin: Array.from({ length: origins }, (_, origin) => auditOrigin(outcome.sums, rules, origin)) }
			: {}),
	};
	return { ...open, id: traceId(open) };
}

function buildSeeds({ request, outcome }: TraceRun): TraceResult["seeds"] {
	const { rules, direction, chain } = request;
	// Backward accounts are asked what they had and paid, outputs what they hold.
	const holder = ({ from, to }: Transfer) => (direction === "backward" && ledgerOf(chain) === "accounts" ? from : to);
	return request.seeds.map((seed, origin) => {
		const own = outcome.seedings.filter((s) => s.origin === origin);
		const totals = new Map<AssetId, bigint[]>();
		for (const { transfer, marked } of own) {
			const sums = totals.get(transfer.asset) ?? rules.map(() => 0n);
			totals.set(
				transfer.asset,
				sums.map((sum, i) => sum + (marked[i] ?? 0n)),
			);
		}
		return {
			spec: seed.spec,
			origin,
			seeded: Object.fromEntries([...totals].map(([asset, sums]) => [asset, byRule(rules, sums)])),
			rows: own.map(({ transfer, marked, passage, range }) => ({
				position: formatPosition(transfer.position),
				txHash: transfer.txHash,
				account: holder(transfer),
				asset: transfer.asset,
				amount: transfer.amount.toString(),
				seeded: byRule(rules, marked),
				...(range === undefined ? {} : { range: [range[0].toString(), range[1].toString()] as [string, string] }),
				...(passage === undefined ? {} : { passage }),
			})),
		};
	});
}

function passagesOf({ request, passages = [] }: TraceRun): Pick<TraceResult, "passages"> {
	const { rules, seeds } = request;
	if (passages.length === 0) return {};
	return {
		passages: passages.map(({ kind, protocol, key, tier, paid, got, into, detail, alternatives }) => ({
			kind,
			protocol,
			key,
			tier,
			paid: movementOf(paid),
			...(got === undefined ? {} : { got: movementOf(got), into: totalAmounts(tallyOf(into, rules, seeds.length), rules) }),
			...(alternatives.length === 0 ? {} : { alternatives: alternatives.map(movementOf) }),
			detail,
		})),
	};
}

function movementOf({ position, txHash, from, to, asset, amount }: Transfer): TracePassage["paid"] {
	return { position: formatPosition(position), txHash, from, to, asset, amount: amount.toString() };
}

function byRule(rules: readonly Rule[], amounts: readonly bigint[]): TraceAmounts {
	return Object.fromEntries(rules.map((rule, i) => [rule, (amounts[i] ?? 0n).toString()]));
}

async function buildEdges(run: TraceRun, source: LedgerReader): Promise<TraceEdge[]> {
	const timeOf = timeReader(source, run.request.chain);
	const edges: TraceEdge[] = [];
	for (const edge of run.edges) {
		const read = timeOf(edge.transfer.position.height);
		edges.push(rowOf(edge, edges.length + 1, typeof read === "string" ? read : await read));
	}
	return edges;
}

/** A movement as a row of the result. The common form is written out at once: copying entry by entry takes several times the memory. */
function rowOf({ transfer: t, amounts, conversion }: TracedEdge, row: number, time: string): TraceEdge {
	const { position, txHash, from, to, asset, kind, provenance, source } = t;
	const place = formatPosition(position);
	const tier = "structural";
	if (conversion === undefined && t.outpoint === undefined && amounts.byOrigin === undefined) {
		const { tainted, range } = amounts;
		const amount = t.amount.toString();
		return range === undefined
			? { row, position: place, time, txHash, tainted, provenance, source, tier, from, to, asset, amount, kind }
			: { row, position: place, time, txHash, tainted, range, provenance, source, tier, from, to, asset, amount, kind };
	}
	const common = { row, position: place, time, txHash, ...amounts, provenance, source, tier } as const;
	if (conversion === undefined) {
		const outpoint = t.outpoint ? { outpoint: formatOutpoint(t.outpoint) } : {};
		return { ...common, from, to, asset, amount: t.amount.toString(), kind, ...outpoint };
	}
	const { account, sides } = conversion;
	return {
		...common,
		from: account,
		to: account,
		asset: sides.pays,
		amount: sides.paid.toString(),
		kind: "conversion",
		into: { asset: sides.gets, amount: sides.got.toString(), ...conversion.amounts },
	};
}

/** The most that rows brought each account of each asset; backward the most that they took from it, and what is asked about there. */
function mostBrought({ direction, seeds }: TraceRun["request"], { seedings }: TraceRun["outcome"], edges: TraceRun["edges"]) {
	const brought = new Map<string, bigint>();
	const add = (key: string, most: bigint) => brought.set(key, (brought.get(key) ?? 0n) + most);
	if (direction === "backward") {
		for (const { origin, transfer, marked } of seedings)
			if (seeds[origin]?.kind === "balance") add(`${transfer.from} ${transfer.asset}`, marked.reduce(maxAmount, 0n));
		for (const { transfer, most, conversion } of edges)
			add(conversion === undefined ? `${transfer.from} ${transfer.asset}` : `${conversion.account} ${conversion.sides.pays}`, most);
		return brought;
	}
	for (const { transfer, most, conversion } of edges) {
		if (conversion !== undefined) add(`${conversion.account} ${conversion.sides.gets}`, conversion.most);
		else if (transfer.kind !== "fee") add(`${transfer.to} ${transfer.asset}`, most);
	}
	return brought;
}

/** UTC of a height as ISO text, empty when the case does not know; a promise only where it must be read. Remembers heights asked for. */
function timeReader(source: LedgerReader, chain: ChainId): (height: number) => string | Promise<string> {
	const known = new Map<number, string>();
	const read = async (height: number): Promise<string> => {
		const header = await source.header(chain, height);
		const text = header === undefined ? "" : isoTime(header.time);
		known.set(height, text);
		return text;
	};
	return (height) => known.get(height) ?? read(height);
}

async function buildLeaves({ request, outcome, edges, floors }: TraceRun, origins: number, source: LedgerReader): Promise<TraceLeaf[]> {
	const { rules } = request;
	const brought = outcome.boundsOf === undefined ? new Map<string, bigint>() : mostBrought(request, outcome, edges);
	const built: { leaf: TraceLeaf; asset: AssetId; agreed: bigint; most: bigint }[] = [];
	for (const leaf of outcome.leaves) {
		const bounds = outcome.boundsOf?.(leaf);
		const placed = conservingRange(leaf.tally, rules);
		const { least, most: reached } = widened(placed, bounds);
		const agreed = bounds === undefined ? least : raisedLeast(least, floors?.ofLeaf(leaf), placed.least);
		// No end point holds more than rows brought it; what arrived and what a seed marked of it later are bounded one by one.
		const most = bounds === undefined ? reached : minAmount(reached, brought.get(`${leaf.account} ${leaf.asset}`) ?? 0n);
		const byOrigin = originAmounts(leaf.tally, rules, origins);
		const { labels } = outcome.profiles?.get(leaf.account) ?? (await source.profile(leaf.account, 1));
		built.push({
			asset: leaf.asset,
			agreed,
			most,
			leaf: {
				account: leaf.account,
				labels: labels.map(labelOf),
				stop: { reason: leaf.stop.reason, detail: leaf.stop.detail },
				amounts: { [leaf.asset]: totalAmounts(leaf.tally, rules) },
				...(byOrigin ? { byOrigin: { [leaf.asset]: byOrigin } } : {}),
				agreed: agreed.toString(),
				range: [agreed.toString(), most.toString()],
				...(bounds !== undefined && agreed < most ? { open: true as const } : {}),
				...(leaf.outpoints.length > 0 ? { outpoints: leaf.outpoints.map((o) => outpointOf(o, rules, origins)) } : {}),
				arrivals: { first: formatPosition(leaf.came.first), last: formatPosition(leaf.came.last), count: leaf.came.count },
			},
		});
	}
	return built.sort(freezeFirst).map(({ leaf }) => leaf);
}

function outpointOf(
	{ outpoint, value, parcels }: LeafOutpoint,
	rules: readonly Rule[],
	origins: number,
): NonNullable<TraceLeaf["outpoints"]>[number] {
	return {
		outpoint: formatOutpoint(outpoint),
		amount: value.toString(),
		...statedAmounts(tallyOf(parcels, rules, origins), rules, origins),
	};
}

function labelOf({ account: _, ...label }: Label): TraceLeaf["labels"][number] {
	return { ...label, tier: "attribution" };
}

/** "Freeze first": per asset (native coin first) what every conserving rule agrees on, then the most any of them says. */
function freezeFirst(
	a: { leaf: TraceLeaf; asset: AssetId; agreed: bigint; most: bigint },
	b: { leaf: TraceLeaf; asset: AssetId; agreed: bigint; most: bigint },
): number {
	if (a.asset !== b.asset) return Number(isNative(b.asset)) - Number(isNative(a.asset)) || compareText(a.asset, b.asset);
	if (a.agreed !== b.agreed) return a.agreed > b.agreed ? -1 : 1;
	if (a.most !== b.most) return a.most > b.most ? -1 : 1;
	return (
		compareText(a.leaf.account, b.leaf.account) ||
		compareText(a.leaf.stop.reason, b.leaf.stop.reason) ||
		compareText(a.leaf.stop.detail, b.leaf.stop.detail)
	);
}

async function assetTable(edges: readonly TraceEdge[], leaves: readonly TraceLeaf[], source: LedgerReader): Promise<TraceResult["assets"]> {
	const ids = new Set<string>(leaves.flatMap((leaf) => Object.keys(leaf.amounts)));
	for (const { asset, into } of edges) {
		ids.add(asset);
		if (into !== undefined) ids.add(into.asset);
	}
	const table: TraceResult["assets"] = {};
	for (const id of [...ids].sort(compareText)) {
		const info = await source.asset(id as AssetId);
		table[id] = info === undefined ? { symbol: "", decimals: 0 } : { symbol: info.symbol, decimals: info.decimals };
	}
	return table;
}
