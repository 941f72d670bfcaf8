import { type Coverage, type CoveredKind, erc20Asset, nativeAsset } from "@clew/core";
import { TEST_CHAIN } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { heldStop } from "./held.js";

const WRAPPED = erc20Asset(TEST_CHAIN, "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const read = (kinds: readonly CoveredKind[], fromHeight: number, toHeight: number): Coverage => ({
	chain: TEST_CHAIN,
	fromHeight,
	toHeight,
	kinds,
	source: "s",
	note: "",
});

const quiet = { paidUnread: undefined, feesInPart: undefined, bounds: undefined, moved: undefined };

/** Arrivals from one height to another. */
const came = (first: number, last = first) => ({
	first: { height: first, txIndex: 0, eventIndex: 0 },
	last: { height: last, txIndex: 0, eventIndex: 0 },
});

describe("unspent is said only when it is known", () => {
	it("of native coins when internal transfers were read, too, up to where both reach", () => {
		const own = read(["native"], 0, 900);
		expect(heldStop(TEST_CHAIN, nativeAsset(TEST_CHAIN), [own], came(100), undefined)).toMatchObject({
			reason: "unfetched",
			detail: expect.stringContaining("its internal transfers from block 100 on"),
		});
		expect(heldStop(TEST_CHAIN, nativeAsset(TEST_CHAIN), [own, read(["internal"], 0, 800)], came(100), undefined)).toEqual({
			reason: "unspent",
			detail: "still there at block 800, where its data ends",
		});
	});

	it("of a token by its transfers; of a wrapped coin by the calls that unmake it, too", () => {
		const tokens = read(["token"], 0, 900);
		expect(heldStop(TEST_CHAIN, TOKEN, [tokens], came(100), undefined).reason).toBe("unspent");
		expect(heldStop(TEST_CHAIN, WRAPPED, [tokens, read(["native"], 0, 900)], came(100), undefined).reason).toBe("unfetched");
		expect(heldStop(TEST_CHAIN, WRAPPED, [read(["native", "internal", "token"], 0, 900)], came(100), undefined).reason).toBe("unspent");
	});

	it("not of what arrived outside of what was read, and no further than an unbroken run", () => {
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 0, 99), read(["token"], 101, 200)], came(100), undefined).reason).toBe("unfetched");
		const moved = { height: 115, txIndex: 0, eventIndex: 0 };
		const ends = [read(["token"], 0, 110)];
		expect(heldStop(TEST_CHAIN, TOKEN, ends, came(100), undefined, { ...quiet, moved }).reason).toBe("unfetched");
		const holed = [read(["token"], 120, 200), read(["token"], 0, 110)];
		expect(heldStop(TEST_CHAIN, TOKEN, holed, came(100), undefined).reason).toBe("unfetched");
		expect(heldStop(TEST_CHAIN, TOKEN, holed, came(100), 115).detail).toContain("block 110");
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 0, 110)], came(100), undefined).detail).toContain("block 110");
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 0, 110)], came(100), undefined, { ...quiet, feesInPart: 105 })).toMatchObject({
			reason: "unfetched",
			detail: expect.stringContaining("its fees from block 105 on are told in part"),
		});
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 0, 110)], came(100), undefined, { ...quiet, paidUnread: 110 }).reason).toBe(
			"unfetched",
		);
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 111, 200), read(["token"], 0, 110)], came(100), 150).detail).toContain("block 150");
		expect(heldStop(TEST_CHAIN, TOKEN, [read(["token"], 0, 110), read(["token"], 120, 200)], came(100, 150), undefined).reason).toBe(
			"unfetched",
		);
	});
});
