import { createHash } from "node:crypto";
import {
	type BitcoinNetwork,
	ClewError,
	type Hash,
	InputError,
	type InputRecord,
	MAX_UTXO_HEIGHT,
	NodeError,
	type UtxoBlock,
	type UtxoRecord,
} from "@clew/core";
import { Block, Transaction } from "bitcoinjs-lib";
import type { ScriptReader } from "./script.js";
import { signatureScope } from "./signatures.js";

/** A block whose hash, Merkle root, witness commitment and proof of work were recomputed; its height is not known yet. */
export interface RawBlock {
	readonly hash: Hash;
	readonly parent: Hash;
	/** Unix seconds, as the miner wrote them. */
	readonly time: number;
	/** The height that the coinbase states (BIP 34), when it states one. */
	readonly statedHeight: number | undefined;
	readonly transactions: readonly { readonly txid: Hash; readonly raw: Transaction }[];
}

/** Length of a header. */
export const HEADER_BYTES = 80;
/** Heaviest block by consensus: 4 million weight units, at most as many bytes (BIP 141). */
export const MAX_BLOCK_BYTES = 4_000_000;
/** The witness commitment stands behind OP_RETURN, a push of 36 bytes and this marker (BIP 141). */
const COMMITMENT_HEADER = Buffer.from("6a24aa21a9ed", "hex");
const COINBASE_INDEX = 0xffffffff;
const BIP34_VERSION = 2;

/** Reverses bytes to the usual way of writing a hash. */
export function hashText(bytes: Uint8Array): Hash {
	return Buffer.from(bytes).reverse().toString("hex") as Hash;
}

/** SHA-256 of the SHA-256, over the parts one after the other. */
export function doubleSha256(...parts: Uint8Array[]): Buffer {
	const first = createHash("sha256");
	for (const part of parts) first.update(part);
	return createHash("sha256").update(first.digest()).digest();
}

/** Parses a block and recomputes all that it commits to. Throws InputError; `where` is `file:offset`, a height or a node. */
export function parseBlock(bytes: Uint8Array, network: BitcoinNetwork, where: string): RawBlock {
	const refuse = (what: string, cause?: unknown): never => {
		throw new InputError(`the block ${what}`, {
			where,
			cause,
			hint: "The data is damaged or was changed: get it again, from another source.",
		});
	};
	if (bytes.length < HEADER_BYTES || bytes.length > MAX_BLOCK_BYTES) refuse(`has ${bytes.length} bytes`);
	const hash = doubleSha256(bytes.subarray(0, HEADER_BYTES));
	checkWork(hash, bytes, network, refuse);
	let block: Block;
	try {
		block = Block.fromBuffer(bytes);
		if (block.byteLength() !== bytes.length) refuse("has bytes left over");
	} catch (error) {
		if (error instanceof ClewError) throw error;
		return refuse(`cannot be parsed (${(error as Error).message.slice(0, 80)})`, error);
	}
	const transactions = (block.transactions ?? []).map((raw) => ({ raw, id: raw.getHash(false) }));
	const [first, ...rest] = transactions.map(({ raw }) => isCoinbase(raw));
	if (!first || rest.includes(true)) refuse("does not begin with its only coinbase");
	const root = merkleRoot(transactions.map(({ id }) => id));
	if (root.duplicated) refuse("repeats transactions so that its Merkle root stays the same (CVE-2012-2459)");
	if (!root.root.equals(block.merkleRoot ?? Buffer.alloc(0))) refuse("has a wrong Merkle root");
	checkWitness(block, refuse);
	return {
		hash: hashText(hash),
		parent: hashText(block.prevHash ?? new Uint8Array(32)),
		time: block.timestamp,
		statedHeight: block.version >= BIP34_VERSION ? statedHeight(transactions[0]?.raw) : undefined,
		transactions: transactions.map(({ raw, id }) => ({ raw, txid: hashText(id) })),
	};
}

/** Checks the proof of work of a header of 80 bytes against its own target and the network's easiest. Throws InputError. */
export function checkHeader(header: Uint8Array, network: BitcoinNetwork, where: string): void {
	const refuse = (what: string): never => {
		throw new InputError(`the header ${what}`, { where });
	};
	if (header.length !== HEADER_BYTES) refuse(`has ${header.length} bytes`);
	checkWork(doubleSha256(header), header, network, refuse);
}

/** Hash, parent and time (Unix seconds) of a header of 80 bytes. */
export function headerFacts(header: Uint8Array): Pick<RawBlock, "hash" | "parent" | "time"> {
	const bytes = Buffer.from(header);
	return { hash: hashText(doubleSha256(bytes)), parent: hashText(bytes.subarray(4, 36)), time: bytes.readUInt32LE(68) };
}

/** What work on a node's answer gives; an answer that is not what it must be is a lie of that node. Throws NodeError (NODE_LIED). */
export function orLied<T>(node: string, hint: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new NodeError("NODE_LIED", node, error.message, { cause: error, hint });
	}
}

type Refuse = (what: string) => never;

