import { createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { BITCOIN_NETWORKS, type BitcoinNetwork, InputError } from "@clew/core";
import unbzip2 from "unbzip2-stream";
import { MAX_BLOCK_BYTES } from "./block.js";

/** A block's bytes and where they begin in the (unpacked) file. */
export interface BlockFrame {
	readonly bytes: Uint8Array;
	readonly offset: number;
}

/** Network magic and length, four bytes each, stand before every block. */
const FRAME_HEADER = 8;
const XOR_KEY_BYTES = 8;
const CHUNK_BYTES = 1 << 20;
const NO_KEY = Buffer.alloc(XOR_KEY_BYTES);

/**
 * The blocks of a file as Bitcoin Core and btcd write them (`blk00000.dat`): magic, length, block, again and again; unused space at the end
 * is zeros. bzip2 is unpacked while reading; a file that Core obfuscated is read with the key in the `xor.dat` beside it.
 * Memory is that of one block. Throws InputError with file:offset for wrong magic, another network, and a file that is cut off.
 */
export async function* blockFrames(path: string, network: BitcoinNetwork): AsyncGenerator<BlockFrame> {
	const key = await xorKey(path);
	let buffer: Buffer = Buffer.alloc(0);
	let offset = 0;
	let padding = false;
	for await (const chunk of unpacked(path)) {
		if (padding) {
			checkPadding(chunk, path, offset);
			continue;
		}
		buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
		for (;;) {
			if (buffer.length < FRAME_HEADER) break;
			if (isZero(buffer.subarray(0, FRAME_HEADER))) {
				padding = true;
				checkPadding(buffer, path, offset);
				buffer = Buffer.alloc(0);
				break;
			}
			const header = deobfuscate(buffer.subarray(0, FRAME_HEADER), key, offset);
			const length = frameLength(header, network, `${path}:${offset}`);
			if (buffer.length < FRAME_HEADER + length) break;
			yield { bytes: deobfuscate(buffer.subarray(FRAME_HEADER, FRAME_HEADER + length), key, offset + FRAME_HEADER), offset };
			buffer = buffer.subarray(FRAME_HEADER + length);
			offset += FRAME_HEADER + length;
		}
	}
	if (buffer.length > 0 && !isZero(buffer)) throw cutOff(path, offset, `${buffer.length} bytes of a block`);
}

/** True when a file is a block file of some network, plain, bzip2 or obfuscated. */
export async function isBlockFile(path: string): Promise<boolean> {
	const head = await firstBytes(path);
	if (head.subarray(0, 3).toString("latin1") === "BZh") return true;
	const magic = deobfuscate(head.subarray(0, 4), await xorKey(path), 0).toString("hex");
	return BITCOIN_NETWORKS.some((network) => network.magic === magic);
}

async function firstBytes(path: string): Promise<Buffer> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(FRAME_HEADER), 0, FRAME_HEADER, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await file.close();
	}
}

/** The unpacked bytes of a file, in chunks. */
async function* unpacked(path: string): AsyncGenerator<Buffer> {
	const packed = (await firstBytes(path)).subarray(0, 3).toString("latin1") === "BZh";
	const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
	let stream: Readable = file;
	if (packed) {
		const unpacker = file.pipe(unbzip2());
		stream = new Readable().wrap(unpacker as unknown as NodeJS.ReadableStream);
		file.on("error", (error) => stream.destroy(error));
	}
	try {
		for await (const chunk of stream) yield chunk as Buffer;
	} catch (cause) {
		throw new InputError(packed ? "cannot be unpacked; the file is damaged or cut off" : "cannot be read", {
			where: path,
			cause,
			hint: "Get the file again.",
		});
	} finally {
		file.destroy();
	}
}

/** Bitcoin Core's obfuscation key (since 28.0): eight bytes in `xor.dat`, all zero where it is off. */
async function xorKey(path: string): Promise<Buffer> {
	const key = await readFile(join(dirname(path), "xor.dat")).catch(() => NO_KEY);
	if (key.length !== XOR_KEY_BYTES)
		throw new InputError(`xor.dat beside it has ${key.length} bytes, not ${XOR_KEY_BYTES}`, {
			where: path,
			hint: "Copy xor.dat from the node again.",
		});
	return key;
}

function deobfuscate(bytes: Buffer, key: Buffer, offset: number): Buffer {
	if (key === NO_KEY || isZero(key)) return bytes;
	const plain = Buffer.from(bytes);
	for (let i = 0; i < plain.length; i++) plain[i] = (plain[i] as number) ^ (key[(offset + i) % XOR_KEY_BYTES] as number);
	return plain;
}

function frameLength(header: Buffer, network: BitcoinNetwork, where: string): number {
	const magic = header.subarray(0, 4).toString("hex");
	if (magic !== network.magic) {
		const other = BITCOIN_NETWORKS.find((n) => n.magic === magic);
		throw new InputError(
			other ? `these are blocks of ${other.name}; the case is about ${network.name}` : `no block begins here (magic ${magic})`,
			{
				where,
				hint: other
					? "Make a case for that network."
					: "The file is damaged, is no block file, or is obfuscated and xor.dat is not beside it.",
			},
		);
	}
	const length = header.readUInt32LE(4);
	if (length > MAX_BLOCK_BYTES) throw new InputError(`a block of ${length} bytes is above the limit of ${MAX_BLOCK_BYTES}`, { where });
	return length;
}

function checkPadding(bytes: Buffer, path: string, offset: number): void {
	if (!isZero(bytes))
		throw new InputError("there is data behind the empty space at the end", { where: `${path}:${offset}`, hint: "The file is damaged." });
}

function cutOff(path: string, offset: number, what: string): InputError {
	return new InputError(`the file is cut off: it ends with ${what}`, { where: `${path}:${offset}`, hint: "Get the file again." });
}

function isZero(bytes: Uint8Array): boolean {
	for (const byte of bytes) if (byte !== 0) return false;
	return true;
}
