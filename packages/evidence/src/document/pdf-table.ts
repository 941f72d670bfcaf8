import type { Block, Cell, Column } from "./model.js";
import { drawLines, type Line, type Pdf, setLines, wholeWidth } from "./pdf-words.js";

const SIZE = 7;
const PAD = 3;
const GAP = 6;
const INK = { text: "#111111", line: "#999999", head: "#eeeeee" } as const;
/** Columns of amounts take at most this share of a page; what is wider is set smaller. */
const AMOUNTS = 0.62;

type Struct = ReturnType<Pdf["struct"]>;

/** Draws a table at the pen, tagged, over as many pages as it needs, with its head on each. */
export function drawTable(pdf: Pdf, { columns, rows }: Extract<Block, { kind: "table" }>, parent: Struct, margin: number): void {
	const full = pdf.page.width - 2 * margin;
	const widths = widthsOf(pdf, columns, rows, full);
	const bottom = () => pdf.page.height - margin;
	const table = pdf.struct("Table");
	parent.add(table);
	const set = (cells: readonly Cell[]) =>
		cells.map((lines, i) => lines.flatMap((parts) => setLines(pdf, parts, SIZE, (widths[i] ?? 0) - 2 * PAD)));
	const head = set(columns.map(({ name }): Cell => [[{ strong: name }]]));
	const rule = (y: number) =>
		quietly(pdf, () =>
			pdf
				.moveTo(margin, y)
				.lineTo(margin + full, y)
				.lineWidth(0.5)
				.stroke(INK.line),
		);
	const draw = (cells: readonly (readonly Line[])[], drawCell: (i: number, drawn: () => void) => void) => {
		const top = pdf.y;
		let x = margin;
		for (const [i, lines] of cells.entries()) {
			const [wide, left] = [widths[i] ?? 0, x];
			drawCell(i, () => {
				pdf.fillColor(INK.text);
				drawLines(pdf, lines, { x: left + PAD, y: top + PAD }, columns[i]?.numeric ? wide - 2 * PAD : undefined);
			});
			x += wide;
		}
		pdf.x = margin;
		pdf.y = top + heightOf(cells);
		rule(pdf.y);
	};
	const shade = () => quietly(pdf, () => pdf.rect(margin, pdf.y, full, heightOf(head)).fill(INK.head));
	const row = (cells: readonly (readonly Line[])[], tag: "TH" | "TD") => {
		const tr = pdf.struct("TR");
		table.add(tr);
		draw(cells, (_, drawn) => tr.add(pdf.struct(tag, {}, drawn)));
		tr.end();
	};
	const nextPage = () => {
		pdf.addPage();
		shade();
		quietly(pdf, () => draw(head, (_, drawn) => drawn()));
	};
	if (pdf.y + heightOf(head) + 3 * SIZE > bottom()) pdf.addPage();
	shade();
	row(head, "TH");
	for (const cells of rows) {
		let left = set(cells);
		const whole = bottom() - margin - heightOf(head);
		while (heightOf(left) > whole) {
			// Taller than a page: as many lines as there is room for, and the rest on the next.
			const lines = Math.max(1, Math.floor((bottom() - pdf.y - 2 * PAD) / (SIZE * 1.17)));
			row(
				left.map((cell) => cell.slice(0, lines)),
				"TD",
			);
			left = left.map((cell) => cell.slice(lines));
			nextPage();
		}
		if (pdf.y + heightOf(left) > bottom()) nextPage();
		row(left, "TD");
	}
	table.end();
	pdf.y += GAP;
}

/** What is drawn for the eye alone: who listens to a page is not told of it. Inside such a mark nothing is marked again. */
function quietly(pdf: Pdf, draw: () => void): void {
	pdf.markContent("Artifact", { type: "Layout" });
	draw();
	pdf.endMarkedContent();
}

function heightOf(cells: readonly (readonly Line[])[]): number {
	return (
		cells.reduce(
			(most, lines) =>
				Math.max(
					most,
					lines.reduce((sum, { height }) => sum + height, 0),
				),
			0,
		) +
		2 * PAD
	);
}

/** Columns of numbers are as wide as their widest number, where the page has room; the others share what is left as they say. */
function widthsOf(pdf: Pdf, columns: readonly Column[], rows: readonly (readonly Cell[])[], full: number): number[] {
	const needed = columns.map(({ numeric, name }, i) =>
		numeric
			? rows.reduce(
					(most, row) => (row[i] ?? []).reduce((widest, parts) => Math.max(widest, wholeWidth(pdf, parts, SIZE)), most),
					wholeWidth(pdf, [{ strong: name.split(" ").reduce((a, b) => (a.length > b.length ? a : b), "") }], SIZE),
				) +
				2 * PAD +
				1
			: 0,
	);
	const amounts = needed.reduce((sum, width) => sum + width, 0);
	const scale = Math.min(1, (AMOUNTS * full) / Math.max(1, amounts));
	const others = columns.reduce((sum, { numeric, width }) => sum + (numeric ? 0 : width), 0);
	const room = others === 0 ? 0 : full - amounts * scale;
	return columns.map(({ numeric, width }, i) =>
		numeric ? (needed[i] ?? 0) * scale * (others === 0 ? full / amounts / scale : 1) : (width / others) * room,
	);
}
