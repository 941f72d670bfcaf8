import type { GraphStore, Hash, Label } from "@clew/core";
import { nativeAsset } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount } from "@clew/core/testing";
import { expect, it } from "vitest";
import { cachedLabels, matchRules } from "./match.js";

/** Made-up blocks are 12 seconds apart. */
const timeOf = (height: number) => new Date(height * 12_000).toISOString();

function storeWith(dates: Partial<Label>, timeless: readonly number[] = []): GraphStore {
	const exchange = { category: "exchange", entity: "E", name: "", source: "s", retrievedAt: "", confidence: 50 } as const;
	const ledger = memoryLedger([], { timeless: new Set(timeless) });
	const labelsOf = async () => [{ ...exchange, account: testAccount(2), ...dates }];
	return { ...ledger, labelsOf, info: { id: "c", title: "t", chain: TEST_CHAIN, createdAt: "" } } as unknown as GraphStore;
}

it("a watch for services hears of a label at the time of the movement: of one that had ended not, of others yes", async () => {
	const rules = [{ rule: { rule: "to", category: "service" }, word: "to-service" }] as const;
	const movement = {
		from: testAccount(1),
		to: testAccount(2),
		asset: nativeAsset(TEST_CHAIN),
		amount: 1n,
		kind: "native",
		txHash: "0x1" as Hash,
		height: 20,
	};
	const heard = (dates: Partial<Label>, timeless?: readonly number[]) =>
		matchRules(rules, movement, testAccount(1), cachedLabels(storeWith(dates, timeless)));
	expect(await heard({})).toEqual(["to-service"]);
	expect(await heard({ validUntil: timeOf(21) })).toEqual(["to-service"]);
	expect(await heard({ validUntil: timeOf(20) })).toEqual([]);
	expect(await heard({ validFrom: timeOf(21) })).toEqual(["to-service"]);
	expect(await heard({ validUntil: timeOf(20) }, [20])).toEqual(["to-service"]);
});
