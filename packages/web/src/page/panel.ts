/// <reference lib="dom" />
import type { AccountView, LinkView, MembersView, NodeView, RowsView, TraceView } from "../view/model.js";
import { ask } from "./ask.js";
import { button, html, list, part, told } from "./dom.js";
import { marksPart } from "./marks.js";
import { roleWords, whole } from "./words.js";

/** What the panel needs of the page. */
export interface Page {
	/** The view that is drawn, as it was asked for. */
	readonly params: () => Readonly<Record<string, string>>;
	readonly view: () => TraceView;
	readonly show: (account: string) => void;
	readonly open: (group: string) => void;
	readonly failed: (error: unknown) => void;
}

/** Only the last that was chosen is shown, however slow an answer is. */
let turn = 0;

function begin(title: string): { readonly panel: HTMLElement; readonly isCurrent: () => boolean } {
	const own = ++turn;
	const panel = part("panel");
	panel.replaceChildren(html("h2", {}, told(title)));
	panel.scrollTop = 0;
	return { panel, isCurrent: () => own === turn };
}

/** Shows the rows of an arrow: each with how it is known. */
export async function showLink(page: Page, link: LinkView): Promise<void> {
	const view = page.view();
	const [from, to] = [view.nodes[link.from], view.nodes[link.to]];
	const { panel, isCurrent } = begin(`${from?.name} → ${to?.name}`);
	panel.append(html("p", {}, `${view.figure}: `, told(whole(view, link.money))));
	if (link.into !== undefined) panel.append(html("p", {}, "exchanged into ", told(whole(view, link.into))));
	const params = {
		from: from?.id ?? "",
		to: to?.id ?? "",
		of: view.assets[link.money.asset]?.id ?? "",
		...(link.into === undefined ? {} : { into: view.assets[link.into.asset]?.id ?? "" }),
	};
	await rows(page, panel, isCurrent, params);
}

async function rows(page: Page, panel: HTMLElement, isCurrent: () => boolean, params: Readonly<Record<string, string>>): Promise<void> {
	const head = html("h3", {}, "Rows of the trace");
	const body = html("tbody");
	const titles = ["row", "what", "traced", "known by"];
	const table = html("table", {}, html("thead", {}, html("tr", {}, ...titles.map((title) => html("th", { scope: "col" }, title)))), body);
	panel.append(head, table);
	await pages<RowsView>(page, panel, isCurrent, "rows", params, (told_) => {
		head.textContent = `Rows of the trace: ${told_.of}`;
		for (const row of told_.rows) {
			const exact = html("dl", {});
			const say = (name: string, value: string) => exact.append(html("dt", {}, name), html("dd", {}, told(value)));
			say("transaction", row.hash);
			say("from", row.from);
			say("to", row.to);
			say("position", row.position);
			say("base units in all", row.baseUnits);
			say("source", row.source);
			if (row.into !== undefined) say("exchanged into", row.into);
			const more = html("details", {}, html("summary", {}, `${row.kind}, `, row.time === "" ? "time unknown" : row.time), exact);
			const range = row.range === undefined ? [] : [html("div", { class: "note" }, `between ${row.range[0]} and ${row.range[1]}`)];
			body.append(
				html(
					"tr",
					{},
					html("td", {}, String(row.row)),
					html("td", {}, more, html("div", {}, told(row.moved), " moved")),
					html("td", {}, row.traced, ...range),
					html("td", {}, row.provenance),
				),
			);
		}
	});
}

/** Reads a list page by page, a button for the next. */
async function pages<T extends { readonly next: string | null }>(
	page: Page,
	panel: HTMLElement,
	isCurrent: () => boolean,
	path: string,
	params: Readonly<Record<string, string>>,
	add: (told: T) => void,
): Promise<void> {
	const more = button("More", () => read(more.dataset["next"]).catch(page.failed), { hidden: true });
	panel.append(more);
	const read = async (cursor: string | undefined) => {
		const answer = await ask<T>(path, { ...page.params(), ...params, ...(cursor === undefined ? {} : { cursor }) });
		if (!isCurrent()) return;
		add(answer);
		more.hidden = answer.next === null;
		more.dataset["next"] = answer.next ?? "";
	};
	await read(undefined);
}

