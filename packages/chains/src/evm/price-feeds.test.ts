import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	type BlockEvidence,
	type DecodedBlock,
	EUR,
	evmChainId,
	type Hash,
	nativeAsset,
	PRICE_FEEDS,
	type PriceFeed,
	parseCurrency,
	parseFeed,
	trustedAccountId,
} from "@clew/core";
import { beforeAll, describe, expect, it } from "vitest";
import { answerPlaces, openEvmSource } from "./open.js";
import { readProvenAnswers } from "./price-feeds.js";

const POLYGON = evmChainId(137);
const HEIGHT = 50_000_000;
const read = (name: string) =>
	JSON.parse(readFileSync(new URL(`../../../../fixtures/evm-chains/polygon-50000000/${name}.json`, import.meta.url), "utf8"));
const block = read("block");
const receipts: { transactionHash: string; logs: { address: string; topics: string[]; blockNumber: string; transactionHash: string }[] }[] =
	read("receipts");
const TOPIC = "0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f";
const logged = receipts.flatMap(({ logs }) => logs.filter(({ topics }) => topics[0] === TOPIC));
/** Every aggregator of the block, as if each were a feed of the chain's coin. */
const feeds = logged.map(
	({ address }): PriceFeed => ({
		aggregator: trustedAccountId(POLYGON, address),
		asset: nativeAsset(POLYGON),
		unit: parseCurrency("USD"),
		decimals: 8,
	}),
);

/** Polygon through a node that knows one block, as `change` has it. */
async function served<T>(work: (url: string) => Promise<T>): Promise<T> {
	const answer = ({ method, params, id }: { method: string; params: Record<string, string>[]; id: number }) => {
		const known: Record<string, () => unknown> = {
			eth_chainId: () => "0x89",
			web3_clientVersion: () => "recorded",
			eth_getBlockByNumber: () => block,
			eth_getBlockReceipts: () => receipts,
			eth_getLogs: () => {
				const [{ fromBlock, toBlock, address }] = params as unknown as [{ fromBlock: string; toBlock: string; address: string[] }];
				return Number(fromBlock) <= HEIGHT && HEIGHT <= Number(toBlock) ? logged.filter((log) => address.includes(log.address)) : [];
			},
		};
		const result = known[method]?.();
		return result === undefined
			? { jsonrpc: "2.0", id, error: { code: -32601, message: "method not found" } }
			: { jsonrpc: "2.0", id, result };
	};
	const server: Server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			const calls = JSON.parse(body);
			response.end(JSON.stringify(Array.isArray(calls) ? calls.map(answer) : answer(calls)));
		});
	}).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	try {
		return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.close();
	}
}

