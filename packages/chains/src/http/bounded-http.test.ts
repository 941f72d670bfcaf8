import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { rpcClient } from "../evm/rpc-client.js";
import { httpClient } from "./http-client.js";

let server: Server | undefined;
afterEach(() => {
	server?.closeAllConnections();
	server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
	server = createServer(listener);
	await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Both families' clients, asked for one thing, without a second try. */
const CLIENTS = {
	evm: (url: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
		rpcClient(url, { attempts: 1, ...options }).call("eth_blockNumber", []),
	bitcoin: (url: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
		httpClient(url, { attempts: 1, ...options }).post('{"method":"getblockcount"}'),
};

describe.each(Object.entries(CLIENTS))("a hostile node (%s)", (_, ask) => {
	it("that answers a gigabyte of zeros in a small gzip is refused without taking its memory", async () => {
		const url = await serve((_request, response) => {
			response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
			const gzip = createGzip();
			gzip.pipe(response);
			const zeros = Buffer.alloc(1 << 20);
			let left = 1024;
			const push = () => {
				while (left-- > 0) if (!gzip.write(zeros)) return void gzip.once("drain", push);
				gzip.end();
			};
			push();
		});
		await expect(ask(url)).rejects.toMatchObject({ code: "NODE_BAD_ANSWER", message: expect.stringContaining("more than 256 MiB") });
	});

	it("that dribbles a byte now and then is given up when its time is over", async () => {
		let timer: NodeJS.Timeout | undefined;
		const url = await serve((_request, response) => {
			response.writeHead(200, { "content-type": "application/json" });
			timer = setInterval(() => response.write(" "), 50);
		});
		await expect(ask(url, { timeoutMs: 400 })).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
		clearInterval(timer);
	});

	it("that sends the request elsewhere is not followed, and the place's path is not told", async () => {
		let asked = 0;
		const url = await serve((request, response) => {
			asked++;
			response.writeHead(307, { location: `http://localhost:${request.socket.localPort}/v3/SECRETKEY` });
			response.end();
		});
		const error = await ask(url).then(
			() => undefined,
			(reason: unknown) => reason as Error,
		);
		expect([asked, error?.message]).toEqual([1, expect.stringMatching(/HTTP 307: it points to another place \(localhost:\d+\)/)]);
		expect(error?.message).not.toContain("SECRETKEY");
	});

	it("that never answers ends at the first signal", async () => {
		const interrupt = new AbortController();
		const url = await serve(() => interrupt.abort());
		await expect(ask(url, { signal: interrupt.signal })).rejects.toMatchObject({ code: "INTERRUPTED" });
	});

	it("is told user and password of its URL in a header", async () => {
		let header: string | undefined;
		const url = await serve((request, response) => {
			header = request.headers.authorization;
			response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}');
		});
		await ask(url.replace("http://", "http://me:p%40ss@"));
		expect(header).toBe(`Basic ${Buffer.from("me:p@ss").toString("base64")}`);
	});
});
