import { addressOf, type ChainEvent, erc20Asset, type Label, type Transfer, wrappedCoin, ZERO_ADDRESS } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { detect } from "../detection/detect.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest } from "../trace.js";
import type { Passage } from "./find-passages.js";
import { traceAcross } from "./trace-across.js";

const [THIEF, STRANGER, RELAYER, ROUTER] = [1, 3, 8, 70];
const [NEAR, FAR] = [60, 61];
const [MINE, THEIRS] = [5, 6];
const contract = (n: number) => `0x${n.toString(16).padStart(40, "0")}`;
const token = (n: number) => ({ asset: erc20Asset(TEST_CHAIN, contract(n)), kind: "token" as const });
const [COIN, OTHER, SPAM] = [0xc1, 0xc2, 0xc3];
const address = (n: number) => addressOf(testAccount(n));

const LABELS = [NEAR, FAR].map(
	(n): Label => ({
		account: testAccount(n),
		category: "bridge",
		entity: "Test",
		name: "",
		source: "test",
		retrievedAt: "",
		confidence: 90,
	}),
);

/** What the thief stole, and what he does with it, in transactions at heights from 2 on. */
const theft = (asset = token(COIN)) => testTransfer([1, 0, 1], 0, THIEF, 100n, asset);
const pay = (at: readonly number[], from: number, to: number, amount: bigint, asset = token(COIN)) =>
	testTransfer(at, from, to, amount, asset);
const event = (
	kind: ChainEvent["kind"],
	height: number,
	contractAt: number,
	details: ChainEvent["details"],
	more: Partial<ChainEvent> = {},
) => ({
	chain: TEST_CHAIN,
	position: { height, txIndex: 0, eventIndex: 16_400 + Number(details["n"] ?? 0) },
	txHash: testTransfer([height], 0, 0, 1n).txHash,
	kind,
	protocol: "across",
	contract: testAccount(contractAt),
	key: "across:1:1",
	details,
	...more,
});
const terms = (depositor: number, receiver: number) => ({ depositor: address(depositor), receiver: address(receiver), outAmount: "99" });
const deposit = (depositor: number, receiver: number, details: ChainEvent["details"] = {}, more: Partial<ChainEvent> = {}) =>
	event(
		"bridge-out",
		2,
		NEAR,
		{ ...terms(depositor, receiver), token: contract(COIN), amount: "100", outToken: contract(OTHER), toChain: TEST_CHAIN, ...details },
		more,
	);
const fill = (depositor: number, receiver: number, details: ChainEvent["details"] = {}, more: Partial<ChainEvent> = {}) =>
	event(
		"bridge-in",
		3,
		FAR,
		{
			...terms(depositor, receiver),
			inToken: contract(COIN),
			inAmount: "100",
			token: contract(OTHER),
			amount: "99",
			fromChain: TEST_CHAIN,
			...details,
		},
		{ account: testAccount(receiver), ...more },
	);
const payout = (to: number, amount = 99n, asset = token(OTHER)) => pay([3, 0, 1], RELAYER, to, amount, asset);

async function passages(
	transfers: readonly Transfer[],
	events: readonly ChainEvent[],
	{ stolen = theft(), labels = LABELS }: { readonly stolen?: Transfer; readonly labels?: readonly Label[] } = {},
): Promise<readonly Passage[]> {
	const source = memoryLedger([stolen, ...transfers], { labels, events });
	const [run] = await traceAcross(defaultRequest(TEST_CHAIN, [parseSeed("transfer:1.0.1", TEST_CHAIN)]), { source });
	return run?.passages ?? [];
}

const structural = (to: number, amount: bigint) => [
	expect.objectContaining({ tier: "structural", got: expect.objectContaining({ to: testAccount(to), amount }) }),
];
const lead = (words: string, ...to: readonly number[]) => [
	expect.objectContaining({
		tier: "lead",
		got: undefined,
		into: [],
		detail: expect.stringContaining(words),
		alternatives: to.map((one) => expect.objectContaining({ to: testAccount(one) })),
	}),
];

