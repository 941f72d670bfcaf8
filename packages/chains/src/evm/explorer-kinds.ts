import { type ChainId, evmChainNumber } from "@clew/core";
import { z } from "zod";
import { type EndpointFinding, type EndpointKind, type EndpointReport, finding } from "../endpoint-report.js";
import { type HttpOptions, httpClient } from "../http/http-client.js";
import { blockShape, chainOfUrl, newestBlockQuery } from "./etherscan-history.js";
import { readExplorer } from "./explorer-answers.js";

const NOBODY = `0x${"0".repeat(36)}c1e7`;
const TRIES = 3;
const FIRST_LIST = "txlist";
const LISTS = [
	["transactions of an account", FIRST_LIST, "payments of coins"],
	["calls inside transactions of an account", "txlistinternal", "payments of coins by contracts"],
	["tokens of an account", "tokentx", "payments of tokens"],
] as const;

/** Kinds of Etherscan-compatible indexes; the key is a parameter, and the chain is one where an API serves many. */
export const EXPLORER_KINDS: readonly EndpointKind[] = [
	explorer("etherscan", /(^|\.)etherscan\.io$/),
	explorer("blockscout", /blockscout/),
	explorer("routescan", /routescan/),
];

function explorer(name: string, hosts: RegExp): EndpointKind {
	return { name, serves: ["histories"], hosts, template, test: testExplorer };
}

function template(url: string, chain: ChainId, keyed: boolean): string {
	const many = /\/v2\/api(\?|$)/.test(url) && !/[?&]chain_?id=/i.test(url);
	const words = [...(many ? [`chainid=${evmChainNumber(chain)}`] : []), ...(keyed && !url.includes("{key}") ? ["apikey={key}"] : [])];
	return words.reduce((so, word) => `${so}${so.includes("?") ? "&" : "?"}${word}`, url);
}

/** Asks an index what it lists. Throws NodeError where it refuses the key or does not answer. */
async function testExplorer(url: string, chain: ChainId, now: number, options: HttpOptions): Promise<EndpointReport> {
	const http = httpClient(url, { attempts: TRIES, ...options });
	const joined = url.includes("?") ? "&" : "?";
	const ask = <T>(action: string, shape: z.ZodType<T>, words: string) =>
		http.get(`${joined}${words}`, (answer) => readExplorer(http, action, shape, answer));
	const listed = async (action: string) => {
		const words = `module=account&action=${action}&address=${NOBODY}&startblock=0&endblock=1&page=1&offset=1&sort=asc`;
		return Array.isArray(await ask(action, z.array(z.unknown()), words));
	};
	const findings = [namesChain(url, chain)];
	// Who is refused here is refused everywhere.
	await listed(FIRST_LIST);
	for (const [about, action, what] of LISTS)
		findings.push(
			await finding(about, async () => action === FIRST_LIST || listed(action), {
				yes: `blocks with ${what} are found`,
				no: `blocks with ${what} are not known from it`,
			}),
		);
	const head = await ask("getblocknobytime", blockShape, newestBlockQuery(now)).catch(() => undefined);
	const height = head === undefined ? undefined : Number(typeof head === "string" ? head : head.blockNumber);
	findings.push(
		height === undefined
			? { about: "how far it has read the chain", answer: "not known", means: "what it lists of the last blocks may be missing" }
			: { about: "how far it has read the chain", answer: "yes", means: `up to block ${height}` },
	);
	return { head: height === undefined ? undefined : { height }, findings, requests: http.requests() };
}

/** An index does not say of which chain it is; only its URL may. Throws NodeError where that names another. */
function namesChain(url: string, chain: ChainId): EndpointFinding {
	const about = "it is of this chain";
	if (chainOfUrl(url, chain) !== undefined) return { about, answer: "yes", means: "its URL asks for it" };
	return {
		about,
		answer: "not known",
		means: "it does not say; if it is of another, it lists nothing of an account that has payments here",
	};
}
