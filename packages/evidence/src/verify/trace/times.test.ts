import { expect, it } from "vitest";
import { BITCOIN, ETHEREUM } from "../blocks.test-util.js";
import type { ProvenBlock } from "../proofs/proven-block.js";
import { checkTimes, isMoment } from "./times.js";

const found = (
	times: readonly (readonly [height: number, time: string])[],
	chain = ETHEREUM,
	blocks: readonly (readonly [number, number])[] = [],
) => {
	const failures: string[] = [];
	const edges = times.map(([height, time], i) => ({ row: i + 1, position: `${height}.0.1`, time }));
	const proven = new Map(blocks.map(([height, time]) => [height, { height, time } as ProvenBlock]));
	checkTimes(chain, edges, proven, (where, what) => failures.push(`${where}: ${what}`));
	return failures;
};
const [EARLY, LATE] = ["2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"];

it("a time is a moment in one form, or none", () => {
	for (const time of ["", EARLY]) expect(isMoment(time)).toBe(true);
	for (const time of ["soon", "2020-01-01", "2020-02-30T00:00:00Z", "2020-01-01T00:00:00+01:00", "Sun, 13 Sep 2020 12:43 EST"])
		expect(found([[1, time]])).toEqual([`row 1: its time is ${JSON.stringify(time)}, which is none as results state it`]);
});

it("times of a block are one, that of its proof, and never before those of blocks before it but on Bitcoin", () => {
	expect(
		found([
			[1, EARLY],
			[1, ""],
			[2, LATE],
		]),
	).toEqual([]);
	expect(
		found([
			[1, EARLY],
			[1, LATE],
		]),
	).toEqual([`row 2: its time is ${LATE}, and block 1 is of ${EARLY}`]);
	expect(
		found([
			[1, LATE],
			[2, EARLY],
		]),
	).toEqual([`block 2: is of ${EARLY}, and block 1 before it of ${LATE}`]);
	expect(
		found(
			[
				[1, LATE],
				[2, EARLY],
			],
			BITCOIN,
		),
	).toEqual([]);
	const at = Date.parse(EARLY) / 1000;
	expect(found([[1, LATE]], ETHEREUM, [[1, at]])).toEqual([`row 1: its time is ${LATE}, and block 1 is of ${EARLY}`]);
	expect(found([[1, LATE]], ETHEREUM, [[2, at]])).toEqual([`block 2: is of ${EARLY}, and block 1 before it of ${LATE}`]);
});
