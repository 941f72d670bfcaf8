import { type AccountActivity, type AccountHistory, type AccountId, addressOf, NodeError, rememberEndpoint, scrub } from "@clew/core";
import { z } from "zod";
import { type HttpOptions, httpClient } from "../http-client.js";

const ACTIONS = ["txlist", "txlistinternal", "tokentx"] as const;
/** Rows of a page; the most that these APIs give. */
const PAGE = 1_000;
const answerShape = z.looseObject({ status: z.string(), message: z.string(), result: z.unknown() });
const rowsShape = z.array(z.looseObject({ blockNumber: z.string().regex(/^[0-9]{1,10}$/) }));

/**
 * Finds the blocks in which an account takes part through an Etherscan-compatible HTTP API (Etherscan, Blockscout, Routescan), whose URL
 * may hold `?chainid=1&apikey=…`.
 */
export function etherscanHistory(url: string, options: HttpOptions = {}): AccountHistory {
	const [base = "", query = ""] = url.split("?");
	const http = httpClient(base, options);
	const { secrets } = rememberEndpoint(url);
	const method = `Etherscan API at ${http.name}`;

	async function page(address: string, action: string, from: number, to: number): Promise<number[]> {
		const words = `module=account&action=${action}&address=${address}&startblock=${from}&endblock=${to}&page=1&offset=${PAGE}&sort=asc`;
		const { body } = await http.get(`?${query === "" ? "" : `${query}&`}${words}`);
		const bad = (what: string, retryable = false) => new NodeError("NODE_BAD_ANSWER", http.name, `${action}: ${what}`, { retryable });
		let parsed: unknown;
		try {
			parsed = JSON.parse(body.toString("utf8"));
		} catch {
			throw bad("the answer is not JSON", true);
		}
		const answer = answerShape.safeParse(parsed);
		if (!answer.success) throw bad("the answer has not the expected form");
		const rows = rowsShape.safeParse(answer.data.result);
		if (rows.success) return rows.data.map(({ blockNumber }) => Number(blockNumber));
		const text = scrub(`${answer.data.message} ${String(answer.data.result)}`, secrets).slice(0, 120);
		if (/rate limit/i.test(text)) throw new NodeError("NODE_RATE_LIMIT", http.name, text, { retryable: true });
		throw bad(text);
	}

	return {
		method,
		async activity(account: AccountId, from: number, to: number): Promise<AccountActivity> {
			const lists: number[][] = [];
			let through = to;
			for (const action of ACTIONS) {
				const found = await page(addressOf(account), action, from, to);
				// A full page ends inside its last block.
				if (found.length >= PAGE) through = Math.min(through, Math.max(from, Math.max(...found) - 1));
				lists.push(found);
			}
			const inside = lists.flat().filter((height) => height >= from && height <= through);
			return { heights: [...new Set(inside)].sort((a, b) => a - b), through, kinds: ["internal", "native", "token"] };
		},
	};
}
