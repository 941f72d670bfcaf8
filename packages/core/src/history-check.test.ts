import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { parseAccount } from "./chain-family/accounts.js";
import { parseChainId } from "./chain-family/registry.js";
import type { Coverage } from "./claims.js";
import { borneOut, type HistoryCheck, joinChecks, missingNonces } from "./history-check.js";

const chain = parseChainId("eip155:1");
const account = parseAccount(`0x${"a1".repeat(20)}`, chain);
/** An account that sends its nonce n in block 10 n. */
const told = (nonces: readonly number[]): HistoryCheck =>
	nonces.map((n): HistoryCheck => ({ account, runs: [{ first: n, last: n, from: 10 * n, to: 10 * n }] })).reduce(joinChecks);
const claim = (fromHeight: number, toHeight: number): Coverage => ({
	chain,
	account,
	fromHeight,
	toHeight,
	kinds: ["native"],
	source: "f",
	note: "",
});

describe("nonces that rows tell", () => {
	const numbers = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 10 });
	it("are joined alike in any order and grouping", () => {
		fc.assert(
			fc.property(numbers, numbers, numbers, (a, b, c) => {
				const [x, y, z] = [told(a), told(b), told(c)];
				expect(joinChecks(joinChecks(x, y), z)).toEqual(joinChecks(x, joinChecks(z, y)));
				expect(joinChecks(x, x)).toEqual(x);
			}),
		);
	});
	it("miss exactly those that nobody told below the last", () => {
		fc.assert(
			fc.property(numbers, (own) => {
				const missing = missingNonces(told(own)).flatMap(({ first, last = first }) =>
					Array.from({ length: last - first + 1 }, (_, i) => first + i),
				);
				const last = Math.max(...own);
				expect(missing).toEqual(Array.from({ length: last }, (_, n) => n).filter((n) => !own.includes(n)));
			}),
		);
	});
	it("take from claims of all heights those at which a missing one stands, and never one of a claim that leaves room", () => {
		fc.assert(
			fc.property(numbers, fc.nat(130), fc.nat(130), (own, a, b) => {
				const sent = told(own);
				const whole = borneOut([claim(0, 200)], sent);
				for (let n = 0; n <= Math.max(...own); n++)
					if (!own.includes(n)) expect(whole.some(({ fromHeight, toHeight }) => fromHeight <= 10 * n && 10 * n <= toHeight)).toBe(false);
				const [from, to] = [Math.min(a, b), Math.max(a, b)];
				const held = own.filter((n) => from <= 10 * n && 10 * n <= to).sort((x, y) => x - y);
				const honest = held.every((n, i) => i === 0 || held[i - 1] === n - 1);
				const partial = borneOut([claim(from, to)], sent);
				if (!honest) expect(partial).not.toEqual([claim(from, to)]);
				expect(borneOut(partial, sent)).toEqual(partial);
			}),
		);
	});
	it("leave whole blocks, other kinds and other accounts alone", () => {
		const { account: _, ...blocks } = claim(0, 99);
		const others = [blocks, { ...claim(0, 99), kinds: ["token" as const] }];
		expect(borneOut(others, told([1, 5]))).toEqual(others);
		expect(borneOut([claim(0, 99)], undefined)).toEqual([claim(0, 99)]);
	});
});