describe("what a bridge's event says of the near side", () => {
	const mine = pay([2, 0, 1], THIEF, NEAR, 100n);

	it("is about the named token alone: a stranger's deposit of another token in the same transaction is not the thief's", async () => {
		const theirs = pay([2, 0, 2], STRANGER, NEAR, 100n, token(OTHER));
		const named = { token: contract(OTHER) };
		const sides = [deposit(STRANGER, THEIRS, named), fill(STRANGER, THEIRS, { inToken: contract(OTHER) })];
		expect(await passages([mine, theirs, payout(THEIRS)], sides)).toEqual([]);
		expect(await passages([mine, payout(THEIRS)], sides)).toEqual([]);
		expect(await passages([mine, payout(MINE)], [deposit(THIEF, MINE), fill(THIEF, MINE)])).toEqual(structural(MINE, 99n));
	});

	it("is about the named payer's transfer where two pay as much, in whatever order their events stand", async () => {
		const theirs = pay([2, 0, 2], STRANGER, NEAR, 100n);
		const [first, second] = [{ n: "0" }, { n: "1" }];
		const both = [
			deposit(STRANGER, THEIRS, first, { key: "across:1:7" }),
			deposit(THIEF, MINE, second, { key: "across:1:8" }),
			fill(STRANGER, THEIRS, {}, { key: "across:1:7" }),
			fill(THIEF, MINE, { n: "1" }, { key: "across:1:8" }),
		];
		const paid = [payout(THEIRS), { ...payout(MINE), position: { height: 3, txIndex: 0, eventIndex: 2 } }];
		const found = await passages([mine, theirs, ...paid], both);
		expect(found).toEqual(structural(MINE, 99n));
		expect(found[0]?.key).toBe("across:1:8");
		// The stranger's deposit alone says nothing of what the thief paid.
		expect(await passages([mine, theirs, ...paid], [both[0], both[2]] as ChainEvent[])).toEqual([]);
	});

	it("is a lead where nothing tells which of two equal payments it names, and the alternatives are of both", async () => {
		const again = pay([2, 0, 2], THIEF, NEAR, 100n);
		const stolen = { ...theft(), amount: 200n };
		const sides = [
			deposit(THIEF, MINE, { n: "0" }, { key: "across:1:7" }),
			deposit(THIEF, THEIRS, { n: "1" }, { key: "across:1:8" }),
			fill(THIEF, MINE, {}, { key: "across:1:7" }),
			fill(THIEF, THEIRS, { n: "1" }, { key: "across:1:8" }),
		];
		const paid = [payout(MINE), { ...payout(THEIRS), position: { height: 3, txIndex: 0, eventIndex: 2 } }];
		const [one] = lead("which of them names this one is not told", MINE, THEIRS);
		expect(await passages([mine, again, ...paid], sides, { stolen })).toEqual([one, one]);
	});

	it("is a lead where it names another payer, and not where that one's money came through, or he sent the transaction", async () => {
		const sides = [deposit(STRANGER, MINE), fill(STRANGER, MINE)];
		expect(await passages([mine, payout(MINE)], sides)).toEqual(lead(`names another payer, ${address(STRANGER)}`, MINE));
		const signed = testTransfer([2, 0, 0], STRANGER, -1, 1n, { kind: "fee" });
		expect(await passages([signed, mine, payout(MINE)], sides)).toEqual(structural(MINE, 99n));
		const through = [pay([2, 0, 1], THIEF, ROUTER, 100n), pay([2, 0, 2], ROUTER, NEAR, 100n)];
		for (const depositor of [THIEF, ROUTER])
			expect(await passages([...through, payout(MINE)], [deposit(depositor, MINE), fill(depositor, MINE)])).toEqual(structural(MINE, 99n));
	});

	it("may name the wrapped coin where the coin itself is paid, and nobody's contract as the coin; no other token", async () => {
		const coin = { kind: "native" } as const;
		const stolen = testTransfer([1, 0, 1], 0, THIEF, 100n, coin);
		const native = testTransfer([2, 0, 1], THIEF, NEAR, 100n, coin);
		const wrapped = addressOf(wrappedCoin(TEST_CHAIN)?.contract ?? testAccount(0));
		const named = (of: string) =>
			passages([native, payout(MINE)], [deposit(THIEF, MINE, { token: of }), fill(THIEF, MINE, { inToken: of })], { stolen });
		expect(await named(wrapped)).toEqual(structural(MINE, 99n));
		expect(await named(ZERO_ADDRESS)).toEqual(structural(MINE, 99n));
		expect(await named(contract(COIN))).toEqual([]);
	});

	it("of a believed contract stands before the same words of another one, on both sides", async () => {
		const fake = deposit(THIEF, THEIRS, { n: "1" }, { contract: testAccount(NEAR), key: "across:1:9" });
		const burnt = pay([2, 0, 2], THIEF, -1, 100n);
		const burn = { ...burnt, kind: "burn" as const };
		const stranger = { contract: testAccount(77) };
		const sides = [
			deposit(THIEF, MINE),
			{ ...fake, ...stranger },
			fill(THIEF, MINE),
			fill(THIEF, THEIRS, { n: "1", receiver: address(MINE) }, stranger),
		];
		const paid = [payout(MINE), { ...payout(THEIRS), position: { height: 3, txIndex: 0, eventIndex: 2 } }];
		expect(await passages([mine, ...paid], sides)).toEqual(structural(MINE, 99n));
		expect((await passages([burn, ...paid], [{ ...fake, ...stranger }]))[0]?.tier).not.toBe("structural");
	});
});

