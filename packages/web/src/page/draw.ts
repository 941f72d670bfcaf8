/// <reference lib="dom" />
import type { LinkView, NodeView, TraceView } from "../view/model.js";
import { svg } from "./dom.js";
import { brief, briefRange, linkWords, middle, nodeWords, roleWords } from "./words.js";

/** What is done with what is chosen. */
export interface Chosen {
	readonly onNode: (node: NodeView) => void;
	readonly onLink: (link: LinkView) => void;
	/** A box was dragged so far, in units of the picture; undefined where boxes stay. */
	readonly onMove?: ((node: NodeView, dx: number, dy: number) => void) | undefined;
}

/** What was drawn: the elements in the order of the view's boxes and arrows. */
export interface Drawing {
	readonly picture: SVGSVGElement;
	readonly nodes: readonly SVGGElement[];
	readonly links: readonly SVGGElement[];
}

const FONT = 12;
/** No letters are drawn smaller than this many pixels, whatever the zoom. */
const LEAST_PIXELS = 10;
/** Below this zoom a box shows its name alone. */
const NAME_ONLY = 0.7;
const LETTER = 0.64;
const LINE = 15;
/** Height of the largest box of a flow, as the server places it. */
const FLOW = 220;
/** Tiers that a node's own word, or more, stands behind; others are drawn dashed. */
const FIRM: ReadonlySet<string> = new Set(["proven", "quorum", "node"]);

/** Draws a view at a zoom. Boxes and arrows are buttons, each with all that it shows in words. */
export function draw(view: TraceView, zoom: number, chosen: Chosen): Drawing {
	const picture = svg("svg", {
		width: Math.ceil(view.width * zoom),
		height: Math.ceil(view.height * zoom),
		viewBox: `0 0 ${view.width} ${view.height}`,
	});
	const marker = svg("marker", {
		id: "tip",
		viewBox: "0 0 8 8",
		refX: 7,
		refY: 4,
		markerWidth: 9,
		markerHeight: 9,
		markerUnits: "userSpaceOnUse",
		orient: "auto",
	});
	marker.append(svg("path", { d: "M0 0 8 4 0 8z", fill: "currentColor" }));
	picture.append(svg("defs", {}, marker));
	const size = Math.max(FONT, LEAST_PIXELS / zoom);
	const labels: Area[] = view.nodes.map(({ x, y, w, h }) => ({ x, y, w, h }));
	const ends = view.shape === "flow" ? flowEnds(view) : undefined;
	const paths = view.links.map((link, i) => pathOf(view, link, ends?.[i]));
	// Labels of what carries most are placed first; one that would lie over another is shown where its arrow is chosen.
	const order = view.links.map((_, i) => i).sort((a, b) => (view.links[b]?.share ?? 0) - (view.links[a]?.share ?? 0));
	const links = new Array<SVGGElement>(view.links.length);
	for (const i of order) {
		const [link, path] = [view.links[i], paths[i]];
		if (link === undefined || path === undefined) continue;
		links[i] = drawLink(view, link, path, { size, labels, isNameOnly: zoom < NAME_ONLY });
		onChosen(links[i], () => chosen.onLink(link));
	}
	const nodes = view.nodes.map((node) => {
		const made = drawNode(view, node, zoom, size);
		onChosen(made, () => chosen.onNode(node));
		if (chosen.onMove !== undefined && node.address !== undefined) onDragged(made, node, zoom, chosen.onMove);
		return made;
	});
	picture.append(...links, ...nodes);
	return { picture, nodes, links };
}

function onChosen(element: SVGGElement, does: () => void): void {
	element.addEventListener("click", does);
	element.addEventListener("keydown", (event) => {
		if (event.key !== "Enter" && event.key !== " ") return;
		event.preventDefault();
		event.stopPropagation();
		does();
	});
}

/** Pixels that a pointer goes before it drags. */
const SLACK = 6;

