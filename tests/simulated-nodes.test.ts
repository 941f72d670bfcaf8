import { join } from "node:path";
import type { Evaluation } from "@clew/tracer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUPPET_CODE } from "../packages/chains/src/acting/puppet.js";
import { type Btcd, obtainBtcd, startBtcd } from "../scripts/services/btcd.js";
import { compilePuppet, startAnvil } from "./anvil.js";
import { clew, mustClew, scratch } from "./clew.js";

const binary = obtainBtcd();
const evaluated = (world: string) => JSON.parse(mustClew("evaluate", world, "--json")) as Evaluation;
const FRESH = ["--order", "fifo", "--disable-pool-balance-checks", "--base-fee", "0"];

it("puppets are what their source says", () => {
	expect(PUPPET_CODE).toBe(compilePuppet());
});

describe("a made-up world of accounts, played on two real nodes", () => {
	const folder = scratch();
	let nodes: Awaited<ReturnType<typeof startAnvil>>[];
	beforeAll(async () => {
		nodes = await Promise.all(["424242", "424243"].map((chain) => startAnvil("--chain-id", chain, ...FRESH)));
	});
	afterAll(async () => {
		for (const node of nodes ?? []) await node.stop();
	});

	it("is fetched with every hash recomputed, and measures like the same world made up", () => {
		const args = ["simulate", "--seed", "4", "--size", "5000", "--scenario", "exchange,swap,bridge,mixer"];
		const rpc = nodes.flatMap(({ url }) => ["--rpc", url]);
		const [played, madeUp] = [join(folder, "played"), join(folder, "made-up")];
		mustClew(...args, "--out", played, ...rpc);
		mustClew(...args, "--out", madeUp);
		const [real, invented] = [evaluated(played), evaluated(madeUp)];
		const counts = ({ heuristics }: Evaluation) => heuristics.map(({ heuristic, found, right, there }) => [heuristic, found, right, there]);
		expect(counts(real)).toEqual(counts(invented));
		// Gas that was paid for and not used is left in accounts: some thousandths.
		for (const [i, { playbook, known, byRule }] of real.playbooks.entries())
			for (const [rule, { precision, recall }] of Object.entries(byRule)) {
				const other = invented.playbooks[i]?.byRule[rule];
				expect(Math.abs(precision - (other?.precision ?? -1)), `${playbook} ${known} ${rule}`).toBeLessThan(10);
				expect(Math.abs(recall - (other?.recall ?? -1)), `${playbook} ${known} ${rule}`).toBeLessThan(10);
			}
		expect(real.playbooks.find(({ playbook, known }) => playbook === "bridge" && known)?.byRule["fifo"]?.recall).toBeGreaterThan(990);
	});

	it("is not played on a chain that has blocks, nor on one node alone", () => {
		const [one, two] = nodes.map(({ url }) => url) as [string, string];
		const again = clew(["simulate", "--size", "5000", "--out", join(folder, "again"), "--rpc", one, "--rpc", two]);
		expect(again).toMatchObject({ code: 4, err: expect.stringContaining("has blocks already") });
		const alone = clew(["simulate", "--size", "5000", "--out", join(folder, "alone"), "--rpc", one]);
		expect(alone).toMatchObject({ code: 2, err: expect.stringContaining("two nodes") });
	});
});

describe.skipIf(binary === undefined)("a made-up world of outputs, played on a real node", () => {
	const folder = scratch();
	let node: Btcd;
	beforeAll(async () => {
		node = await startBtcd(binary as string);
	});
	afterAll(() => node?.stop());

	it("is signed, mined, taken by the node, and measures exactly like the same world made up", () => {
		const args = ["simulate", "--bitcoin", "--seed", "6", "--size", "2000"];
		const [played, madeUp] = [join(folder, "played"), join(folder, "made-up")];
		mustClew(...args, "--out", played, "--rpc", node.url);
		mustClew(...args, "--out", madeUp);
		expect(evaluated(played)).toEqual(evaluated(madeUp));
		const again = clew([...args, "--out", join(folder, "again"), "--rpc", node.url]);
		expect(again).toMatchObject({ code: 4, err: expect.stringContaining("has blocks already") });
	});
});
