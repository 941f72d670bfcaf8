import { fileURLToPath } from "node:url";
import { type BitcoinNetwork, bitcoinNetwork, type Hash, parseChainId } from "@clew/core";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { decodeBlock as decodeBitcoin, parseBlock } from "../../../chains/src/bitcoin/block.js";
import { blockFrames } from "../../../chains/src/bitcoin/block-file.js";
import { proveBitcoinBlock } from "../../../chains/src/bitcoin/proofs.js";
import { scriptReader } from "../../../chains/src/bitcoin/script.js";
import { decodeBlock } from "../../../chains/src/evm/decode.js";
import { proveBlock } from "../../../chains/src/evm/proofs.js";
import { orderedTrie } from "../../../chains/src/evm/trie.js";
import { realBlock } from "../../../chains/src/testing/real-block.js";
import type { BitcoinBranch, BitcoinProof, Edge, EvmProof } from "./bundle/formats.js";
import { concat, fromHex, reversed, toHex } from "./encoding/bytes.js";
import { encodeRlp, type Rlp } from "./encoding/rlp.js";
import { doubleHash, written } from "./proofs/headers.js";

/** Proofs of real blocks, and of small ones that are made up, for tests that spoil them. */

export const ETHEREUM = "eip155:1";
export const BITCOIN = "bip122:000000000019d6689c085ae165831e93";
export const EMPTY = new Uint8Array(0);

/** Readonly fields that a test may write. */
export type Loose<T> = T extends Uint8Array ? T : { -readonly [K in keyof T]: Loose<T[K]> };

/** A row with what a proof says of it. */
export interface ProvenRow {
	readonly edge: Edge;
	readonly log: number | undefined;
}

/** A row of a bundle that says no more than a test needs. */
export function rowOf(edge: Partial<Edge>): Edge {
	const rest = { from: "", to: "", asset: "", amount: "0", kind: "native", tainted: {}, time: "", txHash: "" };
	return { row: 1, position: "1.0.0", ...rest, provenance: "node", source: "node:s", tier: "structural", ...edge };
}

/** Why a proven row is: the log that shows it, or none. */
export function whyOf(log: number | undefined): { why: string; log?: number } {
	return log === undefined ? { why: "transaction and receipt" } : { why: `log ${log} of its receipt`, log };
}

/** Transactions of block 18,500,000 of Ethereum as `clew export --proofs` proves them, and every row that it calls proven of them. */
export function realEvm(indices: readonly number[]): { proof: Loose<EvmProof>; rows: ProvenRow[] } {
	const { block, receipts } = realBlock(18500000);
	const read = { block, receipts, calls: undefined, gaps: [], inRoots: block.transactions.length };
	const chain = parseChainId(ETHEREUM);
	const decoded = decodeBlock(chain, read);
	const cited = new Set(indices.map((i) => block.transactions[i]?.hash.toLowerCase() as Hash));
	const { proof, provable } = proveBlock("node", chain, read, decoded, cited);
	const time = new Date(Number(block.timestamp) * 1000).toISOString().replace(".000Z", "Z");
	const rows = decoded.transactions.flatMap(({ hash, txIndex, transfers }) =>
		transfers.flatMap((transfer) => {
			const { kind, from, to, asset, amount, eventIndex } = transfer;
			const one = provable
				.get(hash)
				?.find(
					(known) => known.kind === kind && known.from === from && known.to === to && known.amount === amount && known.asset === asset,
				);
			const position = `18500000.${txIndex}.${eventIndex}`;
			const edge = rowOf({ position, time, txHash: hash, from, to, asset, amount: amount.toString(), kind });
			return one === undefined ? [] : [{ edge, log: one.log }];
		}),
	);
	return { proof: structuredClone(proof) as unknown as Loose<EvmProof>, rows };
}

const FIELDS = { transactions: 4, receipts: 5, number: 8, time: 11 } as const;

/** What a made-up block of an EVM chain holds: `fields` replaces fields of its header by number, `length` cuts it. */
interface MadeEvm {
	readonly transactions?: readonly Uint8Array[];
	readonly receipts?: readonly Uint8Array[];
	readonly chain?: string;
	readonly fields?: Readonly<Record<number, Uint8Array>>;
	readonly length?: number;
}

/** A header whose fields are empty but for height 5 and time 16, and those that are given. */
export function evmHeaderOf(fields: Readonly<Record<number, Rlp>>, length = 16): { header: string; hash: string } {
	const all: Rlp[] = Array.from({ length }, (_, i) => fields[i] ?? new Uint8Array(i < 6 ? 32 : 0));
	all[FIELDS.number] ??= EMPTY;
	if (fields[FIELDS.number] === undefined) all[FIELDS.number] = Uint8Array.of(5);
	if (fields[FIELDS.time] === undefined && length > FIELDS.time) all[FIELDS.time] = Uint8Array.of(16);
	const bytes = encodeRlp(all);
	return { header: `0x${toHex(bytes)}`, hash: `0x${toHex(keccak_256(bytes))}` };
}

/** Proves every transaction of a made-up block. */
export function madeEvm(made: MadeEvm = {}): Loose<EvmProof> {
	const { transactions = [], receipts = transactions.map(() => receipt()), chain = ETHEREUM, fields = {}, length } = made;
	const [sent, told] = [orderedTrie(transactions), orderedTrie(receipts)];
	const roots = { [FIELDS.transactions]: fromHex(sent.root), [FIELDS.receipts]: fromHex(told.root) };
	const { header, hash } = evmHeaderOf({ ...roots, ...fields }, length);
	const nodes: string[] = [];
	const add = (path: readonly Uint8Array[]) => path.map((node) => nodes.push(`0x${toHex(node)}`) - 1);
	const proofs = transactions.map((raw, index) => ({
		hash: `0x${toHex(keccak_256(raw))}`,
		index,
		transaction: add(sent.prove(index)),
		receipt: add(told.prove(index)),
		before: index === 0 ? [] : add(told.prove(index - 1)),
	}));
	return { schema: "clew.proof.evm/1", chain, height: "5", hash, header, nodes, transactions: proofs };
}

