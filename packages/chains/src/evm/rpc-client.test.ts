import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { rpcClient } from "./rpc-client.js";

const open: (() => void)[] = [];
afterEach(() => {
	for (const close of open.splice(0)) close();
});

/** A node that answers every request in one way. */
async function node(answer: (response: ServerResponse) => void): Promise<string> {
	const server = createServer((request, response) => request.resume().on("end", () => answer(response)));
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	open.push(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Characters: more than a list of them can have in V8. */
const MANY = 140 << 20;

describe("an answer of a node", () => {
	const call = async (answer: (response: ServerResponse) => void) => {
		const client = rpcClient(await node(answer), { attempts: 1 });
		return client.call("eth_test", []).finally(() => client.close());
	};

	it("of well over a hundred million characters is one text", { timeout: 600_000 }, async () => {
		const text = await call((response) => {
			response.write(`{"jsonrpc":"2.0","id":1,"result":"`);
			response.write(Buffer.alloc(MANY, "a"));
			response.end(`"}`);
		});
		expect((text as string).length).toBe(MANY);
	});

	it("that refuses at length is cut, and told by its status", async () => {
		const refusal = call((response) => {
			response.statusCode = 500;
			response.end(Buffer.alloc(MANY, "a"));
		});
		await expect(refusal).rejects.toMatchObject({ code: "NODE_UNREACHABLE", message: expect.stringContaining("HTTP 500") });
	});

	it.each([
		["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
		["nothing", Buffer.alloc(0)],
		["a page", Buffer.from("<html>")],
		["a list of nothing", Buffer.from("[null]")],
		["no object", Buffer.from("7")],
	])("that is %s is a bad one", async (_, bytes) => {
		await expect(call((response) => response.end(bytes))).rejects.toMatchObject({ code: "NODE_BAD_ANSWER" });
	});
});

/** What a request asks, and the plain answer to each part of it: its number, from 1. */
type Ask = { readonly id: number; readonly params: readonly [number] };
const plain = (asked: readonly Ask[]) => asked.map(({ id, params: [n] }) => ({ jsonrpc: "2.0", id, result: `0x${n + 1}` }));

/** A node that is told what to answer to the calls of each request, and keeps the sizes of the requests. */
async function batchNode(answer: (asked: readonly Ask[], request: number) => { status?: number; body: unknown }) {
	const sizes: number[] = [];
	const server = createServer((request, response) => {
		let text = "";
		request.on("data", (part) => {
			text += part;
		});
		request.on("end", () => {
			const parsed = JSON.parse(text) as Ask | Ask[];
			const asked = [parsed].flat();
			sizes.push(asked.length);
			const { status = 200, body } = answer(asked, sizes.length);
			response.writeHead(status, { "content-type": "application/json" });
			response.end(typeof body === "string" ? body : JSON.stringify(!Array.isArray(parsed) && Array.isArray(body) ? body[0] : body));
		});
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	open.push(() => server.close());
	const client = rpcClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { batch: 8, sleep: async () => {} });
	const ask = (calls: number) => Promise.all(Array.from({ length: calls }, (_, i) => client.call("eth_test", [i])));
	return { client, ask, sizes };
}

const refusal = (code: number, message: string) => ({ code, message });
const EIGHT = ["0x1", "0x2", "0x3", "0x4", "0x5", "0x6", "0x7", "0x8"];

describe("several calls in one request", () => {
	it.each([
		["as one object", { body: { jsonrpc: "2.0", id: null, error: refusal(-32600, "batch too large") } }, 4],
		["as a list of one", { body: [{ jsonrpc: "2.0", id: null, error: refusal(-32600, "the batch is too large") }] }, 4],
		["with HTTP 400 and a page", { status: 400, body: "<html>" }, 4],
		["with HTTP 413", { status: 413, body: "" }, 4],
		[
			"by an error with HTTP 500",
			{ status: 500, body: { error: refusal(31, "Batch of more than 3 requests are not allowed on free tier") } },
			3,
		],
		["at all", { body: { error: refusal(-32600, "batch requests are not supported") } }, 1],
		["in words that nobody knows", { body: { error: refusal(-32000, "no") } }, 4],
	] as const)("that are refused %s are asked in smaller ones, and it is remembered", async (_, refused, most) => {
		const { client, ask, sizes } = await batchNode((asked) => (asked.length > most ? refused : { body: plain(asked) }));
		expect(await ask(8)).toEqual(EIGHT);
		const before = sizes.length;
		await ask(8);
		expect(client.manners.batch).toBe(most);
		expect(Math.max(...sizes.slice(before))).toBe(most);
	});

	it("that each are refused as a batch are asked in smaller ones", async () => {
		const each = (asked: readonly Ask[]) => ({
			body: asked.map(({ id }) => ({ id, error: refusal(-32005, "Batch size limit exceeded") })),
		});
		const { ask, client } = await batchNode((asked) => (asked.length > 2 ? each(asked) : { body: plain(asked) }));
		expect(await ask(8)).toEqual(EIGHT);
		expect(client.manners.batch).toBe(2);
	});

	it("keep what was told when others of them came too often, or are missing", async () => {
		const { ask, client } = await batchNode((asked, request) => {
			const told = plain(asked);
			if (request > 1) return { body: told };
			return { body: told.slice(1).map((one, i) => (i > 3 ? { id: one.id, error: refusal(429, "too many requests") } : one)) };
		});
		expect(await ask(8)).toEqual(EIGHT);
		expect([client.requests(), client.gapMs() > 0]).toEqual([8 + 4, true]);
	});

	it("whose answers come in any order are told apart by their numbers", async () => {
		const { ask } = await batchNode((asked) => ({ body: plain(asked).reverse() }));
		expect(await ask(8)).toEqual(EIGHT);
	});

	it("that come too often together are asked less of at once", async () => {
		const { ask, sizes } = await batchNode((asked) =>
			asked.length > 2 ? { body: { error: refusal(-32005, "rate limit exceeded") } } : { body: plain(asked) },
		);
		expect(await ask(8)).toEqual(EIGHT);
		expect(Math.max(...sizes.slice(-2))).toBeLessThanOrEqual(2);
	});
});

describe("a call", () => {
	it("whose answer must be there is asked for again when it is null, and then null is believed", async () => {
		let nulls = 2;
		const { client } = await batchNode((asked) => ({ body: asked.map(({ id }) => ({ id, result: nulls-- > 0 ? null : "0x1" })) }));
		expect(await client.present("eth_test", [])).toBe("0x1");
		nulls = 10;
		expect(await client.present("eth_test", [])).toBeNull();
		expect(client.requests()).toBe(3 + 3);
	});

	it.each([
		["a page", "<html>502</html>"],
		["a cut answer", `{"jsonrpc":"2.0","id":1,"resu`],
		["another's answer", { jsonrpc: "2.0", id: 999, result: "0x9" }],
	])("that gets %s is sent again", async (_, body) => {
		const { ask } = await batchNode((asked, request) => ({ body: request === 1 ? body : plain(asked) }));
		expect(await ask(1)).toEqual(["0x1"]);
	});

	it.each([
		["eth_getLogs", "query returned more than 10000 results", "NODE_TOO_MUCH", 1],
		["eth_getLogs", "limit exceeded", "NODE_TOO_MUCH", 1],
		["eth_call", "limit exceeded", "NODE_RATE_LIMIT", 6],
		["eth_getBalance", "missing trie node", "NODE_UNSUPPORTED", 1],
		["eth_call", "execution reverted: limit exceeded", "NODE_BAD_ANSWER", 1],
	])("of %s that is refused with %j is %s after %i tries", async (method, message, code, tries) => {
		const { client } = await batchNode(() => ({ body: { id: 1, error: refusal(-32000, message) } }));
		await expect(client.call(method, [])).rejects.toMatchObject({ code });
		expect(client.requests()).toBe(tries);
	});
});