function onDragged(element: SVGGElement, node: NodeView, zoom: number, does: (node: NodeView, dx: number, dy: number) => void): void {
	let from: readonly [number, number] | undefined;
	let isDragged = false;
	const by = (event: PointerEvent) => [(event.clientX - (from?.[0] ?? 0)) / zoom, (event.clientY - (from?.[1] ?? 0)) / zoom] as const;
	element.addEventListener("pointerdown", (event) => {
		if (event.button !== 0 || event.pointerType === "touch") return;
		from = [event.clientX, event.clientY];
		isDragged = false;
		element.setPointerCapture(event.pointerId);
	});
	element.addEventListener("pointermove", (event) => {
		if (from === undefined) return;
		const [dx, dy] = by(event);
		isDragged ||= Math.hypot(dx, dy) * zoom > SLACK;
		if (isDragged) element.setAttribute("transform", `translate(${node.x + dx} ${node.y + dy})`);
	});
	element.addEventListener("pointerup", (event) => {
		if (from !== undefined && isDragged) does(node, ...by(event));
		from = undefined;
	});
	// What ends a drag is no choice.
	element.addEventListener(
		"click",
		(event) => {
			if (isDragged) event.stopImmediatePropagation();
			isDragged = false;
		},
		{ capture: true },
	);
}

interface Area {
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
}

interface Path {
	readonly d: string;
	readonly width: number;
	readonly at: readonly [number, number];
}

interface Ends {
	readonly from: number;
	readonly to: number;
	readonly width: number;
}

