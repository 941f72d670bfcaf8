import {
	type AccountActivity,
	type AccountHistory,
	type AccountId,
	addressOf,
	type ChainId,
	NodeError,
	trustedAccountId,
} from "@clew/core";
import { z } from "zod";
import { type HttpOptions, httpClient } from "../http/http-client.js";
import { readExplorer } from "./explorer-answers.js";

/** Its lists, the first of which every such API has, and what each finds. */
const ACTIONS = [
	["txlist", "native"],
	["txlistinternal", "internal"],
	["tokentx", "token"],
] as const;
/** Rows of a page; the most that these APIs give. */
const PAGE = 1_000;
const addressShape = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const callsShape = z.array(
	z.looseObject({
		from: addressShape,
		to: z.union([addressShape, z.literal("")]).nullish(),
		value: z.string().regex(/^[0-9]{1,78}$/),
		isError: z.string().nullish(),
	}),
);
const rowsShape = z.array(z.looseObject({ blockNumber: z.string().regex(/^[0-9]{1,10}$/) }));

/**
 * Finds the blocks in which an account takes part through an Etherscan-compatible HTTP API (Etherscan, Blockscout, Routescan), whose URL
 * may hold `?chainid=1&apikey=…`.
 */
export function etherscanHistory(url: string, chain: ChainId, options: HttpOptions = {}): AccountHistory {
	const http = httpClient(url, options);
	const joined = url.includes("?") ? "&" : "?";
	const method = `Etherscan API at ${http.name}`;

	/** Lists that it refused for good. */
	const refused = new Set<string>();

	async function page(address: string, action: string, from: number, to: number): Promise<number[]> {
		const words = `module=account&action=${action}&address=${address}&startblock=${from}&endblock=${to}&page=1&offset=${PAGE}&sort=asc`;
		const rows = await http.get(`${joined}${words}`, (answer) => readExplorer(http, action, rowsShape, answer));
		return rows.map(({ blockNumber }) => Number(blockNumber));
	}

	return {
		method,
		requests: http.requests,
		async callsOf(hash) {
			const action = "txlistinternal";
			const rows = await http.get(`${joined}module=account&action=${action}&txhash=${hash}`, (answer) =>
				readExplorer(http, action, callsShape, answer),
			);
			return rows
				.filter(({ isError, value }) => isError !== "1" && !/^0+$/.test(value))
				.map(({ from, to, value }) => ({
					from: trustedAccountId(chain, from.toLowerCase()),
					to: to ? trustedAccountId(chain, to.toLowerCase()) : undefined,
					amount: BigInt(value),
				}));
		},
		async activity(account: AccountId, from: number, to: number): Promise<AccountActivity> {
			const lists: number[][] = [];
			let through = to;
			for (const [action] of ACTIONS) {
				if (refused.has(action)) continue;
				try {
					const found = await page(addressOf(account), action, from, to);
					// A full page ends inside its last block.
					if (found.length >= PAGE) through = Math.min(through, Math.max(from, Math.max(...found) - 1));
					lists.push(found);
				} catch (error) {
					if (action === ACTIONS[0][0] || !(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
					refused.add(action);
				}
			}
			const kinds = ACTIONS.flatMap(([action, kind]) => (refused.has(action) ? [] : [kind])).sort();
			const inside = lists.flat().filter((height) => height >= from && height <= through);
			return { heights: [...new Set(inside)].sort((a, b) => a - b), through, kinds };
		},
	};
}
