import {
	type AccountId,
	compareText,
	countedOf,
	defang,
	displayAddress,
	formatAmount,
	goesForward,
	namesInWords,
	type Rule,
	shownSymbol,
	type TraceResult,
	whatIfOf,
} from "@clew/core";
import { MultiDirectedGraph } from "graphology";
import { leafNamings } from "./leaf-groups.js";

/** Which rule's amounts a picture shows, and how many accounts at most. */
export interface PictureOptions {
	readonly rule?: Rule;
	readonly maxAccounts?: number;
}

/** A picture with more boxes than this is not read. */
const DEFAULT_ACCOUNTS = 24;
/** Decimals shown in a picture; the tables are exact. */
const PICTURE_DECIMALS = 4;

type NodeRole = "payers" | "seed" | "followed" | "leaf" | "others";

interface NodeAttributes {
	label: string;
	role: NodeRole;
	members: number;
}

interface EdgeAttributes {
	amount: bigint;
	asset: string;
	transfers: number;
	conversion: boolean;
}

export type PictureGraph = MultiDirectedGraph<NodeAttributes, EdgeAttributes>;

const PAYERS = "payers";
const OTHERS = "others";

/**
 * The trace as a graph to look at: one box an account, one arrow a (sender, receiver, asset) with the sum of its tainted
 * amounts under one rule. Who paid into the seeds is one box; accounts that moved least are another.
 */
export function pictureGraph(result: TraceResult, options: PictureOptions = {}): PictureGraph {
	const rule = pictureRule(result, options.rule);
	const shown = mostMoved(result, rule, options.maxAccounts ?? DEFAULT_ACCOUNTS);
	const seeded = new Set(result.seeds.flatMap((seed) => seed.rows.map((row) => row.position)));
	const namingOfLeaf = leafNamings(result);
	const graph: PictureGraph = new MultiDirectedGraph();
	const hidden = new Set<string>();
	const payers = new Set<string>();
	const nodeFor = (account: string): string => {
		if (shown.has(account)) {
			if (!graph.hasNode(account)) graph.addNode(account, nodeAttributes(result, account, rule, namingOfLeaf));
			return account;
		}
		hidden.add(account);
		return group(OTHERS, "others", hidden.size);
	};
	const group = (key: string, role: NodeRole, members: number): string => {
		graph.mergeNode(key, {
			role,
			members,
			label: `${members} ${key === PAYERS ? (members === 1 ? "payer" : "payers") : "smaller accounts"}`,
		});
		return key;
	};
	for (const edge of result.edges) {
		const amount = BigInt(edge.tainted[rule] ?? "0");
		if (edge.kind === "fee" || amount === 0n) continue;
		const fromPayer = seeded.has(edge.position) && !shown.has(edge.from);
		if (fromPayer) payers.add(edge.from);
		const from = fromPayer ? group(PAYERS, "payers", payers.size) : nodeFor(edge.from);
		const to = nodeFor(edge.to);
		const key = `${from} ${to} ${edge.asset} ${edge.into?.asset ?? ""}`;
		if (!graph.hasEdge(key))
			graph.addDirectedEdgeWithKey(key, from, to, { amount: 0n, asset: edge.asset, transfers: 0, conversion: edge.into !== undefined });
		graph.updateEdgeAttribute(key, "amount", (sum) => (sum ?? 0n) + amount);
		graph.updateEdgeAttribute(key, "transfers", (n) => (n ?? 0) + 1);
	}
	return graph;
}

/** The rule a picture shows: the one asked for if it was run, else haircut, else the first. */
export function pictureRule(result: TraceResult, wanted?: Rule): Rule {
	const run = (rule: Rule | undefined): rule is Rule => rule !== undefined && result.rules.includes(rule);
	if (run(wanted)) return wanted;
	return run("haircut") ? "haircut" : (result.rules[0] as Rule);
}

/**
 * The accounts that moved or kept most, seeds always among them. Assets are ranked apart, since amounts of different assets do not compare.
 */
function mostMoved(result: TraceResult, rule: Rule, max: number): Set<string> {
	const moved = new Map<string, Map<string, bigint>>();
	const add = (asset: string, account: string, amount: bigint) => {
		const ofAsset = moved.get(asset) ?? new Map<string, bigint>();
		ofAsset.set(account, (ofAsset.get(account) ?? 0n) + amount);
		moved.set(asset, ofAsset);
	};
	const seeds = new Set(result.seeds.flatMap((seed) => seed.rows.map((row) => row.account)));
	for (const edge of result.edges) {
		const amount = BigInt(edge.tainted[rule] ?? "0");
		if (edge.kind === "fee" || amount === 0n) continue;
		add(edge.asset, goesForward(result) ? edge.to : edge.from, amount);
		if (edge.into !== undefined) add(edge.into.asset, edge.to, BigInt(edge.into.tainted[rule] ?? "0"));
	}
	const ranked = [...moved.values()].map((accounts) =>
		[...accounts].sort(([a, x], [b, y]) => (x === y ? compareText(a, b) : x > y ? -1 : 1)),
	);
	const shown = new Set<string>([...seeds].sort(compareText).slice(0, max));
	for (let rank = 0; shown.size < max && ranked.some((list) => rank < list.length); rank++) {
		for (const list of ranked) {
			const entry = list[rank];
			if (entry !== undefined && shown.size < max) shown.add(entry[0]);
		}
	}
	return shown;
}

