import { type ChainId, NodeError } from "@clew/core";
import { type EndpointReport, finding, freshness } from "../endpoint-report.js";
import type { HttpOptions } from "../http/http-client.js";
import { openBitcoinSource } from "./open.js";

/** Blocks of Bitcoin are rarely so far apart, in seconds. */
const RECENT = 3 * 3_600;
const TRIES = 3;

/** Asks a node of Bitcoin, or Esplora, what it can do. Throws NodeError where it does not answer, or serves another chain. */
export async function testBitcoinNode(url: string, chain: ChainId, now: number, options: HttpOptions): Promise<EndpointReport> {
	const source = await openBitcoinSource(url, chain, { attempts: TRIES, ...options });
	try {
		const { client } = await source.capabilities();
		const { height, time } = await source.head();
		const findings = [
			freshness(time, now, RECENT),
			await finding("the first blocks", async () => (await source.block(1)) !== undefined, {
				yes: "what happened long ago can be fetched",
				no: "old blocks are not kept: what happened then is not known from it",
			}),
			await finding(
				"what spends an output",
				async () => {
					const [record] = (await source.block(1)).transactions;
					const [output] = record?.outputs ?? [];
					if (record === undefined || output === undefined) throw new NodeError("NODE_BAD_ANSWER", source.name, "block 1 has no output");
					await source.spenderOf({ txid: record.txid, vout: 0 }, output.account);
					return true;
				},
				{
					yes: "money is followed from a transaction by clew follow",
					no: "where money went on is not known without its blocks: use Esplora, or a node with an index of addresses",
				},
			),
		];
		return { client, head: { height, time }, findings, requests: source.requests() };
	} finally {
		source.close();
	}
}
