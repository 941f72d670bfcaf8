import { type Block, type Cell, characters, type Inline, type Paper } from "./model.js";

const WIDTH = 100;

/** A paper as plain text, a hundred columns wide where words allow it. */
export function toText(paper: Paper): string {
	const lines = [
		...(paper.handling === "" ? [] : [paper.handling, ""]),
		paper.title,
		"=".repeat(Math.min(WIDTH, paper.title.length)),
		paper.subtitle,
		"",
	];
	for (const [i, { heading, blocks }] of paper.sections.entries()) {
		lines.push(`${i + 1}. ${heading}`, "-".repeat(Math.min(WIDTH, heading.length + 3)));
		// One by one: a table may have more lines than a call takes arguments.
		for (const block of blocks) for (const line of [...blockLines(block), ""]) lines.push(line);
	}
	return `${lines.join("\n").trimEnd()}\n`;
}

function blockLines(block: Block): string[] {
	switch (block.kind) {
		case "text":
			return wrap(plain(block.parts), "");
		case "heading":
			return [block.text];
		case "list":
			return block.items.flatMap((item) => wrap(plain(item), "  ", "- "));
		case "terms":
			return block.terms.flatMap(([term, what]) => wrap(`${term}: ${what}`, "  ", "- "));
		case "flow":
		case "picture":
		case "timeline":
			return [];
		case "table":
			return block.rows.flatMap((row, i) => [
				`${block.caption}, ${i + 1} of ${block.rows.length}`,
				...row.flatMap((one, c) => cellLines(block.columns[c]?.name ?? "", one)),
			]);
	}
}

function cellLines(name: string, lines: Cell): string[] {
	const values = lines.map(plain).filter((value) => value !== "");
	if (values.length === 0) return [];
	return values.length === 1 ? [`  ${name}: ${values[0]}`] : [`  ${name}:`, ...values.map((value) => `    ${value}`)];
}

function plain(parts: readonly Inline[]): string {
	return parts.map(characters).join("");
}

/** Breaks at spaces; an identifier is never broken. */
function wrap(text: string, indent: string, first = indent): string[] {
	const lines: string[] = [];
	let line = first;
	for (const word of text.split(" ")) {
		if (line.length + word.length + 1 > WIDTH && line.trim() !== "" && line !== first) {
			lines.push(line.trimEnd());
			line = indent;
		}
		line += `${word} `;
	}
	lines.push(line.trimEnd());
	return lines;
}
