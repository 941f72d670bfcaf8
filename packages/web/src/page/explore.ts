/// <reference lib="dom" />
import type { FoundView, LinkView, NodeView, StateView, TraceView } from "../view/model.js";
import { ask } from "./ask.js";
import { fillControls, heightsAsked, sayTimes, sayWhat } from "./controls.js";
import { button, html, part, told } from "./dom.js";
import { type Drawing, draw } from "./draw.js";
import { type Commands, Focus, toggleKeys } from "./keys.js";
import { canWrite, countMarks, readMarks, undoLast, write } from "./marks.js";
import { type Page, showLink, showNode } from "./panel.js";
import { showTable } from "./tables.js";

/** The page of the explorer: asks for views and draws them. */

/** From this width on the details stand beside the picture. */
const BESIDE = 960;
const NEWS_MS = 5_000;
/** How far a key moves a box. */
const STEP = 30;
const ZOOM = { step: 1.25, least: 0.15, most: 3 } as const;
const TRACE = /^#([0-9a-f]{16})$/;

let trace = TRACE.exec(location.hash)?.[1] ?? "last";
let view: TraceView | undefined;
let drawing: Drawing | undefined;
let zoom = 1;
let entries: number | undefined;
let opened: readonly string[] = [];
let shown: readonly string[] = [];
let asking = 0;
/** The box whose details are open. */
let open = "";
const focus = new Focus();

const value = (id: string) => part<HTMLSelectElement>(id).value;
const say = (words: string) => {
	part("status").textContent = words;
};
const failed = (error: unknown) => {
	part("status").replaceChildren(html("span", { class: "warn" }, told(error instanceof Error ? error.message : String(error))));
};

function params(): Readonly<Record<string, string>> {
	return {
		trace,
		...(value("figure") === "" ? {} : { figure: value("figure") }),
		asset: value("asset") || "counted",
		shape: value("shape"),
		nodes: value("nodes"),
		...heightsAsked(view),
		...(opened.length === 0 ? {} : { open: opened.join(" ") }),
		...(shown.length === 0 ? {} : { show: shown.join(" ") }),
	};
}

async function load(): Promise<void> {
	const own = ++asking;
	const asked = params();
	const got = await ask<TraceView>("view", asked);
	if (own !== asking) return;
	const isFirst = view === undefined;
	view = got;
	// From now on this very trace, whatever the case gets.
	trace = got.trace.id;
	fillControls(got, asked["asset"] ?? "counted");
	sayWhat(got);
	redraw();
	// Only where it is looked at: it is as long as the picture is large.
	if (!part("table").hidden) showTable(got, chosen);
	say(`${got.nodes.length} boxes and ${got.links.length} arrows under ${got.figure}.`);
	if (isFirst) focus.show();
	// scripts/bench/explorer.ts measures up to the frame that shows it.
	requestAnimationFrame(() => performance.mark("clew-drawn"));
}

function redraw(): void {
	if (view === undefined) return;
	drawing = draw(view, zoom, chosen);
	focus.take(view, drawing);
	part("picture").replaceChildren(drawing.picture);
}

const page: Page = {
	params,
	view: () => view as TraceView,
	show: (account) => {
		shown = [...new Set([...shown, account])];
		load()
			.then(() => toAccount(account))
			.catch(failed);
	},
	open: (group) => {
		opened = [...new Set([...opened, group])];
		load().catch(failed);
	},
	failed,
};

const chosen = {
	onNode: (node: NodeView) => {
		open = node.id;
		mark(drawing?.nodes[view?.nodes.indexOf(node) ?? -1]);
		showNode(page, node).then(toPanel).catch(failed);
	},
	get onMove() {
		return canWrite() ? moved : undefined;
	},
	onLink: (link: LinkView) => {
		open = "";
		mark(drawing?.links[view?.links.indexOf(link) ?? -1]);
		showLink(page, link).then(toPanel).catch(failed);
	},
};

/** Puts a box elsewhere, for everybody who looks at the case. */
function moved({ id, x, y }: NodeView, dx: number, dy: number): void {
	const place = (at: number) => Math.max(0, Math.round(at));
	write({ kind: "place", on: id, x: place(x + dx), y: place(y + dy) }).catch(failed);
}

/** Draws anew what was written, and keeps what is open in the details. */
async function written(): Promise<void> {
	await Promise.all([readMarks(), load()]);
	redraw();
	const node = view?.nodes.find(({ id }) => id === open);
	if (node !== undefined) await showNode(page, node);
}

function mark(element: Element | undefined): void {
	for (const old of document.querySelectorAll(".chosen")) old.classList.remove("chosen");
	element?.classList.add("chosen");
}

function toPanel(): void {
	part("panel").focus({ preventScroll: innerWidth > BESIDE });
}

function toAccount(account: string): void {
	const at = view?.nodes.findIndex(({ id }) => id === account) ?? -1;
	const node = view?.nodes[at];
	if (node === undefined) return;
	setTable(false);
	focus.toBox(at);
	chosen.onNode(node);
}

function setTable(isTable: boolean): void {
	if (isTable && view !== undefined) showTable(view, chosen);
	part("table").hidden = !isTable;
	part("picture").hidden = isTable;
	part("as-table").setAttribute("aria-pressed", String(isTable));
	part("as-picture").setAttribute("aria-pressed", String(!isTable));
}

