import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A node that answers with real blocks as they were recorded, on a loopback port; `url` speaks JSON-RPC. */
export interface RecordedNode {
	readonly url: string;
	close(): void;
}

/** Answers a call; undefined is "method not found". */
export type Answer = (method: string, params: readonly unknown[]) => unknown;

/** JSON-RPC over HTTP; an answer of undefined is "method not found". */
export function serve(answer: Answer): Promise<RecordedNode> {
	const one = ({ id, method, params }: { id: unknown; method: string; params: unknown[] }) => {
		const result = answer(method, params);
		return result === undefined
			? { jsonrpc: "2.0", id, error: { code: -32601, message: "method not found" } }
			: { jsonrpc: "2.0", id, result };
	};
	const server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			const calls = JSON.parse(body);
			response.setHeader("content-type", "application/json");
			response.end(JSON.stringify(Array.isArray(calls) ? calls.map(one) : one(calls)));
		});
	});
	return new Promise((resolve) => {
		server.listen(0, "127.0.0.1", () =>
			resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }),
		);
	});
}

/** Ethereum mainnet, of which it knows some blocks. */
export function recordedEthereum(heights: readonly number[]): Promise<RecordedNode> {
	const read = (height: number, name: string) => {
		const value = JSON.parse(readFileSync(new URL(`../fixtures/ethereum/${height}/${name}.json`, import.meta.url), "utf8"));
		return value.result ?? value;
	};
	const blocks = new Map(
		heights.map((height) => [`0x${height.toString(16)}`, { block: read(height, "block"), receipts: read(height, "receipts") }]),
	);
	const last = [...blocks.values()].pop();
	return serve((method, [tag]) => {
		const known = tag === "latest" ? last : blocks.get(String(tag));
		if (method === "eth_chainId") return "0x1";
		if (method === "web3_clientVersion") return "recorded";
		if (method === "eth_getBlockByNumber") return known?.block ?? null;
		if (method === "eth_getBlockReceipts") return known?.receipts ?? null;
		return method === "eth_call" ? "0x" : undefined;
	});
}

/** A chain of which a node knows some blocks, by height: what it answers for each. */
export function recordedChain(
	chain: number,
	blocks: ReadonlyMap<number, { readonly block: unknown; readonly receipts: unknown }>,
	more?: Answer,
) {
	const last = [...blocks.values()].pop();
	return serve((method, params) => {
		const tag = String(params[0]);
		const known = tag === "latest" ? last : blocks.get(Number(tag));
		if (method === "eth_chainId") return `0x${chain.toString(16)}`;
		if (method === "web3_clientVersion") return "recorded";
		if (method === "eth_getBlockByNumber") return known?.block ?? null;
		if (method === "eth_getBlockReceipts") return known?.receipts ?? null;
		return more?.(method, params);
	});
}
