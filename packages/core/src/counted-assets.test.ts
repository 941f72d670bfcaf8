import { describe, expect, it } from "vitest";
import { nativeAsset } from "./chain-family/accounts.js";
import { evmChain } from "./chain-family/evm/chains.js";
import { countedAssets, countedOf } from "./counted-assets.js";
import { erc20Asset } from "./ids.js";
import { TEST_CHAIN } from "./testing/memory-ledger.js";
import type { TraceResult } from "./trace-schema.js";

const ETHER = nativeAsset(TEST_CHAIN);
const WRAPPED = `${TEST_CHAIN}/erc20:${evmChain(TEST_CHAIN)?.wrapped}`;
const USDT = erc20Asset(TEST_CHAIN, "0xdac17f958d2ee523a2206206994597c13d831ec7");
const token = (digit: string): string => erc20Asset(TEST_CHAIN, `0x${digit.repeat(40)}`);
const [a, b, c, d] = [token("a"), token("b"), token("c"), token("d")] as const;

const edge = (asset: string, into?: string) => ({ asset, ...(into === undefined ? {} : { into: { asset: into } }) });
const leaf = (asset: string) => ({ amounts: { [asset]: {} } });
const seed = (spec: string, seeded: readonly string[], rows: readonly { asset: string; passage?: string }[] = []) => ({
	spec,
	seeded: Object.fromEntries(seeded.map((asset) => [asset, {}])),
	rows,
});
/** A result that holds this, and no more of what is not read. */
const result = (more: object) =>
	({ chain: TEST_CHAIN, seeds: [], edges: [], leaves: [], parameters: { seedAsset: "any" }, ...more }) as unknown as TraceResult;
const counted = (more: object) => [...countedAssets(result(more))].filter((asset) => asset !== WRAPPED).sort();

describe("what of a result counts as money", () => {
	it("is the coin, its wrapped form and tokens that are known, and no token that merely arrived", () => {
		expect(counted({ edges: [edge(ETHER), edge(USDT), edge(a)], leaves: [leaf(b)] })).toEqual([USDT, ETHER].sort());
		expect(countedAssets(result({})).has(WRAPPED)).toBe(true);
	});

	it("is what a person named: by a seed of a transaction, by --asset; an account's seed names no token", () => {
		expect(counted({ seeds: [seed("tx:0x1", [a]), seed("account:0x1", [b])] })).toEqual([a]);
		expect(counted({ seeds: [seed("account:0x1", [a, b])], parameters: { seedAsset: b } })).toEqual([b]);
		expect(counted({ parameters: {} })).toEqual([]);
		expect(counted({ seeds: [seed("account:0x1", [], [{ asset: a, passage: "k" }, { asset: b }])] })).toEqual([a]);
	});

	it("is what came of money by exchanges, one after another in any order, and not what money came of", () => {
		expect(counted({ edges: [edge(b, c), edge(a, b), edge(ETHER, a), edge(d, ETHER)] })).toEqual([a, b, c, ETHER].sort());
	});

	it("is what came of it through a passage that is followed; a lead, and a way out that nobody knows, bring nothing", () => {
		const passage = (tier: string, paid: string, got?: string) => ({
			tier,
			paid: { asset: paid },
			...(got === undefined ? {} : { got: { asset: got } }),
		});
		const passages = [
			passage("structural", ETHER, a),
			passage("lead", ETHER, b),
			passage("structural", ETHER),
			passage("structural", d, c),
		];
		expect(counted({ edges: [edge(ETHER)], passages })).toEqual([a, ETHER].sort());
	});
});

describe("a result as people are shown it", () => {
	it("is the same one where everything counts", () => {
		const whole = result({ edges: [edge(ETHER)], leaves: [leaf(ETHER)], seeds: [seed("tx:0x1", [ETHER])] });
		expect(countedOf(whole)).toEqual({ counted: whole, others: undefined });
	});

	it("leaves out what does not count, keeps exchanges with one side that does, and says how much was left out", () => {
		const given = result({
			seeds: [seed("account:0x1", [ETHER, a], [{ asset: ETHER }, { asset: a }])],
			edges: [edge(ETHER), edge(a), edge(a), edge(b, ETHER), edge(a, b)],
			leaves: [leaf(ETHER), leaf(a)],
		});
		const { counted: shown, others } = countedOf(given);
		expect(shown.edges).toEqual([edge(ETHER), edge(b, ETHER)]);
		expect(shown.leaves).toEqual([leaf(ETHER)]);
		expect(shown.seeds).toEqual([seed("account:0x1", [ETHER], [{ asset: ETHER }])]);
		expect(others).toBe("other tokens, not counted: 2 contracts at 1 end point, in 3 rows");
		const one = countedOf(result({ edges: [edge(a)], leaves: [leaf(a), leaf(a)] }));
		expect(one.others).toBe("other tokens, not counted: 1 contract at 2 end points, in 1 rows");
	});
});
