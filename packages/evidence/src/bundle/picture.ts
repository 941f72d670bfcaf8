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
import { latin } from "../document/latin.js";
import { leafNamings } from "./leaf-groups.js";

/** Which rule's amounts a picture shows, and how many accounts at most. */
export interface PictureOptions {
	readonly rule?: Rule;
	readonly maxAccounts?: number;
	/** Exactly these accounts, in place of those through which most went. */
	readonly only?: ReadonlySet<string>;
	/** For a page that is higher than wide: narrow boxes, from above to below, each end point with its number in the exhibit. */
	readonly tall?: boolean;
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
	const shown = options.only ?? mostMoved(result, rule, options.maxAccounts ?? DEFAULT_ACCOUNTS);
	const seeded = new Set(result.seeds.flatMap((seed) => seed.rows.map((row) => row.position)));
	const namingOfLeaf = leafNamings(result);
	const graph: PictureGraph = new MultiDirectedGraph();
	const hidden = new Set<string>();
	const payers = new Set<string>();
	const nodeFor = (account: string): string => {
		if (shown.has(account)) {
			if (!graph.hasNode(account)) graph.addNode(account, nodeAttributes(result, account, rule, namingOfLeaf, options.tall));
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
		// A picture of some accounts says nothing of what moved between all others.
		if (options.only !== undefined && !shown.has(edge.from) && !shown.has(edge.to)) continue;
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

/** One way out of a seed: the accounts that were first reached by it, in the order in which they were. */
export interface Branch {
	readonly seed: string;
	readonly accounts: readonly string[];
}

/** The branches of a trace under a rule, each account in that by which money first came to it; of a trace backward, by which it last went. */
export function branchesOf(whole: TraceResult, wanted?: Rule): Branch[] {
	const { counted: result } = countedOf(whole);
	const [rule, forward] = [pictureRule(result, wanted), goesForward(result)];
	const seeds = new Set(result.seeds.flatMap((seed) => seed.rows.map(({ account }) => account)));
	const seeded = new Set(result.seeds.flatMap((seed) => seed.rows.map(({ position }) => position)));
	const branchOf = new Map<string, string[]>();
	const branches: Branch[] = [];
	for (const edge of forward ? result.edges : [...result.edges].reverse()) {
		if (edge.kind === "fee" || seeded.has(edge.position) || BigInt(edge.tainted[rule] ?? "0") === 0n) continue;
		const [near, far] = forward ? [edge.from, edge.to] : [edge.to, edge.from];
		if (seeds.has(far) || branchOf.has(far)) continue;
		const own = branchOf.get(near) ?? [];
		if (own.length === 0) {
			if (!seeds.has(near)) continue;
			branches.push({ seed: near, accounts: own });
		}
		own.push(far);
		branchOf.set(far, own);
	}
	return branches;
}

function nodeAttributes(
	result: TraceResult,
	account: string,
	rule: Rule,
	namingOfLeaf: ReturnType<typeof leafNamings>,
	tall = false,
): NodeAttributes {
	const leaves = result.leaves.map((leaf, i) => ({ leaf, number: i + 1 })).filter(({ leaf }) => leaf.account === account);
	const address = displayAddress(account as AccountId);
	const [entity] = leaves.flatMap(({ leaf }) => {
		const naming = namingOfLeaf(leaf);
		return naming === undefined ? [] : [namesInWords(naming.label, naming.against)];
	});
	const kept = leaves.flatMap(({ leaf, number }) =>
		Object.entries(leaf.amounts)
			.filter(([, amounts]) => amounts[rule] !== "0")
			.map(([asset, amounts]) => {
				const amount = cutAmount(result, asset, BigInt(amounts[rule] ?? "0"));
				return tall ? `${number}: ${leaf.stop.reason}\n${amount}` : `${leaf.stop.reason} ${amount}`;
			}),
	);
	const seeded = result.seeds.some((seed) => seed.rows.some((row) => row.account === account));
	const width = tall ? TALL_BOX : WIDE_BOX;
	const lines = [...(entity ? inLines(defang(entity), width).slice(0, NAME_LINES) : []), ...inLines(address, width), ...kept.slice(0, 3)];
	return {
		label: lines.join("\n"),
		role: seeded ? "seed" : leaves.some(({ leaf }) => leaf.stop.reason !== "unspent") ? "leaf" : "followed",
		members: 1,
	};
}

/** Letters on a line of a box, and lines of a name, which may be as long as an attacker likes. */
const [WIDE_BOX, TALL_BOX, NAME_LINES] = [22, 14, 2];

function inLines(text: string, width: number): string[] {
	return Array.from({ length: Math.ceil(text.length / width) }, (_, i) => text.slice(i * width, (i + 1) * width));
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
	const { tall = false } = options;
	const said = (text: string) => quoteDot(tall ? latin(text) : text);
	const lines = [
		`digraph ${whatIf === undefined ? "trace" : '"what-if trace"'} {`,
		tall
			? `  graph [rankdir=TB, nodesep=0.12, ranksep=0.35];`
			: `  graph [rankdir=LR, nodesep=0.25, ranksep=1.1, fontname="Helvetica", fontsize=11, labelloc=t, label=${quoteDot([...label, `${goesForward(whole) ? "tainted amounts" : "what came of the sources"} under ${rule}, cut to ${PICTURE_DECIMALS} decimals`].join("\n"))}];`,
		`  node [shape=box, style="filled,rounded", fontname="Courier", fontsize=9, color="#555555"];`,
		`  edge [fontname="Helvetica", fontsize=9, color="#555555"];`,
	];
	const ids = new Map([...graph.nodes()].map((key, i) => [key, `n${i}`]));
	graph.forEachNode((key, { label, role }) => {
		lines.push(`  ${ids.get(key)} [label=${said(label)}, fillcolor="${COLOURS[role]}"];`);
	});
	graph.forEachEdge((_, { amount, asset, transfers, conversion }, from, to) => {
		const text = `${cutAmount(result, asset, amount)}${transfers > 1 ? `\n${transfers} transfers` : ""}${conversion ? "\nexchanged" : ""}`;
		lines.push(`  ${ids.get(from)} -> ${ids.get(to)} [label=${said(tall ? text.replace(/^|$/gm, " ") : text)}];`);
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
	const drawn = svg.slice(svg.indexOf("<svg"));
	// Words on arrows get the room of larger ones: whoever draws them may have a wider font than Graphviz reckons with.
	return options.tall ? drawn.replaceAll(/(font-family="Helvetica[^"]*" font-size=)"9.00"/g, '$1"8.00"') : drawn;
}
