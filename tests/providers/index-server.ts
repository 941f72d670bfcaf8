import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const SECOND_MS = 1_000;

/** What an index leaves out of what the node behind it has. */
export interface IndexProfile {
	/** The newest block that it has read; without it, it does not say, and has read all. */
	readonly newest?: number;
	/** True where it says so. */
	readonly says?: boolean;
	/** Answers in a second at most; without it, any number. */
	readonly perSecond?: number;
	/** Leaves a transaction out. */
	readonly without?: (tx: Listed) => boolean;
}

/** A transaction as such an index lists it. */
export interface Listed {
	readonly blockNumber: string;
	readonly hash: string;
	readonly nonce: string;
	readonly from: string;
	readonly to: string | null;
}

interface RpcBlock {
	readonly transactions: readonly { readonly hash: string; readonly nonce: string; readonly from: string; readonly to: string | null }[];
}

/** An Etherscan-compatible index of the transactions of a node's blocks, on a loopback port. `asked` is every
 * question that was answered. */
export async function startIndex(
	node: string,
	{ newest, says = true, perSecond = Number.POSITIVE_INFINITY, without = () => false }: IndexProfile = {},
) {
	const ask = async (method: string, ...params: unknown[]) => {
		const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
		const told = await fetch(node, { method: "POST", headers: { "content-type": "application/json" }, body });
		return ((await told.json()) as { result: unknown }).result;
	};
	const head = Number(await ask("eth_blockNumber"));
	const all: Listed[] = [];
	for (let height = 0; height <= Math.min(head, newest ?? head); height++) {
		const { transactions } = (await ask("eth_getBlockByNumber", `0x${height.toString(16)}`, true)) as RpcBlock;
		all.push(
			...transactions.map(({ hash, nonce, from, to }) => ({ hash, from, to, nonce: String(Number(nonce)), blockNumber: String(height) })),
		);
	}
	const asked: string[] = [];
	let [second, answered] = [0, 0];
	const server = createServer((request, response) => {
		const now = Math.floor(performance.now() / SECOND_MS);
		if (now !== second) [second, answered] = [now, 0];
		if (++answered > perSecond) {
			const result = `Max calls per sec rate limit reached (${perSecond}/sec)`;
			return void response.end(JSON.stringify({ status: "0", message: "NOTOK", result }));
		}
		const words = new URL(request.url ?? "", "http://x").searchParams;
		const [action, address] = [words.get("action") ?? "", words.get("address")?.toLowerCase()];
		asked.push(`${action} ${address ?? ""} ${words.get("startblock") ?? ""} ${words.get("endblock") ?? ""}`);
		const ok = (result: unknown) => response.end(JSON.stringify({ status: "1", message: "OK", result }));
		if (action === "getblocknobytime" && newest !== undefined && says) return ok(String(newest));
		const isIn = (tx: Listed) =>
			Number(tx.blockNumber) >= Number(words.get("startblock")) && Number(tx.blockNumber) <= Number(words.get("endblock"));
		const isOf = ({ from, to }: Listed) => address !== undefined && [from, to].includes(address);
		const rows = action === "txlist" ? all.filter((tx) => isOf(tx) && isIn(tx) && !without(tx)) : [];
		return rows.length > 0 ? ok(rows) : response.end(JSON.stringify({ status: "0", message: "No transactions found", result: [] }));
	});
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
		asked,
		close: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
