import { fc, test } from "@fast-check/vitest";
import PDFDocument from "pdfkit";
import { describe, expect, it } from "vitest";
import { amount, code, type Inline } from "./model.js";
import { setLines } from "./pdf-words.js";

const pdf = new PDFDocument();
const WIDTH = fc.integer({ min: 30, max: 500 });
const letters = fc.string({ unit: "grapheme", maxLength: 60 });
const part: fc.Arbitrary<Inline> = fc.oneof(
	letters,
	letters.map((strong) => ({ strong })),
	fc.stringMatching(/^[0-9a-f]{1,90}$/).map(code),
	fc.stringMatching(/^[0-9]{1,40}\.[0-9]{1,18} [A-Z]{3}$/).map(amount),
);

describe("a set line", () => {
	test.prop([fc.array(part, { maxLength: 8 }), WIDTH], { numRuns: 150 })(
		"is never wider than its column, and nothing on it overlaps",
		(parts, width) => {
			for (const { runs, width: wide } of setLines(pdf, parts, 7, width)) {
				expect(wide).toBeLessThanOrEqual(width + 7);
				for (const [i, run] of runs.entries()) {
					const before = runs[i - 1];
					if (before !== undefined) expect(run.x).toBeGreaterThanOrEqual(before.x + before.width - 0.01);
				}
			}
		},
	);

	it("keeps an amount whole on the next line, or smaller, before it breaks it", () => {
		const sum = "13683.078422182347690686 ETH";
		for (const width of [110, 90, 75]) {
			const runs = setLines(pdf, ["some words before ", amount(sum)], 7, width).flatMap((line) => line.runs);
			expect(runs.map(({ text }) => text).join("|")).toContain(sum);
		}
	});

	it("takes letters that its fonts lack from a wider one, and names what that lacks, too", () => {
		const said = (text: string) => setLines(pdf, [text], 7, 500).flatMap((line) => line.runs.map((run) => [run.text, run.font]));
		expect(said("Łódź")).toEqual([["Łódź", "DejaVu Sans"]]);
		expect(said("盗")).toEqual([["U+76D7", "Helvetica"]]);
		// Letters that run from right to left would be set in the wrong order.
		expect(said("גנב")).toEqual([["U+5D2U+5E0U+5D1", "Helvetica"]]);
	});
});
