import { formatAmount } from "@clew/core";
import { MultiDirectedGraph } from "graphology";
import { write } from "graphology-gexf";
import { addressText, entities, type InterchangeInput, sharedRows, symbolOf, xml } from "./shared.js";

type Attributes = Record<string, string>;

/** Accounts as nodes, rows as edges; every attribute is text, so that no reader rounds an amount. */
function graphOf({ result, known, note }: InterchangeInput): MultiDirectedGraph<Attributes, Attributes> {
	const graph = new MultiDirectedGraph<Attributes, Attributes>();
	if (note !== "") graph.setAttribute("description", clean(note));
	const named = entities(result);
	const stops = new Map(result.leaves.map((leaf) => [leaf.account, leaf.stop.reason]));
	const node = (account: string) => {
		if (!graph.hasNode(account))
			graph.addNode(account, {
				label: addressText(account),
				entity: clean(named.get(account)?.entity ?? ""),
				stop: stops.get(account) ?? "",
			});
		return account;
	};
	for (const edge of sharedRows(result)) {
		graph.addDirectedEdgeWithKey(`row-${edge.row}`, node(edge.from), node(edge.to), {
			transaction: edge.txHash,
			position: edge.position,
			time: edge.time,
			asset: edge.asset,
			symbol: clean(symbolOf(result, edge.asset)),
			amount: formatAmount(BigInt(edge.amount), result.assets[edge.asset]?.decimals ?? 0),
			baseUnits: edge.amount,
			kind: edge.kind,
			known: known[edge.row - 1]?.tier ?? edge.provenance,
		});
	}
	return graph;
}

function clean(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold.
	return text.replace(/[\u0000-\u001f\ufffe\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/g, "?");
}

/** GEXF 1.2, for Gephi. */
export function gexf(input: InterchangeInput): string {
	return write(graphOf(input), {
		version: "1.2",
		formatNode: (_, { label, ...attributes }) => ({ label: label ?? "", attributes }),
		formatEdge: (_, attributes) => ({ attributes }),
	});
}

/** GraphML (graphml.graphdrawing.org), for yEd, NetworkX and others. */
export function graphml(input: InterchangeInput): string {
	const graph = graphOf(input);
	const keys = {
		node: ["label", "entity", "stop"],
		edge: ["transaction", "position", "time", "asset", "symbol", "amount", "baseUnits", "kind", "known"],
	} as const;
	const lines = [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
		...(input.note === "" ? [] : [`<desc>${xml(input.note)}</desc>`]),
		...Object.entries(keys).flatMap(([on, names]) =>
			names.map((name) => `<key id="${on}-${name}" for="${on}" attr.name="${name}" attr.type="string"/>`),
		),
		'<graph edgedefault="directed">',
	];
	const data = (on: "node" | "edge", attributes: Attributes) =>
		keys[on].map((name) => `<data key="${on}-${name}">${xml(attributes[name] ?? "")}</data>`).join("");
	graph.forEachNode((id, attributes) => lines.push(`<node id="${xml(id)}">${data("node", attributes)}</node>`));
	graph.forEachEdge((id, attributes, from, to) =>
		lines.push(`<edge id="${xml(id)}" source="${xml(from)}" target="${xml(to)}">${data("edge", attributes)}</edge>`),
	);
	return `${[...lines, "</graph>", "</graphml>"].join("\n")}\n`;
}
