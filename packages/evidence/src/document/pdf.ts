import type { Rule, TraceResult } from "@clew/core";
import { drawDot, drawFlows } from "./flow-pdf.js";
import { latin } from "./latin.js";
import type { Block, Inline, Paper } from "./model.js";
import { drawTable } from "./pdf-table.js";
import { drawLines, FONT, type Pdf, setLines } from "./pdf-words.js";
import { layTimeline, TIMELINE_INK, type TimelineLayout } from "./timeline-picture.js";

/** A page between A4 (595 x 842) and Letter (612 x 792): it prints on both without scaling. Points. */
const PAGE = { size: [595, 792] as [number, number], margin: 45 };
const SIZE = { title: 17, heading: 13, small: 8, text: 9 } as const;
const INK = { text: "#111111", quiet: "#555555" } as const;
/** A fixed date: a PDF must name one, and the case's own stands in the text. */
const EPOCH = new Date(0);

/** Pages by name, in points; without one a page is as wide as A4 and as high as Letter. */
const SIZES = { A4: [595.28, 841.89], Letter: [612, 792] } as const;
export type PageSize = keyof typeof SIZES;
export const PAGE_SIZES = Object.keys(SIZES) as readonly PageSize[];

/** What a PDF is made with besides its paper. */
export interface PdfOptions {
	/** Gives the picture where the paper has one, under `rule`. */
	readonly result?: TraceResult | undefined;
	readonly rule?: Rule | undefined;
	readonly size?: PageSize | undefined;
}

/** A paper as a tagged PDF. The same paper gives the same bytes. */
export async function toPdf(paper: Paper, { result, rule, size }: PdfOptions = {}): Promise<Uint8Array> {
	const { default: Document } = await import("pdfkit");
	const pdf = new Document({
		size: size === undefined ? PAGE.size : [...SIZES[size]],
		margin: PAGE.margin,
		bufferPages: true,
		pdfVersion: "1.7",
		tagged: true,
		displayTitle: true,
		lang: "en",
		info: { Title: latin(paper.title), CreationDate: EPOCH, ModDate: EPOCH, Producer: "Clew", Creator: "Clew" },
	});
	const chunks: Buffer[] = [];
	pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
	const ended = new Promise<void>((resolve) => pdf.on("end", () => resolve()));
	const root = pdf.struct("Document");
	pdf.addStructure(root);
	const add = (tag: string, draw: () => void) => root.add(pdf.struct(tag, {}, draw));
	add("H1", () => write(pdf, paper.title, FONT.strong, SIZE.title));
	add("P", () => write(pdf, paper.subtitle, FONT.plain, SIZE.text, INK.quiet));
	for (const [i, { heading, blocks, language }] of paper.sections.entries()) {
		const before = paper.sections[i - 1];
		if (before?.alone && !UNSET.has(before.language ?? "")) pdf.addPage();
		else pdf.moveDown(0.8);
		room(pdf, 60);
		const unset = language !== undefined && UNSET.has(language);
		add("H2", () => write(pdf, `${i + 1}. ${unset ? `(${language})` : heading}`, FONT.strong, SIZE.heading));
		for (const block of unset ? [ELSEWHERE] : blocks) {
			if (block.kind === "flow" || block.kind === "picture") {
				const space = { width: width(pdf), height: pdf.page.height - 2 * PAGE.margin - 60 };
				const flows = async () => (result === undefined ? [] : await drawFlows(result, rule, space));
				for (const picture of block.kind === "picture" ? [await drawDot(block.dot, space)] : await flows()) {
					const words = picture.about === "" ? block.text : `${block.text} ${picture.about}`;
					room(pdf, picture.height + 30);
					root.add(pdf.struct("Figure", { alt: latin(words) }, () => picture.draw(pdf)));
					add("Caption", () => write(pdf, words, FONT.plain, SIZE.small, INK.quiet));
				}
			} else if (block.kind === "timeline") {
				const layout = layTimeline(block.activity);
				if (layout === undefined) continue;
				room(pdf, (layout.height * width(pdf)) / layout.width + 20);
				root.add(pdf.struct("Figure", { alt: latin(block.text) }, () => drawTimeline(pdf, layout, width(pdf))));
				add("Caption", () => write(pdf, block.text, FONT.plain, SIZE.small, INK.quiet));
			} else drawBlock(pdf, block, root, add);
		}
	}
	root.end();
	numberPages(pdf, paper.handling);
	pdf.end();
	await ended;
	return Buffer.concat(chunks);
}

