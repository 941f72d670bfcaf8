/// <reference lib="dom" />
import type { TraceView } from "../view/model.js";
import { html, part } from "./dom.js";
import type { Drawing } from "./draw.js";

/** What single keys do while the picture has the focus; docs/explorer.md has the same list. */
const KEYS: readonly (readonly [string, string])[] = [
	["← →", "to whom it came from, to whom it went: along the largest arrow"],
	["↑ ↓", "to the box above, below"],
	["Home", "to the seed"],
	["Enter", "open the box or arrow"],
	["L", "to the next arrow of the box; Escape goes back"],
	["+ − 0", "larger, smaller, whole"],
	["T", "table or picture"],
	["F", "graph or flow"],
	["R", "the next rule"],
	["/", "find"],
	["?", "these keys"],
	["Shift ← → ↑ ↓", "with --write: move the box"],
	["U", "with --write: take back the last thing written here"],
	["Escape", "from the details back to the picture"],
];

/** Shows or hides the list of keys. */
export function toggleKeys(): void {
	const place = part("keys");
	place.hidden = !place.hidden;
	part("help").setAttribute("aria-expanded", String(!place.hidden));
	place.replaceChildren(html("dl", {}, ...KEYS.flatMap(([key, does]) => [html("dt", {}, html("kbd", {}, key)), html("dd", {}, does)])));
}

const WAYS: Readonly<Record<string, readonly [number, number]>> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

/** What keys reach besides boxes and arrows. */
export interface Commands {
	readonly zoom: (by: number | "whole") => void;
	readonly table: () => void;
	readonly shape: () => void;
	readonly rule: () => void;
	/** Moves a box, in steps. */
	readonly move: (box: number, dx: number, dy: number) => void;
	readonly undo: () => void;
}

/** Moves the focus among boxes and arrows: one of them at a time is in the order of Tab. */
export class Focus {
	private box = 0;
	private arrow = -1;
	private view: TraceView | undefined;
	private drawing: Drawing | undefined;

	/** A new drawing; the box of before keeps its place where it is still there. */
	take(view: TraceView, drawing: Drawing): void {
		const before = this.view?.nodes[this.box]?.id;
		const had = this.drawing?.picture.contains(document.activeElement) ?? false;
		this.view = view;
		this.drawing = drawing;
		const same = view.nodes.findIndex(({ id }) => id === before);
		this.box =
			same >= 0
				? same
				: Math.max(
						0,
						view.nodes.findIndex(({ role }) => role === "seed"),
					);
		this.arrow = -1;
		drawing.nodes[this.box]?.setAttribute("tabindex", "0");
		if (had) queueMicrotask(() => this.toBox(this.box));
	}

	/** Puts the focus on a box. */
	toBox(box: number): void {
		const { nodes = [] } = this.drawing ?? {};
		nodes[this.box]?.setAttribute("tabindex", "-1");
		this.box = box;
		this.arrow = -1;
		nodes[box]?.setAttribute("tabindex", "0");
		nodes[box]?.focus({ preventScroll: true });
		nodes[box]?.scrollIntoView({ block: "nearest", inline: "nearest" });
	}

	/** Brings the box that the focus would go to into sight, and leaves the focus where it is. */
	show(): void {
		const place = part("picture");
		const node = this.view?.nodes[this.box];
		if (node !== undefined) place.scrollTop = node.y + node.h / 2 - place.clientHeight / 2;
	}

	/** Back to where it was. */
	back(): void {
		this.toBox(this.box);
	}

	/** Does what a key means; true where it means something. */
	press(key: string, { zoom, table, shape, rule, move, undo }: Commands, isShifted = false): boolean {
		const { view } = this;
		if (view === undefined) return false;
		const way = isShifted && this.arrow < 0 ? WAYS[key] : undefined;
		if (way !== undefined) {
			move(this.box, ...way);
			return true;
		}
		const commands: Readonly<Record<string, () => void>> = {
			ArrowRight: () => this.along("from", "to"),
			ArrowLeft: () => this.along("to", "from"),
			ArrowDown: () => this.beside(1),
			ArrowUp: () => this.beside(-1),
			Home: () =>
				this.toBox(
					Math.max(
						0,
						view.nodes.findIndex(({ role }) => role === "seed"),
					),
				),
			Escape: () => this.back(),
			l: () => this.nextArrow(),
			"+": () => zoom(1),
			"-": () => zoom(-1),
			"0": () => zoom("whole"),
			t: table,
			f: shape,
			r: rule,
			u: undo,
			"/": () => part("find").focus(),
			"?": toggleKeys,
		};
		const does = commands[key.length === 1 ? key.toLowerCase() : key];
		does?.();
		return does !== undefined;
	}

	private along(here: "from" | "to", there: "from" | "to"): void {
		const { view, arrow } = this;
		const on = arrow >= 0 ? view?.links[arrow] : undefined;
		if (on !== undefined) {
			this.toBox(on[there]);
			return;
		}
		const own = (view?.links ?? []).filter((link) => link[here] === this.box && link[there] !== this.box);
		const [largest] = [...own].sort((a, b) => b.share - a.share);
		if (largest !== undefined) this.toBox(largest[there]);
	}

	private beside(step: number): void {
		const nodes = this.view?.nodes ?? [];
		const order = nodes.map((_, i) => i).sort((a, b) => (nodes[a]?.x ?? 0) - (nodes[b]?.x ?? 0) || (nodes[a]?.y ?? 0) - (nodes[b]?.y ?? 0));
		const next = order[order.indexOf(this.box) + step];
		if (next !== undefined) this.toBox(next);
	}

	private nextArrow(): void {
		const own = (this.view?.links ?? []).flatMap(({ from, to }, i) => (from === this.box || to === this.box ? [i] : []));
		const next = own[(own.indexOf(this.arrow) + 1) % Math.max(1, own.length)];
		if (next === undefined) return;
		this.arrow = next;
		this.drawing?.links[next]?.focus({ preventScroll: true });
	}
}