function pathOf(view: TraceView, link: LinkView, ends: Ends | undefined): Path {
	const [a, b] = [view.nodes[link.from], view.nodes[link.to]];
	if (a === undefined || b === undefined) return { d: "", width: 0, at: [0, 0] };
	const width = ends?.width ?? 1 + (link.share * 5) / 1_000;
	const [y1, y2] = [ends?.from ?? a.y + a.h / 2, ends?.to ?? b.y + b.h / 2];
	const [x1, x2] = [a.x + a.w, b.x];
	if (x2 > x1) {
		const bend = Math.max(30, (x2 - x1) / 2);
		return { d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`, width, at: [(x1 + x2) / 2, (y1 + y2) / 2] };
	}
	// Back, or within a column: around below.
	const low = Math.min(view.height - 4, Math.max(a.y + a.h, b.y + b.h) + 16);
	return {
		d: `M${x1} ${y1}C${x1 + 40} ${y1} ${x1 + 40} ${low} ${(x1 + x2) / 2} ${low}S${x2 - 40} ${y2} ${x2} ${y2}`,
		width,
		at: [(x1 + x2) / 2, low],
	};
}

/** Where arrows of a flow leave and arrive: below each other in the order of what they lead to, each as wide as its share. */
function flowEnds(view: TraceView): readonly Ends[] {
	const [out, into] = [new Map<number, number[]>(), new Map<number, number[]>()];
	for (const [i, { from, to }] of view.links.entries()) {
		out.set(from, [...(out.get(from) ?? []), i]);
		into.set(to, [...(into.get(to) ?? []), i]);
	}
	const sum = (all: readonly number[] = []) => all.reduce((total, i) => total + (view.links[i]?.share ?? 0), 0);
	const largest = Math.max(1, ...view.nodes.map((_, i) => Math.max(sum(out.get(i)), sum(into.get(i)))));
	const widthOf = (i: number) => Math.max(1, ((view.links[i]?.share ?? 0) * FLOW) / largest);
	const place = (sides: ReadonlyMap<number, number[]>, otherEnd: (link: LinkView) => number) => {
		const at = new Map<number, number>();
		for (const [box, all] of sides) {
			const node = view.nodes[box];
			const heightOf = (i: number) => view.nodes[otherEnd(view.links[i] as LinkView)]?.y ?? 0;
			const sorted = [...all].sort((a, b) => heightOf(a) - heightOf(b) || a - b);
			const total = sorted.reduce((height, i) => height + widthOf(i), 0);
			let y = (node?.y ?? 0) + ((node?.h ?? 0) - total) / 2;
			for (const i of sorted) {
				at.set(i, y + widthOf(i) / 2);
				y += widthOf(i);
			}
		}
		return at;
	};
	const [leaves, arrives] = [place(out, ({ to }) => to), place(into, ({ from }) => from)];
	return view.links.map((_, i) => ({ from: leaves.get(i) ?? 0, to: arrives.get(i) ?? 0, width: widthOf(i) }));
}

interface Lettering {
	readonly size: number;
	readonly labels: Area[];
	readonly isNameOnly: boolean;
}

function drawLink(view: TraceView, link: LinkView, { d, width, at: [x, y] }: Path, { size, labels, isNameOnly }: Lettering): SVGGElement {
	const isFirm = link.tiers.every((tier) => FIRM.has(tier));
	const group = svg("g", {
		class: `link${view.shape === "flow" ? " flow" : ""}${isFirm ? "" : " weak"}`,
		role: "button",
		tabindex: -1,
		"aria-label": linkWords(view, link),
	});
	group.append(svg("path", { d, "stroke-width": width.toFixed(1), ...(view.shape === "flow" ? {} : { "marker-end": "url(#tip)" }) }));
	const range = briefRange(link.money);
	const lines = [
		brief(view, link.money),
		...(range === "" ? [] : [range]),
		...(link.into === undefined ? [] : [`into ${brief(view, link.into)}`]),
	];
	const wide = Math.max(...lines.map((line) => line.length)) * size * LETTER;
	const area = { x: x - wide / 2, y: y - (lines.length * size) / 2 - 2, w: wide, h: lines.length * size * 1.15 + 4 };
	const isFree = !isNameOnly && labels.every((other) => !overlaps(area, other));
	if (isFree) labels.push(area);
	const text = svg("text", { "text-anchor": "middle", "font-size": size.toFixed(1), class: isFree ? "" : "quiet" });
	for (const [i, line] of lines.entries())
		text.append(svg("tspan", { x, y: (area.y + size * (1 + i * 1.15)).toFixed(1), class: i === 0 ? "" : "soft" }, line));
	group.append(text);
	return group;
}

function overlaps(a: Area, b: Area): boolean {
	return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** What a box is, what was written of it, and its gaps; the word for these only where there is room. */
function underName(node: NodeView): string {
	const { gaps, notes, decision } = node;
	const marks = [...(decision === undefined ? [] : [`⚑ ${decision}`]), ...(notes === undefined ? [] : [`✎ ${notes}`])];
	const word = marks.length > 0 ? "" : gaps === 1 ? " gap" : " gaps";
	return [roleWords(node), ...marks, ...(gaps === 0 ? [] : [`△ ${gaps}${word}`])].join(" · ");
}

function drawNode(view: TraceView, node: NodeView, zoom: number, size: number): SVGGElement {
	const { w, h } = node;
	const group = svg("g", {
		class: `node ${node.role}`,
		transform: `translate(${node.x} ${node.y})`,
		role: "button",
		tabindex: -1,
		"aria-label": nodeWords(view, node),
	});
	group.append(...shapeOf(node));
	const room = Math.floor((w - 14) / (size * LETTER));
	const text = svg("text", { "font-size": size.toFixed(1) });
	const line = (words: string, y: number, kind = "") =>
		text.append(svg("tspan", { x: 8, y: y.toFixed(1), class: kind }, middle(words, room)));
	if (zoom < NAME_ONLY) line(node.name, h / 2 + size / 3);
	else {
		line(node.name, 15);
		line(underName(node), 30, node.gaps === 0 ? "soft" : "alert");
		let y = 30;
		for (const { reason, money } of node.ends) {
			y += LINE;
			line(`${reason}: ${brief(view, money)}`, y);
			if (money.range === undefined) continue;
			y += LINE;
			line(`  ${briefRange(money)}`, y, "soft");
		}
	}
	group.append(text);
	return group;
}

/** Shapes tell roles apart without colour: a seed is cut at its corners, a service has a roof, an end a wall, several are a stack. */
function shapeOf({ role, members, w, h }: NodeView): SVGElement[] {
	const c = 9;
	const stack = members > 1 ? [svg("rect", { class: "box", x: 5, y: -5, width: w, height: h, rx: 4 })] : [];
	if (role === "seed")
		return [...stack, svg("path", { class: "box", d: `M${c} 0H${w - c}L${w} ${c}V${h - c}L${w - c} ${h}H${c}L0 ${h - c}V${c}z` })];
	const rect = svg("rect", { class: "box", width: w, height: h, rx: role === "followed" ? 12 : 2 });
	if (role === "service") return [...stack, rect, svg("path", { class: "box", d: `M${w - 26} 0 ${w - 14} -10 ${w - 2} 0z` })];
	if (role === "end") return [...stack, rect, svg("rect", { x: w - 5, width: 5, height: h, fill: "var(--line)" })];
	return [...stack, rect];
}
