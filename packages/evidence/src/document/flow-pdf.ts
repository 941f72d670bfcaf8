import type { Rule, TraceResult } from "@clew/core";
import { branchesOf, pictureGraph, toDot } from "../bundle/picture.js";
import type { Pdf } from "./pdf-words.js";

/** Graphviz measures in inches. */
const POINTS = 72;
/** Letters of a picture as it is laid out, and the smallest that is read on paper; in points. */
const [FONT_SIZE, LEAST_FONT] = [9, 5.6];
/** Words on arrows beside those in boxes, as they are drawn; they get the room of larger ones. */
const ON_ARROWS = 8 / 9;
/** Length of an arrow head of Graphviz, in points. */
const ARROW = 10;
/** Branches with fewer accounts need no picture. */
const LEAST_BRANCH = 3;
/** How many accounts are tried on a page, the most first. */
const ACCOUNTS = [24, 18, 13, 9, 6] as const;
/** Branches that get a page of their own. */
const BRANCH_PAGES = 6;

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

/** A flow picture laid out by Graphviz, to be drawn into a PDF. Points. */
interface FlowPicture {
	/** What of the flow it shows, where that is not all. */
	readonly about: string;
	readonly height: number;
	draw(pdf: Pdf): void;
}

interface Space {
	readonly width: number;
	readonly height: number;
}

type Layout = ReturnType<typeof readPlain>;

/**
 * The flow on one page, as many accounts as can be read there, those first through which most went; where that is not all, each branch
 * that leaves a seed on a page of its own, the first {@link BRANCH_PAGES}. Laid out in Graphviz's plain form
 * (graphviz.org/docs/outputs/plain).
 */
export async function drawFlows(whole: TraceResult, rule: Rule | undefined, space: Space): Promise<FlowPicture[]> {
	const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
	const graphviz = await Graphviz.load();
	const ruled = rule === undefined ? {} : { rule };
	const lay = (options: object) => readPlain(graphviz.layout(toDot(whole, { ...ruled, ...options, tall: true }), "plain", "dot"));
	const scaleOf = ({ size }: Layout) => Math.min(space.width / (size.w * POINTS), space.height / (size.h * POINTS), 1);
	/** The first that can be read, else the smallest. */
	const fitting = (make: (most: number) => object): { readonly layout: Layout; readonly most: number } => {
		let found: { readonly layout: Layout; readonly most: number } | undefined;
		for (const most of ACCOUNTS) {
			found = { layout: lay(make(most)), most };
			if (scaleOf(found.layout) * FONT_SIZE >= LEAST_FONT) break;
		}
		return found as { readonly layout: Layout; readonly most: number };
	};
	const all = fitting((maxAccounts) => ({ maxAccounts }));
	const shown = new Set(pictureGraph(whole, { ...ruled, maxAccounts: all.most }).nodes());
	const hidden = branchesOf(whole, rule).filter(({ accounts }) => accounts.some((account) => !shown.has(account)));
	const branches = hidden.filter(({ accounts }) => accounts.length >= LEAST_BRANCH);
	const pages = branches.slice(0, BRANCH_PAGES).map(({ seed, accounts }, i) => {
		const { layout, most } = fitting((count) => ({ only: new Set([seed, ...accounts.slice(0, count - 1)]) }));
		const drawn = Math.min(accounts.length, most - 1);
		const cut = drawn < accounts.length ? `, the first ${drawn} of its ${accounts.length} accounts` : "";
		return pictureOf(layout, scaleOf(layout), `Branch ${i + 1} of ${branches.length}, by first arrival${cut}.`);
	});
	const more = branches.length > BRANCH_PAGES ? `, the first ${BRANCH_PAGES} of ${branches.length} of them` : "";
	const follow = branches.length === 0 ? "" : `Branches that have accounts not shown here follow${more}. `;
	const small = hidden.length === branches.length ? "" : "Branches of one or two accounts stand in the exhibit alone.";
	const about = `${follow}${small}`.trim();
	return [pictureOf(all.layout, scaleOf(all.layout), about), ...pages];
}

/** A picture of our own dot, laid out for a page: no larger than the space there. */
export async function drawDot(dot: string, space: Space): Promise<FlowPicture> {
	const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
	const layout = readPlain((await Graphviz.load()).layout(dot, "plain", "dot"));
	const { w, h } = layout.size;
	return pictureOf(layout, Math.min(space.width / (w * POINTS), space.height / (h * POINTS), 1), "");
}

function pictureOf({ size, boxes, arrows }: Layout, fit: number, about: string): FlowPicture {
	const scale = fit * POINTS;
	return {
		about,
		height: size.h * scale,
		draw(pdf) {
			const top = pdf.y;
			const [left, height] = [pdf.page.margins.left, size.h * scale];
			const x = (value: number) => left + value * scale;
			const y = (value: number) => top + height - value * scale;
			const font = fit * FONT_SIZE;
			const write = (text: string, at: readonly [number, number]) => {
				const lines = text.split("\n");
				for (const [i, line] of lines.entries())
					pdf.text(line, x(at[0]) - pdf.widthOfString(line) / 2, y(at[1]) + (i - lines.length / 2) * font * 1.15, { lineBreak: false });
			};
			for (const { points } of arrows)
				drawArrow(
					pdf,
					points.map(([px, py]) => [x(px), y(py)] as const),
					ARROW * fit,
				);
			for (const box of boxes) {
				pdf
					.roundedRect(x(box.x - box.w / 2), y(box.y + box.h / 2), box.w * scale, box.h * scale, 3)
					.lineWidth(0.5)
					.fillAndStroke(box.fill, "#555555");
				pdf.font("Courier").fontSize(font).fillColor("#111111");
				write(box.label, [box.x, box.y]);
			}
			pdf.font("Helvetica").fontSize(font * ON_ARROWS);
			for (const { label, at } of arrows) {
				if (at === undefined || label === "") continue;
				// White below the words, so that no arrow runs through them.
				const lines = label.split("\n");
				const wide = lines.reduce((most, line) => Math.max(most, pdf.widthOfString(line)), 0);
				const high = lines.length * font * 1.15;
				pdf.rect(x(at[0]) - wide / 2 - 1, y(at[1]) - high / 2, wide + 2, high).fill("#ffffff");
				pdf.fillColor("#333333");
				write(label, at);
			}
			pdf.x = left;
			pdf.y = top + height + 4;
		},
	};
}

function drawArrow(pdf: Pdf, points: readonly (readonly [number, number])[], head: number): void {
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
	// The curve ends where Graphviz begins its arrow head.
	const angle = Math.atan2(end[1] - before[1], end[0] - before[0]);
	const tip = [end[0] + head * Math.cos(angle), end[1] + head * Math.sin(angle)] as const;
	const wing = (turn: number) => [tip[0] - head * Math.cos(angle + turn), tip[1] - head * Math.sin(angle + turn)] as const;
	pdf
		.moveTo(...tip)
		.lineTo(...wing(0.35))
		.lineTo(...wing(-0.35))
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
