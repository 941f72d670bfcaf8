import type { GraphStore, Hash, Label } from "@clew/core";
import { nativeAsset } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount } from "@clew/core/testing";
import { expect, it } from "vitest";
import { cachedLabels, factsFor, fulfils, type MovementFacts } from "./match.js";
import type { WatchRule } from "./model.js";

/** Made-up blocks are 12 seconds apart. */
const timeOf = (height: number) => new Date(height * 12_000).toISOString();

function storeWith(dates: Partial<Label>, timeless: readonly number[] = []): GraphStore {
	const exchange = { category: "exchange", entity: "E", name: "", source: "s", retrievedAt: "", confidence: 50 } as const;
	const ledger = memoryLedger([], { timeless: new Set(timeless) });
	const labelsOf = async () => [{ ...exchange, account: testAccount(2), ...dates }];
	return { ...ledger, labelsOf, info: { id: "c", title: "t", chain: TEST_CHAIN, createdAt: "" } } as unknown as GraphStore;
}

it("a watch for services hears of a label at the time of the movement: of one that had ended not, of others yes", async () => {
	const rule = { rule: "to", category: "service" } as const;
	const movement = {
		from: testAccount(1),
		to: testAccount(2),
		asset: nativeAsset(TEST_CHAIN),
		amount: 1n,
		kind: "native",
		txHash: "0x1" as Hash,
		height: 20,
	};
	const heard = async (dates: Partial<Label>, timeless?: readonly number[]) => {
		const labels = cachedLabels(storeWith(dates, timeless));
		return fulfils(rule, movement, await factsFor([{ rule, word: "to-service" }], movement, testAccount(1), labels));
	};
	expect(await heard({})).toBe(true);
	expect(await heard({ validUntil: timeOf(21) })).toBe(true);
	expect(await heard({ validUntil: timeOf(20) })).toBe(false);
	expect(await heard({ validFrom: timeOf(21) })).toBe(true);
	expect(await heard({ validUntil: timeOf(20) }, [20])).toBe(true);
});

it("a rule is a function of the movement and of what is known of the other side, and nothing else", () => {
	const asset = nativeAsset(TEST_CHAIN);
	const movement = { from: testAccount(1), to: testAccount(2), asset, amount: 5n, kind: "native", txHash: "0x1" as Hash, height: 20 };
	const label = {
		category: "mixing_service",
		entity: "E",
		name: "",
		source: "s",
		retrievedAt: "",
		confidence: 50,
		account: testAccount(2),
	} as const;
	const out: MovementFacts = { outgoing: true, labels: [label] };
	const inward: MovementFacts = { outgoing: false, labels: [label] };
	const cases: [WatchRule, MovementFacts, boolean][] = [
		[{ rule: "any-outflow" }, out, true],
		[{ rule: "any-outflow" }, inward, false],
		[{ rule: "any-inflow" }, inward, true],
		[{ rule: "above", asset, amount: 4n }, out, true],
		[{ rule: "above", asset, amount: 5n }, out, false],
		[{ rule: "above", asset, amount: 4n }, inward, false],
		[{ rule: "to", category: "mixing_service" }, out, true],
		[{ rule: "to", category: "service" }, out, false],
		[{ rule: "from", category: "mixing_service" }, out, false],
		[{ rule: "from", category: "mixing_service" }, inward, true],
		[{ rule: "taint" }, out, false],
	];
	for (const [rule, facts, told] of cases) expect([rule, fulfils(rule, movement, facts)]).toEqual([rule, told]);
});
