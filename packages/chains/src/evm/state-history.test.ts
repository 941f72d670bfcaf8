import { evmChainId } from "@clew/core";
import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { firstChanges } from "./bisect.js";
import { stateHistory } from "./state-history.js";

const ADDRESS = `0x${"0a".repeat(20)}`;
const ETHEREUM = evmChainId(1);
const ARBITRUM = evmChainId(42161);

/** What happens to an account in one block. */
interface Happening {
	readonly height: number;
	readonly coins: bigint;
	readonly signed: number;
	readonly code?: string;
}

const STRANGER = `0x${"0d".repeat(20)}`;

/** A node that keeps the states of one account from a height on; of those before it tells a later one. A stranger signs in every block. */
function node(happenings: readonly Happening[], kept = (height: number) => height) {
	const asked: string[] = [];
	const upTo = (height: number) => happenings.filter((one) => one.height <= kept(height));
	const told: Record<string, (height: number) => string> = {
		eth_getTransactionCount: (height) =>
			`0x${upTo(height)
				.reduce((sum, { signed }) => sum + signed, 0)
				.toString(16)}`,
		eth_getBalance: (height) =>
			`0x${upTo(height)
				.reduce((sum, { coins }) => sum + coins, 0n)
				.toString(16)}`,
		eth_getCode: (height) => upTo(height).findLast(({ code }) => code !== undefined)?.code ?? "0x",
	};
	const client = {
		name: "node",
		async state(method: string, address: string, height: number) {
			if (address === STRANGER) return `0x${Math.max(0, kept(height)).toString(16)}`;
			asked.push(`${method} ${height}`);
			return told[method]?.(height);
		},
	};
	const blockAt = async (height: number) => {
		const signed = happenings.find((one) => one.height === height)?.signed ?? 0;
		return { transactions: [{ from: STRANGER }, ...Array.from({ length: signed }, () => ({ from: ADDRESS }))] };
	};
	return { client, blockAt, asked };
}

/** Every page of a range, to its end. */
async function pages(happenings: readonly Happening[], from: number, to: number, chain = ETHEREUM, kept?: (height: number) => number) {
	const { client, blockAt, asked } = node(happenings, kept);
	const history = stateHistory(client, chain, blockAt);
	const all = [];
	for (let at = from; at <= to; at = (all.at(-1)?.through ?? to) + 1) {
		const page = await history.page(ADDRESS, at, to);
		expect(page.through).toBeGreaterThanOrEqual(at);
		all.push(page);
	}
	return { all, heights: all.flatMap((page) => page.heights), kinds: all.map((page) => page.kinds.join()), asked, history };
}

const RICH: Happening = { height: 10, coins: 1_000_000n, signed: 0 };
const BOTH = "native,internal";

