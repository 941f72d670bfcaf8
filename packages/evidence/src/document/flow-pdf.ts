import type { Rule, TraceResult } from "@clew/core";
import type PDFDocument from "pdfkit";
import { toDot } from "../bundle/picture.js";

type Pdf = InstanceType<typeof PDFDocument>;

/** Graphviz measures in inches. */
const POINTS = 72;
const LEAST_FONT = 3;
const MAX_HEIGHT = 600;

interface Box {
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
	readonly label: string;
	readonly fill: string;
}

interface Arrow {
	readonly points: readonly (readonly [number, number])[];
	readonly label: string;
	readonly at: readonly [number, number] | undefined;
}

/** A flow picture laid out by Graphviz, to be drawn into a PDF. */
export interface FlowPicture {
	height(width: number): number;
	draw(pdf: Pdf, width: number): void;
}

/** The picture of a trace. */
export function drawFlow(result: TraceResult, rule?: Rule): Promise<FlowPicture> {
	return drawDot(toDot(result, rule === undefined ? {} : { rule }));
}

/** Lays a picture out and reads Graphviz's plain form (graphviz.org/docs/outputs/plain). */
export async function drawDot(dot: string): Promise<FlowPicture> {
	const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
	const graphviz = await Graphviz.load();
	const { size, boxes, arrows } = readPlain(graphviz.layout(dot, "plain", "dot"));
	const scaleTo = (width: number) => Math.min(width / (size.w * POINTS), MAX_HEIGHT / (size.h * POINTS), 1);
	return {
		height: (width) => size.h * POINTS * scaleTo(width),
		draw(pdf, width) {
			const scale = scaleTo(width) * POINTS;
			const top = pdf.y;
			const [left, height] = [pdf.page.margins.left, size.h * scale];
			const x = (value: number) => left + value * scale;
			const y = (value: number) => top + height - value * scale;
			const font = Math.max(LEAST_FONT, scaleTo(width) * 9);
			for (const { points } of arrows)
				drawArrow(
					pdf,
					points.map(([px, py]) => [x(px), y(py)] as const),
				);
			for (const box of boxes) {
				pdf
					.roundedRect(x(box.x - box.w / 2), y(box.y + box.h / 2), box.w * scale, box.h * scale, 3)
					.lineWidth(0.5)
					.fillAndStroke(box.fill, "#555555");
				const lines = box.label.split("\n");
				pdf.font("Courier").fontSize(font).fillColor("#111111");
				for (const [i, line] of lines.entries())
					pdf.text(ascii(line), x(box.x - box.w / 2), y(box.y) + (i - lines.length / 2) * font * 1.15, {
						width: box.w * scale,
						align: "center",
						lineBreak: false,
					});
			}
			pdf.font("Helvetica").fontSize(font);
			for (const { label, at } of arrows) {
				if (at === undefined) continue;
				for (const [i, line] of label.split("\n").entries())
					pdf
						.fillColor("#333333")
						.text(ascii(line), x(at[0]) - 60, y(at[1]) + (i - 0.5) * font * 1.15, { width: 120, align: "center", lineBreak: false });
			}
			pdf.x = left;
			pdf.y = top + height + 4;
		},
	};
}

function ascii(text: string): string {
	return text.replace(/[^\x20-\x7e…]/g, "?");
}

function drawArrow(pdf: Pdf, points: readonly (readonly [number, number])[]): void {
	const [first, ...rest] = points;
	const end = points[points.length - 1];
	const before = points[points.length - 2];
	if (first === undefined || end === undefined || before === undefined) return;
	pdf.moveTo(...first);
	for (let i = 0; i + 2 < rest.length; i += 3) {
		const [a, b, c] = [rest[i], rest[i + 1], rest[i + 2]] as [[number, number], [number, number], [number, number]];
		pdf.bezierCurveTo(...a, ...b, ...c);
	}
	pdf.lineWidth(0.5).stroke("#555555");
	const angle = Math.atan2(end[1] - before[1], end[0] - before[0]);
	const wing = (turn: number) => [end[0] - 4 * Math.cos(angle + turn), end[1] - 4 * Math.sin(angle + turn)] as const;
	pdf
		.moveTo(...end)
		.lineTo(...wing(0.4))
		.lineTo(...wing(-0.4))
		.fill("#555555");
}

/** `graph`, `node` and `edge` lines; words are split at spaces, quoted where they hold some. */
function readPlain(plain: string): { size: { w: number; h: number }; boxes: Box[]; arrows: Arrow[] } {
	const boxes: Box[] = [];
	const arrows: Arrow[] = [];
	let size = { w: 1, h: 1 };
	for (const line of plain.replace(/\\\r?\n/g, "").split("\n")) {
		const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
			(match[1] ?? match[2] ?? "").replace(/\\n/g, "\n").replace(/\\(.)/g, "$1"),
		);
		const number = (i: number) => Number(words[i] ?? "0");
		if (words[0] === "graph") size = { w: number(2), h: number(3) };
		else if (words[0] === "node")
			boxes.push({ x: number(2), y: number(3), w: number(4), h: number(5), label: words[6] ?? "", fill: words[10] ?? "#ffffff" });
		else if (words[0] === "edge") {
			const count = number(3);
			const points = Array.from({ length: count }, (_, i) => [number(4 + 2 * i), number(5 + 2 * i)] as const);
			const rest = 4 + 2 * count;
			// Without a label only style and colour follow.
			const labelled = words.length > rest + 2;
			arrows.push({ points, label: labelled ? (words[rest] ?? "") : "", at: labelled ? [number(rest + 1), number(rest + 2)] : undefined });
		}
	}
	return { size, boxes, arrows };
}
