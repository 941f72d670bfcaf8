import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	accountId,
	type ChainEvent,
	type ChainId,
	type DecodedBlock,
	type GraphStore,
	type Hash,
	nativeAsset,
	type TraceResult,
} from "@clew/core";
import { createCase } from "@clew/graph-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";

const [HERE, THERE] = ["eip155:1", "eip155:10"] as [ChainId, ChainId];
const address = (digit: string) => `0x${digit.repeat(40)}`;
const [VICTIM, THIEF, HAND, BRIDGE, FAR, DESK] = ["a", "b", "c", "d", "e", "f"].map(address) as [
	string,
	string,
	string,
	string,
	string,
	string,
];
const UNIT = 10n ** 9n;
const NODE = { id: "node:n", kind: "node", name: "node", sha256: "", detail: "" } as const;
const hashOf = (text: string) => `0x${createHash("sha256").update(text).digest("hex")}` as Hash;
const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A block with one payment, and on demand what a bridge's contract logs of it. */
function block(chain: ChainId, height: number, from: string, to: string, amount: bigint, log?: Partial<ChainEvent>): DecodedBlock {
	const hash = hashOf(`tx ${chain} ${height}`);
	const id = (who: string) => accountId(chain, who);
	const event = log && {
		...{ chain, position: { height, txIndex: 0, eventIndex: 16_400 }, txHash: hash, protocol: "across", contract: id(BRIDGE) },
		...{ kind: "bridge-out", details: {} as Record<string, string> },
		...log,
	};
	return {
		header: { height, hash: hashOf(`${chain} ${height}`), parent: hashOf(`${chain} ${height - 1}`), time: 1_700_000_000 + height },
		transactions: [
			{
				hash,
				height,
				txIndex: 0,
				status: "succeeded",
				transfers: [{ kind: "native", from: id(from), to: id(to), asset: nativeAsset(chain), amount }],
			},
		],
		kinds: ["native", "internal", "token", "fee"],
		contracts: [],
		...(event ? { events: [event as ChainEvent] } : {}),
		gaps: [],
		provenance: "node",
	} as unknown as DecodedBlock;
}

const crossing = (n: number, amount: bigint, from: string, to: string, heights: readonly [number, number], back = false) => {
	const [near, far] = back ? [THERE, HERE] : [HERE, THERE];
	const key = `across:${near.slice(7)}:${n}`;
	return {
		deposit: block(near, heights[0], from, BRIDGE, amount, { key, details: { amount: `${amount}`, toChain: far, receiver: to } }),
		fill: block(far, heights[1], BRIDGE, to, amount - 1n, {
			...{ kind: "bridge-in", key, account: accountId(far, to) },
			details: { amount: `${amount - 1n}`, fromChain: near },
		}),
	};
};

/** A case of these blocks, with the bridge and the desk labelled on both chains. */
async function world(name: string, blocks: Readonly<Record<string, readonly DecodedBlock[]>>, more?: (store: GraphStore) => Promise<void>) {
	const store = await createCase(at(name), { title: "Two chains", chain: HERE, at: "2026-01-01T00:00:00Z" });
	for (const [chain, list] of Object.entries(blocks)) {
		await store.putBlocks(chain as ChainId, list, NODE);
		const heights = list.map(({ header }) => header.height);
		await store.putCoverage([
			{
				...{ chain: chain as ChainId, fromHeight: Math.min(...heights), toHeight: Math.max(...heights) },
				...{ kinds: ["native", "internal", "token"], source: NODE.id, note: "" },
			},
		]);
	}
	await more?.(store);
	await store.close();
	writeFileSync(at("labels.csv"), `address,entity,category\n${BRIDGE},Across,bridge\n${DESK},Kraken,exchange\n`);
	for (const chain of [HERE, THERE])
		mustClew("label", "import", at("labels.csv"), "--source", "l", "--confidence", "90", "--chain", chain, "--case", at(name));
	return at(name);
}

const steal = `tx:${hashOf(`tx ${HERE} 10`)}`;
/** The traces that one run printed and kept, by chain. */
function traced(place: string, ...more: string[]): Record<string, TraceResult> {
	const { out } = clew(["trace", "--case", place, "--seed", steal, ...more]);
	const ids = [...out.matchAll(/^trace ([0-9a-f]{16}):/gm)].map(([, id = ""]) => id);
	const results = ids.map((id) => {
		mustClew("export", "--case", place, "--trace", id, "--out", at(`b-${id}`));
		mustClew("verify", at(`b-${id}`));
		return JSON.parse(readFileSync(at(`b-${id}/trace.json`), "utf8")) as TraceResult;
	});
	for (const id of ids) rmSync(at(`b-${id}`), { recursive: true });
	return Object.fromEntries(results.map((result) => [result.chain, result]));
}
/** All that a check says of an address on the other chain, in its document. */
const said = (place: string, who: string) => clew(["check", who, "--chain", THERE, "--case", place, "--json"]).out;
const leafAt = (result: TraceResult | undefined, who: string) =>
	result?.leaves.filter(({ account }) => account.toLowerCase().endsWith(who.slice(2))).map(({ agreed, range }) => [agreed, range[1]]);

