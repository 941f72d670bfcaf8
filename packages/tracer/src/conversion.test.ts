import { addressOf, erc20Asset, nativeAsset, type Rule, rulesOf, type Transfer, trustedAccountId } from "@clew/core";
import { TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { conversionOf, convertParcels, isGiven, isLeg, lackIn } from "./conversion.js";
import { CLEAN, type Lot } from "./lots.js";

const ETHER = nativeAsset(TEST_CHAIN);
const TOKEN = erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`);
const OTHER = erc20Asset(TEST_CHAIN, `0x${"cd".repeat(20)}`);
const [SWAPPER, POOL] = [1, 2];

let index = 0;
const leg = (from: number, to: number, amount: bigint, asset = ETHER, more: Partial<Transfer> = {}) =>
	testTransfer([10, 0, index++], from, to, amount, { asset, ...more });
const netted = (...transfers: readonly Transfer[]) => conversionOf(testAccount(SWAPPER), transfers);

describe("an exchange of several legs", () => {
	it("is netted over all of them: change that comes back is not paid, what is sent on is not got", () => {
		const legs = [
			leg(SWAPPER, POOL, 70n),
			leg(SWAPPER, 3, 50n),
			leg(POOL, SWAPPER, 20n),
			leg(POOL, SWAPPER, 900n, TOKEN),
			leg(3, SWAPPER, 150n, TOKEN),
			leg(SWAPPER, 4, 50n, TOKEN),
		];
		expect(netted(...legs)).toEqual({ pays: ETHER, paid: 100n, gets: TOKEN, got: 1_000n, legs });
	});

	it("leaves out fees, payments to itself and assets that come out even", () => {
		const [pays, gets] = [leg(SWAPPER, POOL, 100n), leg(POOL, SWAPPER, 7n, TOKEN)];
		const beside = [
			leg(SWAPPER, -1, 5n, ETHER, { kind: "fee" }),
			leg(SWAPPER, SWAPPER, 30n),
			leg(SWAPPER, SWAPPER, 30n, OTHER),
			leg(POOL, SWAPPER, 3n, OTHER),
			leg(SWAPPER, POOL, 3n, OTHER),
		];
		expect(netted(...beside, pays, gets)).toEqual({ pays: ETHER, paid: 100n, gets: TOKEN, got: 7n, legs: [pays, gets] });
	});

	it("leaves out gas that goes through an EntryPoint, as it does fees: paying for it buys nothing", () => {
		const entryPoint = trustedAccountId(TEST_CHAIN, "0x4337084d9e255ff0702461cf8895ce9e3b5ff108");
		const prefund = { ...leg(SWAPPER, 0, 9n), to: entryPoint };
		const compensation = { ...leg(0, SWAPPER, 9n), from: entryPoint };
		const [pays, gets] = [leg(SWAPPER, POOL, 100n, OTHER), leg(POOL, SWAPPER, 7n, TOKEN)];
		expect(netted(prefund, gets)).toBeUndefined();
		expect(netted(pays, compensation)).toBeUndefined();
		expect(netted(prefund, pays, gets)).toEqual({ pays: OTHER, paid: 100n, gets: TOKEN, got: 7n, legs: [pays, gets] });
		const sold = netted(leg(SWAPPER, POOL, 1n, TOKEN), leg(POOL, SWAPPER, 5n), prefund);
		expect([isLeg(sold, prefund), sold?.got]).toEqual([false, 5n]);
	});

	it("is none when two assets come in, two go out, or only one moves", () => {
		expect(netted(leg(SWAPPER, POOL, 1n))).toBeUndefined();
		expect(netted(leg(SWAPPER, POOL, 1n), leg(SWAPPER, POOL, 1n))).toBeUndefined();
		expect(netted(leg(POOL, SWAPPER, 1n), leg(POOL, SWAPPER, 1n, TOKEN))).toBeUndefined();
		expect(netted(leg(SWAPPER, POOL, 1n), leg(POOL, SWAPPER, 1n, TOKEN), leg(POOL, SWAPPER, 1n, OTHER))).toBeUndefined();
		expect(netted(leg(SWAPPER, POOL, 1n), leg(SWAPPER, POOL, 1n, OTHER), leg(POOL, SWAPPER, 1n, TOKEN))).toBeUndefined();
	});

	describe("wrapping", () => {
		const WRAPPER = 7;
		const WRAPPED = erc20Asset(TEST_CHAIN, addressOf(testAccount(WRAPPER)));
		const mint = (to: number, n: bigint) => leg(-1, to, n, WRAPPED, { kind: "mint" });
		const burn = (from: number, n: bigint) => leg(from, -1, n, WRAPPED, { kind: "burn" });
		const sides = (...transfers: readonly Transfer[]) => {
			const { legs, only, ...rest } = netted(...transfers) ?? { legs: [] };
			return { ...rest, legs: legs.map((t) => transfers.indexOf(t)) };
		};
		const [WRAPS, UNWRAPS] = [
			{ pays: ETHER, gets: WRAPPED },
			{ pays: WRAPPED, gets: ETHER },
		].map((one) => ({ ...one, paid: 6n, got: 6n }));

		it("that is paid on, or beside other business, is the pairs alone", () => {
			expect(sides(leg(WRAPPER, SWAPPER, 6n), leg(SWAPPER, 3, 6n), burn(SWAPPER, 6n))).toEqual({ ...UNWRAPS, legs: [0, 2] });
			expect(sides(leg(SWAPPER, WRAPPER, 6n), mint(SWAPPER, 6n), leg(SWAPPER, 3, 6n, WRAPPED))).toEqual({ ...WRAPS, legs: [0, 1] });
			expect(sides(leg(WRAPPER, SWAPPER, 6n), burn(SWAPPER, 6n), leg(SWAPPER, POOL, 5n), leg(POOL, SWAPPER, 9n, TOKEN))).toEqual({
				...UNWRAPS,
				legs: [0, 1],
			});
			const twice = [leg(WRAPPER, SWAPPER, 2n), leg(WRAPPER, SWAPPER, 4n), leg(SWAPPER, 3, 6n), burn(SWAPPER, 4n), burn(SWAPPER, 2n)];
			expect(sides(...twice)).toEqual({ ...UNWRAPS, legs: [0, 1, 3, 4] });
		});

		it("of what is kept is an exchange by netting, as ever", () => {
			const all = [leg(SWAPPER, WRAPPER, 6n), mint(SWAPPER, 6n), leg(SWAPPER, 3, 2n)];
			expect(sides(...all)).toEqual({ pays: ETHER, paid: 8n, gets: WRAPPED, got: 6n, legs: [0, 1, 2] });
		});

		it("is none for another amount, another contract, another account, a token that only moves", () => {
			expect(
				netted(leg(WRAPPER, SWAPPER, 5n), leg(SWAPPER, 3, 5n), burn(SWAPPER, 6n), leg(3, SWAPPER, 1n, TOKEN), leg(3, SWAPPER, 1n, OTHER)),
			).toBeUndefined();
			expect(netted(leg(POOL, SWAPPER, 6n), leg(SWAPPER, 3, 6n), burn(SWAPPER, 6n))).toBeUndefined();
			expect(netted(leg(WRAPPER, 3, 6n), burn(SWAPPER, 6n), leg(SWAPPER, 4, 1n))).toBeUndefined();
			expect(netted(leg(WRAPPER, SWAPPER, 6n), leg(SWAPPER, 3, 6n), leg(SWAPPER, POOL, 6n, WRAPPED))).toBeUndefined();
		});

		it("that is undone in the same transaction brings and takes nothing, unless something else moves the asset in between", () => {
			const there = () => [leg(SWAPPER, WRAPPER, 6n), mint(SWAPPER, 6n)];
			const back = () => [burn(SWAPPER, 6n), leg(WRAPPER, SWAPPER, 6n)];
			const places = (...transfers: readonly Transfer[]) => new Set(transfers.map(({ position }) => position.eventIndex));
			const plain = [...there(), ...back()] as [Transfer, Transfer, Transfer, Transfer];
			expect(netted(...plain)).toEqual({
				pays: ETHER,
				paid: 0n,
				gets: WRAPPED,
				got: 0n,
				legs: plain,
				only: places(...plain),
				opens: places(plain[0], plain[1]),
			});
			const between = (...others: readonly Transfer[]) => {
				const first = there();
				const placed = others.map((t) => ({ ...t, position: { ...t.position, eventIndex: index++ } }));
				return netted(...first, ...placed, ...back());
			};
			expect(between(leg(SWAPPER, 3, 6n))).toMatchObject({ unordered: true, paid: 0n });
			expect(between(leg(3, SWAPPER, 1n), leg(SWAPPER, 3, 1n))).toMatchObject({ unordered: true });
			for (const harmless of [leg(SWAPPER, 3, 0n), leg(SWAPPER, -1, 1n, ETHER, { kind: "fee" }), leg(SWAPPER, SWAPPER, 1n)])
				expect(between(harmless)?.unordered, harmless.kind).toBeUndefined();
			const after = [...there(), ...back(), leg(SWAPPER, 3, 2n)];
			expect(netted(...after)?.unordered).toBeUndefined();
		});

		it("converts nothing where it is paid what it gives only after it, or pays on what it gets before it got it", () => {
			const late = [leg(WRAPPER, SWAPPER, 6n), leg(SWAPPER, 3, 6n), leg(POOL, SWAPPER, 6n, WRAPPED), burn(SWAPPER, 6n)];
			const early = [leg(SWAPPER, WRAPPER, 6n), leg(SWAPPER, 3, 6n, WRAPPED), mint(SWAPPER, 6n)];
			for (const [all, given] of [
				[late, 3],
				[early, 0],
			] as const) {
				const conversion = netted(...all);
				expect(conversion).toMatchObject({ unordered: true });
				expect(all.map((t) => [isLeg(conversion, t), isGiven(conversion, t)])).toEqual(all.map((_, i) => [false, i === given]));
			}
		});
	});

	it("lacks what its legs pay beyond the balance of the moment, leg by leg", () => {
		const lack = (balance: bigint, ...legs: readonly Transfer[]) =>
			lackIn({ pays: ETHER, paid: 1n, gets: TOKEN, got: 1n, legs }, testAccount(SWAPPER), ETHER, balance);
		const [out70, back20, out50] = [leg(SWAPPER, POOL, 70n), leg(POOL, SWAPPER, 20n), leg(SWAPPER, 3, 50n)];
		expect(lack(120n, out70, out50)).toBe(0n);
		expect(lack(119n, out70, out50)).toBe(1n);
		expect(lack(100n, out70, back20, out50)).toBe(0n);
		expect(lack(100n, out70, out50, back20)).toBe(20n);
		expect(lack(10n, out70, out50)).toBe(110n);
		expect(lack(70n, out70, leg(SWAPPER, POOL, 9n, TOKEN))).toBe(0n);
	});

	it("moves its two sides, and neither fees nor other assets", () => {
		const conversion = netted(leg(SWAPPER, POOL, 1n), leg(POOL, SWAPPER, 1n, TOKEN));
		expect(isLeg(conversion, leg(SWAPPER, POOL, 1n))).toBe(true);
		expect(isLeg(conversion, leg(POOL, SWAPPER, 1n, TOKEN))).toBe(true);
		expect(isLeg(conversion, leg(SWAPPER, -1, 1n, ETHER, { kind: "fee" }))).toBe(false);
		expect(isLeg(conversion, leg(SWAPPER, POOL, 1n, OTHER))).toBe(false);
		expect(isLeg(undefined, leg(SWAPPER, POOL, 1n))).toBe(false);
	});
});

describe("whose the proceeds of an exchange are", () => {
	const rules = rulesOf(TEST_CHAIN);
	const lots = (...amounts: readonly (readonly [origin: number, amount: bigint])[]): Lot[] =>
		amounts.map(([origin, amount]) => ({ origin, amount }));
	const converted = (rule: Rule, parcel: readonly Lot[], paid: bigint, got: bigint) =>
		convertParcels([rule], [parcel], { paid, got }, 100n)[0];

	it("libr: every claim in proportion, rounded down, and none that comes to nothing", () => {
		expect(converted("libr", lots([0, 30n], [1, 100n]), 100n, 7n)).toEqual(lots([0, 2n], [1, 7n]));
		expect(converted("libr", lots([0, 1n], [1, 50n]), 100n, 99n)).toEqual(lots([1, 49n]));
	});

	it("poison: all of it for every origin", () => {
		expect(converted("poison", lots([0, 1n], [1, 100n]), 100n, 7n)).toEqual(lots([0, 7n], [1, 7n]));
	});

	it("conserving rules: shares that add up to all that was got, the clean rest with its own", () => {
		for (const rule of rules.filter((one) => one !== "libr" && one !== "poison")) {
			expect(converted(rule, lots([0, 100n]), 100n, 7n), rule).toEqual(lots([0, 7n]));
			expect(converted(rule, lots([0, 30n], [1, 30n], [CLEAN, 40n]), 100n, 10n), rule).toEqual(lots([0, 3n], [1, 3n], [CLEAN, 4n]));
			expect(converted(rule, lots([0, 25n]), 100n, 1_000n), rule).toEqual(lots([0, 250n]));
			expect(converted(rule, lots([0, 1n], [CLEAN, 99n]), 100n, 3n), rule).toEqual([]);
			expect(converted(rule, [], 100n, 3n), rule).toEqual([]);
		}
	});
});
