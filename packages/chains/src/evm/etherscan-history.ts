import {
	type AccountActivity,
	type AccountHistory,
	type AccountId,
	addressOf,
	type ChainId,
	evmChainNumber,
	type Hash,
	NodeError,
	trustedAccountId,
} from "@clew/core";
import { z } from "zod";
import { type HttpOptions, httpClient } from "../http/http-client.js";
import { readExplorer } from "./explorer-answers.js";
import { hash as hashForm } from "./shapes.js";

/** Its lists, the first of which every such API has, and what each finds. */
const ACTIONS = [
	["txlist", "native"],
	["txlistinternal", "internal"],
	["tokentx", "token"],
] as const;
/** Rows of a page; the most that these APIs give. */
const PAGE = 1_000;
const SECOND_MS = 1_000;
const digits = z.string().regex(/^[0-9]{1,15}$/);
const addressShape = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const callsShape = z.array(
	z.looseObject({
		from: addressShape,
		to: z.union([addressShape, z.literal("")]).nullish(),
		value: z.string().regex(/^[0-9]{1,78}$/),
		isError: z.string().nullish(),
	}),
);
const rowsShape = z.array(
	z.looseObject({
		blockNumber: digits,
		hash: hashForm.optional().catch(undefined),
		transactionHash: hashForm.optional().catch(undefined),
		from: z.string().optional(),
		nonce: digits.optional(),
	}),
);
/** The answer to `getblocknobytime`: Etherscan's is a number, Blockscout's has one. */
export const blockShape = z.union([digits, z.looseObject({ blockNumber: z.coerce.string().pipe(digits) })]);

/** What asks such an API for the newest block that it has read; `now` in Unix seconds. */
export function newestBlockQuery(now: number): string {
	return `module=block&action=getblocknobytime&timestamp=${now}&closest=before`;
}

/** The chain that the URL of an API for many asks about; undefined where it names none. Throws NodeError where it names another. */
export function chainOfUrl(url: string, chain: ChainId): ChainId | undefined {
	const [, named] = /[?&]chain_?id=([0-9]+)/i.exec(url) ?? [];
	if (named === undefined) return undefined;
	if (BigInt(named) === evmChainNumber(chain)) return chain;
	throw new NodeError("NODE_WRONG_CHAIN", httpClient(url).name, `is asked about eip155:${named}, and named for ${chain}`);
}

/**
 * Finds the blocks in which an account takes part through an Etherscan-compatible HTTP API (Etherscan, Blockscout, Routescan), whose URL
 * may hold `?chainid=1&apikey=…`. Throws NodeError (NODE_WRONG_CHAIN) for a URL that asks about another chain.
 */
export function etherscanHistory(url: string, chain: ChainId, options: HttpOptions = {}): AccountHistory {
	chainOfUrl(url, chain);
	const http = httpClient(url, options);
	const joined = url.includes("?") ? "&" : "?";
	const method = `Etherscan API at ${http.name}`;

	/** Lists that it refused for good. */
	const refused = new Set<string>();

	async function page(address: string, action: string, from: number, to: number): Promise<z.infer<typeof rowsShape>> {
		const words = `module=account&action=${action}&address=${address}&startblock=${from}&endblock=${to}&page=1&offset=${PAGE}&sort=asc`;
		return http.get(`${joined}${words}`, (answer) => readExplorer(http, action, rowsShape, answer));
	}

	return {
		method,
		requests: http.requests,
		async newest() {
			const words = newestBlockQuery(Math.floor(Date.now() / SECOND_MS));
			const told = await http.get(`${joined}${words}`, (answer) => readExplorer(http, "getblocknobytime", blockShape, answer));
			return Number(typeof told === "string" ? told : told.blockNumber);
		},
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
			const address = addressOf(account);
			const heights = new Set<number>();
			const cited = new Map<number, readonly Hash[]>();
			const nameless = new Set<number>();
			const signed: { readonly height: number; readonly nonce: number }[] = [];
			let through = to;
			let isNumbered = true;
			for (const [action] of ACTIONS) {
				if (refused.has(action)) continue;
				let rows: z.infer<typeof rowsShape>;
				try {
					rows = await page(address, action, from, to);
				} catch (error) {
					if (action === ACTIONS[0][0] || !(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
					refused.add(action);
					continue;
				}
				const found = rows.map(({ blockNumber }) => Number(blockNumber));
				// A full page ends inside its last block.
				if (rows.length >= PAGE) through = Math.min(through, Math.max(from, Math.max(...found) - 1));
				for (const { blockNumber, transactionHash, hash = transactionHash } of rows) {
					const height = Number(blockNumber);
					if (hash === undefined) nameless.add(height);
					else cited.set(height, [...(cited.get(height) ?? []), hash.toLowerCase() as Hash]);
				}
				for (const height of found) heights.add(height);
				for (const row of action === ACTIONS[0][0] ? rows : []) {
					if (row.from === undefined || row.nonce === undefined) isNumbered = false;
					else if (row.from.toLowerCase() === address) signed.push({ height: Number(row.blockNumber), nonce: Number(row.nonce) });
				}
			}
			const inside = (height: number) => height >= from && height <= through;
			return {
				heights: [...heights].filter(inside).sort((a, b) => a - b),
				through,
				cited: new Map([...cited].filter(([height]) => !nameless.has(height))),
				kinds: ACTIONS.flatMap(([action, kind]) => (refused.has(action) ? [] : [kind])).sort(),
				...(isNumbered ? { signed: signed.filter(({ height }) => inside(height)).map(({ nonce }) => nonce) } : {}),
			};
		},
	};
}