function nodeAttributes(result: TraceResult, account: string, rule: Rule, namingOfLeaf: ReturnType<typeof leafNamings>): NodeAttributes {
	const leaves = result.leaves.filter((leaf) => leaf.account === account);
	const address = displayAddress(account as AccountId);
	const [entity] = leaves.flatMap((leaf) => {
		const naming = namingOfLeaf(leaf);
		return naming === undefined ? [] : [namesInWords(naming.label, naming.against)];
	});
	const kept = leaves.flatMap((leaf) =>
		Object.entries(leaf.amounts)
			.filter(([, amounts]) => amounts[rule] !== "0")
			.map(([asset, amounts]) => `${leaf.stop.reason} ${cutAmount(result, asset, BigInt(amounts[rule] ?? "0"))}`),
	);
	const seeded = result.seeds.some((seed) => seed.rows.some((row) => row.account === account));
	const lines = [...(entity ? [defang(entity)] : []), `${address.slice(0, 22)}`, `${address.slice(22)}`, ...kept.slice(0, 3)];
	return {
		label: lines.join("\n"),
		role: seeded ? "seed" : leaves.some((l) => l.stop.reason !== "unspent") ? "leaf" : "followed",
		members: 1,
	};
}

/** An amount with its symbol, both safe to show: (…, 1500000000000000000n) is `1.5 ETH`. */
export function describeAmount(result: Pick<TraceResult, "assets">, asset: string, amount: bigint): string {
	const info = result.assets[asset];
	if (info === undefined || (info.symbol === "" && info.decimals === 0)) return `${amount} base units of ${asset}`;
	return `${formatAmount(amount, info.decimals)} ${shownSymbol(asset, info.symbol, result.assets) || `of ${asset}`}`;
}

const COLOURS: Record<NodeRole, string> = { payers: "#eeeeee", seed: "#ffd9d0", followed: "#ffffff", leaf: "#d6e8f7", others: "#eeeeee" };

/** The same, cut to {@link PICTURE_DECIMALS} decimals and marked so, for a box, an arrow or a narrow terminal. */
export function cutAmount(result: Pick<TraceResult, "assets">, asset: string, amount: bigint): string {
	return describeAmount(result, asset, amount).replace(new RegExp(`(\\.\\d{${PICTURE_DECIMALS}})\\d+`), "$1…");
}

/** The picture in Graphviz's language. */
export function toDot(whole: TraceResult, options: PictureOptions = {}): string {
	const { counted: result, others } = countedOf(whole);
	const whatIf = whatIfOf(whole);
	const label = [
		...(whatIf === undefined ? [] : [`what-if, not the usual trace of all of it: ${whatIf}`]),
		...(others === undefined ? [] : [others]),
		...(goesForward(whole) ? [] : ["backward: from sources to what is asked about"]),
	];
	const rule = pictureRule(result, options.rule);
	const graph = pictureGraph(result, options);
	const lines = [
		`digraph ${whatIf === undefined ? "trace" : '"what-if trace"'} {`,
		`  graph [rankdir=LR, nodesep=0.25, ranksep=1.1, fontname="Helvetica", fontsize=11, labelloc=t, label=${quoteDot([...label, `${goesForward(whole) ? "tainted amounts" : "what came of the sources"} under ${rule}, cut to ${PICTURE_DECIMALS} decimals`].join("\n"))}];`,
		`  node [shape=box, style="filled,rounded", fontname="Courier", fontsize=9, color="#555555"];`,
		`  edge [fontname="Helvetica", fontsize=9, color="#555555"];`,
	];
	const ids = new Map([...graph.nodes()].map((key, i) => [key, `n${i}`]));
	graph.forEachNode((key, { label, role }) => {
		lines.push(`  ${ids.get(key)} [label=${quoteDot(label)}, fillcolor="${COLOURS[role]}"];`);
	});
	graph.forEachEdge((_, { amount, asset, transfers, conversion }, from, to) => {
		const text = `${cutAmount(result, asset, amount)}${transfers > 1 ? `\n${transfers} transfers` : ""}${conversion ? "\nexchanged" : ""}`;
		lines.push(`  ${ids.get(from)} -> ${ids.get(to)} [label=${quoteDot(text)}];`);
	});
	lines.push("}");
	return `${lines.join("\n")}\n`;
}

export function quoteDot(text: string): string {
	return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** The picture as SVG, drawn by Graphviz; the same bytes for the same result. */
export async function toSvg(result: TraceResult, options: PictureOptions = {}): Promise<string> {
	// Loaded for a picture alone: it is large.
	const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
	const graphviz = await Graphviz.load();
	const svg = graphviz.dot(toDot(result, options));
	return svg.slice(svg.indexOf("<svg"));
}
