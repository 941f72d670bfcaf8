import { type AccountId, type ChainId, NodeError, type Outpoint, type UtxoChainSource } from "@clew/core";
import { type EndpointReport, finding, freshness } from "../endpoint-report.js";
import type { HttpOptions } from "../http/http-client.js";
import { openBitcoinSource } from "./open.js";

/** Blocks of Bitcoin are rarely so far apart, in seconds. */
const RECENT = 3 * 3_600;
const TRIES = 3;

/**
 * Asks a node of Bitcoin, Esplora, or an Electrum server, what it can do. Throws NodeError where it does not answer, or serves another
 * chain.
 */
export async function testBitcoinNode(url: string, chain: ChainId, now: number, options: HttpOptions): Promise<EndpointReport> {
	let certificate: string | undefined;
	const onCertificate = (shown: string) => {
		certificate = shown;
	};
	const source = await openBitcoinSource(url, chain, { attempts: TRIES, ...options, onCertificate });
	try {
		let known: ReturnType<typeof firstOutput> | undefined;
		const first = () => {
			known ??= firstOutput(source);
			return known;
		};
		const { client } = await source.capabilities();
		const { height, time } = await source.head();
		const findings = [
			freshness(time, now, RECENT),
			await finding("whole blocks, from the first", async () => (await source.block(1)) !== undefined, {
				yes: "what happened long ago can be fetched",
				no: "clew ingest cannot read old blocks from it. An Electrum server tells no blocks at all: a bundle made from it knows transactions by their proofs to a header alone, and is not run again",
			}),
			await finding("transactions of an address", async () => (await source.addressHistory((await first()).account)).through >= 0, {
				yes: "money is followed from an address by clew follow and clew investigate",
				no: "an address is followed only from transactions that are named: use Esplora or an Electrum server",
			}),
			await finding(
				"what spends an output",
				async () => {
					const { outpoint, account } = await first();
					await source.spenderOf(outpoint, account);
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

/** The first output of block 1, which every chain has, and whose it is. Throws NodeError. */
async function firstOutput(source: UtxoChainSource): Promise<{ readonly outpoint: Outpoint; readonly account: AccountId }> {
	const { block, proof } = await source.evidence(1, new Set());
	const txid = proof?.schema === "clew.proof.bitcoin/1" ? proof.coinbase.txid : undefined;
	// A node with whole blocks need not know a transaction by its id alone.
	const record = block.transactions[0] ?? (txid === undefined ? undefined : (await source.transaction(txid))?.record);
	const output = record?.outputs[0];
	if (record === undefined || output === undefined)
		throw new NodeError("NODE_BAD_ANSWER", source.name, "does not tell the first output of block 1");
	return { outpoint: { txid: record.txid, vout: 0 }, account: output.account };
}