describe("what is open where money goes over a bridge", () => {
	const { deposit, fill } = crossing(1, 150n * UNIT, THIEF, FAR, [12, 20]);
	const on = block(THERE, 21, FAR, DESK, 60n * UNIT);
	let place = "";
	beforeAll(async () => {
		// The thief pays 150 of 100 stolen: 50 or more came in of which the case knows nothing.
		place = await world("open.clew", {
			[HERE]: [block(HERE, 10, VICTIM, THIEF, 100n * UNIT), block(HERE, 11, THIEF, HAND, 30n * UNIT), deposit],
			[THERE]: [fill, on],
		});
	});

	it("is open where it comes out, and a gap says so", () => {
		const { [HERE]: near, [THERE]: far } = traced(place);
		expect(near?.coverage.gaps).toContainEqual(expect.objectContaining({ kind: "missing-inflow" }));
		expect(leafAt(near, BRIDGE)).toEqual([["70000000000", "100000000000"]]);
		expect(far?.coverage.gaps).toContainEqual(expect.objectContaining({ kind: "open-passage", account: accountId(THERE, FAR) }));
		// At least 70 of what came is tainted; of it 60 may have gone to the desk, or none.
		const [[agreed = "", most = ""] = []] = leafAt(far, FAR) ?? [];
		expect([Number(agreed) / 1e9, Number(most) / 1e9]).toEqual([expect.closeTo(10, 3), expect.closeTo(90, 3)]);
		expect(leafAt(far, DESK)).toEqual([["0", "60000000000"]]);
	});

	it("is asked of nobody as agreed", () => {
		const { [THERE]: far } = traced(place);
		expect(clew(["freeze", "--case", place, "--trace", far?.id ?? "", "--out", at("asks")])).toMatchObject({ code: 3 });
		const out = mustClew("trace", "--case", place, "--seed", steal);
		expect(out).toContain("what came over passages is open where it went in");
	});
});

describe("a what-if over a bridge", () => {
	const { deposit, fill } = crossing(1, 100n, THIEF, DESK, [12, 20]);
	it("is one on the other side, too, in every request, and answers nothing for a check", async () => {
		const place = await world("whatif.clew", { [HERE]: [block(HERE, 10, VICTIM, THIEF, 100n), deposit], [THERE]: [fill] });
		const words = "where the seeds stand: --amount: at most 10 base units a seed | --asset: only eip155:1/slip44:60";
		const { [THERE]: far } = traced(place, "--amount", "10", "--until", "15");
		expect(far?.parameters).toMatchObject({ whatIf: `${words} | --until: nothing after block 15` });
		mustClew("freeze", "--case", place, "--trace", far?.id ?? "", "--out", at("what-if"));
		const [packet = ""] = readdirSync(at("what-if"));
		expect(readFileSync(at(`what-if/${packet}/request.txt`), "utf8").replaceAll(/\s+/g, " ")).toContain(words);
		mustClew("verify", at("what-if"));
		const checked = clew(["check", address("9"), "--chain", THERE, "--case", place]);
		expect(checked.out).not.toContain("Nothing here warns");
	});
});

describe("a trace whose money came from another chain", () => {
	it("is of before when that chain was written since, and nobody is asked by it; the new one stands for it", async () => {
		const { deposit, fill } = crossing(1, 100n, THIEF, DESK, [12, 20]);
		const place = await world("before.clew", { [HERE]: [block(HERE, 10, VICTIM, THIEF, 100n), deposit], [THERE]: [fill] });
		const { [THERE]: far } = traced(place);
		const { openCase } = await import("@clew/graph-store");
		const store = await openCase(place);
		await store.rollback(HERE, 12);
		await store.close();
		const asked = (words: string[]) => clew([...words, "--case", place, "--trace", far?.id ?? "", "--out", at("old")]);
		for (const words of [["freeze"], ["export"]])
			expect(asked(words)).toMatchObject({ code: 3, err: expect.stringContaining("came over passages from another chain") });
		expect(said(place, DESK)).toContain("data or labels were written since");
		const again = traced(place);
		expect(Object.keys(again)).toEqual([HERE]);
		expect(said(place, DESK)).not.toContain("arrived");
	});

	it("leaves open who else got some while data of the other chain is newer", async () => {
		const one = crossing(1, 40n, THIEF, HAND, [12, 20]);
		const two = crossing(2, 60n, THIEF, FAR, [13, 21]);
		const place = await world("newer.clew", { [HERE]: [block(HERE, 10, VICTIM, THIEF, 100n), one.deposit], [THERE]: [one.fill, two.fill] });
		traced(place);
		const { openCase } = await import("@clew/graph-store");
		const store = await openCase(place);
		await store.putBlocks(HERE, [two.deposit], NODE);
		await store.close();
		expect(said(place, FAR)).toContain("full trace of stolen money on this chain by what it holds now");
	});
});

describe("more passages in a row than are followed", () => {
	it("are said on every chain, where they stop, and close no question", async () => {
		const near: DecodedBlock[] = [block(HERE, 10, VICTIM, THIEF, 1_000n)];
		const far: DecodedBlock[] = [];
		for (let n = 0; n < 70; n++) {
			const back = n % 2 === 1;
			const { deposit, fill } = crossing(n + 1, 1_000n - BigInt(n), n === 0 ? THIEF : FAR, FAR, [100 + 2 * n, 101 + 2 * n], back);
			(back ? far : near).push(deposit);
			(back ? near : far).push(fill);
		}
		const place = await world("many.clew", { [HERE]: near, [THERE]: far });
		const results = Object.values(traced(place));
		expect(results.map(({ parameters }) => parameters["whatIf"])).toEqual([
			"passages: no more than 64 in a row are followed",
			"passages: no more than 64 in a row are followed; where the seeds stand: passages: no more than 64 in a row are followed",
		]);
		const gaps = results.flatMap(({ coverage }) => coverage.gaps.filter(({ kind }) => kind === "unfollowed-passage"));
		expect(gaps).toEqual([expect.objectContaining({ account: expect.stringContaining(FAR.slice(2)) })]);
		expect(clew(["check", address("9"), "--chain", THERE, "--case", place]).code).toBe(5);
	});
});
