import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
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

describe("a client whose time is limited", () => {
	const slept: number[] = [];
	const sleep = async (ms: number) => void slept.push(ms);

	it("does not wait for longer than there is time, and says what it was refused with", async () => {
		let asked = 0;
		const url = await serve((_request, response) => {
			asked++;
			response.writeHead(429, { "retry-after": "30" }).end("{}");
		});
		slept.length = 0;
		await expect(httpClient(url, { sleep, leftMs: () => 10_000 }).get("")).rejects.toMatchObject({ code: "NODE_RATE_LIMIT" });
		expect([asked, slept]).toEqual([1, []]);
		await expect(httpClient(url, { sleep, leftMs: () => 60_000, attempts: 2 }).get("")).rejects.toMatchObject({ code: "NODE_RATE_LIMIT" });
		expect(asked).toBe(3);
	});

	it("waits for an answer no longer than that", async () => {
		const url = await serve(() => undefined);
		await expect(httpClient(url, { attempts: 1, leftMs: () => 50 }).get("")).rejects.toMatchObject({ code: "NODE_TIMEOUT" });
	});

	it("sends nothing once it is over", async () => {
		let asked = 0;
		const url = await serve((_request, response) => {
			asked++;
			response.end("{}");
		});
		await expect(httpClient(url, { leftMs: () => 0 }).get("")).rejects.toMatchObject({ code: "NODE_TIMEOUT", retryable: false });
		expect(asked).toBe(0);
	});
});
