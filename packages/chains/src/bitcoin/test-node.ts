import { type ChainId, NodeError, type UtxoChainSource, type UtxoRecord } from "@clew/core";
import { type EndpointReport, finding, freshness } from "../endpoint-report.js";
import type { HttpOptions } from "../http/http-client.js";
import { openBitcoinSource } from "./open.js";

/** Blocks of Bitcoin are rarely so far apart, in seconds. */
const RECENT = 3 * 3_600;
const TRIES = 3;

/** Asks a node of Bitcoin, Esplora, or an Electrum server, what it can do. Throws NodeError where it does not answer, or serves another chain. */
export async function testBitcoinNode(url: string, chain: ChainId, now: number, options: HttpOptions): Promise<EndpointReport> {
	let certificate: string | undefined;
	const onCertificate = (shown: string) => {
		certificate = shown;
	};
	const source = await openBitcoinSource(url, chain, { attempts: TRIES, ...options, onCertificate });
	try {
		const { client } = await source.capabilities();
		const { height, time } = await source.head();
		const findings = [
			freshness(time, now, RECENT),
			await finding("whole blocks, from the first", async () => (await source.block(1)) !== undefined, {
				yes: "what happened long ago can be fetched",
				no: "clew ingest cannot read blocks from it, and a bundle made from it is not run again: a transaction is known by its proof to a header alone",
			}),
			await finding(
				"transactions of an address",
				async () => {
					const [output] = (await firstCoinbase(source)).outputs;
					if (output === undefined) throw new NodeError("NODE_BAD_ANSWER", source.name, "block 1 pays nobody");
					return (await source.addressHistory(output.account)).through >= 0;
				},
				{
					yes: "money is followed from an address by clew follow and clew investigate",
					no: "an address is followed only from transactions that are named: use Esplora or an Electrum server",
				},
			),
			await finding(
				"what spends an output",
				async () => {
					const record = await firstCoinbase(source);
					const [output] = record.outputs;
					if (output === undefined) throw new NodeError("NODE_BAD_ANSWER", source.name, "block 1 has no output");
					await source.spenderOf({ txid: record.txid, vout: 0 }, output.account);
					return true;
				},
				{
					yes: "money is followed from a transaction by clew follow",
					no: "where money went on is not known without its blocks: use Esplora, an Electrum server, or a node with an index of addresses",
				},
			),
		];
		return { client, head: { height, time }, findings, requests: source.requests(), certificate };
	} finally {
		source.close();
	}
}

/** The transaction that made the first block's coins, which every chain has. */
async function firstCoinbase(source: UtxoChainSource): Promise<UtxoRecord> {
	const { proof } = await source.evidence(1, new Set());
	const txid = proof?.schema === "clew.proof.bitcoin/1" ? proof.coinbase.txid : undefined;
	const found = txid === undefined ? undefined : await source.transaction(txid);
	if (found === undefined) throw new NodeError("NODE_BAD_ANSWER", source.name, "does not tell the transaction of block 1");
	return found.record;
}
