import {
	type BitcoinBlockProof,
	type BitcoinNetwork,
	type BitcoinTransactionProof,
	type Hash,
	InputError,
	NodeError,
	type Outpoint,
	scrub,
	throwIfAborted,
} from "@clew/core";
import { z } from "zod";
import type { HttpOptions } from "../../http/http-client.js";
import { checkHeader, decodeTransaction, hashText, headerFacts, orLied } from "../block.js";
import { type ToldTransaction, withoutData } from "../json.js";
import type { AddressHistory, BitcoinNode } from "../node.js";
import { withoutWitness } from "../proofs.js";
import type { ScriptReader } from "../script.js";
import { electrumClient } from "./client.js";
import { type Branch, leadsTo } from "./inclusion.js";
import { RawTransactions } from "./raw-transactions.js";
import { scriptHash, scriptHashOf } from "./script-hash.js";

/** Transactions of an address that are read in search of the one that spends an output. */
const MOST_READ = 5_000;
/** Questions under way at once. */
const AT_ONCE = 20;
/** A transaction of 64 bytes can pass for two hashes of a Merkle tree (CVE-2017-12842), and none is needed. */
const LIKE_TWO_HASHES = 64;
/** Heights in whose transactions are remembered. */
const REMEMBERED = 200_000;
/** What to do about a server that lies, or cannot tell. */
const ELSEWHERE = "Use another server.";

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const hexText = z.string().regex(/^([0-9a-f]{2})*$/);
const height = z.number().int().min(-1).max(500_000_000);
const header = hexText.length(160);
const tipShape = z.looseObject({ height, hex: header });
const branchShape = z.looseObject({ merkle: z.array(hash), pos: z.number().int().nonnegative() });
const firstShape = z.looseObject({ tx_hash: hash, merkle: z.array(hash) });
const historyShape = z.array(z.looseObject({ tx_hash: hash, height }));
const unspentShape = z.array(z.looseObject({ tx_hash: hash, tx_pos: z.number().int().nonnegative() }));
const verboseShape = z.looseObject({ hex: hexText, confirmations: z.number().int().optional() });

/** True for URLs at which an Electrum server is. */
export function isElectrum(url: string): boolean {
	return /^(ssl|tcp):\/\//i.test(url);
}

/**
 * An Electrum server (protocol 1.4 to 1.6: ElectrumX, electrs, Fulcrum) as a node that knows no whole blocks. Where a transaction lies and
 * what spends an output is its index's word; each transaction's bytes hash to its id, its Merkle branch leads to the header of its height,
 * and that has the proof of work that it states. https://electrumx.readthedocs.io/en/latest/protocol.html
 */
