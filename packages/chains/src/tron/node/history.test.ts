import { type AccountHistory, type ChainId, NodeError, trustedAccountId } from "@clew/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { message } from "../made-up.test-util.js";
import { type Made, paidInside, serveChain, trx, usdt } from "./fake-chain.test-util.js";
import { FakeTronNode } from "./fake-node.test-util.js";
import { connectTronSource } from "./source.js";

const TRON = "tron:0x2b6653dc" as ChainId;
const [ANN, BOB, POOL] = ["TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy", "TPL66VK2gCXNCD7EJg9pgJRfqcRazjhUZY"];
const ACCOUNT = trustedAccountId(TRON, BOB as string);
const [FIRST, LAST] = [1_000, 1_090];
const ALL = /^v1\/accounts\/.*transactions/;
/** Where BOB takes part; 1012 only in a call that another account made, 1040 only as a receiver of tokens. */
const MADE: Record<number, readonly Made[]> = {
	1003: [trx(ANN, BOB, 50)],
	1004: [trx(ANN, POOL, 50)],
	1010: [trx(BOB, ANN, 5, 1), usdt(BOB, ANN, 7)],
	1012: [paidInside(ANN, POOL, BOB, 11)],
	1040: [usdt(ANN, BOB, 9), usdt(ANN, BOB, 9, 1)],
	1041: [trx(BOB, ANN, 5, 2, message([3, 2]))],
	1080: [usdt(BOB, POOL, 4)],
};
const PLACES = [1_003, 1_010, 1_012, 1_040, 1_041, 1_080];

let node: FakeTronNode;
let url: string;
const open = () => connectTronSource(url, TRON, { sleep: async () => {}, attempts: 2 });
beforeAll(async () => {
	node = new FakeTronNode();
	url = await node.listen();
});
beforeEach(() => {
	// Made once: signing blocks takes longer than all that is asked of them.
	if (node.blocks.size === 0) serveChain(node, FIRST, LAST, MADE);
	node.edit = (_, json) => json;
	node.fault = () => undefined;
	node.grid = { lists: ALL, limit: 200 };
});
afterAll(() => node.close());

/** Every step of a history, in order. */
async function whole(history: AccountHistory, from = FIRST, to = LAST) {
	const steps = [];
	for (let at = from; at <= to; ) {
		const step = await history.activity(ACCOUNT, at, to);
		expect(step.through).toBeGreaterThanOrEqual(at);
		steps.push(step);
		at = step.through + 1;
	}
	return { heights: steps.flatMap(({ heights }) => heights), kinds: steps[0]?.kinds, steps: steps.length };
}

describe("the history of an account", () => {
	it("is where it takes part by transactions, tokens and calls inside others' transactions", async () => {
		const found = await whole(await (await open()).history());
		expect(found).toEqual({ heights: PLACES, kinds: ["internal", "native", "token"], steps: 1 });
		expect((await whole(await (await open()).history(), 1_004, 1_040)).heights).toEqual([1_010, 1_012, 1_040]);
	});

	it("does not claim calls inside transactions where the index has no list of them", async () => {
		node.grid = { lists: /transactions(\/trc20)?$/, limit: 200 };
		node.fault = (path) => (path.endsWith("internal-transactions") ? { status: 404, body: "not found" } : undefined);
		const found = await whole(await (await open()).history());
		expect(found).toMatchObject({ heights: PLACES.filter((height) => height !== 1_012), kinds: ["native", "token"] });
	});

	it.each([1, 2, 3])("is whole whatever a page holds: %i rows", async (limit) => {
		node.grid = { lists: ALL, limit };
		const found = await whole(await (await open()).history());
		expect(found.heights).toEqual(PLACES);
		expect(found.steps).toBeGreaterThan(1);
	});

	it("asks few transactions for their block in one step", async () => {
		const made = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [FIRST + i, [usdt(ANN as string, BOB as string, 1, i)]]));
		node.blocks.clear();
		serveChain(node, FIRST, FIRST + 60, made);
		const { heights, steps } = await whole(await (await open()).history(), FIRST, FIRST + 60);
		node.blocks.clear();
		expect([heights.length, steps]).toEqual([60, 3]);
	});

	it("sends its key to the lists, too", async () => {
		const keyed = url.replace("http://", "http://some-secret-key@");
		await (await connectTronSource(keyed, TRON)).history();
		expect(node.headers.at(-1)).toMatchObject({ "tron-pro-api-key": "some-secret-key" });
	});
});

describe("a node without TronGrid's lists", () => {
	it("says so, and what closes it", async () => {
		node.grid = undefined;
		const failure = await (await open()).history().catch((error: unknown) => error);
		expect(failure).toMatchObject({ code: "NODE_UNSUPPORTED", hint: expect.stringContaining("api.trongrid.io") });
	});
});

type Answer = { data: Record<string, unknown>[]; meta: Record<string, unknown>; success: boolean };
/** Rows between pages: a page whose rows are all of one block is followed to the next. */
const changed: readonly [string, (answer: Answer, path: string) => unknown, RegExp][] = [
	["did not succeed", () => ({ success: false, error: "busy", statusCode: 200 }), /did not succeed: busy/],
	["tells no success", ({ data, meta }) => ({ data, meta }), /success/],
	["has no list", ({ meta, success }) => ({ meta, success }), /data/],
	["goes back in time", (answer) => ({ ...answer, data: [...answer.data].reverse() }), /go back in time/],
	[
		"tells rows of other times",
		(answer) => ({ ...answer, data: [...answer.data, { txID: "0".repeat(64), block_timestamp: 5 }] }),
		/asked for/,
	],
	["says that there is more and tells none", (answer) => ({ ...answer, data: [], meta: { fingerprint: "x" } }), /tells none/],
	["repeats", (answer) => ({ ...answer, data: answer.data.slice(0, 1), meta: { fingerprint: "x" } }), /repeat/],
	[
		"is cut inside a block",
		(answer) => ({ ...answer, data: answer.data.slice(0, 1), meta: { links: { next: "u" } } }),
		/where the next begins/,
	],
	["names no transaction", (answer) => ({ ...answer, data: answer.data.map(({ block_timestamp }) => ({ block_timestamp })) }), /names no/],
	["tells no time", (answer) => ({ ...answer, data: answer.data.map(({ txID }) => ({ txID })) }), /block_timestamp/],
	[
		"names another block for a time",
		(answer) => ({ ...answer, data: answer.data.map((row) => ({ ...row, blockNumber: 1_050 })) }),
		/is said to be in block 1050/,
	],
];

describe("an index whose answer", () => {
	it.each(changed)("%s is an error, and never nothing more", async (_, change, why) => {
		const history = await (await open()).history();
		node.edit = (path, json) => (path.endsWith("/transactions") ? change(json as Answer, path) : json);
		const failure = await history.activity(ACCOUNT, FIRST, LAST).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(NodeError);
		expect((failure as NodeError).message).toMatch(why);
	});

	it("lists a transaction that is in no block, or in a block of another time, is an error", async () => {
		const history = await (await open()).history();
		const infos = (json: unknown) => {
			node.edit = (path, told) => (path.endsWith("infobyid") ? json : told);
		};
		infos({});
		await expect(history.activity(ACCOUNT, 1_012, LAST)).rejects.toThrow("is known in no block");
		infos({ blockNumber: 1_012, blockTimeStamp: 1_700_000_000_000 });
		await expect(history.activity(ACCOUNT, 1_012, LAST)).rejects.toThrow("of another time");
	});
});
