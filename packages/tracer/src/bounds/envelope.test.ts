import { type AssetId, nativeAsset, type Rule } from "@clew/core";
import { TEST_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import type { Parcel } from "../rules/holding.js";
import {
	addEnvelopes,
	addSupply,
	capEnvelope,
	convertEnvelope,
	type Envelope,
	envelopeOf,
	envelopeOfMark,
	limitWithin,
	markedEnvelope,
	newFrame,
	noteMark,
	type Parcels,
	totalsOf,
	UNLIMITED,
	withEnvelope,
} from "./envelope.js";
import { lesser, plus, sumOf, taintRange, without } from "./interval.js";
import { markEnvelope } from "./ledger-bounds.js";

const ASSET: AssetId = nativeAsset(TEST_CHAIN);
const ALL: readonly Rule[] = ["fifo", "lifo", "libr", "poison"];
const frameOf = (seeds: number, rules: readonly Rule[] = ALL) => newFrame(rules, new Array<undefined>(seeds).fill(undefined));
const envelope = (least: readonly bigint[], most: readonly bigint[]): Envelope => ({ least, most });
/** One parcel a rule, as amounts by origin. */
const parcelsOf = (...rules: readonly (readonly bigint[])[]): Parcels =>
	rules.map((amounts): Parcel => amounts.flatMap((amount, origin) => (amount > 0n ? [{ origin, amount }] : [])));

describe("bounds of what is tainted", () => {
	it("are by seed, with the sum of several last, and of a single seed once", () => {
		expect([frameOf(1).slots, frameOf(2).slots, frameOf(3).slots]).toEqual([1, 3, 4]);
		expect(envelopeOfMark(frameOf(1), 0, 3n, 5n)).toEqual(envelope([3n], [5n]));
		expect(envelopeOfMark(frameOf(3), 1, 3n, 5n)).toEqual(envelope([0n, 3n, 0n, 3n], [0n, 5n, 0n, 5n]));
	});

	it("are the least and most over the conserving rules; of the sum over rules that add up; claims are never summed", () => {
		const parcels = parcelsOf([4n, 3n], [5n, 0n], [9n, 9n], [20n, 20n]);
		expect(envelopeOf(frameOf(2), parcels)).toEqual(envelope([4n, 0n, 5n], [9n, 9n, 7n]));
		expect(envelopeOf(frameOf(2, ["libr", "poison"]), parcelsOf([4n, 6n], [20n, 20n]))).toEqual(envelope([4n, 6n, 6n], [4n, 6n, 6n]));
		expect(envelopeOf(frameOf(2, ["fifo", "libr"]), parcelsOf([4n, 1n], [9n, 6n]))).toEqual(envelope([4n, 1n, 5n], [9n, 6n, 5n]));
	});

	it("of poison alone agree on nothing, and are at most what it says of each", () => {
		expect(envelopeOf(frameOf(2, ["poison"]), parcelsOf([7n, 2n]))).toEqual(envelope([0n, 0n, 0n], [7n, 2n, 7n]));
	});

	it("that parcels carry are theirs, whatever their lots say", () => {
		const own = envelope([1n], [8n]);
		expect(envelopeOf(frameOf(1), withEnvelope(parcelsOf([4n], [4n], [4n], [4n]), own))).toBe(own);
		expect(markedEnvelope(frameOf(1), [4n, 6n, 5n, 9n], 0)).toEqual(envelope([4n], [6n]));
	});

	it("are added up slot by slot", () => {
		expect(addEnvelopes(envelope([1n, 2n], [3n, 4n]), envelope([10n, 20n], [30n, 40n]))).toEqual(envelope([11n, 22n], [33n, 44n]));
	});

	it("exceed neither what is there nor what can be tainted of the asset at all; then the least gives way, too", () => {
		const frame = frameOf(1);
		expect(capEnvelope(frame, ASSET, envelope([6n], [9n]), 7n)).toEqual(envelope([6n], [7n]));
		expect(capEnvelope(frame, ASSET, envelope([6n], [9n]), 5n)).toEqual(envelope([5n], [5n]));
		expect(capEnvelope(frame, ASSET, envelope([6n], [9n]))).toEqual(envelope([6n], [9n]));
		addSupply(frame, ASSET, [3n]);
		addSupply(frame, ASSET, [1n]);
		expect(capEnvelope(frame, ASSET, envelope([2n], [9n]), 7n)).toEqual(envelope([2n], [4n]));
		expect(capEnvelope(frame, "other" as AssetId, envelope([2n], [9n]), 7n)).toEqual(envelope([2n], [7n]));
		const several = frameOf(2);
		addSupply(several, ASSET, [3n, 5n, 8n]);
		expect(capEnvelope(several, ASSET, envelope([0n, 0n, 0n], [9n, 9n, 9n]))).toEqual(envelope([0n, 0n, 0n], [3n, 5n, 8n]));
	});

	it("of all seeds together are those of the sum; with claims, of the largest single one where that is wider", () => {
		const sums = envelope([2n, 3n, 5n], [4n, 6n, 9n]);
		expect(totalsOf(frameOf(2, ["fifo"]), sums)).toEqual({ least: 5n, most: 9n });
		expect(totalsOf(frameOf(2), sums)).toEqual({ least: 3n, most: 9n });
		expect(totalsOf(frameOf(2), envelope([2n, 3n, 1n], [4n, 12n, 9n]))).toEqual({ least: 1n, most: 12n });
		expect(totalsOf(frameOf(1), envelope([2n], [4n]))).toEqual({ least: 2n, most: 4n });
	});

	it("behind an exchange are in proportion, rounded outwards by one unit a lot, never below 0 nor above what was got", () => {
		expect(convertEnvelope(envelope([10n], [20n]), 7n, 7n, 3n)).toEqual(envelope([10n], [20n]));
		expect(convertEnvelope(envelope([10n], [20n]), 40n, 100n, 0n)).toEqual(envelope([25n], [50n]));
		expect(convertEnvelope(envelope([10n], [20n]), 30n, 100n, 0n)).toEqual(envelope([33n], [67n]));
		expect(convertEnvelope(envelope([10n], [20n]), 30n, 100n, 4n)).toEqual(envelope([29n], [71n]));
		expect(convertEnvelope(envelope([1n], [2n]), 30n, 100n, 4n)).toEqual(envelope([0n], [9n]));
		expect(convertEnvelope(envelope([0n], [0n]), 30n, 100n, 4n)).toEqual(envelope([0n], [0n]));
		expect(convertEnvelope(envelope([29n], [29n]), 30n, 100n, 40n)).toEqual(envelope([56n], [100n]));
	});
});

describe("what a seed may still mark", () => {
	const limited = () => newFrame(ALL, [10n, undefined]);

	it("is its limit, and no more than one transfer; of what is no seed nothing", () => {
		expect(limitWithin(limited(), 0, 4n)).toEqual({ least: 4n, most: 4n, exact: true });
		expect(limitWithin(limited(), 0, 40n)).toEqual({ least: 10n, most: 10n, exact: true });
		expect(limitWithin(limited(), 1, 40n)).toEqual({ least: 40n, most: 40n, exact: true });
		expect(limitWithin(limited(), 2, 40n)).toEqual({ least: 0n, most: 0n, exact: true });
	});

	it("shrinks by what it marked: the least by the most, the most by the least, neither below 0", () => {
		const frame = limited();
		noteMark(frame, ASSET, 0, envelope([2n, 0n, 2n], [7n, 0n, 7n]), true, true);
		expect(frame.limits[0]).toEqual({ least: 3n, most: 8n, exact: false });
		noteMark(frame, ASSET, 0, envelope([1n, 0n, 1n], [7n, 0n, 7n]), false, true);
		expect(frame.limits[0]).toEqual({ least: 0n, most: 7n, exact: false });
		noteMark(frame, ASSET, 0, envelope([9n, 0n, 9n], [9n, 0n, 9n]), false, true);
		expect(frame.limits[0]).toEqual({ least: 0n, most: 0n, exact: false });
		expect(frame.supply.get(ASSET)).toEqual([23n, 0n, 23n]);
	});

	it("stays what it is without a limit, and for what came out of a passage; that can be tainted all the same", () => {
		const frame = limited();
		noteMark(frame, ASSET, 1, envelope([0n, 5n, 5n], [0n, 5n, 5n]), true, true);
		noteMark(frame, ASSET, 0, envelope([5n, 0n, 5n], [5n, 0n, 5n]), true, false);
		expect(frame.limits.map(({ least, exact }) => [least, exact])).toEqual([
			[10n, true],
			[UNLIMITED, true],
		]);
		expect(frame.supply.get(ASSET)).toEqual([5n, 5n, 10n]);
		noteMark(frame, ASSET, 0, envelope([1n, 0n, 1n], [1n, 0n, 1n]), false, true);
		expect(frame.limits[0]).toEqual({ least: 9n, most: 9n, exact: true });
	});

	it("marks at least what is surely clean and at most what may be, and all seeds together grow by no more", () => {
		const frame = frameOf(2);
		const before = envelope([1n, 2n, 3n], [4n, 5n, 7n]);
		expect(markEnvelope(frame, before, 0, { least: 9n, most: 9n }, 10n, 10n)).toEqual({
			marked: envelope([3n, 0n, 3n], [9n, 0n, 9n]),
			after: envelope([4n, 2n, 10n], [10n, 5n, 10n]),
		});
		expect(markEnvelope(frame, before, 1, { least: 1n, most: 2n }, 10n, 12n)).toEqual({
			marked: envelope([0n, 1n, 1n], [0n, 2n, 2n]),
			after: envelope([1n, 3n, 4n], [4n, 7n, 9n]),
		});
		expect(markEnvelope(frame, before, 0, { least: 9n, most: 9n }, 6n, 6n)).toEqual({
			marked: envelope([0n, 0n, 0n], [5n, 0n, 5n]),
			after: envelope([1n, 2n, 6n], [6n, 5n, 6n]),
		});
		expect(markEnvelope(frame, before, 0, { least: 0n, most: 0n }, 2n, 2n)).toEqual({
			marked: envelope([0n, 0n, 0n], [0n, 0n, 0n]),
			after: envelope([1n, 2n, 3n], [2n, 5n, 2n]),
		});
		expect(markEnvelope(frame, before, 1, { least: 5n, most: 5n }, 1n, 1n).marked).toEqual(envelope([0n, 0n, 0n], [0n, 0n, 0n]));
	});
});

describe("intervals", () => {
	const of = (least: bigint, most: bigint) => ({ least, most });

	it("add up side by side, and take away the other side, never below 0", () => {
		expect(plus(of(1n, 2n), of(10n, 20n))).toEqual(of(11n, 22n));
		expect(sumOf([of(1n, 2n), of(3n, 4n), of(5n, 6n)])).toEqual(of(9n, 12n));
		expect(sumOf([])).toEqual(of(0n, 0n));
		expect(without(of(10n, 20n), of(3n, 4n))).toEqual(of(6n, 17n));
		expect(without(of(3n, 4n), of(4n, 9n))).toEqual(of(0n, 0n));
		expect(lesser(of(1n, 9n), of(2n, 8n))).toEqual(of(1n, 8n));
	});

	it("of taint that a seed finds are over all seeds where rules add up, and over its own claim where claims are counted", () => {
		const parcels = (frame: ReturnType<typeof frameOf>) =>
			withEnvelope(
				frame.rules.map(() => []),
				envelope([1n, 2n, 9n], [3n, 4n, 12n]),
			);
		const range = (rules: readonly Rule[], origin: number) => taintRange(frameOf(2, rules), parcels(frameOf(2, rules)), origin);
		expect(range(["fifo", "lifo"], 0)).toEqual(of(9n, 12n));
		expect(range(["libr"], 0)).toEqual(of(1n, 3n));
		expect(range(["libr", "poison"], 1)).toEqual(of(2n, 4n));
		expect(range(["fifo", "libr"], 1)).toEqual(of(2n, 12n));
	});
});
