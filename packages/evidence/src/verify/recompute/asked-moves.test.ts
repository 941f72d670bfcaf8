import { expect, it } from "vitest";
import { askedWrong } from "./asked-moves.js";

const asset = "tron:0x2b6653dc/trc20:T";
const asked = { kind: "token", from: "alice", to: "bob", asset, amount: "500" };
const wrong = (moves: readonly (readonly [string, string, number])[], kept: readonly string[] = ["alice", "bob"], of = asked) =>
	askedWrong(
		moves.map(([from, to, amount]) => ({ from, to, asset, amount: amount.toString() })),
		of,
		(account) => kept.includes(account),
	);

it("a token's own transfer moves what it was asked to, less a fee, and its receiver alone passes it on", () => {
	expect(wrong([["alice", "bob", 500]])).toBeUndefined();
	expect(
		wrong([
			["alice", "bob", 499],
			["alice", "owner", 1],
		]),
	).toBeUndefined();
	expect(
		wrong([
			["alice", "bob", 500],
			["bob", "nobody", 500],
		]),
	).toBeUndefined();
	const half = [
		["alice", "bob", 1],
		["alice", "carol", 499],
	] as const;
	expect(wrong(half)).toBe("of it 499 go to others, more than a fee");
	expect(wrong([["alice", "bob", 499]])).toBe("its sender pays 499");
	expect(wrong([["alice", "bob", 501]])).toBe("its sender pays 501");
	expect(wrong([["alice", "carol", 500]])).toBe("of it 500 go to others, more than a fee");
	expect(wrong([])).toBe("its sender pays 0");
	const more = (from: string, amount: number) =>
		wrong([
			["alice", "bob", 500],
			[from, "carol", amount],
		]);
	expect([more("bob", 501), more("dave", 1)]).toEqual(["its receiver passes on 501", "somebody else pays"]);
});

it("of accounts whose movements the ledgers do not hold nothing is missing", () => {
	expect([wrong([], []), wrong([["alice", "bob", 499]], ["bob"]), wrong([["alice", "owner", 1]], [])]).toEqual(Array(3).fill(undefined));
	expect(wrong([], ["bob"])).toBe("its receiver gets nothing");
	expect(wrong([], ["alice"], { ...asked, to: "alice" })).toBeUndefined();
});
