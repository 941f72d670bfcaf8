import { nativeAsset, parseChainId } from "@clew/core";
import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { expect, it } from "vitest";
import { parseRules, parseSubject } from "./model.js";
import { holdsSecret, parseChannel, showChannel } from "./places.js";

const ETHER = nativeAsset(TEST_CHAIN);
const rules = (text: string) => parseRules(text, (amount) => [ETHER, BigInt(amount)]);
const ADDRESS = testAccount(1).split(":")[2] ?? "";

it("reads the rules of a watch, and refuses what is none", () => {
	expect(rules("any-outflow,>10,to-service,from-mixing_service,any-inflow,taint")).toEqual([
		{ rule: "any-outflow" },
		{ rule: "above", asset: ETHER, amount: 10n },
		{ rule: "to", category: "service" },
		{ rule: "from", category: "mixing_service" },
		{ rule: "any-inflow" },
		{ rule: "taint" },
	]);
	for (const text of ["", "to-nobody", "to-", "at-service", "any-outflow,", "xto-service", "to-service1"])
		expect(() => rules(text), text).toThrow("is no rule of a watch");
});

it("watches an account, or with taint alone a seed", () => {
	expect(parseSubject(ADDRESS, TEST_CHAIN, rules("any-outflow"))).toBe(testAccount(1));
	expect(parseSubject(ADDRESS, TEST_CHAIN, rules("taint"))).toBe(`account:${ADDRESS}`);
	expect(parseSubject(`account:${ADDRESS}`, TEST_CHAIN, rules("taint"))).toBe(`account:${ADDRESS}`);
	expect(parseSubject("transfer:1.2.3", TEST_CHAIN, rules("taint"))).toBe("transfer:1.2.3");
	expect(() => parseSubject(ADDRESS, TEST_CHAIN, rules("taint,any-outflow"))).toThrow("make two watches");
});

it("refuses what is on another chain than the case's first: such a watch could never fire", () => {
	const elsewhere = testAccount(1).replace("eip155:1:", "eip155:10:");
	expect(() => parseSubject(elsewhere, TEST_CHAIN, rules("any-outflow"))).toThrow("could never fire");
	expect(() => parseSubject(`account:${elsewhere}`, TEST_CHAIN, rules("taint"))).toThrow("is on another chain than");
	const above = parseRules(">1", () => [nativeAsset(parseChainId("eip155:10")), 1n]);
	expect(() => parseSubject(ADDRESS, TEST_CHAIN, above)).toThrow("could never fire");
	expect(parseSubject(testAccount(1), TEST_CHAIN, rules(">1"))).toBe(testAccount(1));
});

it("takes places to notify that it knows, and no others", () => {
	for (const place of ["stdout", "exec:/bin/true a b", "webhook:https://example.org/x", "webhook:$HOOK"])
		expect(parseChannel(place)).toBe(place);
	for (const place of ["", "exec:", "exec: x", "stdout ", "webhook:ftp://x", "webhook:$1", "webhook:https://", "mail:a@b"])
		expect(() => parseChannel(place), place).toThrow("a place to notify is none");
});

it("shows a place without what may be secret in it", () => {
	expect(showChannel("exec:/bin/tell --key 7")).toBe("exec:/bin/tell …");
	expect(showChannel("webhook:https://example.org/secret?key=7")).toBe("webhook:https://example.org/…");
	expect(showChannel("webhook:$HOOK")).toBe("webhook:$HOOK");
	expect(showChannel("stdout")).toBe("stdout");
	expect([holdsSecret("exec:/bin/tell"), holdsSecret("exec:/bin/tell --key")]).toEqual([false, true]);
	expect([holdsSecret("webhook:https://example.org/secret"), holdsSecret("stdout")]).toEqual([true, false]);
});