describe("what a bridge's event says of the far side", () => {
	const mine = pay([2, 0, 1], THIEF, NEAR, 100n);
	const found = (payments: readonly Transfer[], into: ChainEvent, from = deposit(THIEF, MINE)) =>
		passages([mine, ...payments], [from, into]);

	it("is what the named token moved: another token of the same number is not the money, alone or beside it", async () => {
		const spam = { ...payout(MINE, 99n, token(SPAM)), position: { height: 3, txIndex: 0, eventIndex: 2 } };
		expect(await found([spam], fill(THIEF, MINE))).toEqual(
			lead("the other side is not in the case: its event is, and no transfer that it names"),
		);
		expect(await found([payout(MINE), spam], fill(THIEF, MINE))).toEqual(structural(MINE, 99n));
		const wrapped = addressOf(wrappedCoin(TEST_CHAIN)?.contract ?? testAccount(0));
		const asked = deposit(THIEF, MINE, { outToken: wrapped });
		const native = testTransfer([3, 0, 1], FAR, MINE, 99n, { kind: "internal" });
		expect(await found([native, spam], fill(THIEF, MINE, { token: wrapped }), asked)).toEqual(structural(MINE, 99n));
		expect(await found([spam], fill(THIEF, MINE, { token: wrapped }), asked)).toEqual(lead("not in the case"));
	});

	it("is a lead where it names no token, and the contract neither paid nor is the token's", async () => {
		const { token: _, ...silent } = fill(THIEF, MINE).details;
		const into = { ...fill(THIEF, MINE), details: silent };
		expect(await found([payout(MINE)], into)).toEqual(lead("does not name this token", MINE));
		expect(await found([pay([3, 0, 1], FAR, MINE, 99n, token(OTHER))], into)).toEqual(structural(MINE, 99n));
		expect(await found([pay([3, 0, 1], RELAYER, MINE, 99n, token(FAR + 1))], into)).toEqual(structural(MINE, 99n));
	});

	it("names whom and how much an update of the deposit names, and the deposit's own terms beside it", async () => {
		const updated = fill(THIEF, MINE, { amount: "98" }, { account: testAccount(THEIRS) });
		expect(await found([payout(THEIRS, 98n)], updated)).toEqual(structural(THEIRS, 98n));
		const stated = fill(THIEF, THEIRS);
		expect(await found([payout(THEIRS)], stated)).toEqual(
			lead(`the deposit names ${address(MINE)}, and ${address(THEIRS)} was paid`, THEIRS),
		);
		const replaced = event("bridge-out", 5, NEAR, deposit(THIEF, THEIRS).details);
		expect(await passages([mine, payout(THEIRS)], [deposit(THIEF, MINE), stated, replaced])).toEqual(structural(THEIRS, 99n));
		const foreign = { ...replaced, contract: testAccount(77) };
		expect((await passages([mine, payout(THEIRS)], [deposit(THIEF, MINE), stated, foreign]))[0]?.tier).toBe("lead");
	});

	it("is a lead where it says of the deposit what the deposit does not say", async () => {
		for (const [wrong, words] of [
			[{ outAmount: "98" }, "asks for 99, and 98"],
			[{ depositor: address(STRANGER) }, "depositor is"],
			[{ inToken: contract(SPAM) }, "token is"],
			[{ inAmount: "1000" }, "amount is 100"],
		] as const)
			expect(await found([payout(MINE)], fill(THIEF, MINE, wrong))).toEqual(lead(words, MINE));
		expect(await found([payout(MINE)], fill(THIEF, MINE), deposit(THIEF, MINE, { outToken: contract(SPAM) }))).toEqual(
			lead("asks for token", MINE),
		);
		// The zero address leaves the token to whoever fills.
		expect(await found([payout(MINE)], fill(THIEF, MINE), deposit(THIEF, MINE, { outToken: ZERO_ADDRESS }))).toEqual(structural(MINE, 99n));
	});

	it("is none where it was paid out long before, but for deposits whose number is known before they are made", async () => {
		const late = (key: string) => {
			const at = (t: ChainEvent) => ({
				...t,
				key,
				position: { ...t.position, height: 2_000 },
				txHash: testTransfer([2_000], 0, 0, 1n).txHash,
			});
			const paid = pay([2_000, 0, 1], THIEF, NEAR, 100n);
			return passages([payout(MINE), paid], [at(deposit(THIEF, MINE)), fill(THIEF, MINE, {}, { key })]);
		};
		expect(await late("across:1:4294967295")).toEqual(lead("not in the case"));
		expect(await late("across:1:4294967296")).toEqual(structural(MINE, 99n));
		expect(await late("celer:0x01")).toEqual(lead("not in the case"));
	});

	it("of LayerZero's tokens agrees in other decimals", async () => {
		const oft = { protocol: "layerzero-oft", key: "layerzero:0x01" };
		const { receiver: _, outToken: __, ...sent } = deposit(THIEF, MINE).details;
		const over = (outAmount: string) =>
			passages(
				[mine, pay([3, 0, 1], FAR, MINE, 9_900n, token(OTHER))],
				[
					{ ...deposit(THIEF, MINE), ...oft, details: { ...sent, outAmount } },
					{ ...fill(THIEF, MINE), ...oft, details: { amount: "9900" } },
				],
			);
		expect(await over("99")).toEqual(structural(MINE, 9_900n));
		expect(await over("98")).toEqual(lead("asks for 98", MINE));
	});
});

