import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type PDFDocument from "pdfkit";
import { isLatin, latin } from "./latin.js";
import { characters, type Inline } from "./model.js";

export type Pdf = InstanceType<typeof PDFDocument>;

/** The standard fonts, and one with the letters of many scripts, of which the letters that a paper uses are embedded. */
export const FONT = {
	plain: "Helvetica",
	strong: "Helvetica-Bold",
	code: "Courier",
	wide: "DejaVu Sans",
	wideStrong: "DejaVu Sans Bold",
} as const;
/** What must not be broken is set smaller where a column is narrow, and never smaller than this. */
const LEAST = 4.5;
const LEADING = 1.17;
/** Where letters of all fonts stand on a line, as a share of its size from above. */
const ASCENT = 0.85;

/** Scripts that are written from right to left, or whose letters join: set letter by letter they would say something else. */
const JOINED = /[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\ufb1d-\ufdff\ufe70-\ufeff]/u;

/** Makes the wide font known to a document; it is read where a paper first needs it. */
const wideFonts = new WeakMap<Pdf, (letter: string) => boolean>();
function wideFont(pdf: Pdf): (letter: string) => boolean {
	const known = wideFonts.get(pdf);
	if (known !== undefined) return known;
	const require = createRequire(import.meta.url);
	pdf.registerFont(FONT.wide, readFileSync(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf")));
	pdf.registerFont(FONT.wideStrong, readFileSync(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")));
	// What pdfkit's types do not name: the font as fontkit read it.
	const { font } = (pdf.font(FONT.wide) as unknown as { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } })._font;
	const has = (letter: string) => !JOINED.test(letter) && font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0);
	wideFonts.set(pdf, has);
	return has;
}

/** A word as it can be set, in which font: in its own, else in the wide one; what that lacks too is named by its code. */
function settable(pdf: Pdf, text: string, own: string): { readonly text: string; readonly font: string } {
	if (isLatin(text)) return { text, font: own };
	const has = wideFont(pdf);
	const letters = Array.from(text, (letter) => (isLatin(letter) || has(letter) ? letter : latin(letter)));
	return { text: letters.join(""), font: letters.every(isLatin) ? own : own === FONT.strong ? FONT.wideStrong : FONT.wide };
}

/** A run of letters of one font on a line, where it begins, and the page it links to. */
interface Run {
	text: string;
	readonly font: string;
	readonly size: number;
	readonly x: number;
	width: number;
	readonly link?: string | undefined;
}

/** One set line. */
export interface Line {
	readonly runs: readonly Run[];
	readonly width: number;
	readonly height: number;
}

interface Word {
	readonly text: string;
	readonly font: string;
	readonly size: number;
	readonly width: number;
	readonly spaced: boolean;
	readonly link?: string | undefined;
}

/** Sets parts into lines of a width, in points. Identifiers and amounts stay whole: smaller where they have to be, broken only below that. */
export function setLines(pdf: Pdf, parts: readonly Inline[], size: number, width: number): Line[] {
	const lines: Line[] = [];
	let runs: Run[] = [];
	let x = 0;
	const end = () => {
		lines.push({ runs, width: x, height: size * LEADING });
		runs = [];
		x = 0;
	};
	for (const word of wordsOf(pdf, parts, size, width)) {
		const space = word.spaced && runs.length > 0 ? spaceOf(pdf, word) : 0;
		if (x + space + word.width > width && runs.length > 0) end();
		const gap = runs.length === 0 ? 0 : space;
		const last = runs[runs.length - 1];
		if (last !== undefined && last.font === word.font && last.size === word.size && last.link === word.link) {
			last.text += `${gap > 0 ? " " : ""}${word.text}`;
			last.width += gap + word.width;
		} else runs.push({ text: word.text, font: word.font, size: word.size, x: x + gap, width: word.width, link: word.link });
		x += gap + word.width;
	}
	if (runs.length > 0 || lines.length === 0) end();
	return lines;
}

const spaceOf = (pdf: Pdf, { font, size }: Word) => widthOf(pdf, " ", font, size);

/** Words whose widths are kept, a document; tables say the same ones again and again. */
const MOST_KEPT = 50_000;
const keptWidths = new WeakMap<Pdf, Map<string, number>>();

/** The width of a text that one font has all letters of, in points. */
function widthOf(pdf: Pdf, text: string, font: string, size: number): number {
	const kept = keptWidths.get(pdf) ?? new Map<string, number>();
	if (kept.size === 0 || kept.size > MOST_KEPT) keptWidths.set(pdf, kept.size === 0 ? kept : new Map());
	const key = `${font} ${text}`;
	const known = kept.get(key) ?? pdf.font(font).fontSize(1_000).widthOfString(text);
	kept.set(key, known);
	return (known * size) / 1_000;
}

function wordsOf(pdf: Pdf, parts: readonly Inline[], size: number, width: number): Word[] {
	const words: Word[] = [];
	let spaced = false;
	for (const part of parts) {
		const own = fontOf(part);
		const whole = typeof part !== "string" && !("strong" in part);
		const link = typeof part !== "string" && "code" in part ? part.link : undefined;
		const said = characters(part);
		for (const piece of whole ? [said] : said.split(/(\s+)/u)) {
			if (!whole && /^\s*$/u.test(piece)) {
				spaced ||= piece !== "";
				continue;
			}
			const { text, font } = settable(pdf, piece, own);
			for (const word of fitting(pdf, text, font, size, width)) {
				words.push({ ...word, spaced, link });
				spaced = false;
			}
		}
	}
	return words;
}

/** A word as it fits a line: smaller where it is too wide, and in pieces where that is not enough. */
function fitting(pdf: Pdf, text: string, font: string, size: number, width: number): Omit<Word, "spaced" | "link">[] {
	const full = widthOf(pdf, text, font, size);
	if (full <= width) return [{ text, font, size, width: full }];
	const small = Math.max(LEAST, Math.floor(((size * width) / full) * 10) / 10);
	if ((full * small) / size <= width) return [{ text, font, size: small, width: (full * small) / size }];
	const pieces: Omit<Word, "spaced" | "link">[] = [];
	const count = Math.max(1, Math.floor((text.length * width * size) / (full * small)) - 1);
	for (let i = 0; i < text.length; i += count) {
		const piece = text.slice(i, i + count);
		pieces.push({ text: piece, font, size: small, width: widthOf(pdf, piece, font, small) });
	}
	return pieces;
}

function fontOf(part: Inline): string {
	return typeof part === "string" || "amount" in part ? FONT.plain : "code" in part ? FONT.code : FONT.strong;
}

/** Draws set lines from a place down; `right` sets them against the right side of a width. */
export function drawLines(pdf: Pdf, lines: readonly Line[], at: { readonly x: number; readonly y: number }, right?: number): void {
	let y = at.y;
	for (const { runs, width, height } of lines) {
		const left = at.x + (right === undefined ? 0 : Math.max(0, right - width));
		for (const { text, font, size, x, width: wide, link } of runs) {
			pdf
				.font(font)
				.fontSize(size)
				.text(text, left + x, y + (height / LEADING) * ASCENT, { lineBreak: false, baseline: "alphabetic" });
			if (link !== undefined) pdf.link(left + x, y, wide, height, link);
		}
		y += height;
	}
}

/** The least width in which nothing of a line is made smaller, in points. */
export function wholeWidth(pdf: Pdf, parts: readonly Inline[], size: number): number {
	return parts.reduce((sum, part) => {
		const { text, font } = settable(pdf, characters(part), fontOf(part));
		return sum + widthOf(pdf, text, font, size);
	}, 0);
}