describe("the answers of feeds in a real block of Polygon", () => {
	let evidence: BlockEvidence<DecodedBlock>;
	let hashes: ReadonlySet<Hash>;

	beforeAll(async () => {
		await served(async (url) => {
			const places = await answerPlaces(url, POLYGON, { feeds, heights: [HEIGHT + 3_000], back: 10_000 });
			expect([...places.keys()]).toEqual([HEIGHT]);
			hashes = places.get(HEIGHT) ?? new Set();
			const source = await openEvmSource(url, POLYGON);
			evidence = await source.evidence(HEIGHT, hashes);
			source.close();
		});
	});

	it("are found by their logs, within the blocks that are looked through", async () => {
		expect(hashes.size).toBe(15);
		const early = await served((url) => answerPlaces(url, POLYGON, { feeds, heights: [HEIGHT + 3_000], back: 2_000 }));
		expect(early.size).toBe(0);
	});

	it("are fifteen prices, each with its place in a receipt, at the block's time", () => {
		const { rows, refused, answers } = readProvenAnswers(evidence, feeds);
		expect([rows.length, refused, answers.size]).toEqual([15, [], 1]);
		expect(new Set(rows.map(({ time }) => time))).toEqual(new Set([Number(block.timestamp)]));
		expect(rows.map(({ price }) => price).sort()).toContain("37364.60755891");
	});

	it("of the published feeds are those whose contract is known: a euro was 1.0834 dollars", () => {
		const own = PRICE_FEEDS.filter(({ aggregator }) => aggregator.startsWith(`${POLYGON}:`));
		const { rows } = readProvenAnswers(evidence, own);
		expect(rows).toMatchObject([{ asset: EUR, unit: "USD", price: "1.0834", origin: { tier: "proven" } }]);
		expect(rows[0]?.origin.id).toBe("feed eip155:137:0x310990e8091b5cf083fa55f500f140cfbb959016 with 8 decimals");
	});

	it("that are 0, negative, of another time, stale or no answers give no price and are named", () => {
		const [{ topics = [], transactionHash = "" } = {}] = logged;
		const word = (value: bigint) => `0x${BigInt.asUintN(256, value).toString(16).padStart(64, "0")}`;
		const time = BigInt(block.timestamp);
		const changed = (current: string, data: string) => {
			const answers = JSON.parse(evidence.answers);
			for (const receipt of answers.receipts)
				for (const log of receipt.logs)
					if (log.transactionHash === transactionHash && log.topics[0] === TOPIC)
						Object.assign(log, { topics: [TOPIC, current, topics[2]], data });
			return readProvenAnswers({ ...evidence, answers: JSON.stringify(answers) }, feeds.slice(0, 1) as PriceFeed[]);
		};
		for (const [current, data, why] of [
			[word(0n), word(time), "answers 0"],
			[word(-5n), word(time), "answers less than 0"],
			[word(5n), word(time + 1n), "a time after its block"],
			[word(5n), word(time - 86_401n), "is stale"],
			[word(10n ** 40n), word(time), "more than anything is worth"],
			[word(5n), "0x", "something else"],
		] as const) {
			const { rows, refused } = changed(current, data);
			expect([rows, refused.length, refused[0]]).toEqual([[], 1, expect.stringContaining(why)]);
		}
	});

	it("of a block that cannot be proven are none", () => {
		const { rows, refused } = readProvenAnswers({ ...evidence, proof: undefined, unprovable: ["of another form"] }, feeds);
		expect([rows, refused]).toEqual([[], [`block ${HEIGHT} cannot be proven: of another form`]]);
	});
});

it("a feed is named by the contract that logs, with what it is a price of", () => {
	expect(parseFeed("0x9B489F7Fffa89EA450E3121603e79d9093a9396E,native,EUR,8", POLYGON)).toEqual({
		aggregator: "eip155:137:0x9b489f7fffa89ea450e3121603e79d9093a9396e",
		asset: nativeAsset(POLYGON),
		unit: "EUR",
		decimals: 8,
	});
	for (const text of [
		"",
		"0x12,native,USD,8",
		"0x9B489F7Fffa89EA450E3121603e79d9093a9396E,native,USD",
		"0x9B489F7Fffa89EA450E3121603e79d9093a9396E,BTC,USD,8",
	])
		expect(() => parseFeed(text, POLYGON), text).toThrow();
	const euro = "0x310990e8091b5cf083fa55f500f140cfbb959016";
	expect(parseFeed(`${euro},EUR,USD,8`, POLYGON)).toMatchObject({ asset: EUR, unit: "USD", decimals: 8 });
	for (const other of ["native,USD,8", "EUR,GBP,8", "EUR,USD,18"])
		expect(() => parseFeed(`${euro},${other}`, POLYGON), other).toThrow("is published as a feed of EUR in USD with 8 decimals");
	expect(() => parseFeed("0x9B489F7Fffa89EA450E3121603e79d9093a9396E,USD,USD,8", POLYGON)).toThrow("is a price of USD in itself");
	expect(new Set(PRICE_FEEDS.map(({ aggregator }) => aggregator)).size).toBe(PRICE_FEEDS.length);
	expect(PRICE_FEEDS.length).toBe(30);
});
