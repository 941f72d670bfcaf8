import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { compareText, InputError, quote } from "@clew/core";
import { Zip, ZipDeflate } from "fflate";

/** Zips keep local times without a zone: the earliest that a zip can say, so that the same files give the same bytes. */
export const EPOCH = new Date(1980, 0, 1);
const LEVEL = 6;

/** Writes files of a folder as a zip, one after the other; paths in text order. The same files give the same bytes. */
export function writeZip(folder: string, paths: readonly string[], target: string): void {
	const out = openSync(target, "wx");
	try {
		zipOf(
			paths,
			(path) => readFileSync(join(folder, path)),
			(chunk) => writeSync(out, chunk),
		);
	} finally {
		closeSync(out);
	}
}

/** The same of files in memory. */
export function zipped(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
	const chunks: Uint8Array[] = [];
	zipOf(
		[...files.keys()],
		(path) => files.get(path) ?? new Uint8Array(0),
		(chunk) => chunks.push(chunk),
	);
	return Buffer.concat(chunks);
}

function zipOf(paths: readonly string[], read: (path: string) => Uint8Array, write: (chunk: Uint8Array) => void): void {
	let failure: Error | null = null;
	const zip = new Zip((error, chunk) => {
		failure ??= error;
		if (error === null) write(chunk);
	});
	for (const path of [...paths].sort(compareText)) {
		const entry = new ZipDeflate(path, { level: LEVEL });
		entry.mtime = EPOCH;
		zip.add(entry);
		entry.push(read(path), true);
	}
	zip.end();
	if (failure !== null) throw failure;
}

/** Recipients of one file: each costs whoever opens it a key agreement. */
export const MOST_RECIPIENTS = 64;

/**
 * Encrypts bytes to age recipients (age-encryption.org/v1). Every call gives other bytes, as it must. Throws InputError for a recipient
 * that is none, and for more than 64.
 */
export async function encryptTo(recipients: readonly string[], data: Uint8Array | string): Promise<Uint8Array> {
	if (recipients.length > MOST_RECIPIENTS)
		throw new InputError(`${recipients.length} recipients: at most ${MOST_RECIPIENTS} are read again`, { code: "USAGE" });
	const { Encrypter } = await import("age-encryption");
	const encrypter = new Encrypter();
	for (const recipient of recipients) {
		try {
			encrypter.addRecipient(recipient);
		} catch (cause) {
			throw new InputError(`${quote(recipient)} is no age recipient`, { code: "USAGE", cause, hint: "Recipients begin with age1." });
		}
	}
	return encrypter.encrypt(data as string);
}
