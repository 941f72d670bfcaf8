import { describe, expect, it } from "vitest";
import type { ChainEvent } from "../../event.js";
import { type ChainId, trustedAccountId } from "../../ids.js";
import type { EventReader } from "../../ports/ledger-reader.js";
import { ownKeyRules, permissionChangeOf, permissionChangesOf, signersInWords } from "./permissions.js";

const TRON = "tron:0x2b6653dc" as ChainId;
const [OWN, OTHER] = ["TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TPL66VK2gCXNCD7EJg9pgJRfqcRazjhUZY"];
const ACCOUNT = trustedAccountId(TRON, OWN as string);
const event = (height: number, details: Record<string, string>, account = ACCOUNT): ChainEvent => ({
	chain: TRON,
	position: { height, txIndex: 0, eventIndex: 16_384 },
	txHash: `${height}` as ChainEvent["txHash"],
	kind: "permission-change",
	protocol: "tron",
	contract: account,
	account,
	details,
});
const change = (details: Record<string, string>) => {
	const read = permissionChangeOf(event(5, details));
	if (read === undefined) throw new Error("no change");
	return read;
};

describe("a change of who may sign for an account", () => {
	it("names keys, weights and what is needed", () => {
		const taken = change({ owner: `1 of ${OTHER}*1`, active: `2 of ${OWN}*1 ${OTHER}*1; 1 of ${OTHER}*1` });
		expect(taken.owner).toEqual({ threshold: 1n, keys: [{ account: trustedAccountId(TRON, OTHER as string), weight: 1n }] });
		expect(taken.active.map(({ threshold, keys }) => [threshold, keys.length])).toEqual([
			[2n, 2],
			[1n, 1],
		]);
		expect(signersInWords(taken)).toBe(
			`its own key may not do everything alone; as owner ${OTHER} (weight 1), 1 needed; as active ${OWN} (weight 1), ${OTHER} (weight 1), 2 needed; as active ${OTHER} (weight 1), 1 needed`,
		);
	});

	it("leaves its own key everything only where that alone reaches the threshold", () => {
		expect(ownKeyRules(change({ owner: `2 of ${OWN}*2 ${OTHER}*1`, active: "" }))).toBe(true);
		expect(ownKeyRules(change({ owner: `2 of ${OWN}*1 ${OTHER}*1`, active: "" }))).toBe(false);
		expect(ownKeyRules(change({ active: `1 of ${OTHER}*1` }))).toBeUndefined();
	});

	it("is found for its account alone, in order", async () => {
		const all = [
			event(5, { owner: `1 of ${OWN}*1` }),
			event(6, {}, trustedAccountId(TRON, OTHER as string)),
			event(9, { owner: `1 of ${OTHER}*1` }),
		];
		const source = {
			events: async (_: ChainId, __: string, from: { height: number }) => all.filter(({ position }) => position.height >= from.height),
		} as unknown as EventReader;
		expect((await permissionChangesOf(source, ACCOUNT)).map(({ position }) => position.height)).toEqual([5, 9]);
	});
});
