const VARINT_BITS = 7n;
const MORE = 128n;
const WIRE_LENGTH = 2n;

/** Writes a protobuf message of fields in order; a field may come several times. What is undefined is left out. */
export function message(
	...fields: readonly (readonly [number: number, held: bigint | number | Uint8Array | string | undefined])[]
): Buffer {
	const parts: Uint8Array[] = [];
	for (const [number, held] of fields) {
		if (held === undefined) continue;
		if (typeof held === "bigint" || typeof held === "number") parts.push(varint(BigInt(number) << 3n), varint(BigInt(held)));
		else {
			const bytes = typeof held === "string" ? Buffer.from(held, "utf8") : held;
			parts.push(varint((BigInt(number) << 3n) | WIRE_LENGTH), varint(BigInt(bytes.length)), bytes);
		}
	}
	return Buffer.concat(parts);
}

/** A number as a varint; a negative one as its two's complement of 64 bits. */
function varint(value: bigint): Buffer {
	const bytes: number[] = [];
	let rest = BigInt.asUintN(64, value);
	for (; rest >= MORE; rest >>= VARINT_BITS) bytes.push(Number((rest & (MORE - 1n)) | MORE));
	return Buffer.from([...bytes, Number(rest)]);
}