/** Shows a box: an account, or the accounts that are one. */
export async function showNode(page: Page, node: NodeView): Promise<void> {
	if (node.members > 1 || node.address === undefined) return showGroup(page, node);
	const { panel, isCurrent } = begin(node.name);
	panel.append(html("p", {}, `${roleWords(node)} · `, html("code", {}, told(node.address))));
	const marks = marksPart(node, page.failed);
	if (marks !== undefined) panel.append(marks);
	await showAccount(page, panel, isCurrent, node.id);
	if (isCurrent()) await rows(page, panel, isCurrent, { node: node.id });
}

async function showGroup(page: Page, node: NodeView): Promise<void> {
	const { panel, isCurrent } = begin(node.name);
	if (node.role !== "others") panel.append(button("Take apart", () => page.open(node.id)));
	const head = html("h3", {}, `${node.members} accounts`);
	const accounts = html("ul");
	panel.append(head, accounts);
	await pages<MembersView>(page, panel, isCurrent, "node", { id: node.id }, ({ members }) => {
		for (const one of members)
			accounts.append(
				html(
					"li",
					{},
					...(one.name === "" ? [] : [told(one.name), " "]),
					html("code", {}, told(one.address)),
					" ",
					button("Draw by itself", () => page.show(one.id), { "aria-label": `Draw ${one.address} by itself` }),
					...one.ends.map((end) => html("div", { class: "note" }, told(end))),
				),
			);
	});
	if (isCurrent()) await rows(page, panel, isCurrent, { node: node.id });
}

async function showAccount(page: Page, panel: HTMLElement, isCurrent: () => boolean, id: string): Promise<void> {
	const place = html("div");
	const ledger = html("tbody");
	const titles = ["when", "what", "known by"];
	const table = html("table", {}, html("thead", {}, html("tr", {}, ...titles.map((title) => html("th", { scope: "col" }, title)))), ledger);
	panel.append(place, html("h3", {}, "Ledger in the case"), table);
	let isFirst = true;
	await pages<AccountView>(page, panel, isCurrent, "node", { id }, (account) => {
		if (isFirst) place.append(...about(account));
		if (account.isTraceAlone) {
			table.previousElementSibling?.replaceWith(html("p", { class: "note" }, NOT_HERE));
			table.remove();
			return;
		}
		isFirst = false;
		if (account.ledger.length === 0)
			table.before(html("p", { class: "note" }, "No line: what is not in the case is not known to be nothing."));
		for (const line of account.ledger)
			ledger.append(
				html(
					"tr",
					{},
					html("td", {}, line.time === "" ? "time unknown" : line.time, html("div", { class: "note" }, line.position)),
					html(
						"td",
						{},
						`${line.direction}${line.traced ? " · traced" : ""} · ${line.kind} · `,
						told(line.amount),
						html("div", { class: "note" }, html("code", {}, told(line.other)), " ", html("code", {}, told(line.hash))),
					),
					html("td", {}, line.provenance),
				),
			);
	});
}

const NOT_HERE = "Its ledger, balances, detections and what was fetched are in the case, which is not in this file.";

function about({ ends, labels, detections, gaps, coverage, balances, isTraceAlone = false }: AccountView): HTMLElement[] {
	const section = (title: string, lines: readonly (Node | string)[], none: string) => [
		html("h3", {}, title),
		lines.length === 0 ? html("p", { class: "note" }, none) : list(lines),
	];
	const endLines = ends.map(({ reason, detail, asset, agreed, range, byRule }) =>
		html(
			"div",
			{},
			html("strong", {}, reason),
			": ",
			told(detail),
			html("div", {}, "agreed ", told(agreed), `; between ${range[0]} and ${range[1]} `, told(asset)),
			html(
				"details",
				{},
				html("summary", {}, "by rule"),
				list(byRule.map(({ rule, amount }) => html("span", {}, `${rule}: `, told(amount)))),
			),
		),
	);
	const inTrace = [
		...section("Why the trace ends here", endLines, "It does not end here: all that came is traced on, or nothing stayed."),
		...section(
			"Gaps",
			gaps.map(({ kind, text }) => html("span", {}, html("strong", {}, kind), ": ", told(text))),
			"The trace names none for this account.",
		),
		...section("Labels", labels.map(told), isTraceAlone ? "The trace gives none to it." : "Nobody's list in this case names it."),
	];
	if (isTraceAlone) return inTrace;
	return [
		...inTrace,
		...section(
			"Detections",
			detections.map(({ what, reasons }) => html("div", {}, what, list(reasons.map(told)))),
			"None in this case; that it was not looked for is possible.",
		),
		...section("What was fetched", coverage.map(told), "Its own history was not fetched: below is only what others' histories show."),
		...section("Balance by the data", balances.map(told), "None by what the case holds."),
	];
}
