import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { JsonRpcProvider, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { type IndexProfile, startIndex } from "./providers/index-server.js";
import { OLD_STATES, ONE_BY_ONE, PARTIAL, PLAIN, WHOLE } from "./providers/profiles.js";
import { type Profile, startProvider } from "./providers/proxy.js";
import { startReplay } from "./providers/replay.js";

const ETHER = 10n ** 18n;
const CHAIN = "eip155:31337";
/** Transactions of others in each block of the theft. */
const OTHERS = 5;
const folder = scratch();
const wallet = (n: number, provider?: JsonRpcProvider) => new Wallet(`0x${(0xc1e0 + n).toString(16).padStart(64, "0")}`, provider);

interface Leaf {
	readonly account: string;
	readonly amounts: Record<string, Record<string, string>>;
	readonly stop: { readonly reason: string };
}

interface Edge {
	readonly txHash: string;
	readonly from: string;
	readonly to: string;
	readonly amount: string;
	readonly tainted: unknown;
	readonly provenance: string;
}

interface Followed {
	readonly requests: number;
	readonly open: readonly { readonly account: string; readonly why: string }[];
	readonly stopped?: string;
	readonly result: {
		readonly id: string;
		readonly leaves: readonly Leaf[];
		readonly edges: readonly Edge[];
		readonly coverage: { readonly gaps: readonly unknown[] };
	};
}

const ends = ({ result }: Followed) => result.leaves.map(({ account, amounts, stop }) => ({ account, amounts, reason: stop.reason }));
const edges = ({ result }: Followed) =>
	result.edges.map(({ txHash, from, to, amount, tainted }) => ({ txHash, from, to, amount, tainted }));

describe("a theft over four hands, followed through a provider", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let theft: string;
	let whole: Followed;
	/** Who else pays in the blocks of the theft. */
	let others: readonly string[] = [];

	const through = async (profile: Profile, ...more: string[]) => {
		const provider = await startProvider(node.url, profile);
		try {
			return { ...(await follow(provider.url, ...more)), asked: provider.asked };
		} finally {
			provider.close();
		}
	};
	const withIndex = async (profile: Profile, of: IndexProfile) => {
		const index = await startIndex(node.url, of);
		try {
			return await through(profile, "--history", index.url);
		} finally {
			index.close();
		}
	};
	const follow = async (url: string, ...more: string[]) => {
		const { code, out, err } = await clewAsync(["follow", theft, "--rpc", url, "--chain", CHAIN, "--json", ...more]);
		const answer = JSON.parse(out) as Followed;
		expect({ err, shape: undocumented("clew.follow/1", answer) }).toMatchObject({ shape: [] });
		return { code, err, answer };
	};

	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		const provider = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
		const send = async (from: number, to: number, value: bigint) => {
			const { hash } = await wallet(from, provider).sendTransaction({
				to: wallet(to).address,
				value,
				gasPrice: 2n * 10n ** 9n,
				gasLimit: 21_000n,
				type: 0,
			});
			for (const other of others)
				await provider.send("eth_sendTransaction", [{ from: other, to: other, value: "0x1", gas: "0x5208", gasPrice: "0x77359400" }]);
			await provider.send("evm_mine", []);
			return hash;
		};
		const [rich, ...rest] = (await provider.send("eth_accounts", [])) as string[];
		others = rest.slice(0, OTHERS);
		await provider.send("eth_sendTransaction", [{ from: rich, to: wallet(0).address, value: `0x${(100n * ETHER).toString(16)}` }]);
		await provider.send("anvil_mine", ["0x20"]);
		theft = await send(0, 1, 50n * ETHER);
		await provider.send("anvil_mine", ["0x40"]);
		await send(1, 2, 20n * ETHER);
		await send(1, 3, 25n * ETHER);
		await provider.send("anvil_mine", ["0x40"]);
		await send(2, 4, 19n * ETHER);
		await send(3, 5, 24n * ETHER);
		await provider.send("anvil_mine", ["0x10"]);
		provider.destroy();
		whole = (await follow(node.url)).answer;
		expect(whole.result.edges).toHaveLength(9);
	});
	afterAll(async () => {
		await node?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it.each(WHOLE)("$name: gives the amounts of the node itself", async (profile) => {
		const { code, answer, err } = await through(profile);
		expect({ code, err, open: answer.open, ends: ends(answer), edges: edges(answer) }).toEqual({
			code: 0,
			err,
			open: [],
			ends: ends(whole),
			edges: edges(whole),
		});
	});

	it.each(PARTIAL)("$name: gives a part of them, no other number, and says that it is one", async (profile) => {
		const { code, answer, err } = await through(profile);
		const all = edges(whole).map((edge) => JSON.stringify(edge));
		expect(edges(answer).filter((edge) => !all.includes(JSON.stringify(edge)))).toEqual([]);
		expect(answer.result.edges.length).toBeLessThan(whole.result.edges.length);
		const unfetched = answer.result.leaves.filter(({ stop }) => stop.reason !== "unspent");
		expect({ err, said: answer.open.length > 0 || unfetched.length > 0, gaps: answer.result.coverage.gaps.length > 0 }).toMatchObject({
			said: true,
			gaps: true,
		});
		expect(code).toBe(answer.stopped === undefined ? 0 : 5);
	});

	it("old states alone give every amount; of an address that never signed it stays open whether it paid", async () => {
		const { code, answer, err } = await through(OLD_STATES);
		expect({ code, edges: edges(answer) }).toEqual({ code: 0, edges: edges(whole) });
		expect(err).toMatch(/histories by eth_getTransactionCount and eth_getBalance by halves, eth_getLogs; each block .* costs/);
		expect(err).toMatch(/\d+ readings of old states found \d+ blocks of accounts/);
		const unread = answer.result.leaves.filter(({ stop }) => stop.reason === "unfetched").map(({ account }) => account);
		const fresh = [4, 5].map((n) => `${CHAIN}:${wallet(n).address.toLowerCase()}`);
		expect(new Set(unread)).toEqual(new Set(fresh));
	});

	it("receipts one by one: of blocks that are final the cited transactions alone, by the node's word, until a bundle proves them", async () => {
		const place = join(folder, "in-part.clew");
		mustClew("case", "new", place, "--title", "in part", "--chain", CHAIN);
		const { code, answer, asked } = await through(ONE_BY_ONE, "--case", place);
		const inBlocks = await through(OLD_STATES);
		expect({ code, edges: edges(answer), ends: ends(answer) }).toEqual({
			code: 0,
			edges: edges(inBlocks.answer),
			ends: ends(inBlocks.answer),
		});
		// A whole block costs a receipt for each of its transactions; those that are not final are fetched so.
		expect(asked.receipts).toBeGreaterThan(0);
		expect(asked.receipts).toBeLessThan(answer.result.edges.length * (OTHERS + 1));
		const tiers = new Set(answer.result.edges.map(({ provenance }) => provenance));
		expect(tiers).toEqual(new Set(["node-unverified", "node"]));
		const bundle = join(folder, "in-part");
		const exported = ["export", "--case", place, "--trace", answer.result.id, "--out", bundle, "--proofs", "--rpc", node.url];
		expect(await clewAsync(exported)).toMatchObject({ code: 0 });
		const verdict = await clewAsync(["verify", bundle, "--replay"]);
		expect(verdict).toMatchObject({ code: 0, out: expect.stringContaining("its receipts came without others") });
		expect(verdict.out).toContain(`${edges(answer).length} of ${edges(answer).length} rows proven`);
	});

	it("a file that begins late, completed by a node, replays to the byte", async () => {
		const place = join(folder, "late.clew");
		mustClew("case", "new", place, "--title", "late", "--chain", CHAIN);
		const thief = wallet(1).address.toLowerCase();
		const paid = edges(whole)
			.filter(({ from }) => from.endsWith(thief))
			.at(-1) as Edge;
		const ask = async (method: string, ...params: unknown[]) => {
			const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
			return (await (await fetch(node.url, { method: "POST", headers: { "content-type": "application/json" }, body })).json()).result;
		};
		const tx = await ask("eth_getTransactionByHash", paid.txHash);
		const { timestamp } = await ask("eth_getBlockByNumber", tx.blockNumber, false);
		const head =
			"blockNumber,timeStamp,hash,nonce,blockHash,transactionIndex,from,to,value,gas,gasPrice,isError,txreceipt_status,input,contractAddress,cumulativeGasUsed,gasUsed,confirmations";
		const number = (text: string) => BigInt(text).toString();
		const row = [
			number(tx.blockNumber),
			number(timestamp),
			tx.hash,
			number(tx.nonce),
			tx.blockHash,
			number(tx.transactionIndex),
			tx.from,
			tx.to,
		];
		const rest = [number(tx.value), "21000", number(tx.gasPrice), "0", "1", "0x", "", "21000", "21000", "50"];
		const file = join(folder, `txlist-${thief}.csv`);
		writeFileSync(file, `${head}\n${[...row, ...rest].join(",")}\n`);
		mustClew("import", "etherscan", file, "--case", place);
		const { answer } = await follow(node.url, "--case", place);
		const bundle = join(folder, "late");
		const exported = [
			"export",
			"--case",
			place,
			"--trace",
			answer.result.id,
			"--out",
			bundle,
			"--proofs",
			"--rpc",
			node.url,
			"--inputs",
			file,
		];
		expect(await clewAsync(exported)).toMatchObject({ code: 0 });
		expect(await clewAsync(["verify", bundle, "--replay"])).toMatchObject({
			code: 0,
			out: expect.stringContaining("and 1 files give the same trace"),
		});
	});

	it("what was told before a node went away is shown and kept, and the same call goes on from there", async () => {
		const gone = PARTIAL.find(({ name }) => name.includes("goes away")) as Profile;
		const place = join(folder, "kept.clew");
		mustClew("case", "new", place, "--title", "kept", "--chain", CHAIN);
		const first = await through(gone, "--case", place);
		expect([first.code, first.answer.stopped]).toEqual([5, expect.stringContaining("HTTP 503")]);
		expect(first.answer.open.map(({ why }) => why)).toContain("no answer");
		const again = await follow(node.url, "--case", place);
		expect({ code: again.code, edges: edges(again.answer) }).toEqual({ code: 0, edges: edges(whole) });
		expect(again.answer.requests).toBeLessThan(whole.requests);
	});

	it("a node that goes away is followed by the next, and every request to both is counted", async () => {
		const gone = PARTIAL.find(({ name }) => name.includes("goes away")) as Profile;
		const provider = await startProvider(node.url, gone);
		const other = await startProvider(node.url, { name: "another" });
		try {
			const { code, answer, err } = await follow(provider.url, "--rpc", other.url);
			expect({ code, edges: edges(answer) }).toEqual({ code: 0, edges: edges(whole) });
			expect(err).toContain("turned from");
			expect(answer.requests).toBeGreaterThan(whole.requests);
		} finally {
			for (const one of [provider, other]) one.close();
		}
	});

	it("one whose last block is old is passed over for one that is ahead", async () => {
		const old = (_: unknown, result: unknown) => {
			const block = result as { number?: string; timestamp?: string } | null;
			return block?.number === undefined ? result : { ...block, number: "0x10", timestamp: "0x5f5e1000" };
		};
		const lagging = await startProvider(node.url, {
			name: "lags",
			change: (call, result) => (call.method === "eth_getBlockByNumber" && call.params[0] === "latest" ? old(call, result) : result),
		});
		try {
			const { code, answer, err } = await follow(lagging.url, "--rpc", node.url);
			expect({ code, edges: edges(answer) }).toEqual({ code: 0, edges: edges(whole) });
			expect(err).toContain("its last block 16 is old");
		} finally {
			lagging.close();
		}
	});

	it("what an index tells besides a public node is looked up there, and is the node's own", async () => {
		const { code, answer } = await withIndex(PLAIN, {});
		expect({ code, edges: edges(answer) }).toEqual({ code: 0, edges: edges(whole) });
		// Calls nobody told: no end point is known to be one.
		expect(new Set(answer.open.map(({ why }) => why))).toEqual(new Set(["not told"]));
	});

	it.each<[string, IndexProfile, RegExp]>([
		["is behind, and says so", { newest: 120 }, /the index has read up to block 120, the node is asked up to 181/],
		[
			"is behind, and does not say so",
			{ newest: 120, says: false },
			/lists 0 transactions that the account signed up to block 181, and the node counts 1/,
		],
		["is of another chain", { without: () => true }, /does not list block 33, where the node has transaction 0x\w+ \(is it of this chain/],
		[
			"leaves out one payment",
			{ without: (tx) => Number(tx.blockNumber) === 98 },
			/lists 1 transaction that the account signed, the last its number 1, and not all since number 0/,
		],
	])("an index that %s is named, and what it tells is a part; old states tell the rest", async (_, index, words) => {
		const all = edges(whole).map((edge) => JSON.stringify(edge));
		const poor = await withIndex(PLAIN, index);
		expect(poor.err.replace(/\s+/g, " ")).toMatch(words);
		expect(edges(poor.answer).filter((edge) => !all.includes(JSON.stringify(edge)))).toEqual([]);
		expect(poor.answer.result.edges.length).toBeLessThan(whole.result.edges.length);
		expect(poor.answer.result.coverage.gaps.length).toBeGreaterThan(0);
		expect(edges((await withIndex(OLD_STATES, index)).answer)).toEqual(edges(whole));
	});

	it("a session that was recorded holds no key, and answers as its endpoints did", async () => {
		const file = join(folder, "session.jsonl");
		const [key, indexKey] = ["n0deKey7777777777", "1ndexKey888"];
		const index = await startIndex(node.url);
		const provider = await startProvider(node.url, PLAIN);
		const first = await follow(`${provider.url}/v3/${key}`, "--history", `${index.url}?apikey=${indexKey}`, "--record", file);
		for (const one of [index, provider]) one.close();
		const text = readFileSync(file, "utf8");
		expect([text.includes(key), text.includes(indexKey), statSync(file).mode & 0o77]).toEqual([false, false, 0]);
		expect(first.err).toContain("no key of yours is in it");
		const replay = await startReplay(file);
		try {
			const [rpc = "", history = ""] = replay.urls;
			const again = await follow(rpc, "--history", history);
			expect({ code: again.code, ends: ends(again.answer), edges: edges(again.answer), unknown: replay.unknown }).toEqual({
				code: first.code,
				ends: ends(first.answer),
				edges: edges(whole),
				unknown: [],
			});
			const { code, err } = await clewAsync(["follow", theft, "--rpc", rpc, "--chain", CHAIN, "--record", file]);
			expect([code, err]).toEqual([2, expect.stringContaining("is there already")]);
		} finally {
			replay.close();
		}
	});

	it("an index that goes silent is followed by the node, which is said", async () => {
		const index = createServer((_, response) => void response.writeHead(503).end());
		await new Promise<void>((listening) => index.listen(0, "127.0.0.1", listening));
		try {
			const url = `http://127.0.0.1:${(index.address() as AddressInfo).port}/api`;
			const { code, answer, err } = await follow(node.url, "--history", url);
			expect({ code, edges: edges(answer) }).toEqual({ code: 0, edges: edges(whole) });
			expect(err).toContain("turned from the index to ots_searchTransactionsAfter");
			expect(answer.requests).toBeGreaterThan(whole.requests);
		} finally {
			index.close();
		}
	});
});
