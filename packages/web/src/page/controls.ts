/// <reference lib="dom" />
import type { TraceView } from "../view/model.js";
import { html, list, part, told } from "./dom.js";
import { canWrite } from "./marks.js";
import { FIGURES } from "./words.js";

const select = (id: string) => part<HTMLSelectElement>(id);
const range = (id: string) => part<HTMLInputElement>(id);

/** Fills what can be chosen from what the trace has; keeps what is chosen. */
export function fillControls(view: TraceView, asked: string): void {
	const options = (id: string, all: readonly (readonly [string, string])[], chosen: string) =>
		select(id).replaceChildren(...all.map(([value, words]) => html("option", { value, selected: value === chosen }, words)));
	options(
		"figure",
		view.figures.map((figure) => [figure, figure === "at-most" ? "at most" : figure]),
		view.figure,
	);
	const counted = view.assets.filter((asset) => asset.counted).length;
	options(
		"asset",
		[
			["counted", `what counts as money (${counted})`],
			["all", `all (${view.assets.length})`],
			...view.assets.map(({ id, name, counted: isCounted }) => [id, `${name}${isCounted ? "" : " (not counted)"}`] as const),
		],
		asked,
	);
	select("shape").value = view.shape;
	const last = Math.max(0, view.moments.length - 1);
	const isNew = range("until").max !== String(last);
	for (const id of ["since", "until"]) range(id).max = String(last);
	if (isNew) range("until").value = String(last);
	sayTimes(view);
}

/** Says in words where the sliders stand. */
export function sayTimes(view: TraceView): void {
	for (const id of ["since", "until"]) {
		const moment = view.moments[Number(range(id).value)];
		const words =
			moment === undefined ? "no row" : moment.time === "" ? `block ${moment.height}` : moment.time.replace("T", " ").replace("Z", " UTC");
		part(`${id}-at`).textContent = words;
		range(id).setAttribute("aria-valuetext", words);
	}
}

/** Heights that the sliders stand at; empty where they leave nothing out. */
export function heightsAsked(view: TraceView | undefined): Readonly<Record<string, string>> {
	const moments = view?.moments ?? [];
	const [since, until] = [Number(range("since").value), Number(range("until").value)];
	return {
		...(since > 0 && moments[since] !== undefined ? { since: String(moments[since].height) } : {}),
		...(until < moments.length - 1 && moments[until] !== undefined ? { until: String(moments[until].height) } : {}),
	};
}

/** Says what trace it is, what the figure means, and what is left out and not known: always on the page. */
export function sayWhat(view: TraceView): void {
	const { trace, figure, hidden, gaps, others, open } = view;
	part("title").replaceChildren(told(trace.title === "" ? "A trace" : trace.title));
	const way = trace.forward ? "forward from" : "backward from";
	part("about").replaceChildren(
		`trace ${trace.id} of ${trace.chain}, ${way} `,
		told(trace.seeds.join(", ")),
		`; data up to block ${trace.cutoff}; ${canWrite() ? "what you write goes into the case" : "read-only"}`,
		...(trace.whatIf === null ? [] : [html("span", { class: "warn" }, ` What-if, not the usual trace: ${trace.whatIf}`)]),
	);
	part("open").hidden = open === null;
	part("open").textContent = open === null ? "" : `Not all is known: ${open}.`;
	part("figure-words").textContent =
		`${figure === "at-most" ? "at most" : figure}: ${FIGURES[figure]} A second line at an amount is its least and most over the conserving rules.`;
	part("legend").textContent =
		"Cut corners: seed. Roof: service. Wall at the right: the trace ends. Round: followed. A stack: several accounts. △: gaps. Dashed arrow: a row of it is known by a file, or by a node's unverified word. Amounts in the picture are cut to 4 decimals; details and table have all.";
	const { accounts, links, rows } = hidden;
	const lines = [
		`${accounts.of - accounts.shown} of ${accounts.of} accounts are not drawn one by one: open a stack, take more boxes, or find one.`,
		`${links.of - links.shown} of ${links.of} arrows are not drawn (${rows.thin} rows): the rows of their boxes have them.`,
		`${rows.of - rows.drawn} of ${rows.of} rows of the trace are not in an arrow: ${rows.fees} fees, ${rows.nothing} that carry nothing under ${figure}, ${rows.filtered} of other assets or times, ${rows.inside} inside a stack, ${rows.thin} in arrows too many.`,
		...(others === null ? [] : [`${others}: choose “all” as asset.`]),
		gaps.length === 0
			? "The trace names no gap."
			: `Gaps of the whole trace: ${gaps.map(({ kind, count }) => `${count} ${kind}`).join(", ")}.`,
		"Why it ends and what stays is that of the whole trace, whatever the time.",
	];
	part("hidden").replaceChildren(...list(lines.map(told)).children);
}
