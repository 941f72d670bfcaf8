import { sha256 } from "@noble/hashes/sha2.js";
import { fromHex, toHex } from "../encoding/bytes.js";
import { Refusal } from "../failure.js";
import { bytesAt, fieldsOf, numberOf } from "./wire.js";

/** A header of Tron, as its own bytes show it. */
export interface TronHeader {
	/** Block id: SHA-256 of the bytes, whose first eight give way to the height. */
	readonly hash: string;
	readonly parent: string;
	readonly height: number;
	/** Unix seconds. */
	readonly time: number;
	/** Root over the block's transactions, hex; zeros where there are none. */
	readonly root: string;
}

/** Fields of `BlockHeader.raw`. */
const FIELD = { time: 1, root: 2, parent: 3, height: 7 } as const;
const HASH_BYTES = 32;

/** Reads the raw data of a header, hex. Throws Error. */
export function tronHeader(hex: string): TronHeader {
	return headerOfBytes(fromHex(hex));
}

/** The header of a whole block, or of a node's answer of one, hex. Throws Error. */
export function headerOfBlock(hex: string): TronHeader {
	return headerOfBytes(bytesAt(fieldsOf(bytesAt(fieldsOf(fromHex(hex)), 2)), 1));
}

function headerOfBytes(bytes: Uint8Array): TronHeader {
	const fields = fieldsOf(bytes);
	const [told, parent] = [bytesAt(fields, FIELD.root), bytesAt(fields, FIELD.parent)];
	// A block without transactions may leave its root out.
	const root = told.length === 0 ? new Uint8Array(HASH_BYTES) : told;
	if (root.length !== HASH_BYTES || parent.length !== HASH_BYTES) throw new Refusal("the header lacks its root or its parent");
	const height = numberOf(fields, FIELD.height);
	const id = sha256(bytes);
	new DataView(id.buffer, id.byteOffset).setBigUint64(0, height);
	if (height > 0n && new DataView(parent.buffer, parent.byteOffset).getBigUint64(0) !== height - 1n)
		throw new Refusal(`block ${height} names a parent that is not one below it`);
	return {
		hash: toHex(id),
		parent: toHex(parent),
		height: Number(height),
		time: Number(numberOf(fields, FIELD.time) / 1000n),
		root: toHex(root),
	};
}
