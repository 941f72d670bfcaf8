import { TEST_CHAIN, testAccount } from "@clew/core/testing";
import { beforeAll, expect, it } from "vitest";
import { BITCOIN, type Loose } from "../blocks.test-util.js";
import { complaintsOf, smallTrace } from "../bundle.test-util.js";
import { isAccount, isAsset, isChain } from "../chain-family/registry.js";
import { canonical } from "../encoding/canonical.js";
import type { Trace } from "./formats.js";
import { isSeed } from "./seed-form.js";

let trace: Trace;
beforeAll(async () => {
	trace = JSON.parse(canonical(await smallTrace())) as Trace;
});
/** The trace with a text replaced wherever it stands. */
const renamed = (from: string, to: string) => (t: Loose<Trace>) => Object.assign(t, JSON.parse(JSON.stringify(t).replaceAll(from, to)));

it("assets and accounts have the form of their chain's family", () => {
	const coin = `${TEST_CHAIN}/slip44:60`;
	const contract = `0x${"a".repeat(40)}`;
	for (const asset of [coin, `${TEST_CHAIN}/erc20:${contract}`, `${BITCOIN}/slip44:0`, "toy:a/anything"])
		expect([asset, isAsset(asset)]).toEqual([asset, true]);
	for (const asset of [`${TEST_CHAIN}/coin:eth`, `${TEST_CHAIN}/slip44:61`, `${BITCOIN}/token:btc`, `${BITCOIN}/slip44:1`, "nothing"])
		expect([asset, isAsset(asset)]).toEqual([asset, false]);
	expect(isAccount(`${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, BITCOIN)).toBe(true);
	expect(isAccount(`${TEST_CHAIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, TEST_CHAIN)).toBe(false);
	expect(isAccount(`${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, TEST_CHAIN)).toBe(false);
	expect(complaintsOf(trace)).toEqual([]);
	expect(complaintsOf(trace, renamed(coin, `${TEST_CHAIN}/coin:eth`))).toContain(
		`trace.json: names "${TEST_CHAIN}/coin:eth", which is no asset of its chain`,
	);
	const elsewhere = `${BITCOIN}:1BinanceHotWallet`;
	expect(complaintsOf(trace, renamed(testAccount(2), elsewhere))).toContain(
		`trace.json: names "${elsewhere}", which is no account of ${TEST_CHAIN}`,
	);
	expect(complaintsOf(trace, renamed(coin, "eip155:56/slip44:60"))).toContain(
		`trace.json: moves "eip155:56/slip44:60", which is not of ${TEST_CHAIN}`,
	);
});

it("a transaction has one name, in the form of its chain, wherever a trace names it", () => {
	const [{ txHash }] = trace.edges as [Trace["edges"][number]];
	const bare = txHash.slice(2);
	const where = `is of transaction "${bare}", which is no hash as ${TEST_CHAIN} writes it`;
	const [row] = trace.seeds.flatMap(({ rows }) => rows);
	const places = complaintsOf(trace, renamed(txHash, bare)).filter((one) => one.endsWith(where));
	expect(places).toEqual([`trace.json edge 1: ${where}`, `trace.json seed 1 at ${row?.position}: ${where}`]);
	const { kind: _, ...moved } = trace.edges[0] as Trace["edges"][number];
	const passage = { ...moved, to: `${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, asset: `${BITCOIN}/slip44:0` };
	const across = (got: object) => (t: Loose<Trace>) =>
		Object.assign(t, { passages: [{ key: "k", tier: "structural", paid: trace.edges[1], got: { ...passage, ...got } }] });
	const from = `${BITCOIN}:1BoatSLRHtKNngkdXEeobR76b53LETtpyT`;
	expect(complaintsOf(trace, across({ from, txHash: bare }))).toEqual([]);
	expect(complaintsOf(trace, across({ from }))).toEqual([
		`trace.json passage 1: is of transaction "${txHash}", which is no hash as ${BITCOIN} writes it`,
	]);
	expect([`tx:${bare}`, `tx:0x${bare}`].map((spec) => isSeed(spec, BITCOIN))).toEqual([true, false]);
	expect([`tx:${bare}`, `tx:0x${bare}`].map((spec) => isSeed(spec, TEST_CHAIN))).toEqual([false, true]);
});

it("a trace holds no more of the coin than there is, in rows and seeds", () => {
	const most = "9".repeat(40);
	const found = complaintsOf(trace, (t) => t.seeds.flatMap(({ rows }) => rows.map((row) => (row.amount = most))));
	expect(found).toContainEqual(expect.stringMatching(/^trace.json seed 1 at \S+: moves 9{40} of \S+, more than there is$/));
	expect(complaintsOf(trace, (t) => t.edges.map((edge) => (edge.amount = most)))).toContainEqual(
		expect.stringMatching(/^trace.json edge 1: moves 9{40} of \S+, more than there is$/),
	);
});

it("a trace ranks by a rule, and each seed is the origin of its place", () => {
	expect(complaintsOf(trace, (t) => (t.parameters["rankBy"] = "approved"))).toContain(
		'trace.json: ranks by "approved", a rule that there is not',
	);
	expect(complaintsOf(trace, (t) => Object.assign(t.seeds[0] ?? {}, { origin: 7 }))).toContain(
		"trace.json seed 1: calls itself origin 7, not 0",
	);
});

it("money came by what an account was paid, not by what it paid", () => {
	const [out] = trace.edges.filter(({ from }) => from === testAccount(1));
	const found = complaintsOf(trace, (t) => {
		t.leaves.push({ ...structuredClone(t.leaves[0] as (typeof t.leaves)[0]), account: testAccount(1) });
		Object.assign(t.leaves.at(-1) ?? {}, { arrivals: { first: out?.position ?? "", last: out?.position ?? "", count: 1 } });
	});
	expect(found).toContain(
		`trace.json leaf ${trace.leaves.length + 1}: says that money came at ${out?.position}, where no row brings it any`,
	);
});

it("a chain has one id, in the form of its family", () => {
	expect(["eip155:1", "eip155:31337", BITCOIN, "toy:a"].map(isChain)).toEqual([true, true, true, true]);
	for (const chain of [
		"eip155:01",
		"eip155:0",
		"eip155:1e1",
		"eip155:",
		"eip155",
		`${BITCOIN}0`,
		BITCOIN.toUpperCase(),
		"ethereum mainnet:1",
	])
		expect([chain, isChain(chain)]).toEqual([chain, false]);
	expect(isAsset("eip155:01/slip44:60")).toBe(false);
	expect(complaintsOf(trace, renamed(TEST_CHAIN, TEST_CHAIN.replace(":", ":0")))).toContainEqual(
		expect.stringContaining("which is no id of a chain as it is written"),
	);
});
