import { type Delegation, type Detection, parseChainId, trustedAccountId } from "@clew/core";
import { expect, it } from "vitest";
import { delegateReasons, delegatesOf, delegationReasons, delegationReasonsElsewhere, sweptReasons } from "./delegation-reasons.js";
import type { Claim } from "./label-reasons.js";
import { assess } from "./reason.js";
import { detectionReasons } from "./reasons.js";
import { adviceOf, readMessages } from "./words.js";

const MAINNET = parseChainId("eip155:1");
const address = (hex: string) => `0x${hex.repeat(20)}`;
const account = (hex: string) => trustedAccountId(MAINNET, address(hex));
const signed = (height: number, more: Partial<Delegation> = {}): Delegation => ({
	account: account("a1"),
	to: account("d1"),
	signedFor: MAINNET,
	nonce: 1n,
	effect: "yes",
	why: "",
	chain: MAINNET,
	txHash: `0x${"1".repeat(64)}` as Delegation["txHash"],
	position: { height, txIndex: 0, eventIndex: 2 },
	...more,
});
const codes = (...all: readonly Delegation[]) => delegationReasons(all).map(({ code }) => code);

it("tells what acts for an account, what may, and that it took it back, as facts that weigh nothing", () => {
	expect(codes(signed(1))).toEqual(["delegated"]);
	expect(codes(signed(1), signed(2, { to: undefined }))).toEqual(["delegation-revoked"]);
	expect(codes(signed(1), signed(2, { effect: "unknown" }), signed(3, { effect: "no" }))).toEqual(["delegated", "maybe-delegated"]);
	expect(codes()).toEqual([]);
	expect(delegationReasons([signed(7, { signedFor: "every chain" })])).toMatchObject([
		{
			points: 0,
			facts: { delegate: address("d1"), how: expect.stringMatching(/^since block 7, transaction 0x1+; signed for every chain$/) },
		},
	]);
	expect(delegationReasonsElsewhere([signed(7, { chain: parseChainId("eip155:8453"), signedFor: "every chain" })])).toMatchObject([
		{ code: "maybe-delegated", points: 0, facts: { how: expect.stringMatching(/^seen on Base since block 7/) } },
	]);
});

it("warns of a delegate that lists call dangerous, and says where it may not be the one that acts", () => {
	const claim: Claim = { category: "scam", entity: "E", source: "S", confidence: 50, retrievedAt: "2026-01-01" };
	const told = (known: boolean, more: Partial<Claim> = {}) => delegateReasons(account("d1"), known, [{ ...claim, ...more }], "2026-02-01");
	expect(told(true)).toMatchObject([{ code: "delegated-to-listed", tier: "attribution", points: 90, facts: { maybe: "", entity: "E" } }]);
	expect(told(false)[0]?.facts["maybe"]).toContain("not known");
	expect([told(true, { confidence: 20 }), told(true, { category: "exchange" }), told(true, { validUntil: "2026-01-15" })]).toEqual([
		[],
		[],
		[],
	]);
	const sweeper: Detection = {
		...{ account: account("d1"), kind: "sweeper", tier: "structural", heuristic: "sweeper", version: 1, score: 90 },
		...{ reasons: ["it takes all"], parameters: {}, source: "s", evidence: ["3.0.2"] },
	};
	expect(sweptReasons(account("d1"), true, [sweeper])).toMatchObject([
		{ code: "detected-swept", tier: "structural", points: 90, facts: { other: address("d1"), why: "it takes all" } },
	]);
	expect(sweptReasons(account("d1"), false, [sweeper])).toMatchObject([{ code: "maybe-swept", tier: "lead" }]);
	expect(sweptReasons(account("d1"), true, [{ ...sweeper, tier: "lead" }])).toMatchObject([{ code: "maybe-swept", facts: { open: "" } }]);
	expect(sweptReasons(account("d1"), true, [{ ...sweeper, kind: "drainer" }])).toEqual([]);
	const open = signed(2, { effect: "unknown", to: account("d2") });
	expect([...delegatesOf([signed(1), open])]).toEqual([
		[account("d2"), false],
		[account("d1"), true],
	]);
	expect([...delegatesOf([signed(1), signed(2, { to: undefined })])]).toEqual([]);
});

it("says that money is taken only where that was seen, and that an authorisation's effect is not known where it is not", async () => {
	const seen = (rest: Partial<Detection>): Detection => ({
		...{ account: account("a1"), kind: "delegated-to-sweeper", tier: "lead", heuristic: "delegated-to-sweeper", version: 1, score: 50 },
		...{ reasons: ["r"], parameters: {}, source: "s", evidence: [], counterpart: account("d1"), ...rest },
	});
	const told = async (rest: Partial<Detection>, ...all: readonly Delegation[]) => {
		const [found] = detectionReasons([seen(rest)], 60, delegatesOf(all));
		const { reasons } = adviceOf(assess("x", found === undefined ? [] : [found], []), await readMessages());
		return [found?.code, found?.tier, reasons.join()];
	};
	const open = signed(1, { effect: "unknown" });
	const may = `Its key signed that the contract ${address("d1")} may act for it`;
	const then = "What you pay to this address may be taken at once: r.";
	expect(await told({}, open)).toEqual(["maybe-swept", "lead", `${may}; whether that took effect is not known. ${then}`]);
	expect(await told({}, signed(1))).toEqual(["maybe-swept", "lead", `${may}. ${then}`]);
	expect((await told({ evidence: ["3.0.2"] }, open))[0]).toBe("detected-swept");
	expect((await told({ tier: "structural" }, signed(1))).slice(0, 2)).toEqual(["detected-swept", "structural"]);
});
