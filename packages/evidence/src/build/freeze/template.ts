import { InputError } from "@clew/core";
import type { Block, Inline, Paper, Section } from "../document/model.js";

/** What a template may name: lines of text, and tables that take a line of their own. */
export interface TemplateValues {
	readonly texts: Readonly<Record<string, string>>;
	readonly blocks: Readonly<Record<string, readonly Block[]>>;
	/** Beginnings of lines that are kept only where they are true, such as `{{where_amounts}}`. */
	readonly conditions: Readonly<Record<string, boolean>>;
	readonly subtitle: string;
	readonly handling: string;
}

const PLACEHOLDER = /\{\{\s*([a-z_]+)\s*(?::\s*([^{}]*?)\s*)?\}\}/g;
const CONDITION = /^\{\{\s*(where_[a-z_]+)\s*\}\}\s*/;

/**
 * Fills a template (docs/freeze.md): the first line is the title, `# ` begins a section, `- ` a list item, `{{name}}` is replaced,
 * `{{blank: what}}` becomes a marked blank that only a person may fill, and a line that begins with a condition stands only where it
 * holds. Throws InputError with the line of a placeholder that is not known.
 */
export function fillTemplate(template: string, values: TemplateValues, where: string): Paper {
	const lines = template.replace(/\r\n/g, "\n").split("\n");
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
		const whole = /^\{\{\s*([a-z_]+)\s*\}\}$/.exec(line.trim());
		const table = whole?.[1] === undefined ? undefined : values.blocks[whole[1]];
		if (line.startsWith("- ")) {
			items.push(inlinesOf(line.slice(2), values, at));
			continue;
		}
		endList();
		if (line.trim() === "") continue;
		if (title === "")
			title = inlinesOf(line, values, at)
				.map((part) => (typeof part === "string" ? part : "strong" in part ? part.strong : part.code))
				.join("");
		else if (line.startsWith("# ")) sections.push({ heading: line.slice(2).trim(), blocks: [] });
		else if (table !== undefined) blocks().push(...table);
		else blocks().push({ kind: "text", parts: inlinesOf(line, values, at) });
	}
	endList();
	if (title === "") throw new InputError("the template is empty", { where });
	return { title, subtitle: values.subtitle, handling: values.handling, sections: sections as Section[] };
}

function inlinesOf(line: string, { texts, blocks }: TemplateValues, where: string): Inline[] {
	const parts: Inline[] = [];
	let at = 0;
	for (const match of line.matchAll(PLACEHOLDER)) {
		const [whole, name = "", argument] = match;
		parts.push(line.slice(at, match.index));
		at = match.index + whole.length;
		if (name === "blank") parts.push({ strong: `[TO BE FILLED IN BY A PERSON: ${argument ?? ""}]` });
		else if (texts[name] !== undefined) parts.push(texts[name]);
		else
			throw new InputError(name in blocks ? `{{${name}}} is a table and needs a line of its own` : `{{${name}}} is not known`, {
				where,
				hint: `Known: ${[...Object.keys(texts), ...Object.keys(blocks), "blank: what"].join(", ")}.`,
			});
	}
	parts.push(line.slice(at));
	return parts.filter((part) => part !== "");
}