describe("an account's blocks, by old states", () => {
	it("are all found where the account signs for itself, and nothing else counts as moved", async () => {
		const happening = fc.record({
			height: fc.integer({ min: 11, max: 5_000 }),
			coins: fc.bigInt(-500n, 500n),
			signed: fc.integer({ min: 0, max: 3 }),
		});
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(happening, { maxLength: 40, selector: ({ height }) => height }), async (list) => {
				// Who signs nothing pays nothing; the last block is signed, so that the address is a key's.
				const own = list.map((one) => (one.signed === 0 && one.coins < 0n ? { ...one, coins: -one.coins } : one));
				const all = [RICH, ...own, { height: 5_001, coins: -1n, signed: 1 }].sort((a, b) => a.height - b.height);
				const moved = all.filter(({ coins, signed }) => coins !== 0n || signed > 0);
				const found = await pages(all, 5, 6_000);
				expect([...found.heights].sort((a, b) => a - b)).toEqual(moved.map(({ height }) => height));
				expect(new Set(found.kinds)).toEqual(new Set([BOTH]));
				const changes = new Map(found.all.flatMap((page) => [...page.changes]));
				for (const { height, coins, signed } of moved) expect(changes.get(height)).toEqual({ coins, signed });
			}),
			{ numRuns: 60 },
		);
	});

	it("cost some log2 of the range each, and no state is asked for twice", async () => {
		const { asked, history } = await pages([RICH, { height: 900_000, coins: -5n, signed: 1 }], 5, 1_000_000);
		expect(new Set(asked).size).toBe(asked.length);
		expect(asked.length).toBeLessThan(80);
		// And four of the stranger, by whom the states are tried at either end.
		expect([history.readings(), history.found()]).toEqual([asked.length + 4, 2]);
	});

	it("count as read only up to the newest block that bears them out: some nodes' states end behind their blocks", async () => {
		const own = [RICH, { height: 100, coins: -5n, signed: 1 }, { height: 800, coins: -7n, signed: 1 }];
		const stale = await pages(own, 5, 1_000, ETHEREUM, (height) => Math.min(height, 500));
		expect([new Set(stale.kinds), stale.all.flatMap((page) => [...page.changes])]).toEqual([new Set([""]), []]);
		expect(stale.history.refuted()).toBe(1_000);
		expect(new Set((await pages(own, 5, 1_000)).kinds)).toEqual(new Set([BOTH]));
	});

	it("of an address that never signed are a lead: it may have been a contract that is no more", async () => {
		const swept = [RICH, { height: 500, coins: -1_000_000n, signed: 0 }, { height: 600, coins: 1_000_000n, signed: 0 }];
		const found = await pages(swept, 5, 1_000);
		expect(new Set(found.kinds)).toEqual(new Set([""]));
		expect(found.all.flatMap((page) => [...page.changes])).toEqual([]);
	});

	it("of one whose first count was raised by somebody else's transaction are a lead until then", async () => {
		const { client } = node([RICH, { height: 500, coins: 0n, signed: 1 }]);
		const history = stateHistory(client, ETHEREUM, async () => ({ transactions: [{ from: STRANGER }] }));
		const first = await history.page(ADDRESS, 5, 1_000);
		expect([first.kinds.join(), first.through, first.changes.size]).toEqual(["", 499, 0]);
		expect((await history.page(ADDRESS, 500, 1_000)).kinds.join()).toBe(BOTH);
	});

	it("stop being sure where the key lets a contract act for it (EIP-7702), and are again once it is taken back", async () => {
		const delegated: Happening[] = [
			RICH,
			{ height: 100, coins: -1n, signed: 1 },
			{ height: 200, coins: -1n, signed: 2, code: `0xef0100${"0c".repeat(20)}` },
			{ height: 300, coins: -1n, signed: 2, code: "0x" },
		];
		const found = await pages(delegated, 5, 1_000);
		expect(found.all.map(({ through, kinds }) => [through, kinds.join()])).toEqual([
			[199, BOTH],
			[299, ""],
			[1_000, BOTH],
		]);
		expect(found.heights).toEqual([10, 100, 200, 300]);
		// In the blocks where it began and ended, the contract may have acted, too.
		expect(new Set(found.all.flatMap((page) => [...page.changes.keys()]))).toEqual(new Set([10, 100]));
	});

	it.each([
		["tells the newest state for every old one", (height: number) => Math.max(height, 950)],
		["tells that nobody has anything before what it keeps", (height: number) => (height < 950 ? -1 : height)],
	])("do not count where the node %s", async (_, kept) => {
		const moved: Happening[] = [RICH, { height: 100, coins: -1n, signed: 1 }, { height: 200, coins: -1n, signed: 1 }];
		for (const from of [0, 5]) {
			const found = await pages(moved, from, 1_000, ETHEREUM, kept);
			expect([new Set(found.kinds), found.all.flatMap((page) => [...page.changes])]).toEqual([new Set([""]), []]);
			expect(found.history.refuted()).toBeDefined();
		}
		expect(new Set((await pages(moved, 960, 1_000, ETHEREUM, kept)).kinds)).toEqual(new Set([BOTH]));
	});

	it("are a lead on a chain where accounts pay in other ways as well", async () => {
		const found = await pages([RICH, { height: 500, coins: -5n, signed: 1 }], 5, 1_000, ARBITRUM);
		expect([found.heights, new Set(found.kinds)]).toEqual([[10, 500], new Set([""])]);
	});
});

describe("halving", () => {
	it("gives the first changes, and how far they are known", async () => {
		const read = async (height: number) => Math.floor(height / 10);
		const { heights, through } = await firstChanges(read, 0, 100, 3);
		expect(heights).toEqual([10, 20, 30]);
		expect(through >= 30 && through < 40).toBe(true);
		expect(await firstChanges(read, 0, 9, 3)).toEqual({ heights: [], through: 9 });
	});
});
