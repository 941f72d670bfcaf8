import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { openEndpoints, openEvmSource } from "@clew/chains";
import { createCase, openCase } from "@clew/graph-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";
import { ANVIL_CHAIN, mineTransfers } from "./team.js";

const folder = scratch();
const HEAD = 12;

/** A server between us and a node: it can be down, and can change what the node answers. */
async function proxy(target: () => string, state: { down: boolean; calls: number; change?: (method: string, result: unknown) => unknown }) {
	const server: Server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", async () => {
			if (state.down) return void request.socket.destroy();
			state.calls++;
			const answer: unknown = await (
				await fetch(target(), { method: "POST", headers: { "content-type": "application/json" }, body })
			).json();
			const asked = [JSON.parse(body)].flat();
			const changed = ([answer].flat() as { result: unknown }[]).map((one, i) => ({
				...one,
				result: state.change?.(asked[i].method, one.result) ?? one.result,
			}));
			response.end(JSON.stringify(Array.isArray(answer) ? changed : changed[0]));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	return { url: `http://127.0.0.1:${port}`, close: () => server.close(), port };
}

describe("several endpoints", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let other: Awaited<ReturnType<typeof startAnvil>>;
	const first = { down: false, calls: 0 } as { down: boolean; calls: number; change?: (method: string, result: unknown) => unknown };
	const second = { down: false, calls: 0 };
	let a: Awaited<ReturnType<typeof proxy>>;
	let b: Awaited<ReturnType<typeof proxy>>;
	let cases = 0;
	const ingest = async (...more: string[]) => {
		const place = join(folder, `${cases++}.clew`);
		const store = await createCase(place, { title: "t", chain: ANVIL_CHAIN, at: "2026-01-01T00:00:00Z" });
		await store.close();
		const result = await clewAsync([
			"ingest",
			"--case",
			place,
			"--from",
			"0",
			"--to",
			String(HEAD),
			"--checkpoint",
			"4",
			"--concurrency",
			"1",
			...more,
		]);
		return { ...result, store: () => openCase(place) };
	};

	beforeAll(async () => {
		[node, other] = await Promise.all([startAnvil(), startAnvil("--timestamp", "1700000000")]);
		await mineTransfers(node.url, HEAD, 2);
		await mineTransfers(other.url, HEAD, 2);
		[a, b] = await Promise.all([proxy(() => node.url, first), proxy(() => node.url, second)]);
	});
	afterAll(async () => {
		a.close();
		b.close();
		await Promise.all([node.stop(), other.stop()]);
		rmSync(folder, { recursive: true, force: true });
	});

	it("when one goes down in the middle, the next is turned to, and the case knows which told what", async () => {
		Object.assign(first, { calls: 0, down: false });
		first.change = (method, result) => {
			if (method === "eth_getBlockByNumber" && Number((result as { number?: string } | null)?.number) === 6) first.down = true;
			return result;
		};
		const { code, err, store } = await ingest("--rpc", a.url, "--rpc", b.url, "--batch", "1");
		expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining("turned from") });
		const held = await store();
		expect((await held.sources()).map((source) => source.name).sort()).toEqual([a.url, b.url].sort());
		const told = (await held.heights(ANVIL_CHAIN, 0, 100)).flatMap(({ transactions }) =>
			transactions.flatMap((tx) => tx.transfers.map((t) => t.source)),
		);
		expect(new Set(told)).toEqual(new Set([`node:${a.url}`, `node:${b.url}`]));
		await held.close();
		first.down = false;
		delete first.change;
	});

	it("one that is down from the start is passed over; all down is an error", async () => {
		first.down = true;
		const { code, store } = await ingest("--rpc", a.url, "--rpc", b.url);
		expect(code).toBe(0);
		const held = await store();
		expect((await held.sources()).map((source) => source.name)).toEqual([b.url]);
		await held.close();
		second.down = true;
		expect(await ingest("--rpc", a.url, "--rpc", b.url)).toMatchObject({ code: 4 });
		first.down = false;
		second.down = false;
	});

	it("a quorum that agrees makes every row known by quorum", async () => {
		const { code, store } = await ingest("--rpc", a.url, "--rpc", b.url, "--quorum", "2");
		expect(code).toBe(0);
		const held = await store();
		const tiers = (await held.heights(ANVIL_CHAIN, 0, 100)).flatMap(({ transactions }) =>
			transactions.flatMap((tx) => tx.transfers.map((t) => t.provenance)),
		);
		expect(new Set(tiers)).toEqual(new Set(["quorum"]));
		await held.close();
	});

	it("two nodes that disagree are refused, and both versions are shown", async () => {
		const { code, err, store } = await ingest("--rpc", a.url, "--rpc", other.url, "--quorum", "2");
		expect({ code, err }).toMatchObject({ code: 4, err: expect.stringContaining("the endpoints disagree") });
		expect(err.match(/block \d+ 0x[0-9a-f]{8}/g)).toHaveLength(2);
		const held = await store();
		expect((await held.counts()).transfers).toBe(0);
		await held.close();
	});

	it("an endpoint of another chain is refused even when another one answers, and a quorum needs as many endpoints", async () => {
		first.change = (method, result) => (method === "eth_chainId" ? "0x5" : result);
		await expect(openEndpoints([a.url, b.url], (url) => openEvmSource(url, ANVIL_CHAIN))).rejects.toMatchObject({
			code: "NODE_WRONG_CHAIN",
		});
		delete first.change;
		expect(await ingest("--rpc", a.url, "--quorum", "2")).toMatchObject({ code: 4 });
	});
});
