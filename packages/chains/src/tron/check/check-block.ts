import { InputError } from "@clew/core";
import { recoverAddress } from "ethers";
import { sha256, type TronBlock, type TronHeader } from "../decode/block.js";

const HEIGHT_BYTES = 8;
const SIGNATURE_BYTES = 65;
const PART_BYTES = 32;
/** Some signers write the recovery bit behind an offset, as Bitcoin and Ethereum had it. */
const RECOVERY_OFFSET = 27;
const VERSION_DIGITS = "41";

/** What was recomputed of a block. */
export interface CheckedBlock {
	/** 64 hex digits; its first 16 are the height. */
	readonly id: string;
	/** Who signed it, 42 hex digits. A witness may have another key sign for it, which is then this one's. */
	readonly signer: string;
	/** Why the root over its transactions does not come out; undefined where it does. */
	readonly unrooted: string | undefined;
}

/** The id of a block: SHA-256 of its raw header, whose first eight bytes give way to the height. */
export function blockId({ raw, height }: Pick<TronHeader, "raw" | "height">): string {
	const id = sha256(raw);
	id.writeBigUInt64BE(BigInt(height), 0);
	return id.toString("hex");
}

/**
 * The root of a tree over whole transactions, results included: SHA-256 of each, then of pairs; an odd one is carried up as it is. Of none
 * it is 32 zero bytes.
 */
export function transactionsRoot(transactions: readonly Uint8Array[]): string {
	return (treeOf(transactions).at(-1)?.[0] ?? Buffer.alloc(PART_BYTES)).toString("hex");
}

/** The levels of that tree, from the leaves up to the root. */
export function treeOf(transactions: readonly Uint8Array[]): readonly (readonly Buffer[])[] {
	const levels = [transactions.map((bytes) => sha256(bytes))];
	for (let level = levels[0] as Buffer[]; level.length > 1; levels.push(level)) level = parentsOf(level);
	return levels;
}

function parentsOf(level: readonly Buffer[]): Buffer[] {
	const parents: Buffer[] = [];
	for (let i = 0; i < level.length; i += 2) {
		const [left, right] = [level[i] as Buffer, level[i + 1]];
		parents.push(right === undefined ? left : sha256(left, right));
	}
	return parents;
}

/** The hashes beside the way from a transaction up to the root, from the leaf on; a level on which it is carried up has none. */
export function branchOf(tree: ReturnType<typeof treeOf>, index: number): readonly string[] {
	return tree.flatMap((level, depth) => {
		const at = Math.floor(index / 2 ** depth);
		return level[at % 2 === 0 ? at + 1 : at - 1]?.toString("hex") ?? [];
	});
}

/** Who signed a header, 42 hex digits; undefined where its signature is none. */
export function signerOf({ raw, signature }: Pick<TronHeader, "raw" | "signature">): string | undefined {
	if (signature.length !== SIGNATURE_BYTES) return undefined;
	const part = (at: number) => `0x${signature.subarray(at, at + PART_BYTES).toString("hex")}`;
	const last = signature[SIGNATURE_BYTES - 1] as number;
	const bit = last >= RECOVERY_OFFSET ? last - RECOVERY_OFFSET : last;
	if (bit > 1) return undefined;
	try {
		const address = recoverAddress(`0x${sha256(raw).toString("hex")}`, { r: part(0), s: part(PART_BYTES), yParity: bit as 0 | 1 });
		return `${VERSION_DIGITS}${address.slice(2).toLowerCase()}`;
	} catch {
		return undefined;
	}
}

/**
 * Recomputes a block from its own bytes: the id of every transaction, the root over all of them, the block's id with its height, and who
 * signed it. Throws InputError that says what does not fit; a block that nobody signed, and one at another height than asked for, too.
 * `unread` says what a node's JSON told of the block that its bytes lack: then a root that does not come out contradicts nobody.
 */
export function checkTronBlock(block: TronBlock, asked?: number, unread?: string): CheckedBlock {
	const { header, transactions, statedId } = block;
	const { height } = header;
	if (asked !== undefined && asked !== height) throw new InputError(`this is block ${height}, not block ${asked}`);
	const wrong = (what: string): never => {
		throw new InputError(`block ${height}: ${what}`, { hint: "The block was changed or is not whole: get it again, from another source." });
	};
	const seen = new Set<string>();
	for (const [i, { id, statedId: stated }] of transactions.entries()) {
		if (stated !== undefined && stated !== id) wrong(`the id of transaction ${i} is ${stated}, and its bytes give ${id}`);
		if (seen.has(id)) wrong(`transaction ${id} stands in it twice`);
		seen.add(id);
	}
	const root = transactionsRoot(transactions.map(({ bytes }) => bytes));
	const isRooted = root === header.txTrieRoot;
	if (!isRooted && unread === undefined) wrong(`the root of its transactions is ${header.txTrieRoot}, and they give ${root}`);
	const id = blockId(header);
	if (statedId !== undefined && statedId !== id) wrong(`its id is ${statedId}, and its header gives ${id}`);
	if (BigInt(`0x${header.parent.slice(0, 2 * HEIGHT_BYTES)}`) !== BigInt(height) - 1n && height > 0)
		wrong("its parent's id is not that of a block one below it: this is no block of Tron");
	const signer = signerOf(header);
	if (signer === undefined) return wrong("it bears no signature of a witness");
	return { id, signer, unrooted: isRooted ? undefined : unread };
}
