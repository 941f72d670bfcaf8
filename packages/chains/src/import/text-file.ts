import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { createGunzip } from "node:zlib";
import { ClewError, InputError } from "@clew/core";

const BLOCK_BYTES = 1 << 18;
const GZIP_MAGIC = 0x1f8b;
/** Text that is read whole, such as JSON, is at most this long, unpacked. */
const MAX_WHOLE_CHARS = 256 << 20;

/**
 * The text of a file, a piece at a time: gzip is unpacked, the encoding is UTF-8, or what a byte order mark says (UTF-8, UTF-16). The mark
 * is taken off, and every line ends with one line feed. The file is closed when the reading ends, however it ends. Throws InputError for
 * other encodings.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
	let handle: FileHandle | undefined;
	let input: Readable | undefined;
	let unpacked: Readable | undefined;
	try {
		handle = await open(path);
		const packed = await isGzip(handle);
		input = handle.createReadStream({ start: 0, highWaterMark: BLOCK_BYTES, autoClose: false });
		const unpacker = packed ? createGunzip({ chunkSize: BLOCK_BYTES }) : undefined;
		if (unpacker !== undefined) input.on("error", (error) => unpacker.destroy(error)).pipe(unpacker);
		unpacked = unpacker ?? input;
		yield* decoded(unpacked as AsyncIterable<Buffer>, path);
	} catch (cause) {
		if (cause instanceof ClewError) throw cause;
		const damaged = cause instanceof Error && "code" in cause && String(cause.code).startsWith("Z_");
		throw new InputError(damaged ? "cannot be unpacked; the file is damaged or cut off" : "cannot be read", { where: path, cause });
	} finally {
		unpacked?.destroy();
		input?.destroy();
		await handle?.close();
	}
}

/** A whole file as {@link textOf} reads it. Throws InputError, also for a file that is too long to be read whole. */
export async function wholeText(path: string): Promise<string> {
	const pieces: string[] = [];
	let length = 0;
	for await (const piece of textOf(path)) {
		length += piece.length;
		if (length > MAX_WHOLE_CHARS) {
			throw new InputError(`JSON above ${MAX_WHOLE_CHARS >> 20} MiB is not read`, { where: path, hint: "Export as CSV, or in pages." });
		}
		pieces.push(piece);
	}
	return pieces.join("");
}

/** True when the first thing in a file's text is a JSON list or object. */
export async function looksLikeJson(path: string): Promise<boolean> {
	for await (const piece of textOf(path)) {
		const first = piece.trimStart()[0];
		if (first !== undefined) return first === "[" || first === "{";
	}
	return false;
}

async function isGzip(handle: FileHandle): Promise<boolean> {
	const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
	return bytesRead === 2 && buffer.readUInt16BE() === GZIP_MAGIC;
}

async function* decoded(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<string> {
	let decoder: TextDecoder | undefined;
	let held: Buffer = Buffer.alloc(0);
	let carriageReturn = "";
	const text = (bytes: Buffer, last: boolean): string => {
		decoder ??= decoderFor(bytes, path);
		const raw = carriageReturn + decode(decoder, bytes, last, path);
		carriageReturn = !last && raw.endsWith("\r") ? "\r" : "";
		return (carriageReturn ? raw.slice(0, -1) : raw).replace(/\r\n?/g, "\n");
	};
	for await (const chunk of chunks) {
		held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
		// The mark has up to four bytes.
		if (decoder === undefined && held.length < 4) continue;
		const piece = text(held, false);
		held = Buffer.alloc(0);
		if (piece !== "") yield piece;
	}
	const piece = text(held, true);
	if (piece !== "") yield piece;
}

function decode(decoder: TextDecoder, bytes: Buffer, last: boolean, path: string): string {
	let text: string;
	try {
		text = decoder.decode(bytes, { stream: !last });
	} catch (cause) {
		throw encodingError(path, `is no ${decoder.encoding.toUpperCase()} text`, cause);
	}
	if (text.includes("\0")) throw encodingError(path, "holds zero bytes: it is no text, or UTF-16 without a byte order mark");
	return text;
}

function decoderFor(head: Buffer, path: string): TextDecoder {
	if (head.length >= 4 && head.readUInt32BE() === 0xfffe0000) throw encodingError(path, "is UTF-32");
	const mark = head.length < 2 ? 0 : head.readUInt16BE();
	const encoding = mark === 0xfffe ? "utf-16le" : mark === 0xfeff ? "utf-16be" : "utf-8";
	return new TextDecoder(encoding, { fatal: true });
}

function encodingError(path: string, what: string, cause?: unknown): InputError {
	return new InputError(what, { where: path, hint: "Save it again as UTF-8.", ...(cause === undefined ? {} : { cause }) });
}
