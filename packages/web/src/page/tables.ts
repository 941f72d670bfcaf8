/// <reference lib="dom" />
import type { LinkView, NodeView, TraceView } from "../view/model.js";
import { button, html, part, told } from "./dom.js";
import type { Chosen } from "./draw.js";
import { roleWords, whole } from "./words.js";

/** The picture as two tables: every box and every arrow that is drawn, with the same words and the same buttons. */
export function showTable(view: TraceView, chosen: Chosen): void {
	part("table").replaceChildren(
		table("Boxes", ["box", "what", "hop", "ends here", "gaps"], view.nodes, (node) => nodeCells(view, node, chosen)),
		table("Arrows", ["from", "to", view.figure, "least to most", "transfers", "first", "known by"], view.links, (link) =>
			linkCells(view, link, chosen),
		),
	);
}

function table<T>(
	title: string,
	columns: readonly string[],
	rows: readonly T[],
	cells: (row: T) => readonly (Node | string)[],
): HTMLElement {
	const head = html("thead", {}, html("tr", {}, ...columns.map((name) => html("th", { scope: "col" }, name))));
	const body = html(
		"tbody",
		{},
		...rows.map((row) => html("tr", {}, ...cells(row).map((cell, i) => html("td", { "data-of": columns[i] ?? "" }, cell)))),
	);
	return html("div", {}, html("h2", {}, `${title}: ${rows.length}`), html("table", {}, head, body));
}

function nodeCells(view: TraceView, node: NodeView, { onNode }: Chosen): readonly (Node | string)[] {
	const name = html(
		"span",
		{},
		opener(node.name, () => onNode(node)),
		" ",
		html("code", {}, told(node.address === node.name ? "" : (node.address ?? ""))),
	);
	const ends = html("span", {}, ...node.ends.map(({ reason, money }) => html("div", {}, `${reason}: `, told(whole(view, money)))));
	return [name, roleWords(node), String(node.hop), ends, String(node.gaps)];
}

function linkCells(view: TraceView, link: LinkView, { onLink }: Chosen): readonly (Node | string)[] {
	const [from, to] = [view.nodes[link.from]?.name ?? "", view.nodes[link.to]?.name ?? ""];
	const { range, ...amount } = link.money;
	const into = link.into === undefined ? [] : [html("div", { class: "note" }, "into ", told(whole(view, link.into)))];
	return [
		opener(from, () => onLink(link)),
		told(to),
		html("span", {}, told(whole(view, amount)), ...into),
		range === undefined ? "nothing open" : `${range[0]} to ${range[1]}`,
		String(link.transfers),
		link.first === "" ? "unknown" : link.first,
		link.tiers.join(", "),
	];
}

function opener(name: string, does: () => void): HTMLButtonElement {
	const made = button("", does);
	made.append(told(name));
	return made;
}