/** Draws a timeline where the pen stands, and moves the pen below it. */
function drawTimeline(pdf: Pdf, { bars, ticks, axis, height, width: wide }: TimelineLayout, available: number): void {
	const scale = available / wide;
	const [left, top] = [pdf.page.margins.left, pdf.y];
	for (const bar of bars)
		pdf.rect(left + bar.x * scale, top + bar.y * scale, bar.width * scale, bar.height * scale).fill(TIMELINE_INK[bar.direction]);
	pdf
		.moveTo(left, top + axis * scale)
		.lineTo(left + available, top + axis * scale)
		.lineWidth(0.5)
		.stroke(TIMELINE_INK.axis);
	pdf.font("Helvetica").fontSize(SIZE.small).fillColor(TIMELINE_INK.words);
	for (const { x, text } of ticks) pdf.text(text, left + x * scale, top + (height - 16) * scale, { lineBreak: false });
	pdf.x = left;
	pdf.y = top + height * scale + 4;
}

function width(pdf: Pdf): number {
	return pdf.page.width - 2 * PAGE.margin;
}

/** A new page when less than this is left. */
function room(pdf: Pdf, needed: number): void {
	if (pdf.y + needed > pdf.page.height - PAGE.margin) nextPage(pdf);
}

/** A new page on which a tagged element that is being written goes on; the types of pdfkit do not name it. */
function nextPage(pdf: Pdf): void {
	(pdf as unknown as { continueOnNewPage(): void }).continueOnNewPage();
}

function write(pdf: Pdf, text: string, font: string, size: number, colour: string = INK.text): void {
	const part: Inline = font === FONT.strong ? { strong: text } : text;
	for (const line of setLines(pdf, [part], size, width(pdf))) {
		room(pdf, line.height);
		pdf.fillColor(colour);
		const top = pdf.y;
		drawLines(pdf, [line], { x: PAGE.margin, y: top });
		pdf.x = PAGE.margin;
		pdf.y = top + line.height;
	}
	pdf.y += 0.3 * size;
}

/** Languages whose letters the fonts of the PDF do not hold: a page of letters named by their codes would help nobody. */
const UNSET: ReadonlySet<string> = new Set(["zh", "ja", "ko"]);
const ELSEWHERE: Block = { kind: "text", parts: ["The fonts of this PDF do not hold the letters of this page: it stands in report.html."] };

type Struct = ReturnType<Pdf["struct"]>;

function drawBlock(
	pdf: Pdf,
	block: Exclude<Block, { kind: "flow" | "picture" | "timeline" }>,
	root: Struct,
	add: (tag: string, draw: () => void) => void,
): void {
	switch (block.kind) {
		case "text":
			add("P", () => paragraph(pdf, block.parts));
			return;
		case "heading":
			room(pdf, 5 * SIZE.text);
			add("H3", () => write(pdf, block.text, FONT.strong, 10.5));
			return;
		case "list":
			for (const item of block.items) add("P", () => paragraph(pdf, ["- ", ...item], 6));
			return;
		case "terms":
			for (const [term, what] of block.terms) add("P", () => paragraph(pdf, [{ strong: `${term}: ` }, what]));
			return;
		case "table":
			if (block.caption !== "") add("Caption", () => write(pdf, block.caption, FONT.plain, SIZE.small, INK.quiet));
			drawTable(pdf, block, root, PAGE.margin);
	}
}

function paragraph(pdf: Pdf, parts: readonly Inline[], indent = 0): void {
	const lines = setLines(pdf, parts, SIZE.text, width(pdf) - indent);
	for (const line of lines) {
		room(pdf, line.height);
		pdf.fillColor(INK.text);
		const top = pdf.y;
		drawLines(pdf, [line], { x: PAGE.margin + indent, y: top });
		pdf.x = PAGE.margin;
		pdf.y = top + line.height;
	}
	pdf.y += 0.3 * SIZE.text;
}

/** Page numbers and the handling marking, on every page. */
function numberPages(pdf: Pdf, handling: string): void {
	const { start, count } = pdf.bufferedPageRange();
	for (let i = start; i < start + count; i++) {
		pdf.switchToPage(i);
		const text = `${handling === "" ? "" : `${latin(handling)}   `}page ${i + 1} of ${count}`;
		const bottom = pdf.page.margins.bottom;
		pdf.page.margins.bottom = 0;
		pdf.font(FONT.plain).fontSize(SIZE.small).fillColor(INK.quiet);
		pdf.text(text, PAGE.margin, pdf.page.height - 30, { width: width(pdf), align: "center", lineBreak: false });
		pdf.page.margins.bottom = bottom;
	}
}
