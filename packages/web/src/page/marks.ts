/// <reference lib="dom" />
import type { MarksView, MarkView, NodeView } from "../view/model.js";
import { ask, mark } from "./ask.js";
import { button, html, told } from "./dom.js";

/** Notes, names, groups, places, what is hidden, and decisions: read of the case, and written to it one by one. */

let held: MarksView = { marks: [], canWrite: false };
/** Marks of this page, the last one last: what the key for undo takes back. */
const own: string[] = [];
/** What is being written, while the details are drawn anew. */
const drafts = new Map<string, string>();
let changed: () => Promise<void> = async () => {};

/** Reads all marks; `then` draws anew after one was written. */
export async function readMarks(then?: () => Promise<void>): Promise<void> {
	if (then !== undefined) changed = then;
	held = await ask<MarksView>("marks", {});
}

/** True where the page may write. */
export function canWrite(): boolean {
	return held.canWrite;
}

/** How many marks were read. */
export function countMarks(): number {
	return held.marks.length;
}

/** Writes a mark, and shows what the case holds by then. */
export async function write(said: Readonly<Record<string, string | number>>): Promise<void> {
	const { id } = await mark(said);
	if (said["kind"] !== "undo") own.push(id);
	await changed();
}

/** Takes back the last mark of this page that still stands. */
export async function undoLast(): Promise<boolean> {
	for (let id = own.pop(); id !== undefined; id = own.pop())
		if (held.marks.some((one) => one.id === id && one.stands)) {
			await write({ kind: "undo", of: id });
			return true;
		}
	return false;
}

const WORDS: Readonly<Record<MarkView["kind"], string>> = {
	note: "note",
	name: "own name",
	group: "in group",
	decision: "decision",
	hide: "hidden",
	place: "moved",
	undo: "taken back",
};

/** What people wrote of an account, and, where the page may write, how to add to it. Undefined where there is neither. */
export function marksPart(node: Pick<NodeView, "id">, failed: (error: unknown) => void): HTMLElement | undefined {
	const { marks, canWrite } = held;
	const ofNode = marks.filter(({ on }) => on === node.id);
	if (ofNode.length === 0 && !canWrite) return undefined;
	const does = (said: Readonly<Record<string, string | number>>) => write(said).catch(failed);
	const lines = ofNode.map((one) => {
		const undone = marks.find(({ kind, text, stands }) => kind === "undo" && stands && text === one.id);
		const who = `${one.by === "" ? "by nobody named" : `by ${one.by}`}, ${one.at}`;
		const what = one.stands ? html("span", {}, `${WORDS[one.kind]}`) : html("span", {}, html("s", {}, WORDS[one.kind]), " (taken back)");
		const back = one.stands
			? button("Take back", () => does({ kind: "undo", of: one.id }))
			: button("Put back", () => does({ kind: "undo", of: undone?.id ?? "" }));
		const text = one.text === "" ? [] : [": ", html("bdi", { class: "written" }, one.text)];
		return html(
			"li",
			{ "data-mark": one.kind },
			what,
			...text,
			html("div", { class: "note" }, told(who), " ", ...(canWrite ? [back] : [])),
		);
	});
	return html(
		"section",
		{ id: "marks" },
		html("h3", {}, "Notes and decisions"),
		html("ul", {}, ...lines),
		...(canWrite ? forms(node.id, does) : []),
	);
}

function forms(on: string, does: (said: Readonly<Record<string, string>>) => void): HTMLElement[] {
	const field = (kind: "note" | "name" | "group", words: string, action: string) => {
		const input =
			kind === "note"
				? html("textarea", { class: "typed", rows: 2, maxlength: 2_000 })
				: html("input", { class: "typed", type: "text", maxlength: 80, autocomplete: "off" });
		const draft = `${kind} ${on}`;
		input.value = drafts.get(draft) ?? "";
		input.addEventListener("input", () => drafts.set(draft, input.value));
		const form = html(
			"form",
			{ "data-form": kind },
			html("label", { class: "field" }, words, " ", input),
			html("button", { type: "submit" }, action),
		);
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			if (input.value.trim() === "") return;
			drafts.delete(draft);
			does({ kind, on, text: input.value });
		});
		return form;
	};
	const decide = ["freeze", "ask", "not ours"].map((text) => button(text, () => does({ kind: "decision", on, text })));
	return [
		field("note", "Note", "Add"),
		field("name", "Own name", "Set"),
		field("group", "Group", "Set"),
		html("p", { role: "group", "aria-label": "Decision" }, "Decision: ", ...decide.flatMap((one) => [one, " "])),
		html(
			"p",
			{},
			button("Hide this box", () => does({ kind: "hide", on })),
		),
	];
}
