import { Refusal } from "../failure.js";

/** The fields of a protobuf message by number, each value a varint or bytes. */
export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** Far more than any message of the chain has. */
const MOST_FIELDS = 65_536;

/** Reads one message; nested ones stay bytes. Throws Error for bytes that are no message. */
export function fieldsOf(bytes: Uint8Array): Fields {
	const fields = new Map<number, (bigint | Uint8Array)[]>();
	let [at, count] = [0, 0];
	const varint = (): bigint => {
		let value = 0n;
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[at++];
			if (byte === undefined) break;
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80 && value < 1n << 64n) return value;
		}
		throw new Refusal("its bytes are no message of protobuf, or are cut off");
	};
	const take = (length: bigint): Uint8Array => {
		if (length > BigInt(bytes.length - at)) throw new Refusal("its bytes are no message of protobuf, or are cut off");
		at += Number(length);
		return bytes.subarray(at - Number(length), at);
	};
	while (at < bytes.length) {
		if (++count > MOST_FIELDS) throw new Refusal(`a message has more than ${MOST_FIELDS} fields`);
		const tag = varint();
		const wire = Number(tag & 7n);
		if (![0, 1, 2, 5].includes(wire) || tag >> 3n === 0n) throw new Refusal("its bytes are no message of protobuf");
		const value = wire === 0 ? varint() : take(wire === 2 ? varint() : wire === 1 ? 8n : 4n);
		const number = Number(tag >> 3n);
		const known = fields.get(number);
		if (known === undefined) fields.set(number, [value]);
		else known.push(value);
	}
	return fields;
}

function only(fields: Fields, number: number): bigint | Uint8Array | undefined {
	const values = fields.get(number) ?? [];
	if (values.length > 1) throw new Refusal(`field ${number} of a message stands twice`);
	return values[0];
}

/** A number that stands once, 0 where it does not stand. Throws Error for 2^63 and above: no amount is. */
export function numberOf(fields: Fields, number: number): bigint {
	const value = only(fields, number) ?? 0n;
	if (typeof value !== "bigint") throw new Refusal(`field ${number} of a message is no number`);
	if (value >= 1n << 63n) throw new Refusal(`field ${number} of a message is above 2^63, or negative`);
	return value;
}

/** Bytes that stand once, none where they do not stand. */
export function bytesAt(fields: Fields, number: number): Uint8Array {
	const value = only(fields, number) ?? new Uint8Array(0);
	if (typeof value === "bigint") throw new Refusal(`field ${number} of a message is no bytes`);
	return value;
}

/** All values of a field of bytes. */
export function allBytes(fields: Fields, number: number): readonly Uint8Array[] {
	return (fields.get(number) ?? []).map((value) => {
		if (typeof value === "bigint") throw new Refusal(`field ${number} of a message is no bytes`);
		return value;
	});
}