function change(id: string, next: string): void {
	part<HTMLSelectElement>(id).value = next;
	load().catch(failed);
}

const commands: Commands = {
	zoom: (by) => {
		const { clientWidth, clientHeight } = part("picture");
		const whole = view === undefined ? 1 : Math.min(clientWidth / view.width, clientHeight / view.height);
		const wanted = by === "whole" ? whole : zoom * ZOOM.step ** by;
		zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, wanted));
		redraw();
		say(`${Math.round(zoom * 100)} percent`);
	},
	table: () => {
		const isTable = part("table").hidden === true;
		setTable(isTable);
		if (isTable) part("as-table").focus();
	},
	shape: () => change("shape", value("shape") === "graph" ? "flow" : "graph"),
	rule: () => {
		const figures = view?.figures ?? [];
		const next = figures[(figures.indexOf(view?.figure ?? "agreed") + 1) % Math.max(1, figures.length)];
		if (next !== undefined) change("figure", next);
	},
	move: (box, dx, dy) => {
		const node = view?.nodes[box];
		if (node?.address !== undefined && canWrite()) moved(node, dx * STEP, dy * STEP);
	},
	undo: () => {
		if (!canWrite()) return;
		undoLast()
			.then((isDone) => say(isDone ? "taken back" : "nothing of this page is left to take back"))
			.catch(failed);
	},
};

async function look(): Promise<void> {
	const q = value("find").trim();
	if (q === "") {
		part("found").replaceChildren();
		return;
	}
	const { found, of } = await ask<FoundView>("find", { ...params(), q });
	const lines = found.map(({ id, name, by, inPicture }) =>
		html(
			"li",
			{},
			button(name, () => (inPicture ? toAccount(id) : page.show(id))),
			" by ",
			told(by),
		),
	);
	const words =
		of === 0
			? "The trace names nothing like that; the case may."
			: of > found.length
				? `${of - found.length} of ${of} not shown: write more of it.`
				: `${of} found.`;
	part("found").replaceChildren(html("p", { role: "status" }, words), html("ul", {}, ...lines));
}

/** Reads what others wrote meanwhile; what is being typed stays. */
async function hasNewMarks(): Promise<boolean> {
	const before = countMarks();
	await readMarks();
	if (countMarks() === before) return false;
	const isTyping = part("panel").contains(document.activeElement) && document.activeElement?.matches("input, textarea");
	await (isTyping ? load() : written());
	return true;
}

/** Tells that the case holds more by now; what is looked at stays as it is. */
async function news(): Promise<void> {
	if (document.hidden || view === undefined) return;
	const state = await ask<StateView>("state", { trace });
	const newest = state.traces[state.traces.length - 1];
	const hasMore = entries !== undefined && state.entries > entries;
	if (entries !== state.entries && (await hasNewMarks())) entries = state.entries;
	entries ??= state.entries;
	if (newest !== undefined && newest !== trace) {
		if (part("news").dataset["of"] === newest) return;
		part("news").dataset["of"] = newest;
		const show = button("Show it", () => {
			trace = newest;
			[opened, shown, view] = [[], [], undefined];
			// Its rules and assets may be others.
			for (const id of ["figure", "asset"]) part(id).replaceChildren();
			part("news").replaceChildren();
			load().catch(failed);
		});
		part("news").replaceChildren(`The case holds another trace that was stored later: ${newest}. `, show);
	} else if (hasMore) {
		entries = state.entries;
		part("news").replaceChildren("The case was written since: ledgers and labels are shown as they are now, the trace as it was run.");
	}
}

/** Draws the first view, and from then on what is asked for. */
export function explore(): Promise<void> {
	listen();
	return load().catch(failed);
}

/** Looks now and then whether the case holds more. */
export function watchNews(): void {
	setInterval(() => news().catch(failed), NEWS_MS);
	readMarks(written)
		.then(() => {
			if (view !== undefined) sayWhat(view);
			redraw();
			return news();
		})
		.catch(failed);
}

function listen(): void {
	for (const id of ["figure", "asset", "shape", "nodes"]) part(id).addEventListener("change", () => load().catch(failed));
	for (const id of ["since", "until"]) {
		part(id).addEventListener("input", () => view !== undefined && sayTimes(view));
		part(id).addEventListener("change", () => load().catch(failed));
	}
	part("controls").addEventListener("submit", (event) => {
		event.preventDefault();
		look().catch(failed);
	});
	for (const [id, does] of [
		["as-picture", () => setTable(false)],
		["as-table", () => setTable(true)],
		["smaller", () => commands.zoom(-1)],
		["larger", () => commands.zoom(1)],
		["whole", () => commands.zoom("whole")],
		["help", toggleKeys],
		[
			"reset",
			() => {
				[opened, shown, zoom] = [[], [], 1];
				for (const slider of ["since", "until"])
					part<HTMLInputElement>(slider).value = slider === "since" ? "0" : String(view?.moments.length ?? 0);
				part<HTMLSelectElement>("nodes").value = "60";
				change("asset", "counted");
			},
		],
	] as const)
		part(id).addEventListener("click", does);
	part("picture").addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		if (focus.press(event.key, commands, event.shiftKey)) event.preventDefault();
	});
	part("panel").addEventListener("keydown", (event) => {
		if (event.key === "Escape" && part("table").hidden) focus.back();
	});
}
