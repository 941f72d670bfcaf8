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
		const client = rpcClient(await node(answer), 1n, { attempts: 1 });
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
