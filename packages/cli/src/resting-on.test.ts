import { nativeAsset, type TraceResult } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import type { FreezeRequest } from "@clew/evidence";
import { describe, expect, it } from "vitest";
import { restingOn } from "./resting-on.js";

const [VICTIM, THIEF, DESK] = [1, 2, 3].map(testAccount);
const asset = nativeAsset(TEST_CHAIN);
const edge = (from: unknown, to: unknown) => ({ from, to, asset, kind: "native" });
const leaf = { account: DESK };
const result = (gaps: readonly object[]) =>
	({ chain: TEST_CHAIN, edges: [edge(VICTIM, THIEF), edge(THIEF, DESK)], coverage: { gaps } }) as unknown as TraceResult;
const requests = [{ entity: "Desk", points: [{ leaf, asset }] }] as unknown as FreezeRequest[];

describe("what a request rests on", () => {
	it("is named where an account that paid on what it got has a beginning that nobody read", () => {
		const unread = { kind: "opening-balance-unknown", account: THIEF };
		expect(restingOn(result([unread]), requests)).toEqual([
			expect.stringMatching(/^the amounts asked of Desk hold if 0x\w{40} held nothing of the same/),
		]);
		expect(restingOn(result([]), requests)).toEqual([]);
		// Whoever was robbed pays what is marked, whatever else it held.
		expect(restingOn(result([{ kind: "opening-balance-unknown", account: VICTIM }]), requests)).toEqual([]);
	});
});
