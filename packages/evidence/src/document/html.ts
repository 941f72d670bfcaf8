import { escapeHtml } from "@clew/core";
import { REPORT_CSS } from "./css.js";
import type { Block, Cell, Code, Inline, Paper, Section } from "./model.js";
import { timelineSvg } from "./timeline-picture.js";

/** A paper as one HTML file without script or outside reference. `picture` is an SVG element of ours. */
export function toHtml(paper: Paper, picture: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(paper.title)}</title>
<style>${REPORT_CSS}</style>
</head>
<body>
<header>
${paper.handling === "" ? "" : `<p class="handling">${escapeHtml(paper.handling)}</p>\n`}<h1>${escapeHtml(paper.title)}</h1>
<p>${escapeHtml(paper.subtitle)}</p>
</header>
<nav aria-label="Contents"><ol>${paper.sections.map(({ heading }, i) => `<li><a href="#s${i + 1}">${escapeHtml(heading)}</a></li>`).join("")}</ol></nav>
<main>
${paper.sections.map((section, i) => sectionHtml(section, i + 1, picture)).join("\n")}
</main>
</body>
</html>
`;
}

function sectionHtml({ heading, blocks, wide, alone, language }: Section, number: number, picture: string): string {
	const kind = [...(wide ? ["wide"] : []), ...(alone ? ["alone"] : [])].join(" ");
	const tongue = language === undefined ? "" : ` lang="${escapeHtml(language)}"`;
	return `<section id="s${number}"${kind === "" ? "" : ` class="${kind}"`}${tongue}><h2>${number}. ${escapeHtml(heading)}</h2>${blocks.map((block) => blockHtml(block, picture)).join("")}</section>`;
}

function blockHtml(block: Block, picture: string): string {
	switch (block.kind) {
		case "text":
			return `<p>${inlines(block.parts)}</p>`;
		case "heading":
			return `<h3>${escapeHtml(block.text)}</h3>`;
		case "list":
			return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join("")}</ul>`;
		case "terms":
			return `<dl>${block.terms.map(([term, what]) => `<dt>${escapeHtml(term)}</dt><dd>${escapeHtml(what)}</dd>`).join("")}</dl>`;
		case "flow":
			return figure(picture, block.text);
		case "picture":
			return `<p>${escapeHtml(block.text)}</p>`;
		case "timeline":
			return figure(timelineSvg(block.activity), block.text);
		case "table": {
			const head = block.columns.map(({ name }) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
			// On a narrow screen each row is a card that says the column before each cell; the roles keep it a table for who listens.
			const open = block.columns.map(({ name, numeric }) => `<td role="cell"${numeric ? ' class="n"' : ""} data-c="${escapeHtml(name)}">`);
			const rows = block.rows
				.map((row) => `<tr role="row">${row.map((one, i) => `${open[i]}${cellHtml(one)}</td>`).join("")}</tr>`)
				.join("");
			const caption = block.caption === "" ? "" : `<caption>${escapeHtml(block.caption)}</caption>`;
			return `<table role="table">${caption}<thead><tr role="row">${head}</tr></thead><tbody>${rows}</tbody></table>`;
		}
	}
}

function figure(svg: string, caption: string): string {
	return `<figure role="img" aria-label="${escapeHtml(caption)}">${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function cellHtml(lines: Cell): string {
	return lines.map(inlines).join("<br>");
}

/** An address in fours by space between elements, so that selecting it takes all of it, and copying gives it whole. */
function codeHtml({ code, grouped, link }: Code): string {
	const word = escapeHtml(code);
	const shown = grouped ? `<code class="a" title="${word}">${fours(code)}</code>` : `<code>${word}</code>`;
	const page = link === undefined ? "" : `<a class="x" href="${escapeHtml(link)}" rel="noopener noreferrer" aria-label="explorer"></a>`;
	return shown + page;
}

function fours(code: string): string {
	return (code.match(/^0x.{1,4}|.{1,4}/gsu) ?? []).map((four) => `<i>${escapeHtml(four)}</i>`).join("");
}

function inlines(parts: readonly Inline[]): string {
	return parts
		.map((part) => {
			if (typeof part === "string") return escapeHtml(part);
			if ("code" in part) return codeHtml(part);
			return "strong" in part ? `<strong>${escapeHtml(part.strong)}</strong>` : `<span class="u">${escapeHtml(part.amount)}</span>`;
		})
		.join("");
}
