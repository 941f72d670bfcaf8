import { expect, it } from "vitest";
import { ETHEREUM, rowOf } from "../blocks.test-util.js";
import type { Trace } from "../bundle/formats.js";
import type { ProvenBlock } from "../proofs/proven-block.js";
import { makersWord, tokensInWords, unknownChain } from "./makers-word.js";

it("times, block hashes, reasons and unknown tokens that nothing shows are named", () => {
	const token = `${ETHEREUM}/erc20:0x${"a".repeat(40)}`;
	const assets = (asset: string) => ({ [asset]: { symbol: "X", decimals: 1 } });
	const row = (tier: string, time = "2020-01-01T00:00:00Z", block?: string) => ({
		...{ salt: "", edge: rowOf({ position: "5.0.1", time }) },
		known: { tier, why: "", ...(block === undefined ? {} : { block }) },
	});
	const said = (
		rows: ReturnType<typeof row>[],
		blocks: number[] = [],
		asset = `${ETHEREUM}/slip44:60`,
		headers: number[] = [],
		coverage = {},
		ends: Pick<Trace, "leaves" | "passages"> = { leaves: [] },
	) =>
		makersWord(
			{ ...ends, assets: assets(asset), chain: ETHEREUM, coverage: { sources: [], gaps: [], cutoff: "5", ...coverage } },
			rows,
			new Map(blocks.map((height) => [height, {} as ProvenBlock])),
			headers.map((height) => ({ chain: ETHEREUM, height, hash: "", by: "" })),
		);
	expect(said([row("proven")])).toEqual([]);
	expect(said([row("proven")], [], undefined, [], { cutoff: "6" })).toEqual(["how far the data goes (block 6)"]);
	const gaps = [{ kind: "missing-inflow", amount: "7" }, { kind: "later-spend" }];
	expect(said([row("proven")], [], undefined, [], { gaps })).toEqual(["gaps of missing money (1), where they go beyond the ledgers"]);
	const leaf = (account: string, reason: string) => ({ account, stop: { reason, detail: "" } }) as unknown as Trace["leaves"][number];
	const leaves = [leaf("a", "bridge"), leaf("b", "bridge"), leaf("c", "service")];
	const passages = [{ paid: { to: "b" } }] as unknown as NonNullable<Trace["passages"]>;
	expect(said([row("proven")], [], undefined, [], {}, { leaves, passages })).toEqual([
		"that what went into bridges was not found again (1)",
	]);
	const why = "why rows are not proven";
	expect(said([row("node", "")])).toEqual([why]);
	expect(said([row("imported")])).toEqual(["times of unproven rows", why]);
	expect(said([row("imported", "2999-01-01T00:00:00Z"), row("proven", "2999-01-01T00:00:00Z")])).toEqual([
		"times that cannot be, of unproven rows (1): the row at 5.0.1 is of 2999-01-01T00:00:00Z, a time that is not yet",
		"times of unproven rows",
		why,
	]);
	expect(said([row("node", "", "0x1"), row("node", "", "0x1")])).toEqual(["block hashes of unproven rows (2)", why]);
	expect(said([row("node", "", "0x1")], [5])).toEqual([why]);
	expect(said([row("node", "", "0x1")], [], undefined, [5])).toEqual([why]);
	expect(said([row("unprovable", "")])).toEqual(["why nobody can prove some rows", why]);
	expect(said([], [], token, [], { cutoff: "0" })).toEqual(["decimals and symbols of tokens"]);
	const tether = "eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7";
	expect(tokensInWords({ [tether]: { symbol: "USDT", decimals: 6 } })).toEqual([]);
	expect(tokensInWords({ [tether]: { symbol: "FAKE (worthless)", decimals: 6 } })).toEqual(["decimals and symbols of tokens"]);
	expect([unknownChain("ethereum:1").length, unknownChain("eip155:1").length]).toEqual([1, 0]);
});