/** A transaction of the first kind: 7 base units, 10 a unit of gas, signed by a key of the test. `rest` replaces fields by number. */
export function legacyTx(to: string, rest: Readonly<Record<number, Uint8Array>> = {}): { raw: Uint8Array; from: string } {
	const key = fromHex("11".repeat(32));
	const unsigned: Uint8Array[] = [Uint8Array.of(1), Uint8Array.of(10), Uint8Array.of(0x52, 0x08), fromHex(to), Uint8Array.of(7), EMPTY];
	const signature = secp256k1.sign(keccak_256(encodeRlp(unsigned)), key, { prehash: false, format: "recovered" });
	const [parity = 0] = signature;
	const fields = [...unsigned, Uint8Array.of(27 + parity), signature.subarray(1, 33), signature.subarray(33)];
	const raw = encodeRlp(fields.map((field, i) => rest[i] ?? field));
	return { raw, from: toHex(keccak_256(secp256k1.getPublicKey(key, false).subarray(1)).subarray(12)) };
}

/** A receipt with this outcome and these logs. */
export function receipt(outcome: Uint8Array = Uint8Array.of(1), logs: readonly Rlp[] = []): Uint8Array {
	return encodeRlp([outcome, Uint8Array.of(0x52, 0x08), new Uint8Array(256), logs]);
}

/** Real blocks of Bitcoin by height, with the rows of the transactions that are proven. */
export async function realBitcoin(path: string, heights: readonly number[], first: number): Promise<Loose<BitcoinProof>[]> {
	const network = bitcoinNetwork(parseChainId("bitcoin")) as BitcoinNetwork;
	const file = fileURLToPath(new URL(`../../../../fixtures/bitcoin/${path}`, import.meta.url));
	const proofs: Loose<BitcoinProof>[] = [];
	let height = first;
	for await (const { bytes } of blockFrames(file, network)) {
		if (heights.includes(height)) {
			const block = parseBlock(bytes, network, "fixture");
			const all = new Set(block.transactions.map(({ txid }) => txid));
			proofs.push(proveBitcoinBlock(network.chain, height, bytes, block, all) as unknown as Loose<BitcoinProof>);
		}
		height++;
	}
	return proofs;
}

/** Whom the outputs of a real transaction pay, by the library that decodes blocks for traces. */
export async function realPayees(path: string, height: number, first: number, txid: string): Promise<string[]> {
	const network = bitcoinNetwork(parseChainId("bitcoin")) as BitcoinNetwork;
	const file = fileURLToPath(new URL(`../../../../fixtures/bitcoin/${path}`, import.meta.url));
	let at = first;
	for await (const { bytes } of blockFrames(file, network)) {
		if (at++ !== height) continue;
		const block = decodeBitcoin(parseBlock(bytes, network, "fixture"), height, scriptReader(network));
		return block.transactions.find((tx) => tx.txid === txid)?.outputs.map(({ account }) => account as string) ?? [];
	}
	return [];
}

const EASY_BITS = 0x207fffff;

/** A transaction of Bitcoin without witnesses: inputs by outpoint (txid:vout) and script, outputs by value. */
export function bitcoinTx(inputs: readonly { from: string; script?: string }[], values: readonly number[]): Uint8Array {
	const u32 = (n: number) => Uint8Array.of(n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255);
	return concat(
		u32(1),
		Uint8Array.of(inputs.length),
		...inputs.flatMap(({ from, script = "51" }) => {
			const [txid = "", vout = "0"] = from.split(":");
			const bytes = fromHex(script);
			return [reversed(fromHex(txid)), u32(Number(vout)), Uint8Array.of(bytes.length), bytes, u32(0xffffffff)];
		}),
		Uint8Array.of(values.length),
		...values.flatMap((value) => [u32(value), u32(0), Uint8Array.of(2, 0x51, 0x51)]),
		u32(0),
	);
}

export const NO_OUTPOINT = `${"0".repeat(64)}:${0xffffffff}`;

/** Proves a made-up block of a coinbase and one transaction, which has the least work that a header can state. */
export function madeBitcoin(
	coinbase: Uint8Array,
	tx: Uint8Array,
	{ chain = BITCOIN, height = "5" }: { chain?: string; height?: string } = {},
): Loose<BitcoinProof> {
	const [first, second] = [doubleHash(coinbase), doubleHash(tx)];
	const header = new Uint8Array(80);
	const view = new DataView(header.buffer);
	view.setUint32(0, 1, true);
	header.set(doubleHash(concat(first, second)), 36);
	view.setUint32(72, EASY_BITS, true);
	for (let nonce = 0; (doubleHash(header)[31] ?? 0) > 0x7e; nonce++) view.setUint32(76, nonce, true);
	const branch = (raw: Uint8Array, index: number, sibling: Uint8Array): Loose<BitcoinBranch> => ({
		txid: written(doubleHash(raw)),
		index,
		raw: toHex(raw),
		branch: [written(sibling)],
	});
	return {
		schema: "clew.proof.bitcoin/1",
		chain,
		height,
		hash: written(doubleHash(header)),
		header: toHex(header),
		coinbase: branch(coinbase, 0, second),
		transactions: [branch(tx, 1, first)],
	};
}
