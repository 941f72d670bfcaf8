import { RLP } from "@ethereumjs/rlp";
import { getBytes } from "ethers";

/** What RLP encodes: bytes, or a list. */
export type Item = Uint8Array | Item[];

export const EMPTY = new Uint8Array(0);

/** A number as RLP has it: big-endian without leading zeros. */
export function integer(quantity: unknown): Uint8Array {
	const digits = String(quantity ?? "0x0").replace(/^0x0*/, "");
	return digits === "" ? EMPTY : getBytes(`0x${digits.length % 2 ? "0" : ""}${digits}`);
}

/** Bytes; none for what is left out. Throws TypeError for what is no hex. */
export function data(hex: unknown): Uint8Array {
	return hex === null || hex === undefined ? EMPTY : getBytes(String(hex));
}

/** An access list (EIP-2930). */
export function accessList(list: unknown): Item[] {
	return (Array.isArray(list) ? list : []).map((entry: { address: string; storageKeys: string[] }) => [
		data(entry.address),
		entry.storageKeys.map(data),
	]);
}

/** Fields behind the byte of their type (EIP-2718). */
export function typed(type: number, fields: Item[]): Uint8Array {
	const body = RLP.encode(fields);
	const out = new Uint8Array(body.length + 1);
	out[0] = type;
	out.set(body, 1);
	return out;
}
