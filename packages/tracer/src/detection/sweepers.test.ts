import { type ChainEvent, type Delegation, type Detection, delegationEvent, type Label, type Transfer } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { detect } from "./detect.js";

const ETHER = 10n ** 18n;
const [DELEGATE, LOOT, RELAYER] = [50, 60, 70];
const COUNT = 4;
const victim = (i: number) => 100 + i;
const all = Array.from({ length: COUNT }, (_, i) => i);

const signed = (account: number, height: number, more: Partial<Delegation> = {}): ChainEvent =>
	delegationEvent({
		account: testAccount(account),
		to: testAccount(DELEGATE),
		signedFor: "every chain",
		nonce: 1n,
		effect: "unknown",
		why: "",
		chain: TEST_CHAIN,
		txHash: testTransfer([height, 0, 0], 0, 0, 0n).txHash,
		position: { height, txIndex: 0, eventIndex: 2 },
		...more,
	});
const delegations = all.map((i) => signed(victim(i), 20 + i));

/** A victim pays somebody by itself, in a transaction of its own. */
const lived = (i: number): Transfer[] => [
	testTransfer([10 + i, 0, 0], victim(i), 0, 1n, { kind: "fee" }),
	testTransfer([10 + i, 0, 1], victim(i), 400 + i, ETHER),
];
/** Somebody pays a victim, and a call takes it on in the same transaction. */
const swept = (i: number, to = LOOT, left = ETHER): Transfer[] => [
	testTransfer([30 + i, 0, 0], 300 + i, 0, 1n, { kind: "fee" }),
	testTransfer([30 + i, 0, 1], 300 + i, victim(i), ETHER),
	testTransfer([30 + i, 0, 2], victim(i), to, left, { kind: "internal" }),
];
const run = async (transfers: readonly Transfer[], events: readonly ChainEvent[], labels: readonly Label[] = []) => {
	const found = await detect(memoryLedger([...transfers], { events, labels }), TEST_CHAIN);
	return found.filter(({ kind }) => kind === "sweeper" || kind === "delegated-to-sweeper");
};
const told = (found: readonly Detection[]) => found.map(({ kind, tier, account }) => `${kind} ${tier} ${account}`).sort();
const whole = all.flatMap((i) => [...lived(i), ...swept(i)]);
const everybody = (tier: string, kinds: readonly number[] = all) =>
	[...kinds.map((i) => `delegated-to-sweeper ${tier} ${testAccount(victim(i))}`), `sweeper ${tier} ${testAccount(DELEGATE)}`].sort();

describe("sweepers of delegated accounts (EIP-7702)", () => {
	it("are contracts that take at once what comes to accounts that their owners had used; each account is a thief's from then on", async () => {
		const found = await run(whole, delegations);
		expect(told(found)).toEqual(everybody("structural"));
		expect(found.find(({ kind }) => kind === "sweeper")).toMatchObject({ evidence: ["30.0.2", "31.0.2", "32.0.2", "33.0.2"] });
		const [first] = found.filter(({ account }) => account === testAccount(victim(0)));
		expect(first).toMatchObject({ counterpart: testAccount(DELEGATE), evidence: ["30.0.2"] });
		expect(first?.reasons[0]).toMatch(/^since block 20 \(transaction 0x[0-9a-f]{64}\) its key lets 0x/);
	});

	it("are leads where nobody used the accounts before: a service may collect so from addresses of its own", async () => {
		expect(
			told(
				await run(
					all.flatMap((i) => swept(i)),
					delegations,
				),
			),
		).toEqual(everybody("lead"));
	});

	it("are none where the money stays, goes on by the owner's own transactions, to many receivers, later, or in part", async () => {
		const none = async (take: (i: number) => readonly Transfer[]) =>
			expect(
				await run(
					all.flatMap((i) => [...lived(i), ...take(i)]),
					delegations,
				),
			).toEqual([]);
		await none((i) => swept(i).slice(0, 2));
		await none((i) => [...swept(i), testTransfer([30 + i, 0, 3], victim(i), 0, 1n, { kind: "fee" })]);
		await none((i) => swept(i, 500 + i));
		await none((i) => swept(i, LOOT, ETHER / 2n));
		await none((i) => [...swept(i).slice(0, 2), testTransfer([36 + i, 0, 2], victim(i), LOOT, ETHER, { kind: "internal" })]);
		expect(await run(whole, delegations.slice(0, 2))).toEqual([]);
		expect(await run(whole, [])).toEqual([]);
	});

	it("count no authorisation that took no effect, nor what came before it", async () => {
		const untaken = delegations.map((_, i) => signed(victim(i), 20 + i, { effect: "no" }));
		expect(await run(whole, untaken)).toEqual([]);
		expect(
			await run(
				whole,
				all.map((i) => signed(victim(i), 40 + i)),
			),
		).toEqual([]);
	});

	it("let an account go once its owner surely took it back; where that is not known, it is said", async () => {
		const back = (effect: Delegation["effect"]) => signed(victim(0), 60, { to: undefined, effect });
		expect(told(await run(whole, [...delegations, back("yes")]))).toEqual(everybody("structural", [1, 2, 3]));
		const open = await run(whole, [...delegations, back("unknown")]);
		expect(told(open)).toEqual(everybody("structural"));
		expect(open.find(({ account }) => account === testAccount(victim(0)))?.reasons.at(-1)).toContain("whether it did is not known");
	});

	it("by a label alone are leads", async () => {
		const label: Label = {
			account: testAccount(DELEGATE),
			category: "scam",
			entity: "Crime",
			name: "",
			source: "list",
			retrievedAt: "",
			confidence: 50,
		};
		const found = await run([testTransfer([30, 0, 1], RELAYER, victim(0), ETHER)], [signed(victim(0), 20)], [label]);
		expect(told(found)).toEqual([`delegated-to-sweeper lead ${testAccount(victim(0))}`]);
		expect(found[0]?.reasons.join("; ")).toContain("is labelled Crime (scam), says list");
		expect(await run([], [signed(victim(0), 20)], [{ ...label, confidence: 20 }])).toEqual([]);
	});

	it("make nobody a contract whose key let one act for him: a service by behaviour may be delegated", async () => {
		const deposits = all.flatMap((i) => [
			testTransfer([10 + i, 0, 1], 200 + i, 210 + i, ETHER),
			testTransfer([20 + i, 0, 1], 210 + i, RELAYER, ETHER),
		]);
		const pays = testTransfer([40, 0, 2], RELAYER, 5, 1n, { kind: "internal" });
		const tierOf = async (events: readonly ChainEvent[]) =>
			(await detect(memoryLedger([...deposits, pays], { events, contracts: new Set([testAccount(RELAYER)]) }), TEST_CHAIN))
				.filter(({ kind }) => kind === "custodial-service")
				.map(({ tier }) => tier);
		expect(await tierOf([])).toEqual([]);
		expect(await tierOf([signed(RELAYER, 9)])).toEqual(["structural"]);
	});
});
