import { tronDigits } from "@clew/core";
import { computeAddress, SigningKey } from "ethers";
import { transactionsRoot } from "./check/check-block.js";
import { sha256 } from "./decode/block.js";
import { message } from "./decode/wire-writer.js";

export { message };

/** The 21 bytes of an address. */
export function addressBytes(address: string): Buffer {
	return Buffer.from(`41${tronDigits(address)}`, "hex");
}

/** A transaction of one contract; `ret` is its result message, SUCCESS where none is given. */
export function transaction(type: number, parameter: Buffer, ret: Buffer | undefined = message([3, 1]), salt = 0): Buffer {
	const contract = message([1, type], [2, message([1, "type.googleapis.com/protocol.X"], [2, parameter])]);
	return message([1, message([8, 1_700_000_000_000n], [11, contract], [14, salt])], [2, Buffer.alloc(65, 1)], [5, ret]);
}

/** The id of a made-up transaction. */
export function idOf(tx: Buffer): string {
	const length = tx.readUInt8(1);
	const start = length < 128 ? 2 : 3;
	const size = length < 128 ? length : (length & 127) | (tx.readUInt8(2) << 7);
	return sha256(tx.subarray(start, start + size)).toString("hex");
}

const KEY = new SigningKey(`0x${"11".repeat(32)}`);
const WITNESS = Buffer.from(`41${computeAddress(KEY.publicKey).slice(2)}`, "hex");

/** A block of these transactions with a right root and a signature. */
export function madeUpBlock(
	height: number,
	transactions: readonly Buffer[],
	witness = WITNESS,
	id?: Buffer,
	time = 1_700_000_001_000,
): Buffer {
	const parent = id ?? Buffer.alloc(32);
	if (id === undefined) parent.writeBigUInt64BE(BigInt(height - 1));
	const root = Buffer.from(transactionsRoot(transactions), "hex");
	const raw = message([1, time], [2, root], [3, parent], [7, height], [9, witness], [10, 32]);
	const { r, s, yParity } = KEY.sign(sha256(raw));
	const signature = Buffer.concat([Buffer.from(r.slice(2), "hex"), Buffer.from(s.slice(2), "hex"), Buffer.from([yParity])]);
	return message(...transactions.map((tx) => [1, tx] as const), [2, message([1, raw], [2, signature])]);
}
