import { escapeHtml } from "@clew/core";
import type { Guide, GuideSection } from "./guide.js";

const STYLE = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.55}body{max-width:42rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin:1.4rem 0 .3rem}li{margin:.25rem 0;overflow-wrap:anywhere}.draft{border:1px solid #8888;padding:.5rem .8rem}
@media print{body{margin:0;font-size:10.5pt}h2{break-after:avoid}li{break-inside:avoid}}`;

/** A guide as one HTML page: no script, nothing from elsewhere. */
export function guidePage({ title, language, draft, first, sections }: Guide): string {
	return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${draft === "" ? "" : `<p class="draft">${escapeHtml(draft)}</p>\n`}<p><strong>${escapeHtml(first)}</strong></p>
${sections.map(sectionHtml).join("\n")}
</body></html>
`;
}

function sectionHtml({ heading, items, steps }: GuideSection): string {
	const list = steps ? "ol" : "ul";
	return `<h2>${escapeHtml(heading)}</h2><${list}>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</${list}>`;
}

/** The same for a terminal, a line an item. */
export function guideLines({ title, draft, first, sections }: Guide): string[] {
	return [
		title,
		...(draft === "" ? [] : [draft]),
		"",
		first,
		...sections.flatMap(({ heading, items, steps }) => ["", heading, ...items.map((item, i) => `  ${steps ? `${i + 1}.` : "-"} ${item}`)]),
	];
}
