import {
	type AccountId,
	addressOf,
	type BitcoinBlockProof,
	type BitcoinNetwork,
	type BlockEvidence,
	type BlockHeader,
	bitcoinNetwork,
	type ChainId,
	type Hash,
	InputError,
	NodeError,
	type Outpoint,
	type OutputFacts,
	type RawHeader,
	throwIfAborted,
	type UtxoBlock,
	type UtxoChainSource,
	type UtxoRecord,
} from "@clew/core";
import type { HttpOptions } from "../http/http-client.js";
import { decodeBlock, HEADER_BYTES, headerFacts, orLied, parseBlock, type RawBlock } from "./block.js";
import { transactionOfRaw } from "./json.js";
import { type AddressHistory, type BitcoinNode, bitcoinNode } from "./node.js";
import { bitcoinAnswers, proveBitcoinBlock } from "./proofs.js";
import { type ScriptReader, scriptReader } from "./script.js";

/** See `openBitcoinSource`. */
export async function connectBitcoinSource(url: string, chain: ChainId, options: HttpOptions = {}): Promise<UtxoChainSource> {
	const network = networkOf(chain);
	const scripts = scriptReader(network);
	const node = bitcoinNode(url, network, scripts, options);
	const genesis = await node.hashAt(0);
	if (genesis !== network.genesis)
		throw new NodeError("NODE_WRONG_CHAIN", node.name, `serves the chain of genesis block ${genesis}, the case is about ${network.name}`, {
			hint: "Give the URL of a node of the case's network.",
		});
	return new BitcoinSource(node, network, scripts);
}

/** The network of a Bitcoin case. Throws InputError (USAGE). */
export function networkOf(chain: ChainId): BitcoinNetwork {
	const network = bitcoinNetwork(chain);
	if (network === undefined)
		throw new InputError(`the case is about ${chain}, which is no Bitcoin network`, {
			code: "USAGE",
			hint: "Make a case with --chain bitcoin.",
		});
	return network;
}

class BitcoinSource implements UtxoChainSource {
	readonly ledger = "outputs";
	readonly chain: ChainId;
	readonly name: string;
	private readonly node: BitcoinNode;
	private readonly network: BitcoinNetwork;
	private readonly scripts: ScriptReader;

	constructor(node: BitcoinNode, network: BitcoinNetwork, scripts: ScriptReader) {
		this.node = node;
		this.network = network;
		this.scripts = scripts;
		this.chain = network.chain;
		this.name = node.name;
	}

	async capabilities(): Promise<{ client: string }> {
		return { client: await this.node.client() };
	}

	async head(): Promise<BlockHeader> {
		const tip = await this.node.tip();
		const header = await this.node.headerAt?.(tip);
		return header === undefined ? (await this.block(tip)).header : { height: tip, ...headerFacts(header) };
	}

	async block(height: number, signal?: AbortSignal): Promise<UtxoBlock> {
		return decodeBlock((await this.raw(height, signal)).block, height, this.scripts);
	}

	async evidence(height: number, cited: ReadonlySet<Hash>, signal?: AbortSignal): Promise<BlockEvidence<UtxoBlock>> {
		const partial = await this.node.proofOf?.(height, cited);
		if (partial !== undefined) return this.evidenceOf(height, partial);
		const { bytes, block } = await this.raw(height, signal);
		return {
			block: decodeBlock(block, height, this.scripts),
			proof: proveBitcoinBlock(this.chain, height, bytes, block, cited),
			unprovable: [],
			provable: new Map(),
			answers: bitcoinAnswers(height, block, bytes),
		};
	}

	/** What a proof shows by itself: the cited transactions of its block, and none of the others. */
	private evidenceOf(height: number, proof: BitcoinBlockProof): BlockEvidence<UtxoBlock> {
		const { name, scripts } = this;
		const transactions = proof.transactions.map(({ txid, raw }) => transactionOfRaw(Buffer.from(raw, "hex"), txid, height, scripts, name));
		return {
			block: { header: { height, ...headerFacts(Buffer.from(proof.header, "hex")) }, transactions },
			proof,
			unprovable: [],
			provable: new Map(),
			get answers(): string {
				const why = "it tells no whole blocks, so that a trace is not run again from it";
				throw new NodeError("NODE_UNSUPPORTED", name, `block ${height}: ${why}`, { hint: "Give --rpc of a node or Esplora." });
			},
		};
	}

	async rawHeader(height: number): Promise<RawHeader> {
		const header = await this.node.headerAt?.(height);
		if (header !== undefined) return { hash: headerFacts(header).hash, header: Buffer.from(header).toString("hex") };
		const { bytes, block } = await this.raw(height, undefined);
		return { hash: block.hash, header: Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString("hex") };
	}

	private async raw(height: number, signal: AbortSignal | undefined): Promise<{ bytes: Uint8Array; block: RawBlock }> {
		throwIfAborted(signal);
		const hash = await this.node.hashAt(height);
		const bytes = await this.node.rawBlock(hash);
		throwIfAborted(signal);
		const block = orLied(this.name, "Use another node.", () => parseBlock(bytes, this.network, `block ${height}`));
		if (block.hash !== hash) throw new NodeError("NODE_LIED", this.name, `block ${height}: asked for ${hash}, got ${block.hash}`);
		return { bytes, block };
	}

	requests(): number {
		return this.node.requests();
	}

	async transaction(txid: Hash): Promise<{ record: UtxoRecord; time: number } | undefined> {
		const found = await this.node.transaction(txid);
		if (found === undefined) return undefined;
		const asked = new Map<Hash, readonly OutputFacts[] | undefined>();
		const inputs = [];
		for (const input of found.record.inputs) {
			const { txid: spent, vout } = input.outpoint;
			if (input.previous === undefined && !asked.has(spent)) asked.set(spent, await this.node.outputsOf(spent));
			const previous = input.previous ?? asked.get(spent)?.[vout];
			inputs.push(previous === undefined ? input : { ...input, previous });
		}
		return { time: found.time, record: { ...found.record, inputs } };
	}

	spenderOf(outpoint: Outpoint, account: AccountId): Promise<Hash | undefined> {
		return this.node.spenderOf(outpoint, addressOf(account));
	}

	async addressHistory(account: AccountId): Promise<AddressHistory> {
		if (this.node.addressHistory !== undefined) return this.node.addressHistory(addressOf(account));
		throw new NodeError("NODE_UNSUPPORTED", this.name, "does not list the transactions of an address", {
			hint: "Use Esplora (…/api) or an Electrum server (ssl://…).",
		});
	}

	async previousOutputs(spentIn: BlockHeader, outpoints: readonly Outpoint[]): Promise<ReadonlyMap<string, OutputFacts>> {
		const found = new Map(spentIn.hash === undefined ? [] : await this.node.previousInBlock(spentIn.hash));
		const asked = new Map<Hash, readonly OutputFacts[] | undefined>();
		for (const { txid, vout } of outpoints) {
			const key = `${txid}:${vout}`;
			if (found.has(key)) continue;
			if (!asked.has(txid)) asked.set(txid, await this.node.outputsOf(txid));
			const output = asked.get(txid)?.[vout];
			if (output !== undefined) found.set(key, output);
		}
		return found;
	}

	close(): void {
		this.node.close?.();
	}
}
