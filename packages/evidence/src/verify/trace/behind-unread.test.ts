import { describe, expect, it } from "vitest";
import type { Trace } from "../bundle/formats.js";
import { checkBehindUnread } from "./behind-unread.js";

const coin = "eip155:1/slip44:60";
const edge = (from: string, to: string, height: number) => ({ from, to, asset: coin, position: `${height}.0.1` });
const leaf = (account: string, agreed: string) => ({ account, agreed, amounts: { [coin]: {} } });

function said(
	direction: "forward" | "backward",
	edges: readonly object[],
	leaves: readonly object[],
	gaps: readonly object[],
): readonly string[] {
	const failures: string[] = [];
	const seeds = [{ rows: [{ account: "a", asset: coin, position: direction === "forward" ? "1.0.1" : "90.0.1" }] }];
	checkBehindUnread({ direction, edges, leaves, seeds, coverage: { gaps } } as unknown as Trace, (where, what) =>
		failures.push(`${where} ${what}`),
	);
	return failures;
}

const REFUSED = [expect.stringMatching(/leaf 1 agrees on 5, and comes only through accounts of which something was not read/)];

describe("what comes through an account that was not read", () => {
	const unread = { kind: "unread-outflow", account: "b", asset: coin, fromHeight: "10" };
	const through = [edge("a", "b", 5), edge("b", "c", 20)];

	it("is agreed nowhere, and what went on before, stays there or goes another way may be", () => {
		expect(said("forward", through, [leaf("c", "5")], [unread])).toEqual(REFUSED);
		expect(said("forward", through, [leaf("c", "0"), leaf("b", "3")], [unread])).toEqual([]);
		expect(said("forward", [edge("a", "b", 5), edge("b", "c", 9)], [leaf("c", "5")], [unread])).toEqual([]);
		expect(said("forward", [...through, edge("a", "c", 30)], [leaf("c", "5")], [unread])).toEqual([]);
		expect(said("forward", through, [leaf("c", "5")], [])).toEqual([]);
		expect(said("forward", through, [leaf("c", "5")], [{ ...unread, asset: "another" }])).toEqual([]);
	});

	it("backward: what it was asked about before the blocks that were not read may be agreed", () => {
		const gap = { kind: "unread-inflow", account: "b", asset: coin, fromHeight: "10", toHeight: "30" };
		// Turned: a was asked about, b paid it, c paid b.
		expect(said("backward", [edge("a", "b", 50), edge("b", "c", 40)], [leaf("c", "5")], [gap])).toEqual(REFUSED);
		expect(said("backward", [edge("a", "b", 9), edge("b", "c", 4)], [leaf("c", "5")], [gap])).toEqual([]);
		expect(said("backward", [edge("a", "b", 50)], [leaf("b", "5")], [gap])).toEqual([]);
	});
});
