import { nativeAsset, type Rule } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { Books } from "./books.js";
import { newFrame, withEnvelope } from "./bounds/envelope.js";
import { oneMore, type Parcels } from "./ledger.js";

const ASSET = nativeAsset(TEST_CHAIN);
const [A, B] = [testAccount(1), testAccount(2)];
const RULES: readonly Rule[] = ["fifo", "lifo"];
const at = (height: number) => ({ height, txIndex: 0, eventIndex: 0 });
const of = (fifo: bigint, lifo: bigint, origin = 0): Parcels => [fifo, lifo].map((amount) => (amount > 0n ? [{ origin, amount }] : []));
const stop = (detail: string, label?: "held" | "later") => ({ reason: "service" as const, detail, ...(label ? { label } : {}) });

describe("the books of a sweep", () => {
	it("say of each asset by rule and seed what was seeded, exchanged, held, stopped and paid as fees", () => {
		const books = new Books(RULES, 2);
		books.seed(1, testTransfer([1], 9, 1, 10n), [10n, 7n]);
		books.add(ASSET, "fees", of(1n, 2n, 1));
		books.stop(A, ASSET, stop("x"), of(3n, 0n, 1), at(2));
		books.leave(A, ASSET, stop("x"), { outpoint: { txid: "t" as never, vout: 0 }, value: 5n, parcels: of(2n, 2n, 1) }, at(3), true);
		books.leave(A, ASSET, stop("x"), { outpoint: { txid: "t" as never, vout: 1 }, value: 5n, parcels: of(1n, 1n, 1) }, at(4), false);
		books.hold(B, ASSET, stop("y"), of(3n, 2n, 1), oneMore(undefined, at(5)));
		expect(books.sums.get(ASSET)).toEqual({
			seeded: [
				[0n, 10n],
				[0n, 7n],
			],
			convertedIn: [
				[0n, 0n],
				[0n, 0n],
			],
			convertedOut: [
				[0n, 0n],
				[0n, 0n],
			],
			held: [
				[0n, 5n],
				[0n, 4n],
			],
			stopped: [
				[0n, 4n],
				[0n, 1n],
			],
			fees: [
				[0n, 1n],
				[0n, 2n],
			],
		});
	});

	it("write down what is marked, and nothing where nothing is, unless bounds say that something may be", () => {
		const books = new Books(RULES, 1);
		const t = testTransfer([1], 9, 1, 10n);
		books.seed(0, t, [0n, 0n]);
		expect(books.seedings).toEqual([]);
		books.seed(0, t, [0n, 1n]);
		books.seed(0, t, [0n, 0n], "key", [0n, 4n]);
		expect(books.seedings).toEqual([
			{ origin: 0, transfer: t, marked: [0n, 1n] },
			{ origin: 0, transfer: t, marked: [0n, 0n], passage: "key", range: [0n, 4n] },
		]);
	});

	it("have one end point for an account, an asset and a reason; labels that stood otherwise are told apart", () => {
		const books = new Books(RULES, 1);
		books.stop(A, ASSET, stop("one"), of(1n, 1n), at(5));
		books.stop(A, ASSET, stop("two"), of(2n, 0n), at(3));
		books.stop(A, ASSET, stop("one", "held"), of(4n, 4n), at(6));
		books.stop(A, ASSET, stop("two", "held"), of(8n, 8n), at(7));
		books.stop(A, ASSET, { reason: "dust", detail: "one" }, of(1n, 1n), at(8));
		expect(
			books.leaves.map(({ stop: { reason, detail }, tally, came }) => [
				reason,
				detail,
				tally[0]?.[0],
				came.first.height,
				came.last.height,
				came.count,
			]),
		).toEqual([
			["service", "one", 3n, 3, 5, 2],
			["service", "one", 4n, 6, 6, 1],
			["service", "two", 8n, 7, 7, 1],
			["dust", "one", 1n, 8, 8, 1],
		]);
	});

	it("join what is held with what stopped there for the same reason, with both details and all arrivals", () => {
		const books = new Books(RULES, 1);
		const unfetched = (detail: string) => ({ reason: "unfetched" as const, detail });
		books.stop(A, ASSET, unfetched("first"), of(1n, 2n), at(5));
		books.hold(A, ASSET, unfetched("second"), of(10n, 20n), oneMore(oneMore(undefined, at(2)), at(9)), "stopped");
		expect(
			books.leaves.map(({ stop: { detail }, tally, came }) => [detail, tally, came.first.height, came.last.height, came.count]),
		).toEqual([["first; second", [[11n], [22n]], 2, 9, 3]]);
		expect(books.sums.get(ASSET)).toMatchObject({ stopped: [[11n], [22n]], held: [[0n], [0n]] });
	});

	it("add up what an account lacks from the first to the last time, and what it paid unread from the first", () => {
		const books = new Books(RULES, 1);
		books.lack(B, ASSET, 3n, at(9));
		books.lack(A, ASSET, 5n, at(4));
		books.lack(A, ASSET, 2n, at(8));
		books.paidUnread(B, ASSET, 7, 12);
		books.paidUnread(A, ASSET, 3, 10);
		books.paidUnread(A, ASSET, 20, 30);
		books.leaveOpen(A, ASSET, { missing: 6n, unread: 4n });
		books.leaveOpen(testAccount(5), ASSET, { missing: 9n, unread: 9n });
		expect(books.unknownFunds).toEqual([
			{ account: A, asset: ASSET, amount: 7n, first: at(4), last: at(8), uncertain: 6n },
			{ account: B, asset: ASSET, amount: 3n, first: at(9), last: at(9), uncertain: 0n },
		]);
		expect(books.unreadOutflows).toEqual([
			{ account: A, asset: ASSET, from: 3, to: 10, uncertain: 4n },
			{ account: B, asset: ASSET, from: 7, to: 12, uncertain: 0n },
		]);
	});

	it("bound an end point by what came exactly and by what came as bounds, no higher than what can be tainted at all", () => {
		const frame = newFrame(RULES, [undefined]);
		frame.supply.set(ASSET, [14n]);
		const books = new Books(RULES, 1, frame);
		const leaf = () => books.leaves[0] as (typeof books.leaves)[number];
		books.stop(A, ASSET, stop("x"), of(1n, 2n), at(1));
		expect(books.boundsOf(leaf())).toBeUndefined();
		books.stop(A, ASSET, stop("x"), withEnvelope(of(4n, 4n), { least: [3n], most: [6n] }), at(2));
		expect(books.boundsOf(leaf())).toEqual({ least: [4n], most: [8n] });
		books.stop(A, ASSET, stop("x"), of(2n, 5n), at(3));
		expect(books.boundsOf(leaf())).toEqual({ least: [6n], most: [13n] });
		books.stop(A, ASSET, stop("x"), withEnvelope(of(0n, 0n), { least: [1n], most: [2n] }), at(4));
		expect(books.boundsOf(leaf())).toEqual({ least: [7n], most: [14n] });
		expect(leaf().tally).toEqual([[7n], [11n]]);
	});
});
