import { InputError } from "@clew/core";

/** A field of a protobuf message: a varint, or bytes (of 32- and 64-bit fields theirs as they stand). */
interface Field {
	readonly number: number;
	readonly value: bigint | Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const WIRE_BITS = 3;
const MAX_VARINT_BYTES = 10;
/** Bytes of a varint whose value a double holds exactly. */
const EXACT_BYTES = 7;
const MAX_FIELD = 2 ** 29;
/** Far more fields than any message of the chain has: bytes that are made of nothing but tiny ones would take much memory. */
const MOST_FIELDS = 65_536;
const INT64_END = 1n << 63n;
const UINT64_END = 1n << 64n;

/**
 * One protobuf message of bytes that nobody vouches for (https://protobuf.dev/programming-guides/encoding). Fields are read once, nested
 * messages only when they are asked for, and every part is a view of the bytes it came in, so that hashes are of what was received. Every
 * method throws InputError for bytes that are no message, for a field that stands in another form, and for one that must stand once and
 * stands twice.
 */
export class Message {
	private readonly fields: readonly Field[];
	private readonly what: string;

	/** `what` names the message in errors. */
	constructor(bytes: Buffer, what: string) {
		this.what = what;
		this.fields = fieldsOf(bytes, what);
	}

	/** The values of a field of bytes that may stand several times, in order. */
	all(number: number): readonly Buffer[] {
		const found: Buffer[] = [];
		for (const field of this.fields) if (field.number === number) found.push(this.bytesOf(field));
		return found;
	}

	/** The bytes of a field that stands once; undefined where it does not stand. */
	bytes(number: number): Buffer | undefined {
		const field = this.only(number);
		return field === undefined ? undefined : this.bytesOf(field);
	}

	/** The message in a field that stands once; undefined where it does not stand. */
	message(number: number, what: string): Message | undefined {
		const bytes = this.bytes(number);
		return bytes === undefined ? undefined : new Message(bytes, what);
	}

	/** A signed number of 64 bits that cannot be negative; 0 where it does not stand. Throws InputError for 2^63 and above. */
	amount(number: number): bigint {
		const value = this.number(number) ?? 0n;
		if (value >= INT64_END) throw new InputError(`${this.what}: field ${number} is ${value - UINT64_END}, or above 2^63: no amount is`);
		return value;
	}

	/** A number as it stands, without sign; undefined where it does not stand. */
	number(number: number): bigint | undefined {
		const value = this.only(number)?.value;
		if (value === undefined || typeof value === "bigint") return value;
		throw new InputError(`${this.what}: field ${number} holds bytes in place of a number`);
	}

	/** True where a field stands, in any form. */
	has(number: number): boolean {
		return this.fields.some((field) => field.number === number);
	}

	/** Numbers of the fields that stand here and are none of these, each once. */
	others(known: ReadonlySet<number>): readonly number[] {
		return [...new Set(this.fields.map((field) => field.number).filter((number) => !known.has(number)))];
	}

	private only(number: number): Field | undefined {
		let found: Field | undefined;
		for (const field of this.fields) {
			if (field.number !== number) continue;
			if (found !== undefined) throw new InputError(`${this.what}: field ${number} stands twice`);
			found = field;
		}
		return found;
	}

	private bytesOf({ number, value }: Field): Buffer {
		if (typeof value !== "bigint") return value;
		throw new InputError(`${this.what}: field ${number} holds a number in place of bytes`);
	}
}

function fieldsOf(bytes: Buffer, what: string): Field[] {
	const fields: Field[] = [];
	const end = bytes.length;
	let at = 0;
	const cut = (): never => {
		throw new InputError(`${what}: its bytes are no message, or are cut off`);
	};
	const take = (length: number): Buffer => {
		if (length > end - at) cut();
		at += length;
		return bytes.subarray(at - length, at);
	};
	/** A varint; a number where it is short, since most are. */
	const varint = (): number | bigint => {
		let small = 0;
		let factor = 1;
		for (let i = 0; i < EXACT_BYTES; i++) {
			const byte = bytes[at++];
			if (byte === undefined) return cut();
			small += (byte & 0x7f) * factor;
			if (byte < 0x80) return small;
			factor *= 128;
		}
		let large = BigInt(small);
		for (let i = EXACT_BYTES; i < MAX_VARINT_BYTES; i++) {
			const byte = bytes[at++];
			if (byte === undefined) return cut();
			large |= BigInt(byte & 0x7f) << BigInt(7 * i);
			if (byte < 0x80) return large < UINT64_END ? large : cut();
		}
		return cut();
	};
	while (at < end) {
		if (fields.length >= MOST_FIELDS) throw new InputError(`${what} has more than ${MOST_FIELDS} fields`);
		const tag = Number(varint());
		const number = Math.floor(tag / (1 << WIRE_BITS));
		const wire = tag % (1 << WIRE_BITS);
		if (number === 0 || number >= MAX_FIELD) cut();
		if (wire === VARINT) fields.push({ number, value: BigInt(varint()) });
		else if (wire === LENGTH) fields.push({ number, value: take(Number(varint())) });
		else if (wire === FIXED64 || wire === FIXED32) fields.push({ number, value: take(wire === FIXED64 ? 8 : 4) });
		else cut();
	}
	return fields;
}
