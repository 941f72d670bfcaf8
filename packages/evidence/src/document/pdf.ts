import type { Rule, TraceResult } from "@clew/core";
import type PDFDocument from "pdfkit";
import { drawDot, drawFlow } from "./flow-pdf.js";
import { type Block, type Cell, characters, type Inline, type Paper } from "./model.js";
import { layTimeline, TIMELINE_INK, type TimelineLayout } from "./timeline-picture.js";

/** A page between A4 (595 x 842) and Letter (612 x 792): it prints on both without scaling. Points. */
const PAGE = { size: [595, 792] as [number, number], margin: 50 };
const FONT = { plain: "Helvetica", strong: "Helvetica-Bold", code: "Courier" } as const;
const SIZE = { title: 18, heading: 13, small: 8, text: 10, cell: 7 } as const;
const INK = { text: "#111111", quiet: "#555555", line: "#999999", head: "#eeeeee" } as const;
const GAP = 6;
const PAD = 3;
/** A fixed date: a PDF must name one, and the case's own stands in the text. */
const EPOCH = new Date(0);

type Pdf = InstanceType<typeof PDFDocument>;

/** A paper as a tagged PDF. `result` gives the picture where the paper has one, under `rule`. The same paper gives the same bytes. */
export async function toPdf(paper: Paper, result?: TraceResult, rule?: Rule): Promise<Uint8Array> {
	const { default: Document } = await import("pdfkit");
	const pdf = new Document({
		size: PAGE.size,
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
	for (const [i, { heading, blocks }] of paper.sections.entries()) {
		pdf.moveDown(0.8);
		room(pdf, 60);
		add("H2", () => write(pdf, `${i + 1}. ${heading}`, FONT.strong, SIZE.heading));
		for (const block of blocks) {
			if (block.kind === "flow" || block.kind === "picture") {
				if (block.kind === "flow" && result === undefined) continue;
				const picture = await (block.kind === "picture" ? drawDot(block.dot) : drawFlow(result as TraceResult, rule));
				room(pdf, picture.height(width(pdf)) + 20);
				root.add(pdf.struct("Figure", { alt: latin(block.text) }, () => picture.draw(pdf, width(pdf))));
				add("Caption", () => write(pdf, block.text, FONT.plain, SIZE.small, INK.quiet));
			} else if (block.kind === "timeline") {
				const layout = layTimeline(block.activity);
				if (layout === undefined) continue;
				room(pdf, (layout.height * width(pdf)) / layout.width + 20);
				root.add(pdf.struct("Figure", { alt: latin(block.text) }, () => drawTimeline(pdf, layout, width(pdf))));
				add("Caption", () => write(pdf, block.text, FONT.plain, SIZE.small, INK.quiet));
			} else drawBlock(pdf, block, add);
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

/** The standard fonts know Latin letters only; anything else is shown by its code, never left out. */
function latin(text: string): string {
	return text.replace(/[^\x20-\x7e\u00a0-\u00ff…]/gu, (c) => `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
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
	pdf
		.font(font)
		.fontSize(size)
		.fillColor(colour)
		.text(latin(text), PAGE.margin, pdf.y, { width: width(pdf) });
	pdf.moveDown(0.3);
}

function drawBlock(
	pdf: Pdf,
	block: Exclude<Block, { kind: "flow" | "picture" | "timeline" }>,
	add: (tag: string, draw: () => void) => void,
): void {
	switch (block.kind) {
		case "text":
			add("P", () => paragraph(pdf, block.parts));
			return;
		case "heading":
			add("H3", () => write(pdf, block.text, FONT.strong, SIZE.text));
			return;
		case "list":
			for (const item of block.items) add("P", () => paragraph(pdf, ["- ", ...item]));
			return;
		case "terms":
			for (const [term, what] of block.terms) add("P", () => paragraph(pdf, [{ strong: `${term}: ` }, what]));
			return;
		case "table":
			add("Caption", () => write(pdf, block.caption, FONT.plain, SIZE.small, INK.quiet));
			add("P", () => table(pdf, block));
	}
}

function paragraph(pdf: Pdf, parts: readonly Inline[]): void {
	room(pdf, 2 * SIZE.text);
	pdf.fillColor(INK.text).fontSize(SIZE.text);
	pdf.x = PAGE.margin;
	for (const [i, part] of parts.entries()) {
		pdf.font(fontOf(part)).text(latin(characters(part)), { width: width(pdf), continued: i < parts.length - 1 });
	}
	pdf.moveDown(0.3);
}

function fontOf(part: Inline): string {
	return typeof part === "string" ? FONT.plain : "code" in part ? FONT.code : FONT.strong;
}

function table(pdf: Pdf, { columns, rows }: Extract<Block, { kind: "table" }>): void {
	const total = columns.reduce((sum, column) => sum + column.width, 0);
	const widths = columns.map((column) => (column.width / total) * width(pdf));
	const head = columns.map(({ name }): Cell => [[{ strong: name }]]);
	const line = (cells: readonly Cell[], shade: boolean) => {
		const height = Math.max(...cells.map((lines, i) => cellHeight(pdf, lines, widths[i] as number))) + 2 * PAD;
		if (pdf.y + height > pdf.page.height - PAGE.margin) {
			nextPage(pdf);
			if (!shade) line(head, true);
		}
		const top = pdf.y;
		if (shade) pdf.rect(PAGE.margin, top, width(pdf), height).fill(INK.head);
		let x = PAGE.margin;
		for (const [i, lines] of cells.entries()) {
			drawCell(pdf, lines, x, top + PAD, widths[i] as number, columns[i]?.numeric === true);
			x += widths[i] as number;
		}
		pdf
			.moveTo(PAGE.margin, top + height)
			.lineTo(PAGE.margin + width(pdf), top + height)
			.lineWidth(0.5)
			.stroke(INK.line);
		pdf.x = PAGE.margin;
		pdf.y = top + height;
	};
	line(head, true);
	for (const row of rows) line(row, false);
	pdf.y += GAP;
}

/** One font a line of a cell: that of its first part. */
function lineText(parts: readonly Inline[]): { text: string; font: string } {
	return { text: latin(parts.map(characters).join("")) || " ", font: fontOf(parts.find((part) => typeof part !== "string") ?? "") };
}

function cellHeight(pdf: Pdf, lines: Cell, columnWidth: number): number {
	return lines.reduce((sum, parts) => {
		const { text, font } = lineText(parts);
		return (
			sum +
			pdf
				.font(font)
				.fontSize(SIZE.cell)
				.heightOfString(text, { width: columnWidth - 2 * PAD })
		);
	}, 0);
}

function drawCell(pdf: Pdf, lines: Cell, x: number, top: number, columnWidth: number, numeric: boolean): void {
	let y = top;
	for (const parts of lines) {
		const { text, font } = lineText(parts);
		const options = { width: columnWidth - 2 * PAD, align: numeric ? ("right" as const) : ("left" as const) };
		pdf
			.font(font)
			.fontSize(SIZE.cell)
			.fillColor(INK.text)
			.text(text, x + PAD, y, options);
		y += pdf.heightOfString(text, options);
	}
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