/** The hash must be at most the target in `bits`, and that at most the network's easiest. */
function checkWork(hash: Uint8Array, header: Uint8Array, network: BitcoinNetwork, refuse: Refuse): void {
	const bits = Buffer.from(header.buffer, header.byteOffset, HEADER_BYTES).readUInt32LE(72);
	const target = targetOf(bits);
	if (target === 0n || target > targetOf(network.easiestBits)) refuse(`claims a target that ${network.name} does not allow`);
	if (BigInt(`0x${hashText(hash)}`) > target) refuse("has no proof of work: its hash is above its target");
}

/** The target in compact form: a mantissa of 23 bits, shifted by bytes; negative and overflowing ones are 0. */
function targetOf(bits: number): bigint {
	const exponent = bits >>> 24;
	const mantissa = BigInt(bits & 0x007fffff);
	if ((bits & 0x00800000) !== 0 || exponent > 34) return 0n;
	return exponent <= 3 ? mantissa >> BigInt(8 * (3 - exponent)) : mantissa << BigInt(8 * (exponent - 3));
}

/**
 * The Merkle root of a block, and whether two neighbours on some level are equal: since an odd level repeats its last node, such a list
 * can have the root of a shorter, honest one (CVE-2012-2459).
 */
export function merkleRoot(leaves: readonly Uint8Array[]): { root: Buffer; duplicated: boolean } {
	const levels = merkleLevels(leaves);
	const duplicated = levels.some((level) => level.some((node, i) => i % 2 === 1 && node.equals(level[i - 1] as Buffer)));
	return { root: levels[levels.length - 1]?.[0] ?? Buffer.alloc(32), duplicated };
}

/** All levels of a block's Merkle tree, leaves first; an odd level's last node counts twice. */
export function merkleLevels(leaves: readonly Uint8Array[]): Buffer[][] {
	let level: Buffer[] = leaves.map((leaf) => Buffer.from(leaf));
	const levels = [level];
	while (level.length > 1) {
		const next: Buffer[] = [];
		for (let i = 0; i < level.length; i += 2) next.push(doubleSha256(level[i] as Buffer, level[i + 1] ?? (level[i] as Buffer)));
		levels.push(next);
		level = next;
	}
	return levels;
}

/** The commitment to witnesses (BIP 141): the last matching output of the coinbase; without one, no transaction may have a witness. */
function checkWitness(block: Block, refuse: Refuse): void {
	const [coinbase, ...others] = block.transactions ?? [];
	const commitments = (coinbase?.outs ?? []).filter(
		({ script }) => script.length >= 38 && COMMITMENT_HEADER.equals(script.subarray(0, COMMITMENT_HEADER.length)),
	);
	const commitment = commitments[commitments.length - 1];
	if (commitment === undefined) {
		if (block.transactions?.some((tx) => tx.hasWitnesses())) refuse("has witnesses that nothing commits to");
		return;
	}
	const reserved = coinbase?.ins[0]?.witness[0];
	if (reserved === undefined || reserved.length !== 32) {
		// A miner without segwit may carry the bytes of a commitment by chance; then there is nothing to commit to.
		if (others.some((tx) => tx.hasWitnesses())) refuse("has no reserved value for its witness commitment");
		return;
	}
	const { root } = merkleRoot([Buffer.alloc(32), ...others.map((tx) => tx.getHash(true))]);
	if (!doubleSha256(root, reserved).equals(commitment.script.subarray(6, 38))) refuse("has a wrong witness commitment");
}

/** The height in a coinbase: one push at the front of its script, little-endian (BIP 34). */
function statedHeight(coinbase: Transaction | undefined): number | undefined {
	const script = coinbase?.ins[0]?.script ?? new Uint8Array(0);
	const op = script[0] ?? 0;
	if (op >= 0x51 && op <= 0x60) return op - 0x50;
	if (op < 1 || op > 4 || script.length <= op) return undefined;
	let height = 0;
	for (let i = op; i >= 1; i--) height = height * 256 + (script[i] as number);
	return height <= MAX_UTXO_HEIGHT ? height : undefined;
}

function isCoinbase(tx: Transaction): boolean {
	return tx.ins.length === 1 && tx.ins[0]?.index === COINBASE_INDEX && Transaction.isCoinbaseHash(tx.ins[0].hash);
}

/** One transaction's money: where it comes from and where it goes. */
export function decodeTransaction(
	raw: Transaction,
	txid: Hash,
	height: number,
	txIndex: number | undefined,
	scripts: ScriptReader,
): UtxoRecord {
	const coinbase = isCoinbase(raw);
	return {
		txid,
		height,
		...(txIndex === undefined ? {} : { txIndex }),
		version: raw.version,
		locktime: raw.locktime,
		coinbase,
		inputs: coinbase
			? []
			: raw.ins.map((input): InputRecord => {
					const signed = signatureScope(input);
					const outpoint = { txid: hashText(input.hash), vout: input.index };
					return { outpoint, sequence: input.sequence, ...(signed === undefined ? {} : { signed }) };
				}),
		outputs: raw.outs.map((output) => scripts.output(output.value, output.script)),
	};
}

/** A parsed block at its height. */
export function decodeBlock(block: RawBlock, height: number, scripts: ScriptReader): UtxoBlock {
	return {
		header: { height, hash: block.hash, parent: block.parent, time: block.time },
		transactions: block.transactions.map(({ raw, txid }, i) => decodeTransaction(raw, txid, height, i, scripts)),
	};
}