describe("payments that share a far side, and pools", () => {
	it("are leads, since one payment brings out what one brought in", async () => {
		const [one, two] = [pay([2, 0, 1], THIEF, NEAR, 60n), pay([2, 0, 2], THIEF, NEAR, 40n)];
		const { outAmount: _, ...details } = deposit(THIEF, MINE).details;
		const { outAmount: __, inAmount: ___, ...rest } = fill(THIEF, MINE).details;
		const sides = [
			{ ...deposit(THIEF, MINE), details: { ...details, amount: "60" } },
			{ ...deposit(THIEF, MINE, { n: "1" }), details: { ...details, amount: "40" } },
			{ ...fill(THIEF, MINE), details: rest },
		];
		const [shared] = lead("2 payments have this one far side", MINE);
		expect(await passages([one, two, payout(MINE)], sides)).toEqual([shared, shared]);
	});

	it("of a pool are leads where its event fits a stranger's payment of another token as well", async () => {
		const labels: Label[] = [{ ...(LABELS[0] as Label), category: "defi_dex" }];
		const mine = pay([2, 0, 1], THIEF, NEAR, 100n);
		const theirs = pay([2, 0, 2], STRANGER, NEAR, 100n, token(SPAM));
		const out = pay([2, 0, 3], NEAR, THEIRS, 50n, token(OTHER));
		const swap = event("swap", 2, NEAR, { paid: "100", got: "50" }, { account: testAccount(THEIRS), protocol: "uniswap-v2" });
		expect(await passages([mine, theirs, out], [swap], { labels })).toEqual(lead("fits 2 payments", THEIRS));
		expect(await passages([mine, out], [swap], { labels })).toEqual(structural(THEIRS, 50n));
	});
});

describe("a contract that moved what its events say", () => {
	it("moved the token that they name", async () => {
		const seen = async (of: number) =>
			(await detect(memoryLedger([pay([2, 0, 1], THIEF, NEAR, 100n, token(of))], { events: [deposit(THIEF, MINE)] }), TEST_CHAIN)).map(
				({ kind }) => kind,
			);
		expect(await seen(COIN)).toContain("bridge");
		expect(await seen(SPAM)).not.toContain("bridge");
	});
});
