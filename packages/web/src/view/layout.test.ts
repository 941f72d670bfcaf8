import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { BOX_WIDTH, placeBoxes } from "./layout.js";

const box = (first: number, isStart = false) => ({ first, height: 40, isStart });

describe("where boxes stand", () => {
	it("puts each one right of what first reached it, and what pays the start at its left", () => {
		// 3 pays 0 (the start), which pays 1, which pays 2, which pays 0 back.
		const { places } = placeBoxes(
			[box(1, true), box(2), box(3), box(0)],
			[
				{ from: 3, to: 0, order: 0 },
				{ from: 0, to: 1, order: 1 },
				{ from: 1, to: 2, order: 2 },
				{ from: 2, to: 0, order: 3 },
			],
		);
		expect(places.map(({ hop }) => hop)).toEqual([1, 2, 3, 0]);
		const xs = places.map(({ x }) => x);
		expect([...xs].sort((a, b) => a - b)).toEqual([xs[3], xs[0], xs[1], xs[2]]);
	});

	it("gives a hop of many boxes columns by time", () => {
		const many = Array.from({ length: 60 }, (_, i) => box(60 - i));
		const { places, height } = placeBoxes(
			[box(0, true), ...many],
			many.map((_, i) => ({ from: 0, to: i + 1, order: i })),
		);
		expect(new Set(places.map(({ x }) => x)).size).toBe(4);
		// The last of the list came first.
		expect(places[60]?.x).toBeLessThan(places[1]?.x ?? 0);
		expect(height).toBeLessThan(25 * 70);
	});

	test.prop([
		fc.array(fc.record({ first: fc.nat(9), height: fc.integer({ min: 10, max: 90 }), isStart: fc.boolean() }), { maxLength: 40 }),
		fc.array(fc.record({ from: fc.nat(39), to: fc.nat(39), order: fc.nat(99) }), { maxLength: 80 }),
	])("lets no two boxes lie over each other, whatever pays whom", (boxes, all) => {
		const arrows = all.filter(({ from, to }) => from < boxes.length && to < boxes.length);
		const { places, width, height } = placeBoxes(boxes, arrows);
		expect(placeBoxes(boxes, arrows).places).toEqual(places);
		for (const [i, a] of places.entries()) {
			expect(a.x >= 0 && a.x + BOX_WIDTH <= width && a.y >= 0 && a.y + (boxes[i]?.height ?? 0) <= height + 1).toBe(true);
			for (const [j, b] of places.entries())
				if (j > i && Math.abs(a.x - b.x) < BOX_WIDTH)
					expect(a.y + (boxes[i]?.height ?? 0) <= b.y || b.y + (boxes[j]?.height ?? 0) <= a.y).toBe(true);
		}
	});
});
