import { InputError, quote } from "@clew/core";
import { blankMark, looksBlank } from "../bundle/blank-mark.js";
import { type Block, characters, type Inline, type Paper, type Section } from "../document/model.js";

/** What a template may name: lines of text, and tables that take a line of their own. */
export interface TemplateValues {
	readonly texts: Readonly<Record<string, string>>;
	/** What the blank says of a text that is empty and only a person may fill in. */
	readonly empty: Readonly<Record<string, string>>;
	readonly blocks: Readonly<Record<string, readonly Block[]>>;
	/** Beginnings of lines that are kept only where they are true, such as `{{where_amounts}}`. */
	readonly conditions: Readonly<Record<string, boolean>>;
	readonly subtitle: string;
	readonly handling: string;
}

const PLACEHOLDER = /\{\{\s*([a-z0-9_]+)\s*(?::\s*([^{}]*?)\s*)?\}\}/g;
const CONDITION = /^\{\{\s*(where_[a-z_]+)\s*\}\}\s*/;

/**
 * Fills a template (docs/freeze.md): the first line is the title, `# ` begins a section, `- ` a list item, `{{name}}` is replaced,
 * `{{blank: what}}` becomes a marked blank that only a person may fill, and a line that begins with a condition stands only where it
 * holds. Throws InputError with the line of a placeholder that is not known.
 */
export function fillTemplate(template: string, values: TemplateValues, where: string): Paper {
	const lines = linesOf(template);
	const sections: { heading: string; blocks: Block[] }[] = [];
	let title = "";
	let items: (readonly Inline[])[] = [];
	const blocks = () => {
		if (sections.length === 0) sections.push({ heading: "Request", blocks: [] });
		return (sections[sections.length - 1] as { blocks: Block[] }).blocks;
	};
	const endList = () => {
		if (items.length > 0) blocks().push({ kind: "list", items });
		items = [];
	};
	for (const [i, written] of lines.entries()) {
		const at = `${where}:${i + 1}`;
		const condition = CONDITION.exec(written);
		const holds = condition?.[1] === undefined ? undefined : values.conditions[condition[1]];
		if (holds === false) continue;
		const line = holds === undefined ? written : written.slice(condition?.[0].length);
		const whole = /^\{\{\s*([a-z0-9_]+)\s*\}\}$/.exec(line.trim());
		const table = whole?.[1] === undefined ? undefined : values.blocks[whole[1]];
		if (line.startsWith("- ")) {
			items.push(inlinesOf(line.slice(2), values, at));
			continue;
		}
		endList();
		if (line.trim() === "") continue;
		if (title === "") title = charactersOf(inlinesOf(line, values, at));
		else if (line.startsWith("# ")) sections.push({ heading: charactersOf(inlinesOf(line.slice(2).trim(), values, at)), blocks: [] });
		else if (table !== undefined) blocks().push(...table);
		else blocks().push({ kind: "text", parts: inlinesOf(line, values, at) });
	}
	endList();
	if (title === "") throw new InputError("the template is empty", { where });
	return { title, subtitle: values.subtitle, handling: values.handling, sections: sections as Section[] };
}

const linesOf = (template: string) => template.replace(/\r\n/g, "\n").split("\n");

/** Which lines of a template stand, by their condition. */
export function conditionsOf({ points }: { readonly points: readonly unknown[] }): TemplateValues["conditions"] {
	return { where_amounts: points.length > 0, where_leads_only: points.length === 0 };
}

/** What the template's own `{{blank: what}}` say on lines that stand, each once, in order. */
export function blanksOf(template: string, conditions: TemplateValues["conditions"]): string[] {
	const standing = linesOf(template).filter((line) => conditions[CONDITION.exec(line)?.[1] ?? ""] !== false);
	const all = standing.flatMap((line) => [...line.matchAll(PLACEHOLDER)]);
	return [...new Set(all.filter(([, name]) => name === "blank").map(([, , words = ""]) => words))];
}

const charactersOf = (parts: readonly Inline[]) => parts.map(characters).join("");
const marked = (words: string): Inline => ({ strong: blankMark(words) });

function inlinesOf(line: string, { texts, blocks, empty }: TemplateValues, where: string): Inline[] {
	const parts: Inline[] = [];
	let at = 0;
	for (const match of line.matchAll(PLACEHOLDER)) {
		const [whole, name = "", argument] = match;
		parts.push(plainPart(line.slice(at, match.index), where));
		at = match.index + whole.length;
		const words = name === "blank" ? (argument ?? "") : empty[name];
		if (words !== undefined) parts.push(marked(words));
		else if (texts[name] !== undefined) parts.push(texts[name]);
		else
			throw new InputError(name in blocks ? `{{${name}}} is a table and needs a line of its own` : `{{${name}}} is not known`, {
				where,
				hint: `Known: ${[...Object.keys(texts), ...Object.keys(blocks), "blank: what"].join(", ")}.`,
			});
	}
	parts.push(plainPart(line.slice(at), where));
	return parts.filter((part) => part !== "");
}

/** Text between placeholders. One that was written otherwise than placeholders are must not stay in a paper as it is. */
function plainPart(text: string, where: string): string {
	if (looksBlank(text))
		throw new InputError("a blank is written as text, which no list of blanks would name", { where, hint: "Write {{blank: what}}." });
	const left = /\{\{.*|\}\}/.exec(text)?.[0];
	if (left !== undefined)
		throw new InputError(`${quote(left)} is no placeholder`, {
			where,
			hint: "{{name}}, of lower-case letters, digits and _, or {{blank: what}}.",
		});
	return text;
}
