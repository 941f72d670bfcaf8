import type { ChainId } from "@clew/core";
import { TEST_CHAIN, TEST_UTXO_CHAIN, testAccount } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { MAX_UTXO_HEIGHT, mirrorHeight } from "../../../../core/src/index.js";
import { outputsBack } from "../../../../tracer/src/backward/outputs-back.js";
import { CAME_UNREAD, cutOff, THERE_BEFORE } from "../../../../tracer/src/backward/untold-inflows.js";
import { coinJoinStop } from "../../../../tracer/src/outputs/output-stops.js";
import { PATTERN_NAMES } from "../../../../tracer/src/patterns/finding.js";
import { MINTED } from "../../../../tracer/src/stops.js";
import { endWrong } from "../trace/end-sentences.js";

interface Stop {
	readonly reason: string;
	readonly detail: string;
}

const READ_FROM = 5;

function saidOf(stop: Stop, chain: ChainId, backward: boolean): string | undefined {
	const end = { account: testAccount(1), labels: [], stop, asset: `${chain}/slip44:60`, first: 7, last: 9 };
	const parameters = backward ? { readFrom: String(READ_FROM) } : { until: String(READ_FROM) };
	return endWrong(end, { chain, parameters, cutoff: 12, ...(backward ? { backward: true as const } : {}) });
}

const { unknownInputs, heldStop } = outputsBack(TEST_UTXO_CHAIN, new Map());
/** Every reason of a source that the engine writes in words of its own, and on which chains. */
const SOURCES: readonly { readonly stop: Stop; readonly chains: readonly ChainId[] }[] = (
	[
		[MINTED, TEST_CHAIN, TEST_UTXO_CHAIN],
		[THERE_BEFORE, TEST_CHAIN],
		[CAME_UNREAD, TEST_CHAIN],
		[cutOff(mirrorHeight(READ_FROM)), TEST_CHAIN],
		[unknownInputs, TEST_UTXO_CHAIN],
		[heldStop(undefined, undefined), TEST_UTXO_CHAIN],
		[heldStop(1, MAX_UTXO_HEIGHT - READ_FROM), TEST_UTXO_CHAIN],
		...PATTERN_NAMES.map((name) => [coinJoinStop({ name, version: 3, score: 80 }, "made"), TEST_UTXO_CHAIN] as const),
	] as const
).map(([stop, ...chains]) => ({ stop, chains }));

describe("why a trace back in time ends", () => {
	it.each(SOURCES)("$stop.detail: is said of sources alone, on its chains", ({ stop, chains }) => {
		for (const chain of [TEST_CHAIN, TEST_UTXO_CHAIN])
			expect(saidOf(stop, chain, true)).toEqual(chains.includes(chain) ? undefined : expect.stringContaining("no trace of"));
		expect(saidOf(stop, chains[0] as ChainId, false)).toMatch(/only a trace back in time says that|is not made there/);
		expect(saidOf({ ...stop, detail: `${stop.detail} and more` }, chains[0] as ChainId, true)).toContain("words that Clew has not");
	});

	it.each<[string, string, ChainId]>([
		["unspent", "still there at block 9, where its data ends", TEST_CHAIN],
		["time-window", "held at height 5; it has later transfers", TEST_CHAIN],
		["unfetched", "whether it was spent after block 9 is not in the case", TEST_UTXO_CHAIN],
		["unfetched", "spent together with outputs that are not in the case; what it paid cannot be computed", TEST_UTXO_CHAIN],
		[
			"unfetched",
			"its books still hold it, but its native transfers from block 9 on are not all in the case: whether it was spent is not known",
			TEST_CHAIN,
		],
	])("%s: %s is said of where money is", (reason, detail, chain) => {
		expect(saidOf({ reason, detail }, chain, true)).toContain("only a trace forward says that");
	});

	it("names the first block that was read, and no other", () => {
		expect(saidOf(cutOff(mirrorHeight(READ_FROM + 1)), TEST_CHAIN, true)).toContain("parameter readFrom is 5");
	});
});