export function electrumNode(url: string, network: BitcoinNetwork, scripts: ScriptReader, options: HttpOptions): BitcoinNode {
	const client = electrumClient(url, options);
	const { name } = client;
	const { signal } = options;
	const heights = new Map<Hash, number>();
	let isVerboseRefused = false;

	const lied = (text: string) => new NodeError("NODE_LIED", name, text, { hint: ELSEWHERE });
	const raws = new RawTransactions(name, async (txid) => client.call(hexText, "blockchain.transaction.get", txid, false));

	async function headerAt(at: number): Promise<Uint8Array> {
		const bytes = Buffer.from(await client.call(header, "blockchain.block.header", at), "hex");
		orLied(name, ELSEWHERE, () => checkHeader(bytes, network, `block ${at}`));
		return bytes;
	}

	const tip = async () => (await client.call(tipShape, "blockchain.headers.subscribe")).height;

	/** Transactions of a script in the order of the chain, those in no block last. */
	async function historyOf(script: string) {
		const told = await client.call(historyShape, "blockchain.scripthash.get_history", script);
		if (heights.size + told.length > REMEMBERED) heights.clear();
		for (const { tx_hash, height } of told) if (height > 0) heights.set(tx_hash as Hash, height);
		const place = (at: number) => (at > 0 ? at : Number.POSITIVE_INFINITY);
		return told.map((one) => ({ txid: one.tx_hash as Hash, height: place(one.height) })).sort((a, b) => a.height - b.height);
	}

	/** Heights at which a transaction may lie, the likeliest first; none while it is in no block. Undefined where nothing tells. */
	async function mayLieAt(txid: Hash): Promise<readonly number[] | undefined> {
		const known = heights.get(txid);
		if (known !== undefined) return [known];
		if (!isVerboseRefused)
			try {
				const { hex, confirmations = 0 } = await client.call(verboseShape, "blockchain.transaction.get", txid, true);
				raws.keep(txid, hex);
				if (confirmations < 1) return [];
				const at = (await tip()) - confirmations + 1;
				// A block may have come between the two answers.
				return [at, at + 1];
			} catch (error) {
				if (!(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
				isVerboseRefused = true;
			}
		for (const { script } of (await raws.of(txid)).outs)
			try {
				const found = (await historyOf(scriptHash(script))).find((one) => one.txid === txid);
				if (found !== undefined) return Number.isFinite(found.height) ? [found.height] : [];
			} catch (error) {
				if (!(error instanceof NodeError) || error.code !== "NODE_TOO_MUCH") throw error;
			}
		return undefined;
	}

	/** The branch of a transaction and the header that it leads to. A reorganisation between the two questions is asked about again. */
	async function includedAt(txid: Hash, at: number): Promise<{ branch: Branch; header: Uint8Array }> {
		for (let tried = 0; ; tried++) {
			const [branch, header] = await Promise.all([client.call(branchShape, "blockchain.transaction.get_merkle", txid, at), headerAt(at)]);
			if (leadsTo(header, txid, branch)) return { branch, header };
			if (tried > 0) throw lied(`transaction ${txid}: its Merkle branch does not lead to the header of block ${at}`);
		}
	}

	async function transaction(txid: Hash): Promise<ToldTransaction | undefined> {
		const places = await mayLieAt(txid);
		if (places === undefined)
			throw new NodeError("NODE_UNSUPPORTED", name, `does not tell in which block transaction ${txid} is`, { hint: ELSEWHERE });
		const raw = places.length === 0 ? undefined : await raws.of(txid);
		if (raw === undefined) return undefined;
		if (withoutWitness(raw).length === LIKE_TWO_HASHES) throw lied(`transaction ${txid} has 64 bytes, as two hashes of a tree have`);
		for (const [i, at] of places.entries())
			try {
				const { branch, header } = await includedAt(txid, at);
				const { time, hash } = headerFacts(header);
				return { record: decodeTransaction(raw, txid, at, branch.pos, scripts), time, blockHash: hash };
			} catch (error) {
				heights.delete(txid);
				if (!(error instanceof NodeError) || error.code !== "NODE_BAD_ANSWER" || i + 1 === places.length) throw error;
			}
		return undefined;
	}

	async function spenderOf({ txid, vout }: Outpoint): Promise<Hash | undefined> {
		const output = (await raws.of(txid)).outs[vout];
		if (output === undefined) throw new InputError(`transaction ${txid} has no output ${vout}`, { where: name });
		const script = scriptHash(output.script);
		const unspent = await client.call(unspentShape, "blockchain.scripthash.listunspent", script).catch(unlessNone);
		if (unspent?.some((one) => one.tx_hash === txid && one.tx_pos === vout)) return undefined;
		const history = await historyOf(script);
		const made = history.find((one) => one.txid === txid);
		if (made === undefined)
			throw new NodeError("NODE_BAD_ANSWER", name, `the history of an output's script leaves out transaction ${txid}`);
		const later = history.filter((one) => one.height >= made.height && one.txid !== txid);
		for (let i = 0; i < later.length; i += AT_ONCE) {
			throwIfAborted(signal);
			if (i >= MOST_READ)
				throw new NodeError("NODE_TOO_MUCH", name, `output ${txid}:${vout} is of an address with ${history.length} transactions`, {
					hint: "Use Esplora, which tells what spends an output.",
				});
			const part = later.slice(i, i + AT_ONCE);
			const read = await Promise.all(part.map(async (one) => ({ ...one, raw: await raws.of(one.txid) })));
			const spender = read.find(({ raw }) => raw.ins.some(({ hash, index }) => index === vout && hashText(hash) === txid));
			if (spender !== undefined) return spender.txid;
		}
		if (unspent === undefined) return undefined;
		throw new NodeError("NODE_BAD_ANSWER", name, `neither lists output ${txid}:${vout} as unspent nor tells what spends it`);
	}

	async function addressHistory(address: string): Promise<AddressHistory> {
		const through = await tip();
		const told = await historyOf(scriptHashOf(address, network));
		return { through, transactions: told.filter((one) => one.height <= through) };
	}

	async function proofOf(at: number, cited: ReadonlySet<Hash>): Promise<BitcoinBlockProof> {
		const header = await headerAt(at);
		const first = await client.call(firstShape, "blockchain.transaction.id_from_pos", at, 0, true);
		const proof = async (txid: Hash, { merkle, pos }: Branch): Promise<BitcoinTransactionProof> => {
			if (!leadsTo(header, txid, { merkle, pos })) throw lied(`transaction ${txid}: its Merkle branch does not lead to block ${at}`);
			return { txid, index: pos, raw: Buffer.from(withoutWitness(await raws.of(txid))).toString("hex"), branch: merkle as Hash[] };
		};
		const transactions: BitcoinTransactionProof[] = [];
		for (const txid of cited) {
			throwIfAborted(signal);
			transactions.push(await proof(txid, await client.call(branchShape, "blockchain.transaction.get_merkle", txid, at)));
		}
		return {
			schema: "clew.proof.bitcoin/1",
			chain: network.chain,
			height: at.toString(),
			hash: headerFacts(header).hash,
			header: Buffer.from(header).toString("hex"),
			coinbase: await proof(first.tx_hash as Hash, { merkle: first.merkle, pos: 0 }),
			transactions: transactions.sort((a, b) => a.index - b.index),
		};
	}

	return {
		name,
		async client() {
			const [software, protocol] = await client.version();
			return scrub(`${software}, Electrum protocol ${protocol}`, client.secrets).slice(0, 100);
		},
		tip,
		hashAt: async (at) => headerFacts(await headerAt(at)).hash,
		rawBlock: () => Promise.reject(noBlocks(name)),
		headerAt,
		proofOf,
		previousInBlock: async () => new Map(),
		async outputsOf(txid) {
			const raw = await raws.of(txid).catch(unlessNone);
			return raw?.outs.map(({ value, script }) => withoutData(scripts.output(value, script)));
		},
		transaction,
		spenderOf,
		addressHistory,
		requests: client.requests,
		close: client.close,
	};
}

/** What a server does not know or does not offer is no failure here. */
function unlessNone(error: unknown): undefined {
	if (error instanceof NodeError && ["NODE_BAD_ANSWER", "NODE_UNSUPPORTED", "NODE_TOO_MUCH"].includes(error.code)) return undefined;
	throw error;
}

function noBlocks(name: string): NodeError {
	return new NodeError("NODE_UNSUPPORTED", name, "an Electrum server tells transactions and headers, and no whole blocks", {
		hint: "clew follow and clew investigate do with it; clew ingest takes Bitcoin Core, btcd or Esplora.",
	});
}
