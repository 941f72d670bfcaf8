import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ChainId, type Hash, untoldOf } from "@clew/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answersOfBundle, blockOfAnswers, readTronBlock } from "../answers.js";
import { decodeTronBlock } from "../decode/decode.js";
import { message } from "../decode/wire-writer.js";
import { addressBytes, transaction } from "../made-up.test-util.js";
import { extended, FakeTronNode } from "./fake-node.test-util.js";
import { connectTronSource } from "./source.js";

const TRON = "tron:0x2b6653dc" as ChainId;
const HEIGHT = 79_072_107;
const file = JSON.parse(readFileSync(fileURLToPath(new URL("../../../../../fixtures/tron/block-79072107.json", import.meta.url)), "utf8"));
const bytesOf = (hex: string) => Buffer.from(hex.replace(/^0x/, ""), "hex");
const REAL = { block: bytesOf(file.blockExtention), infos: file.transactionInfoList && bytesOf(file.transactionInfoList) };
const [ANN, BOB] = ["TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy"];
const pay = (amount: number, ret?: Buffer) =>
	transaction(1, message([1, addressBytes(ANN)], [2, addressBytes(BOB)], [3, amount]), ret ?? message([3, 1]));

let node: FakeTronNode;
let url: string;
const waits: number[] = [];
const open = async (at = url) => connectTronSource(at, TRON, { sleep: async (ms) => void waits.push(ms), attempts: 3 });
beforeEach(async () => {
	node = new FakeTronNode();
	url = await node.listen();
	waits.length = 0;
});
afterEach(() => node.close());

type Json = { transactions: Record<string, unknown>[]; blockID: string; block_header: { raw_data: Record<string, unknown> } };
const editBlock = (change: (block: Json) => void) => {
	node.edit = (path, json) => {
		if (path === "wallet/getblockbynum" && (json as Json).transactions !== undefined) change(json as Json);
		return json;
	};
};

describe("the real block over HTTP", () => {
	it("gives what its bytes give, and the same bytes again", async () => {
		node.serve(REAL);
		const source = await open();
		const found = await source.block(HEIGHT);
		expect(found).toEqual(decodeTronBlock(TRON, { ...readTronBlock(REAL.block, REAL.infos, HEIGHT), provenance: "node" }));
		expect(found.gaps.join()).not.toContain("JSON");
		expect(await source.head()).toEqual(found.header);
		const { proof, answers } = await source.evidence(HEIGHT, new Set([found.transactions[0]?.hash as Hash]));
		expect(proof).toMatchObject({ hash: found.header.hash, count: found.transactions.length });
		const wholes = (bytes: Buffer) => readTronBlock(bytes, undefined).block.transactions.map((tx) => tx.bytes.toString("hex"));
		expect(wholes(Buffer.from(JSON.parse(answers).block, "hex")).join() === wholes(REAL.block).join()).toBe(true);
		expect(await source.capabilities()).toMatchObject({ client: "java-tron 4.8.0" });
	});

	it("that leaves out a field which it does not know (mainnet has a result with one) is believed with a gap", async () => {
		node.serve(REAL);
		node.unknown = false;
		const { block, proof, unprovable } = await (await open()).evidence(HEIGHT, new Set());
		const { gaps, ...rest } = decodeTronBlock(TRON, { ...readTronBlock(REAL.block, REAL.infos, HEIGHT), provenance: "node-unverified" });
		expect(block).toMatchObject(rest);
		expect(block.gaps.filter((gap) => !gaps.includes(gap))).toEqual([expect.stringContaining("does not give their root")]);
		expect(proof).toBeUndefined();
		expect(unprovable).toHaveLength(1);
	});

	it("is refused with a byte of raw data changed: it contradicts its own id", async () => {
		node.serve(REAL);
		editBlock(({ transactions }) => {
			const [tx] = transactions;
			if (tx !== undefined) tx["raw_data_hex"] = String(tx["raw_data_hex"]).replace(/..$/, "7f");
		});
		await expect((await open()).block(HEIGHT)).rejects.toMatchObject({
			code: "NODE_LIED",
			message: expect.stringContaining("the id of transaction 0"),
		});
	});

	it.each([
		["a signature", { signature: ["00".repeat(65)] }],
		["a result", { ret: [{ contractRet: "REVERT" }] }],
	])("is not proven with %s changed, and says so", async (_, change) => {
		node.serve(REAL);
		editBlock(({ transactions }) => void Object.assign(transactions[3] as object, change));
		const { block, proof } = await (await open()).evidence(HEIGHT, new Set());
		expect(proof).toBeUndefined();
		expect(block.gaps.join()).toContain("does not give their root");
	});
});

