import {
	type AccountActivity,
	type AccountHistory,
	evmChainId,
	type Hash,
	NodeError,
	nativeAsset,
	type Transfer,
	trustedAccountId,
} from "@clew/core";
import { describe, expect, it } from "vitest";
import { againstNode } from "./against-node.js";

const CHAIN = evmChainId(1);
const ACCOUNT = trustedAccountId(CHAIN, `0x${"0a".repeat(20)}`);
const HEAD = 1_000;

/** A payment to the account, as a node told it. */
const paid = (height: number): Transfer => ({
	chain: CHAIN,
	position: { height, txIndex: 0, eventIndex: 1 },
	txHash: `0x${height.toString(16).padStart(64, "0")}` as Hash,
	from: trustedAccountId(CHAIN, `0x${"0b".repeat(20)}`),
	to: ACCOUNT,
	asset: nativeAsset(CHAIN),
	amount: 1n,
	kind: "native",
	provenance: "node",
	source: "node",
});

interface World {
	/** Heights of payments that the node told of. */
	readonly known?: readonly number[];
	/** What the index lists, and up to which block. */
	readonly listed?: readonly number[];
	readonly signed?: readonly number[];
	readonly newest?: number;
	/** How many transactions the node counts at the head, and before. */
	readonly count?: number;
	readonly countBefore?: number | "no state";
	/** Numbers that the index lists as signed before. */
	readonly signedBefore?: readonly number[];
	readonly kind?: "none" | "contract";
}

/** What is found of the account from a height to the head, and what was said. */
async function found(
	{ known = [], listed = [], signed, newest, count, countBefore = 0, signedBefore = [], kind = "none" }: World,
	from = 10,
) {
	const said: string[] = [];
	const index: AccountHistory = {
		method: "index",
		newest: async () => newest,
		activity: async (_, first, last): Promise<AccountActivity> => ({
			heights: listed.filter((height) => height >= first && height <= last),
			through: last,
			kinds: ["internal", "native", "token"],
			...(signed === undefined ? {} : { signed: last < from ? signedBefore : signed }),
		}),
	};
	const own: AccountHistory = {
		method: "logs",
		activity: async (_, first, last) => ({ heights: [Math.max(first, 500)], through: last, kinds: ["token"] }),
	};
	const history = againstNode(
		{
			transfersOf: async (_, { fromHeight = 0, toHeight = HEAD }) => ({
				transfers: known.filter((h) => h >= fromHeight && h <= toHeight).map(paid),
				next: undefined,
			}),
		},
		{
			chain: CHAIN,
			transactionCount: async (_, height) => {
				if (height >= from) return count ?? 0;
				if (countBefore === "no state") throw new NodeError("NODE_UNSUPPORTED", "node", "missing trie node");
				return countBefore;
			},
			codeOf: async () => ({ kind }),
		},
		index,
		async () => own,
		(words) => said.push(words),
	);
	return { ...(await history.activity(ACCOUNT, from, HEAD)), said: said.join("; "), spent: history.spent?.(), history };
}

const ALL = ["internal", "native", "token"];

describe("an index that is held against the node", () => {
	it("is believed while it lists what the node told and as many as the node counts", async () => {
		expect(await found({ known: [10], listed: [10, 20, 30], signed: [4, 5], count: 6, countBefore: 4 })).toMatchObject({
			kinds: ALL,
			said: "",
			heights: [10, 20, 30],
		});
		expect(await found({ known: [10], listed: [10], signed: [], count: 0 })).toMatchObject({ kinds: ALL, said: "" });
		expect(await found({ known: [10], listed: [10], signed: [], count: 7, countBefore: 7 })).toMatchObject({ kinds: ALL, said: "" });
	});

	it("counts as a part where it leaves out a transaction that the node told, as one of another chain does", async () => {
		const one = await found({ known: [10], listed: [] });
		expect(one).toMatchObject({ kinds: ["token"], heights: [500] });
		expect(one.said).toMatch(/does not list block 10, where the node has transaction 0x0+a \(is it of this chain/);
		// What it lists is looked at all the same.
		expect((await found({ known: [10], listed: [20] })).heights).toEqual([20, 500]);
	});

	it.each<[string, World, RegExp]>([
		["the first", { signed: [5, 6], count: 7, countBefore: 4 }, /not all since number 4/],
		[
			"a later one",
			{ signed: [4, 5], count: 7, countBefore: 4 },
			/lists 6 transactions that the account signed up to block 1000, and the node counts 7/,
		],
		[
			"one in between",
			{ signed: [4, 6], count: 7, countBefore: 4 },
			/2 transactions that the account signed, the last its number 6, and not all since number 4/,
		],
		[
			"every one since",
			{ signed: [], count: 3, countBefore: "no state", signedBefore: [0, 1] },
			/lists 2 transactions .* and the node counts 3/,
		],
		["every one", { signed: [], count: 2, countBefore: 1 }, /lists 1 transactions .* and the node counts 2/],
	])("counts as a part where it leaves out %s that the account signed", async (_, world: World, words) => {
		const one = await found({ known: [10], listed: [10], ...world });
		expect(one).toMatchObject({ kinds: ["token"], heights: [10, 500] });
		expect(one.said).toMatch(words);
	});

	it("is not doubted for what contracts count by making others", async () => {
		expect(await found({ known: [10], listed: [10], signed: [], count: 2, countBefore: 1, kind: "contract" })).toMatchObject({
			kinds: ALL,
			said: "",
		});
	});

	it("tells nothing behind the newest block that it has read: there the node is asked", async () => {
		const stale = await found({ known: [10], listed: [10, 20], newest: 600 });
		expect(stale).toMatchObject({ kinds: ALL, through: 600, heights: [10, 20] });
		expect(stale.said).toMatch(/read up to block 600, the node is asked up to 1000/);
		expect(await stale.history.activity(ACCOUNT, 601, HEAD)).toMatchObject({ kinds: ["token"], heights: [601], through: HEAD });
	});
});
