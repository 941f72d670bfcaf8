import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountId, type BitcoinNetwork, bitcoinNetwork, type GraphStore, type Hash, parseChainId, type UtxoBlock } from "@clew/core";
import { TEST_NETWORK } from "@clew/core/testing";
import { fc, test } from "@fast-check/vitest";
import { payments } from "bitcoinjs-lib";
import { describe, expect, it } from "vitest";
import { parseExactJson } from "../exact-json.js";
import { decodeBlock, hashText, merkleRoot, parseBlock } from "./block.js";
import { blockFrames } from "./block-file.js";
import { importBlockFile } from "./import-blocks.js";
import { blockFromJson, satoshiOf } from "./json.js";
import { scriptReader } from "./script.js";
import { connectBitcoinSource } from "./source.js";

const FIXTURES = fileURLToPath(new URL("../../../../fixtures/bitcoin/", import.meta.url));
const MAINNET = bitcoinNetwork(parseChainId("bitcoin")) as BitcoinNetwork;
const EARLY = join(FIXTURES, "blocks-1-256.dat");
const FRAME_HEADER = 8;

const folder = mkdtempSync(join(tmpdir(), "clew-bitcoin-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, bytes: Uint8Array | string) => {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
};

async function frames(path: string): Promise<Buffer[]> {
	const list: Buffer[] = [];
	for await (const { bytes } of blockFrames(path, MAINNET)) list.push(Buffer.from(bytes));
	return list;
}
const framed = (blocks: readonly Uint8Array[], network = MAINNET) =>
	Buffer.concat(
		blocks.flatMap((block) => {
			const header = Buffer.alloc(FRAME_HEADER);
			Buffer.from(network.magic, "hex").copy(header);
			header.writeUInt32LE(block.length, 4);
			return [header, block];
		}),
	);

/** A store that keeps what it is given, as far as an import asks. */
function listening(): { store: GraphStore; blocks: UtxoBlock[] } {
	const blocks: UtxoBlock[] = [];
	const store = {
		info: { chain: MAINNET.chain },
		putSource: async () => {},
		putCoverage: async () => {},
		headerOf: async (_: string, hash: Hash) => blocks.find((block) => block.header.hash === hash)?.header,
		putUtxoBlocks: async (_: string, more: readonly UtxoBlock[]) => {
			blocks.push(...more);
			return { added: more.reduce((sum, block) => sum + block.transactions.length, 0), known: 0 };
		},
	};
	return { store: store as unknown as GraphStore, blocks };
}

const early = await frames(EARLY);
const [big] = (await frames(join(FIXTURES, "block-277647.dat.bz2"))) as [Buffer];
const block170 = early[169] as Buffer;

describe("a block recomputes what it commits to", () => {
	it("real blocks: hashes, parents, Merkle roots and work hold", () => {
		const parsed = early.map((bytes) => parseBlock(bytes, MAINNET, "here"));
		expect(parsed[169]?.hash).toBe("00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee");
		expect(parsed[0]?.parent).toBe(MAINNET.genesis);
		for (const [i, block] of parsed.slice(1).entries()) expect(block.parent).toBe(parsed[i]?.hash);
		const later = parseBlock(big, MAINNET, "here");
		expect([later.transactions.length, later.statedHeight]).toEqual([213, 277_647]);
	});

	it("no byte of a real block can be changed", () => {
		for (let at = 0; at < block170.length; at++) {
			const changed = Buffer.from(block170);
			changed[at] = (changed[at] as number) ^ 1;
			expect(() => parseBlock(changed, MAINNET, "here"), `byte ${at}`).toThrow(/here: the block/);
		}
	});

	test.prop([fc.nat({ max: 400_000 }), fc.integer({ min: 1, max: 255 })], { numRuns: 40 })("nor any byte of a larger one", (at, change) => {
		const changed = Buffer.from(big);
		const place = at % changed.length;
		changed[place] = (changed[place] as number) ^ change;
		expect(() => parseBlock(changed, MAINNET, "here")).toThrow(/the block/);
	});

	it("the last transaction repeated keeps the Merkle root, and is refused (CVE-2012-2459)", () => {
		const { transactions } = parseBlock(big, MAINNET, "here");
		const ids = transactions.map(({ txid }) => Buffer.from(txid, "hex").reverse());
		const last = transactions[transactions.length - 1]?.raw.toBuffer() as Uint8Array;
		expect(merkleRoot([...ids, ids[ids.length - 1] as Buffer]).root).toEqual(merkleRoot(ids).root);
		const forged = Buffer.concat([big.subarray(0, 80), Buffer.from([214]), big.subarray(81), last]);
		expect(() => parseBlock(forged, MAINNET, "here")).toThrow("CVE-2012-2459");
	});

	it("work for another network, empty data and garbage are refused", () => {
		expect(() => parseBlock(big, { ...MAINNET, easiestBits: 0x18000001 }, "here")).toThrow("does not allow");
		expect(() => parseBlock(Buffer.alloc(79), MAINNET, "here")).toThrow("79 bytes");
		expect(() => parseBlock(Buffer.alloc(300), MAINNET, "here")).toThrow(/the block/);
	});
});

describe("block files", () => {
	it("plain, bzip2, obfuscated, and with empty space at the end give the same blocks", async () => {
		expect(early).toHaveLength(255);
		expect(await frames(join(FIXTURES, "blocks-1-256.dat.bz2"))).toEqual(early);
		const padded = Buffer.concat([readFileSync(EARLY), Buffer.alloc(70_000)]);
		expect(await frames(file("padded.dat", padded))).toEqual(early);
		const key = Buffer.from("0102030405a6b7c8", "hex");
		const hidden = Buffer.from(readFileSync(EARLY)).map((byte, i) => byte ^ (key[i % 8] as number));
		mkdirSync(join(folder, "xor"));
		writeFileSync(join(folder, "xor", "xor.dat"), key);
		writeFileSync(join(folder, "xor", "blk00000.dat"), Buffer.concat([hidden, Buffer.alloc(5_000)]));
		expect(await frames(join(folder, "xor", "blk00000.dat"))).toEqual(early);
		await expect(frames(file("hidden.dat", hidden))).rejects.toThrow(/no block begins here.*|xor/);
	});

	it.each([
		["cut off in a block", () => readFileSync(EARLY).subarray(0, 10_000), /cut off/],
		["cut off in a frame", () => readFileSync(EARLY).subarray(0, 223 + 4), /cut off/],
		["another network's", () => framed(early.slice(0, 2), TEST_NETWORK), /blocks of bitcoin-regtest; the case is about bitcoin/],
		[
			"with an impossible length",
			() => Buffer.concat([Buffer.from(MAINNET.magic, "hex"), Buffer.from("ffffff7f", "hex"), Buffer.alloc(20)]),
			/above the limit/,
		],
		[
			"with data behind the empty space",
			() => Buffer.concat([readFileSync(EARLY), Buffer.alloc(100), Buffer.from([1])]),
			/behind the empty space/,
		],
	])("a file %s is refused with its offset", async (name, bytes, message) => {
		const path = file(`${name.replaceAll(" ", "-")}.dat`, bytes());
		await expect(frames(path)).rejects.toThrow(message);
		await expect(frames(path)).rejects.toThrow(/\.dat:\d+: /);
	});

	it("a damaged bzip2 file is refused", async () => {
		const packed = readFileSync(join(FIXTURES, "blocks-1-256.dat.bz2"));
		await expect(frames(file("short.bz2", packed.subarray(0, 20_000)))).rejects.toThrow(/cut off|cannot be unpacked/);
		const broken = Buffer.from(packed);
		broken.fill(7, 9_000, 9_100);
		await expect(frames(file("broken.bz2", broken))).rejects.toThrow();
	});

	it("heights follow parents; out of order, a gap, or no parent is refused", async () => {
		const { store, blocks } = listening();
		expect(await importBlockFile(store, EARLY)).toMatchObject({ blocks: 255, heights: [1, 255] });
		expect(blocks[169]?.header).toMatchObject({ height: 170, time: 1_231_731_025 });
		const [a, b, c] = early as [Buffer, Buffer, Buffer];
		for (const order of [
			[a, c, b],
			[b, a],
			[a, c],
		])
			await expect(importBlockFile(listening().store, file("order.dat", framed(order)))).rejects.toThrow(/neither the case nor the file/);
		const middle = file("middle.dat", framed([big]));
		await expect(importBlockFile(listening().store, middle)).rejects.toMatchObject({
			hint: expect.stringContaining("--first-height 277647"),
		});
		await expect(importBlockFile(listening().store, middle, { firstHeight: 5_000_000 })).rejects.toThrow("says that it is block 277647");
		expect(await importBlockFile(listening().store, middle, { firstHeight: 277_647 })).toMatchObject({ heights: [277_647, 277_647] });
	});
});

describe("scripts", () => {
	const scripts = scriptReader(MAINNET);
	const read = (hex: string) => scripts.output(1n, Buffer.from(hex, "hex"));
	it("old outputs: a key's p2pk is the address of the key; the first payment is 10 and 40", () => {
		const { transactions } = decodeBlock(parseBlock(block170, MAINNET, ""), 170, scripts);
		expect(transactions[1]?.outputs.map((o) => [o.value, o.account.split(":")[2], o.scriptType])).toEqual([
			[1_000_000_000n, "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3", "p2pk"],
			[4_000_000_000n, "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "p2pk"],
		]);
	});
	it("hostile scripts: over-long, cut-off pushes, almost standard", () => {
		expect(read("")).toMatchObject({ scriptType: "keyless" });
		expect(scripts.output(1n, Buffer.alloc(10_001, 0x51))).toMatchObject({
			scriptType: "nonstandard",
			account: expect.stringMatching(/:null$/),
		});
		expect(read("6a")).toMatchObject({ scriptType: "op_return", data: "" });
		expect(read("6a4cff01")).toMatchObject({ scriptType: "op_return", data: "4cff01" });
		expect(read(`6a4d0002${"ab".repeat(512)}`).data).toHaveLength(512);
		expect(read("0014ab")).toMatchObject({ scriptType: "nonstandard" });
		expect(read(`5114${"ab".repeat(20)}`)).toMatchObject({ scriptType: "witness_unknown" });
		expect(read(`0015${"ab".repeat(21)}`)).toMatchObject({ scriptType: "nonstandard" });
		expect(read(`5221${"02".repeat(33)}53ae`)).toMatchObject({ scriptType: "nonstandard" });
	});
	test.prop([fc.uint8Array({ maxLength: 120 })])("any bytes are classified without an error, the same each time", (bytes) => {
		expect(scripts.output(1n, bytes)).toEqual(scriptReader(MAINNET).output(1n, bytes));
	});
	it("addresses agree with bitcoinjs-lib, and addresses of another network are refused by name", () => {
		const hash = Buffer.alloc(20, 7);
		for (const payment of [
			payments.p2pkh({ hash }),
			payments.p2sh({ hash }),
			payments.p2wpkh({ hash }),
			payments.p2wsh({ hash: Buffer.alloc(32, 9) }),
		]) {
			const { account } = scripts.output(1n, payment.output as Uint8Array);
			expect(account).toBe(`${MAINNET.chain}:${payment.address}`);
			expect(accountId(MAINNET.chain, payment.address as string)).toBe(account);
			expect(
				accountId(
					MAINNET.chain,
					(payment.address as string).startsWith("bc1") ? (payment.address as string).toUpperCase() : (payment.address as string),
				),
			).toBe(account);
			expect(() => accountId(TEST_NETWORK.chain, payment.address as string)).toThrow("an address of bitcoin, not of bitcoin-regtest");
		}
		const taproot = scripts.output(1n, Buffer.from(`5120${"79".repeat(32)}`, "hex"));
		expect([taproot.scriptType, accountId(MAINNET.chain, taproot.account.split(":")[2] as string)]).toEqual(["p2tr", taproot.account]);
		expect(() => accountId(MAINNET.chain, "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm4")).toThrow("a character of it is wrong");
		expect(() => accountId(MAINNET.chain, "0x7df1bd58e8fd49803e43987787adfecb4a0a086c")).toThrow("not a Bitcoin address");
	});
});

describe("amounts in JSON never pass through a float", () => {
	it.each([
		["0.00000001", 1n],
		["1e-8", 1n],
		["1.5e-07", 15n],
		["20999999.97690000", 2_099_999_997_690_000n],
		["0.1", 10_000_000n],
		["50", 5_000_000_000n],
		["1E1", 1_000_000_000n],
	])("%s bitcoin", (text, satoshi) => expect(satoshiOf(text)).toBe(satoshi));
	it.each(["0.000000001", "1e-9", "-1", "NaN", "1e400", ""])("%s is refused", (text) => expect(() => satoshiOf(text)).toThrow());
});

/** What `getblock` answers for block 170, with floats as a node writes them. */
function asJson(dialect: "core" | "btcd", withPrevious: boolean): string {
	const { hash, parent, time, transactions } = parseBlock(block170, MAINNET, "");
	const txs = transactions.map(({ raw, txid }) => {
		const vin = raw.ins.map((input) =>
			withPrevious && hashText(input.hash) !== "0".repeat(64)
				? `{"txid":"${hashText(input.hash)}","vout":${input.index},"prevout":{"value":5e1,"scriptPubKey":{"hex":"${Buffer.from((parseBlock(early[8] as Buffer, MAINNET, "").transactions[0] as { raw: { outs: { script: Uint8Array }[] } }).raw.outs[0]?.script as Uint8Array).toString("hex")}"}}}`
				: `{"coinbase":"04ffff"}`,
		);
		return `{"txid":"${txid}","hex":"${raw.toHex()}","vin":[${vin.join()}]}`;
	});
	const header = Buffer.from(block170.subarray(0, 80));
	const merkle = Buffer.from(header.subarray(36, 68)).reverse().toString("hex");
	return `{"hash":"${hash}","height":170,"version":1,"merkleroot":"${merkle}","time":${time},"nonce":${header.readUInt32LE(76)},"bits":"1d00ffff","difficulty":1.0,"previousblockhash":"${parent}","${dialect === "btcd" ? "rawtx" : "tx"}":[${txs.join()}]}`;
}

describe("nodes' JSON", () => {
	const scripts = scriptReader(MAINNET);
	const read = (text: string) => blockFromJson(parseExactJson(text, "here"), MAINNET, scripts, "here");
	it("Core's verbosity 2 and 3 and btcd's dialect give the block of the raw bytes", () => {
		const raw = decodeBlock(parseBlock(block170, MAINNET, ""), 170, scripts);
		for (const text of [asJson("core", false), asJson("core", true), asJson("btcd", false)])
			expect(decodeBlock(read(text).block, 170, scripts)).toEqual(raw);
		expect([...read(asJson("core", true)).previous]).toMatchObject([
			["0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0", { value: 5_000_000_000n, scriptType: "p2pk" }],
		]);
	});
	it("verbosity 1, a changed header, a changed transaction and other JSON are refused", () => {
		expect(() => read(asJson("core", false).replace(/"tx":\[.*\]/, `"tx":["${"ab".repeat(32)}"]`))).toThrow("without their bytes");
		expect(() => read(asJson("core", false).replace('"nonce":', '"nonce":1'))).toThrow(/proof of work/);
		expect(() => read(asJson("core", false).replace("00ca9a3b", "00ca9a3c"))).toThrow("wrong Merkle root");
		expect(() => read(`{"result":1}`)).toThrow("is not a block");
		expect(() => parseExactJson("{", "here")).toThrow("is not JSON");
	});
	it("is imported from a file", async () => {
		const { store, blocks } = listening();
		await importBlockFile(store, file("answer.json", `{"result":${asJson("core", true)},"error":null,"id":1}`), { firstHeight: 170 });
		expect(blocks[0]?.transactions[1]?.inputs[0]?.previous).toMatchObject({ value: 5_000_000_000n });
	});
});

/** A local HTTP server that answers from a table of paths; POST bodies go to `rpc`. */
async function serving<T>(
	answer: (path: string, body: string) => { status?: number; body: string | Buffer } | undefined,
	work: (url: string) => Promise<T>,
): Promise<T> {
	const server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			const found = answer(request.url ?? "", body);
			response.statusCode = found?.status ?? (found ? 200 : 404);
			response.end(found?.body ?? "not found");
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	try {
		return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.close();
	}
}

describe("dialects of nodes", () => {
	const { hash } = parseBlock(block170, MAINNET, "");
	const quick = { attempts: 2, sleep: async () => {} };
	const byHeight = (height: string) => (height === "0" ? MAINNET.genesis : height === "170" ? hash : undefined);
	const check = async (url: string) => {
		const source = await connectBitcoinSource(url, MAINNET.chain, quick);
		const block = await source.block(170);
		expect([block.header.hash, block.transactions.length]).toEqual([hash, 2]);
		return source;
	};

	it("Bitcoin Core by JSON-RPC: its errors come with HTTP 500, previous outputs with verbosity 3", async () => {
		const rpc = (_: string, body: string) => {
			const { method, params } = JSON.parse(body);
			const result = (value: unknown) => ({ body: JSON.stringify({ result: value, error: null, id: 1 }) });
			const error = (code: number, message: string) => ({
				status: 500,
				body: JSON.stringify({ result: null, error: { code, message }, id: 1 }),
			});
			if (method === "getnetworkinfo") return result({ subversion: "/Satoshi:28.0.0/" });
			if (method === "getblockcount") return result(170);
			if (method === "getblockhash")
				return byHeight(String(params[0])) ? result(byHeight(String(params[0]))) : error(-8, "Block height out of range");
			if (method === "getblock")
				return params[1] === 0 ? result(block170.toString("hex")) : { body: `{"result":${asJson("core", true)},"error":null,"id":1}` };
			return error(-32601, "Method not found");
		};
		await serving(rpc, async (url) => {
			const source = await check(url);
			expect(await source.capabilities()).toEqual({ client: "/Satoshi:28.0.0/" });
			await expect(source.block(171)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER" });
			const spent = { txid: "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9" as Hash, vout: 0 };
			const { header } = await source.block(170);
			expect([...(await source.previousOutputs(header, [spent])).values()]).toMatchObject([{ value: 5_000_000_000n }]);
		});
	});

	it("Bitcoin Core's REST and Esplora, by the end of the URL", async () => {
		await serving(
			(path) => {
				const height = /^\/rest\/blockhashbyheight\/(\d+)\.hex$/.exec(path)?.[1] ?? /^\/api\/block-height\/(\d+)$/.exec(path)?.[1];
				if (height !== undefined) return byHeight(height) ? { body: byHeight(height) as string } : undefined;
				if (path === `/rest/block/${hash}.bin` || path === `/api/block/${hash}/raw`) return { body: block170 };
				if (path === `/rest/block/${hash}.json`) return { body: asJson("core", true) };
				return path === "/rest/chaininfo.json"
					? { body: '{"chain":"main","blocks":170}' }
					: path === "/api/blocks/tip/height"
						? { body: "170" }
						: undefined;
			},
			async (url) => {
				for (const end of ["/rest", "/api"]) {
					const source = await check(`${url}${end}`);
					expect((await source.head()).height).toBe(170);
				}
			},
		);
	});

	it("a node that lies, times out, limits, or is none gets the error that says so", async () => {
		const changed = Buffer.from(block170);
		changed[changed.length - 30] = (changed[changed.length - 30] as number) ^ 1;
		const rest = (bytes: Buffer) => (path: string) =>
			path.endsWith("/0.hex") ? { body: MAINNET.genesis } : path.includes("blockhash") ? { body: hash } : { body: bytes };
		await serving(
			rest(changed),
			async (url) =>
				await expect((await connectBitcoinSource(`${url}/rest`, MAINNET.chain, quick)).block(170)).rejects.toMatchObject({
					code: "NODE_LIED",
				}),
		);
		await serving(
			rest(early[3] as Buffer),
			async (url) =>
				await expect((await connectBitcoinSource(`${url}/rest`, MAINNET.chain, quick)).block(170)).rejects.toMatchObject({
					code: "NODE_LIED",
				}),
		);
		await serving(
			() => ({ body: "<html>" }),
			async (url) => await expect(connectBitcoinSource(url, MAINNET.chain, quick)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER" }),
		);
		await serving(
			() => ({ status: 429, body: "" }),
			async (url) => await expect(connectBitcoinSource(url, MAINNET.chain, quick)).rejects.toMatchObject({ code: "NODE_RATE_LIMIT" }),
		);
		await serving(
			() => ({ status: 502, body: "bad gateway" }),
			async (url) => await expect(connectBitcoinSource(url, MAINNET.chain, quick)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" }),
		);
		await expect(connectBitcoinSource("http://127.0.0.1:1", MAINNET.chain, quick)).rejects.toMatchObject({ code: "NODE_UNREACHABLE" });
		await expect(connectBitcoinSource("ftp://x", MAINNET.chain, quick)).rejects.toMatchObject({ code: "USAGE" });
	});
});