describe("a node of Tron", () => {
	beforeEach(() => void node.serve(extended(1_000, [pay(7), pay(8)])));

	it("that shuts out is waited for, as long as it asks", async () => {
		node.fault = (_, __, asked) =>
			asked === 1
				? { status: 429, headers: { "retry-after": "9" }, body: "{}" }
				: asked === 2
					? { status: 503, body: '{"Error":"suspended for 5 s"}' }
					: undefined;
		const { transactions } = await (await open()).block(1_000);
		expect(transactions).toHaveLength(2);
		expect(waits).toContain(9_000);
		expect(waits).toContain(5_500);
	});

	it("that says in its answer for how long it shuts out a key is waited for, and one that refuses the key is not", async () => {
		const source = await open();
		const said = "The key exceeds the frequency limit(15), and the query server is suspended for 30 s";
		node.fault = (_, __, asked) => (asked === 2 ? { status: 403, body: JSON.stringify({ Error: said }) } : undefined);
		expect((await source.block(1_000)).transactions).toHaveLength(2);
		expect(waits).toContain(30_500);
		node.fault = () => ({ status: 403, body: '{"Error":"no such key"}' });
		await expect(source.block(1_000)).rejects.toMatchObject({ code: "NODE_UNREACHABLE", retryable: false });
		node.fault = () => ({ status: 403, body: '{"Error":"suspended for 999 s"}' });
		await expect(source.block(1_000)).rejects.toMatchObject({ code: "NODE_RATE_LIMIT", retryable: true });
		expect(Math.max(...waits)).toBe(60_000);
	});

	it("is given a key in a header, which nothing tells", async () => {
		const source = await open(url.replace("http://", "http://a-secret-key-1234@"));
		expect(node.headers[0]?.["tron-pro-api-key"]).toBe("a-secret-key-1234");
		expect(node.headers[0]?.["authorization"]).toBeUndefined();
		expect(source.name).not.toContain("a-secret");
	});

	it("of another network is refused", async () => {
		node.edit = (_, json) => ({ ...(json as object), blockID: `${"0".repeat(56)}cd8690dc` });
		await expect(open()).rejects.toMatchObject({ code: "NODE_WRONG_CHAIN", message: expect.stringContaining("tron:0xcd8690dc") });
	});

	it("that sends an older block is refused", async () => {
		node.blocks.set(1_001, extended(1_000, [pay(7)]));
		await expect((await open()).block(1_001)).rejects.toMatchObject({
			code: "NODE_LIED",
			message: expect.stringContaining("sent block 1000 instead"),
		});
	});

	it("that has no such block, a page, or an error of its own says so", async () => {
		const source = await open();
		await expect(source.block(5)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", retryable: true });
		node.fault = () => ({ body: "<html>login</html>" });
		await expect(source.block(1_000)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", message: expect.stringContaining("not JSON") });
		node.fault = () => ({ body: '{"Error":"class x : out of memory"}' });
		await expect(source.block(1_000)).rejects.toThrow("out of memory");
	});

	it.each([
		["none", () => [], /TransactionInfo is missing/],
		["an object without any", () => ({}), /TransactionInfo is missing/],
		["one too few", (list: unknown) => (list as unknown[]).slice(1), /TransactionInfo of 1 transactions/],
	])("with infos: %s, leaves a gap", async (_, edit, words) => {
		node.edit = (path, json) => (path.endsWith("infobyblocknum") ? edit(json) : json);
		const { block, answers } = await (await open()).evidence(1_000, new Set());
		const { gaps, kinds } = block;
		expect(blockOfAnswers(TRON, answersOfBundle(JSON.parse(answers)), "node")).toEqual(block);
		expect(gaps.join()).toMatch(words);
		expect(kinds).toEqual(["native"]);
	});

	it.each([
		["is no number", "soon", "blockTimeStamp is not of its kind"],
		["is another than the block's", 1_000, "says another time than the block"],
	])("with infos whose time %s gave no good answer", async (_, blockTimeStamp, why) => {
		node.edit = (path, json) => (path.endsWith("infobyblocknum") ? (json as object[]).map((one) => ({ ...one, blockTimeStamp })) : json);
		await expect((await open()).block(1_000)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", message: expect.stringContaining(why) });
	});

	it("with infos of another block is asked again", async () => {
		node.edit = (path, json) => (path.endsWith("infobyblocknum") ? (json as object[]).map((one) => ({ ...one, blockNumber: 999 })) : json);
		await expect((await open()).block(1_000)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", retryable: true });
	});

	it.each([
		["a field that is not known", { contractRet: "SUCCESS", newThing: 7 }, "succeeded"],
		["a result of a name that is not known", { contractRet: "MELTED" }, undefined],
	])("whose result holds %s is believed with a gap, and nothing of the block is proven", async (_, ret, status) => {
		node.unknown = false;
		// What the node's own bytes hold besides is lost in JSON.
		node.serve(extended(1_000, [pay(7, message([3, 1], [99, 7])), pay(8)]));
		editBlock(({ transactions }) => Object.assign(transactions[0] as object, { ret: [ret] }));
		const source = await open();
		const { block, proof, unprovable, answers } = await source.evidence(1_000, new Set());
		expect(block.gaps.join()).toContain("does not give their root");
		expect(block.transactions[0]?.status).toBe(status);
		expect(proof).toBeUndefined();
		expect(unprovable).toHaveLength(1);
		expect(blockOfAnswers(TRON, answersOfBundle(JSON.parse(answers)), "node")).toEqual(block);
	});

	it("whose contracts are of no known type leaves a gap", async () => {
		node.serve(extended(1_000, [transaction(250, message([1, addressBytes(ANN)]))]));
		expect(untoldOf(await (await open()).block(1_000)).join()).toContain("contract type 250 is not known");
	});

	it("without the solid interface tells its solid block by the node's info", async () => {
		node.solidity = false;
		expect(await (await open()).head()).toMatchObject({ height: 1_000 });
	});

	it("whose header does not give its id is refused", async () => {
		editBlock((block) => void Object.assign(block.block_header.raw_data, { version: 31 }));
		await expect((await open()).block(1_000)).rejects.toMatchObject({ code: "NODE_LIED" });
		editBlock((block) => void Object.assign(block.block_header.raw_data, { somethingNew: 31 }));
		expect((await (await open()).block(1_000)).transactions).toHaveLength(2);
	});
});
