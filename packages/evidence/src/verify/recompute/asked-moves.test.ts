import { expect, it } from "vitest";
import { askedWrong } from "./asked-moves.js";

const asset = "tron:0x2b6653dc/trc20:T";
const asked = { kind: "token", from: "alice", to: "bob", asset, amount: "50" };
const wrong = (moves: readonly (readonly [string, string, number])[], kept: readonly string[] = ["alice", "bob"], of = asked) =>
	askedWrong(
		moves.map(([from, to, amount]) => ({ from, to, asset, amount: amount.toString() })),
		of,
		(account) => kept.includes(account),
	);

it("a token's own transfer moves what it was asked to, less a fee, and its receiver alone passes it on", () => {
	expect(wrong([["alice", "bob", 50]])).toBeUndefined();
	expect(
		wrong([
			["alice", "bob", 49],
			["alice", "owner", 1],
		]),
	).toBeUndefined();
	expect(
		wrong([
			["alice", "bob", 50],
			["bob", "nobody", 50],
		]),
	).toBeUndefined();
	expect(wrong([["alice", "bob", 49]])).toBe("its sender pays 49");
	expect(wrong([["alice", "bob", 51]])).toBe("its sender pays 51");
	expect(wrong([["alice", "carol", 50]])).toBe("its receiver gets nothing");
	expect(wrong([])).toBe("its sender pays 0");
	const more = (from: string, amount: number) =>
		wrong([
			["alice", "bob", 50],
			[from, "carol", amount],
		]);
	expect([more("bob", 51), more("dave", 1)]).toEqual(["its receiver passes on 51", "somebody else pays"]);
});

it("of accounts whose movements the ledgers do not hold nothing is missing", () => {
	expect([wrong([], []), wrong([["alice", "bob", 49]], ["bob"]), wrong([["alice", "owner", 1]], [])]).toEqual(Array(3).fill(undefined));
	expect(wrong([], ["bob"])).toBe("its receiver gets nothing");
	expect(wrong([], ["alice"], { ...asked, to: "alice" })).toBeUndefined();
});
